"""ILO: Drupal. An index of numbered sitemaps, pages in three languages, files of two generations, and a soft 404."""

from __future__ import annotations

from html import escape

from tests.publisher.houses.house import House, Kept, robots
from tests.publisher.houses.wordpress import sitemap, sitemap_index
from tests.publisher.world import Answer, Asked, pdf

_SITE = "http://www.ilo.org"
_NEW = f"{_SITE}/sites/default/files/2024-09/Informal-Report_EN_WEB.pdf"
_OLD = f"{_SITE}/sites/default/files/wcmsp5/groups/public/@dgreports/@dcomm/documents/publication/wcms_900061.pdf"
_SPANISH = f"{_SITE}/sites/default/files/2024-09/Informe_ES_WEB.pdf"


def _page(title: str, *, lang: str, date: str, file: str, other: tuple[str, str] = ("", "")) -> Answer:
    alternate = f'<link rel="alternate" hreflang="{other[0]}" href="{_SITE}{other[1]}" />' if other[0] else ""
    link = (
        f'<a href="{file.removeprefix(_SITE)}" type="application/pdf">{"Download" if lang == "en" else "Descargar"}</a>'
    )
    return Answer(
        f'<!DOCTYPE html><html lang="{lang}" dir="ltr"><head><title>{escape(title)} | International Labour Organization</title>'
        f'<meta name="Generator" content="Drupal 10 (https://www.drupal.org)" />{alternate}'
        f'<meta property="og:title" content="{escape(title)}" /></head><body><main><h1>{escape(title)}</h1>'
        f'<time datetime="{date}">{date}</time><p>{link}</p></main></body></html>'
    )


_PAGES = {
    "/publications/informal-work-after-2020": _page(
        "Informal work after 2020",
        lang="en",
        date="2024-09-12",
        file=_NEW,
        other=("es", "/es/publications/trabajo-informal-despues-de-2020"),
    ),
    "/es/publications/trabajo-informal-despues-de-2020": _page(
        "Trabajo informal después de 2020",
        lang="es",
        date="2024-09-12",
        file=_SPANISH,
        other=("en", "/publications/informal-work-after-2020"),
    ),
    "/publications/women-and-men-at-markets": _page(
        "Women and men at markets", lang="en", date="2018-04-30", file=_OLD
    ),
    "/publications/gone": Answer("<!doctype html><title>Page not found</title><main><h1>Page not found</h1></main>"),
}


def _site(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return robots("User-agent: *\nDisallow: /core/\nDisallow: /admin/\nDisallow: /search/\n")
    if asked.path == "/sitemap.xml" and "page" not in asked.query:
        return sitemap_index(f"{_SITE}/sitemap.xml?page=1", f"{_SITE}/sitemap.xml?page=2")
    if asked.target == "/sitemap.xml?page=1":
        return sitemap((f"{_SITE}/resource/news/new-standard", "2026-06-12T00:00:00Z"), (f"{_SITE}/about-ilo", ""))
    if asked.target == "/sitemap.xml?page=2":
        return sitemap(*((f"{_SITE}{path}", "2024-09-12T10:00Z") for path in _PAGES if not path.startswith("/es/")))
    return pdf(asked.path) if asked.path.startswith("/sites/default/files/") else _PAGES.get(asked.path)


HOUSE = House(
    slug="ilo",
    sites={"www.ilo.org": _site},
    kept={
        _NEW: Kept(title="Informal work after 2020", published="2024-09-12", lang="en"),
        _SPANISH: Kept(title="Trabajo informal después de 2020", published="2024-09-12", lang="es"),
        _OLD: Kept(title="Women and men at markets", published="2018-04-30", lang="en"),
    },
    skipped={"address denied": 2, "no PDF, and too little text": 1},
    evidence=(
        "sitemap.xml as an index of ?page=N (90 of them), lastmod: public collector with tests, 2026"
        " (files 63446241883, 63303251206)",
        "/sites/default/files/YYYY-MM/ and /wcmsp5/groups/public/@.../wcms_N.pdf: public citations of 2026"
        " (files 71238318236, 61384966898, 55938084908, 70408560130)",
        "/publications/NAME and /es/: tests/crawler/test_declared_publishers.py cites them;"
        " head of a page: Drupal core and metatag",
        "not seen: robots.txt, the head of a page of publication",
    ),
)

"""StreetNet: the feed of a WordPress site, ten entries a page, and pages of publications behind them."""

from __future__ import annotations

from tests.publisher.houses.house import House, Kept
from tests.publisher.houses.wordpress import entry, page, robots_naming, rss
from tests.publisher.world import Answer, Asked, pdf

_SITE = "http://streetnet.org.za"
_CHARTER = f"{_SITE}/wp-content/uploads/2022/03/charter.pdf"
_TEXT = "<p>" + "Market traders from eleven cities met to compare how licences are given and taken away. " * 12 + "</p>"
_PAGES = {
    "/2022/03/01/charter/": page(
        "A Charter for Market Traders",
        site="StreetNet International",
        lang="en-US",
        published="2022-03-01T08:00:00+00:00",
        body=f'<p><a href="{_CHARTER}">Read the charter</a></p>',
    ),
    "/es/2021/05/01/licencias/": page(
        "Licencias en once ciudades",
        site="StreetNet International",
        lang="es-ES",
        published="2021-05-01T08:00:00+00:00",
        body=_TEXT,
    ),
    "/2020/01/01/photo/": page(
        "Photo", site="StreetNet International", lang="en-US", published="2020-01-01", body="<p>A photo</p>"
    ),
}
_ENTRIES = (
    entry(
        "A Charter for Market Traders",
        f"{_SITE}/2022/03/01/charter/",
        date="Tue, 01 Mar 2022 08:00:00 +0000",
        category="Publications",
        content="<p>Our charter</p>",
    ),
    entry(
        "Congress",
        f"{_SITE}/2022/02/01/congress/",
        date="Tue, 01 Feb 2022 08:00:00 +0000",
        category="Events",
        content="<p>Come</p>",
    ),
    entry(
        "Licencias en once ciudades",
        f"{_SITE}/es/2021/05/01/licencias/",
        date="Sat, 01 May 2021 08:00:00 +0000",
        category="News",
        content=_TEXT,
    ),
    entry(
        "Photo",
        f"{_SITE}/2020/01/01/photo/",
        date="Wed, 01 Jan 2020 08:00:00 +0000",
        category="News",
        content="<p>A photo</p>",
    ),
)


def _site(asked: Asked) -> Answer | None:
    if asked.path == "/robots.txt":
        return robots_naming(f"{_SITE}/wp-sitemap.xml")
    if asked.path == "/feed/":
        number = int(asked.query.get("paged", "1"))
        shown = _ENTRIES[(number - 1) * 2 : number * 2]
        return (
            rss("StreetNet International", shown) if shown else Answer("<!doctype html><title>404</title>", status=404)
        )
    return pdf() if f"{_SITE}{asked.path}" == _CHARTER else _PAGES.get(asked.path)


HOUSE = House(
    slug="streetnet",
    sites={"streetnet.org.za": _site},
    kept={
        _CHARTER: Kept(
            title="A Charter for Market Traders",
            publisher="StreetNet International",
            published="2022-03-01",
            lang="en",
            keywords=("Publications",),
        ),
        f"{_SITE}/es/2021/05/01/licencias/": Kept(
            title="Licencias en once ciudades",
            publisher="StreetNet International",
            published="2021-05-01",
            lang="es",
            type="web_page",
            keywords=("News",),
            has_abstract=True,
            content_type="text/html",
        ),
    },
    skipped={"kind: events": 1, "no PDF, and too little text": 1},
    evidence=(
        "language paths /es/organization/NAME/: two public citations (files 55966754217, 55626930505)",
        "feed-rss2.php, ?paged=N, 404 after the last page: WordPress/WordPress; ?paged=1..N used on another WordPress site"
        " of the field, 2026-09-30 (South Centre, file 71104882414)",
        "not seen: that the site is WordPress, and its feed",
    ),
)

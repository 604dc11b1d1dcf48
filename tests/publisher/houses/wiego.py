"""WIEGO: WordPress. Pages of publications in a sitemap, files under wp-content/uploads, old addresses that redirect."""

from __future__ import annotations

from tests.publisher.houses.house import House, Kept, by_path
from tests.publisher.houses.wordpress import page, robots_naming, sitemap, sitemap_index
from tests.publisher.world import moved, pdf

_SITE = "http://www.wiego.org"
_BRIEF = f"{_SITE}/wp-content/uploads/2024/11/wiego-statistics-brief-no-99.pdf"
_GUIDE = f"{_SITE}/wp-content/uploads/2019/09/guia-recicladoras.pdf"
_PATH = "/research-library-publications"

_ANSWERS = {
    "/robots.txt": robots_naming(f"{_SITE}/sitemap_index.xml"),
    "/sitemap_index.xml": sitemap_index(
        f"{_SITE}/post-sitemap.xml", f"{_SITE}/publications-sitemap.xml", f"{_SITE}/category-sitemap.xml"
    ),
    "/post-sitemap.xml": sitemap((f"{_SITE}/blog/a-day-in-accra/", "2024-02-01T09:00:00+00:00")),
    "/category-sitemap.xml": sitemap((f"{_SITE}/category/news/", "")),
    "/publications-sitemap.xml": sitemap(
        (f"{_SITE}{_PATH}/", ""),
        (f"{_SITE}{_PATH}/street-vendors-in-four-countries/", "2024-11-20T09:00:00+00:00"),
        (f"{_SITE}{_PATH}/guia-para-recicladoras/", "2019-09-10T09:00:00+00:00"),
        (f"{_SITE}/publications/an-old-address/", "2015-01-01T00:00:00+00:00"),
        (f"{_SITE}{_PATH}/annual-report-2023/", "2024-05-01T00:00:00+00:00"),
    ),
    f"{_PATH}/street-vendors-in-four-countries/": page(
        "Street Vendors in Four Countries: A Statistical Profile",
        site="WIEGO",
        lang="en-US",
        published="2024-11-20T09:00:00+00:00",
        body=f'<p>Statistical Brief No. 99</p><a href="{_BRIEF}">Download PDF</a>',
    ),
    f"{_PATH}/guia-para-recicladoras/": page(
        "Guía para recicladoras",
        site="WIEGO",
        lang="es-ES",
        published="2019-09-10T09:00:00+00:00",
        body=f'<p><a href="{_GUIDE}">Descargar</a></p>',
    ),
    "/publications/an-old-address/": moved(f"{_SITE}{_PATH}/street-vendors-in-four-countries/", status=301),
    f"{_PATH}/annual-report-2023/": page(
        "Annual Report 2023",
        site="WIEGO",
        lang="en-US",
        published="2024-05-01T00:00:00+00:00",
        body=f'<a href="{_SITE}/wp-content/uploads/2024/05/WIEGO-Annual-Report-2023.pdf">PDF</a>',
    ),
    _BRIEF.removeprefix(_SITE): pdf("brief"),
    _GUIDE.removeprefix(_SITE): pdf("guide"),
}

HOUSE = House(
    slug="wiego",
    sites={"www.wiego.org": by_path(_ANSWERS)},
    kept={
        _BRIEF: Kept(
            title="Street Vendors in Four Countries: A Statistical Profile",
            publisher="WIEGO",
            published="2024-11-20",
            lang="en",
            type="statistics",
        ),
        _GUIDE: Kept(title="Guía para recicladoras", publisher="WIEGO", published="2019-09-10", lang="es"),
    },
    skipped={"address denied": 4, "no PDF, and too little text": 1},
    evidence=(
        "/research-library-publications/NAME/: public code of 2026 (file 71437398242);"
        " /wp-content/uploads/YYYY/MM/: seven public citations (files 68315384422, 70414256899, 67335589579 ...)",
        "robots.txt that names a sitemap, sitemap_index.xml with one sitemap for each kind of page: Yoast/wordpress-seo"
        " (inc/sitemaps); WordPress alone: /wp-sitemap.xml (WordPress/WordPress wp-includes/sitemaps)",
        "not seen: WIEGO's own robots.txt, sitemap and pages",
    ),
)

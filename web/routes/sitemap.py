"""The sitemap for web search engines: an index, our own pages, and documents in parts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter
from fastapi import Path as PathParameter
from lxml import etree
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.state import Site

PART_DOCUMENTS = 50_000
"""Addresses of one part: the most that sitemaps.org allows."""
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_PAGES = ("/", "/browse", "/sources", "/help", "/api")
_MAX_AGE = "public, max-age=3600"


@dataclass(frozen=True, slots=True)
class _SitemapState:
    """When the parts changed last, as of one state of the records."""

    stamp: int
    changed: tuple[datetime, ...]


class SitemapParts:
    """Counts the parts of the sitemap once for each state of the records. Threads may share it."""

    def __init__(self, site: Site, *, size: int) -> None:
        self._changes = site.app.store.changes
        self._size = size
        self._kept: _SitemapState | None = None

    def changed(self) -> tuple[datetime, ...]:
        """Return when any document of each part changed last."""
        stamp, kept = self._changes.last_sequence(), self._kept
        if kept is None or kept.stamp != stamp:
            kept = self._kept = _SitemapState(stamp, self._changes.of_parts(size=self._size))
        return kept.changed


def sitemap_router(site: Site, *, size: int = PART_DOCUMENTS) -> APIRouter:
    """Return the routes.

    Args:
        site: whose pages are listed.
        size: documents of one part.
    """
    router = APIRouter(include_in_schema=False)
    host, parts = site.app.settings.public_url, SitemapParts(site, size=size)

    @router.get("/sitemap.xml")
    def index() -> Response:
        own: list[tuple[str, datetime | None]] = [(f"{host}/sitemap-pages.xml", None)]
        numbered = enumerate(parts.changed(), start=1)
        return _answer("sitemapindex", "sitemap", [*own, *((f"{host}/sitemap-{n}.xml", at) for n, at in numbered)])

    @router.get("/sitemap-pages.xml")
    def pages() -> Response:
        slugs = (quote(slug, safe="") for slug in site.app.store.sources.names())
        addresses = (*_PAGES, *(f"/sources/{slug}" for slug in slugs))
        return _answer("urlset", "url", ((f"{host}{each}", None) for each in addresses))

    @router.get("/sitemap-{number}.xml")
    def part(number: Annotated[int, PathParameter(ge=1, le=50_000)]) -> Response:
        found = site.app.store.changes.of_part(number - 1, size=size)
        if not found:
            raise HTTPException(404)
        return _answer("urlset", "url", ((f"{host}/documents/{quote(each, safe='')}", at) for each, at in found))

    return router


def _answer(root: str, entry: str, addresses: Iterable[tuple[str, datetime | None]]) -> Response:
    made = etree.Element(f"{{{_SITEMAP}}}{root}", nsmap={None: _SITEMAP})
    for address, changed_at in addresses:
        each = etree.SubElement(made, f"{{{_SITEMAP}}}{entry}")
        etree.SubElement(each, f"{{{_SITEMAP}}}loc").text = address
        if changed_at is not None:
            etree.SubElement(each, f"{{{_SITEMAP}}}lastmod").text = changed_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    body = etree.tostring(made, encoding="UTF-8", xml_declaration=True)
    return Response(body, media_type="application/xml", headers={"Cache-Control": _MAX_AGE})

"""Small files that browsers, crawlers and reference managers look for: robots.txt, favicon, OpenSearch, unAPI."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote
from xml.sax.saxutils import escape, quoteattr

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from corpus.messages import gettext, message
from search_api.oai.provider import PAGE_RECORDS
from search_api.query.parameters import LIMIT_MAX
from web.contexts import Frame, ProgramsPage
from web.language import page_language
from web.state import Site

_DESCRIPTION = message("Search the literature of the informal economy: policy papers and statistics, page by page.")
_ROBOTS = (
    "User-agent: *\nDisallow: /search\nDisallow: /selection\nDisallow: /report\nDisallow: /alerts/\nDisallow: /suggestions\n"
    "Disallow: /feed.atom\nDisallow: /feed.json\nDisallow: /api/\nDisallow: /unapi\n\nSitemap: {url}/sitemap.xml\n"
)
_OPEN_SEARCH = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Pushcart</ShortName>
<Description>{description}</Description>
<Language>{lang}</Language>
<InputEncoding>UTF-8</InputEncoding>
<OutputEncoding>UTF-8</OutputEncoding>
<Image width="32" height="32" type="image/svg+xml">{url}{icon}</Image>
<Url type="text/html" template="{url}/search?q={{searchTerms}}"/>
<Url type="application/x-suggestions+json" rel="suggestions" template="{url}/suggestions.json?q={{searchTerms}}"/>
<Url type="application/atom+xml" template="{url}/feed.atom?q={{searchTerms}}"/>
<Url type="application/json" template="{url}/api/v1/search?q={{searchTerms}}"/>
<Url type="application/opensearchdescription+xml" rel="self" template="{url}/opensearch.xml"/>
</OpenSearchDescription>
"""
UNAPI: Mapping[str, tuple[str, str]] = {
    "ris": ("application/x-research-info-systems", "ris"),
    "bibtex": ("application/x-bibtex", "bib"),
}
"""Formats of unAPI by name: media type, and the ending of our address."""


def doors_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)
    url = site.app.settings.public_url

    @router.get("/robots.txt")
    def robots() -> Response:
        return PlainTextResponse(_ROBOTS.format(url=url))

    @router.get("/favicon.ico")
    def favicon() -> Response:
        # For programs that read no `link rel=icon`. The type counts for browsers, and not the ending.
        return RedirectResponse(site.assets.address("cart.svg"), headers={"Cache-Control": "public, max-age=86400"})

    @router.get("/opensearch.xml")
    def open_search(request: Request) -> Response:
        lang = page_language(request)
        description = escape(gettext(_DESCRIPTION, lang=lang))
        icon = site.assets.address("cart.svg")
        text = _OPEN_SEARCH.format(description=description, url=escape(url), lang=lang, icon=icon)
        return Response(text, media_type="application/opensearchdescription+xml")

    @router.get("/api")
    def api(request: Request) -> Response:
        lang = page_language(request)
        frame = Frame(title=gettext("For programs", lang=lang), here="help", canonical=f"{url}/api", lang=lang)
        return site.pages.respond(request, "api.html", ProgramsPage(LIMIT_MAX, PAGE_RECORDS), frame=frame)

    @router.get("/unapi")
    def unapi(request: Request) -> Response:
        given, wanted = request.query_params.get("id", ""), request.query_params.get("format", "")
        if not given:
            return _formats("")
        if given not in site.app.store.documents.get_many([given[:64]]):
            raise HTTPException(404)
        if not wanted:
            return _formats(given)
        if wanted not in UNAPI:
            raise HTTPException(406, f"Formats: {', '.join(UNAPI)}.")
        return RedirectResponse(f"/documents/{quote(given, safe='')}.{UNAPI[wanted][1]}", status_code=302)

    return router


def _formats(document: str) -> Response:
    """Return the formats of a document; empty: of any. unAPI wants 300 where a format is to be chosen."""
    lines = "".join(f'<format name="{name}" type="{kind}"/>' for name, (kind, _) in UNAPI.items())
    attribute = f" id={quoteattr(document)}" if document else ""
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<formats{attribute}>{lines}</formats>\n'
    return Response(text, status_code=300 if document else 200, media_type="application/xml")

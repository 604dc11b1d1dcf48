"""Home, browse, help, and the small files that browsers and crawlers ask for."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from corpus.errors import EngineUnavailable
from corpus.messages import gettext, in_language, message
from web.assets import serve_asset
from web.contexts import BrowsePage, Frame, HomePage
from web.language import page_language
from web.state import Site
from web.views.help import help_page
from web.views.lists import browse_shelves, document_line, home_shelves, region_tree

NEWEST_SHOWN = 5
_DESCRIPTION = message("Search the literature of the informal economy: policy papers and statistics, page by page.")
_ROBOTS = (
    "User-agent: *\nDisallow: /search\nDisallow: /selection\nDisallow: /report\nDisallow: /alerts/\nDisallow: /suggestions\n"
    "Disallow: /feed.atom\nDisallow: /feed.json\nDisallow: /api/\n"
)
_OPEN_SEARCH = """<?xml version="1.0" encoding="UTF-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Pushcart</ShortName>
<Description>{description}</Description>
<InputEncoding>UTF-8</InputEncoding>
<Url type="text/html" template="{url}/search?q={{searchTerms}}"/>
<Url type="application/atom+xml" template="{url}/feed.atom?q={{searchTerms}}"/>
</OpenSearchDescription>
"""


def start_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/")
    def home(request: Request) -> Response:
        lang = page_language(request)
        frame = Frame(
            title="", description=gettext(_DESCRIPTION, lang=lang), feed="/feed.atom", json_feed="/feed.json", lang=lang
        )
        return site.pages.respond(request, "home.html", _home(site, lang=lang), frame=frame)

    @router.get("/browse")
    def browse(request: Request) -> Response:
        lang = page_language(request)
        everything = site.everything(lang=lang)
        page = BrowsePage(
            shelves=browse_shelves(everything, lang=lang),
            regions=region_tree(everything, vocabulary=site.app.vocabulary),
        )
        frame = Frame(title=gettext("Browse", lang=lang), here="browse", lang=lang)
        return site.pages.respond(request, "browse.html", page, frame=frame)

    @router.get("/help")
    def help_(request: Request) -> Response:
        lang = page_language(request)
        frame = Frame(title=gettext("How to search", lang=lang), here="help", lang=lang)
        return site.pages.respond(request, "help.html", help_page(lang=lang), frame=frame)

    @router.get("/static/{name}")
    def static(request: Request, name: str) -> Response:
        asset = site.assets.named(name)
        if asset is None:
            raise HTTPException(404)
        return serve_asset(request, asset)

    @router.get("/robots.txt")
    def robots() -> Response:
        return PlainTextResponse(_ROBOTS)

    @router.get("/opensearch.xml")
    def open_search(request: Request) -> Response:
        description = gettext(_DESCRIPTION, lang=page_language(request))
        text = _OPEN_SEARCH.format(description=description, url=site.app.settings.public_url)
        return Response(text, media_type="application/opensearchdescription+xml")

    return router


def _home(site: Site, *, lang: str) -> HomePage:
    store = site.app.store
    holdings = site.holdings()
    page = HomePage(
        examples=(),
        shelves=(),
        newest=tuple(document_line(document, lang=lang) for document in store.documents.newest(limit=NEWEST_SHOWN)),
        holdings=holdings,
    )
    try:
        everything = site.everything(lang=lang)
    except EngineUnavailable as error:  # the records can be read anyway
        return replace(page, error=in_language(error.for_readers, lang) or error.in_language(lang))
    return replace(
        page,
        examples=site.examples(),
        shelves=home_shelves(everything, lang=lang),
        waiting=max(holdings.documents - everything.documents, 0),
    )

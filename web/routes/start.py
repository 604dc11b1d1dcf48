"""Home, browse, help, and the small files that browsers and crawlers ask for."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from corpus.errors import EngineUnavailable
from web.assets import serve_asset
from web.contexts import BrowsePage, Frame, HomePage
from web.state import Site
from web.views.help import help_page
from web.views.lists import browse_shelves, document_line, home_shelves, region_tree

NEWEST_SHOWN = 5
_DESCRIPTION = "Search the literature of the informal economy: policy papers and statistics, page by page."
_ROBOTS = "User-agent: *\nDisallow: /search\nDisallow: /suggestions\nDisallow: /feed.atom\nDisallow: /api/\n"
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
        return site.pages.respond(
            request, "home.html", _home(site), frame=Frame(title="", description=_DESCRIPTION, feed="/feed.atom")
        )

    @router.get("/browse")
    def browse(request: Request) -> Response:
        everything = site.everything()
        page = BrowsePage(
            shelves=browse_shelves(everything),
            regions=region_tree(everything, vocabulary=site.app.vocabulary),
        )
        return site.pages.respond(request, "browse.html", page, frame=Frame(title="Browse", here="browse"))

    @router.get("/help")
    def help_(request: Request) -> Response:
        return site.pages.respond(request, "help.html", help_page(), frame=Frame(title="How to search", here="help"))

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
    def open_search() -> Response:
        text = _OPEN_SEARCH.format(description=_DESCRIPTION, url=site.app.settings.public_url)
        return Response(text, media_type="application/opensearchdescription+xml")

    return router


def _home(site: Site) -> HomePage:
    store = site.app.store
    holdings = site.holdings()
    page = HomePage(
        examples=(),
        shelves=(),
        newest=tuple(document_line(document) for document in store.documents.newest(limit=NEWEST_SHOWN)),
        holdings=holdings,
    )
    try:
        everything = site.everything()
    except EngineUnavailable as error:  # the records can be read all the same
        return replace(page, trouble=error.for_readers or str(error))
    return replace(
        page,
        examples=site.examples(),
        shelves=home_shelves(everything),
        waiting=max(holdings.documents - everything.total, 0),
    )

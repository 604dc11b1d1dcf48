"""Home, browse, help, and static files."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

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
        examples=site.examples(lang=lang),
        shelves=home_shelves(everything, lang=lang),
        waiting=max(holdings.documents - everything.documents, 0),
    )

"""Sources: all of them in one table, and a page for each with its history."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import NotFound
from search_api.query import SearchQuery, Sort
from web.contexts import Frame, SourcesPage
from web.state import Site
from web.views.sources import RUNS_SHOWN, source_line, source_page

NEWEST_SHOWN = 5


def sources_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sources")
    def sources(request: Request) -> Response:
        lines = tuple(source_line(each, vocabulary=site.app.vocabulary) for each in site.app.store.source_health())
        return site.pages.respond(
            request, "sources.html", SourcesPage(lines), frame=Frame(title="Sources", here="sources")
        )

    @router.get("/sources/{slug}")
    def source(request: Request, slug: Annotated[str, PathParameter(max_length=80)]) -> Response:
        health = site.health_of(slug)
        if health is None:
            raise NotFound(f"There is no source called {slug}.", try_next="All sources are listed under Sources.")
        newest = site.search(SearchQuery(sources=(slug,), sort=Sort.FIRST_SEEN, limit=NEWEST_SHOWN))
        page = source_page(
            health,
            runs=site.app.store.runs(slug, limit=RUNS_SHOWN),
            newest=tuple(hit.document for hit in newest.hits),
            vocabulary=site.app.vocabulary,
        )
        return site.pages.respond(request, "source.html", page, frame=Frame(title=page.source.name, here="sources"))

    return router

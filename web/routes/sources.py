"""Sources: all of them, a page for each with its history, and the report of each run."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter
from fastapi import Path as PathParameter
from starlette.requests import Request
from starlette.responses import Response

from corpus.errors import EngineUnavailable, NotFound
from corpus.messages import gettext, sentence
from corpus.messages.dates import written_day
from corpus.source_health import SourceHealth
from corpus.types import Document
from search_api.answers.coverage import Coverage
from search_api.api.run_names import started_of
from search_api.query.parameters import SearchQuery, Sort
from web.contexts import Frame
from web.language import page_language
from web.state import Site
from web.views.runs import run_page
from web.views.source import FILES_SHOWN, HeldFiles, RunStretch, source_page
from web.views.sources import sources_page

NEWEST_SHOWN = 5
RUNS_SHOWN = 30

Slug = Annotated[str, PathParameter(max_length=64)]


def sources_router(site: Site) -> APIRouter:
    """Return the routes."""
    router = APIRouter(include_in_schema=False)

    @router.get("/sources")
    def sources(request: Request) -> Response:
        lang = page_language(request)
        page = sources_page(
            site.source_health(),
            vocabulary=site.app.vocabulary,
            now=datetime.now(UTC),
            lang=lang,
            error=site.declarations.trouble,
        )
        frame = Frame(title=gettext("Sources", lang=lang), here="sources", lang=lang)
        return site.pages.respond(request, "sources.html", page, frame=frame)

    @router.get("/sources/{slug}")
    def source(request: Request, slug: Slug) -> Response:
        return _source(request, site=site, health=_health(site, slug))

    @router.get("/sources/{slug}/runs/{name}")
    def run(request: Request, slug: Slug, name: Annotated[str, PathParameter(max_length=40)]) -> Response:
        return _run(request, site=site, health=_health(site, slug), name=name)

    return router


def _health(site: Site, slug: str) -> SourceHealth:
    found = site.app.health_of(slug)
    if found is None:
        raise NotFound(
            sentence("There is no source called {slug}.", slug=slug),
            try_next=sentence("All sources are listed under Sources."),
        )
    return found


def _source(request: Request, *, site: Site, health: SourceHealth) -> Response:
    before, lang = request.query_params.get("before", ""), page_language(request)
    page = source_page(
        health,
        stretch=_runs(site, health.source.slug, before=started_of(before)),
        coverage=_coverage(site, health),
        held=_held(site, health),
        newest=_newest(site, health),
        vocabulary=site.app.vocabulary,
        now=datetime.now(UTC),
        lang=lang,
        files_readable=not site.declarations.trouble,
    )
    frame = Frame(title=page.source.name, here="sources", may_be_indexed=not before, lang=lang)
    return site.pages.respond(request, "source.html", page, frame=frame)


def _runs(site: Site, slug: str, *, before: datetime | None) -> RunStretch:
    found = site.app.store.runs.newest(slug, limit=RUNS_SHOWN + 1, before=before)
    return RunStretch(
        runs=found[:RUNS_SHOWN],
        total=site.app.store.runs.count(slug),
        has_older=len(found) > RUNS_SHOWN,
        is_first=before is None,
    )


def _coverage(site: Site, health: SourceHealth) -> Coverage | None:
    if not health.documents:
        return None
    try:
        return site.coverage_of(health.source.slug)
    except EngineUnavailable:  # the records can be read anyway
        return None


def _held(site: Site, health: SourceHealth) -> HeldFiles:
    slug, store = health.source.slug, site.app.store
    unread = store.files.outcomes(source=slug, only_unreadable=True, limit=FILES_SHOWN)
    return HeldFiles(
        unread=unread,
        gone=store.files.gone(slug, limit=FILES_SHOWN) if health.gone else (),
        documents=frozenset(store.documents.get_many([each.document_id for each in unread])),
    )


def _newest(site: Site, health: SourceHealth) -> tuple[Document, ...]:
    if not health.documents:
        return ()
    query = SearchQuery(sources=(health.source.slug,), sort=Sort.FIRST_SEEN, limit=NEWEST_SHOWN)
    try:
        return tuple(hit.document for hit in site.search(query, lang="en").hits)
    except EngineUnavailable:
        return ()


def _run(request: Request, *, site: Site, health: SourceHealth, name: str) -> Response:
    store, slug, started = site.app.store, health.source.slug, started_of(name)
    found = store.runs.get(slug, started=started) if started else None
    if found is None:
        raise NotFound(
            sentence("{source} has no run at that time.", source=health.source.name),
            try_next=sentence("The page of the source lists its runs."),
        )
    lang = page_language(request)
    page = run_page(
        found,
        source=health.source,
        earlier=next(iter(store.runs.newest(slug, limit=1, before=found.started)), None),
        later=store.runs.after(slug, started=found.started),
        lang=lang,
    )
    day = written_day(found.started.date(), lang=lang)
    title = gettext("{source}: run of {day}", source=page.source.text, day=day, lang=lang)
    return site.pages.respond(request, "run.html", page, frame=Frame(title=title, here="sources", lang=lang))

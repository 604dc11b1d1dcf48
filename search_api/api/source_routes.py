"""What the API answers about sources and their harvests."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Path, Query

from corpus.errors import BadQuery, EngineUnavailable, NotFound
from corpus.messages import sentence
from corpus.source_health import SourceHealth
from search_api.answers.coverage import Coverage, coverage_of
from search_api.api.problems import refusals
from search_api.api.record_bodies import RunBody, RunReportBody, RunsBody, SourceBody, SourceReportBody, SourcesBody
from search_api.api.run_names import run_name, started_of
from search_api.api.state import AppState

Slug = Annotated[str, Path(max_length=64, description="Slug of a source", examples=["wiego"])]


def source_router(state: AppState) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["sources"])

    @router.get("/sources", responses=refusals(503), summary="All sources and their health")
    def get_sources() -> SourcesBody:
        """Give every source with its state, what it brought, and what its last run came to."""
        return SourcesBody(sources=[SourceBody.of(health) for health in state.source_health()])

    @router.get("/sources/{slug}", responses=refusals(404, 503), summary="One source")
    def get_source(slug: Slug) -> SourceReportBody:
        """Give a source with the whole report of its last run, and how many of its pages were read and can be found."""
        return SourceReportBody.whole(_health(slug, state), coverage=_coverage(slug, state))

    @router.get("/sources/{slug}/runs", responses=refusals(404, 422, 503), summary="The harvests of a source")
    def get_runs(
        slug: Slug,
        limit: Annotated[int, Query(ge=1, le=100)] = 20,
        cursor: Annotated[str, Query(max_length=40, description="`next` of the previous answer")] = "",
    ) -> RunsBody:
        """Give run reports without their failures, newest first."""
        _health(slug, state)
        before = _moment(cursor)
        found = state.store.runs.newest(slug, limit=limit + 1, before=before)
        return RunsBody(
            total=state.store.runs.count(slug),
            runs=[RunBody.of(run) for run in found[:limit]],
            next=run_name(found[limit - 1].started) if len(found) > limit else "",
        )

    @router.get("/sources/{slug}/runs/{run}", responses=refusals(404, 503), summary="One harvest")
    def get_run(slug: Slug, run: Annotated[str, Path(max_length=40, description="Name of a run")]) -> RunReportBody:
        """Give the report of a run with every failure that was kept."""
        _health(slug, state)
        started = started_of(run)
        found = state.store.runs.get(slug, started=started) if started else None
        if found is None:
            raise NotFound(
                sentence("The source {slug} has no run called {run}.", slug=slug, run=run),
                try_next=sentence("/sources/{slug}/runs lists its runs.", slug=slug),
            )
        return RunReportBody.of(found)

    return router


def _health(slug: str, state: AppState) -> SourceHealth:
    found = state.health_of(slug)
    if found is None:
        raise NotFound(
            sentence("There is no source called {slug}.", slug=repr(slug)),
            try_next=sentence("/sources lists all of them."),
        )
    return found


def _coverage(slug: str, state: AppState) -> Coverage | None:
    try:
        return coverage_of(state.store.pages.read_counts(slug), engine=state.engine, store=state.store)
    except EngineUnavailable:  # the records can be read anyway
        return None


def _moment(cursor: str) -> datetime | None:
    started = started_of(cursor)
    if cursor and started is None:
        raise BadQuery(
            sentence("The cursor does not belong to this list."),
            try_next=sentence("Leave it out to start with the newest."),
            parameter="cursor",
        )
    return started

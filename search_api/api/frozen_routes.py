"""Frozen searches: made, opened, renamed and deleted by their links."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Any

import structlog
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response
from starlette.background import BackgroundTask

from corpus.errors import NotFound, PushcartError
from corpus.messages import sentence
from corpus.store import FrozenSearch
from search_api.answers.freezing import checked_name
from search_api.answers.frozen import FrozenList, find_frozen, find_own, prolonged
from search_api.answers.frozen_links import frozen_link
from search_api.api.answers import SafeJSONResponse
from search_api.api.frozen_bodies import FrozenBody, FrozenLinksBody
from search_api.api.parameters import search_parameters
from search_api.api.problems import refusals
from search_api.api.report_bodies import SearchReportBody, kept_report
from search_api.api.report_routes import FORMAT_PARAMETER, report_answer, report_format
from search_api.api.same_site import refuse_other_sites
from search_api.api.state import AppState
from search_api.query.parameters import SearchQuery

_log = structlog.get_logger(__name__)

LISTED_MAX = 1000
"""Documents of one answer."""
LinkName = Annotated[
    str,
    Path(
        max_length=64,
        description="The last part of a link, the owner's or the one for readers",
        examples=["k7c2m4qv6z3xa5wd2ty7hb4gse"],
    ),
]
_NAME_PARAMETER: dict[str, Any] = {
    "name": "name",
    "in": "query",
    "description": "Your name for it.",
    "schema": {"type": "string", "maxLength": 100},
}


def frozen_router(state: AppState) -> APIRouter:
    """Return the routes."""
    router = APIRouter(tags=["frozen searches"])
    of_search = search_parameters(characters_max=state.settings.query_characters_max)

    @router.post(
        "/frozen",
        status_code=201,
        response_model=FrozenLinksBody,
        responses=refusals(403, 422, 503),
        openapi_extra={"parameters": [*of_search, _NAME_PARAMETER]},
        summary="Freeze a search",
    )
    def post_frozen(request: Request) -> Response:
        """Keep which documents a search answers now, and in which versions; parameters are those of GET /search."""
        refuse_other_sites(request, public_url=state.settings.public_url)
        given = request.query_params.multi_items()
        query = SearchQuery.from_parameters(
            [each for each in given if each[0] != "name"],
            vocabulary=state.vocabulary,
            characters_max=state.settings.query_characters_max,
            sources=set(state.store.sources.names()),
        )
        name = next((value for parameter, value in given if parameter == "name"), "")
        secret = state.freeze(query, address=asker_of(request), name=name)
        return SafeJSONResponse(_links(secret, state=state), status_code=201)

    @router.get(
        "/frozen/{link}", response_model=FrozenBody, responses=refusals(404, 422, 503), summary="Open a frozen search"
    )
    def get_frozen(
        link: LinkName,
        show: Annotated[
            FrozenList, Query(description="all: the frozen list; otherwise what was added, changed or removed")
        ] = FrozenList.ALL,
        offset: Annotated[int, Query(ge=0, le=1_000_000, description="Number of documents to skip")] = 0,
        limit: Annotated[int, Query(ge=1, le=LISTED_MAX)] = 100,
    ) -> Response:
        """Give the same documents in the same order as on the day it was frozen, and the changes since then."""
        now = state.frozen(link)
        listed = now.listed(show)
        shown = listed[offset : offset + limit]
        documents = state.store.documents.in_brief(shown)
        body = FrozenBody.of(now, show=show, total=len(listed), shown=shown, documents=documents)
        return SafeJSONResponse(body, background=visit(now.search, state=state))

    @router.get(
        "/frozen/{link}/report",
        response_model=SearchReportBody,
        responses={**refusals(404, 422, 503), 200: {"content": {"text/markdown": {}}}},
        openapi_extra={"parameters": [FORMAT_PARAMETER]},
        summary="The search report of that day",
    )
    def get_report(link: LinkName, request: Request) -> Response:
        """Give the report as it was kept when the search was frozen."""
        search, _ = find_frozen(link, store=state.store, now=datetime.now(UTC))
        report = kept_report(search.report)
        if report is None:
            raise unreadable_report()
        return report_answer(report, report_format(request.query_params.get("format", "")))

    @router.patch(
        "/frozen/{link}", status_code=204, responses=refusals(403, 404, 422, 503), summary="Rename a frozen search"
    )
    def patch_frozen(link: LinkName, name: Annotated[str, Query(max_length=100)], request: Request) -> Response:
        """Call it otherwise, by the owner's link."""
        refuse_other_sites(request, public_url=state.settings.public_url)
        state.store.frozen.rename(find_own(link, store=state.store, now=datetime.now(UTC)).key, checked_name(name))
        return Response(status_code=204)

    @router.delete(
        "/frozen/{link}", status_code=204, responses=refusals(403, 404, 503), summary="Delete a frozen search"
    )
    def delete_frozen(link: LinkName, request: Request) -> Response:
        """Delete it permanently, by the owner's link; both links end."""
        refuse_other_sites(request, public_url=state.settings.public_url)
        state.store.frozen.remove(find_own(link, store=state.store, now=datetime.now(UTC)).key)
        return Response(status_code=204)

    return router


def asker_of(request: Request) -> str:
    """Return the address of who asks; empty where the server does not know it."""
    return request.client.host if request.client else ""


def unreadable_report() -> NotFound:
    """Return the error of a report that another version kept in another form."""
    return NotFound(
        sentence("This version of Pushcart cannot read the report that was kept with this search."),
        try_next=sentence("Its documents can still be read."),
    )


def visit(search: FrozenSearch, *, state: AppState) -> BackgroundTask | None:
    """Return what is done after a frozen search was shown: it is kept longer. None: it need not be written again yet."""
    until = prolonged(search, settings=state.settings, now=datetime.now(UTC))
    return None if until is None else BackgroundTask(_prolong, search.key, until, state)


def _prolong(key: str, until: datetime, state: AppState) -> None:
    try:
        state.store.frozen.prolong(key, until=until)
    except PushcartError as error:  # nobody waits for it, and the next visit does it
        _log.warning("frozen_search_not_prolonged", reason=str(error))


def _links(secret: str, *, state: AppState) -> FrozenLinksBody:
    link = frozen_link(secret)
    assert link is not None
    search, _ = find_frozen(secret, store=state.store, now=datetime.now(UTC))
    host = state.settings.public_url
    return FrozenLinksBody(
        secret=secret,
        reading=link.reading,
        owner_url=f"{host}/frozen/{secret}",
        reading_url=f"{host}/frozen/{link.reading}",
        expires_at=search.expires_at,
        hits=search.hits,
    )

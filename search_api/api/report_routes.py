"""The search report as JSON and Markdown."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from corpus.messages import sentence
from search_api.answers.report import ReportedSearch
from search_api.answers.report_markdown import as_markdown
from search_api.api.answers import SafeJSONResponse
from search_api.api.parameters import search_parameters
from search_api.api.problems import refusals
from search_api.api.report_bodies import SearchReportBody, report_body
from search_api.api.state import AppState
from search_api.query.parameters import SearchQuery
from search_api.query.refusals import cannot_be

MARKDOWN = "text/markdown; charset=utf-8"


class ReportFormat(StrEnum):
    """In what a report is given."""

    JSON = "json"
    MARKDOWN = "markdown"


def report_format(value: str) -> ReportFormat:
    """Return the format that a parameter names; JSON when it is empty.

    Raises BadQuery: there is no such format.
    """
    if not value:
        return ReportFormat.JSON
    if value not in tuple(ReportFormat):
        raise cannot_be("format", value, try_next=sentence("Choose one of {names}.", names=", ".join(ReportFormat)))
    return ReportFormat(value)


def report_answer(report: ReportedSearch, wanted: ReportFormat, *, lang: str = "en") -> Response:
    """Answer with a report."""
    if wanted is ReportFormat.MARKDOWN:
        return Response(as_markdown(report, lang=lang), media_type=MARKDOWN)
    return SafeJSONResponse(report_body(report, lang=lang))


def report_router(state: AppState) -> APIRouter:
    """Return the route."""
    router = APIRouter(tags=["search"])
    of_search = search_parameters(characters_max=state.settings.query_characters_max)
    described = {"parameters": [*of_search, FORMAT_PARAMETER]}

    @router.get(
        "/search/report",
        response_model=SearchReportBody,
        responses={**refusals(422, 503), 200: {"content": {"text/markdown": {}}}},
        openapi_extra=described,
        summary="How a search was made, for a methods section",
    )
    def get_report(request: Request) -> Response:
        """Give how a search was read, over what, when and what it found, by the items of PRISMA-S."""
        given = request.query_params.multi_items()
        wanted = report_format(next((value for name, value in given if name == "format"), ""))
        query = SearchQuery.from_parameters(
            [each for each in given if each[0] != "format"],
            vocabulary=state.vocabulary,
            characters_max=state.settings.query_characters_max,
            sources=set(state.store.sources.names()),
        )
        answer = report_answer(state.report(query), wanted)
        answer.headers["Cache-Control"] = "no-cache"
        return answer

    return router


FORMAT_PARAMETER: dict[str, Any] = {
    "name": "format",
    "in": "query",
    "description": "`json`, or `markdown` for people.",
    "schema": {"type": "string", "enum": list(ReportFormat), "default": "json"},
}

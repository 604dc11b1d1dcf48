"""Routes that give whole lists as files."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from search_api.answers.export.formats import FILES, ExportFormat
from search_api.answers.selection import SELECTION_MAX, TEXT_MAX, selected_ids
from search_api.api.exporting import MISSING_HEADER, format_of, search_export, selection_export
from search_api.api.parameters import export_parameters
from search_api.api.problems import refusals
from search_api.api.state import AppState
from search_api.query.parameters import SearchQuery

_EXAMPLES = {
    ExportFormat.RIS: "TY  - RPRT\nID  - quispe2019comercio-d0123456789abcdef\nTI  - Street vendors in Lima\n"
    "N1  - p. 41: … the street vendors of Lima …\nN1  - Permanent link: https://pushcart.example/documents/"
    "d0123456789abcdef?page=41#page=41\nKW  - Peru\nER  - \n",
    ExportFormat.BIBTEX: "@techreport{quispe2019comercio-d0123456789abcdef,\n  title = {{Street vendors in Lima}},\n"
    "  annote = {p. 41: … the street vendors of Lima …}\n}\n",
    ExportFormat.CSV: "id,key,title,…\r\nd0123456789abcdef,quispe2019comercio-d0123456789abcdef,Street vendors in Lima,…\r\n",
    ExportFormat.JSON_LINES: '{"id": "d0123456789abcdef", "title": "Street vendors in Lima", "page": 41, "snippet": '
    '"… the street vendors of Lima …", "tags": [{"facet": "country", "code": "PER", "name": "Peru", "primary": true}]}\n',
}
_NDJSON = "application/x-ndjson"
"""JSON lines, as some programs call them."""
_CSL_EXAMPLE = [
    {
        "id": "quispe2019comercio-d0123456789abcdef",
        "type": "report",
        "title": "Street vendors in Lima",
        "note": "p. 41: … the street vendors of Lima …",
        "custom": {"page": 41, "link": "https://pushcart.example/documents/d0123456789abcdef?page=41#page=41"},
    }
]


def export_router(state: AppState) -> APIRouter:
    """Return the routes of exports."""
    router = APIRouter(tags=["export"])
    described = {"parameters": export_parameters(characters_max=state.settings.query_characters_max)}

    @router.get(
        "/search/export",
        responses={**refusals(422, 503), 200: _files("Every document that the search finds")},
        response_class=Response,
        openapi_extra=described,
        summary="Export a whole result",
    )
    def get_search_export(request: Request) -> Response:
        """Give every answer of a search as one file, over one view of the index, without any limit of length.

        Without `format`, the header `Accept: application/x-ndjson` asks for JSON lines.

        One export at a time is written for each address, and a few for all; it may take ten minutes. What takes longer breaks the
        transfer, after a last record that says that it is incomplete.
        """
        given = request.query_params.multi_items()
        named = next((value for name, value in given if name == "format"), "")
        by_header = not named and _NDJSON in request.headers.get("accept", "")
        kind = ExportFormat.JSON_LINES if by_header else format_of(named)
        query = SearchQuery.from_parameters(
            [each for each in given if each[0] != "format"],
            vocabulary=state.vocabulary,
            characters_max=state.settings.query_characters_max,
            sources=set(state.store.sources.names()),
        )
        response = search_export(request, query, kind, state=state)
        if by_header:
            response.headers.update({"Content-Type": _NDJSON, "Vary": "Accept"})
        return response

    @router.get(
        "/export",
        responses={**refusals(404, 422, 503), 200: _files("The documents", missing=True)},
        response_class=Response,
        summary="Export a selection",
    )
    def get_export(
        ids: Annotated[
            str,
            Query(
                max_length=TEXT_MAX,
                description=f"Ids of at most {SELECTION_MAX} documents, with commas between, or `ids` of a link to a selection.",
                examples=["d0123456789abcdef,dfedcba9876543210"],
            ),
        ],
        format: ExportFormat,  # noqa: A002
        q: Annotated[
            str,
            Query(
                description="Words of a search, by which the best page of each is chosen",
                examples=["street vendors"],
            ),
        ] = "",
    ) -> Response:
        """Give documents as one file, in the order of their ids; those that are not held any more are named in a header."""
        words = SearchQuery.from_parameters(
            [("q", q)], vocabulary=state.vocabulary, characters_max=state.settings.query_characters_max
        )
        return selection_export(selected_ids(ids), format, state=state, text=words.text)

    return router


def _files(description: str, *, missing: bool = False) -> dict[str, Any]:
    content: dict[str, Any] = {
        FILES[kind].media_type: {"schema": {"type": "string"}, "example": example}
        for kind, example in _EXAMPLES.items()
    }
    items = {"schema": {"type": "array", "items": {"type": "object"}}, "example": _CSL_EXAMPLE}
    content[FILES[ExportFormat.CSL_JSON].media_type] = items
    found: dict[str, Any] = {"description": description, "content": content}
    if not missing:
        content[_NDJSON] = content[FILES[ExportFormat.JSON_LINES].media_type]
    if missing:
        found["headers"] = {
            MISSING_HEADER: {"description": "Ids of documents that no longer exist", "schema": {"type": "string"}}
        }
    return found

"""Exports as answers of the server, for the API and for pages."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import chain

from fastapi.responses import Response
from starlette.requests import Request

from corpus.errors import BadQuery, NotFound
from corpus.messages import sentence
from search_api.answers.export.formats import FILES, ExportFormat, content_disposition, file_name
from search_api.answers.export.records import Exporter
from search_api.answers.export.writing import writer_of, written
from search_api.api.answers import is_head
from search_api.api.export_response import ExportResponse
from search_api.api.state import AppState
from search_api.query.parameters import FILTER_FIELDS, SearchQuery

MISSING_HEADER = "Pushcart-Missing-Ids"
"""Ids of a selection that name no document any more, with commas between."""


def format_of(given: str) -> ExportFormat:
    """Return a format by its name. Raises BadQuery: there is none of that name."""
    try:
        return ExportFormat(given.lower())
    except ValueError as error:
        raise BadQuery(
            sentence("format cannot be {value}.", value=repr(given[:20])),
            try_next=sentence("Choose one of {names}.", names=", ".join(ExportFormat)),
            parameter="format",
        ) from error


def search_export(
    request: Request, query: SearchQuery, kind: ExportFormat, *, state: AppState, lang: str = "en"
) -> Response:
    """Answer with every document that a search finds.

    Args:
        request: who asks.
        query: its limit and number of near documents are not counted.
        kind: the format.
        state: gives index, records and a place.
        lang: of the names of concepts.

    Raises BadQuery: the search has a cursor. AsksTooOften, Busy: no place is free. EngineUnavailable: the index does not answer.
    """
    if query.cursor:
        raise BadQuery(
            sentence("An export always starts with the first document."),
            try_next=sentence("Leave cursor out."),
            parameter="cursor",
        )
    headers, media_type = _headers(_said(query), kind), _media_type(kind)
    if is_head(request):
        told = Response(headers=headers, media_type=media_type)
        del told.headers["content-length"]  # no document has it
        return told
    place = state.places.take(request.client.host if request.client else "")
    try:
        batches = _exporter(state, lang=lang).search(query)
        pieces = written(batches, writer_of(kind), seconds_max=state.settings.export_seconds_max, lang=lang)
        first = next(pieces)
    except BaseException:
        place.free()
        raise
    return ExportResponse(
        first,
        pieces,
        place=place,
        seconds_max=state.settings.export_seconds_max,
        media_type=media_type,
        headers=headers,
    )


def selection_export(
    ids: tuple[str, ...], kind: ExportFormat, *, state: AppState, text: str = "", lang: str = "en"
) -> Response:
    """Answer with marked documents; ids that name none are in a header, and in the file where its format has a place for them.

    Args:
        ids: at most SELECTION_MAX.
        kind: the format.
        state: gives index and records.
        text: words of a search, for the best page of each.
        lang: of the names of concepts.

    Raises NotFound: none of the documents is held. BadQuery: the words cannot be read.
    """
    held = state.store.documents.to_cite(ids)
    if not held:
        raise NotFound(
            sentence("None of these documents is here: {ids}.", ids=", ".join(ids[:5]) or "-"),
            try_next=sentence("Select documents in the search results, or name them with ids=."),
        )
    missing = [each for each in ids if each not in held]
    headers = _headers("selection", kind) | ({MISSING_HEADER: ",".join(missing)} if missing else {})
    batches = _exporter(state, lang=lang).documents(ids, text=text)
    return Response(
        "".join(written(batches, writer_of(kind), lang=lang)), headers=headers, media_type=_media_type(kind)
    )


def _exporter(state: AppState, *, lang: str) -> Exporter:
    return Exporter(
        engine=state.engine,
        store=state.store,
        vocabulary=state.vocabulary,
        public_url=state.settings.public_url,
        accessed=datetime.now(UTC).date(),
        lang=lang,
        rights=state.rights,
    )


def _media_type(kind: ExportFormat) -> str:
    return f"{FILES[kind].media_type}; charset=utf-8"


def _headers(message: str, kind: ExportFormat) -> dict[str, str]:
    name = file_name(message, kind, day=datetime.now(UTC).date())
    return {"Content-Disposition": content_disposition(name), "Cache-Control": "no-store"}


def _said(query: SearchQuery) -> str:
    """Return what a search asks for, for the name of a file."""
    filters: Iterable[str] = chain.from_iterable(query.filter_values().get(name, ()) for name in FILTER_FIELDS)
    return " ".join((query.text, *filters, str(query.years or "")))

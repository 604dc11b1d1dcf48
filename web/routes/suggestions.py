"""Suggestions for the search box, in the words of the interface and with the addresses that they lead to."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from corpus.errors import BadQuery, EngineUnavailable
from corpus.messages import gettext
from corpus.messages.values import facet_title
from corpus.types import Facet
from search_api.query.suggest import Completion, Suggester
from web.addresses import Parameters, document_address, search_address
from web.format import documents_in_words, without_controls
from web.language import VARY, page_language
from web.state import Site

_FRESH_SECONDS = 60
"""How long a browser may show what it asked for before: deleting a letter needs no new answer."""


@dataclass(frozen=True, slots=True)
class SuggestionLine:
    """One line below the search box."""

    text: str
    note: str
    """What it is, in words: `Worker group, 41 documents`; for a label of another language also ours."""
    href: str
    lang: str
    """ISO 639-1 of the text; empty: not known."""


def suggestions_router(site: Site) -> APIRouter:
    """Return the route."""
    router = APIRouter(include_in_schema=False)
    suggester = Suggester(site.app.engine, store=site.app.store, vocabulary=site.app.vocabulary)

    @router.get("/suggestions")
    def suggestions(request: Request) -> Response:
        given = tuple(request.query_params.multi_items())
        text, lang = request.query_params.get("q", ""), page_language(request)
        try:
            lines = [_line(each, given, site=site, lang=lang) for each in suggester.suggest(text, lang=lang)]
        except (EngineUnavailable, BadQuery):  # the search itself reports what is wrong
            return JSONResponse([], headers={"Cache-Control": "no-store"})
        headers = {"Cache-Control": f"private, max-age={_FRESH_SECONDS}", "Vary": VARY}
        return JSONResponse([asdict(line) for line in lines], headers=headers)

    @router.get("/suggestions.json")
    def for_browsers(request: Request) -> Response:
        """Answer in the form of OpenSearch: what was typed, then words, notes and addresses beside each other."""
        text, lang = request.query_params.get("q", ""), page_language(request)
        try:
            lines = [_line(each, (), site=site, lang=lang) for each in suggester.suggest(text, lang=lang)]
        except (EngineUnavailable, BadQuery):
            lines = []
        host = site.app.settings.public_url
        columns = [[each.text for each in lines], [each.note for each in lines], [host + each.href for each in lines]]
        headers = {"Cache-Control": f"private, max-age={_FRESH_SECONDS}", "Vary": VARY}
        return JSONResponse([text, *columns], media_type="application/x-suggestions+json", headers=headers)

    return router


def _line(suggestion: Completion, given: Parameters, *, site: Site, lang: str) -> SuggestionLine:
    tongue = "" if suggestion.lang == "und" else suggestion.lang
    text = without_controls(suggestion.text)
    if not suggestion.facet:
        return SuggestionLine(
            text=text, note=gettext("Document", lang=lang), href=document_address(suggestion.id), lang=tongue
        )
    # The words become the filter; filters that are on stay on.
    filters = [each for each in given if each[0] not in ("q", "cursor")]
    chosen = (suggestion.facet, suggestion.id)
    query = site.query_of(filters if chosen in filters else [*filters, chosen])
    return SuggestionLine(
        text=text, note=_note(suggestion, site=site, lang=lang), href=search_address(query), lang=tongue
    )


def _note(suggestion: Completion, *, site: Site, lang: str) -> str:
    label = site.app.vocabulary.label(Facet(suggestion.facet), suggestion.id, lang)
    kind = facet_title(suggestion.facet, lang=lang) + (f": {label}" if label != suggestion.text else "")
    return f"{kind}, {documents_in_words(suggestion.count, lang=lang)}"

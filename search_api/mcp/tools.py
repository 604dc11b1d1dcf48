"""What each tool does: plain functions on what is open, which answer typed values and only read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.messages.rights import rights_in_words
from corpus.rights import shown
from corpus.types import Document, Facet
from search_api.answers.citations.formats import CitationFormat, cite
from search_api.answers.marks import Marker, marker_of
from search_api.answers.passages import passages
from search_api.answers.results import Results
from search_api.answers.service import search
from search_api.api.bodies import CollectionCoverageBody
from search_api.api.quote_bodies import page_link
from search_api.api.state import AppState
from search_api.mcp.bodies import (
    CountedValue,
    CoverageAnswer,
    FetchAnswer,
    QuoteAnswer,
    ReadPagesAnswer,
    SearchAnswer,
    ToolDocument,
    ToolHit,
    ToolPassage,
    VerifyQuoteAnswer,
    plain_of,
)
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.quotes.checking import CheckedQuote, QuoteVerdict

PAGES_AT_ONCE = 5
"""Pages that `read_pages` gives at once."""
PAGES_CHARACTERS_MAX = 24_000
"""Of the text that it gives at once."""
_VALUES_MAX = 20
_ABOUT_MAX = 40


class Tools:
    """The tools over one data folder. Threads may share it."""

    def __init__(self, state: AppState) -> None:
        """Take what is open; whoever made it closes it."""
        self._state = state
        self._host = state.settings.public_url

    def search(self, text: str, *, limit: int, cursor: str) -> SearchAnswer:
        """Answer a search. Raises BadQuery: it cannot be understood. EngineUnavailable: the index does not answer."""
        parameters = [("q", text), ("limit", str(limit))] + [("cursor", cursor)] * bool(cursor)
        query = SearchQuery.from_parameters(
            parameters,
            vocabulary=self._state.vocabulary,
            characters_max=self._state.settings.query_characters_max,
            sources=set(self._state.store.sources.names()),
        )
        results = self._results(query)
        return SearchAnswer(
            total=results.total,
            hits=[ToolHit.of(hit, host=self._host) for hit in results.hits],
            in_words=results.query.in_words,
            notes=[str(note) for note in results.query.notes],
            next=results.next,
        )

    def fetch(self, document: str) -> FetchAnswer:
        """Return a document. Raises NotFound: there is none with that id."""
        found = self._document(document)
        rights = self._state.rights.of(found)
        label = self._state.vocabulary.label
        return FetchAnswer(
            document=ToolDocument.of(found, host=self._host),
            abstract=found.abstract,
            about=[label(tag.facet, tag.concept, "en") for tag in found.tags if tag.about][:_ABOUT_MAX],
            licence=rights.licence,
            shown=rights.show,
            publisher_link=rights.publisher_link,
            citation=self._citation(found),
        )

    def read_pages(self, document: str, *, first: int, last: int, words: str) -> ReadPagesAnswer:
        """Return the text of some pages, or passages of them. Raises NotFound: there is no such document or page."""
        found = self._document(document)
        if not 1 <= first <= found.page_count:
            raise NotFound(
                sentence("Document {document} has no page {number}.", document=document, number=first),
                try_next=sentence("Its pages are 1 to {last}.", last=found.page_count),
            )
        reached = min(max(first, last), first + PAGES_AT_ONCE - 1, found.page_count)
        rights = self._state.rights.of(found)
        marker = marker_of(parse(words, vocabulary=self._state.vocabulary).tree) if words.strip() else None
        given: list[ToolPassage] = []
        left = PAGES_CHARACTERS_MAX
        is_cut = max(first, last) > reached
        for number in range(first, reached + 1):
            text = self._text(found, number, marker=marker, is_whole=rights.shows_text)
            is_cut = is_cut or len(text) > left
            text, left = text[:left], max(0, left - len(text))
            given.append(ToolPassage(page=number, text=text, link=page_link(found.id, host=self._host, page=number)))
        note = "" if rights.shows_text else f"{rights_in_words(rights)} {_ASK_WITH_WORDS}"
        return ReadPagesAnswer(
            document=ToolDocument.of(found, host=self._host),
            pages=given,
            is_cut=is_cut,
            note=note,
            citation=self._citation(found, page=first),
        )

    def verify_quote(self, quote: str, *, document: str, page: int) -> VerifyQuoteAnswer:
        """Look a quotation up, first where it is said to stand. Raises NotFound: the document that is named is not there."""
        drafts = self._state.drafts()
        checked: CheckedQuote | None = None
        if document:
            self._document(document)
            checked = drafts.check_one(quote, documents=(document,))
        if checked is None or checked.verdict is not QuoteVerdict.FOUND:
            anywhere = drafts.check_one(quote)
            if checked is None or anywhere.verdict is QuoteVerdict.FOUND or checked.verdict is QuoteVerdict.UNKNOWN:
                checked = anywhere
        checked = self._on_page(checked, document=document, page=page)
        place = checked.place
        citation = self._citation(place.document, page=place.page) if place else ""
        answer = _answer(checked, document=document, page=page)
        return VerifyQuoteAnswer.of(checked, answer, host=self._host, citation=citation)

    def coverage(self) -> CoverageAnswer:
        """Count what is held. Raises EngineUnavailable: the index does not answer."""
        results = self._results(SearchQuery(limit=1))

        def counted(facet: str, most: int = _VALUES_MAX) -> list[CountedValue]:
            listed = results.facets.get(facet, ())
            return [CountedValue(value=each.value, label=each.label, works=each.count) for each in listed[:most]]

        return CoverageAnswer(
            held=CollectionCoverageBody.of(self._state.coverage.at(self._state.moment())),
            languages=counted("lang"),
            sources=counted("source"),
            countries=counted(Facet.COUNTRY),
            groups=counted(Facet.GROUP),
            topics=counted(Facet.TOPIC),
            years=counted("year", 200),
        )

    def _results(self, query: SearchQuery) -> Results:
        state = self._state
        return search(query, engine=state.engine, store=state.store, vocabulary=state.vocabulary, rights=state.rights)

    def _document(self, document: str) -> Document:
        found = self._state.store.documents.get(document)
        return shown(found, self._state.rights.of(found))

    def _text(self, document: Document, number: int, *, marker: Marker | None, is_whole: bool) -> str:
        page = self._state.store.pages.get(document.id, number)
        if is_whole:
            return page.text
        return "\n".join(plain_of(each) for each in passages(page, marker, lang=document.lang)) if marker else ""

    def _on_page(self, checked: CheckedQuote, *, document: str, page: int) -> CheckedQuote:
        """Return a quotation that stands in several places as found in the one that is asked about."""
        place = checked.place
        if place is None or not page or (document or place.document.id, page) not in checked.others:
            return checked
        if document and document != place.document.id:
            return checked
        return replace(checked, place=replace(place, page=page, last_page=page))

    def _citation(self, document: Document, *, page: int = 0) -> str:
        now = datetime.now(UTC).date()
        return cite(document, CitationFormat.PLAIN, page=page, accessed=now, public_url=self._host).text.strip()


_ASK_WITH_WORDS = "Give `words` to read the passages around them."


def _answer(checked: CheckedQuote, *, document: str, page: int) -> QuoteAnswer:
    if checked.place is None or checked.verdict is QuoteVerdict.UNKNOWN:
        return QuoteAnswer.UNKNOWN
    if checked.verdict is QuoteVerdict.DIFFERENT:
        return QuoteAnswer.DIFFERENT
    if not document:
        return QuoteAnswer.FOUND
    if checked.place.document.id != document:
        return QuoteAnswer.ELSEWHERE
    is_there = checked.place.page <= page <= checked.place.last_page
    return QuoteAnswer.ON_THAT_PAGE if is_there else QuoteAnswer.IN_THAT_DOCUMENT

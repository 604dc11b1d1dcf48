"""A whole text: its quotations and citations, each looked up."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.rights import EVERYTHING, RightsPolicy, shown
from search_api.engines.base import SearchEngine
from search_api.quotes.checking import CheckedQuote, QuoteChecker, QuoteVerdict
from search_api.quotes.citations import TextCitation, citations_in
from search_api.quotes.cited import CheckedCitation, CitationChecker
from search_api.quotes.quotations import Quotation, quotations_in

if TYPE_CHECKING:
    from corpus.store import Store

TEXT_CHARACTERS_MAX = 400_000
"""Of a text that is checked; a thesis has about so many."""
QUOTES_MAX = 120
"""Quotations of one text that are looked up."""
CITATIONS_MAX = 200
"""Citations of one text that are looked up."""
_NEAR = 220
"""Characters behind a quotation within which a citation is taken for its own."""
_TITLE_WORDS_MAX = 30
_TITLE_LIKE_MIN = 96.0


@dataclass(frozen=True, slots=True)
class DraftQuote:
    """A quotation of a text that was looked up."""

    quotation: Quotation
    checked: CheckedQuote
    cited: CheckedCitation | None = None
    """The citation that stands behind it; None: none does."""
    title_of: str = ""
    """Id of the document of which it is the title; empty: it is none."""

    @property
    def is_of_another(self) -> bool:
        """Say whether it was found in a document that its citation does not mean."""
        if (
            self.cited is None
            or self.cited.verdict is not QuoteVerdict.FOUND
            or self.cited.more
            or self.checked.place is None
        ):
            return False
        held = {self.checked.place.document.id, *(document for document, _ in self.checked.others)}
        return held.isdisjoint(each.id for each in self.cited.documents)


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """What came of checking a text."""

    quotes: tuple[DraftQuote, ...]
    citations: tuple[CheckedCitation, ...]
    quotes_left_out: int = 0
    """Quotations beyond QUOTES_MAX."""
    citations_left_out: int = 0

    def count(self, verdict: QuoteVerdict) -> int:
        """Return how many quotations have a verdict."""
        return sum(each.checked.verdict is verdict for each in self.quotes)


class DraftChecker:
    """Checks whole texts. Threads may share it."""

    def __init__(self, *, engine: SearchEngine, store: Store, rights: RightsPolicy = EVERYTHING) -> None:
        """Take what finds documents and pages, what has their texts, and what decides how much of them is shown."""
        self._quotes = QuoteChecker(engine=engine, store=store, rights=rights)
        self._citations = CitationChecker(engine=engine, store=store)
        self._rights = rights

    def check(self, text: str) -> CheckedDraft:
        """Look up every quotation and citation of a text.

        Raises BadInput: it is empty or too long. EngineUnavailable: the index does not answer.
        """
        plain = plain_text(text)
        quotations, citations = quotations_in(plain), citations_in(plain)
        cited = tuple(self._shown(self._citations.check(each)) for each in citations[:CITATIONS_MAX])
        by_citation = {each.citation: each for each in cited}
        quotes = tuple(self._quote(each, plain, citations, by_citation) for each in quotations[:QUOTES_MAX])
        return CheckedDraft(
            quotes,
            cited,
            quotes_left_out=max(0, len(quotations) - QUOTES_MAX),
            citations_left_out=max(0, len(citations) - CITATIONS_MAX),
        )

    def check_one(self, text: str, *, documents: Sequence[str] = ()) -> CheckedQuote:
        """Look one quotation up, which has no quotation marks around it.

        Args:
            documents: ids of the only documents in which it is looked for; empty: all.

        Raises BadInput: it is empty or too long. EngineUnavailable: the index does not answer.
        """
        return self._quotes.check(plain_text(text).strip(), documents=documents)

    def _quote(
        self,
        quotation: Quotation,
        text: str,
        citations: tuple[TextCitation, ...],
        checked: dict[TextCitation, CheckedCitation],
    ) -> DraftQuote:
        found = self._quotes.check(quotation.text)
        title_of = ""
        if found.verdict is not QuoteVerdict.FOUND and len(quotation.text.split()) <= _TITLE_WORDS_MAX:
            titled = self._citations.titled(quotation.text)
            if titled and titled[0][1] >= _TITLE_LIKE_MIN:
                title_of = titled[0][0].id
        own = next((each for each in citations if 0 <= each.start - quotation.end <= _NEAR), None)
        if own is not None and "\n\n" in text[quotation.end : own.start].strip():
            own = None
        return DraftQuote(quotation, found, checked.get(own) if own else None, title_of)

    def _shown(self, citation: CheckedCitation) -> CheckedCitation:
        documents = tuple(shown(each, self._rights.of(each)) for each in citation.documents)
        return CheckedCitation(
            citation.citation, citation.verdict, documents, more=citation.more, page_is_missing=citation.page_is_missing
        )


def plain_text(text: str) -> str:
    """Return a text of a person in composed letters, with one kind of line break.

    Raises BadInput: it is empty or longer than TEXT_CHARACTERS_MAX.
    """
    if len(text) > TEXT_CHARACTERS_MAX:
        raise BadInput(
            sentence("The text has more than {count:,} characters.", count=TEXT_CHARACTERS_MAX),
            try_next=sentence("Check it chapter by chapter."),
        )
    plain = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", " "))
    if not plain.strip():
        raise BadInput(
            sentence("There is no text to check."),
            try_next=sentence("Paste a sentence, a paragraph or a draft, or choose a file."),
        )
    return plain

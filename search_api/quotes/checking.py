"""Is this quotation in the documents that are held: found, different, or unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.rights import EVERYTHING, Rights, RightsPolicy, shown
from corpus.types import Document, Page
from search_api.engines.base import FoundPage, SearchEngine
from search_api.quotes.aligning import Alignment, WordDifference
from search_api.quotes.candidates import candidate_pages
from search_api.quotes.page_texts import PageText, joined_text, page_text
from search_api.quotes.quotations import parts_of
from search_api.quotes.words import QuoteWord, words_of

if TYPE_CHECKING:
    from corpus.store import Store

SIMILARITY_MIN = 0.6
"""Of a quotation and a passage that is called the same one with changes; measured by benchmarks/quotes.py."""
_SHORT_SIMILARITY_MIN = 0.72
_SHORT_WORDS = 8
"""Fewer words than this must be more alike: any page has half of them by chance."""
_ROW_SHARE_MIN = 0.2
"""Share of a quotation that must be the same in a row."""
_JOINED_MAX = 6
"""Pages that are compared together with their neighbours."""
PLACES_MAX = 4
"""Other places of a quotation that are named."""


class QuoteVerdict(StrEnum):
    """What came of looking a quotation or citation up."""

    FOUND = "found"
    """It is here, word by word."""
    DIFFERENT = "different"
    """Something is here that is nearly the same."""
    UNKNOWN = "unknown"
    """Nothing like it is here: that says nothing about documents that are not held."""


@dataclass(frozen=True, slots=True)
class QuotePlace:
    """Where a quotation stands, or what is nearest to it."""

    document: Document
    """In brief, with as much of it as may be shown."""
    rights: Rights
    page: int
    """1-based, on which it begins."""
    last_page: int
    """On which it ends."""
    passage: str
    """What is printed there, with white space in place of what may not be shown."""
    differences: tuple[WordDifference, ...]
    """Places are characters of the quotation, and of the passage."""
    similarity: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class CheckedQuote:
    """A quotation that was looked up."""

    text: str
    verdict: QuoteVerdict
    place: QuotePlace | None = None
    """None: it is unknown."""
    others: tuple[tuple[str, int], ...] = ()
    """Ids of other documents in which it stands word by word, with their pages; at most PLACES_MAX."""


@dataclass(frozen=True, slots=True)
class _Match:
    document: str
    text: PageText
    alignments: tuple[Alignment, ...]
    """Of each part of the quotation, in order."""
    words: int
    """Of the quotation."""

    @property
    def similarity(self) -> float:
        return sum(each.similarity for each in self.alignments) / len(self.alignments)

    @property
    def is_exact(self) -> bool:
        in_order = all(
            before.end <= after.start for before, after in zip(self.alignments, self.alignments[1:], strict=False)
        )
        return in_order and all(each.is_exact for each in self.alignments)

    @property
    def is_likely(self) -> bool:
        """Say whether the passage is meant, and not only made of the same words."""
        least = _SHORT_SIMILARITY_MIN if self.words < _SHORT_WORDS else SIMILARITY_MIN
        row = max(each.longest for each in self.alignments)
        return self.similarity >= least and row >= max(2, round(_ROW_SHARE_MIN * self.words))


class QuoteChecker:
    """Looks quotations up. Threads may share it."""

    def __init__(self, *, engine: SearchEngine, store: Store, rights: RightsPolicy = EVERYTHING) -> None:
        """Take what finds pages, what has their texts, and what decides how much of them is shown."""
        self._engine = engine
        self._store = store
        self._rights = rights

    def check(self, text: str, *, documents: Sequence[str] = ()) -> CheckedQuote:
        """Look a quotation up.

        Args:
            text: without its quotation marks; `[...]` and `…` stand for words that were left out.
            documents: ids of the only documents in which it is looked for; empty: all.

        Raises EngineUnavailable: the index does not answer.
        """
        parts = [words for part in parts_of(text) if (words := _moved(part.text, by=part.start))]
        if not parts:
            return CheckedQuote(text, QuoteVerdict.UNKNOWN)
        found = candidate_pages(text, engine=self._engine, documents=documents)
        matches = self._matches(parts, found)
        exact = [match for match in matches if match.is_exact]
        if exact:
            place = self._place(exact[0])
            return CheckedQuote(text, QuoteVerdict.FOUND, place, _others(exact))
        likely = [match for match in matches if match.is_likely]
        if not likely:
            return CheckedQuote(text, QuoteVerdict.UNKNOWN)
        return CheckedQuote(text, QuoteVerdict.DIFFERENT, self._place(max(likely, key=lambda match: match.similarity)))

    def _matches(self, parts: Sequence[tuple[QuoteWord, ...]], found: Sequence[FoundPage]) -> list[_Match]:
        """Return what each page has of a quotation, the likeliest page first; with its neighbours where it has not all of it."""
        documents = self._store.documents.in_brief(list(dict.fromkeys(page.document for page in found)))
        policy = self._rights.now()
        rights = {each: policy.of(document) for each, document in documents.items()}
        held = [page for page in found if page.document in documents]
        pages = self._pages([(page.document, page.number) for page in held])
        matches: list[_Match] = []
        for each in held:
            if page := pages.get((each.document, each.number)):
                text = page_text(page, is_whole=rights[each.document].shows_text)
                if match := _match(each.document, text, parts):
                    matches.append(match)
        if any(match.is_exact for match in matches):
            return matches
        near = held[:_JOINED_MAX]
        around = [(page.document, page.number + step) for page in near for step in (-1, 0, 1) if page.number + step > 0]
        pages = self._pages(around)
        for each in near:
            three = [beside for step in (-1, 0, 1) if (beside := pages.get((each.document, each.number + step)))]
            if three:
                text = joined_text(three, around=each.number, is_whole=rights[each.document].shows_text)
                if match := _match(each.document, text, parts):
                    matches.append(match)
        return matches

    def _pages(self, wanted: Sequence[tuple[str, int]]) -> Mapping[tuple[str, int], Page]:
        numbers: dict[str, list[int]] = {}
        for document, number in dict.fromkeys(wanted):
            numbers.setdefault(document, []).append(number)
        return {place: stored.page() for place, stored in self._store.pages.stored(numbers).items()}

    def _place(self, match: _Match) -> QuotePlace:
        document = self._store.documents.in_brief([match.document])[match.document]
        rights = self._rights.of(document)
        start = min(each.start for each in match.alignments)
        end = max(each.end for each in match.alignments)
        differences = tuple(
            WordDifference(each.kind, each.quoted, (each.printed[0] - start, each.printed[1] - start))
            for alignment in match.alignments
            for each in alignment.differences
        )
        return QuotePlace(
            document=shown(document, rights),
            rights=rights,
            page=match.text.page_at(start),
            last_page=match.text.page_at(max(start, end - 1)),
            passage=match.text.passage(start, end),
            differences=differences,
            similarity=match.similarity,
        )


def _moved(text: str, *, by: int) -> tuple[QuoteWord, ...]:
    return tuple(word._replace(start=word.start + by, end=word.end + by) for word in words_of(text))


def _match(document: str, text: PageText, parts: Sequence[tuple[QuoteWord, ...]]) -> _Match | None:
    """Return where a text has the parts of a quotation; None when it has nothing of one of them."""
    alignments: list[Alignment] = []
    reached = 0
    for part in parts:
        found = text.aligned.align(part, after=reached)
        if found is None:
            return None
        reached = found.end
        alignments.append(found)
    return _Match(document, text, tuple(alignments), sum(map(len, parts)))


def _others(exact: Sequence[_Match]) -> tuple[tuple[str, int], ...]:
    places = dict.fromkeys((each.document, each.text.page_at(each.alignments[0].start)) for each in exact)
    return tuple(places)[1 : PLACES_MAX + 1]

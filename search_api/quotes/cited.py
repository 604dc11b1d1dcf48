"""Which document a citation means, of those that are held."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from corpus.errors import NotFound
from corpus.types import Document
from search_api.analysis import exact
from search_api.engines.base import SearchEngine
from search_api.query.parameters import YearRange
from search_api.query.plan import Field, Flat, HasToken, InYears, MatchAll, MatchAny, OneOf, Plan
from search_api.quotes.checking import QuoteVerdict
from search_api.quotes.citations import CitationKind, TextCitation

if TYPE_CHECKING:
    from corpus.store import Store

DOCUMENTS_MAX = 5
"""Documents that one citation may mean which are named."""
_YEARS_APART = 2
"""Of a document that is called the same with another year."""
_TITLE_LIKE_MIN = 90.0
"""Of titles that are the same but for a word, 0 to 100."""
_TITLE_NEAR_MIN = 80.0
_TITLES_TRIED = 10
_NAMES = re.compile(r"[;&/]| and | y | et | e |,")
_SMALL_WORDS = "of the for and de la el los las del des du le les da do das dos e y et al von van"
_SMALL = frozenset(_SMALL_WORDS.split())

_LONG_NAMES = {
    "ilo": "international labour",
    "oit": "trabajo",
    "bit": "travail",
    "wb": "world bank",
    "imf": "monetary fund",
    "undp": "development programme",
    "oecd": "economic operation",
    "ocde": "económicos",
    "eclac": "latin america caribbean",
    "cepal": "américa latina caribe",
    "un": "united nations",
}
"""Words of the whole names of bodies that texts cite by their letters, and catalogues by their names."""


@dataclass(frozen=True, slots=True)
class CheckedCitation:
    """A citation that was looked up."""

    citation: TextCitation
    verdict: QuoteVerdict
    documents: tuple[Document, ...] = ()
    """In brief: those that may be meant, or, when it is different, the nearest. At most DOCUMENTS_MAX."""
    more: bool = False
    """True: there are more than these."""
    page_is_missing: bool = False
    """True: it is a link to a page that the document does not have."""


class CitationChecker:
    """Looks citations up. Threads may share it."""

    def __init__(self, *, engine: SearchEngine, store: Store) -> None:
        """Take what finds documents, and what has them."""
        self._engine = engine
        self._store = store

    def check(self, citation: TextCitation) -> CheckedCitation:
        """Look a citation up. Raises EngineUnavailable: the index does not answer."""
        match citation.kind:
            case CitationKind.LINK:
                return self._link(citation)
            case CitationKind.DOI:
                return self._answer(citation, self._best(Flat(OneOf("doi", (citation.doi,)), 1.0)))
            case CitationKind.REFERENCE:
                return self._titled(citation)
        return self._by_year(citation)

    def _link(self, citation: TextCitation) -> CheckedCitation:
        try:
            document = self._store.documents.get(citation.document)
        except NotFound:
            return CheckedCitation(citation, QuoteVerdict.UNKNOWN)
        is_missing = citation.page is not None and not 1 <= citation.page <= document.page_count
        return CheckedCitation(
            citation,
            QuoteVerdict.DIFFERENT if is_missing else QuoteVerdict.FOUND,
            (document,),
            page_is_missing=is_missing,
        )

    def _titled(self, citation: TextCitation) -> CheckedCitation:
        found = self.titled(citation.title)
        same = [each for each, likeness in found if likeness >= _TITLE_LIKE_MIN]
        of_year = [each for each in same if _year(each) in (citation.year, None)]
        if of_year:
            return self._answer(citation, of_year)
        near = same or [each for each, likeness in found if likeness >= _TITLE_NEAR_MIN]
        return self._answer(citation, near, verdict=QuoteVerdict.DIFFERENT)

    def titled(self, title: str) -> tuple[tuple[Document, float], ...]:
        """Return documents whose title is like one, with how like it is (0 to 100), best first."""
        tokens = tuple(dict.fromkeys(exact(title)))[:40]
        if len(tokens) < 3:
            return ()
        parts = tuple(HasToken(Field.TITLE_EXACT, token) for token in tokens)
        found = self._best(MatchAny(parts, max(1, len(parts) * 2 // 3)), limit=_TITLES_TRIED)
        wanted = " ".join(exact(title))
        rated = [(each, fuzz.ratio(wanted, " ".join(exact(each.title)))) for each in found]
        # A reference may leave a subtitle out, or add a series to the title.
        rated += [
            (each, 95.0) for each in found if len(tokens) >= 5 and f" {wanted} " in f" {' '.join(exact(each.title))} "
        ]
        best: dict[str, tuple[Document, float]] = {}
        for each, likeness in rated:
            if likeness > best.get(each.id, (each, -1.0))[1]:
                best[each.id] = (each, likeness)
        return tuple(sorted(best.values(), key=lambda pair: (-pair[1], pair[0].id)))

    def _by_year(self, citation: TextCitation) -> CheckedCitation:
        plan = _names_plan(citation.who)
        if plan is None or citation.year is None:
            return CheckedCitation(citation, QuoteVerdict.UNKNOWN)
        of_year = self._best(MatchAll((plan, InYears(YearRange(citation.year, citation.year)))))
        if of_year:
            return self._answer(citation, of_year)
        years = YearRange(citation.year - _YEARS_APART, citation.year + _YEARS_APART)
        return self._answer(citation, self._best(MatchAll((plan, InYears(years)))), verdict=QuoteVerdict.DIFFERENT)

    def _best(self, plan: Plan, *, limit: int = DOCUMENTS_MAX + 1) -> list[Document]:
        ids = [hit.id for hit in self._engine.best(plan, limit=limit)]
        documents = self._store.documents.in_brief(ids)
        return [documents[each] for each in ids if each in documents]

    def _answer(
        self, citation: TextCitation, found: Sequence[Document], *, verdict: QuoteVerdict = QuoteVerdict.FOUND
    ) -> CheckedCitation:
        if not found:
            return CheckedCitation(citation, QuoteVerdict.UNKNOWN)
        return CheckedCitation(citation, verdict, tuple(found[:DOCUMENTS_MAX]), more=len(found) > DOCUMENTS_MAX)


def _names_plan(who: str) -> Plan | None:
    """Return what finds the documents of the first author or of a publisher; None when no name is left."""
    plain = re.sub(r"\bet al\b\.?", " ", who)
    names = [name for name in (part.strip(" .,") for part in _NAMES.split(plain)) if name]
    if not names:
        return None
    either = [_has_names(exact(names[0]))]
    if len(names) > 1 and not names[0].isupper():  # "Ministry of Labour and Social Security" is one name
        either.append(_has_names([token for token in exact(plain) if token not in _SMALL]))
    if long_name := _LONG_NAMES.get(names[0].lower()):
        either.append(_has_names(exact(long_name)))
    known = tuple(each for each in either if each is not None)
    return MatchAny(known) if known else None


def _has_names(tokens: Sequence[str]) -> Plan | None:
    wanted = [token for token in dict.fromkeys(tokens) if token not in _SMALL][:8]
    parts = tuple(MatchAny((HasToken(Field.AUTHOR, token), HasToken(Field.PUBLISHER, token))) for token in wanted)
    return MatchAll(parts) if parts else None


def _year(document: Document) -> int | None:
    return int(document.published[:4]) if document.published[:4].isdigit() else None

"""What a document lacks of a search: the answer to "Why did I not get this document?"."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from alerts.matching.batch import RecordBatch
from alerts.matching.searches import SavedSearch, check_values, tree_of
from corpus.errors import BadQuery
from corpus.messages import gettext
from corpus.messages.formats import listed
from corpus.messages.values import document_language, facet_in_sentence, type_name
from corpus.types import Document, Facet
from search_api.engines.records import records_of
from search_api.query.describe import describe
from search_api.query.parameters import SearchQuery, YearRange
from search_api.query.planning import ABOUT_FILTERS, DOCUMENTS, plan_of
from search_api.query.tree import (
    And,
    Boosted,
    Concepts,
    Everything,
    Fuzzy,
    Most,
    Node,
    Not,
    Or,
    Phrase,
    Prefix,
    Values,
    Words,
    Years,
)

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


class LackKind(StrEnum):
    """What a document lacks."""

    WORDS = "words"
    """A word, or the parts of one."""
    CONCEPT = "concept"
    """Words that name a concept, and every other name of it."""
    PHRASE = "phrase"
    BEGINNING = "beginning"
    """A word that begins so."""
    SPELLING = "spelling"
    """A word spelled nearly so."""
    ALTERNATIVES = "alternatives"
    """All parts of an OR."""
    TOO_FEW = "too_few"
    """It has some words of a long text, and not enough of them."""
    EXCLUDED = "excluded"
    """It has what the search excludes."""
    FILTER = "filter"
    """It has none of the values of a filter."""
    YEARS = "years"
    """It was published in other years, or it is unknown when."""
    NOT_NEW = "not_new"
    """It was there before the search was followed."""
    UNREADABLE = "unreadable"
    """The search cannot be read any more, and finds nothing."""


_KINDS: dict[type[Node], LackKind] = {
    Words: LackKind.WORDS,
    Concepts: LackKind.CONCEPT,
    Phrase: LackKind.PHRASE,
    Prefix: LackKind.BEGINNING,
    Fuzzy: LackKind.SPELLING,
    Or: LackKind.ALTERNATIVES,
    Most: LackKind.TOO_FEW,
    Not: LackKind.EXCLUDED,
    Values: LackKind.FILTER,
    Years: LackKind.YEARS,
}


@dataclass(frozen=True, slots=True)
class Lack:
    """One thing that a document lacks of a search."""

    kind: LackKind
    part: Node
    """The part of the search; of EXCLUDED what is excluded; Everything() for NOT_NEW and UNREADABLE."""
    count: int = 0
    """Of TOO_FEW: how many of its parts the document has."""
    error: BadQuery | None = None
    """Of UNREADABLE."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether a search matches a document, and what is in the way."""

    lacks: tuple[Lack, ...]
    """Everything that the document lacks, in the order of the search, its filters last; empty: it matches."""
    about: bool
    """Of the search: its filters ask for what a document is about."""
    year: int | None
    """Of the document; None: unknown."""
    has_text: bool
    """False: the document has no page with text yet, so only its title, abstract and tags can answer."""

    @property
    def matches(self) -> bool:
        """Return whether the search matches the document, as new for it."""
        return not self.lacks


def why(search: SavedSearch, document: Document, *, vocabulary: Vocabulary, event: int | None = None) -> Explanation:
    """Return whether a search matches a document, and what the document lacks.

    Args:
        search: with the sequence number after which documents are new for it.
        document: with tags and pages.
        vocabulary: the present one.
        event: sequence number of the change that made the document new; None: Document.first_sequence.
    """
    has_text = any(page.text.strip() for page in document.pages)
    lacks: list[Lack] = []
    try:
        check_values(search.query, vocabulary=vocabulary)
        tree = tree_of(search.query, vocabulary=vocabulary)
    except BadQuery as error:
        lacks.append(Lack(LackKind.UNREADABLE, Everything(), error=error))
    else:
        batch = RecordBatch([records_of(document, sequence=0, vocabulary=vocabulary)[0]])
        for part in (tree, *_filters(search.query)):
            lacks += _lacks(part, batch, about=search.query.about)
    if (document.first_sequence if event is None else event) <= search.since:
        lacks.append(Lack(LackKind.NOT_NEW, Everything()))
    return Explanation(tuple(lacks), about=search.query.about, year=document.year, has_text=has_text)


def _filters(query: SearchQuery) -> Iterator[Node]:
    yield from (Values(parameter, values) for parameter, values in query.filter_values().items())
    if query.years is not None:
        yield Years(query.years)


def _lacks(node: Node, batch: RecordBatch, *, about: bool) -> Iterator[Lack]:
    """Give what the only document of a batch lacks of a part; nothing where it matches."""
    if batch.mask(plan_of(node, shape=DOCUMENTS, about=about)):
        return
    match node:
        case Boosted(part):
            yield from _lacks(part, batch, about=about)
        case And(parts):
            for part in parts:
                yield from _lacks(part, batch, about=about)
        case Most(parts, minimum) if minimum == len(parts):
            for part in parts:
                yield from _lacks(part, batch, about=about)
        case Most(parts):
            has = sum(batch.mask(plan_of(part, shape=DOCUMENTS, about=about)) for part in parts)
            yield Lack(LackKind.TOO_FEW, node, count=has)
        case Not(part):
            yield Lack(LackKind.EXCLUDED, _found_in(part, batch, about=about))
        case _:
            yield Lack(_KINDS[type(node)], node)


def _found_in(part: Node, batch: RecordBatch, *, about: bool) -> Node:
    """Return what of an excluded part the document has: of alternatives the first that is there."""
    if isinstance(part, Or):
        for each in part.parts:
            if not batch.mask(plan_of(Not(each), shape=DOCUMENTS, about=about)):
                return _found_in(each, batch, about=about)
    return part


def in_words(explanation: Explanation, *, vocabulary: Vocabulary, lang: str = "en") -> tuple[str, ...]:
    """Return what the document lacks in sentences, one for each thing; empty when it matches.

    Args:
        explanation: from `why`.
        vocabulary: gives labels.
        lang: en, es, fr or pt.
    """
    message = [_sentence(lack, explanation, vocabulary=vocabulary, lang=lang) for lack in explanation.lacks]
    if message and not explanation.has_text:
        message.append(gettext("No text of the document could be read so far.", lang=lang))
    return tuple(message)


def _sentence(lack: Lack, of: Explanation, *, vocabulary: Vocabulary, lang: str) -> str:
    words = describe(lack.part, lang=lang)
    match lack.kind, lack.part:
        case LackKind.NOT_NEW, _:
            return gettext("The document was already here when the alert began.", lang=lang)
        case LackKind.UNREADABLE, _:
            why_not = lack.error.in_language(lang) if lack.error else ""
            return gettext("The search can no longer be read: {reason}", reason=why_not, lang=lang)
        case LackKind.EXCLUDED, _:
            return gettext("The document contains words that the search excludes: {words}.", words=words, lang=lang)
        case LackKind.TOO_FEW, Most(parts, minimum):
            return gettext(
                "The document has {count} of the {total} words of the search; {minimum} are needed.",
                count=lack.count,
                total=len(parts),
                minimum=minimum,
                lang=lang,
            )
        case LackKind.FILTER, Values(name, values):
            return _filter_sentence(name, values, about=of.about, vocabulary=vocabulary, lang=lang)
        case LackKind.YEARS, Years(years) if of.year is None:
            return gettext(
                "The publication date of the document is unknown; the search asks for {years}.",
                years=_years(years, lang=lang),
                lang=lang,
            )
        case LackKind.YEARS, Years(years):
            return gettext(
                "The document was published in {year}; the search asks for {years}.",
                year=of.year,
                years=_years(years, lang=lang),
                lang=lang,
            )
        case _:
            return gettext("The document does not contain: {words}.", words=words, lang=lang)


def _years(years: YearRange, *, lang: str) -> str:
    if years.first is None:
        return gettext("{year} or earlier", year=years.last, lang=lang)
    if years.last is None:
        return gettext("{year} or later", year=years.first, lang=lang)
    if years.first == years.last:
        return str(years.first)
    return gettext("{first} to {last}", first=years.first, last=years.last, lang=lang)


def _filter_sentence(name: str, values: tuple[str, ...], *, about: bool, vocabulary: Vocabulary, lang: str) -> str:
    labels = listed((_label(name, value, vocabulary=vocabulary, lang=lang) for value in values), lang=lang)
    if name == "doi":
        return gettext("The document has another DOI than {values}, or none.", values=labels, lang=lang)
    facet = facet_in_sentence(name, lang=lang)
    if name not in ABOUT_FILTERS:
        return gettext("The document has another {facet} than {values}.", facet=facet, values=labels, lang=lang)
    if about:
        return gettext("The document is not about {values} ({facet}).", facet=facet, values=labels, lang=lang)
    return gettext("The document does not mention {values} ({facet}).", facet=facet, values=labels, lang=lang)


def _label(name: str, value: str, *, vocabulary: Vocabulary, lang: str) -> str:
    if name in tuple(Facet):
        return vocabulary.label(Facet(name), value, lang)
    if name == "lang":
        return document_language(value, lang=lang)
    return type_name(value, lang=lang) if name == "type" else value

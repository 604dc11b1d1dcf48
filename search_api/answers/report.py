"""The search report: everything with which a search can be told, judged and made again, as the checklist PRISMA-S asks for it.

A report is data; `report_words` puts it into sections in words. It is kept with a frozen search as JSON, so that names here
stay, and new ones have a default.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from importlib.metadata import version
from typing import TYPE_CHECKING

from corpus.messages import in_language
from corpus.messages.values import document_language, type_name
from corpus.types import Facet
from corpus.vocabulary.spelling import in_alphabet
from search_api.analysis import query_words
from search_api.answers.not_held import NotHeld
from search_api.answers.understood import every_name_of, narrower_than
from search_api.engines.base import EngineResults, SearchEngine
from search_api.query.describe import describe
from search_api.query.parameters import SearchQuery
from search_api.query.parse import ParsedText, parse
from search_api.query.translations import SWITCH, translated_words
from search_api.query.tree import Node, Words, leaves

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class ReportedConcept:
    """A concept that the text names."""

    facet: str
    id: str
    label: str
    text: str
    """The words that name it, as typed."""
    also: tuple[str, ...]
    """Every other name that is searched for with it, in the four languages."""
    narrower: tuple[str, ...]
    """Labels of the concepts below it, whose names are searched for too."""
    is_on: bool
    """False: it was switched off, and its words were searched for as plain words."""


@dataclass(frozen=True, slots=True)
class ReportedWord:
    """A plain word and the forms under which it is looked up: every word of a document that has one of these forms counts."""

    text: str
    forms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportedFilter:
    """A filter that was on; its values are alternatives."""

    name: str
    """Of the parameter: `country`, `lang` ..."""
    values: tuple[str, ...]
    labels: tuple[str, ...]
    """For a person, one for each value."""


@dataclass(frozen=True, slots=True)
class ReportedCount:
    """How many answers have a value."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class ReportedSearch:
    """A search, how it was read, over what, and what it found."""

    at: datetime
    """UTC, whole seconds."""
    lang: str
    """Of the labels: en, es, fr or pt."""
    site: str
    """Where Pushcart is reached."""
    text: str
    """As typed."""
    in_words: str
    """How the text was read; empty when there is none."""
    total: int
    """Documents that answer; near documents are none."""
    pushcart: str
    """Version of the software."""
    engine: str
    """Name and version."""
    sequence: int
    """Sequence number of the newest change that the index showed."""
    vocabulary: str
    """Version of the vocabulary."""
    parameters: tuple[tuple[str, str], ...] = ()
    """Of the search: with them, /search asks the same."""
    notes: tuple[str, ...] = ()
    """What could not be understood or was done otherwise than typed."""
    concepts: tuple[ReportedConcept, ...] = ()
    words: tuple[ReportedWord, ...] = ()
    translated: tuple[str, ...] = ()
    """Words that have translations, as typed."""
    translations: tuple[str, ...] = ()
    with_translations: bool = True
    """False: translations were switched off."""
    off: tuple[str, ...] = ()
    strict: bool = False
    about: bool = True
    sort: str = "relevance"
    filters: tuple[ReportedFilter, ...] = ()
    years: str = ""
    """`2010..2020`; empty: any."""
    works: int = 0
    """Works that answer: copies and translations are one."""
    folded: int = 0
    """Copies and translations that are behind another document of their work."""
    sources: tuple[ReportedCount, ...] = ()
    languages: tuple[ReportedCount, ...] = ()
    by_year: tuple[ReportedCount, ...] = ()
    """Ascending."""
    undated: int = 0
    """Answers without a year."""
    not_held: NotHeld = field(default_factory=NotHeld)


def make_report(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    not_held: NotHeld,
    site: str,
    now: datetime,
    lang: str = "en",
) -> ReportedSearch:
    """Return the report of a search as it is answered now.

    Args:
        query: its cursor, limit and near documents play no part.
        engine: counts answers.
        store: names sources.
        vocabulary: reads the text and gives labels.
        not_held: what no search finds.
        site: public address of Pushcart.
        now: UTC.
        lang: of labels: en, es, fr or pt.

    Raises BadQuery: the search costs too much. EngineUnavailable: the index does not answer.
    """
    asked = reported_query(query)
    parsed = parse(asked.text, vocabulary=vocabulary, off=asked.off, strict=asked.strict)
    found = engine.search(replace(asked, limit=1), tree=parsed.tree)
    names = dict(store.sources.names())
    typed, others = translated_words(parsed.translated)
    by_year = _counts(found, "year", asked)
    return ReportedSearch(
        at=now.replace(microsecond=0),
        lang=lang,
        site=site,
        text=asked.text,
        in_words=describe(parsed.tree, lang=lang) if parsed.in_words else "",
        total=found.total + found.folded,
        pushcart=version("pushcart"),
        engine=engine.statistics().engine,
        sequence=engine.applied_sequence(),
        vocabulary=vocabulary.version,
        parameters=asked.to_parameters(),
        notes=tuple(in_language(each, lang) for each in parsed.notes),
        concepts=_concepts(parsed, off=asked.off, vocabulary=vocabulary, lang=lang),
        words=_words(parsed.tree),
        translated=typed,
        translations=others,
        with_translations=SWITCH not in asked.off,
        off=tuple(each for each in asked.off if each != SWITCH),
        strict=asked.strict,
        about=asked.about,
        sort=str(asked.sort),
        filters=_filters(asked, names=names, vocabulary=vocabulary, lang=lang),
        years=str(asked.years or ""),
        works=found.total,
        folded=found.folded,
        sources=_counts(found, "source", asked, lambda slug: names.get(slug, slug)),
        languages=_counts(found, "lang", asked, lambda code: document_language(code, lang=lang)),
        by_year=tuple(sorted(by_year, key=lambda each: each.value)),
        # Copies of one work may say different years.
        undated=max(0, found.total - sum(each.count for each in by_year)),
        not_held=not_held,
    )


def reported_query(query: SearchQuery) -> SearchQuery:
    """Return the search that is reported and frozen: all of its answers, so without cursor, size and near documents."""
    plain = SearchQuery()
    return replace(query, cursor="", limit=plain.limit, near=plain.near)


def _concepts(
    parsed: ParsedText, *, off: tuple[str, ...], vocabulary: Vocabulary, lang: str
) -> tuple[ReportedConcept, ...]:
    found: dict[tuple[Facet, str], ReportedConcept] = {}
    for part in parsed.concepts:
        for facet, concept in part.concepts:
            if (facet, concept) in found:
                continue
            label = vocabulary.label(facet, concept, lang)
            shown = {part.text.casefold(), label.casefold()}
            names = every_name_of(facet, concept, vocabulary=vocabulary, lang=lang)
            found[facet, concept] = ReportedConcept(
                facet=facet.value,
                id=concept,
                label=label,
                text=part.text,
                also=tuple(name for name in names if name.casefold() not in shown),
                narrower=tuple(narrower_than(facet, concept, vocabulary=vocabulary, lang=lang)),
                is_on=f"{facet.value}:{concept}" not in off,
            )
    return tuple(found.values())


def _words(tree: Node) -> tuple[ReportedWord, ...]:
    """Return the plain words of a text that are searched for in every form, each once."""
    found: dict[str, ReportedWord] = {}
    for leaf in leaves(tree):
        if isinstance(leaf, Words):
            for word in query_words(leaf.text):
                forms = tuple(dict.fromkeys((*word.forms, *(form for part in word.parts for form in part.forms))))
                found.setdefault(word.text, ReportedWord(word.text, forms))
    return tuple(found.values())


def _filters(
    query: SearchQuery, *, names: Mapping[str, str], vocabulary: Vocabulary, lang: str
) -> tuple[ReportedFilter, ...]:
    def label(parameter: str, value: str) -> str:
        if parameter in tuple(Facet):
            return vocabulary.label(Facet(parameter), value, lang)
        if parameter == "lang":
            return document_language(value, lang=lang)
        if parameter == "type":
            return type_name(value, lang=lang)
        return names.get(value, value) if parameter == "source" else value

    return tuple(
        ReportedFilter(name, values, tuple(label(name, value) for value in values))
        for name, values in query.filter_values().items()
    )


def _counts(
    found: EngineResults, facet: str, query: SearchQuery, label: Callable[[str], str] = str
) -> tuple[ReportedCount, ...]:
    """Return how many answers have each value; of a facet that is filtered, only values that the filter lets through."""
    chosen = query.filter_values().get(facet, ())
    listed = [
        ReportedCount(value, label(value), count)
        for value, count in found.counts.get(facet, {}).items()
        if count and (not chosen or value in chosen) and (facet != "year" or _in_years(query, value))
    ]
    return tuple(sorted(listed, key=lambda each: (-each.count, in_alphabet(each.label), each.value)))


def _in_years(query: SearchQuery, value: str) -> bool:
    years = query.years
    if years is None:
        return True
    return (years.first or 0) <= int(value) <= (years.last or 9999)

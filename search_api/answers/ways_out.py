"""When a search finds nothing or little: searches near it that find more, and which word or filter took everything away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.types import Facet
from search_api.answers.results import Results
from search_api.engines.base import SearchEngine
from search_api.query.naming import nearest_concept
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.spelling import corrected
from search_api.query.tree import And, Concepts, Most, Node, Phrase, Words

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

FEW = 5
"""With fewer answers than this, other spellings are looked for."""
WAYS_MAX = 8
TRIES_MAX = 14
"""Searches made to find ways; each takes milliseconds, and a hostile address may carry hundreds of filters."""

_QUOTED = re.compile(r"(?<![-+:])[\"“”„«»]([^\"“”„«»]*+)[\"“”„«»](?:~\d*|\*)?")
"""A phrase, with the sign behind it that has a meaning behind phrases only; none that is excluded or looked for in a field."""

FILTER_TITLES = {
    "group": "worker group",
    "region": "region",
    "country": "country",
    "sector": "sector",
    "topic": "topic",
    "lang": "language",
    "source": "source",
    "type": "type",
    "publisher": "publisher",
}
"""What filters are called within a sentence."""


class WayKind(StrEnum):
    """What is otherwise in a search nearby."""

    SPELLING = "spelling"
    CONCEPT = "concept"
    """A name of a concept that was nearly typed."""
    WITHOUT_FILTER = "without_filter"
    WITHOUT_WORD = "without_word"
    WITHOUT_QUOTES = "without_quotes"
    """The words of phrases, in any of their forms and anywhere."""
    WITHOUT_YEARS = "without_years"
    WITH_MENTIONS = "with_mentions"
    WITHOUT_FILTERS = "without_filters"


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search that finds more than the one that was asked."""

    kind: WayKind
    words: str
    """For a person, in English: `without the country: Peru`, `did you mean: street vendors`."""
    query: SearchQuery
    count: int
    """Its answers; more than those of the search that was asked."""


def ways_out(results: Results, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> tuple[WayOut, ...]:
    """Return searches near one that found nothing or little: as it may have been meant, then those with most documents.

    Nothing after the first page, or when there are FEW answers or more. What was left out is said only when nothing
    was found: of some answers, each word and filter keeps what it should.

    Raises EngineUnavailable: the index does not answer.
    """
    query = results.asked
    if results.total >= FEW or query.cursor or query.is_empty:
        return ()

    def found(near: list[WayOut]) -> list[WayOut]:
        counted = [replace(way, count=_count(way.query, engine=engine, vocabulary=vocabulary)) for way in near]
        return [way for way in counted if way.count > results.total]

    meant = found(_meant(query, engine=engine, store=store, vocabulary=vocabulary))
    if results.total:
        return tuple(meant)
    sources = {source.slug: source.name for source in store.sources.all()}
    others = [
        *_without_a_filter(query, vocabulary=vocabulary, sources=sources),
        *_without_a_word(query, vocabulary=vocabulary),
        *_without_quotes(query),
    ]
    if query.text and len([name for name in (*query.filter_values(), "year") if name != "year" or query.years]) > 1:
        bare = SearchQuery(text=query.text, off=query.off, strict=query.strict, sort=query.sort, limit=query.limit)
        others.append(WayOut(WayKind.WITHOUT_FILTERS, "the same words without any filter", bare, 0))
    return tuple([*meant, *sorted(found(others[:TRIES_MAX]), key=lambda way: -way.count)][:WAYS_MAX])


def _count(query: SearchQuery, *, engine: SearchEngine, vocabulary: Vocabulary) -> int:
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    return engine.search(replace(query, limit=1, cursor=""), tree=tree, counted=False).total


def _meant(query: SearchQuery, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary) -> list[WayOut]:
    """Return the search in other spellings: word by word, and as the name of a concept."""
    if query.strict or not query.text.strip():
        return []
    ways = []
    text = corrected(query.text, engine=engine, store=store, vocabulary=vocabulary)
    if text:
        ways.append(WayOut(WayKind.SPELLING, f"did you mean: {text}", replace(query, text=text, cursor=""), 0))
    near = nearest_concept(query.text, vocabulary=vocabulary)
    named = {concept for part in parse(text or query.text, vocabulary=vocabulary).concepts for concept in part.concepts}
    if near is not None and (near.facet, near.concept) not in named:  # else said already
        words = f"did you mean the {FILTER_TITLES[near.facet]} {vocabulary.label(near.facet, near.concept)}"
        text = query.text.replace(near.typed, near.name, 1)
        ways.append(WayOut(WayKind.CONCEPT, words, replace(query, text=text, cursor=""), 0))
    return ways


def _without_a_filter(query: SearchQuery, *, vocabulary: Vocabulary, sources: dict[str, str]) -> Iterator[WayOut]:
    for parameter, values in query.filter_values().items():
        labels = ", ".join(
            vocabulary.label(Facet(parameter), value) if parameter in tuple(Facet) else sources.get(value, value)
            for value in values[:3]
        )
        words = f"without the {FILTER_TITLES[parameter]}: {labels}"
        yield WayOut(WayKind.WITHOUT_FILTER, words, query.without(parameter), 0)
    if query.years is not None:
        yield WayOut(WayKind.WITHOUT_YEARS, f"of any year, not only {query.years}", query.without("year"), 0)
    if query.about:
        with_mentions = replace(query, about=False, cursor="")
        yield WayOut(WayKind.WITH_MENTIONS, "also where it is only mentioned", with_mentions, 0)


def _without_a_word(query: SearchQuery, *, vocabulary: Vocabulary) -> Iterator[WayOut]:
    """Leave out one word, name or phrase after the other, where the text is plain enough to say it again without."""
    text = " ".join(query.text.split())
    tree = parse(text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    for part in _parts(tree):
        typed = _as_typed(part)
        if typed and text.count(typed) == 1:
            rest = " ".join(text.replace(typed, " ").split())
            if rest and rest != text:
                yield WayOut(WayKind.WITHOUT_WORD, f"without {typed}", replace(query, text=rest, cursor=""), 0)


def _without_quotes(query: SearchQuery) -> Iterator[WayOut]:
    words = " ".join(_QUOTED.sub(r" \1 ", query.text).split())
    if words and words != " ".join(query.text.split()):
        yield WayOut(
            WayKind.WITHOUT_QUOTES, f"without quotation marks: {words}", replace(query, text=words, cursor=""), 0
        )


def _parts(tree: Node) -> Iterator[Node]:
    match tree:
        case And(parts):
            for part in parts:
                yield from _parts(part)
        case Most(parts):
            yield from parts
        case _:
            yield tree


def _as_typed(part: Node) -> str:
    match part:
        case Words(text, "") | Concepts(text, _, ""):
            return text
        case Phrase(text, 0, False, ""):
            return f'"{text}"'
        case _:
            return ""

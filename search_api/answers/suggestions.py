"""When a search finds nothing or little: searches near it that find more, and which word or filter took everything away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.languages import language_name
from corpus.messages import gettext
from corpus.messages.values import facet_in_sentence
from corpus.types import Facet
from search_api.answers.other_languages import in_other_languages
from search_api.answers.results import Results
from search_api.engines.base import SearchEngine
from search_api.query.naming import nearest_concept
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import parse
from search_api.query.spelling import corrected
from search_api.query.tree import And, Concepts, Most, Node, Phrase, Words

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

FEW = 5
"""With fewer answers than this, other spellings are looked for."""
SUGGESTIONS_MAX = 8
TRIES_MAX = 14
"""Searches made to find ways; each takes milliseconds, and a hostile address may carry hundreds of filters."""

_QUOTED = re.compile(r"(?<![-+:])[\"“”„«»]([^\"“”„«»]*+)[\"“”„«»](?:~\d*|\*)?")
"""A phrase, with the sign behind it that has a meaning behind phrases only; none that is excluded or looked for in a field."""


class SuggestionKind(StrEnum):
    """What is otherwise in a search nearby."""

    SPELLING = "spelling"
    CONCEPT = "concept"
    """A name of a concept that was nearly typed."""
    OTHER_LANGUAGE = "other_language"
    """The same concept by its name in another language."""
    WITHOUT_FILTER = "without_filter"
    WITHOUT_WORD = "without_word"
    WITHOUT_QUOTES = "without_quotes"
    """The words of phrases, in any of their forms and anywhere."""
    WITHOUT_YEARS = "without_years"
    WITH_MENTIONS = "with_mentions"
    WITHOUT_FILTERS = "without_filters"
    ONE_WORD = "one_word"
    """One word alone, without any filter, when leaving out one part was not enough."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A search that finds more than the one that was asked."""

    kind: SuggestionKind
    words: str
    """For a person, in English: `without the country: Peru`, `did you mean: street vendors`."""
    query: SearchQuery
    count: int
    """Its answers; more than those of the search that was asked."""


def suggestions_for(
    results: Results, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, lang: str = "en"
) -> tuple[Suggestion, ...]:
    """Return searches near one that found nothing or little: as it may have been meant, then those with most documents.

    Nothing after the first page, or when there are FEW answers or more. What was left out is said only when nothing
    was found: of some answers, each word and filter keeps what it should.

    Args:
        results: of the search.
        engine: finds documents.
        store: gives the names of sources.
        vocabulary: gives labels.
        lang: of the words: en, es, fr or pt.

    Raises EngineUnavailable: the index does not answer.
    """
    query = results.asked
    if results.total >= FEW or query.cursor or query.is_empty:
        return ()

    def found(near: list[Suggestion]) -> list[Suggestion]:
        counted = [replace(way, count=_count(way.query, engine=engine, vocabulary=vocabulary)) for way in near]
        return [way for way in counted if way.count > results.total]

    meant = found(_meant(query, engine=engine, store=store, vocabulary=vocabulary, lang=lang))
    if results.total:
        return tuple(meant)
    meant += _in_other_languages(query, engine=engine, vocabulary=vocabulary, lang=lang)
    sources = {source.slug: source.name for source in store.sources.all()}
    others = [
        *_without_a_filter(query, vocabulary=vocabulary, sources=sources, lang=lang),
        *_without_a_word(query, vocabulary=vocabulary, lang=lang),
        *_without_quotes(query, lang=lang),
    ]
    if query.text and len([name for name in (*query.filter_values(), "year") if name != "year" or query.years]) > 1:
        bare = SearchQuery(text=query.text, off=query.off, strict=query.strict, sort=query.sort, limit=query.limit)
        words = gettext("the same words without any filter", lang=lang)
        others.append(Suggestion(SuggestionKind.WITHOUT_FILTERS, words, bare, 0))
    ways = [*meant, *sorted(found(others[:TRIES_MAX]), key=lambda way: -way.count)]
    if not ways:
        text = corrected(query.text, engine=engine, store=store, vocabulary=vocabulary) or query.text
        ways = sorted(found(list(_one_word(text, query, vocabulary=vocabulary, lang=lang))), key=lambda way: -way.count)
    return tuple(ways[:SUGGESTIONS_MAX])


def _count(query: SearchQuery, *, engine: SearchEngine, vocabulary: Vocabulary) -> int:
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    # In an order that needs no scores: only the number counts here.
    return engine.search(replace(query, limit=1, cursor="", sort=Sort.NEWEST), tree=tree, counted=False).total


def _meant(
    query: SearchQuery, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, lang: str
) -> list[Suggestion]:
    """Return the search in other spellings: word by word, and as the name of a concept."""
    if query.strict or not query.text.strip():
        return []
    ways = []
    text = corrected(query.text, engine=engine, store=store, vocabulary=vocabulary)
    if text:
        words = gettext("did you mean: {text}", text=text, lang=lang)
        ways.append(Suggestion(SuggestionKind.SPELLING, words, replace(query, text=text, cursor=""), 0))
    near = nearest_concept(query.text, vocabulary=vocabulary)
    named = {concept for part in parse(text or query.text, vocabulary=vocabulary).concepts for concept in part.concepts}
    if near is not None and (near.facet, near.concept) not in named:  # else said already
        words = gettext(
            "did you mean the {filter} {label}",
            filter=facet_in_sentence(near.facet, lang=lang),
            label=vocabulary.label(near.facet, near.concept, lang),
            lang=lang,
        )
        text = query.text.replace(near.typed, near.name, 1)
        ways.append(Suggestion(SuggestionKind.CONCEPT, words, replace(query, text=text, cursor=""), 0))
    return ways


def _in_other_languages(
    query: SearchQuery, *, engine: SearchEngine, vocabulary: Vocabulary, lang: str
) -> list[Suggestion]:
    found = in_other_languages(
        query,
        (phrase[1] for phrase in _QUOTED.finditer(query.text)),
        vocabulary=vocabulary,
        count=lambda each: _count(each, engine=engine, vocabulary=vocabulary),
    )
    return [
        Suggestion(
            SuggestionKind.OTHER_LANGUAGE,
            gettext("in {language}: {words}", language=language_name(each.lang, lang=lang), words=each.name, lang=lang),
            each.query,
            each.count,
        )
        for each in found
    ]


def _without_a_filter(
    query: SearchQuery, *, vocabulary: Vocabulary, sources: dict[str, str], lang: str
) -> Iterator[Suggestion]:
    for parameter, values in query.filter_values().items():
        labels = ", ".join(
            vocabulary.label(Facet(parameter), value, lang) if parameter in tuple(Facet) else sources.get(value, value)
            for value in values[:3]
        )
        named = facet_in_sentence(parameter, lang=lang)
        words = gettext("without the {filter}: {labels}", filter=named, labels=labels, lang=lang)
        yield Suggestion(SuggestionKind.WITHOUT_FILTER, words, query.without(parameter), 0)
    if query.years is not None:
        words = gettext("of any year, not only {years}", years=query.years, lang=lang)
        yield Suggestion(SuggestionKind.WITHOUT_YEARS, words, query.without("year"), 0)
    if query.about:
        with_mentions = replace(query, about=False, cursor="")
        words = gettext("also where it is only mentioned", lang=lang)
        yield Suggestion(SuggestionKind.WITH_MENTIONS, words, with_mentions, 0)


def _without_a_word(query: SearchQuery, *, vocabulary: Vocabulary, lang: str) -> Iterator[Suggestion]:
    """Leave out one word, name or phrase after the other, where the text is plain enough to say it again without."""
    text = " ".join(query.text.split())
    tree = parse(text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    for part in _parts(tree):
        typed = _as_typed(part)
        if typed and text.count(typed) == 1:
            rest = " ".join(text.replace(typed, " ").split())
            if rest and rest != text:
                words = gettext("without {words}", words=typed, lang=lang)
                yield Suggestion(SuggestionKind.WITHOUT_WORD, words, replace(query, text=rest, cursor=""), 0)


def _one_word(text: str, query: SearchQuery, *, vocabulary: Vocabulary, lang: str) -> Iterator[Suggestion]:
    """Look for each word or name of a text alone, spelled as others spell it."""
    bare = SearchQuery(sort=query.sort, limit=query.limit)
    parts = _parts(parse(text, vocabulary=vocabulary).tree)
    for typed in list(dict.fromkeys(filter(None, map(_as_typed, parts))))[:TRIES_MAX]:
        words = gettext("only {words}", words=typed, lang=lang)
        yield Suggestion(SuggestionKind.ONE_WORD, words, replace(bare, text=typed), 0)


def _without_quotes(query: SearchQuery, *, lang: str) -> Iterator[Suggestion]:
    words = " ".join(_QUOTED.sub(r" \1 ", query.text).split())
    if words and words != " ".join(query.text.split()):
        message = gettext("without quotation marks: {words}", words=words, lang=lang)
        yield Suggestion(SuggestionKind.WITHOUT_QUOTES, message, replace(query, text=words, cursor=""), 0)


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
        case Words(text, "") | Concepts(text, field=""):
            return text
        case Phrase(text, 0, False, ""):
            return f'"{text}"'
        case _:
            return ""

"""The names of a concept in other languages, for a search that keeps to the words as they are written and finds nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Strength
from search_api.query.fuzzy import fold
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

PHRASES_MAX = 2
NAMES_MAX = 3
"""Names of a concept that are tried in each language; each is a search."""


@dataclass(frozen=True, slots=True)
class InOtherLanguage:
    """A search with a name of the same concept in another language."""

    lang: str
    """en, es, fr or pt."""
    name: str
    query: SearchQuery
    count: int
    """Of documents; 1 or more."""


def in_other_languages(
    query: SearchQuery, phrases: Iterator[str], *, vocabulary: Vocabulary, count: Callable[[SearchQuery], int]
) -> tuple[InOtherLanguage, ...]:
    """Return a search for each language in which a name of the same concept is found: the one that finds most.

    Without quotation marks a search looks for a concept in all languages by itself.

    Args:
        query: of which nothing was found.
        phrases: that are in quotation marks, without these. Of a search for words as they are written, it is the whole text.
        vocabulary: names concepts.
        count: says how many documents a search finds.
    """
    typed_ones = [query.text.strip()] if query.strict else list(phrases)[:PHRASES_MAX]
    found: dict[str, InOtherLanguage] = {}
    for typed in filter(None, typed_ones):
        for lang, names in _names_elsewhere(typed, vocabulary=vocabulary).items():
            for name in names:
                asked = replace(query, text=query.text.replace(typed, name, 1), cursor="")
                each = InOtherLanguage(lang, name, asked, count(asked))
                if each.count > (found[lang].count if lang in found else 0):
                    found[lang] = each
    return tuple(found.values())


def _names_elsewhere(typed: str, *, vocabulary: Vocabulary) -> Mapping[str, tuple[str, ...]]:
    """Return names of the concept that a text names, by language; without the languages in which that is its name."""
    wanted = fold(typed)
    concepts = [
        concept
        for part in parse(typed, vocabulary=vocabulary).concepts
        if fold(part.text) == wanted
        for concept in part.concepts
    ]
    names: dict[str, dict[str, None]] = {lang: {} for lang in LANGUAGES}
    for facet, concept in concepts:
        for lang, name in _names(facet, concept, vocabulary=vocabulary):
            names[lang][name] = None
    return {
        lang: tuple(each)[:NAMES_MAX] for lang, each in names.items() if wanted not in {fold(name) for name in each}
    }


def _names(facet: Facet, concept: str, *, vocabulary: Vocabulary) -> Iterator[tuple[str, str]]:
    """Give each language with a name in it, those that texts use before what a reader is shown."""
    for term in vocabulary.terms(facet):
        if term.concept == concept and term.strength is Strength.STRONG and term.is_searched and term.lang in LANGUAGES:
            for form in reversed(term.forms):  # the plural, where there are two
                yield term.lang, form
    for lang in LANGUAGES:
        for name in vocabulary.concept(facet, concept).names(lang):
            yield lang, name

"""The concept whose name is nearest to what was typed: `waste pikers`, `vendedor ambulantes`, `streetvendors`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Strength
from search_api.analysis import scan
from search_api.query.fuzzy import fold
from search_api.stop_words import is_stop_word

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_ALIKE = 86.0
"""Share of letters in common (100: all) from which a name counts as near: `Columbia` is 87.5 of Colombia."""
_LETTERS_MIN = 6
_WORDS_MAX = 8
"""Words of a search that are looked at; a longer text is not a name."""
_NAME_WORDS_MAX = 5


@dataclass(frozen=True, slots=True)
class NearConcept:
    """A concept whose name was nearly typed."""

    facet: Facet
    concept: str
    typed: str
    """The stretch of the text, as typed."""
    name: str
    """What it may have been meant for, in the language in which it fits."""


def nearest_concept(text: str, *, vocabulary: Vocabulary) -> NearConcept | None:
    """Return the concept to whose names a part of a text is nearest; None when none is near, or it is the name itself."""
    tokens = list(scan(text))
    if not tokens or len(tokens) > _WORDS_MAX:
        return None
    names = _names_of(vocabulary)
    best: tuple[float, NearConcept] | None = None
    for first in range(len(tokens)):
        for last in range(first + 1, min(len(tokens), first + _NAME_WORDS_MAX) + 1):
            typed = text[tokens[first].start : tokens[last - 1].end]
            wanted = fold(typed)
            edges = (fold(tokens[first].text), fold(tokens[last - 1].text))
            if len(wanted) < _LETTERS_MIN or wanted in names or any(map(_says_nothing, edges)):
                continue
            found = process.extractOne(wanted, names.keys(), scorer=fuzz.ratio, score_cutoff=_ALIKE)
            # Of equally near names the longer stretch says more.
            if found is not None and (best is None or found[1] + len(wanted) > best[0]):
                facet, concept, name = names[found[0]]
                best = (found[1] + len(wanted), NearConcept(facet, concept, typed=typed, name=name))
    return best[1] if best else None


def _says_nothing(word: str) -> bool:
    return any(is_stop_word(word, lang) for lang in LANGUAGES)


@lru_cache(maxsize=4)
def _names_of(vocabulary: Vocabulary) -> dict[str, tuple[Facet, str, str]]:
    """Return facet, concept and written form by folded name; a vocabulary does not change while a process runs."""
    found: dict[str, tuple[Facet, str, str]] = {}
    for facet, concept, name in _all_names(vocabulary):
        if key := fold(name):
            found.setdefault(key, (facet, concept, name))
    return found


def _all_names(vocabulary: Vocabulary) -> Iterator[tuple[Facet, str, str]]:
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            for lang in LANGUAGES:
                for name in concept.names(lang):
                    yield facet, concept.id, name
        for term in vocabulary.terms(facet):
            if term.strength is Strength.STRONG and term.is_searched:
                for form in term.forms:
                    yield facet, term.concept, form

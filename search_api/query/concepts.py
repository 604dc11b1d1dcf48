"""Concepts of the vocabulary that the words of a search name: waste pickers, Perú, social protection."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.lemmas import is_word
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import ANY_LANGUAGE, Strength
from corpus.vocabulary.places import PlaceKind, load_places
from corpus.vocabulary.spelling import without_accents
from search_api.analysis import HYPHENS, Token, form_of, scan
from search_api.stop_words import is_stop_word

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_FACETS_OF_TERMS = (Facet.GROUP, Facet.SECTOR, Facet.TOPIC)
PLACE_KINDS = (PlaceKind.NAME, PlaceKind.REGION, PlaceKind.DEMONYM)
"""What of a place names it in a search."""

_INSTRUMENT = re.compile(r"[cr]\d{3}")
_ACRONYM = re.compile(r"(?:[A-Z]\.?){3,5}")
"""A name that has no other forms: as a word, USA would be a form of usar, and so would use."""

_HYPHENS = frozenset(HYPHENS)
_BARE = ""
"""Stands for a language where words are kept as they are typed without accents. A dictionary takes *domestica* for a form of the
verb *domesticar* and *a* for no form of *à*: only beside their accents do such words have the forms that a name has."""

Key = tuple[str, ...]
"""The forms of the words of a name in one language."""


@dataclass(frozen=True, slots=True)
class NamedStretch:
    """A stretch of a search that names concepts."""

    first: int
    """0-based place of its first word among the words that were looked at."""
    last: int
    """Exclusive."""
    concepts: tuple[tuple[Facet, str], ...]
    """Facet and id, in the order of Facet; one or more."""
    is_hint: bool = False
    """As of search_api.query.tree.Concepts."""


class ConceptFinder:
    """Finds the concepts that a search names, in any of the four languages. Threads may share it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._names: dict[str, dict[Key, set[tuple[Facet, str]]]] = {lang: {} for lang in (*LANGUAGES, _BARE)}
        self._decoys: dict[str, dict[Key, set[tuple[Facet, str]]]] = {lang: {} for lang in (*LANGUAGES, _BARE)}
        self._proper: set[tuple[str, Key, tuple[Facet, str]]] = set()
        """Names that are more than words for searching: by language, with their concept."""
        self._acronyms: dict[str, set[tuple[Facet, str]]] = {}
        self._keys: dict[tuple[str, Facet, str], dict[Key, None]] = {}
        self._places: dict[str, set[str]] = {}
        """Languages in which a place has a name of one word, by that word."""
        self._narrower = _narrower_of(vocabulary)
        self._with_narrower: dict[tuple[str, Facet, str], tuple[Key, ...]] = {}
        self._longest = 1
        self._add_terms(vocabulary)
        self._add_places(vocabulary)

    def find(self, words: Sequence[str]) -> tuple[NamedStretch, ...]:
        """Return the stretches of words that name something, in order; where several overlap, the longest.

        Args:
            words: as typed, one word each; at most some hundred.
        """
        named: dict[tuple[int, int], set[tuple[Facet, str]]] = {}
        refused: dict[tuple[int, int], set[tuple[Facet, str]]] = {}
        proper: set[tuple[int, int, tuple[Facet, str]]] = set()
        said_in = [self._languages_of(word) for word in words]
        for number, word in enumerate(words):
            if acronym := self._acronyms.get(without_accents(word.lower())):
                named.setdefault((number, number + 1), set()).update(acronym)
                proper.update((number, number + 1, each) for each in acronym)
        for lang in (*LANGUAGES, _BARE):
            forms = [form for word in words for form in _forms(word, lang)[:1]]
            if len(forms) != len(words):
                return ()
            for first, last in _stretches(len(words), longest=self._longest):
                key = tuple(forms[first:last])
                if last - first == 1 and _names_nothing(key[0]):
                    continue
                found = self._names[lang].get(key)
                if found and not (last - first == 1 and _is_foreign(first, lang, said_in=said_in)):
                    named.setdefault((first, last), set()).update(found)
                    proper.update((first, last, each) for each in found if (lang, key, each) in self._proper)
                if found := self._decoys[lang].get(key):
                    refused.setdefault((first, last), set()).update(found)
        return tuple(self._longest_of(named, refused=refused, proper=proper))

    def _languages_of(self, word: str) -> frozenset[str]:
        """Return the languages that have a word: as a stop word, in the dictionary, or as the name of a place."""
        plain = word.lower()
        folded = without_accents(plain)
        in_dictionary = {
            lang
            for lang in LANGUAGES
            if any(is_stop_word(each, lang) or is_word(each, lang=lang) for each in (plain, folded))
        }
        return frozenset(in_dictionary | self._places.get(folded, set()))

    def names_of(self, facet: Facet, concept: str, *, lang: str) -> tuple[Key, ...]:
        """Return the names of a concept and of narrower ones in a language, each as the forms of its words."""
        asked = (lang, facet, concept)
        if (known := self._with_narrower.get(asked)) is None:
            # At most one for each concept and language: the vocabulary has some hundred.
            known = self._with_narrower[asked] = tuple(self._names_of(facet, concept, lang=lang))
        return known

    def _names_of(self, facet: Facet, concept: str, *, lang: str) -> Iterator[Key]:
        seen: set[tuple[Facet, str]] = set()
        waiting = [(facet, concept)]
        while waiting:
            each = waiting.pop()
            if each not in seen:
                seen.add(each)
                waiting += self._narrower.get(each, ())
                yield from self._keys.get((lang, *each), ())

    def _longest_of(
        self,
        named: dict[tuple[int, int], set[tuple[Facet, str]]],
        *,
        refused: dict[tuple[int, int], set[tuple[Facet, str]]],
        proper: set[tuple[int, int, tuple[Facet, str]]],
    ) -> Iterator[NamedStretch]:
        taken: set[int] = set()
        kept: list[NamedStretch] = []
        for first, last in sorted(named, key=lambda each: (each[0] - each[1], each[0])):
            concepts = named[first, last] - {
                concept
                for (start, end), several in refused.items()
                if start <= first and last <= end
                for concept in several
            }
            if concepts and taken.isdisjoint(range(first, last)):
                taken.update(range(first, last))
                order = list(Facet)
                ranked = sorted(_meant(concepts), key=lambda each: (order.index(each[0]), each[1]))
                is_hint = not any((first, last, each) in proper for each in ranked)
                kept.append(NamedStretch(first, last, tuple(ranked), is_hint))
        yield from sorted(kept, key=lambda each: each.first)

    def _add_terms(self, vocabulary: Vocabulary) -> None:
        for facet in _FACETS_OF_TERMS:
            for term in vocabulary.terms(facet):
                if term.strength in (Strength.TEXT, Strength.WEAK) or not term.is_searched:
                    continue
                # The name that a trade has in one country is used in texts of every language: cartonero, boda boda.
                everywhere = term.lang == ANY_LANGUAGE or bool(term.where)
                kept = self._decoys if term.strength is Strength.DECOY else self._names
                langs = LANGUAGES if everywhere else (term.lang,)
                is_proper = facet is Facet.GROUP or term.strength is not Strength.SEARCH
                self._add(term.forms, (facet, term.concept), langs=langs, kept=kept, is_proper=is_proper)
            for concept in vocabulary.concepts(facet).values():
                for lang in LANGUAGES:
                    self._add((concept.label(lang),), (facet, concept.id), langs=(lang,), kept=self._names)

    def _add_places(self, vocabulary: Vocabulary) -> None:
        for facet in (Facet.COUNTRY, Facet.REGION):
            for concept in vocabulary.concepts(facet).values():
                for lang in LANGUAGES:
                    self._add(concept.names(lang), (facet, concept.id), langs=(lang,), kept=self._names, inflects=False)
        countries = vocabulary.concepts(Facet.COUNTRY)
        for name in load_places().names:
            if name.kind in PLACE_KINDS and not name.weak and name.concept:
                facet = Facet.COUNTRY if name.concept in countries else Facet.REGION
                langs = LANGUAGES if name.lang == ANY_LANGUAGE else (name.lang,)
                if langs[0] in LANGUAGES:
                    inflects = name.kind is PlaceKind.DEMONYM
                    self._add((name.surface,), (facet, name.concept), langs=langs, kept=self._names, inflects=inflects)

    def _add(
        self,
        texts: Iterable[str],
        concept: tuple[Facet, str],
        *,
        langs: Sequence[str],
        kept: dict[str, dict[Key, set[tuple[Facet, str]]]],
        inflects: bool = True,
        is_proper: bool = True,
    ) -> None:
        for text in texts:
            if kept is self._names and _ACRONYM.fullmatch(text):
                acronym = text.replace(".", "").lower()
                self._acronyms.setdefault(acronym, set()).add(concept)
                for lang in langs:
                    self._keys.setdefault((lang, *concept), {})[acronym,] = None
                continue
            for written in dict.fromkeys((text, _closed_up(text))):
                self._add_written(written, concept, langs=langs, kept=kept, inflects=inflects, is_proper=is_proper)

    def _add_written(
        self,
        text: str,
        concept: tuple[Facet, str],
        *,
        langs: Sequence[str],
        kept: dict[str, dict[Key, set[tuple[Facet, str]]]],
        inflects: bool,
        is_proper: bool,
    ) -> None:
        words = _words(text)
        # The name of a place has no other forms: to a dictionary Irán without its accent is a form of ir, and Cuba one of cubar.
        inflects = inflects or len(words) > 1  # developing country
        is_kept_bare = not inflects or (not text.isascii() and without_accents(text) != text)
        for lang in langs:
            key = tuple([form_of(word, lang) for word in words])
            if not key or (len(key) == 1 and is_stop_word(key[0], lang)):
                continue
            if is_proper:
                self._proper |= {(lang, key, concept), (_BARE, tuple(_forms(text, _BARE)), concept)}
            if inflects:
                kept[lang].setdefault(key, set()).add(concept)
            else:
                self._places.setdefault(without_accents(words[0].text), set()).add(lang)
            if is_kept_bare:
                kept[_BARE].setdefault(tuple(_forms(text, _BARE)), set()).add(concept)
            if kept is self._names:
                self._keys.setdefault((lang, *concept), {})[key] = None
            self._longest = max(self._longest, len(key))


def _meant(concepts: set[tuple[Facet, str]]) -> set[tuple[Facet, str]]:
    """Return those of several concepts of one name that a search means.

    Perú is the country, whatever else it means without its accent.
    """
    return {each for each in concepts if each[0] in (Facet.COUNTRY, Facet.REGION)} or concepts


def _names_nothing(word: str) -> bool:
    """Tell whether a single word is no name: or is French for gold, and C190 is that convention, not every standard of the ILO."""
    return any(is_stop_word(word, lang) for lang in LANGUAGES) or bool(_INSTRUMENT.fullmatch(word))


def _is_foreign(number: int, lang: str, *, said_in: Sequence[frozenset[str]]) -> bool:
    """Tell whether a word that is a name in one language is an ordinary word of another, in which the rest of the search is.

    The Spanish oficina is no workshop, as in Portuguese, in `oficina de empleo`.

    Args:
        number: 0-based place of the word.
        lang: in which it is a name; empty: no language in particular.
        said_in: by word, the languages that have it.
    """
    if not lang:
        return False
    around = [several for place, several in enumerate(said_in) if place != number]
    here = sum(lang in several for several in around)
    return any(sum(other in several for several in around) > here for other in said_in[number] - {lang})


def _narrower_of(vocabulary: Vocabulary) -> dict[tuple[Facet, str], list[tuple[Facet, str]]]:
    narrower: dict[tuple[Facet, str], list[tuple[Facet, str]]] = {}
    for facet in Facet:
        for concept in vocabulary.concepts(facet).values():
            for broader in concept.broader:
                narrower.setdefault((facet, broader), []).append((facet, concept.id))
            if facet is Facet.COUNTRY:
                for region in vocabulary.regions_of(concept.id):
                    narrower.setdefault((Facet.REGION, region), []).append((facet, concept.id))
    return narrower


def _words(text: str) -> list[Token]:
    # Capitals count for nothing here: people type oit and OIT alike.
    return [Token(token.text, 0, 0) for token in scan(text)]


def _forms(text: str, lang: str) -> list[str]:
    if lang == _BARE:
        return [without_accents(token.text.lower()) for token in scan(text)]
    return [form_of(word, lang) for word in _words(text)]


def _closed_up(text: str) -> str:
    if _HYPHENS.isdisjoint(text):
        return text
    return "".join(letter for letter in text if letter not in _HYPHENS)


def _stretches(words: int, *, longest: int) -> Iterator[tuple[int, int]]:
    for first in range(words):
        for last in range(first + 1, min(words, first + longest) + 1):
            yield first, last


@lru_cache(maxsize=4)
def concepts_of(vocabulary: Vocabulary) -> ConceptFinder:
    """Return the finder of a vocabulary; a vocabulary does not change while a process runs."""
    return ConceptFinder(vocabulary)

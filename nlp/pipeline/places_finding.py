"""Find the words that may speak for countries and regions: the longest name wins, capitals count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc

from corpus.types import LANGUAGES
from corpus.vocabulary.model import ANY_LANGUAGE
from corpus.vocabulary.places import PlaceKind, PlaceName, Places, load_places, names_elsewhere
from nlp.pipeline.words import as_tokenized, language_for

_WRITTEN_IN_CAPITALS = frozenset(
    {PlaceKind.NAME, PlaceKind.DEMONYM, PlaceKind.CITY, PlaceKind.SUBDIVISION, PlaceKind.REGION}
)
_UNSPACED = frozenset({"th", "lo", "km", "my", "zh", "ja"})
"""Languages without spaces between words: names are found inside a token, which then stands for them."""
_SHORTEST_IN_CAPITALS = 4
"""Letters; shorter names in capitals are more often acronyms of something else."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """Words that may speak for one or several countries or regions."""

    start: int
    """First token, 0-based."""
    end: int
    """Token after the last."""
    names: tuple[PlaceName, ...]
    """What they may stand for; empty never, decoys are not candidates."""


class PlaceFinder:
    """Finds candidates in texts of one language."""

    def __init__(self, places: Places, *, lang: str) -> None:
        self._lang = lang
        self._language = language_for(lang)
        self._names: dict[int, tuple[PlaceName, ...]] = {}
        self._matcher = PhraseMatcher(self._language.vocab, attr="ORTH")
        surfaces: dict[str, dict[PlaceName, None]] = {}
        for name in _names_for(lang, places):
            for surface in _spellings(name):
                surfaces.setdefault(surface, {})[name] = None
        for surface in surfaces:
            self._matcher.add(surface, [self._language.make_doc(as_tokenized(surface))])
            self._names[self._language.vocab.strings[surface]] = tuple(surfaces[surface])
        self._unspaced = _any_of(names_elsewhere(lang)) if lang in _UNSPACED else None

    def find(self, doc: Doc) -> Iterator[PlaceMatch]:
        """Yield the candidates of a text of this finder's language, in order, none overlapping another."""
        found = sorted(self._matcher(doc), key=lambda match: (match[1] - match[2], match[1]))
        taken: set[int] = set()
        kept: list[tuple[int, int, int]] = []
        for key, start, end in found:
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                kept.append((start, end, key))
        if self._unspaced is not None:
            yield from self._inside_words(doc, taken)
        for start, end, key in sorted(kept):
            names = self._names[key]
            if not any(name.kind is PlaceKind.DECOY for name in names):
                # "China" is a country, and in Spanish also the weak "Chinese woman" at the head of a sentence.
                yield PlaceMatch(start, end, tuple(name for name in names if not name.weak) or names)

    def _inside_words(self, doc: Doc, taken: set[int]) -> Iterator[PlaceMatch]:
        assert self._unspaced is not None
        for token in doc:
            if token.i not in taken:
                for surface in dict.fromkeys(self._unspaced.findall(token.text)):
                    yield PlaceMatch(token.i, token.i + 1, self._names[self._language.vocab.strings[surface]])


def _any_of(names: Iterable[PlaceName]) -> re.Pattern[str] | None:
    surfaces = sorted({name.surface for name in names}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, surfaces))) if surfaces else None


@cache
def place_finder(lang: str) -> PlaceFinder:
    """Return the finder for a language (ISO 639-1); made once for each process."""
    return PlaceFinder(load_places(), lang=lang)


def _names_for(lang: str, places: Places) -> list[PlaceName]:
    """Return what is looked for in texts of a language.

    In others than the four only names are: of countries, in that language too, of regions, and of cities when the text speaks
    of their country anyway. Acronyms and adjectives are common words there (Indonesian `SEWA` is rent, `baku` is raw).
    """
    names = [name for name in places.names if name.lang in (ANY_LANGUAGE, lang)]
    if lang in LANGUAGES:
        return names
    kept = [name for name in names if name.kind in (PlaceKind.NAME, PlaceKind.REGION, PlaceKind.DECOY)]
    cities = [replace(name, weak=True) for name in names if name.kind is PlaceKind.CITY]
    return [*kept, *cities, *names_elsewhere(lang)]


def _spellings(name: PlaceName) -> tuple[str, ...]:
    surface = name.surface
    found = [surface, surface.replace("’", "'"), surface.replace("'", "’")]
    if name.kind is PlaceKind.NAME and " " in surface:
        found.append(" ".join(word[0].upper() + word[1:] for word in surface.split()))
    if (
        name.kind in _WRITTEN_IN_CAPITALS
        and len(surface) >= _SHORTEST_IN_CAPITALS
        and (not name.weak or " " in surface)
    ):
        found.append(surface.upper())
    if name.kind in (PlaceKind.REGION, PlaceKind.DECOY) and surface[0].islower():
        found.append(surface[0].upper() + surface[1:])
    if name.kind is PlaceKind.DECOY and " " in surface:
        found.append(surface.upper())
    return tuple(dict.fromkeys(found))

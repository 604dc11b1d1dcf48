"""Find the words that may indicate countries and regions: the longest name wins, capitals count."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from spacy.matcher import PhraseMatcher
from spacy.tokens import Span

from corpus.types import LANGUAGES
from corpus.vocabulary.model import ANY_LANGUAGE
from corpus.vocabulary.places import PlaceKind, PlaceName, Places
from nlp.pipeline.tokenizer import DocumentTokenizer

_WRITTEN_IN_CAPITALS = frozenset(
    {PlaceKind.NAME, PlaceKind.DEMONYM, PlaceKind.CITY, PlaceKind.SUBDIVISION, PlaceKind.REGION}
)
_UNSPACED = frozenset({"th", "lo", "km", "my", "zh", "ja"})
"""Languages without spaces between words: names are found inside a token, which then stands for them."""
_SHORTEST_IN_CAPITALS = 4
"""Letters; shorter names in capitals are more often acronyms of something else."""


@dataclass(frozen=True, slots=True)
class PlaceMatch:
    """Words that may indicate one or several countries or regions."""

    start: int
    """First token, 0-based."""
    end: int
    """Token after the last."""
    names: tuple[PlaceName, ...]
    """What they may stand for; empty never, decoys are not candidates."""


@dataclass(frozen=True, slots=True)
class PlaceNames:
    """The places with the names of countries in other languages than the four."""

    places: Places
    elsewhere: Mapping[str, tuple[PlaceName, ...]]
    """By language (ISO 639-1)."""


class PlaceFinder:
    """Finds candidates. The names of all languages are in one matcher: most of them are names in every language."""

    def __init__(self, names: PlaceNames, tokenizer: DocumentTokenizer) -> None:
        """Work with `names`; a language is compiled when its first text comes."""
        self._all = names
        self._tokenizer = tokenizer
        self._matcher = PhraseMatcher(tokenizer.vocab, attr="ORTH")
        self._names: dict[str, dict[int, tuple[PlaceName, ...]]] = {}
        self._unspaced: dict[str, re.Pattern[str]] = {}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that are compiled, in the order in which they were met."""
        return tuple(self._names)

    def compile(self, lang: str) -> None:
        """Add the names that are looked for in a language (ISO 639-1)."""
        if lang in self._names:
            return
        surfaces: dict[str, dict[PlaceName, None]] = {}
        for name in _names_for(lang, self._all):
            for surface in _spellings(name):
                surfaces.setdefault(surface, {})[name] = None
        found = {self._tokenizer.key(surface): tuple(names) for surface, names in surfaces.items()}
        for surface in surfaces:
            if surface not in self._matcher:
                self._matcher.add(surface, [self._tokenizer.name(surface)])
        self._names[lang] = found
        if lang in _UNSPACED and (pattern := _any_of(self._all.elsewhere.get(lang, ()))):
            self._unspaced[lang] = pattern

    def find(self, run: Span, *, lang: str) -> Iterator[PlaceMatch]:
        """Yield the candidates of a run of passages in a language, in order, none overlapping another."""
        self.compile(lang)
        known = self._names[lang]
        found = [match for match in self._matcher(run) if match[0] in known]
        found.sort(key=lambda match: (match[1] - match[2], match[1]))
        taken: set[int] = set()
        kept: list[tuple[int, int, int]] = []
        for key, start, end in found:
            if taken.isdisjoint(range(start, end)):
                taken.update(range(start, end))
                kept.append((start, end, key))
        if lang in self._unspaced:
            yield from self._inside_words(run, taken, lang=lang)
        for start, end, key in sorted(kept):
            names = known[key]
            if not any(name.kind is PlaceKind.DECOY for name in names):
                # "China" is a country, and in Spanish also the weak "Chinese woman" at the head of a sentence.
                yield PlaceMatch(start, end, tuple(name for name in names if not name.weak) or names)

    def _inside_words(self, run: Span, taken: set[int], *, lang: str) -> Iterator[PlaceMatch]:
        for token in run:
            if token.i not in taken:
                for surface in dict.fromkeys(self._unspaced[lang].findall(token.text)):
                    yield PlaceMatch(token.i, token.i + 1, self._names[lang][self._tokenizer.key(surface)])


def _any_of(names: Iterable[PlaceName]) -> re.Pattern[str] | None:
    surfaces = sorted({name.surface for name in names}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, surfaces))) if surfaces else None


def _names_for(lang: str, known: PlaceNames) -> list[PlaceName]:
    """Return what is looked for in texts of a language.

    In others than the four only names are: of countries, in that language too, of regions, and of cities when the text speaks
    of their country anyway. Acronyms and adjectives are common words there (Indonesian `SEWA` is rent, `baku` is raw).
    """
    names = [name for name in known.places.names if name.lang in (ANY_LANGUAGE, lang)]
    if lang in LANGUAGES:
        return names
    kept = [name for name in names if name.kind in (PlaceKind.NAME, PlaceKind.REGION, PlaceKind.DECOY)]
    cities = [replace(name, weak=True) for name in names if name.kind is PlaceKind.CITY]
    return [*kept, *cities, *known.elsewhere.get(lang, ())]


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

"""Labels of concepts by the words in them, for who types the beginning of one."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from corpus.types import LANGUAGES, Facet
from search_api.analysis import exact

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_AFTER_EVERY_LETTER = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Label:
    """What a concept is called in one language."""

    facet: Facet
    concept: str
    lang: str
    text: str
    words: tuple[str, ...]
    """In small letters without accents."""

    def place_of(self, words: tuple[str, ...]) -> int | None:
        """Return 0 when the label begins with the words (the last may continue), 1 when it has them elsewhere, else None."""
        length = len(words)
        for start in range(len(self.words) - length + 1):
            there = self.words[start : start + length]
            if there[:-1] == words[:-1] and there[-1].startswith(words[-1]):
                return 0 if start == 0 else 1
        return None


class LabelIndex:
    """All labels of a vocabulary. Threads may share it."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._labels = tuple(
            Label(facet, concept.id, lang, text, tuple(exact(text)))
            for facet in Facet
            for concept in vocabulary.concepts(facet).values()
            for lang in LANGUAGES
            if (text := concept.labels.get(lang, ""))
        )
        self._by_word = sorted(
            {(word, place) for place, label in enumerate(self._labels) for word in label.words},
        )

    @property
    def words(self) -> frozenset[str]:
        """Return every word of every label, in small letters without accents."""
        return frozenset(word for word, _ in self._by_word)

    def named(self, words: tuple[str, ...], *, lang: str = "en") -> tuple[Label, ...]:
        """Return one label of each concept that has the words side by side, the last of them as a beginning.

        Labels that begin with the words come first, then shorter ones. Accents and capitals do not matter.

        Args:
            words: in small letters without accents; one or more.
            lang: whose label is taken where it fits; else that of the language in which it fits best.
        """
        best: dict[tuple[Facet, str], tuple[tuple[bool, int, int, int, str], Label]] = {}
        order = {each: number for number, each in enumerate(dict.fromkeys((lang, *LANGUAGES)))}
        for label in self._with_word(words[0], is_beginning=len(words) == 1):
            if (place := label.place_of(words)) is None:
                continue
            rank = (label.lang != lang, place, order[label.lang], len(label.text), label.text)
            key = (label.facet, label.concept)
            if key not in best or rank < best[key][0]:
                best[key] = (rank, label)
        ranked = sorted(best.values(), key=lambda each: (each[0][1:], each[1].facet, each[1].concept))
        return tuple(label for _, label in ranked)

    def _with_word(self, word: str, *, is_beginning: bool) -> list[Label]:
        first = bisect_left(self._by_word, (word, 0))
        until = bisect_left(self._by_word, (word + _AFTER_EVERY_LETTER if is_beginning else word + "\0", 0))
        return [self._labels[place] for place in sorted({place for _, place in self._by_word[first:until]})]


@lru_cache(maxsize=4)
def labels_of(vocabulary: Vocabulary) -> LabelIndex:
    """Return the labels of a vocabulary; a vocabulary does not change while a process runs."""
    return LabelIndex(vocabulary)

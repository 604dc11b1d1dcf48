"""The words of a few texts with their places: for beginnings, near spellings and phrases."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import process
from rapidfuzz.distance import OSA

from search_api.engines.tantivy.loose_phrases import LoosePhrases

_HIGHEST = "\U0010ffff"
"""Sorts after every letter."""
_GAP = -1
"""Stands between two texts: no word has this number."""


class WordOrder:
    """The words of up to 64 texts; texts are named by bits of a mask, the first by 1."""

    def __init__(self, texts: Sequence[str], *, masks: Mapping[str, int]) -> None:
        """Take what there is.

        Args:
            texts: tokens with a space between.
            masks: in which texts each token is.
        """
        self._texts = texts
        self._tokens = sorted(masks)
        self._masks = np.fromiter(map(masks.__getitem__, self._tokens), np.uint64, len(self._tokens))

    def beginning_with(self, beginning: str) -> int:
        """Return which texts have a token that begins so."""
        first, last = self._range(beginning)
        return int(np.bitwise_or.reduce(self._masks[first:last])) if last > first else 0

    def like(self, token: str, *, distance: int) -> int:
        """Return which texts have a token within an edit distance; a swap of neighbours counts as one."""
        if not self._tokens:
            return 0
        # More than `distance` is given as distance + 1.
        apart = process.cdist([token], self._tokens, scorer=OSA.distance, score_cutoff=distance, dtype=np.uint8)[0]
        return int(np.bitwise_or.reduce(self._masks[apart <= distance], initial=np.uint64(0)))

    def side_by_side(self, tokens: Sequence[str], *, open_end: bool) -> int:
        """Return which texts have tokens side by side, in order.

        Args:
            tokens: two or more.
            open_end: True: the last one is the beginning of a token.
        """
        numbers = [self._rank.get(token, _GAP) for token in (tokens[:-1] if open_end else tokens)]
        if _GAP in numbers:
            return 0
        counts = [self._starts[number + 1] - self._starts[number] for number in numbers]
        rarest = int(np.argmin(counts))
        first = self._starts[numbers[rarest]]
        places = self._places[first : first + counts[rarest]] - rarest
        places = places[places >= 0]
        for distance, number in enumerate(numbers):
            if distance != rarest:
                places = places[self._at(places + distance) == number]
        if open_end:
            low, high = self._range(tokens[-1])
            following = self._at(places + len(tokens) - 1)
            places = places[(following >= low) & (following < high)]
        return self._mask_of(places)

    def within(self, tokens: Sequence[str], *, slop: int) -> int:
        """Return which texts have tokens that may be moved by some places."""
        return sum(1 << number for number in self._loose.having(tokens, slop=slop))

    def _range(self, beginning: str) -> tuple[int, int]:
        return bisect_left(self._tokens, beginning), bisect_left(self._tokens, beginning + _HIGHEST)

    def _at(self, places: NDArray[np.int64]) -> NDArray[np.int32]:
        """Return the numbers of the words at places; behind the last one stands a gap."""
        return self._words.take(places, mode="clip")

    def _mask_of(self, places: NDArray[np.int64]) -> int:
        texts = np.unique(np.searchsorted(self._ends, places, side="right"))
        return sum(1 << int(number) for number in texts)

    @cached_property
    def _loose(self) -> LoosePhrases:
        return LoosePhrases(self._texts)

    @cached_property
    def _rank(self) -> Mapping[str, int]:
        return {token: number for number, token in enumerate(self._tokens)}

    @cached_property
    def _numbered(self) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Return the number of each word of all texts, a gap behind each text, and the places of the gaps."""
        rank = self._rank
        parts: list[NDArray[np.int32]] = []
        for text in self._texts:
            words = text.split()
            parts.append(np.fromiter(map(rank.__getitem__, words), np.int32, len(words)))
            parts.append(np.array([_GAP], np.int32))
        words_of_all = np.concatenate(parts)
        return words_of_all, np.flatnonzero(words_of_all == _GAP)

    @property
    def _words(self) -> NDArray[np.int32]:
        return self._numbered[0]

    @property
    def _ends(self) -> NDArray[np.int64]:
        return self._numbered[1]

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """Return the places of all words, sorted by the word; gaps come first and are left out."""
        return np.argsort(self._words, kind="stable")[len(self._texts) :]

    @cached_property
    def _starts(self) -> NDArray[np.int64]:
        """Return where in `_places` each word begins, and one more."""
        counts = np.bincount(self._words[self._words != _GAP], minlength=len(self._tokens))
        return np.concatenate([np.zeros(1, np.int64), np.cumsum(counts)])

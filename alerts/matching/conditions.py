"""Every different condition of many searches, numbered, so that each is looked at once for a batch of documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import repeat
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from alerts.matching.batch import RecordBatch
from alerts.matching.groups import Condition
from search_api.query.plan import Adjacent, Field, HasToken, InYears, Like, OneOf, Plan, StartsWith

Masks = NDArray[np.uint64]
"""By number of a condition: which documents fulfil it."""

NEVER = 0
"""Number of what no document fulfils."""
ALWAYS = 1
"""Number of what every document fulfils. Of each condition the number is even, and that of its contrary one more."""
_ALL_BITS = np.uint64(2**64 - 1)
_Key = TypeVar("_Key")


class Conditions:
    """Numbers conditions. None is taken back: those of searches that were removed cost 16 bytes each until the next start."""

    def __init__(self) -> None:
        """Begin with NEVER and ALWAYS."""
        self._next = 2
        self._tokens: dict[Field, dict[str, int]] = {}
        self._values: dict[str, dict[str, int]] = {}
        self._quick: dict[Plan, int] = {}
        self._late: dict[Plan, int] = {}
        self._leaves: dict[int, Plan] = {}
        self._parts: list[int] = []
        self._parts_of_each: list[int] = []

    @property
    def count(self) -> int:
        """Return how many numbers are given."""
        return self._next

    def number(self, condition: Condition) -> int:
        """Return the number of a condition; see Condition."""
        leaf, is_negative = condition
        match leaf:
            case HasToken(field, token):
                number = self._numbered(self._tokens.setdefault(field, {}), token)
            case OneOf(name, (value,)):
                number = self._numbered(self._values.setdefault(name, {}), value)
            case StartsWith() | InYears():
                number = self._numbered(self._quick, leaf)
            case Adjacent() | Like():
                number = self._late.get(leaf) or self._add_late(leaf)
            case _:
                raise AssertionError(leaf)
        return number + is_negative

    def _numbered(self, numbers: dict[_Key, int], key: _Key) -> int:
        return numbers.get(key) or self._add(numbers, key)

    def _add(self, numbers: dict[_Key, int], key: _Key) -> int:
        number = numbers[key] = self._next
        self._next += 2
        return number

    def _add_late(self, leaf: Adjacent | Like) -> int:
        """Number what takes long to look for; of a phrase the words are looked for before."""
        parts = [self.number((part, False)) for part in _words_of(leaf)] or [ALWAYS]
        number = self._add(self._late, cast(Plan, leaf))
        self._leaves[number] = leaf
        self._parts += parts
        self._parts_of_each.append(len(parts))
        return number

    def in_order(self) -> list[Plan]:
        """Return every leaf in the order of its numbers: numbered in this order by another one, each has the same number."""
        leaves: dict[int, Plan] = {}
        for field, tokens in self._tokens.items():
            leaves.update((number, HasToken(field, token)) for token, number in tokens.items())
        for name, values in self._values.items():
            leaves.update((number, OneOf(name, (value,))) for value, number in values.items())
        for several in (self._quick, self._late):
            leaves.update((number, leaf) for leaf, number in several.items())
        return [leaves[number] for number in sorted(leaves)]

    def masks(self, batch: RecordBatch) -> Masks:
        """Return which documents fulfil each condition; of phrases and near spellings, which of them may."""
        masks = np.zeros(self._next, np.uint64)
        for field, tokens in self._tokens.items():
            _fill(masks, tokens.values(), map(batch.tokens(field).get, tokens, repeat(0)))
        for name, values in self._values.items():
            _fill(masks, values.values(), map(batch.values(name).get, values, repeat(0)))
        _fill(masks, self._quick.values(), map(batch.mask, self._quick))
        masks[1::2] = ~masks[::2]
        if self._late:
            sizes = np.array(self._parts_of_each)
            late = np.fromiter(self._late.values(), np.int64, len(self._late))
            masks[late] = np.bitwise_and.reduceat(masks[np.array(self._parts)], np.cumsum(sizes) - sizes)
            masks[late + 1] = _ALL_BITS
        return masks

    def look_for(self, numbers: Iterable[int], batch: RecordBatch, *, masks: Masks) -> None:
        """Put into `masks` what is exact of the conditions among `numbers` that take long to look for."""
        for number in {number & ~1 for number in numbers} & self._leaves.keys():
            if masks[number]:
                masks[number] = batch.mask(self._leaves[number])
            masks[number + 1] = ~masks[number]

    def take_long(self, numbers: Iterable[int]) -> bool:
        """Say whether one of the conditions is looked for only where all else matches."""
        return any(number & ~1 in self._leaves for number in numbers)


def _words_of(leaf: Adjacent | Like) -> Iterator[Plan]:
    if isinstance(leaf, Adjacent):
        words = leaf.tokens[:-1] if leaf.open_end else leaf.tokens
        yield from (HasToken(leaf.field, word) for word in words)
        if leaf.open_end:
            yield StartsWith(leaf.field, leaf.tokens[-1])


def _fill(masks: Masks, numbers: Iterable[int], found: Iterable[int]) -> None:
    masks[np.fromiter(numbers, np.int64)] = np.fromiter(found, np.uint64)

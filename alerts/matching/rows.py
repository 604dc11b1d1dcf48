"""Many searches as arrays: which of 64 documents may answer each is found by two passes over bit masks."""

from __future__ import annotations

from array import array
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from alerts.matching.conditions import ALWAYS, NEVER, Conditions, Masks
from alerts.matching.groups import Groups

Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class NumberedGroups:
    """Groups of one search by the numbers of their conditions."""

    conditions: array[int]
    """Of all groups, one after the other."""
    sizes: array[int]
    """Conditions of each group; none is 0."""
    takes_long: bool
    """True: some conditions are looked for only where all else matches."""
    is_exact: bool
    """False: what these let through has to be checked with the whole plan."""


def numbered(groups: Groups, conditions: Conditions) -> NumberedGroups:
    """Return the groups of a search with their conditions numbered."""
    named = [[conditions.number(each) for each in group] or [NEVER] for group in groups.groups] or [[ALWAYS]]
    flat = array("I", [number for group in named for number in group])
    return NumberedGroups(
        flat, array("I", map(len, named)), takes_long=conditions.take_long(flat), is_exact=groups.is_exact
    )


@dataclass(slots=True)
class NewRows:
    """Searches that are about to be added."""

    ids: array[int] = field(default_factory=lambda: array("q"))
    since: array[int] = field(default_factory=lambda: array("q"))
    conditions: array[int] = field(default_factory=lambda: array("I"))
    group_sizes: array[int] = field(default_factory=lambda: array("I"))
    groups: array[int] = field(default_factory=lambda: array("I"))

    def add(self, search: int, *, since: int, parts: Sequence[NumberedGroups]) -> None:
        """Add a search that needs all of the parts."""
        self.ids.append(search)
        self.since.append(since)
        for part in parts:
            self.conditions.extend(part.conditions)
            self.group_sizes.extend(part.sizes)
        self.groups.append(sum(len(part.sizes) for part in parts))


class SearchRows:
    """Searches, one row each."""

    def __init__(self) -> None:
        """Begin without any."""
        self.ids: Numbers = np.zeros(0, np.int64)
        self._since: Numbers = np.zeros(0, np.int64)
        self._conditions: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._group_sizes: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._groups: NDArray[np.uint32] = np.zeros(0, np.uint32)
        self._place()

    @property
    def bytes(self) -> int:
        """Return how much memory the arrays take."""
        held = (self.ids, self._since, self._conditions, self._group_sizes, self._groups)
        return sum(each.nbytes for each in (*held, self._group_starts, self._row_starts))

    def append(self, new: NewRows) -> None:
        """Add rows behind those that are there."""
        self.ids = np.concatenate([self.ids, np.array(new.ids, np.int64)])
        self._since = np.concatenate([self._since, np.array(new.since, np.int64)])
        self._conditions = np.concatenate([self._conditions, np.array(new.conditions, np.uint32)])
        self._group_sizes = np.concatenate([self._group_sizes, np.array(new.group_sizes, np.uint32)])
        self._groups = np.concatenate([self._groups, np.array(new.groups, np.uint32)])
        self._place()

    def remove(self, ids: Collection[int]) -> None:
        """Take rows away."""
        kept = ~np.isin(self.ids, np.fromiter(ids, np.int64))
        if kept.all():
            return
        groups_kept = np.repeat(kept, self._groups)
        self._conditions = self._conditions[np.repeat(groups_kept, self._group_sizes)]
        self._group_sizes = self._group_sizes[groups_kept]
        self._groups, self.ids, self._since = self._groups[kept], self.ids[kept], self._since[kept]
        self._place()

    def hits(self, masks: Masks) -> Masks:
        """Return for each row which documents have what it needs; bits beyond those of the documents mean nothing."""
        if not len(self.ids):
            return np.zeros(0, np.uint64)
        groups = np.bitwise_or.reduceat(masks[self._conditions], self._group_starts)
        return np.bitwise_and.reduceat(groups, self._row_starts)

    def new_for(self, sequences: Sequence[int]) -> Masks:
        """Return for each row which documents are new for it.

        Args:
            sequences: of the documents, in the order of their bits.
        """
        order = np.argsort(np.array(sequences, np.int64), kind="stable")
        later = [sum(1 << int(number) for number in order[first:]) for first in range(len(order) + 1)]
        first_new = np.searchsorted(np.array(sequences, np.int64)[order], self._since, side="right")
        return np.array(later, np.uint64)[first_new]

    def conditions_of(self, rows: NDArray[np.bool_]) -> NDArray[np.uint32]:
        """Return the different conditions of some rows, chosen by True."""
        chosen = np.repeat(np.repeat(rows, self._groups), self._group_sizes)
        return np.unique(self._conditions[chosen])

    def _place(self) -> None:
        self._group_starts = _starts(self._group_sizes)
        self._row_starts = _starts(self._groups)


def _starts(sizes: NDArray[np.uint32]) -> Numbers:
    return np.cumsum(sizes, dtype=np.int64) - sizes

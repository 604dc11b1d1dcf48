"""Whether an index fits the records: when it does not, it is rebuilt beside the old one, on its own and said in words."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from corpus.store import Kinship
from search_api.engines.base import SearchEngine, Shown

if TYPE_CHECKING:
    from corpus.store import Store

MOSTLY_CHANGED_FROM = 500
"""Documents that an index must have before it is rebuilt because most of them changed; smaller ones take seconds."""


class Misfit(StrEnum):
    """Why an index has to be rebuilt."""

    DAMAGED = "damaged"
    OTHER_VERSION = "other_version"
    OTHER_RECORDS = "other_records"
    AHEAD = "ahead"
    """The records are an older copy of those that it shows: a backup was put back."""
    MOSTLY_CHANGED = "mostly_changed"
    """Most documents were read or tagged again. Applied one by one, searches would see old and new side by side for
    hours, and replaced ones would count in the scores until the engine merges them away."""


_WORDS = {
    Misfit.DAMAGED: "The search index is damaged",
    Misfit.OTHER_VERSION: "The search index was made by another version of Pushcart",
    Misfit.OTHER_RECORDS: "The search index belongs to other records",
    Misfit.AHEAD: "The search index is newer than the records, as when a backup was restored",
    Misfit.MOSTLY_CHANGED: "More than half of the documents in the search index were rebuilt",
}


@dataclass(frozen=True, slots=True)
class Fitness:
    """What an index says of itself, held against the records."""

    shown: Shown
    misfit: Misfit | None
    """None: it fits, though it may be behind."""

    @property
    def words(self) -> str:
        """Return what is wrong and what becomes of it; empty: it fits."""
        if self.misfit is None:
            return ""
        meanwhile = (
            "the old one is used until the new one is ready"
            if self.shown.is_readable
            else "searching is not possible until the new one is ready"
        )
        return f"{_WORDS[self.misfit]}. It is rebuilt from the records; {meanwhile}."

    def progress(self, last_sequence: int) -> str:
        """Return how far a rebuild has come; empty when none was begun."""
        shown = self.shown
        if not (shown.is_being_rebuilt or shown.rebuilt_sequence):
            return ""
        state = "A rebuild is running" if shown.is_being_rebuilt else "A rebuild was interrupted"
        return f"{state}: {shown.rebuilt_sequence:,} of {last_sequence:,} changes are in it."


def fitness_of(engine: SearchEngine, store: Store) -> Fitness:
    """Hold an index against the records; costs a few look-ups.

    Raises EngineUnavailable: the engine does not answer.
    """
    shown = engine.shown()
    return Fitness(shown, _misfit(shown, store))


def _misfit(shown: Shown, store: Store) -> Misfit | None:
    if not shown.is_there:
        return None
    if shown.is_damaged:
        return Misfit.DAMAGED
    if shown.is_of_another_version or not shown.is_readable or "" in shown.marks:  # older versions wrote no marks
        return Misfit.OTHER_VERSION
    kin = {store.changes.kinship(mark) for mark in shown.marks}
    if Kinship.OTHER in kin:
        return Misfit.OTHER_RECORDS
    return Misfit.AHEAD if Kinship.AHEAD in kin else None


def is_mostly_changed(shown: Shown, store: Store) -> bool:
    """Say whether more than half of the documents of a large index changed after what it shows."""
    if not shown.applied_sequence or store.changes.last_sequence() - shown.applied_sequence < MOSTLY_CHANGED_FROM // 2:
        return False
    here, changed = store.changes.changed_since(shown.applied_sequence)
    return here >= MOSTLY_CHANGED_FROM and changed > here // 2

"""The index follows the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpus.types import Change
from search_api.engine import SearchEngine

if TYPE_CHECKING:
    from corpus.store import Store

BATCH_DOCUMENTS = 50
"""Documents read from the store at a time: 50 long reports are some tens of megabytes of text."""


@dataclass(frozen=True, slots=True)
class IndexingProgress:
    """How far an indexing has come."""

    sequence: int
    """Of the change that was last handed to the engine."""
    last_sequence: int
    """Of the newest change when the indexing began."""
    documents: int
    """Changes handed over so far."""


@dataclass(frozen=True, slots=True)
class IndexingResult:
    """What an indexing did."""

    documents: int
    """Changes applied."""
    applied_sequence: int
    rebuilt: bool
    """True: the index was built from the beginning."""


OnProgress = Callable[[IndexingProgress], None]


def bring_up_to_date(engine: SearchEngine, store: Store, *, on_progress: OnProgress | None = None) -> IndexingResult:
    """Apply every change that the index does not show yet; build it anew when another version made it.

    May be repeated and interrupted at any moment: going on costs at most one commit's work.

    Raises EngineUnavailable: another process is writing, or the disk refuses.
    """
    if engine.statistics().outdated:
        return rebuild(engine, store, on_progress=on_progress)
    draining = _Draining(store, on_progress)
    applied = engine.apply(draining.changes_after(engine.applied_sequence()))
    return IndexingResult(documents=draining.documents, applied_sequence=applied, rebuilt=False)


def rebuild(engine: SearchEngine, store: Store, *, on_progress: OnProgress | None = None) -> IndexingResult:
    """Build the index anew beside the old one, which answers until the new one takes its place."""
    draining = _Draining(store, on_progress)
    applied = engine.rebuild(draining.changes_after(0))
    return IndexingResult(documents=draining.documents, applied_sequence=applied, rebuilt=True)


class _Draining:
    """Reads changes in batches, also those that are written meanwhile, and says how far it is."""

    def __init__(self, store: Store, on_progress: OnProgress | None) -> None:
        self._store = store
        self._on_progress = on_progress
        self.documents = 0

    def changes_after(self, sequence: int) -> Iterator[Change]:
        last_sequence = self._store.last_sequence()
        while batch := self._store.changes_after(sequence, limit=BATCH_DOCUMENTS):
            for change in batch:
                yield change
                self.documents += 1
                if self._on_progress is not None:
                    self._on_progress(
                        IndexingProgress(change.sequence, max(last_sequence, change.sequence), self.documents)
                    )
            sequence = batch[-1].sequence

"""What cannot be found: documents that are not indexed, pages that could not be read, sources that are not harvested."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from corpus.source_health import SourceHealth, SourceState
from corpus.types import LANGUAGES, Outcome
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Everything

if TYPE_CHECKING:
    from corpus.store import Store

LATELY = timedelta(days=90)
"""A source whose last harvest ended longer ago has not been harvested lately."""
KEPT_SECONDS = 60.0
"""How long the figures are kept: counting the files of 100,000 documents takes a second."""


@dataclass(frozen=True, slots=True)
class LateSource:
    """A source that may have more than is here."""

    slug: str
    name: str
    state: str
    """As SourceState has it: `never_harvested`, `broken`, `well` ..."""
    last_harvest: datetime | None
    """When its last run ended; None: it was never harvested."""


@dataclass(frozen=True, slots=True)
class NotHeld:
    """How much is held, and what is not, for all searches alike."""

    documents: int = 0
    """In the records."""
    indexed: int = 0
    """Documents that can be found."""
    behind: int = 0
    """Changes of the records that the index does not show yet."""
    refused: int = 0
    """Documents that the index would not take as they are now."""
    files: int = 0
    """Addresses that were fetched or added."""
    unread: Mapping[str, int] | None = None
    """Files that were not read, or not wholly, by outcome (`scanned`, `encrypted` ...); `waiting`: not tried yet."""
    pages: int = 0
    """Pages that the files say they have."""
    pages_unread: int = 0
    """Pages of these that were not reached."""
    sources: int = 0
    """Sources that have brought documents."""
    late: tuple[LateSource, ...] = ()
    """Sources that were never harvested, whose last harvest went wrong, or is longer ago than LATELY."""
    languages: Mapping[str, int] | None = None
    """Documents by language outside the four of the vocabulary: they are found word by word, and have hardly any tags."""


class HoldingsCounts:
    """Counts what is held, and keeps the figures for a minute while records and index stay as they are. Threads may share it."""

    def __init__(self) -> None:
        self._kept: tuple[tuple[int, int], float, NotHeld] | None = None

    def of(
        self, engine: SearchEngine, store: Store, *, health: Callable[[], Sequence[SourceHealth]], now: datetime
    ) -> NotHeld:
        """Return the figures.

        Args:
            engine: says what can be found.
            store: says what is held.
            health: gives every source; asked only when it is counted again.
            now: UTC.

        Raises EngineUnavailable: the index does not answer.
        """
        stamp, kept = (engine.applied_sequence(), store.changes.last_sequence()), self._kept
        if kept is None or kept[0] != stamp or time.monotonic() > kept[1]:
            counted = not_held(engine, store, health=health(), now=now)
            kept = self._kept = (stamp, time.monotonic() + KEPT_SECONDS, counted)
        return kept[2]


def not_held(engine: SearchEngine, store: Store, *, health: Sequence[SourceHealth], now: datetime) -> NotHeld:
    """Count what is held and what is not.

    Raises EngineUnavailable: the index does not answer.
    """
    everything = engine.search(SearchQuery(limit=1), tree=Everything())
    outcomes: dict[str, int] = {}
    for each in health:
        for outcome, count in each.outcomes.items():
            outcomes[outcome] = outcomes.get(outcome, 0) + count
    by_language = everything.counts.get("lang", {})
    return NotHeld(
        documents=sum(each.documents for each in health),
        indexed=everything.total,
        behind=max(0, store.changes.last_sequence() - engine.applied_sequence()),
        refused=len(store.unindexed.all()),
        files=sum(each.files for each in health),
        unread={name: count for name, count in sorted(outcomes.items()) if name != Outcome.READ and count},
        pages=sum(each.page_total for each in health),
        pages_unread=sum(each.page_total - each.pages_read for each in health),
        sources=sum(1 for each in health if each.documents),
        late=tuple(_late(each) for each in health if is_late(each, now=now)),
        languages={lang: by_language[lang] for lang in sorted(by_language) if lang not in LANGUAGES},
    )


def is_late(health: SourceHealth, *, now: datetime) -> bool:
    """Say whether a source may have more than is here; a person's own documents and the samples have no harvests to wait for."""
    if health.is_own or health.source.is_sample:
        return False
    if health.state is not SourceState.WELL or health.last_run is None:
        return True
    return now - health.last_run.ended > LATELY


def _late(health: SourceHealth) -> LateSource:
    ended = health.last_run.ended if health.last_run else None
    return LateSource(health.source.slug, health.source.name, str(health.state), ended)

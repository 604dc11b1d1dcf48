"""What a search went through: in each answer, and counted once until something changes."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import structlog

from corpus.errors import PushcartError
from corpus.types import LANGUAGES
from search_api.engines.base import SearchEngine

if TYPE_CHECKING:
    from corpus.store import Store

KEPT_SECONDS = 30.0
"""How long counts are kept while no document changes: a harvest that brought nothing ends, a file cannot be read."""
_AT_ONCE_SECONDS = 0.1
"""Counting that took longer is done beside the answers, which say what was counted last."""
_REST = 20
"""Between two countings lie so many times the seconds that one took: they take a twentieth of the time at most."""

Moment = tuple[int, int]
"""Sequence numbers of the newest change that the index shows, and that the records have."""

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CollectionCoverage:
    """What is held, and what of it no search can find."""

    documents: int
    pages: int
    sources: int
    """Those that have documents."""
    last_harvest: datetime | None
    """When the newest harvest ended; None: there was none."""
    pages_unread: int
    """Pages that could not be read: beyond limits, damaged, or pictures in scanned files."""
    files_unread: int
    """Files of which nothing could be read, so that their number of pages is unknown."""
    not_indexed: int
    """Documents that no search finds yet."""
    other_languages: tuple[tuple[str, int], ...]
    """Documents by language in which the vocabulary has no names, so that only their words are found; `und`: not known."""


def collection_coverage(engine: SearchEngine, store: Store) -> CollectionCoverage:
    """Count.

    Raises EngineUnavailable: the index does not answer.
    """
    held = store.held_counts()
    return CollectionCoverage(
        documents=held.documents,
        pages=held.pages,
        sources=held.sources,
        last_harvest=held.last_harvest,
        pages_unread=held.pages_unread,
        files_unread=held.files_unread,
        not_indexed=max(0, held.documents - engine.statistics().documents),
        other_languages=tuple(each for each in held.languages.items() if each[0] not in LANGUAGES),
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    coverage: CollectionCoverage
    moment: Moment
    at: float
    """By the clock, in seconds."""
    seconds: float
    """That counting took."""


class KeptCollectionCoverage:
    """The counts of one process. Threads may share it."""

    def __init__(self, count: Callable[[], CollectionCoverage], *, clock: Callable[[], float] = time.monotonic) -> None:
        """Count with `count`, which may raise PushcartError."""
        self._count = count
        self._clock = clock
        self._kept: _Counted | None = None
        self._counting = threading.Lock()

    def at(self, moment: Moment) -> CollectionCoverage:
        """Return the counts as of a moment; a little older where counting takes long, so that no answer waits for it.

        Raises what counting raises, when nothing was counted before.
        """
        kept = self._kept
        if kept is None:
            return self._counted(moment).coverage
        age = self._clock() - kept.at
        if age < _REST * kept.seconds or (kept.moment == moment and age < KEPT_SECONDS):
            return kept.coverage
        if self._counting.acquire(blocking=False):
            if kept.seconds < _AT_ONCE_SECONDS:
                self._count_anew(moment)
            else:
                threading.Thread(target=self._count_anew, args=(moment,), daemon=True).start()
        return self._kept.coverage if self._kept else kept.coverage

    def _count_anew(self, moment: Moment) -> None:
        """Count, and give the turn to count back; what is in the way is logged, and the older counts stay."""
        try:
            self._counted(moment)
        except PushcartError as error:
            _log.warning("coverage_not_counted", reason=error.message)
        finally:
            self._counting.release()

    def _counted(self, moment: Moment) -> _Counted:
        began = self._clock()
        coverage = self._count()
        ended = self._clock()
        self._kept = counted = _Counted(coverage, moment, ended, ended - began)
        return counted

"""When a source is due: decided from what it declares and from its last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from corpus.runs import HarvestRun, RunState
from crawler.sources.model import Politeness, SourceFile

BROKEN_AGAIN_AFTER = timedelta(days=1)
"""A broken source is tried again after a day at the latest: the site may only have had a bad hour."""
_GOES_ON = (RunState.INTERRUPTED, RunState.PAUSED, RunState.CRASHED)


def due_at(source: SourceFile, last_run: HarvestRun | None) -> datetime | None:
    """Return the moment (UTC) from which a source is due; None: at once, since it was never harvested, or not to the end."""
    if last_run is None or last_run.state in _GOES_ON:
        return None
    gap = source.schedule.every
    if last_run.state is RunState.BROKEN:
        gap = min(gap, BROKEN_AGAIN_AFTER)
    return last_run.started + gap


def due_sources(
    sources: Iterable[SourceFile], *, last_runs: Mapping[str, HarvestRun], now: datetime
) -> tuple[SourceFile, ...]:
    """Return the sources that are due, longest waiting first; those that were never harvested before all others.

    A source that is asked only at certain hours is not due outside them.
    """
    waiting = []
    for source in sources:
        if not is_open(source.polite, now):
            continue
        moment = due_at(source, last_runs.get(source.slug))
        if moment is None or moment <= now:
            waiting.append((moment.timestamp() if moment else 0.0, source.slug, source))
    return tuple(source for *_, source in sorted(waiting, key=lambda each: each[:2]))


def is_open(polite: Politeness, now: datetime) -> bool:
    """Say whether a source may be asked at a moment (aware), by the local time of its time zone, with summer time.

    The first minute of the hours belongs to them, the last does not: 22:00-06:00 ends as the clock shows 06:00.
    """
    if polite.hours is None:
        return True
    begin, end = polite.hours
    clock = now.astimezone(ZoneInfo(polite.time_zone)).time()
    return begin <= clock < end if begin < end else clock >= begin or clock < end

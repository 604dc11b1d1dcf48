"""At which times of the day a source may be asked, and what one run may cost. Pure: the clock is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from corpus.run_reasons import Verdict, VerdictKind
from crawler.sources.model import Politeness

MEBIBYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Spent:
    """What a run has cost so far."""

    requests: int
    bytes: int
    seconds: float


def is_open(polite: Politeness, now: datetime) -> bool:
    """Say whether a source may be asked at a moment (aware), by the clocks on its own walls: summer time is theirs too.

    The first minute of the hours belongs to them, the last does not: 22:00-06:00 ends as the clock shows 06:00.
    """
    if polite.hours is None:
        return True
    begin, end = polite.hours
    clock = now.astimezone(ZoneInfo(polite.time_zone)).time()
    if begin < end:
        return begin <= clock < end
    return clock >= begin or clock < end


def reason_to_pause(polite: Politeness, spent: Spent, *, now: datetime) -> Verdict | None:
    """Say why a run must pause before its next request; None when it may go on."""
    if not is_open(polite, now):
        assert polite.hours is not None
        begin, end = polite.hours
        hours = f"{begin:%H:%M}-{end:%H:%M} {polite.time_zone}"
        return Verdict.of(VerdictKind.HOURS_OVER if spent.requests else VerdictKind.BEFORE_HOURS, hours=hours)
    if spent.requests >= polite.requests_max:
        return Verdict.of(VerdictKind.REQUESTS_USED, limit=polite.requests_max)
    if spent.bytes >= polite.mebibytes_max * MEBIBYTE:
        return Verdict.of(VerdictKind.MEBIBYTES_USED, limit=polite.mebibytes_max)
    if polite.minutes_max is not None and spent.seconds >= polite.minutes_max * 60:
        return Verdict.of(VerdictKind.MINUTES_USED, limit=polite.minutes_max)
    return None

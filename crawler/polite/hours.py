"""At which times of the day a source may be asked, and what one run may cost. Pure: the clock is handed in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from crawler.declaration import Politeness

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


def reason_to_pause(polite: Politeness, spent: Spent, *, now: datetime) -> str:
    """Say why a run must pause before its next request, as a sentence; empty when it may go on."""
    if not is_open(polite, now):
        assert polite.hours is not None
        begin, end = polite.hours
        hours = f"{begin:%H:%M}-{end:%H:%M} {polite.time_zone}"
        if not spent.requests:
            return f"The source is asked between {hours} only; nothing was asked."
        return f"The hours in which the source is asked are over ({hours})."
    if spent.requests >= polite.requests_max:
        return f"The run ended at its limit of {polite.requests_max} requests."
    if spent.bytes >= polite.mebibytes_max * MEBIBYTE:
        return f"The run ended at its limit of {polite.mebibytes_max} MiB."
    if polite.minutes_max is not None and spent.seconds >= polite.minutes_max * 60:
        return words_of_minutes(polite.minutes_max)
    return ""


def words_of_minutes(minutes_max: int) -> str:
    """Return the sentence on a run that has used up its time."""
    return f"The run ended at its limit of {minutes_max} {'minute' if minutes_max == 1 else 'minutes'}."

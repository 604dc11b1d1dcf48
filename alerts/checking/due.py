"""When somebody who follows a search is told at the latest."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from corpus.alerts import Frequency, Subscriber

WAITS: dict[Frequency, timedelta] = {
    Frequency.AT_ONCE: timedelta(minutes=15),
    Frequency.DAILY: timedelta(days=1),
    Frequency.WEEKLY: timedelta(days=7),
}
"""How long a match waits for its message at most, when everything works."""


def told_until(frequency: Frequency, found_at: datetime, *, grace: timedelta) -> datetime:
    """Return until when a match is to be told.

    Args:
        frequency: of its subscription.
        found_at: when it could be told first.
        grace: for what takes longer: a server that is down for a while, a clock that is changed.
    """
    return found_at + WAITS[frequency] + grace


def next_digest(subscriber: Subscriber, frequency: Frequency, *, after: datetime) -> datetime:
    """Return when the next digest is due after a moment; of searches that are told at once: that moment.

    The hour is that of the subscriber; one that the clocks leave out in spring is the hour after it.
    """
    if frequency is Frequency.AT_ONCE:
        return after
    try:
        zone = ZoneInfo(subscriber.timezone)
    except (ZoneInfoNotFoundError, ValueError):  # a name that this machine's database does not have
        zone = ZoneInfo("UTC")
    local = after.astimezone(zone)
    slot = local.replace(hour=subscriber.hour, minute=0, second=0, microsecond=0, fold=0)
    while slot.astimezone(UTC) <= after or (frequency is Frequency.WEEKLY and slot.weekday() != subscriber.weekday):
        slot += timedelta(days=1)
    return slot.astimezone(UTC)

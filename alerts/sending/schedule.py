"""When new matches are due: at once, or at the subscriber's hour. Pure functions of what is kept and of the clock.

There is no window that moves on: what was found and is in no message is due at the first slot after it was found, and a slot
that was missed is made up, however long ago it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from corpus.alerts import Channel, Frequency, Subscriber, Subscription, WaitingMatches

EMAIL_PAUSE = timedelta(minutes=15)
"""Between two e-mails with matches to one subscriber; what is found meanwhile is collected."""
CLOCK_ERROR = timedelta(minutes=5)
"""By which clocks of two machines may differ. What lies further in the future was noted before the clock was set back."""


def due_subscriptions(
    waiting: Sequence[WaitingMatches], *, subscriber: Subscriber, subscriptions: Sequence[Subscription], now: datetime
) -> tuple[int, ...]:
    """Return the ids of a subscriber's subscriptions whose matches are put into a message now; empty: nothing is due.

    Args:
        waiting: the subscriber's, of active subscriptions.
        subscriber: in which time zone, and when.
        subscriptions: all of the subscriber's.
        now: UTC.
    """
    if is_paused_until(subscriber, subscriptions, now=now) > now:
        return ()
    frequencies = {each.id: each.frequency for each in subscriptions}
    return tuple(
        each.subscription
        for each in waiting
        if each.subscription in frequencies
        and due_at(each.oldest, frequency=frequencies[each.subscription], subscriber=subscriber, now=now) <= now
    )


def next_due(
    waiting: Sequence[WaitingMatches], *, subscriber: Subscriber, subscriptions: Sequence[Subscription], now: datetime
) -> datetime | None:
    """Return when something of a subscriber is due, `now` at the earliest; None: nothing waits."""
    frequencies = {each.id: each.frequency for each in subscriptions}
    times = [
        due_at(each.oldest, frequency=frequencies[each.subscription], subscriber=subscriber, now=now)
        for each in waiting
        if each.subscription in frequencies
    ]
    if not times:
        return None
    return max(min(times), is_paused_until(subscriber, subscriptions, now=now), now)


def is_paused_until(subscriber: Subscriber, subscriptions: Iterable[Subscription], *, now: datetime) -> datetime:
    """Return until when nothing is gathered for a subscriber, because an e-mail was made a moment ago; `now`: it may be."""
    if subscriber.channel is not Channel.EMAIL:
        return now
    made = [each.gathered_at for each in subscriptions if each.gathered_at is not None]
    # Of a message in the future nothing follows: the clock was set back.
    ends = [each + EMAIL_PAUSE for each in made if each <= now + CLOCK_ERROR]
    return max([now, *ends])


def due_at(oldest: datetime, *, frequency: Frequency, subscriber: Subscriber, now: datetime) -> datetime:
    """Return when matches are due of which the oldest was found at a time.

    Args:
        oldest: UTC; further in the future than clocks differ: due now, because the clock was set back.
        frequency: of their subscription.
        subscriber: in which time zone, and when.
        now: UTC.
    """
    if frequency is Frequency.AT_ONCE or oldest > now + CLOCK_ERROR:
        return now
    weekday = subscriber.weekday if frequency is Frequency.WEEKLY else None
    return next_slot(oldest, hour=subscriber.hour, timezone=subscriber.timezone, weekday=weekday)


def next_slot(after: datetime, *, hour: int, timezone: str, weekday: int | None = None) -> datetime:
    """Return the first slot after a time, UTC.

    An hour that is skipped when clocks go forward is taken as soon as it is over; of one that comes twice the first counts.

    Args:
        after: UTC.
        hour: 0 to 23, local.
        timezone: of the IANA database; an unknown one counts as UTC.
        weekday: 0 (Monday) to 6; None: every day.
    """
    zone = zone_of(timezone)
    day = after.astimezone(zone).date() - timedelta(days=1)
    while True:
        slot = _slot_of(day, hour=hour, zone=zone)
        if slot > after and (weekday is None or day.weekday() == weekday):
            return slot
        day += timedelta(days=1)


def _slot_of(day: date, *, hour: int, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=zone).astimezone(UTC)


@lru_cache(maxsize=1024)
def zone_of(timezone: str) -> ZoneInfo:
    """Return a time zone; one that this machine does not know is UTC."""
    try:
        return ZoneInfo(timezone)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")

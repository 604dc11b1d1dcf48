"""When someone who follows a search is notified at the latest."""

from __future__ import annotations

from datetime import datetime, timedelta

from corpus.alerts import Frequency

WAITS: dict[Frequency, timedelta] = {
    Frequency.AT_ONCE: timedelta(minutes=15),
    Frequency.DAILY: timedelta(days=1),
    Frequency.WEEKLY: timedelta(days=7),
}
"""How long a match waits for its message at most, when everything works."""


def told_until(frequency: Frequency, found_at: datetime, *, grace: timedelta) -> datetime:
    """Return until when a match is to be notified.

    Args:
        frequency: of its subscription.
        found_at: when it could first be sent.
        grace: for what takes longer: a server that is down for a while, a clock that is changed.
    """
    return found_at + WAITS[frequency] + grace

"""What follows from an answer: when a message is tried again, and when it is given up. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from alerts.channels.answers import ChannelAnswer
from corpus.alerts import AttemptOutcome, Channel, MessageKind, StoppedWhy

_HOUR = timedelta(hours=1)
WAITS: Mapping[Channel, tuple[timedelta, ...]] = {
    # Those of Standard Webhooks 1.0: ten tries, the last one 75.6 hours after the first.
    Channel.WEBHOOK: (
        timedelta(seconds=5),
        timedelta(minutes=5),
        timedelta(minutes=30),
        *(hours * _HOUR for hours in (2, 5, 10, 14, 20, 24)),
    ),
    # A relay tries for days on its own; these are for when it does not take the message.
    Channel.EMAIL: (
        *(timedelta(minutes=minutes) for minutes in (1, 5, 15)),
        *(hours * _HOUR for hours in (1, 4, 12, 24, 48)),
    ),
}
"""Between tries that fail, by channel: there is one try more than there are waits."""
JITTER = 0.1
"""Share by which a wait is longer at most, so that what failed together does not come back together."""
OWN_WAIT_MAX = _HOUR
"""Between tries while our own mail server is what fails: they continue until it is repaired."""


@dataclass(frozen=True, slots=True)
class AfterTry:
    """What becomes of a message after an attempt."""

    again_in: timedelta | None
    """None: it is not tried again."""
    counts: bool
    """Whether the failure counts for when the message is given up."""
    stops: StoppedWhy | None = None
    """Why nothing is sent to the address any more; None: it continues."""


def after_try(
    answer: ChannelAnswer, *, channel: Channel, kind: MessageKind, failures: int, tries: int, chance: float
) -> AfterTry:
    """Return what follows from an answer.

    Args:
        answer: of the receiving server, if any.
        channel: by which it was sent.
        kind: of the message: who does not confirm is not stopped because that message was given up.
        failures: that count, before this try.
        tries: with this one.
        chance: 0 to 1, for the jitter.
    """
    if answer.outcome is AttemptOutcome.ACCEPTED:
        return AfterTry(None, counts=False)
    if answer.outcome is AttemptOutcome.PERMANENT:
        return AfterTry(None, counts=True, stops=answer.stops)
    waits = WAITS[channel]
    if answer.is_ours:
        wait = min(waits[min(tries, len(waits)) - 1], OWN_WAIT_MAX)
    elif failures >= len(waits):
        return AfterTry(None, counts=True, stops=StoppedWhy.GAVE_UP if kind is MessageKind.DIGEST else None)
    else:
        wait = waits[failures]
    wait *= 1 + JITTER * chance
    return AfterTry(max(wait, answer.not_before or wait), counts=not answer.is_ours)

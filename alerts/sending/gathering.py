"""Putting matches that are due into messages: one for each subscriber, of all searches that are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import structlog

from alerts.ids import new_public_id
from alerts.sending.schedule import due_subscriptions, next_due
from corpus.alerts import Channel, Subscriber, SubscriberState, Subscription, WaitingMatches
from corpus.store import Store

MESSAGES_MAX = 20
"""That are made before the first of them are sent: at seven o'clock a thousand digests may be due."""
_READ_AT_ONCE = 100
"""Subscribers."""
_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Gathered:
    """The result of one look at waiting matches."""

    messages: int = 0
    """That were made."""
    next_due: datetime | None = None
    """When the next of those that are left is due, UTC; None: none is left."""


def gather(
    store: Store, *, now: datetime, channels: frozenset[Channel] = frozenset(Channel), limit: int = MESSAGES_MAX
) -> Gathered:
    """Make messages of all matches that are due. May be done by several at once: each match comes into one message.

    Args:
        store: of the matches.
        now: UTC.
        channels: those that are on; matches of the others wait until they are.
        limit: messages that are made at most; what is due then is due still.
    """
    waiting: dict[int, list[WaitingMatches]] = defaultdict(list)
    for each in store.matches.waiting():
        waiting[each.subscriber].append(each)
    made, left = 0, None
    for number, subscriber, subscriptions in _owners(store, sorted(waiting)):
        if subscriber.state is not SubscriberState.ACTIVE or subscriber.channel not in channels:
            continue
        if made >= limit:
            return Gathered(made, now)
        later = _gather_of(store, subscriber, subscriptions, waiting[number], now=now)
        if later is None:
            made += 1
        elif left is None or later < left:
            left = later
    return Gathered(made, left)


def _owners(store: Store, subscribers: Sequence[int]) -> Iterator[tuple[int, Subscriber, tuple[Subscription, ...]]]:
    """Yield subscribers with what they follow, read in parts: usually the first of them are enough for a while."""
    for start in range(0, len(subscribers), _READ_AT_ONCE):
        part = store.subscriptions.with_subscriptions(subscribers[start : start + _READ_AT_ONCE])
        yield from ((number, *each) for number, each in part.items())


def _gather_of(
    store: Store,
    subscriber: Subscriber,
    subscriptions: Sequence[Subscription],
    waiting: Sequence[WaitingMatches],
    *,
    now: datetime,
) -> datetime | None:
    """Make the message of a subscriber when it is due; return when it is, or None: it was, and another look is worth it."""
    due = due_subscriptions(waiting, subscriber=subscriber, subscriptions=subscriptions, now=now)
    if not due:
        return next_due(waiting, subscriber=subscriber, subscriptions=subscriptions, now=now)
    seen: Mapping[int, datetime | None] = {each.id: each.gathered_at for each in subscriptions}
    message = store.messages.gather(subscriber.id, due, public_id=new_public_id(), at=now, last_gathered=seen)
    if message is None:
        return now  # another worker was quicker
    _log.info("message_made", message=message.public_id, subscriber=subscriber.id, subscriptions=len(due))
    return None

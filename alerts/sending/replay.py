"""Sending again what a receiver missed, as a webhook that was down for longer than its tries took."""

from __future__ import annotations

from datetime import datetime

from corpus.alerts import MessageKind, MessageState
from corpus.store import Store

MESSAGES_MAX = 1000
"""That one request may ask for."""
_DONE = (MessageState.SENT, MessageState.FAILED)


class TooManyMessages(Exception):
    """More than MESSAGES_MAX digests were made within the time."""


def replay_digests(store: Store, subscriber_id: int, *, since: datetime, until: datetime) -> int:
    """Let the digests that were made for a subscriber within a time be sent once more, under their ids; return how many.

    A receiver that has one of them already knows it by its webhook-id. What waits or is under way is left alone.

    Args:
        store: of the messages.
        subscriber_id: whose.
        since: UTC, within.
        until: UTC, not within.

    Raises TooManyMessages: nothing is sent again.
    """
    made = store.messages.of_subscriber(
        subscriber_id, since=since, until=until, kind=MessageKind.DIGEST, limit=MESSAGES_MAX + 1
    )
    if len(made) > MESSAGES_MAX:
        raise TooManyMessages
    again = [each.id for each in made if each.state in _DONE]
    return store.messages.send_again(again) if again else 0

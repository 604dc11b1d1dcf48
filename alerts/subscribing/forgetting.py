"""What is kept no longer than it is needed."""

from __future__ import annotations

from datetime import datetime, timedelta

from alerts.subscribing.links import CONFIRM_DAYS
from corpus.store import Store

ATTEMPT_DAYS = 90
"""How long tries to send a message are kept after it was made; what the receiving server answered may name an address."""


def forget_old(store: Store, *, now: datetime) -> int:
    """Delete unconfirmed requests in CONFIRM_DAYS, and tries older than ATTEMPT_DAYS; return how many of both there were.

    Cheap enough for each time that someone asks to follow a search. May be repeated, also by several at once.
    """
    unconfirmed = store.subscriptions.remove_unconfirmed(before=now - timedelta(days=CONFIRM_DAYS))
    return unconfirmed + store.messages.forget_attempts(before=now - timedelta(days=ATTEMPT_DAYS))

"""Searches that can no longer be read: their owner is notified once, and they are kept."""

from __future__ import annotations

from datetime import datetime

from alerts.ids import new_public_id
from corpus.alerts import MessageKind, SubscriberState, Subscription
from corpus.errors import BadQuery
from corpus.store import Store

SEARCH_UNREADABLE = "search_unreadable"
"""What a notice is about, in its details under `notice`; `subscription` says which, `detail` why, in its owner's language."""


def note_unreadable(subscription: Subscription, error: BadQuery, *, store: Store, now: datetime) -> bool:
    """Note that a search can no longer be read, and let its owner know the first time; say whether it was the first.

    The subscription stays: when the vocabulary has its values again, it continues where it was.
    """
    with store.together():
        held = store.subscriptions.get(subscription.id)
        if held is None:
            return False
        store.subscriptions.note_error({held.id: str(error)})
        if held.error:
            return False
        owner = store.subscriptions.subscriber(held.subscriber)
        if owner is not None and owner.state is SubscriberState.ACTIVE:
            detail = error.in_language(owner.lang)
            details = {"notice": SEARCH_UNREADABLE, "subscription": held.id, "detail": detail}
            public_id = new_public_id()
            store.messages.add(owner.id, MessageKind.NOTICE, public_id=public_id, at=now, details=details)
        return True


def note_readable(subscription: Subscription, *, store: Store) -> None:
    """Note that a search can be read again; writes nothing where it always could."""
    if subscription.error:
        store.subscriptions.note_error({subscription.id: ""})

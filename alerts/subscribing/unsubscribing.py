"""Ending subscriptions by the link that every message has, with one click where a mail program offers it (RFC 8058)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.subscribing.links import LinkState
from alerts.subscribing.state import AlertsState
from corpus.alerts import LinkPurpose, StoppedWhy, Subscriber, Subscription


@dataclass(frozen=True, slots=True)
class Leaving:
    """What an unsubscribe link is about."""

    subscriber: Subscriber
    subscriptions: tuple[Subscription, ...]
    """All of the subscriber."""
    one: Subscription | None = None
    """The one that the link is about; None: it is about all."""


def leaving(token: str, *, state: AlertsState, now: datetime) -> Leaving | None:
    """Return what an unsubscribe link is about; None: it is over already. Touches nothing.

    Raises NotFound: this site never signed the link.
    """
    opened, subscriptions = state.links.open(token, LinkPurpose.UNSUBSCRIBE, now=now), state.app.store.subscriptions
    if opened.state is not LinkState.OPEN or opened.link is None:
        return None
    subscriber = subscriptions.subscriber(opened.link.subscriber)
    if subscriber is None:
        return None
    followed = subscriptions.of(subscriber.id)
    one = next((each for each in followed if each.id == opened.link.subscription), None)
    if opened.link.subscription is not None and one is None:
        return None
    return Leaving(subscriber, followed, one)


def unsubscribe(
    token: str, *, state: AlertsState, now: datetime, all_of_them: bool = False, never: bool = False
) -> bool:
    """End what an unsubscribe link is about; False: that was done before. May be repeated.

    With its last subscription a subscriber is deleted: there is nothing left for which the address is needed.

    Args:
        token: of the link.
        state: keeps subscriptions.
        now: UTC.
        all_of_them: end all, also where the link is about one.
        never: see that nobody has messages sent to that address again; a digest of it is kept for that. With it all end.

    Raises NotFound: this site never signed the link.
    """
    found = leaving(token, state=state, now=now)
    if found is None:
        return False
    subscriptions = state.app.store.subscriptions
    with state.app.store.together():
        if never:
            subscriptions.stop(found.subscriber.id, StoppedWhy.ASKED, at=now)
        if never or all_of_them or found.one is None or found.subscriptions == (found.one,):
            return subscriptions.remove_subscriber(found.subscriber.id)
        return subscriptions.remove(found.one.id)

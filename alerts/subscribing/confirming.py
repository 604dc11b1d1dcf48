"""Confirming what was requested, or saying that one did not ask. Looking at it changes nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from alerts.subscribing.links import LinkState, not_there
from alerts.subscribing.state import AlertsState
from corpus.alerts import LinkPurpose, StoppedWhy, Subscriber, Subscription
from corpus.errors import NotFound
from corpus.messages import sentence


@dataclass(frozen=True, slots=True)
class Asked:
    """A subscription that waits for its confirmation, or had it."""

    state: LinkState
    subscriber: Subscriber
    subscription: Subscription


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A subscription that began."""

    subscriber: Subscriber
    subscription: Subscription
    manage: str
    """Absolute address with which its owner sees and changes everything."""
    secret: str = ""
    """Of a webhook that is confirmed for the first time: what its messages are signed with. It is shown this once."""


def asked_for(token: str, *, state: AlertsState, now: datetime) -> Asked:
    """Return what a confirmation link is about. Touches nothing.

    Raises NotFound: the link is unknown, or what it was about is no longer kept.
    """
    opened = state.links.open(token, LinkPurpose.CONFIRM, now=now)
    link = opened.link
    if link is None or link.subscription is None:
        raise _gone()
    subscription = state.app.store.subscriptions.get(link.subscription)
    subscriber = state.app.store.subscriptions.subscriber(link.subscriber)
    if subscription is None or subscriber is None:
        raise _gone()
    return Asked(opened.state, subscriber, subscription)


def confirm(token: str, *, state: AlertsState, now: datetime) -> Confirmed:
    """Begin a subscription; its link counts once.

    Raises NotFound: the link is unknown, was used or has ended.
    """
    asked, subscriptions = asked_for(token, state=state, now=now), state.app.store.subscriptions
    link = state.links.open(token, LinkPurpose.CONFIRM, now=now).link
    with state.app.store.together():
        if link is None or not state.app.store.alert_links.use(link.id, at=now):
            raise used_or_ended(asked.state)
        subscriptions.confirm(asked.subscription.id, at=now)
        subscriber, subscription = subscriptions.subscriber(link.subscriber), subscriptions.get(asked.subscription.id)
    if subscriber is None or subscription is None:
        raise _gone()
    is_first = asked.subscriber.confirmed_at is None
    secret = subscriber.secrets[0] if is_first and subscriber.secrets else ""
    return Confirmed(subscriber, subscription, state.links.manage(subscriber, now=now), secret)


def say_not_me(token: str, *, state: AlertsState, now: datetime) -> bool:
    """Take back what someone else asked for; return whether the address is written to no more.

    An address that never confirmed anything is deleted, and its digest is kept so that it cannot be signed up again.
    One that follows something loses only the subscription that it did not ask for.

    Raises NotFound: the link is unknown, was used or has ended.
    """
    asked, subscriptions = asked_for(token, state=state, now=now), state.app.store.subscriptions
    if asked.state is not LinkState.OPEN:
        raise used_or_ended(asked.state)
    with state.app.store.together():
        if asked.subscriber.confirmed_at is not None:
            subscriptions.remove(asked.subscription.id)
            return False
        subscriptions.stop(asked.subscriber.id, StoppedWhy.ASKED, at=now)
        subscriptions.remove_subscriber(asked.subscriber.id)
        return True


def used_or_ended(state: LinkState) -> NotFound:
    """Return the error of a confirmation link that no longer counts."""
    if state is LinkState.ENDED:
        return NotFound(
            sentence("This link has expired: it was valid for seven days."),
            try_next=sentence("Follow the search again to get a new link."),
        )
    return NotFound(
        sentence("This link has already been used."),
        try_next=sentence("If you confirmed it, you now follow the search. Every message has a link to change that."),
    )


def _gone() -> NotFound:
    found = not_there()
    return NotFound(found.message, try_next=sentence("Follow the search again to get a new link."))

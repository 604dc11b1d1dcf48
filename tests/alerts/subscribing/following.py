"""Builders for the tests of following: a state over a filled library, and the way from asking to a manage link."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from alerts.subscribing.asking import AlertRequest, subscribe
from alerts.subscribing.confirming import Confirmed, confirm
from alerts.subscribing.state import AlertsState
from corpus.alerts import Channel, FoundMatch, Frequency, LinkPurpose, Message, MessageKind
from corpus.store import Store
from search_api.query.parameters import SearchQuery

NOW = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
ROSA = "rosa@example.org"
HOOK = "https://hooks.example.org/pushcart"
ASKER = "198.51.100.7"
VENDORS = SearchQuery(text="vendors")


def wanted(**others: Any) -> AlertRequest:
    """Return what somebody asks for."""
    given: dict[str, Any] = {
        "query": VENDORS,
        "channel": Channel.EMAIL,
        "address": ROSA,
        "frequency": Frequency.DAILY,
    }
    return AlertRequest(**given | others)


def ask(state: AlertsState, *, at: datetime = NOW, asker: str = ASKER, **others: Any) -> None:
    """Ask to follow a search."""
    subscribe(wanted(**others), state=state, asker=asker, now=at)


def confirmations(store: Store) -> list[Message]:
    """Return all confirmations that are to be sent, oldest first."""
    every = [each for who in store.subscriptions.subscribers() for each in store.messages.of_subscriber(who.id)]
    return sorted((each for each in every if each.kind is MessageKind.CONFIRM), key=lambda each: each.id)


def confirm_token(state: AlertsState, message: Message, *, at: datetime = NOW) -> str:
    """Return the token of the link that a confirmation carries."""
    number = message.details["subscription"]
    return state.links.token(LinkPurpose.CONFIRM, message.subscriber, now=at, subscription=number)[0]


def follow(state: AlertsState, *, at: datetime = NOW, **others: Any) -> Confirmed:
    """Ask to follow a search and confirm it."""
    ask(state, at=at, **others)
    return confirm(confirm_token(state, confirmations(state.app.store)[-1], at=at), state=state, now=at)


def manage_token(done: Confirmed) -> str:
    """Return the token of a manage link."""
    return token_of(done.manage)


def token_of(address: str) -> str:
    """Return the token of a link."""
    return address.partition("?")[0].rpartition("/")[2]


def unsubscribe_token(state: AlertsState, done: Confirmed, *, of_all: bool = False, at: datetime = NOW) -> str:
    """Return the token of an unsubscribe link, of a subscription or of all."""
    number = None if of_all else done.subscription.id
    return token_of(state.links.unsubscribe(done.subscriber, now=at, subscription=number))


def match(store: Store, subscription: int, document: str, **others: Any) -> None:
    """Keep a match as matching does."""
    reason = {"words": ["vendors"], "page": 2, "concepts": ["group:street_vendors"], "tags": ["country:PER"]}
    found = FoundMatch(**{"subscription": subscription, "document": document, "sequence": 1, "reason": reason} | others)
    assert store.matches.keep([found], (), revision=store.subscriptions.revision(), at=NOW)

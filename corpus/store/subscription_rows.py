"""Values and rows of subscribers and subscriptions."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpus.alerts import Channel, Frequency, StoppedWhy, Subscriber, SubscriberState, Subscription, SubscriptionState

Query = tuple[tuple[str, str], ...]
"""Names and values of a search, as SearchQuery.to_parameters writes them."""


@dataclass(frozen=True, slots=True)
class NewSubscriber:
    """An address that someone gives, before it is known whether it is kept already."""

    channel: Channel
    address: str
    lang: str
    timezone: str = "UTC"
    hour: int = 7
    weekday: int = 0
    network: str = ""
    secrets: tuple[str, ...] = ()
    contact: str = ""


class TooManySubscriptions(Exception):
    """The limit of subscriptions is reached; `which` says which limit: `all`, `subscriber` or `network`."""

    def __init__(self, which: str) -> None:
        super().__init__(f"no room for a subscription: {which}")
        self.which = which


@dataclass(frozen=True, slots=True)
class SubscriptionLimits:
    """How many subscriptions may be kept."""

    in_all: int
    per_subscriber: int
    unconfirmed_per_network: int
    """Of one network at once; an empty network is not counted."""


def query_key(query: Query) -> str:
    """Return the digest by which a search is known again."""
    return hashlib.sha256(json.dumps([list(each) for each in query], ensure_ascii=False).encode()).hexdigest()


def address_key(channel: Channel, address: str) -> str:
    """Return the digest by which an address is known again; capitals of an e-mail address make no difference."""
    compared = address.casefold() if channel is Channel.EMAIL else address
    return hashlib.sha256(f"{channel.value}\n{compared}".encode()).hexdigest()


def subscriber_from(row: Mapping[Any, Any]) -> Subscriber:
    """Return a row of `subscribers` as a value."""
    return Subscriber(
        id=row["id"],
        channel=Channel(row["channel"]),
        address=row["address"],
        lang=row["lang"],
        timezone=row["timezone"],
        created_at=row["created_at"],
        hour=row["hour"],
        weekday=row["weekday"],
        state=SubscriberState(row["state"]),
        confirmed_at=row["confirmed_at"],
        stopped_at=row["stopped_at"],
        stopped_why=StoppedWhy(row["stopped_why"]) if row["stopped_why"] else None,
        network=row["network"],
        secrets=tuple(row["secrets"]),
        contact=row["contact"],
    )


def subscription_from(row: Mapping[Any, Any]) -> Subscription:
    """Return a row of `subscriptions` as a value."""
    return Subscription(
        id=row["id"],
        subscriber=row["subscriber_id"],
        name=row["name"],
        query=tuple((name, value) for name, value in row["query"]),
        frequency=Frequency(row["frequency"]),
        since=row["since"],
        created_at=row["created_at"],
        state=SubscriptionState(row["state"]),
        confirmed_at=row["confirmed_at"],
        gathered_at=row["gathered_at"],
        swept_at=row["swept_at"],
        error=row["trouble"],
        revision=row["revision"],
    )

"""Asking to follow a search. Nothing starts before the reader of the address has confirmed it.

The answer depends only on what was requested, never on whether the address or the search is known.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from alerts.ids import new_public_id
from alerts.subscribing.addresses import checked_address, checked_lang, checked_timezone
from alerts.subscribing.forgetting import forget_old
from alerts.subscribing.state import AlertsState
from alerts.subscribing.webhook_secrets import new_secret
from corpus.alerts import Channel, Frequency, MessageKind, Subscriber, Subscription, SubscriptionState
from corpus.errors import AsksTooOften, BadInput, Busy, EngineUnavailable
from corpus.messages import sentence
from corpus.networks import network_of
from corpus.settings import Settings
from corpus.store import NewSubscriber, SubscriptionLimits, TooManySubscriptions
from search_api.answers.freezing import checked_name
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

CONFIRMATIONS_A_DAY = 3
"""To one address, regardless of who asks."""
_ASKED_AGAIN_AFTER = timedelta(days=1)
"""An unconfirmed subscription that is requested again later than this begins its seven days again."""
_FULL_SECONDS = 3600

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class AlertRequest:
    """What someone asks for. Nothing of it is checked yet, but for the search."""

    query: SearchQuery
    channel: Channel
    address: str
    frequency: Frequency
    lang: str = "en"
    timezone: str = "UTC"
    hour: int = 7
    """0 to 23, there."""
    weekday: int = 0
    """0 (Monday) to 6."""
    name: str = ""
    contact: str = ""
    """Of a webhook: e-mail address that is notified when the endpoint is given up; empty: none."""
    since: int | None = None
    """Sequence number after which documents are new; None: from now on."""


class _Enough(Exception):
    """Nothing is kept or sent, and the asker is not told why."""


def subscribe(wanted: AlertRequest, *, state: AlertsState, asker: str, now: datetime) -> None:
    """Keep what someone asks for, and let a confirmation be sent to the address.

    Nothing is sent, and nobody is notified, where the address refused messages, got CONFIRMATIONS_A_DAY already, follows
    the search, or follows as many as it may.

    Args:
        wanted: what is requested.
        state: keeps it.
        asker: IP address of who asks; its network is counted.
        now: UTC.

    Raises BadInput, BadQuery: something of it cannot be used. AsksTooOften, Busy: the limit is reached.
    """
    store, settings = state.app.store, state.app.settings
    who = _who(wanted, state=state, network=network_hash(asker, state=state))
    name, query = checked_name(wanted.name), followed_query(wanted.query)
    check_search(query, state=state)
    limits = limits_of(settings)
    if not state.takes_new:
        raise _no_room("all", settings)
    try:
        forget_old(store, now=now)
        store.subscriptions.check_room(who.network, limits=limits)
        if store.subscriptions.refuses(who.channel, who.address):
            raise _Enough("refused")
        with store.together():
            kept = _added(replace(wanted, name=name, query=query), who, state=state, limits=limits, now=now)
            _let_confirm(*kept, state=state, now=now)
    except TooManySubscriptions as error:
        if error.which != "subscriber":
            raise _no_room(error.which, settings) from error
        _log.info("not_subscribed", reason="subscriber_full")
    except _Enough as error:
        _log.info("not_subscribed", reason=str(error))


def _who(wanted: AlertRequest, *, state: AlertsState, network: str) -> NewSubscriber:
    if wanted.channel is Channel.EMAIL and not state.sends_email:
        raise BadInput(
            sentence("This site does not send e-mail."),
            try_next=sentence("Follow the search by feed or webhook instead."),
        )
    asks_dns, is_webhook = state.app.settings.alerts_check_domains, wanted.channel is Channel.WEBHOOK
    contact = wanted.contact.strip() if is_webhook else ""
    check_hour(wanted.hour, wanted.weekday)
    return NewSubscriber(
        channel=wanted.channel,
        address=checked_address(wanted.channel, wanted.address, asks_dns=asks_dns, allows_private=state.allows_private),
        lang=checked_lang(wanted.lang),
        timezone=checked_timezone(wanted.timezone),
        hour=wanted.hour,
        weekday=wanted.weekday,
        network=network,
        secrets=(new_secret(),) if is_webhook else (),
        contact=checked_address(Channel.EMAIL, contact, asks_dns=asks_dns) if contact else "",
    )


def check_hour(hour: int, weekday: int) -> None:
    """Raise BadInput: there is no such hour of a day, or no such day of a week."""
    if not 0 <= hour <= 23 or not 0 <= weekday <= 6:
        raise BadInput(
            sentence("The hour or the day of the week is not valid."),
            try_next=sentence("Hours go from 0 to 23, days from 0 (Monday) to 6 (Sunday)."),
        )


def _added(
    wanted: AlertRequest, who: NewSubscriber, *, state: AlertsState, limits: SubscriptionLimits, now: datetime
) -> tuple[Subscriber, Subscription]:
    subscriptions, query = state.app.store.subscriptions, wanted.query.to_parameters()

    def add(since: int | None) -> tuple[Subscriber, Subscription]:
        frequency, name = wanted.frequency, wanted.name
        return subscriptions.add(who, query, frequency=frequency, at=now, limits=limits, name=name, since=since)

    subscriber, kept = add(wanted.since)
    if kept.state is SubscriptionState.UNCONFIRMED and now - kept.created_at > _ASKED_AGAIN_AFTER:
        subscriptions.remove(kept.id)
        subscriber, kept = add(kept.since)
    return subscriber, kept


def _let_confirm(subscriber: Subscriber, subscription: Subscription, *, state: AlertsState, now: datetime) -> None:
    if subscription.state is not SubscriptionState.UNCONFIRMED:
        raise _Enough("followed_already")
    messages = state.app.store.messages
    today = messages.of_subscriber(
        subscriber.id, since=now - timedelta(days=1), kind=MessageKind.CONFIRM, limit=CONFIRMATIONS_A_DAY
    )
    if len(today) >= CONFIRMATIONS_A_DAY:
        raise _Enough("confirmations_today")  # takes back what was added, too
    details = {"subscription": subscription.id}
    messages.add(subscriber.id, MessageKind.CONFIRM, public_id=new_public_id(), at=now, details=details)


def followed_query(query: SearchQuery) -> SearchQuery:
    """Return the search whose new answers are followed: order, size, place and what is only near play no part."""
    plain = SearchQuery()
    return replace(query, sort=plain.sort, limit=plain.limit, near=plain.near, cursor="")


def check_search(query: SearchQuery, *, state: AlertsState) -> None:
    """Raise BadQuery: a search asks for more than one search may. An index that is away is no reason to refuse it."""
    tree = parse(query.text, vocabulary=state.app.vocabulary, off=query.off, strict=query.strict).tree
    try:
        state.app.engine.search(replace(query, limit=1, near=0), tree=tree, counted=False)
    except EngineUnavailable:
        _log.warning("search_not_tried")


def limits_of(settings: Settings) -> SubscriptionLimits:
    """Return how many searches may be followed."""
    return SubscriptionLimits(
        in_all=settings.alerts_subscriptions_max,
        per_subscriber=settings.alerts_per_subscriber_max,
        unconfirmed_per_network=settings.alerts_unconfirmed_per_network_max,
    )


def network_hash(asker: str, *, state: AlertsState) -> str:
    """Return the name under which the subscriptions of a network are counted; who lacks the key learns nothing from it."""
    network = network_of(asker) if asker else ""
    if not network:
        return ""
    return hashlib.blake2b(f"alerts {network}".encode(), key=state.key(), digest_size=16).hexdigest()


def _no_room(which: str, settings: Settings) -> Busy:
    if which == "network":
        return AsksTooOften(
            sentence(
                "{count} searches from your network are waiting to be confirmed, which is the limit.",
                count=settings.alerts_unconfirmed_per_network_max,
            ),
            try_next=sentence("Confirm them with the links in the messages, or wait seven days until they expire."),
            retry_seconds=_FULL_SECONDS,
        )
    return Busy(
        sentence("The limit of followed searches on this site has been reached."),
        try_next=sentence("Follow this search by feed, or ask the operator of this site."),
        retry_seconds=_FULL_SECONDS,
    )

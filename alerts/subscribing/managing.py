"""What a subscriber may see and change with the manage link."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from alerts.sending.replay import MESSAGES_MAX, TooManyMessages, replay_digests
from alerts.subscribing.addresses import checked_address, checked_lang, checked_timezone
from alerts.subscribing.asking import check_hour, check_search, followed_query, limits_of
from alerts.subscribing.links import LinkState, not_there
from alerts.subscribing.state import AlertsState
from corpus.alerts import (
    Channel,
    Frequency,
    LinkPurpose,
    Message,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from corpus.errors import BadInput, NotFound
from corpus.messages import sentence
from corpus.store import NewSubscriber, TooManySubscriptions
from search_api.answers.freezing import checked_name
from search_api.query.parameters import SearchQuery


def owner_of(token: str, *, state: AlertsState, now: datetime) -> Subscriber:
    """Return the subscriber of a manage link.

    Raises NotFound: the link is unknown, or was revoked, or its subscriber was deleted; the error does not say which.
    """
    opened = state.links.open(token, LinkPurpose.MANAGE, now=now)
    if opened.state is not LinkState.OPEN or opened.link is None:
        raise not_there()
    found = state.app.store.subscriptions.subscriber(opened.link.subscriber)
    if found is None:
        raise not_there()
    return found


def own_subscription(owner: Subscriber, subscription_id: int, *, state: AlertsState) -> Subscription:
    """Return a subscription of a subscriber. Raises NotFound: they have none with that number."""
    found = state.app.store.subscriptions.get(subscription_id)
    if found is None or found.subscriber != owner.id:
        raise NotFound(
            sentence("You do not follow a search with this number."),
            try_next=sentence("Open it from the list of your searches."),
        )
    return found


def own_message(owner: Subscriber, public_id: str, *, state: AlertsState) -> Message:
    """Return a message to a subscriber. Raises NotFound: they got none with that id."""
    found = state.app.store.messages.by_public_id(public_id)
    if found is None or found.subscriber != owner.id:
        raise NotFound(sentence("No message with this id was sent to you."))
    return found


def follow_more(
    owner: Subscriber,
    query: SearchQuery,
    *,
    frequency: Frequency,
    state: AlertsState,
    now: datetime,
    name: str = "",
    since: int | None = None,
) -> Subscription:
    """Let a confirmed subscriber follow another search, at once: with the manage link no confirmation is needed.

    Raises BadInput, BadQuery: the address was never confirmed, the limit is reached, or the search cannot be used.
    """
    if owner.confirmed_at is None:
        raise BadInput(
            sentence("The address has not been confirmed yet."),
            try_next=sentence("Confirm the first search with its link."),
        )
    asked, named = followed_query(query), checked_name(name)
    check_search(asked, state=state)
    subscriptions = state.app.store.subscriptions
    who = NewSubscriber(owner.channel, owner.address, owner.lang)
    limits = limits_of(state.app.settings)
    try:
        with state.app.store.together():
            _, kept = subscriptions.add(
                who, asked.to_parameters(), frequency=frequency, at=now, limits=limits, name=named, since=since
            )
            subscriptions.confirm(kept.id, at=now)
            return subscriptions.get(kept.id) or kept
    except TooManySubscriptions as error:
        raise BadInput(
            sentence("You have reached the limit of searches for one address, or the site has reached its own limit."),
            try_next=sentence("Delete one that you no longer need."),
        ) from error


def change_subscription(
    subscription: Subscription,
    *,
    state: AlertsState,
    name: str | None = None,
    frequency: Frequency | None = None,
    is_paused: bool | None = None,
) -> None:
    """Rename a subscription, let it be notified more or less often, pause or resume it; None: that stays as it is.

    Raises BadInput: the name is too long, or what is paused or resumed was never confirmed.
    """
    subscriptions = state.app.store.subscriptions
    checked = None if name is None else checked_name(name)
    if is_paused is not None and subscription.state is SubscriptionState.UNCONFIRMED:
        raise BadInput(
            sentence("This search has not been confirmed yet."),
            try_next=sentence("Confirm it with the link in its message."),
        )
    with state.app.store.together():
        if checked is not None:
            subscriptions.rename(subscription.id, checked)
        if frequency is not None:
            subscriptions.set_frequency(subscription.id, frequency)
        if is_paused is not None:
            (subscriptions.pause if is_paused else subscriptions.resume)(subscription.id)


def change_subscriber(
    owner: Subscriber,
    *,
    state: AlertsState,
    lang: str | None = None,
    timezone: str | None = None,
    hour: int | None = None,
    weekday: int | None = None,
    contact: str | None = None,
) -> None:
    """Change in which language and when a subscriber is notified; None: that stays as it is.

    Raises BadInput: one of the values cannot be used.
    """
    values: dict[str, Any] = {}
    if lang is not None:
        values["lang"] = checked_lang(lang)
    if timezone is not None:
        values["timezone"] = checked_timezone(timezone)
    check_hour(owner.hour if hour is None else hour, owner.weekday if weekday is None else weekday)
    values |= {} if hour is None else {"hour": hour}
    values |= {} if weekday is None else {"weekday": weekday}
    if contact is not None and owner.channel is Channel.WEBHOOK:
        asks_dns = state.app.settings.alerts_check_domains
        values["contact"] = checked_address(Channel.EMAIL, contact, asks_dns=asks_dns) if contact.strip() else ""
    if values:
        state.app.store.subscriptions.set_up(owner.id, **values)


def start_again(owner: Subscriber, *, state: AlertsState) -> bool:
    """Send again to an address that was given up; False: it was not."""
    return state.app.store.subscriptions.start(owner.id)


def renew_link(owner: Subscriber, *, state: AlertsState, now: datetime) -> str:
    """Let every manage link of a subscriber no longer count, and return the token of a new one.

    Unsubscribe links of messages that were sent stay: they must work as long as someone may find such a message.
    """
    with state.app.store.together():
        state.app.store.alert_links.end(owner.id, LinkPurpose.MANAGE, at=now)
        token, _ = state.links.token(LinkPurpose.MANAGE, owner.id, now=now)
    return token


def end_subscription(owner: Subscriber, subscription: Subscription, *, state: AlertsState) -> bool:
    """Delete a subscription with its matches; with the last one its subscriber too. Return whether the subscriber is kept."""
    subscriptions = state.app.store.subscriptions
    with state.app.store.together():
        if len(subscriptions.of(owner.id)) == 1:
            subscriptions.remove_subscriber(owner.id)
            return False
        subscriptions.remove(subscription.id)
        return True


def end_everything(owner: Subscriber, *, state: AlertsState) -> None:
    """Delete a subscriber with all that is kept of it: address, searches, matches, messages, links."""
    state.app.store.subscriptions.remove_subscriber(owner.id)


def replay(owner: Subscriber, *, since: datetime, until: datetime, state: AlertsState) -> int:
    """Let the digests that were made within a time, and are sent or have failed, be sent again under the same ids.

    Return how many there are. Who got them already knows them by their ids.

    Raises BadInput: the time is no range or has more than MESSAGES_MAX messages, or nothing is sent to the address.
    """
    if owner.state is SubscriberState.STOPPED:
        raise BadInput(
            sentence("Nothing is sent to this address at present."), try_next=sentence("Resume sending to it first.")
        )
    if since >= until:
        raise BadInput(
            sentence("The range ends before it starts."), try_next=sentence("Give the start of the range first.")
        )
    try:
        return replay_digests(state.app.store, owner.id, since=since, until=until)
    except TooManyMessages as error:
        raise BadInput(
            sentence("There are more than {most} messages in this time.", most=MESSAGES_MAX),
            try_next=sentence("Choose a shorter range."),
        ) from error


def last_days(days: int, *, now: datetime) -> tuple[datetime, datetime]:
    """Return the range of the last days until now."""
    return now - timedelta(days=days), now + timedelta(seconds=1)

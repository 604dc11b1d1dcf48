"""Subscribers, and the searches that they follow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.alerts import (
    Channel,
    Frequency,
    StoppedWhy,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from corpus.store.alert_tables import refused_addresses, subscribers, subscriptions
from corpus.store.change_log import newest_change
from corpus.store.subscription_rows import (
    NewSubscriber,
    Query,
    SubscriptionLimits,
    TooManySubscriptions,
    address_key,
    query_key,
    subscriber_from,
    subscription_from,
)
from corpus.store.tables import BATCH, counters
from corpus.store.transactions import Group

_FOLLOWED = subscriptions.c.state.in_([SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value])


class Subscriptions(Group):
    """The tables `subscribers`, `subscriptions` and `refused_addresses`."""

    # ------------------------------------------------------------------ subscribing

    def add(
        self,
        who: NewSubscriber,
        query: Query,
        *,
        frequency: Frequency,
        at: datetime,
        limits: SubscriptionLimits,
        name: str = "",
        since: int | None = None,
    ) -> tuple[Subscriber, Subscription]:
        """Keep a subscription, unconfirmed, and its subscriber where the address is new; or return what is kept already.

        Args:
            who: of an address that is kept already nothing is changed.
            query: a search that this subscriber follows already stays as it is.
            frequency: how often.
            at: UTC.
            limits: how many may be kept.
            name: as its owner calls it.
            since: sequence number after which documents are new; None: that of the newest change.

        Raises TooManySubscriptions: the limit is reached.
        """
        with self._writes() as connection:
            _wait_for_others(connection)
            subscriber = _find_or_add(connection, who, at=at)
            held = connection.execute(
                sa.select(subscriptions).where(
                    subscriptions.c.subscriber_id == subscriber.id, subscriptions.c.query_key == query_key(query)
                )
            )
            if row := held.mappings().first():
                return subscriber, subscription_from(row)
            _check_room(connection, subscriber, network=who.network, limits=limits)
            newest = newest_change(connection)
            values = {
                "subscriber_id": subscriber.id,
                "name": name,
                "query": [list(each) for each in query],
                "query_key": query_key(query),
                "frequency": frequency.value,
                "state": SubscriptionState.UNCONFIRMED.value,
                "since": since if since is not None else (newest[0] if newest else 0),
                "created_at": at,
                "trouble": "",
                "revision": 0,
            }
            added = connection.execute(sa.insert(subscriptions).values(values).returning(*subscriptions.c))
            return subscriber, subscription_from(added.mappings().one())

    def check_room(self, network: str, *, limits: SubscriptionLimits) -> None:
        """Raise TooManySubscriptions when the limit is reached; the check does not depend on the subscriber.

        Args:
            network: keyed hash of the network that asks; empty: it is not counted.
            limits: how many may be kept; that of a subscriber plays no part.
        """
        with self._reads() as connection:
            _check_room_of_all(connection, network=network, limits=limits)

    def confirm(self, subscription_id: int, *, at: datetime) -> bool:
        """Begin a subscription, and with it its subscriber; False: there is none, or it had begun."""
        waiting = subscriptions.c.state == SubscriptionState.UNCONFIRMED.value
        with self._writes() as connection:
            changed = _change(
                connection,
                subscription_id,
                waiting,
                state=SubscriptionState.ACTIVE.value,
                confirmed_at=at,
            )
            if changed is None:
                return False
            active = {
                "state": SubscriberState.ACTIVE.value,
                "confirmed_at": sa.func.coalesce(subscribers.c.confirmed_at, at),
                "stopped_at": None,
                "stopped_why": None,
            }
            connection.execute(sa.update(subscribers).where(subscribers.c.id == changed).values(active))
            return True

    # ------------------------------------------------------------------ looking

    def get(self, subscription_id: int) -> Subscription | None:
        """Return a subscription; None: there is none."""
        with self._reads() as connection:
            row = connection.execute(sa.select(subscriptions).where(subscriptions.c.id == subscription_id))
            found = row.mappings().first()
        return subscription_from(found) if found else None

    def of(self, subscriber_id: int) -> tuple[Subscription, ...]:
        """Return all subscriptions of a subscriber, oldest first."""
        asked = sa.select(subscriptions).where(subscriptions.c.subscriber_id == subscriber_id)
        with self._reads() as connection:
            rows = connection.execute(asked.order_by(subscriptions.c.id)).mappings().all()
        return tuple(subscription_from(row) for row in rows)

    def all(self, *, after: int = 0, limit: int = 1000) -> tuple[Subscription, ...]:
        """Return subscriptions of everyone by id, those after an id; empty: there are no more."""
        asked = sa.select(subscriptions).where(subscriptions.c.id > after).order_by(subscriptions.c.id).limit(limit)
        with self._reads() as connection:
            return tuple(subscription_from(row) for row in connection.execute(asked).mappings())

    def ids(self) -> tuple[int, ...]:
        """Return the ids of all subscriptions; their searches are not read."""
        with self._reads() as connection:
            return tuple(connection.execute(sa.select(subscriptions.c.id).order_by(subscriptions.c.id)).scalars())

    def subscriber(self, subscriber_id: int) -> Subscriber | None:
        """Return a subscriber; None: there is none."""
        return self._subscriber(subscribers.c.id == subscriber_id)

    def subscriber_at(self, channel: Channel, address: str) -> Subscriber | None:
        """Return the subscriber of an address; None: there is none."""
        return self._subscriber(subscribers.c.address_key == address_key(channel, address))

    def subscribers(self, *, after: int = 0, limit: int = 1000) -> tuple[Subscriber, ...]:
        """Return subscribers by id, those after an id; empty: there are no more."""
        asked = sa.select(subscribers).where(subscribers.c.id > after).order_by(subscribers.c.id).limit(limit)
        with self._reads() as connection:
            return tuple(subscriber_from(row) for row in connection.execute(asked).mappings())

    def with_subscriptions(
        self, subscriber_ids: Sequence[int]
    ) -> dict[int, tuple[Subscriber, tuple[Subscription, ...]]]:
        """Return subscribers with all that they follow, oldest first, by id; those that are not kept are absent."""
        people: dict[int, Subscriber] = {}
        followed: dict[int, list[Subscription]] = {}
        with self._reads() as connection:
            for start in range(0, len(subscriber_ids), BATCH):
                batch = subscriber_ids[start : start + BATCH]
                for row in connection.execute(sa.select(subscribers).where(subscribers.c.id.in_(batch))).mappings():
                    people[row["id"]] = subscriber_from(row)
                asked = sa.select(subscriptions).where(subscriptions.c.subscriber_id.in_(batch))
                for row in connection.execute(asked.order_by(subscriptions.c.id)).mappings():
                    followed.setdefault(row["subscriber_id"], []).append(subscription_from(row))
        return {number: (each, tuple(followed.get(number, ()))) for number, each in people.items()}

    def _subscriber(self, condition: sa.ColumnElement[bool]) -> Subscriber | None:
        with self._reads() as connection:
            row = connection.execute(sa.select(subscribers).where(condition)).mappings().first()
        return subscriber_from(row) if row else None

    def counts(self) -> dict[str, int]:
        """Return how many subscriptions there are, by state, and how many subscribers, under `subscribers`."""
        counted = sa.select(subscriptions.c.state, sa.func.count()).group_by(subscriptions.c.state)
        with self._reads() as connection:
            found = {state.value: 0 for state in SubscriptionState}
            found |= {str(state): int(count) for state, count in connection.execute(counted)}
            found["subscribers"] = connection.execute(sa.select(sa.func.count()).select_from(subscribers)).scalar_one()
        return found

    # ------------------------------------------------------------------ what matching follows

    def revision(self) -> int:
        """Return a number that rises with every change of the list of searches that are matched."""
        with self._reads() as connection:
            return read_revision(connection)

    def followed(self, *, after_revision: int = 0) -> tuple[int, tuple[Subscription, ...]]:
        """Return the revision, and the subscriptions that are matched and changed after another one, by id."""
        asked = sa.select(subscriptions).where(_FOLLOWED, subscriptions.c.revision > after_revision)
        with self._reads() as connection:
            now = read_revision(connection)
            rows = connection.execute(asked.order_by(subscriptions.c.id)).mappings().all()
        # What changed between the two questions comes next time: matches made without it are refused until then.
        return now, tuple(subscription_from(row) for row in rows if row["revision"] <= now)

    def followed_ids(self) -> frozenset[int]:
        """Return the ids of all subscriptions that are matched."""
        with self._reads() as connection:
            return frozenset(connection.execute(sa.select(subscriptions.c.id).where(_FOLLOWED)).scalars())

    def unswept(self, *, before: datetime, now: datetime, limit: int = 100) -> tuple[Subscription, ...]:
        """Return subscriptions that were not compared with a fresh search since a time: never compared ones first.

        One that was compared later than now counts too: the clock was set back, and it is unknown when that was.
        """
        swept_at = subscriptions.c.swept_at
        old = sa.or_(swept_at.is_(None), swept_at < before, swept_at > now)
        asked = sa.select(subscriptions).where(_FOLLOWED, old)
        order = (subscriptions.c.swept_at.is_not(None), subscriptions.c.swept_at, subscriptions.c.id)
        with self._reads() as connection:
            rows = connection.execute(asked.order_by(*order).limit(limit)).mappings().all()
        return tuple(subscription_from(row) for row in rows)

    def note_swept(self, subscription_id: int, *, at: datetime) -> None:
        """Note that the matches of a subscription were compared with a fresh search."""
        with self._writes() as connection:
            here = subscriptions.c.id == subscription_id
            connection.execute(sa.update(subscriptions).where(here).values(swept_at=at))

    def note_error(self, errors: Mapping[int, str]) -> None:
        """Note why searches can no longer be read, by id; empty: they can."""
        with self._writes() as connection:
            for subscription_id, error in errors.items():
                here = subscriptions.c.id == subscription_id
                connection.execute(sa.update(subscriptions).where(here).values(trouble=error))

    # ------------------------------------------------------------------ changing

    def rename(self, subscription_id: int, name: str) -> None:
        """Call a subscription otherwise; nothing happens when there is none."""
        with self._writes() as connection:
            here = subscriptions.c.id == subscription_id
            connection.execute(sa.update(subscriptions).where(here).values(name=name))

    def set_frequency(self, subscription_id: int, frequency: Frequency) -> None:
        """Let a subscription be notified more or less often; nothing happens when there is none."""
        with self._writes() as connection:
            here = subscriptions.c.id == subscription_id
            connection.execute(sa.update(subscriptions).where(here).values(frequency=frequency.value))

    def pause(self, subscription_id: int) -> bool:
        """Send nothing of a subscription until it is resumed; False: it was not active."""
        with self._writes() as connection:
            is_active = subscriptions.c.state == SubscriptionState.ACTIVE.value
            return _change(connection, subscription_id, is_active, state=SubscriptionState.PAUSED.value) is not None

    def resume(self, subscription_id: int) -> bool:
        """Send again, also what matched meanwhile; False: it was not paused."""
        with self._writes() as connection:
            is_paused = subscriptions.c.state == SubscriptionState.PAUSED.value
            return _change(connection, subscription_id, is_paused, state=SubscriptionState.ACTIVE.value) is not None

    def remove(self, subscription_id: int) -> bool:
        """Delete a subscription with its matches; its subscriber stays. False: there is none."""
        with self._writes() as connection:
            raise_revision(connection)
            gone = sa.delete(subscriptions).where(subscriptions.c.id == subscription_id)
            return bool(connection.execute(gone).rowcount)

    def set_up(self, subscriber_id: int, **values: Any) -> None:
        """Change `lang`, `timezone`, `hour`, `weekday`, `contact` or `secrets` of a subscriber."""
        allowed = {"lang", "timezone", "hour", "weekday", "contact", "secrets"}
        if not values or not values.keys() <= allowed:
            raise ValueError(f"cannot be set: {sorted(values.keys() - allowed)}")
        if "secrets" in values:
            values["secrets"] = list(values["secrets"])
        with self._writes() as connection:
            connection.execute(sa.update(subscribers).where(subscribers.c.id == subscriber_id).values(values))

    def stop(self, subscriber_id: int, why: StoppedWhy, *, at: datetime) -> None:
        """Send nothing to an address any more, until its owner confirms a subscription again.

        An address that complained or asked is also kept as a digest, so that it is written to no more after it was deleted.
        """
        with self._writes() as connection:
            here = subscribers.c.id == subscriber_id
            stopped = {"state": SubscriberState.STOPPED.value, "stopped_at": at, "stopped_why": why.value}
            key = connection.execute(
                sa.update(subscribers).where(here).values(stopped).returning(subscribers.c.address_key)
            ).scalar()
            if key and why in (StoppedWhy.COMPLAINED, StoppedWhy.ASKED):
                refuse(connection, key, why=why, at=at)

    def start(self, subscriber_id: int) -> bool:
        """Send again to an address that was given up or refused messages; False: it is not stopped, or for another reason."""
        why = subscribers.c.stopped_why.in_([StoppedWhy.REFUSED.value, StoppedWhy.GAVE_UP.value])
        here = sa.and_(subscribers.c.id == subscriber_id, subscribers.c.state == SubscriberState.STOPPED.value, why)
        active = {"state": SubscriberState.ACTIVE.value, "stopped_at": None, "stopped_why": None}
        with self._writes() as connection:
            return bool(connection.execute(sa.update(subscribers).where(here).values(active)).rowcount)

    def remove_subscriber(self, subscriber_id: int) -> bool:
        """Delete an address with everything that is kept of it, but for the digest of one that may not be written to."""
        with self._writes() as connection:
            raise_revision(connection)
            return bool(connection.execute(sa.delete(subscribers).where(subscribers.c.id == subscriber_id)).rowcount)

    def remove_unconfirmed(self, *, before: datetime) -> int:
        """Delete subscriptions that were not confirmed since a time, and subscribers that have none left; return how many."""
        old = (subscriptions.c.state == SubscriptionState.UNCONFIRMED.value) & (subscriptions.c.created_at < before)
        empty = (
            (subscribers.c.state == SubscriberState.UNCONFIRMED.value)
            & (subscribers.c.created_at < before)
            & ~sa.exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
        )
        with self._writes() as connection:
            gone = connection.execute(sa.delete(subscriptions).where(old)).rowcount
            connection.execute(sa.delete(subscribers).where(empty))
            return int(gone)

    def refuses(self, channel: Channel, address: str) -> bool:
        """Say whether an address asked never to be written to, or complained."""
        asked = sa.select(refused_addresses.c.why).where(
            refused_addresses.c.address_key == address_key(channel, address)
        )
        with self._reads() as connection:
            return connection.execute(asked).first() is not None

    def allow(self, channel: Channel, address: str) -> bool:
        """Forget that an address is not to be written to; False: it may be."""
        here = refused_addresses.c.address_key == address_key(channel, address)
        with self._writes() as connection:
            return bool(connection.execute(sa.delete(refused_addresses).where(here)).rowcount)


def read_revision(connection: Connection) -> int:
    """Return the revision of the list of searches."""
    return int(connection.execute(sa.select(counters.c.value).where(counters.c.name == "alerts")).scalar_one())


def raise_revision(connection: Connection) -> int:
    """Count a change of the list of searches and return its number. Whoever counts waits for the others until they commit."""
    counted = sa.update(counters).where(counters.c.name == "alerts").values(value=counters.c.value + 1)
    return int(connection.execute(counted.returning(counters.c.value)).scalar_one())


def _wait_for_others(connection: Connection) -> None:
    """Lock searches against changes by others until this transaction ends: of two that add the same, the second finds it."""
    connection.execute(sa.select(counters.c.value).where(counters.c.name == "alerts").with_for_update())


def refuse(connection: Connection, key: str, *, why: StoppedWhy, at: datetime) -> None:
    """Note that an address is not to be written to. May be repeated."""
    connection.execute(sa.delete(refused_addresses).where(refused_addresses.c.address_key == key))
    connection.execute(sa.insert(refused_addresses).values(address_key=key, at=at, why=why.value))


def _change(
    connection: Connection, subscription_id: int, condition: sa.ColumnElement[bool], **values: Any
) -> int | None:
    """Change a subscription that is as it should be, and return its subscriber; None: there is none."""
    here = sa.and_(subscriptions.c.id == subscription_id, condition)
    values["revision"] = raise_revision(connection)
    changed = sa.update(subscriptions).where(here).values(values).returning(subscriptions.c.subscriber_id)
    found = connection.execute(changed).scalar_one_or_none()
    return None if found is None else int(found)


def _find_or_add(connection: Connection, who: NewSubscriber, *, at: datetime) -> Subscriber:
    key = address_key(who.channel, who.address)
    asked = sa.select(subscribers).where(subscribers.c.address_key == key)
    if row := connection.execute(asked).mappings().first():
        return subscriber_from(row)
    values = {
        "channel": who.channel.value,
        "address": who.address,
        "address_key": key,
        "lang": who.lang,
        "timezone": who.timezone,
        "hour": who.hour,
        "weekday": who.weekday,
        "state": SubscriberState.UNCONFIRMED.value,
        "created_at": at,
        "network": who.network,
        "secrets": list(who.secrets),
        "contact": who.contact,
    }
    return subscriber_from(
        connection.execute(sa.insert(subscribers).values(values).returning(*subscribers.c)).mappings().one()
    )


def _check_room(connection: Connection, subscriber: Subscriber, *, network: str, limits: SubscriptionLimits) -> None:
    own = sa.select(sa.func.count()).where(subscriptions.c.subscriber_id == subscriber.id)
    if connection.execute(own).scalar_one() >= limits.per_subscriber:
        raise TooManySubscriptions("subscriber")
    _check_room_of_all(connection, network=network, limits=limits)


def _check_room_of_all(connection: Connection, *, network: str, limits: SubscriptionLimits) -> None:
    counted = sa.select(sa.func.count()).select_from(subscriptions)
    if connection.execute(counted).scalar_one() >= limits.in_all:
        raise TooManySubscriptions("all")
    if not network:
        return
    of_network = counted.join(subscribers, subscribers.c.id == subscriptions.c.subscriber_id).where(
        subscribers.c.network == network, subscriptions.c.state == SubscriptionState.UNCONFIRMED.value
    )
    if connection.execute(of_network).scalar_one() >= limits.unconfirmed_per_network:
        raise TooManySubscriptions("network")

"""Rows of the outbox as values, and what a transaction does to one of them; see corpus/store/messages.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.alerts import Attempt, AttemptOutcome, Message, MessageKind, MessageState
from corpus.store.alert_tables import messages, subscriptions


@dataclass(frozen=True, slots=True)
class Pulse:
    """Where the records are, as far as alerts follow from it: newest numbers, and how many messages wait."""

    change: int
    related: int
    message: int
    match: int
    waiting: int
    revision: int


@dataclass(frozen=True, slots=True)
class DueMessage:
    """A message that may be sent now, as far as a worker has to know to decide whether it has room for it."""

    id: int
    subscriber: int
    kind: MessageKind
    tries: int
    details: Mapping[str, Any]
    """Of a notice; of others empty."""


def due_at(tried_at: datetime | None, wait_seconds: int, now: datetime) -> datetime:
    """Return when a waiting message may be tried, `now` at the earliest; after a clock was set back that is now."""
    if tried_at is None or tried_at > now:
        return now
    return max(now, tried_at + timedelta(seconds=wait_seconds))


def claim_one(connection: Connection, due: DueMessage, worker: str) -> Message | None:
    """Claim a message that waits, unless someone else did: then None."""
    here = sa.and_(messages.c.id == due.id, messages.c.state == MessageState.WAITING.value)
    here = sa.and_(here, messages.c.tries == due.tries)
    taken = sa.update(messages).where(here).values(state=MessageState.SENDING.value, worker=worker)
    row = connection.execute(taken.returning(*messages.c)).mappings().first()
    return message_from(row) if row else None


def are_gathered_as_seen(connection: Connection, seen: Mapping[int, datetime | None]) -> bool:
    """Say whether subscriptions were last gathered when someone thinks they were; nobody gathers them until the end."""
    asked = sa.select(subscriptions.c.id, subscriptions.c.gathered_at).where(subscriptions.c.id.in_(seen))
    rows = connection.execute(asked.order_by(subscriptions.c.id).with_for_update())
    return all(seen[number] == gathered_at for number, gathered_at in rows)


def add_message(
    connection: Connection,
    subscriber_id: int,
    kind: MessageKind,
    *,
    public_id: str,
    at: datetime,
    details: Mapping[str, Any],
) -> Message:
    """Write a new message and return it."""
    values = {
        "public_id": public_id,
        "subscriber_id": subscriber_id,
        "kind": kind.value,
        "state": MessageState.WAITING.value,
        "details": dict(details),
        "created_at": at,
        "tries": 0,
        "failures": 0,
        "wait_seconds": 0,
        "worker": "",
    }
    return message_from(connection.execute(sa.insert(messages).values(values).returning(*messages.c)).mappings().one())


def message_from(row: Mapping[Any, Any]) -> Message:
    """Return a row of `messages` as a value."""
    return Message(
        id=row["id"],
        public_id=row["public_id"],
        subscriber=row["subscriber_id"],
        kind=MessageKind(row["kind"]),
        created_at=row["created_at"],
        state=MessageState(row["state"]),
        details=row["details"],
        tries=row["tries"],
        failures=row["failures"],
        tried_at=row["tried_at"],
        wait_seconds=row["wait_seconds"],
        worker=row["worker"],
        sent_at=row["sent_at"],
    )


def attempt_from(row: Mapping[Any, Any]) -> Attempt:
    """Return a row of `attempts` as a value."""
    return Attempt(
        id=row["id"],
        message=row["message_id"],
        number=row["number"],
        worker=row["worker"],
        began_at=row["began_at"],
        ended_at=row["ended_at"],
        outcome=AttemptOutcome(row["outcome"]) if row["outcome"] else None,
        answer=row["answer"],
    )

"""The outbox of alerts: messages, from when they are certain to be sent, and every attempt to send them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.alerts import Attempt, AttemptOutcome, MatchOutcome, Message, MessageKind, MessageState, SubscriptionState
from corpus.store.alert_tables import attempts, matches, messages, subscriptions
from corpus.store.message_rows import (
    DueMessage,
    Pulse,
    add_message,
    are_gathered_as_seen,
    attempt_from,
    claim_one,
    due_at,
    message_from,
)
from corpus.store.subscriptions import read_revision
from corpus.store.tables import JSON, changes, work_profiles
from corpus.store.transactions import Group, remembered

ANSWER_CHARACTERS_MAX = 300
_OPEN = (MessageState.WAITING.value, MessageState.SENDING.value)


class Messages(Group):
    """The tables `messages` and `attempts`."""

    # ------------------------------------------------------------------ making

    def gather(
        self,
        subscriber_id: int,
        subscription_ids: Sequence[int],
        *,
        public_id: str,
        at: datetime,
        last_gathered: Mapping[int, datetime | None] | None = None,
    ) -> Message | None:
        """Put the new matches of subscriptions that are in no message yet into one digest, in one transaction.

        None: there were none, and no message was made. Of several that gather at once, one makes the message.

        Args:
            subscriber_id: whose they are.
            subscription_ids: those that are due.
            public_id: of the message.
            at: UTC.
            last_gathered: when subscriptions were gathered last, by id, as it was seen by whoever decided that these are due;
                when another one gathered meanwhile, nothing is done. None: it makes no difference.
        """
        mine = sa.select(subscriptions.c.id).where(
            subscriptions.c.subscriber_id == subscriber_id,
            subscriptions.c.id.in_(subscription_ids),
            subscriptions.c.state == SubscriptionState.ACTIVE.value,
        )
        untold = sa.and_(
            matches.c.message_id.is_(None),
            matches.c.outcome == MatchOutcome.NEW.value,
            matches.c.subscription_id.in_(mine),
        )
        with self._writes() as connection:
            if last_gathered is not None and not are_gathered_as_seen(connection, last_gathered):
                return None
            # Rows are locked here, so that another who gathers the same waits, and then finds them told.
            due = connection.execute(sa.select(matches.c.id).where(untold).with_for_update()).scalars().all()
            if not due:
                return None
            made = add_message(connection, subscriber_id, MessageKind.DIGEST, public_id=public_id, at=at, details={})
            connection.execute(sa.update(matches).where(untold).values(message_id=made.id))
            gathered = subscriptions.c.id.in_(subscription_ids)
            connection.execute(sa.update(subscriptions).where(gathered).values(gathered_at=at))
            return made

    def add(
        self,
        subscriber_id: int,
        kind: MessageKind,
        *,
        public_id: str,
        at: datetime,
        details: Mapping[str, Any] | None = None,
    ) -> Message:
        """Keep a message that is to be sent as soon as possible; its details are JSON."""
        with self._writes() as connection:
            return add_message(connection, subscriber_id, kind, public_id=public_id, at=at, details=details or {})

    # ------------------------------------------------------------------ sending

    def claim(
        self, worker: str, *, now: datetime, limit: int = 10, wanted: Callable[[DueMessage], bool] | None = None
    ) -> tuple[Message, ...]:
        """Claim messages that are due, oldest first; none of them is claimed by another worker.

        A message is due when it was never tried, when its waiting time is over, and when its last try is in the future: then
        the clock was set back.

        Args:
            worker: that claims them.
            now: UTC.
            limit: how many at most.
            wanted: whether the worker has room for a due message; None: for all. It is called once for each, oldest first,
                until there are enough.
        """
        # A thousand may wait while there is room for one: of most of them only what decides is read.
        is_notice = messages.c.kind == MessageKind.NOTICE.value
        details = sa.case((is_notice, messages.c.details), else_=sa.null()).label("details")
        columns = (messages.c.id, messages.c.subscriber_id, messages.c.kind, messages.c.tries)
        asked = (
            sa.select(*columns, messages.c.tried_at, messages.c.wait_seconds, sa.type_coerce(details, JSON))
            .where(messages.c.state == MessageState.WAITING.value)
            .order_by(messages.c.id)
        )
        with self._reads() as connection:
            waiting = connection.execute(asked).all()
        due: list[DueMessage] = []
        for number, subscriber, kind, tries, tried_at, wait, details_of_notice in waiting:
            if len(due) == limit:
                break
            if due_at(tried_at, wait, now) <= now:
                each = DueMessage(number, subscriber, MessageKind(kind), tries, details_of_notice or {})
                if wanted is None or wanted(each):
                    due.append(each)
        if not due:
            return ()
        with self._writes() as connection:
            return tuple(message for each in due if (message := claim_one(connection, each, worker)))

    def begin_attempt(self, message: Message, *, worker: str, at: datetime) -> Attempt | None:
        """Note that a claimed message is tried now, before anything is sent; None: the claim was taken back, send nothing."""
        here = sa.and_(
            messages.c.id == message.id,
            messages.c.state == MessageState.SENDING.value,
            messages.c.worker == worker,
            messages.c.tries == message.tries,
        )
        begun = sa.update(messages).where(here).values(tries=message.tries + 1, tried_at=at, wait_seconds=0)
        values = {
            "message_id": message.id,
            "number": message.tries + 1,
            "worker": worker,
            "began_at": at,
            "answer": "",
        }
        with self._writes() as connection:
            if connection.execute(begun).rowcount == 0:
                return None
            row = connection.execute(sa.insert(attempts).values(values).returning(*attempts.c)).mappings().one()
            return attempt_from(row)

    def end_attempt(
        self,
        attempt: Attempt,
        outcome: AttemptOutcome,
        *,
        answer: str,
        at: datetime,
        again_in: timedelta | None = None,
        counts: bool = True,
    ) -> bool:
        """Note the result of an attempt, and with it what becomes of the message.

        Args:
            attempt: that ends.
            outcome: ACCEPTED: the message is sent. Others: it waits, or has failed when it is not to be tried again.
            answer: what the receiving server said; cut to ANSWER_CHARACTERS_MAX characters.
            at: UTC.
            again_in: when it is tried again; None: never.
            counts: whether a failure says something of the address, and so counts for when the message is given up.

        Returns False: the claim had been taken back meanwhile, and only the attempt was noted.
        """
        state, wait = MessageState.WAITING, 0
        if outcome is AttemptOutcome.ACCEPTED:
            state = MessageState.SENT
        elif again_in is None:
            state = MessageState.FAILED
        else:
            wait = max(0, round(again_in.total_seconds()))
        here = sa.and_(messages.c.id == attempt.message, messages.c.tries == attempt.number)
        if outcome is not AttemptOutcome.ACCEPTED:
            here = sa.and_(here, messages.c.worker == attempt.worker)
        changed = sa.update(messages).where(here, messages.c.state.in_(_OPEN))
        values: dict[str, Any] = {"state": state.value, "worker": "", "wait_seconds": wait}
        if outcome is AttemptOutcome.ACCEPTED:
            values["sent_at"] = at
        elif counts:
            values["failures"] = messages.c.failures + 1
        ended = sa.update(attempts).where(attempts.c.id == attempt.id)
        with self._writes() as connection:
            noted = {"ended_at": at, "outcome": outcome.value, "answer": answer[:ANSWER_CHARACTERS_MAX]}
            connection.execute(ended.values(noted))
            return bool(connection.execute(changed.values(values)).rowcount)

    def put_back(self, message: Message, *, worker: str) -> bool:
        """Give up the claim of a message that was not tried; False: it was, or the claim had been taken back."""
        return self._end_claim(message, worker, state=MessageState.WAITING)

    def drop(self, message: Message, *, worker: str, why: str) -> bool:
        """Let a claimed message fail without an attempt, and note why in its details; False: the claim had been taken back."""
        details = {**message.details, "dropped": why}
        return self._end_claim(message, worker, state=MessageState.FAILED, details=details)

    def _end_claim(self, message: Message, worker: str, *, state: MessageState, **values: Any) -> bool:
        claimed = (messages.c.state == MessageState.SENDING.value) & (messages.c.worker == worker)
        here = sa.and_(messages.c.id == message.id, messages.c.tries == message.tries, claimed)
        with self._writes() as connection:
            ended = sa.update(messages).where(here).values(state=state.value, worker="", **values)
            return bool(connection.execute(ended).rowcount)

    def note(self, message_id: int, details: Mapping[str, Any]) -> None:
        """Add to the details of a message, as when it came back after it was sent; nothing happens when there is none."""
        here = messages.c.id == message_id
        with self._writes() as connection:
            held = connection.execute(sa.select(messages.c.details).where(here).with_for_update()).scalar()
            if held is not None:
                connection.execute(sa.update(messages).where(here).values(details={**held, **details}))

    def workers(self) -> tuple[str, ...]:
        """Return the workers that have claimed messages."""
        asked = sa.select(messages.c.worker).where(messages.c.state == MessageState.SENDING.value).distinct()
        with self._reads() as connection:
            return tuple(sorted(connection.execute(asked).scalars()))

    def claimed_by(self, worker: str) -> frozenset[int]:
        """Return the ids of the messages that a worker has claimed."""
        claimed = sa.and_(messages.c.worker == worker, messages.c.state == MessageState.SENDING.value)
        with self._reads() as connection:
            return frozenset(connection.execute(sa.select(messages.c.id).where(claimed)).scalars())

    def take_back(self, worker: str, *, at: datetime, only: Collection[int] | None = None) -> int:
        """Take back the claims of a worker that has died; return how many there were.

        An attempt that it had begun and not ended is noted as UNKNOWN: the message may have arrived, and is sent once more.

        Args:
            worker: that has died.
            at: UTC.
            only: ids of the messages; None: all.
        """
        claimed = sa.and_(messages.c.worker == worker, messages.c.state == MessageState.SENDING.value)
        if only is not None:
            claimed = sa.and_(claimed, messages.c.id.in_(only))
        open_ones = sa.and_(
            attempts.c.worker == worker,
            attempts.c.outcome.is_(None),
            attempts.c.message_id.in_(sa.select(messages.c.id).where(claimed)),
        )
        with self._writes() as connection:
            unknown = {"outcome": AttemptOutcome.UNKNOWN.value, "ended_at": at}
            connection.execute(sa.update(attempts).where(open_ones).values(unknown))
            back = {"state": MessageState.WAITING.value, "worker": ""}
            return int(connection.execute(sa.update(messages).where(claimed).values(back)).rowcount)

    def send_again(self, message_ids: Sequence[int]) -> int:
        """Let messages that were sent or have failed be sent once more, under the same ids; return how many there were."""
        done = messages.c.state.in_([MessageState.SENT.value, MessageState.FAILED.value])
        again: dict[str, Any] = {"state": MessageState.WAITING.value, "tried_at": None, "wait_seconds": 0, "worker": ""}
        again["failures"] = 0
        with self._writes() as connection:
            here = sa.and_(messages.c.id.in_(message_ids), done)
            return int(connection.execute(sa.update(messages).where(here).values(again)).rowcount)

    def drop_waiting(self, subscriber_id: int) -> int:
        """Let what waits for a subscriber fail, because nothing is sent there any more; return how many there were."""
        here = sa.and_(messages.c.subscriber_id == subscriber_id, messages.c.state == MessageState.WAITING.value)
        with self._writes() as connection:
            return int(
                connection.execute(sa.update(messages).where(here).values(state=MessageState.FAILED.value)).rowcount
            )

    # ------------------------------------------------------------------ looking

    def get(self, message_id: int) -> Message | None:
        """Return a message; None: there is none."""
        return self._one(messages.c.id == message_id)

    def by_public_id(self, public_id: str) -> Message | None:
        """Return the message of a Message-ID or webhook-id; None: there is none."""
        return self._one(messages.c.public_id == public_id)

    def of_subscriber(
        self,
        subscriber_id: int,
        *,
        since: datetime | None = None,
        until: datetime | None = None,
        kind: MessageKind | None = None,
        limit: int = 100,
    ) -> tuple[Message, ...]:
        """Return messages to a subscriber, newest first, those that were made within a time; of one kind, or of all."""
        asked = sa.select(messages).where(messages.c.subscriber_id == subscriber_id)
        if kind is not None:
            asked = asked.where(messages.c.kind == kind.value)
        if since is not None:
            asked = asked.where(messages.c.created_at >= since)
        if until is not None:
            asked = asked.where(messages.c.created_at < until)
        with self._reads() as connection:
            rows = connection.execute(asked.order_by(messages.c.id.desc()).limit(limit)).mappings().all()
        return tuple(message_from(row) for row in rows)

    def attempts_of(self, message_id: int) -> tuple[Attempt, ...]:
        """Return all tries of a message, in order."""
        asked = sa.select(attempts).where(attempts.c.message_id == message_id).order_by(attempts.c.id)
        with self._reads() as connection:
            return tuple(attempt_from(row) for row in connection.execute(asked).mappings())

    def counts(self) -> dict[str, int]:
        """Return how many messages there are, by state."""
        asked = sa.select(messages.c.state, sa.func.count()).group_by(messages.c.state)
        with self._reads() as connection:
            found = {state.value: 0 for state in MessageState}
            return found | {str(state): int(count) for state, count in connection.execute(asked)}

    def oldest_waiting(self) -> datetime | None:
        """Return when the oldest message that is not sent yet was made; None: none waits."""
        asked = sa.select(sa.func.min(messages.c.created_at, type_=messages.c.created_at.type))
        with self._reads() as connection:
            found: datetime | None = connection.execute(asked.where(messages.c.state.in_(_OPEN))).scalar()
        return found

    def next_due(self, *, now: datetime, later: bool = False) -> datetime | None:
        """Return when the next waiting message is due, `now` at the earliest; None: none waits.

        Args:
            now: UTC.
            later: whether those that are due already are left out.
        """
        asked = sa.select(messages.c.tried_at, messages.c.wait_seconds).distinct()
        asked = asked.where(messages.c.state == MessageState.WAITING.value)
        with self._reads() as connection:
            times = [due_at(tried_at, wait, now) for tried_at, wait in connection.execute(asked)]
        return min((each for each in times if each > now or not later), default=None)

    def pulse(self) -> Pulse:
        """Return what changes when there may be something to match, gather or send; cheap enough for five times a second.

        Not seen are times that come: a message whose waiting time ends, and the hour of a digest.
        """

        def read(connection: Connection) -> Pulse:
            waiting = messages.c.state == MessageState.WAITING.value
            newest = (changes.c.sequence, work_profiles.c.number, messages.c.id, matches.c.id)
            asked = [sa.select(sa.func.coalesce(sa.func.max(column), 0)).scalar_subquery() for column in newest]
            asked.append(sa.select(sa.func.count()).select_from(messages).where(waiting).scalar_subquery())
            change, related, message, match, waiting_ones = connection.execute(sa.select(*asked)).one()
            return Pulse(change, related, message, match, waiting_ones, revision=read_revision(connection))

        with self._reads() as connection:
            return remembered(connection, "pulse", read)

    def forget_attempts(self, *, before: datetime) -> int:
        """Delete tries of messages that were made before a time and are sent or have failed; return how many there were.

        The messages stay, as small rows: without them, what they told would count as not told yet.
        """
        done = sa.select(messages.c.id).where(messages.c.state.not_in(_OPEN), messages.c.created_at < before)
        with self._writes() as connection:
            return int(connection.execute(sa.delete(attempts).where(attempts.c.message_id.in_(done))).rowcount)

    def _one(self, condition: sa.ColumnElement[bool]) -> Message | None:
        with self._reads() as connection:
            row = connection.execute(sa.select(messages).where(condition)).mappings().first()
        return message_from(row) if row else None

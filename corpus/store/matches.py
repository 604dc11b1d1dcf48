"""The ledger of alerts: which documents were compared with the searches that are followed, and which of them matched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from corpus.alerts import FoundMatch, Match, MatchOutcome, MessageState, SubscriptionState, WaitingMatches
from corpus.store.alert_tables import matched_documents, matches, messages, subscriptions
from corpus.store.subscriptions import read_revision
from corpus.store.tables import BATCH, changes, counters, documents, work_profiles
from corpus.store.transactions import Group

_IS_UNTOLD = sa.and_(matches.c.message_id.is_(None), matches.c.outcome == MatchOutcome.NEW.value)


@dataclass(frozen=True, slots=True)
class UnmatchedDocument:
    """A document that is still to be compared with the searches that are followed."""

    id: str
    sequence: int
    """Of the change that made it new: its first sight; for a document that had no text then, its newest change."""
    is_read: bool
    """Whether it has text now."""


@dataclass(frozen=True, slots=True)
class MatchedDocument:
    """A document that was compared with the searches that are followed."""

    id: str
    sequence: int
    is_read: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class MatchTotals:
    """How many documents a subscription has matched, and what became of them."""

    all: int
    known: int
    """Copies and translations that the subscriber is not notified of."""
    untold: int
    """New ones that are in no message yet."""
    sent: int
    """In messages that were sent."""
    newest: datetime
    """When the last one was found."""


def _count_of(condition: sa.ColumnElement[bool]) -> sa.ColumnElement[int]:
    return sa.func.coalesce(sa.func.sum(sa.case((condition, 1), else_=0)), 0)


_TOTALS = (
    sa.select(
        matches.c.subscription_id,
        sa.func.count(),
        _count_of(matches.c.outcome == MatchOutcome.KNOWN.value),
        _count_of(_IS_UNTOLD),
        _count_of(messages.c.state == MessageState.SENT.value),
        sa.func.max(matches.c.at, type_=matches.c.at.type),
    )
    .outerjoin(messages, messages.c.id == matches.c.message_id)
    .group_by(matches.c.subscription_id)
)


class Matches(Group):
    """The tables `matches` and `matched_documents`."""

    def unmatched(self, *, limit: int = 64) -> tuple[UnmatchedDocument, ...]:
        """Return documents that are to be matched, those that came first before others.

        A document is matched once it is related, so that copies are known; once more when it had no text the first time and
        has some now; and never again. What is to be done follows from what is there, so nothing is passed over.
        """
        was_matched = matched_documents.c.document_id.is_not(None)
        newest = (
            sa.select(sa.func.max(changes.c.sequence)).where(changes.c.document_id == documents.c.id).scalar_subquery()
        )
        asked = (
            sa.select(
                documents.c.id,
                sa.case((was_matched, newest), else_=documents.c.first_sequence).label("sequence"),
                (documents.c.page_count > 0).label("is_read"),
            )
            .join(work_profiles, work_profiles.c.document_id == documents.c.id)
            .outerjoin(matched_documents, matched_documents.c.document_id == documents.c.id)
            .where(sa.or_(~was_matched, sa.and_(~matched_documents.c.is_read, documents.c.page_count > 0)))
            .order_by(documents.c.first_sequence)
            .limit(limit)
        )
        with self._reads() as connection:
            return tuple(UnmatchedDocument(row[0], row[1], bool(row[2])) for row in connection.execute(asked))

    def keep(
        self, found: Sequence[FoundMatch], matched: Sequence[UnmatchedDocument], *, revision: int, at: datetime
    ) -> bool:
        """Keep matches, and which documents were matched, in one transaction. May be repeated, also by several at once.

        Args:
            found: of these documents; what is kept already stays as it is.
            matched: documents that were compared with all searches.
            revision: of the list of searches that they were compared with.
            at: UTC.

        Returns False, and keeps nothing: the list of searches changed meanwhile; load it and match again.
        """
        with self._writes() as connection:
            connection.execute(sa.select(counters.c.value).where(counters.c.name == "alerts").with_for_update())
            if read_revision(connection) != revision:
                return False
            _insert(connection, found, at=at)
            _note_matched(connection, matched, at=at)
            return True

    def add_missing(self, found: Sequence[FoundMatch], *, at: datetime) -> int:
        """Keep matches that a sweep found, as far as they are not kept already and the subscription is; return how many."""
        with self._writes() as connection:
            # As `keep` does: of two that find the same, the second waits, and then finds it kept.
            connection.execute(sa.select(counters.c.value).where(counters.c.name == "alerts").with_for_update())
            return _insert(connection, found, at=at)

    def matched(self, document_ids: Sequence[str]) -> dict[str, MatchedDocument]:
        """Return when documents were matched, by id; those that were not are absent."""
        found: dict[str, MatchedDocument] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                here = matched_documents.c.document_id.in_(document_ids[start : start + BATCH])
                for row in connection.execute(sa.select(matched_documents).where(here)):
                    found[row[0]] = MatchedDocument(row[0], is_read=row[1], sequence=row[2], at=row[3])
        return found

    def unmatched_count(self) -> int:
        """Return how many documents are still to be matched, those too that are to be related first."""
        asked = (
            sa.select(sa.func.count())
            .select_from(documents)
            .outerjoin(matched_documents, matched_documents.c.document_id == documents.c.id)
            .where(
                sa.or_(
                    matched_documents.c.document_id.is_(None),
                    sa.and_(~matched_documents.c.is_read, documents.c.page_count > 0),
                )
            )
        )
        with self._reads() as connection:
            return int(connection.execute(asked).scalar_one())

    # ------------------------------------------------------------------ the ledger

    def of_subscription(
        self, subscription_id: int, *, before: int | None = None, limit: int = 100
    ) -> tuple[Match, ...]:
        """Return the matches of a subscription, newest first, those before a match's id; None: from the newest."""
        asked = sa.select(matches).where(matches.c.subscription_id == subscription_id)
        if before is not None:
            asked = asked.where(matches.c.id < before)
        return self._matches(asked.order_by(matches.c.id.desc()).limit(limit))

    def totals(self, subscription_ids: Sequence[int]) -> dict[int, MatchTotals]:
        """Return how many matches subscriptions have, by subscription; those without any are absent."""
        found: dict[int, MatchTotals] = {}
        with self._reads() as connection:
            for start in range(0, len(subscription_ids), BATCH):
                some = subscription_ids[start : start + BATCH]
                for row in connection.execute(_TOTALS.where(matches.c.subscription_id.in_(some))):
                    found[row[0]] = MatchTotals(*row[1:])
        return found

    def of_message(self, message_id: int) -> tuple[Match, ...]:
        """Return the matches that a message is about, by subscription, oldest first."""
        asked = sa.select(matches).where(matches.c.message_id == message_id)
        return self._matches(asked.order_by(matches.c.subscription_id, matches.c.sequence, matches.c.id))

    def of_document(self, document_id: str) -> tuple[Match, ...]:
        """Return all matches of a document, by subscription."""
        asked = sa.select(matches).where(matches.c.document_id == document_id)
        return self._matches(asked.order_by(matches.c.subscription_id))

    def find(self, subscription_id: int, document_id: str) -> Match | None:
        """Return the match of a document with a subscription; None: there is none."""
        here = (matches.c.subscription_id == subscription_id) & (matches.c.document_id == document_id)
        found = self._matches(sa.select(matches).where(here))
        return found[0] if found else None

    def documents_of(self, subscription_id: int) -> frozenset[str]:
        """Return the ids of all documents that a subscription has matches with."""
        asked = sa.select(matches.c.document_id).where(matches.c.subscription_id == subscription_id)
        with self._reads() as connection:
            return frozenset(connection.execute(asked).scalars())

    def waiting(self) -> tuple[WaitingMatches, ...]:
        """Return, for each active subscription with any, its new matches that are in no message yet."""
        asked = (
            sa.select(
                subscriptions.c.subscriber_id,
                subscriptions.c.id,
                sa.func.count(),
                sa.func.min(matches.c.at, type_=matches.c.at.type),
            )
            .join(subscriptions, subscriptions.c.id == matches.c.subscription_id)
            .where(_IS_UNTOLD, subscriptions.c.state == SubscriptionState.ACTIVE.value)
            .group_by(subscriptions.c.subscriber_id, subscriptions.c.id)
            .order_by(subscriptions.c.subscriber_id, subscriptions.c.id)
        )
        with self._reads() as connection:
            return tuple(WaitingMatches(*row) for row in connection.execute(asked))

    def counts(self) -> dict[str, int]:
        """Return how many matches there are: `new`, `known`, and `untold`, which are in no message yet."""
        asked = sa.select(matches.c.outcome, sa.func.count()).group_by(matches.c.outcome)
        untold = sa.select(sa.func.count()).select_from(matches).where(_IS_UNTOLD)
        with self._reads() as connection:
            found = {outcome.value: 0 for outcome in MatchOutcome}
            found |= {str(outcome): int(count) for outcome, count in connection.execute(asked)}
            return found | {"untold": int(connection.execute(untold).scalar_one())}

    def _matches(self, asked: sa.Select[Any]) -> tuple[Match, ...]:
        with self._reads() as connection:
            return tuple(match_from(row) for row in connection.execute(asked).mappings())


def match_from(row: Mapping[Any, Any]) -> Match:
    """Return a row of `matches` as a value."""
    found = FoundMatch(
        subscription=row["subscription_id"],
        document=row["document_id"],
        sequence=row["sequence"],
        reason=row["reason"],
        outcome=MatchOutcome(row["outcome"]),
        because_of=row["because_of"],
        found_by=row["found_by"],
    )
    return Match(id=row["id"], found=found, at=row["at"], message=row["message_id"])


def _insert(connection: Connection, found: Sequence[FoundMatch], *, at: datetime) -> int:
    """Write matches that are not there yet and whose subscription is, and return how many there were."""
    written = 0
    for start in range(0, len(found), BATCH):
        batch = found[start : start + BATCH]
        ids = {each.subscription for each in batch}
        kept = set(connection.execute(sa.select(subscriptions.c.id).where(subscriptions.c.id.in_(ids))).scalars())
        here = matches.c.subscription_id.in_(ids) & matches.c.document_id.in_({each.document for each in batch})
        held = {
            (row[0], row[1])
            for row in connection.execute(sa.select(matches.c.subscription_id, matches.c.document_id).where(here))
        }
        new = {
            (each.subscription, each.document): each
            for each in batch
            if each.subscription in kept and (each.subscription, each.document) not in held
        }
        if new:
            connection.execute(sa.insert(matches), [_values(each, at=at) for each in new.values()])
        written += len(new)
    return written


def _values(found: FoundMatch, *, at: datetime) -> dict[str, Any]:
    return {
        "subscription_id": found.subscription,
        "document_id": found.document,
        "sequence": found.sequence,
        "reason": dict(found.reason),
        "outcome": found.outcome.value,
        "because_of": found.because_of,
        "found_by": found.found_by,
        "at": at,
    }


def _note_matched(connection: Connection, matched: Sequence[UnmatchedDocument], *, at: datetime) -> None:
    for each in matched:
        values = {"is_read": each.is_read, "sequence": each.sequence, "at": at}
        here = matched_documents.c.document_id == each.id
        if connection.execute(sa.update(matched_documents).where(here).values(values)).rowcount == 0:
            connection.execute(sa.insert(matched_documents).values(document_id=each.id, **values))

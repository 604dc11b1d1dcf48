"""What is asked of the records to check alerts: since when documents are new, and how long messages take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlalchemy as sa

from corpus.alerts import MatchOutcome, MessageState, SubscriptionState
from corpus.store.alert_tables import attempts, matched_documents, matches, messages, subscribers, subscriptions
from corpus.store.tables import BATCH, changes, documents
from corpus.store.transactions import Group


@dataclass(frozen=True, slots=True)
class DocumentEvent:
    """When a document became new, and whether it was compared with the searches that are followed."""

    id: str
    first_seen: datetime
    sequence: int
    """Of the change that made it new: what it was matched by last, else its first sight."""
    newest: int
    """Sequence number of its newest change."""
    changed_at: datetime
    """When that was."""
    matched_at: datetime | None
    """When it was matched last; None: it never was."""
    waits: bool
    """True: it is to be matched, for the first time or once more because it has text now."""
    is_read: bool
    """Whether it has text now."""
    fold: str


@dataclass(frozen=True, slots=True)
class SentSpan:
    """How long a match took from being found to being sent."""

    frequency: str
    seconds: float


class AlertChecks(Group):
    """Reads the tables of alerts and documents together; changes nothing."""

    def events(self, document_ids: Sequence[str]) -> dict[str, DocumentEvent]:
        """Return when documents became new, by id; those that are not in the records are absent."""
        found: dict[str, DocumentEvent] = {}
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                some = documents.c.id.in_(document_ids[start : start + BATCH])
                for row in connection.execute(_EVENTS.where(some)).mappings():
                    found[row["id"]] = _event(row)
        return found

    def in_folds_of(self, events: Sequence[DocumentEvent]) -> dict[str, tuple[DocumentEvent, ...]]:
        """Return all documents of the folds of some documents, by fold; a fold without a name is left out."""
        folds = sorted({each.fold for each in events if each.fold})
        found: dict[str, tuple[DocumentEvent, ...]] = {}
        with self._reads() as connection:
            for start in range(0, len(folds), BATCH):
                some = documents.c.fold.in_(folds[start : start + BATCH])
                for row in connection.execute(_EVENTS.where(some)).mappings():
                    found[row["fold"]] = (*found.get(row["fold"], ()), _event(row))
        return found

    def held(self, subscription_id: int, document_ids: Sequence[str]) -> dict[str, MatchOutcome]:
        """Return the result of the matches of a subscription with some documents; those without a match are absent."""
        held: dict[str, MatchOutcome] = {}
        asked = sa.select(matches.c.document_id, matches.c.outcome).where(matches.c.subscription_id == subscription_id)
        with self._reads() as connection:
            for start in range(0, len(document_ids), BATCH):
                here = matches.c.document_id.in_(document_ids[start : start + BATCH])
                held |= {row[0]: MatchOutcome(row[1]) for row in connection.execute(asked.where(here))}
        return held

    def oldest_unmatched(self) -> datetime | None:
        """Return when the document was first seen that has waited longest to be matched; None: none waits."""
        asked = sa.select(sa.func.min(documents.c.first_seen, type_=documents.c.first_seen.type))
        asked = asked.select_from(_WITH_MATCHED).where(matched_documents.c.document_id.is_(None))
        with self._reads() as connection:
            found: datetime | None = connection.execute(asked).scalar()
        return found

    def oldest_untold(self) -> datetime | None:
        """Return when the oldest match was found that is to be notified and is in no message yet; None: there is none."""
        untold = sa.and_(matches.c.message_id.is_(None), matches.c.outcome == MatchOutcome.NEW.value)
        asked = sa.select(sa.func.min(matches.c.at, type_=matches.c.at.type))
        asked = asked.join(subscriptions, subscriptions.c.id == matches.c.subscription_id)
        with self._reads() as connection:
            is_active = subscriptions.c.state == SubscriptionState.ACTIVE.value
            found: datetime | None = connection.execute(asked.where(untold, is_active)).scalar()
        return found

    def attempt_counts(self, *, since: datetime) -> dict[str, int]:
        """Return how many tries began since a time, by outcome; `open`: they continue, or their worker died."""
        outcome = sa.func.coalesce(attempts.c.outcome, "open")
        asked = sa.select(outcome, sa.func.count()).where(attempts.c.began_at >= since).group_by(outcome)
        with self._reads() as connection:
            return {str(each): int(count) for each, count in connection.execute(asked)}

    def sent_spans(self, *, since: datetime, limit: int = 100_000) -> tuple[SentSpan, ...]:
        """Return how long matches took to be sent, of messages that were sent since a time, newest messages first."""
        asked = (
            sa.select(subscriptions.c.frequency, matches.c.at, messages.c.sent_at)
            .select_from(messages)
            .join(matches, matches.c.message_id == messages.c.id)
            .join(subscriptions, subscriptions.c.id == matches.c.subscription_id)
            .where(messages.c.state == MessageState.SENT.value, messages.c.sent_at >= since)
            .order_by(messages.c.id.desc())
            .limit(limit)
        )
        with self._reads() as connection:
            rows = connection.execute(asked).all()
        return tuple(SentSpan(row[0], max(timedelta(), row[2] - row[1]).total_seconds()) for row in rows)

    def subscriber_counts(self) -> dict[str, int]:
        """Return how many subscribers there are, by state."""
        asked = sa.select(subscribers.c.state, sa.func.count()).group_by(subscribers.c.state)
        with self._reads() as connection:
            return {str(state): int(count) for state, count in connection.execute(asked)}

    def sweeps(self) -> tuple[int, datetime | None]:
        """Return how many followed searches were never swept, and when that one was swept whose sweep is longest ago."""
        followed = subscriptions.c.state.in_([SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value])
        swept_at = subscriptions.c.swept_at
        with self._reads() as connection:
            never = sa.select(sa.func.count()).where(followed, swept_at.is_(None))
            oldest = sa.select(sa.func.min(swept_at, type_=swept_at.type)).where(followed)
            return int(connection.execute(never).scalar_one()), connection.execute(oldest).scalar()


_WITH_MATCHED = sa.outerjoin(documents, matched_documents, matched_documents.c.document_id == documents.c.id)
_OWN_CHANGES = changes.c.document_id == documents.c.id
_NEWEST = sa.select(sa.func.max(changes.c.sequence)).where(_OWN_CHANGES).scalar_subquery()
# The clock may be set back; so the newest change by its number, not by its time.
_CHANGED_AT = sa.select(changes.c.at).where(_OWN_CHANGES).order_by(changes.c.sequence.desc()).limit(1).scalar_subquery()
_EVENTS = sa.select(
    documents.c.id,
    documents.c.first_seen,
    documents.c.first_sequence,
    documents.c.fold,
    (documents.c.page_count > 0).label("is_read"),
    matched_documents.c.sequence.label("matched_sequence"),
    matched_documents.c.is_read.label("was_read"),
    matched_documents.c.at.label("matched_at"),
    _NEWEST.label("newest"),
    _CHANGED_AT.label("changed_at"),
).select_from(_WITH_MATCHED)


def _event(row: sa.RowMapping) -> DocumentEvent:
    was_matched = row["matched_at"] is not None
    waits = not was_matched or (bool(row["is_read"]) and not row["was_read"])
    sequence = row["matched_sequence"] if was_matched else row["first_sequence"]
    newest = row["newest"] or row["first_sequence"]
    return DocumentEvent(
        id=row["id"],
        first_seen=row["first_seen"],
        # What waits to be matched once more is new by its newest change, as Matches.unmatched has it.
        sequence=newest if waits and was_matched else sequence,
        newest=newest,
        changed_at=row["changed_at"] or row["first_seen"],
        matched_at=row["matched_at"],
        waits=waits,
        is_read=bool(row["is_read"]),
        fold=row["fold"],
    )

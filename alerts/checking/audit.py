"""The audit from the documents' side: were the right people notified of the newest documents?

It begins with what a search shows to everyone, never with what waits to be matched or sent: where those queues stand still or are
empty by mistake, nothing in them tells it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alerts.checking.answering import answers_among, read_search
from alerts.checking.due import told_until
from corpus.alerts import (
    Match,
    MatchOutcome,
    Message,
    MessageState,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from corpus.errors import BadQuery
from corpus.store.alert_checks import DocumentEvent
from search_api.engines.base import SearchEngine

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

GRACE = timedelta(hours=2)
"""For what takes longer than it should: relating and matching new documents, a mail server that is down for a while."""
NAMED_MAX = 50
"""Findings that are named; all are counted."""
_REPORT = "alerts-audit.json"


class AuditOutcome(StrEnum):
    """What became of a document that answers a search that someone follows."""

    SENT = "sent"
    KNOWN = "known"
    """Its owner knows another copy or translation of it."""
    IN_TIME = "in_time"
    """It is still to be matched or sent, and the time for that is not over."""
    PAUSED = "paused"
    """The search is paused, or nothing is sent to its owner any more."""
    CHANGED = "changed"
    """It was changed after it had been matched, and matches only since then as far as can be determined."""
    SENT_LATE = "sent_late"
    """It was sent, and too late."""
    NOT_MATCHED = "not_matched"
    """It waits for too long to be matched."""
    MISSING = "missing"
    """It was matched, and there is no match."""
    UNTOLD = "untold"
    """It matched, and is in no message although one is overdue."""
    UNSENT = "unsent"
    """It is in a message that is not sent although it is overdue."""
    FAILED = "failed"
    """It is in a message that is not tried again."""


FAILURES = frozenset(
    {AuditOutcome.NOT_MATCHED, AuditOutcome.MISSING, AuditOutcome.UNTOLD, AuditOutcome.UNSENT, AuditOutcome.FAILED}
)
"""Someone should have been notified, and was not."""


@dataclass(frozen=True, slots=True)
class AuditFinding:
    """A document with a late or missing notification."""

    subscription: int
    document: str
    told: AuditOutcome


@dataclass(slots=True)
class AuditReport:
    """What an audit found."""

    at: datetime
    documents: int = 0
    """Newest documents that were looked at."""
    unknown: int = 0
    """Of these, documents that the records do not have: the site shows other records, or older ones."""
    searches: int = 0
    unreadable: int = 0
    """Searches that can no longer be read; their owners are notified by the sweep."""
    counts: Counter[AuditOutcome] = field(default_factory=Counter)
    """Pairs of search and document, by what became of them."""
    findings: list[AuditFinding] = field(default_factory=list)
    """The first NAMED_MAX that failed or were late."""
    is_empty: bool = False
    """True: the search shows no documents, and the records have some."""

    @property
    def failures(self) -> int:
        """Return how often someone should have been notified, and was not."""
        return sum(self.counts[told] for told in FAILURES)

    @property
    def is_good(self) -> bool:
        """Return whether everyone was notified who should have been, as far as documents could be found."""
        return not self.failures and not self.is_empty


def audit(
    document_ids: Sequence[str],
    subscriptions: Iterable[Subscription],
    *,
    store: Store,
    engine: SearchEngine,
    vocabulary: Vocabulary,
    now: datetime,
    grace: timedelta = GRACE,
) -> AuditReport:
    """Check for each search that is followed, and each of some documents that answers it, whether its owner was notified in time.

    Args:
        document_ids: the newest documents, as a search shows them.
        subscriptions: searches that are followed.
        store: has what was matched and sent.
        engine: says which of the documents answer, whatever was matched.
        vocabulary: the present one.
        now: UTC.
        grace: beyond the time that a message may take.

    Raises EngineUnavailable: the index does not answer.
    """
    events = store.alert_checks.events(document_ids)
    report = AuditReport(at=now, documents=len(document_ids), unknown=len(document_ids) - len(events))
    report.is_empty = not document_ids and store.changes.last_sequence() > 0 and bool(store.documents.newest(limit=1))
    for subscription in subscriptions:
        report.searches += 1
        new = [each.id for each in events.values() if each.sequence > subscription.since]
        try:
            search = read_search(subscription, vocabulary=vocabulary)
        except BadQuery:
            report.unreadable += 1
            continue
        if not (answers := answers_among(search, new, engine=engine)):
            continue
        owner = store.subscriptions.subscriber(subscription.subscriber)
        checked = _Checked(subscription, owner, store=store, now=now, grace=grace)
        for document in sorted(answers):
            told = checked.told(events[document])
            report.counts[told] += 1
            is_named = told in FAILURES or told is AuditOutcome.SENT_LATE
            if is_named and len(report.findings) < NAMED_MAX:
                report.findings.append(AuditFinding(subscription.id, document, told))
    return report


class _Checked:
    """One search and its owner, against the documents that answer it."""

    def __init__(
        self, subscription: Subscription, owner: Subscriber | None, *, store: Store, now: datetime, grace: timedelta
    ) -> None:
        self._subscription = subscription
        self._store = store
        self._now = now
        self._grace = grace
        self._messages: dict[int, Message | None] = {}
        self._is_silent = (
            subscription.state is not SubscriptionState.ACTIVE
            or owner is None
            or owner.state is not SubscriberState.ACTIVE
        )

    def told(self, event: DocumentEvent) -> AuditOutcome:
        """Say what became of a document that answers the search."""
        match = self._store.matches.find(self._subscription.id, event.id)
        if match is None:
            return self._without_match(event)
        if match.found.outcome is MatchOutcome.KNOWN:
            return AuditOutcome.KNOWN
        message = self._message(match.message) if match.message is not None else None
        return match_told(match, message, self._until(match.at), now=self._now, is_silent=self._is_silent)

    def _until(self, found_at: datetime) -> datetime:
        begun = max(found_at, self._subscription.confirmed_at or found_at)
        if begun > self._now + self._grace:
            # The clock was set back. Waiting until that time comes would hide what is overdue.
            begun = datetime.min.replace(tzinfo=UTC)
        return told_until(self._subscription.frequency, begun, grace=self._grace)

    def _without_match(self, event: DocumentEvent) -> AuditOutcome:
        subscription = self._subscription
        if event.waits:
            return AuditOutcome.IN_TIME if abs(self._now - event.changed_at) < self._grace else AuditOutcome.NOT_MATCHED
        if event.matched_at is None or event.changed_at > event.matched_at:
            return AuditOutcome.CHANGED
        begun = subscription.confirmed_at or subscription.created_at
        if subscription.swept_at is None and event.matched_at <= begun and self._now - begun < self._grace:
            return AuditOutcome.IN_TIME  # what was matched before it was confirmed is looked for by its first sweep
        return AuditOutcome.MISSING

    def _message(self, message_id: int) -> Message | None:
        if message_id not in self._messages:
            self._messages[message_id] = self._store.messages.get(message_id)
        return self._messages[message_id]


def match_told(
    match: Match, message: Message | None, until: datetime, *, now: datetime, is_silent: bool
) -> AuditOutcome:
    """Say what became of a match of which someone is to be notified. Touches nothing.

    Args:
        match: the match.
        message: in which it is; None: in none.
        until: when it has to be sent.
        now: UTC.
        is_silent: nothing is sent of its search, or to its owner.
    """
    if message is not None and message.state is MessageState.SENT:
        return AuditOutcome.SENT_LATE if message.sent_at is not None and message.sent_at > until else AuditOutcome.SENT
    if is_silent:
        return AuditOutcome.PAUSED
    if message is not None and message.state is MessageState.FAILED:
        return AuditOutcome.FAILED
    if now <= until:
        return AuditOutcome.IN_TIME
    return AuditOutcome.UNTOLD if message is None else AuditOutcome.UNSENT


def report_body(report: AuditReport) -> dict[str, Any]:
    """Return a report as JSON."""
    return {
        "at": report.at.isoformat(),
        "is_good": report.is_good,
        "documents": report.documents,
        "unknown": report.unknown,
        "is_empty": report.is_empty,
        "searches": report.searches,
        "unreadable": report.unreadable,
        "failures": report.failures,
        "counts": {told.value: report.counts[told] for told in AuditOutcome},
        "findings": [
            {"subscription": each.subscription, "document": each.document, "told": each.told.value}
            for each in report.findings
        ],
    }


def keep_report(report: AuditReport, folder: Path) -> None:
    """Keep the report of the last audit in the data folder, for the metrics."""
    folder.mkdir(parents=True, exist_ok=True)
    written = folder / f"{_REPORT}.new"
    written.write_text(json.dumps(report_body(report)), encoding="utf-8")
    written.replace(folder / _REPORT)


def last_report(folder: Path) -> Mapping[str, Any] | None:
    """Return the report of the last audit on this machine, as JSON; None: there was none, or it cannot be read."""
    try:
        body = json.loads((folder / _REPORT).read_text(encoding="utf-8"))
        datetime.fromisoformat(body["at"]).astimezone(UTC)
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return body if isinstance(body, dict) else None

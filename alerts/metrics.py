"""What monitoring asks of alerts, as Prometheus reads it; counted in the records at the moment of asking."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from prometheus_client import CollectorRegistry
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, HistogramMetricFamily, Metric

from alerts.checking.audit import last_report
from corpus.alerts import AttemptOutcome, Frequency, SubscriberState
from corpus.store.alert_checks import SentSpan
from corpus.store.worker_lives import open_worker_lives

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store

CONTENT_TYPE = CONTENT_TYPE_PLAIN_0_0_4
LOOKED_BACK = timedelta(days=1)
"""Tries and delays are those of so long before."""
DELAYS = (1.0, 5.0, 30.0, 60.0, 300.0, 900.0, 3600.0, 6 * 3600.0, 24 * 3600.0, 7 * 24 * 3600.0)
"""Upper ends of the buckets of delays, seconds."""


def metrics_text(store: Store, *, now: datetime, last_audit: Mapping[str, Any] | None = None) -> bytes:
    """Return the metrics of alerts in the text format of Prometheus. Nothing in them tells who follows what.

    Args:
        store: the records.
        now: UTC.
        last_audit: report of the last audit, as `audit.last_report` gives it; None: there was none.
    """
    registry = CollectorRegistry(auto_describe=False)
    registry.register(RecordsCollector(store, now=now, last_audit=last_audit))
    return generate_latest(registry)


def alerts_metrics(store: Store, settings: Settings) -> Iterable[Metric]:
    """Give the metrics of alerts as they are now, and how many workers live."""
    yield from RecordsCollector(store, now=datetime.now(UTC), last_audit=last_report(settings.data_dir)).collect()
    with closing(open_worker_lives(settings)) as lives:
        yield _one("pushcart_alerts_workers", "Workers of alerts that are running.", lives.count())


class RecordsCollector:
    """Counts when it is asked. Fulfils the collector of prometheus_client."""

    def __init__(self, store: Store, *, now: datetime, last_audit: Mapping[str, Any] | None) -> None:
        self._store = store
        self._now = now
        self._audit = last_audit

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering asks no database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Give every metric."""
        with self._store.snapshot():
            yield from self._followed()
            yield from self._waiting()
            yield from self._sent()
        yield from self._checked()

    def _followed(self) -> Iterable[Metric]:
        counts = self._store.subscriptions.counts()
        states = {state: count for state, count in counts.items() if state != "subscribers"}
        yield _by("pushcart_alerts_subscriptions", "Subscriptions, by state.", "state", states)
        kept = {state.value: 0 for state in SubscriberState} | self._store.alert_checks.subscriber_counts()
        yield _by("pushcart_alerts_subscribers", "Subscribers, by state.", "state", kept)
        outcomes = self._store.matches.counts()
        untold = outcomes.pop("untold")
        yield _by("pushcart_alerts_matches", "Matches that are kept, by outcome.", "outcome", outcomes)
        yield _one("pushcart_alerts_matches_untold", "New matches that are in no message yet.", untold)

    def _waiting(self) -> Iterable[Metric]:
        store = self._store
        unmatched = store.matches.unmatched_count()
        yield _one("pushcart_alerts_documents_to_match", "Documents that have not been matched yet.", unmatched)
        yield _by("pushcart_alerts_messages", "Messages that are kept, by state.", "state", store.messages.counts())
        oldest = {
            "document": store.alert_checks.oldest_unmatched(),
            "match": store.alert_checks.oldest_untold(),
            "message": store.messages.oldest_waiting(),
        }
        ages = {kind: self._age(at) for kind, at in oldest.items()}
        text = "How long the oldest document to match, match to send and message to send has been waiting; 0: none."
        yield _by("pushcart_alerts_oldest_waiting_seconds", text, "kind", ages)

    def _sent(self) -> Iterable[Metric]:
        since = self._now - LOOKED_BACK
        counts = {outcome.value: 0 for outcome in AttemptOutcome} | {"open": 0}
        counts |= self._store.alert_checks.attempt_counts(since=since)
        yield _by(
            "pushcart_alerts_attempts_last_day", "Attempts to send that started in the last day.", "outcome", counts
        )
        yield _delays(self._store.alert_checks.sent_spans(since=since))

    def _checked(self) -> Iterable[Metric]:
        never, oldest = self._store.alert_checks.sweeps()
        yield _one("pushcart_alerts_unswept", "Followed searches that were never swept.", never)
        age = self._age(oldest)
        yield _one("pushcart_alerts_oldest_sweep_seconds", "Age of the oldest sweep of a search.", age)
        if self._audit is None:
            return
        at = datetime.fromisoformat(self._audit["at"])
        yield _one("pushcart_alerts_last_audit_timestamp_seconds", "When the last audit ended.", at.timestamp())
        good = int(bool(self._audit.get("is_good")))
        yield _one("pushcart_alerts_last_audit_good", "1: no notification was missed.", good)
        found = {str(told): int(count) for told, count in self._audit.get("counts", {}).items()}
        text = "Pairs of search and document of the last audit, by outcome."
        yield _by("pushcart_alerts_last_audit_pairs", text, "told", found)

    def _age(self, at: datetime | None) -> float:
        return max(0.0, (self._now - at).total_seconds()) if at is not None else 0.0


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)


def _by(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family


def _delays(spans: Sequence[SentSpan]) -> Metric:
    text = "From being found to being sent, matches of messages that were sent in the last day."
    family = HistogramMetricFamily("pushcart_alerts_delay_seconds", text, labels=["frequency"])
    for frequency in Frequency:
        took = [span.seconds for span in spans if span.frequency == frequency.value]
        buckets = [(f"{end:g}", sum(seconds <= end for seconds in took)) for end in DELAYS]
        family.add_metric([frequency.value], [*buckets, ("+Inf", len(took))], sum_value=sum(took))
    return family

"""What monitoring asks of collection, harvests and index, as Prometheus reads it.

Harvests, processing and alerts are other processes: what they did is counted in the records at the moment of asking.
No label tells who asks for what: values are states, sources of the operator, and names in this code.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial, wraps
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, cast

import structlog
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from corpus.errors import EngineUnavailable
from corpus.runs import RunState
from corpus.settings import Settings
from search_api.asking import Asking
from search_api.engines.base import SearchEngine
from search_api.fitness import fitness_of

if TYPE_CHECKING:
    from corpus.store import Store

SECONDS_MAX = 5.0
"""Longest wait for one part; Prometheus gives up after 10."""
KEPT_SECONDS = 10.0
"""How long what was counted is told again, however many ask."""
SEARCH_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Upper ends of the buckets of searches."""
MEASURED = ("search", "best", "pages", "find_pages", "page_scores", "frequencies")
"""Methods of an engine that are measured. A walk is as slow as whoever draws it, and counted with its request."""

_log = structlog.get_logger(__name__)
_Counted = Callable[[], Iterable[Metric]]


class SearchMetrics:
    """Measures what is asked of an engine."""

    def __init__(self, registry: CollectorRegistry, *, engine: str) -> None:
        """Register the metrics.

        Args:
            registry: what is scraped.
            engine: name of the engine, such as tantivy.
        """
        labels = ("engine", "kind")
        text = "Duration of what was asked of the search index, by kind: search (documents), pages (best pages of hits), ..."
        self._seconds = Histogram("pushcart_search_seconds", text, labels, registry=registry, buckets=SEARCH_SECONDS)
        self._failures = Counter(
            "pushcart_search_failures", "What the search index did not answer.", labels, registry=registry
        )
        self._engine = engine
        for kind in MEASURED:
            self._seconds.labels(engine, kind)
            self._failures.labels(engine, kind)

    def measured(self, engine: SearchEngine) -> SearchEngine:
        """Return the same engine, measured."""
        return cast(SearchEngine, _MeasuredEngine(engine, self._measured))

    def _measured(self, kind: str, ask: Callable[..., Any]) -> Callable[..., Any]:
        seconds = self._seconds.labels(self._engine, kind)
        failures = self._failures.labels(self._engine, kind)

        @wraps(ask)
        def asked(*args: Any, **kwargs: Any) -> Any:
            with seconds.time(), failures.count_exceptions(EngineUnavailable):
                return ask(*args, **kwargs)

        return asked


class _MeasuredEngine:
    def __init__(self, engine: SearchEngine, measure: Callable[[str, Callable[..., Any]], Callable[..., Any]]) -> None:
        self._engine = engine
        for kind in MEASURED:
            setattr(self, kind, measure(kind, getattr(engine, kind)))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._engine, name)


class PartsCollector:
    """Asks the parts of a site when it is scraped, each for a bounded time. Fulfils the collector of prometheus_client."""

    def __init__(self, parts: Mapping[str, _Counted]) -> None:
        self._askings = {name: Asking(partial(_listed, count)) for name, count in parts.items()}
        self._kept: tuple[float, Sequence[Metric]] = (0.0, ())

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering asks nobody."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Give the metrics of every part that answers, and which do."""
        until, kept = self._kept
        if time.monotonic() > until:
            kept = self._collected()
            self._kept = (time.monotonic() + KEPT_SECONDS, kept)
        return kept

    def _collected(self) -> list[Metric]:
        text = "1: what is counted in this part could be asked; 0: it did not answer, and its metrics are missing."
        up = GaugeMetricFamily("pushcart_up", text, labels=["part"])
        found: list[Metric] = [up]
        begun = {name: asking.begun() for name, asking in self._askings.items()}
        ends = time.monotonic() + SECONDS_MAX
        for name, answer in begun.items():
            try:
                found.extend(answer.result(max(0.0, ends - time.monotonic())))
            except Exception as error:  # whatever it is: the other parts are told, and the log says why
                _log.warning("not_counted", part=name, reason=str(error) or type(error).__name__)
                up.add_metric([name], 0)
            else:
                up.add_metric([name], 1)
        return found


def _listed(count: _Counted) -> list[Metric]:
    return list(count())


def records_metrics(store: Store, settings: Settings) -> Iterable[Metric]:
    """Give what is held, what waits, and what harvests brought."""
    build = GaugeMetricFamily("pushcart_build_info", "1, with the version of Pushcart.", labels=["version"])
    build.add_metric([version("pushcart")], 1)
    yield build
    with store.snapshot():
        counts, harvests = store.watching.collection(), store.watching.harvests()
    yield gauge("pushcart_documents", "Documents that are held.", counts.documents)
    yield gauge("pushcart_pages", "Pages of these documents.", counts.pages)
    files = "Files by outcome of reading; waiting: not read yet."
    yield gauges("pushcart_files", files, "outcome", counts.outcomes)
    queues = {
        "read": counts.outcomes["waiting"],
        "tag": counts.waiting,
        "untagged": counts.untagged,
        "unindexed": counts.unindexed,
    }
    text = "What waits: files to read, documents to tag; and documents that could not be tagged, or indexed."
    yield gauges("pushcart_queue", text, "queue", queues)
    if settings.data_dir.is_dir():
        usage = shutil.disk_usage(settings.data_dir)
        yield gauge("pushcart_disk_free_bytes", "Free space on the disk of the data folder.", usage.free)
        yield gauge("pushcart_disk_bytes", "Size of the disk of the data folder.", usage.total)

    runs = CounterMetricFamily("pushcart_harvests", "Harvests, by how they ended.", labels=["source", "state"])
    text = "What harvests were offered, by what became of it."
    records = CounterMetricFamily("pushcart_harvest_records", text, labels=["source", "outcome"])
    text = "When the last harvest of a source ended."
    ended = GaugeMetricFamily("pushcart_harvest_end_timestamp_seconds", text, labels=["source"])
    text = "1: the last harvest of a source brought what it should, or will be continued; 0: it is broken or crashed."
    good = GaugeMetricFamily("pushcart_harvest_good", text, labels=["source"])
    for source, totals in sorted(harvests.items()):
        for state, count in totals.runs.items():
            runs.add_metric([source, state.value], count)
        for outcome, count in totals.records.items():
            records.add_metric([source, outcome], count)
        ended.add_metric([source], totals.last_ended.timestamp())
        good.add_metric([source], int(totals.last_state not in (RunState.BROKEN, RunState.CRASHED)))
    yield from (runs, records, ended, good)


def index_metrics(store: Store, engine: SearchEngine) -> Iterable[Metric]:
    """Give how far the index is behind the records. Raises EngineUnavailable: it does not answer."""
    fitness = fitness_of(engine, store)
    delay = store.watching.behind(engine.applied_sequence())
    yield gauge("pushcart_index_fits", "0: the search index has to be rebuilt.", int(fitness.misfit is None))
    text = "Documents with a change that a search does not show yet."
    yield gauge("pushcart_index_documents_behind", text, delay.documents)
    seconds = (datetime.now(UTC) - delay.oldest).total_seconds() if delay.oldest else 0.0
    text = "Age of the oldest change that a search does not show yet; 0: it shows all."
    yield gauge("pushcart_index_lag_seconds", text, max(0.0, seconds))


def gauge(name: str, text: str, value: float) -> Metric:
    """Return a gauge without labels."""
    return GaugeMetricFamily(name, text, value=value)


def gauges(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    """Return a gauge for each value of a label."""
    family = GaugeMetricFamily(name, text, labels=[label])
    for value, number in values.items():
        family.add_metric([value], number)
    return family

"""Running a worker of alerts for as long as someone wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager

from prometheus_client import REGISTRY, start_http_server
from prometheus_client.metrics_core import Metric

from alerts.metrics import alerts_metrics
from alerts.running import AlertsRoom
from alerts.sending.worker import WorkReport
from corpus.rights import policy_of_messages
from corpus.settings import Settings
from corpus.store import Store, open_worker_lives
from corpus.vocabulary import load_vocabulary
from crawler.sources.declared_now import Declarations
from pushcart.data_folder import open_records
from search_api.engines.opening import open_engine

METRICS_HOST = "127.0.0.1"
"""Metrics are for who runs the site."""


@contextmanager
def opened_room(settings: Settings) -> Iterator[AlertsRoom]:
    """Open what alerts work with, and close it at the end. Raises StoreUnavailable, BadSettings."""
    vocabulary = load_vocabulary()
    rights = policy_of_messages(settings, declared=Declarations(settings).rights)
    with open_records(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        yield AlertsRoom(settings, store=store, engine=engine, vocabulary=vocabulary, rights=rights)


def run_worker(settings: Settings, *, once: bool = False, metrics_port: int = 0) -> WorkReport:
    """Match new documents and send messages until SIGTERM or SIGINT.

    Args:
        settings: of everything.
        once: do what is due now, and end.
        metrics_port: of this machine, where metrics are served meanwhile; 0: they are not.

    Raises StoreUnavailable, BadSettings. OSError: the port is taken.
    """
    with opened_room(settings) as room, closing(open_worker_lives(settings)) as lives:
        worker = room.worker(lives)
        if metrics_port:
            REGISTRY.register(_Records(room.store, settings))
            start_http_server(metrics_port, addr=METRICS_HOST)
        return asyncio.run(worker.run_once() if once else worker.run_until_signal())


class _Records:
    """Gives the metrics that follow from the records, as they are when someone asks. A collector of prometheus_client."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def describe(self) -> Iterable[Metric]:
        """Name nothing beforehand: registering asks no database."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """Give every metric."""
        return alerts_metrics(self._store, self._settings)

"""Watching the site: requests counted and logged by route, and metrics on an address of their own.

Neither metrics nor the log of requests tell who asks, for what words, or for which document.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from alerts.metrics import alerts_metrics
from corpus.errors import BadSettings
from corpus.logs import REQUESTS_LOGGER
from corpus.messages import sentence
from corpus.settings import Settings, host_and_port
from search_api.api.state import AppState
from search_api.metrics import PartsCollector, index_metrics, records_metrics

REQUEST_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Upper ends of the buckets of requests."""
NO_ROUTE = "none"
"""For requests that came to no route: refused before, or to an address that does not exist."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_BUG = 500
"""Status where an application ends without an answer."""


class RequestMetrics:
    """Counts requests by method, route and status, and measures them by route."""

    def __init__(self, registry: CollectorRegistry) -> None:
        labels = ("method", "route", "status")
        self._requests = Counter("pushcart_http_requests", "Requests that were answered.", labels, registry=registry)
        self._seconds = Histogram(
            "pushcart_http_request_seconds",
            "Time from the arrival of a request to the end of its answer.",
            ("route",),
            registry=registry,
            buckets=REQUEST_SECONDS,
        )
        self.under_way = Gauge("pushcart_http_requests_under_way", "Requests being answered now.", registry=registry)

    def count(self, method: str, route: str, status: int, *, seconds: float) -> None:
        """Count an answered request."""
        self._requests.labels(method, route, str(status)).inc()
        self._seconds.labels(route).observe(seconds)


class Watched:
    """Passes requests on, counts them and logs them. Plain ASGI middleware, around everything else."""

    def __init__(self, app: ASGIApp, *, metrics: RequestMetrics | None, logs: bool) -> None:
        """Wrap an application.

        Args:
            app: the application.
            metrics: where requests are counted; None: nowhere.
            logs: whether they are logged.
        """
        self._app = app
        self._metrics = metrics
        self._log = structlog.get_logger(REQUESTS_LOGGER) if logs else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), _BUG

        async def send_on(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        if self._metrics:
            self._metrics.under_way.inc()
        try:
            await self._app(scope, receive, send_on)
        finally:
            self._ended(scope, status, seconds=time.perf_counter() - began)

    def _ended(self, scope: Scope, status: int, *, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = route_of(scope)
        if self._metrics:
            self._metrics.under_way.dec()
            self._metrics.count(method, route, status, seconds=seconds)
        if self._log:
            self._log.info("request", method=method, route=route, status=status, seconds=round(seconds, 4))


def route_of(scope: Scope) -> str:
    """Return the route that a request came to, such as /documents/{document_id}; NO_ROUTE: to none."""
    path = getattr(scope.get("route"), "path", None)
    return f"{scope.get('root_path', '')}{path}" if path else NO_ROUTE


def watch(registry: CollectorRegistry, state: AppState) -> None:
    """Let a registry give what follows from records and index, and what this process uses."""
    ProcessCollector(registry=registry)
    registry.register(
        PartsCollector(
            {
                "records": lambda: records_metrics(state.store, state.settings),
                "index": lambda: index_metrics(state.store, state.engine),
                "alerts": lambda: alerts_metrics(state.store, state.settings),
            }
        )
    )


@contextmanager
def served_metrics(settings: Settings, registry: CollectorRegistry) -> Iterator[None]:
    """Serve metrics while the block runs, where the settings name an address.

    Raises BadSettings: the address cannot be used.
    """
    address = host_and_port(settings.metrics_address)
    if address is None:
        yield
        return
    try:
        server, thread = start_http_server(address[1], addr=address[0], registry=registry)
    except OSError as error:
        raise BadSettings(
            sentence(
                "PUSHCART_METRICS_ADDRESS is {address}, which cannot be used: {reason}.",
                address=settings.metrics_address,
                reason=error.strerror or error,
            ),
            try_next=sentence("Choose a free port of this machine. Metrics are served by one process only."),
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

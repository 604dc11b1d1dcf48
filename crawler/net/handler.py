"""Send a request and take its answer: at the server's turn, to the addresses that were judged, within time and size."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    StopDownload,
)
from scrapy.http import Headers, Response
from twisted.internet.error import DNSLookupError

from corpus.reasons import Failure, FailureKind
from crawler.job import job_of
from crawler.net.address_guard import GuardedNames
from crawler.net.addresses import served_places
from crawler.net.connection import HTTP11DownloadHandler, RequestNotSent, reactor_in_use, send_in_turn
from crawler.net.failures import AnswerRefused, RunPaused
from crawler.net.robots import ROBOTS_BYTES_MAX, is_for_robots
from crawler.net.throttle import LATENCY, MEBIBYTE, server_of, throttle_of

BYTES_PER_SECOND_MIN = 8 * 1024
"""A slower answer is a trap, or a line over which no report would ever come through."""
PAGE_BYTES_MAX = 50 * MEBIBYTE
"""Most of a web page, feed or catalogue answer, before and after it is unpacked; files have their own limit."""
_NO_TIME_LIMIT = 7 * 86400.0
_TEXTS = (
    b"text/",
    b"application/xhtml",
    b"application/xml",
    b"application/json",
    b"application/rss",
    b"application/atom",
)


@dataclass(slots=True)
class Exchange:
    """One request under way and what has come of its answer. Times as `time.monotonic`."""

    task: asyncio.Task[Response]
    timeout_seconds: float
    began: float
    last_came: float = field(init=False)
    received: int = 0
    is_page: bool = False
    is_given_up: bool = False
    """True: the run ends, and does not wait for the rest of the answer."""

    def __post_init__(self) -> None:
        self.last_came = self.began

    @property
    def ends(self) -> float:
        """Return when to give up: no answer may pause for longer than the source's timeout, or trickle for ever.

        A large file over a slow line gets its time: one second more for each 8 KiB that have come.
        """
        trickle = self.began + self.timeout_seconds + self.received / BYTES_PER_SECOND_MIN
        return min(self.last_came + self.timeout_seconds, trickle)


class HarvestHandler(HTTP11DownloadHandler):
    """Scrapy's download handler for http and https, behind the limiter."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        job = job_of(crawler.spider)
        self._timeout_seconds = job.source.polite.timeout_seconds
        self._crawler: Any = crawler
        self._served = served_places(job.source)
        self._limiter = throttle_of(crawler)
        self._exchanges: dict[Request, Exchange] = {}
        send_in_turn(self, limiter=self._limiter)
        self._limiter.on_giving_up.append(self._give_up)
        crawler.signals.connect(self._on_headers, signal=signals.headers_received)
        crawler.signals.connect(self._on_bytes, signal=signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        """Fetch; Scrapy calls this when the request's turn in its queue has come.

        Raises IgnoreRequest: it may not be sent, or its answer not be taken; see crawler.net.failures.
        """
        await self._limiter.enter(request)
        await self._judge_name(request)
        request.meta["download_timeout"] = _NO_TIME_LIMIT  # Exchange keeps the time
        request.meta.pop("download_maxsize", None)  # that of the page which redirected here
        task = asyncio.ensure_future(super().download_request(request))
        exchange = Exchange(task, timeout_seconds=self._timeout_seconds, began=monotonic())
        self._exchanges[request] = exchange
        try:
            response = await _ended(exchange)
        except DownloadCancelledError as error:
            if exchange.is_page:
                too_large = Failure.of(FailureKind.PAGE_TOO_LARGE, mebibytes=PAGE_BYTES_MAX // MEBIBYTE)
                raise AnswerRefused(too_large) from error
            raise
        except RequestNotSent as error:
            raise DownloadFailedError("The connection was closed before it was used.") from error
        finally:
            del self._exchanges[request]
        if response.status == 304:
            self._crawler.stats.inc_value("not_modified")
        return response

    def _give_up(self) -> None:
        """End every answer that is under way; the next run asks for it again."""
        for exchange in self._exchanges.values():
            exchange.is_given_up = True
            exchange.task.cancel()  # closes the connection

    async def _judge_name(self, request: Request) -> None:
        """Look the host's name up before connecting. A proxy looks it up again itself, and would ask its own network."""
        if self._served.has(request.url):
            return  # no connection goes to that name
        names = reactor_in_use().nameResolver
        assert isinstance(names, GuardedNames)
        try:
            await names.judge(request.url)
        except DNSLookupError as error:
            raise CannotResolveHostError(str(error)) from error

    def _on_headers(self, headers: Headers, body_length: int, request: Request) -> None:
        exchange = self._exchanges.get(request)
        if exchange is None:
            return
        exchange.last_came = now = monotonic()
        request.meta[LATENCY] = self._limiter.throttle.latency(server_of(request.url), now=now)
        declared = (headers.get(b"Content-Type") or b"").strip().lower()
        if declared.startswith(_TEXTS):
            # Scrapy counts what comes against it, and what is unpacked from that.
            request.meta["download_maxsize"] = PAGE_BYTES_MAX
            exchange.is_page = True

    def _on_bytes(self, data: bytes, request: Request) -> None:
        exchange = self._exchanges.get(request)
        if exchange is None:
            return
        self._crawler.stats.inc_value("bytes", len(data))
        exchange.last_came = monotonic()
        exchange.received += len(data)
        if is_for_robots(request) and exchange.received > ROBOTS_BYTES_MAX:
            raise StopDownload(fail=False)


async def _ended(exchange: Exchange) -> Response:
    """Wait for an answer as long as it may take.

    Raises DownloadTimeoutError: it takes longer. Raises RunPaused: the run ends before it does.
    """
    while not exchange.task.done():
        left = exchange.ends - monotonic()
        if left <= 0:
            exchange.task.cancel()  # closes the connection
            raise DownloadTimeoutError("The answer took too long.")
        await asyncio.wait({exchange.task}, timeout=left)
    if exchange.is_given_up:
        raise RunPaused
    return exchange.task.result()

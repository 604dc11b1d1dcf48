"""Send a request and take its answer: at the server's turn, to the addresses that were judged, within time and size."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from scrapy import Request, signals
from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadFailedError,
    DownloadTimeoutError,
    StopDownload,
)
from scrapy.http import Headers, Response
from twisted.internet.defer import Deferred, fail
from twisted.internet.error import DNSLookupError
from twisted.internet.task import deferLater
from twisted.python.failure import Failure as TwistedFailure
from twisted.web._newclient import HEADER, STATUS, RequestNotSent

from corpus.reasons import Failure, FailureKind
from crawler.job import job_of
from crawler.net.addresses import served_places
from crawler.net.hours import MEBIBYTE
from crawler.net.names import GuardedNames
from crawler.net.refusals import AnswerRefused, RunPaused
from crawler.net.robots import ROBOTS_BYTES_MAX, is_for_robots
from crawler.net.throttle import gate_of
from crawler.net.turns import server_of

BYTES_PER_SECOND_MIN = 8 * 1024
"""A slower answer is a trap, or a line over which no report would ever come through."""
PAGE_BYTES_MAX = 50 * MEBIBYTE
"""Most of a web page, feed or catalogue answer, before and after it is unpacked; files have their own limit."""
HEAD_BYTES_MAX = 256 * 1024
"""Most of an answer's status and headers. Browsers take as much."""
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


class PoliteHandler(HTTP11DownloadHandler):
    """Scrapy's download handler for http and https, behind the gate."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        job = job_of(crawler.spider)
        self._timeout_seconds = job.source.polite.timeout_seconds
        self._tally = job.tally
        self._served = served_places(job.source)
        self._gate = gate_of(crawler)
        self._exchanges: dict[Request, Exchange] = {}
        pool: Any = self._pool
        pool._factory = self._connection_factory
        self._gate.when_giving_up(self._give_up)
        crawler.signals.connect(self._on_headers, signal=signals.headers_received)
        crawler.signals.connect(self._on_bytes, signal=signals.bytes_received)

    async def download_request(self, request: Request) -> Response:
        """Fetch; Scrapy calls this when the request's turn in its queue has come.

        Raises IgnoreRequest: it may not be sent, or its answer not be taken; see crawler.net.refusals.
        """
        await self._gate.enter(request)
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
        self._tally.not_modified += response.status == 304
        return response

    def _give_up(self) -> None:
        """End every answer that is under way; the next run asks for it again."""
        for exchange in self._exchanges.values():
            exchange.is_given_up = True
            exchange.task.cancel()  # closes the connection

    async def _judge_name(self, request: Request) -> None:
        """Look the host's name up before connecting. A proxy looks it up again itself, and would ask its own network."""
        if self._served.has(request.url):
            return  # nobody connects to that name
        names = _reactor().nameResolver
        assert isinstance(names, GuardedNames)
        try:
            await names.judge(request.url)
        except DNSLookupError as error:
            raise CannotResolveHostError(str(error)) from error

    def _on_headers(self, headers: Headers, body_length: int, request: Request) -> None:
        exchange = self._exchanges.get(request)
        if exchange is None:
            return
        exchange.last_came = monotonic()
        declared = (headers.get(b"Content-Type") or b"").strip().lower()
        if declared.startswith(_TEXTS):
            # Scrapy counts what comes against it, and what is unpacked from that.
            request.meta["download_maxsize"] = PAGE_BYTES_MAX
            exchange.is_page = True

    def _on_bytes(self, data: bytes, request: Request) -> None:
        exchange = self._exchanges.get(request)
        if exchange is None:
            return
        self._tally.bytes += len(data)
        exchange.last_came = monotonic()
        exchange.received += len(data)
        if is_for_robots(request) and exchange.received > ROBOTS_BYTES_MAX:
            raise StopDownload(fail=False)

    def _connection_factory(self, on_quiet: Any, metadata: str) -> _ConnectionFactory:
        return _ConnectionFactory(on_quiet, metadata, self)

    def seconds_to_send(self, server: str) -> float:
        """Return how many seconds a request to a server must still wait; 0 or less: none."""
        return self._gate.turns.seconds_to_send(server, now=monotonic())

    def note_sent(self, server: str) -> None:
        """Count a request that is being written."""
        self._gate.turns.sent(server, now=monotonic())
        self._tally.requests += 1


def _reactor() -> Any:
    from twisted.internet import reactor  # the first import decides which reactor there is; Scrapy's must be it

    return reactor


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


class _ConnectionFactory(_LenientHTTP11ClientFactory):
    def __init__(self, on_quiet: Any, metadata: str, handler: PoliteHandler) -> None:
        super().__init__(on_quiet, metadata)  # type: ignore[no-untyped-call]
        self._handler = handler

    def buildProtocol(self, addr: Any) -> _Connection:  # noqa: N802 (Twisted's name)
        return _Connection(self._quiescentCallback, self._handler)


class _Connection(_LenientHTTP11ClientProtocol):
    """A connection that sends each request at its server's turn, and ends an answer whose headers do not end."""

    def __init__(self, on_quiet: Any, handler: PoliteHandler) -> None:
        super().__init__(on_quiet)  # type: ignore[no-untyped-call]
        self._handler = handler
        self._head_bytes = 0

    def request(self, request: Any) -> Deferred[Any]:
        self._head_bytes = 0
        host = request.headers.getRawHeaders(b"host", [b""])[0].decode("latin-1")
        server = server_of(f"http://{host}/")
        return self._send_in_turn(request, server)

    def _send_in_turn(self, request: Any, server: str) -> Deferred[Any]:
        if (seconds := self._handler.seconds_to_send(server)) > 0:
            # No asyncio here: Twisted wants the body to be claimed in the moment in which the headers are there.
            return deferLater(_reactor(), seconds, self._send_in_turn, request, server)
        if self._state != "QUIESCENT":
            return fail(RequestNotSent())  # the server has closed the connection meanwhile; Twisted takes another
        self._handler.note_sent(server)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._giveUp(TwistedFailure(AnswerRefused(Failure(FailureKind.HEADERS_WITHOUT_END))))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

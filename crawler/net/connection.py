"""The one file that touches private names of Scrapy and Twisted: how a connection sends, and what goes wrong on it.

Seen in Scrapy 2.19 and Twisted 26.10; `tests/crawler/test_library_internals.py` holds them to what is used here.
"""

from __future__ import annotations

from typing import Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
)
from twisted.internet.defer import Deferred, fail
from twisted.internet.task import deferLater
from twisted.python.failure import Failure as TwistedFailure
from twisted.web._newclient import HEADER, STATUS, BadHeaders, ParseError, RequestNotSent
from twisted.web.http import _MalformedChunkedDataError as MalformedChunkedData

__all__ = [
    "BROKEN_HTTP",
    "HTTP11DownloadHandler",
    "HeadersWithoutEnd",
    "RequestNotSent",
    "reactor_in_use",
    "send_in_turn",
]

HEAD_BYTES_MAX = 256 * 1024
"""Most of an answer's status and headers. Browsers take as much."""
BROKEN_HTTP = (ParseError, BadHeaders, MalformedChunkedData)
"""Errors of an answer that is not HTTP."""


class HeadersWithoutEnd(Exception):
    """The headers of an answer are longer than HEAD_BYTES_MAX."""


def send_in_turn(handler: HTTP11DownloadHandler, *, limiter: Any) -> None:
    """Have all connections of a download handler send each request at its server's turn, as a ThrottleExtension says it."""
    pool: Any = handler._pool
    pool._factory = lambda on_quiet, metadata: ConnectionFactory(on_quiet, metadata, limiter)


def reactor_in_use() -> Any:
    """Return Twisted's reactor, which Scrapy has chosen."""
    from twisted.internet import reactor  # the first import decides which reactor there is; Scrapy's must be it

    return reactor


class ConnectionFactory(_LenientHTTP11ClientFactory):
    """Makes connections that send each request at its server's turn."""

    def __init__(self, on_quiet: Any, metadata: str, limiter: Any) -> None:
        super().__init__(on_quiet, metadata)  # type: ignore[no-untyped-call]
        self._limiter = limiter

    def buildProtocol(self, addr: Any) -> _Connection:  # noqa: N802 (Twisted's name)
        return _Connection(self._quiescentCallback, self._limiter)


class _Connection(_LenientHTTP11ClientProtocol):
    """A connection that sends each request at its server's turn, and ends an answer whose headers do not end."""

    def __init__(self, on_quiet: Any, limiter: Any) -> None:
        super().__init__(on_quiet)  # type: ignore[no-untyped-call]
        self._limiter = limiter
        self._head_bytes = 0

    def request(self, request: Any) -> Deferred[Any]:
        self._head_bytes = 0
        host = request.headers.getRawHeaders(b"host", [b""])[0].decode("latin-1")
        url = f"http://{host}/"
        return self._send_in_turn(request, url)

    def _send_in_turn(self, request: Any, url: str) -> Deferred[Any]:
        if (seconds := self._limiter.seconds_to_send(url)) > 0:
            # No asyncio here: Twisted wants the body to be claimed in the moment in which the headers are there.
            return deferLater(reactor_in_use(), seconds, self._send_in_turn, request, url)
        if self._state != "QUIESCENT":
            return fail(RequestNotSent())  # the server has closed the connection meanwhile; Twisted takes another
        self._limiter.note_sent(url)
        return super().request(request)

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 (Twisted's name)
        if self._parser is not None and self._parser.state in (STATUS, HEADER):
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES_MAX:
                self._giveUp(TwistedFailure(HeadersWithoutEnd()))  # type: ignore[no-untyped-call]
                return
        super().dataReceived(data)  # type: ignore[no-untyped-call]

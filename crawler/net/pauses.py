"""Pauses that a server asks for, in words or by failing. They hold for the whole server."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response

from corpus.reasons import Failure, FailureKind
from crawler.job import job_of
from crawler.net.refusals import RequestRefused
from crawler.net.throttle import gate_of
from crawler.net.turns import Turns, server_of
from crawler.sources.model import Politeness

RETRY_AFTER_MAX_SECONDS = 600.0
"""A server that asks for a longer pause is left alone for this run."""
_TROUBLED = (429, 500, 502, 503, 504)
_PASSING = (DownloadTimeoutError, DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError)


class Pauses:
    """Take note of the pauses that answers and failures ask for; the gate keeps them."""

    def __init__(self, polite: Politeness, turns: Turns) -> None:
        self._polite = polite
        self._turns = turns

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pauses:
        """Begin; Scrapy calls this."""
        return cls(job_of(crawler.spider).source.polite, gate_of(crawler).turns)

    def process_request(self, request: Request) -> None:
        """Put a request into its server's queue. A redirect would leave it in that of the server it came from."""
        request.meta["download_slot"] = server_of(request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a pause that the answer asks for, or give the server up for this run."""
        if response.status in _TROUBLED:
            asked = retry_after_seconds(response.headers.get(b"Retry-After"), now=datetime.now(UTC))
            if asked is None:
                self._pause_after_failure(request)
            elif asked > RETRY_AFTER_MAX_SECONDS:
                left = Failure.of(FailureKind.SERVER_LEFT_ALONE, status=response.status, seconds=asked)
                self._turns.leave(server_of(request.url), failure=left)
                raise RequestRefused(left)
            else:
                self._turns.keep_quiet(server_of(request.url), until=monotonic() + asked)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Wait after a connection that failed, too."""
        if isinstance(exception, _PASSING):
            self._pause_after_failure(request)

    def _pause_after_failure(self, request: Request) -> None:
        """Wait longer with each failure of one request; the last one is followed by no repetition, and by no pause."""
        failures = request.meta.get("retry_times", 0)
        if failures < self._polite.retries:
            gap = self._polite.retry_gap_seconds * 2**failures
            self._turns.keep_quiet(server_of(request.url), until=monotonic() + gap)


class Throttle(AutoThrottle):
    """AutoThrottle, for which a 304 is as good a sign of the server's health as a 200.

    Scrapy lets only answers 200 shorten the delay; a run in which nothing has changed would grow slower and slower.
    """

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response.replace(status=200) if response.status == 304 else response)


def retry_after_seconds(header: bytes | None, *, now: datetime) -> float | None:
    """Return the pause that a Retry-After header asks for, 0 or more; None when there is none or it cannot be read."""
    if not header:
        return None
    text = header.decode("latin-1").strip()
    if text.isascii() and text.isdigit():
        return float(text)
    with suppress(ValueError, TypeError, OverflowError):
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    return None

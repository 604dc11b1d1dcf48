"""The one limiter: when a server may be asked next, which pauses it asks for, and what a run may cost in all.

Every request waits here twice (lists, files, robots.txt, redirects, retries): before it connects, for its
server's turn, and in the moment in which it is written, since connecting takes longer once than another time and the server
counts what arrives. Scrapy's own DOWNLOAD_DELAY and AutoThrottle are off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import (
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    ResponseDataLossError,
)
from scrapy.http import Response

from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Verdict, VerdictKind
from crawler.job import CrawlComponent
from crawler.net.addresses import host_of
from crawler.net.failures import RequestRefused, RunPaused
from crawler.run import minutes_max_of
from crawler.sources.model import Politeness
from crawler.sources.schedule import is_open

MEBIBYTE = 1024 * 1024
DELAY_SECONDS_MAX = 60.0
"""A server that answers slowly is asked less often, down to this; a longer declared delay is kept as it is."""
RETRY_AFTER_MAX_SECONDS = 600.0
"""A server that asks for a longer pause is left alone for this run."""
_LONG_AGO = float("-inf")
_JITTER_SECONDS = 0.02
"""What a network and a busy server may take from the distance between two requests on their way (measured: 8 ms)."""
_LOOK_UP_SECONDS = 0.5
"""How often a request that waits for its turn looks whether the run still goes on."""
_UNSENT_SECONDS_MAX = 5.0
"""How long the pause of a run waits for its last request to be written; one whose server takes no connection never is."""
LATENCY = "pushcart_latency"
"""In `Request.meta`: seconds from sending to the headers of the answer. Scrapy's download_latency has our own waiting in it,
which would make the delay grow by itself."""
_TROUBLED = (429, 500, 502, 503, 504)
_PASSING = (DownloadTimeoutError, DownloadConnectionRefusedError, DownloadFailedError, ResponseDataLossError)


def server_of(url: str) -> str:
    """Return whose turn a request takes: its host, with and without `www.` the same, whatever the port."""
    return host_of(url).removeprefix("www.")


@dataclass(slots=True)
class ServerTurns:
    """The turns of one server. Times are seconds of one clock that never goes back (`time.monotonic`)."""

    delay_min: float
    """The declared delay, or the Crawl-delay of robots.txt when that is longer."""
    delay: float
    """The delay that is kept: longer while the server answers slowly."""
    reserved: float = _LONG_AGO
    sent: float = _LONG_AGO
    quiet_until: float = _LONG_AGO
    left: Failure | None = None
    """Why it is asked nothing more in this run; None when it is."""


class Throttle:
    """The turns of one run: two requests to one server are never closer than its delay."""

    def __init__(self, *, delay_seconds: float, requests_at_once: int = 1) -> None:
        self._own_delay = delay_seconds
        self._at_once = requests_at_once
        self._servers: dict[str, ServerTurns] = {}

    def of(self, server: str) -> ServerTurns:
        """Return the turns of a server."""
        return self._servers.setdefault(server, ServerTurns(self._own_delay, self._own_delay))

    def lengthen(self, server: str, *, seconds: float) -> None:
        """Keep at least this distance from now on."""
        turns = self.of(server)
        turns.delay_min = max(seconds, turns.delay_min)
        turns.delay = max(seconds, turns.delay)

    def answered(self, server: str, *, seconds: float, is_sound: bool) -> None:
        """Keep more distance from a server that answers slowly, and less again when it recovers, as AutoThrottle does.

        Args:
            seconds: from sending to the first byte of the answer.
            is_sound: a success, or 304. Errors come fast, and shorten nothing.
        """
        turns, target = self.of(server), seconds / self._at_once
        delay = max(target, (turns.delay + target) / 2)
        delay = min(max(turns.delay_min, delay), max(DELAY_SECONDS_MAX, turns.delay_min))
        turns.delay = delay if is_sound else max(delay, turns.delay)

    def keep_quiet(self, server: str, *, until: float) -> None:
        """Ask a server nothing before a moment."""
        turns = self.of(server)
        turns.quiet_until = max(until, turns.quiet_until)

    def reserve(self, server: str, *, now: float) -> float:
        """Take the next turn and return its moment; the turn after it comes a delay later."""
        turns = self.of(server)
        turns.reserved = max(now, turns.reserved + turns.delay, turns.quiet_until)
        return turns.reserved

    def seconds_to_send(self, server: str, *, now: float) -> float:
        """Return how many seconds a request that is about to be written must still wait; 0 or less: none."""
        turns = self.of(server)
        return turns.sent + turns.delay + min(turns.delay, _JITTER_SECONDS) - now

    def latency(self, server: str, *, now: float) -> float:
        """Return how long ago a server was last sent a request, seconds."""
        return now - self.of(server).sent

    def sent(self, server: str, *, now: float) -> None:
        """Note that a request is being written."""
        turns = self.of(server)
        turns.sent, turns.reserved = now, max(now, turns.reserved)


def reason_to_pause(polite: Politeness, *, requests: int, size: int, seconds: float, now: datetime) -> Verdict | None:
    """Say why a run must pause before its next request; None when it may go on.

    Args:
        requests: so many it has made.
        size: bytes that have come.
        seconds: since it began.
    """
    if not is_open(polite, now):
        assert polite.hours is not None
        begin, end = polite.hours
        hours = f"{begin:%H:%M}-{end:%H:%M} {polite.time_zone}"
        return Verdict.of(VerdictKind.HOURS_OVER if requests else VerdictKind.BEFORE_HOURS, hours=hours)
    if requests >= polite.requests_max:
        return Verdict.of(VerdictKind.REQUESTS_USED, limit=polite.requests_max)
    if size >= polite.mebibytes_max * MEBIBYTE:
        return Verdict.of(VerdictKind.MEBIBYTES_USED, limit=polite.mebibytes_max)
    if polite.minutes_max is not None and seconds >= polite.minutes_max * 60:
        return Verdict.of(VerdictKind.MINUTES_USED, limit=polite.minutes_max)
    return None


class ThrottleExtension(CrawlComponent):
    """Holds each request back until its server's turn, and ends the run when its budget is used up.

    It stands behind Scrapy's own queues, so that what waits there is held back too when a server asks for a pause.
    A run that ends, for whatever reason, waits for answers that are under way, though not for ever: a server that never
    ends its answer does not keep a run from ending.
    """

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        polite = self.job.source.polite
        self.throttle = Throttle(delay_seconds=polite.delay_seconds, requests_at_once=polite.requests_at_once)
        self.on_giving_up: list[Callable[[], None]] = []
        """Called when a run that ends has waited long enough for answers that are under way."""
        self._minutes_max = minutes_max_of(self.job.source, self.job.settings)
        self._polite = polite.model_copy(update={"minutes_max": self._minutes_max})
        # The process that started this one kills it after the whole of the grace.
        self._wait_seconds = self.job.settings.harvest_grace_seconds / 2
        self._passed = 0
        self._began = monotonic()
        self._closing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        crawler.signals.connect(self._on_started, signal=signals.engine_started)
        crawler.signals.connect(self._on_closed, signal=signals.spider_closed)

    async def enter(self, request: Request) -> None:
        """Wait for the request's turn.

        Raises RunPaused: the run pauses or was stopped; the request must not be sent.
        Raises RequestRefused: its server is left alone for this run.
        """
        server = server_of(request.url)
        turn = self.throttle.reserve(server, now=monotonic())
        waits_until = monotonic() + _UNSENT_SECONDS_MAX
        while True:
            if self._is_last_unsent() and monotonic() < waits_until:
                await asyncio.sleep(_LOOK_UP_SECONDS)
                continue
            self._check(server)
            now = monotonic()
            if now < turn:
                await asyncio.sleep(min(turn - now, _LOOK_UP_SECONDS))
            elif now < self.throttle.of(server).quiet_until:
                turn = self.throttle.reserve(server, now=now)  # the server asked for a pause meanwhile
            else:
                self._passed += 1
                return

    def seconds_to_send(self, url: str) -> float:
        """Return how many seconds a request that is about to be written must still wait; 0 or less: none."""
        return self.throttle.seconds_to_send(server_of(url), now=monotonic())

    def note_sent(self, url: str) -> None:
        """Count a request that is being written."""
        self.throttle.sent(server_of(url), now=monotonic())
        self.crawler.stats.inc_value("requests")

    def _goes_on(self) -> bool:
        return self.crawler.crawling and not self.crawler.stats.pause

    def _is_last_unsent(self) -> bool:
        """Say whether the last request that the run may make has its turn and is not written yet: a pause would drop it."""
        sent = self.crawler.stats.count("requests")
        return self._goes_on() and self._passed >= self._polite.requests_max > sent

    def _on_started(self) -> None:
        self.crawler.stats.tell("")
        self._watching = asyncio.ensure_future(self._watch())

    def _on_closed(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        """End the run at its time also when no request asks whether it goes on, and then what is under way."""
        while self._goes_on():
            if monotonic() - self._began >= self._minutes_max * 60:
                self._pause(Verdict.of(VerdictKind.MINUTES_USED, limit=self._minutes_max))
            await asyncio.sleep(_LOOK_UP_SECONDS)
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(self._wait_seconds)
            for call in self.on_giving_up:
                call()

    def _check(self, server: str) -> None:
        if not self._goes_on():
            raise RunPaused
        if failure := self.throttle.of(server).left:
            raise RequestRefused(failure)
        stats = self.crawler.stats
        # Twisted repeats a request by itself when a kept connection turns out to be dead.
        requests = max(self._passed, stats.count("requests"))
        size, seconds = stats.count("bytes"), monotonic() - self._began
        if pause := reason_to_pause(self._polite, requests=requests, size=size, seconds=seconds, now=datetime.now(UTC)):
            self._pause(pause)
            raise RunPaused

    def _pause(self, pause: Verdict) -> None:
        self.crawler.stats.pause = pause
        if self._closing is None:
            self._closing = asyncio.ensure_future(self.crawler.engine.close_spider_async(reason="paused"))


def throttle_of(crawler: Crawler) -> ThrottleExtension:
    """Return the limiter of a crawl; it is there as soon as the crawl has begun."""
    extension = crawler.get_extension(ThrottleExtension)
    assert isinstance(extension, ThrottleExtension)
    return extension


class PauseMiddleware(CrawlComponent):
    """Take note of the pauses that a server asks for, in words (Retry-After) or by failing. They hold for the whole server."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._polite = self.job.source.polite
        self._throttle = throttle_of(crawler).throttle

    def process_request(self, request: Request) -> None:
        """Put a request into its server's queue. A redirect would leave it in that of the server it came from."""
        request.meta["download_slot"] = server_of(request.url)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a pause that the answer asks for, or give the server up for this run."""
        server = server_of(request.url)
        if (latency := request.meta.get(LATENCY)) is not None:
            self._throttle.answered(server, seconds=latency, is_sound=response.status in (200, 304))
        if response.status in _TROUBLED:
            asked = retry_after_seconds(response.headers.get(b"Retry-After"), now=datetime.now(UTC))
            if asked is None:
                self._pause_after_failure(request)
            elif asked > RETRY_AFTER_MAX_SECONDS:
                left = Failure.of(FailureKind.SERVER_LEFT_ALONE, status=response.status, seconds=asked)
                self._throttle.of(server).left = left
                raise RequestRefused(left)
            else:
                self._throttle.keep_quiet(server, until=monotonic() + asked)
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
            self._throttle.keep_quiet(server_of(request.url), until=monotonic() + gap)


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

"""What stands between the spider and the network: the guard of addresses, pauses that servers ask for, the count."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

from scrapy import Request, signals
from scrapy.core.downloader import Slot
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.extensions.throttle import AutoThrottle
from scrapy.http import Response, TextResponse
from scrapy.resolver import CachingThreadedResolver
from twisted.internet.defer import Deferred
from twisted.internet.error import DNSLookupError

from crawler.addresses import is_private_address, refusal_of
from crawler.declaration import Politeness
from crawler.job import job_of
from crawler.tally import Tally

RETRY_AFTER_MAX_SECONDS = 600.0
"""A server that asks for a longer pause is left alone for this run."""
CRAWL_DELAY_MAX_SECONDS = 120.0
"""A longer Crawl-delay is a way of saying no that robots.txt has better words for."""
ROBOTS_AGENT = "Pushcart"
"""The name under which robots.txt may address us."""


class AddressGuard:
    """Let no request out to an address that may not be fetched, also after a redirect."""

    def __init__(self, polite: Politeness) -> None:
        self._allow_private = polite.allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Begin; Scrapy calls this."""
        return cls(job_of(crawler.spider).source.polite)

    def process_request(self, request: Request) -> None:
        """Refuse what may not be fetched."""
        if reason := refusal_of(request.url, allow_private=self._allow_private):
            raise IgnoreRequest(reason)


class GuardedResolver(CachingThreadedResolver):
    """Refuse names that resolve to private addresses, at the moment of connecting: what was checked is what is used."""

    def getHostByName(self, name: str, timeout: Any = ()) -> Deferred[str]:  # noqa: N802 (Twisted's name)
        """Resolve a name; Twisted calls this."""
        return super().getHostByName(name, timeout).addCallback(_refuse_private, name)


def _refuse_private(address: str, name: str) -> str:
    if is_private_address(address):
        # Twisted takes any other error for a fault of ours, and says so at length.
        raise DNSLookupError(f"{name} leads to {address}, an address of a private network or of this machine")
    return address


class WireTally:
    """Count what really goes over the wire; it stands next to the network, below cache, retries and decompression."""

    def __init__(self, crawler: Crawler, tally: Tally, *, requests_max: int) -> None:
        self._crawler = crawler
        self._tally = tally
        self._requests_max = requests_max
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> WireTally:
        """Begin; Scrapy calls this."""
        job = job_of(crawler.spider)
        return cls(crawler, job.tally, requests_max=job.source.polite.requests_max)

    async def process_request(self, request: Request) -> None:
        """Count a request; past the limit, end the run instead."""
        if self._tally.requests >= self._requests_max:
            self._tally.note(f"The run ended at its limit of {self._requests_max} requests.")
            engine = self._crawler.engine
            if self._closing is None and engine is not None:
                closing = engine.close_spider_async(reason="requests_max")
                self._closing = asyncio.ensure_future(closing)
            raise IgnoreRequest("The limit of requests of a run is reached.")
        self._tally.requests += 1

    def process_response(self, request: Request, response: Response) -> Response:
        """Count an answer."""
        self._tally.bytes += len(response.body)
        self._tally.not_modified += response.status == 304
        return response


class Throttle(AutoThrottle):
    """AutoThrottle, for which a 304 is as good a sign of the server's health as a 200.

    Scrapy lets only answers 200 shorten the delay; a run in which nothing has changed would grow slower and slower.
    """

    def _adjust_delay(self, slot: Slot, latency: float, response: Response) -> None:
        super()._adjust_delay(slot, latency, response.replace(status=200) if response.status == 304 else response)


class Pauses:
    """Wait as long as a host asks: Retry-After, Crawl-delay, and longer with each failure. It means the whole host."""

    def __init__(self, polite: Politeness) -> None:
        self._gap = polite.retry_gap_seconds
        self._own_delay = polite.delay_seconds
        self._quiet_until: dict[str, float] = {}
        self._crawl_delay: dict[str, float] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Pauses:
        """Begin; Scrapy calls this."""
        pauses = cls(job_of(crawler.spider).source.polite)
        crawler.signals.connect(pauses.robots_parsed, signal=signals.robots_parsed)
        return pauses

    def robots_parsed(self, robotparser: Any, request: Request) -> None:
        """Take note of a Crawl-delay that asks for more than the source file does."""
        asked = robotparser.crawl_delay(ROBOTS_AGENT)
        if asked is not None and asked > self._own_delay:
            self._crawl_delay[urlsplit(request.url).netloc] = min(asked, CRAWL_DELAY_MAX_SECONDS)

    async def process_request(self, request: Request) -> None:
        """Hold the request back until its host may be asked."""
        host = urlsplit(request.url).netloc
        now = monotonic()
        turn = max(now, self._quiet_until.get(host, 0.0))
        if delay := self._crawl_delay.get(host):
            self._quiet_until[host] = turn + delay  # the next one's turn, also while this one still waits
        await asyncio.sleep(turn - now)

    def process_response(self, request: Request, response: Response) -> Response:
        """Take note of a pause that the answer asks for."""
        if response.status in (429, 500, 502, 503, 504):
            asked = retry_after_seconds(response.headers.get(b"Retry-After"), now=datetime.now(UTC))
            if asked is not None and asked > RETRY_AFTER_MAX_SECONDS:
                raise IgnoreRequest(f"The server answered {response.status} and asks to wait {asked:.0f} seconds.")
            pause = asked if asked is not None else self._gap * 2 ** request.meta.get("retry_times", 0)
            host = urlsplit(request.url).netloc
            self._quiet_until[host] = max(self._quiet_until.get(host, 0.0), monotonic() + pause)
        return response


def retry_after_seconds(header: bytes | None, *, now: datetime) -> float | None:
    """Return the pause that a Retry-After header asks for, 0 or more; None when there is none or it cannot be read."""
    if not header:
        return None
    text = header.decode("latin-1").strip()
    if text.isdigit():
        return float(text)
    with suppress(ValueError, TypeError):
        moment = parsedate_to_datetime(text)
        return max(0.0, (moment.replace(tzinfo=moment.tzinfo or UTC) - now).total_seconds())
    return None


class RobotsOnTrouble:
    """A robots.txt that the server fails to give forbids everything (RFC 9309, 2.3.1.4), rather than nothing."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Put a refusal of everything in place of a failed robots.txt."""
        is_robots = request.meta.get("dont_obey_robotstxt") and urlsplit(request.url).path == "/robots.txt"
        if is_robots and (response.status >= 500 or response.status == 429):
            return TextResponse(url=response.url, body=b"User-agent: *\nDisallow: /", encoding="utf-8")
        return response

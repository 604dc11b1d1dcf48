"""The last thing that a request passes before it leaves: may the run go on, and is it this server's turn?"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from time import monotonic

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest

from crawler.job import job_of
from crawler.polite.hours import Spent, reason_to_pause
from crawler.polite.refusals import RunPaused
from crawler.polite.turns import Turns, server_of

_LOOK_UP_SECONDS = 0.5
"""How often a request that waits for its turn looks whether the run still goes on."""


class Gate:
    """Scrapy extension: holds each request back until its server's turn, and ends the run when its budget is used up.

    It stands behind Scrapy's own queues, so that what waits there is held back too when a server asks for a pause.
    """

    def __init__(self, crawler: Crawler) -> None:
        job = job_of(crawler.spider)
        self.turns = Turns(delay_seconds=job.source.polite.delay_seconds)
        self._crawler = crawler
        self._polite = job.source.polite
        self._tally = job.tally
        self._passed = 0
        self._began = monotonic()
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        """Begin; Scrapy calls this."""
        return cls(crawler)

    async def enter(self, request: Request) -> None:
        """Wait for the request's turn.

        Raises RunPaused: the run pauses or was stopped; the request must not be sent.
        Raises IgnoreRequest: its server is left alone for this run.
        """
        server = server_of(request.url)
        turn = self.turns.reserve(server, now=monotonic())
        while True:
            self._check(server)
            now = monotonic()
            if now < turn:
                await asyncio.sleep(min(turn - now, _LOOK_UP_SECONDS))
            elif now < self.turns.quiet_until(server):
                turn = self.turns.reserve(server, now=now)  # the server asked for a pause meanwhile
            else:
                self._passed += 1
                return

    def _check(self, server: str) -> None:
        if self._tally.pause or not self._crawler.crawling:
            raise RunPaused(self._tally.pause or "The run was stopped.")
        if words := self.turns.why_left(server):
            raise IgnoreRequest(words)
        spent = Spent(
            # Twisted repeats a request by itself when a kept connection turns out to be dead.
            requests=max(self._passed, self._tally.requests),
            bytes=self._tally.bytes,
            seconds=monotonic() - self._began,
        )
        if words := reason_to_pause(self._polite, spent, now=datetime.now(UTC)):
            self._pause(words)
            raise RunPaused(words)

    def _pause(self, words: str) -> None:
        self._tally.pause = words
        engine = self._crawler.engine
        if self._closing is None and engine is not None:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="paused"))


def gate_of(crawler: Crawler) -> Gate:
    """Return the gate of a crawl; it is there as soon as the crawl has begun."""
    gate = crawler.get_extension(Gate)
    assert isinstance(gate, Gate)
    return gate

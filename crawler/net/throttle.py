"""The last thing that a request passes before it leaves: may the run go on, and is it this server's turn?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from time import monotonic

from scrapy import Request, signals
from scrapy.crawler import Crawler

from corpus.run_reasons import Verdict, VerdictKind
from crawler.job import job_of
from crawler.net.hours import Spent, reason_to_pause
from crawler.net.refusals import RequestRefused, RunPaused
from crawler.net.turns import Turns, server_of

_LOOK_UP_SECONDS = 0.5
"""How often a request that waits for its turn looks whether the run still goes on."""
_UNSENT_SECONDS_MAX = 5.0
"""How long the pause of a run waits for its last request to be written; one whose server takes no connection never is."""


class Gate:
    """Scrapy extension: holds each request back until its server's turn, and ends the run when its budget is used up.

    It stands behind Scrapy's own queues, so that what waits there is held back too when a server asks for a pause.
    A run that ends, for whatever reason, waits for answers that are under way, though not for ever: a server that never
    ends its answer does not keep a run from ending.
    """

    def __init__(self, crawler: Crawler) -> None:
        job = job_of(crawler.spider)
        self.turns = Turns(delay_seconds=job.source.polite.delay_seconds)
        self._crawler = crawler
        self._minutes_max = job.minutes_max
        self._polite = job.source.polite.model_copy(update={"minutes_max": job.minutes_max})
        # The process that started this one kills it after the whole of the grace.
        self._wait_seconds = job.settings.harvest_grace_seconds / 2
        self._give_up: list[Callable[[], None]] = []
        self._tally = job.tally
        self._passed = 0
        self._began = monotonic()
        self._closing: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None
        crawler.signals.connect(self._on_started, signal=signals.engine_started)
        crawler.signals.connect(self._on_closed, signal=signals.spider_closed)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Gate:
        """Begin; Scrapy calls this."""
        return cls(crawler)

    async def enter(self, request: Request) -> None:
        """Wait for the request's turn.

        Raises RunPaused: the run pauses or was stopped; the request must not be sent.
        Raises RequestRefused: its server is left alone for this run.
        """
        server = server_of(request.url)
        turn = self.turns.reserve(server, now=monotonic())
        waits_until = monotonic() + _UNSENT_SECONDS_MAX
        while True:
            if self._is_last_unsent() and monotonic() < waits_until:
                await asyncio.sleep(_LOOK_UP_SECONDS)
                continue
            self._check(server)
            now = monotonic()
            if now < turn:
                await asyncio.sleep(min(turn - now, _LOOK_UP_SECONDS))
            elif now < self.turns.quiet_until(server):
                turn = self.turns.reserve(server, now=now)  # the server asked for a pause meanwhile
            else:
                self._passed += 1
                return

    def _is_last_unsent(self) -> bool:
        """Say whether the last request that the run may make has its turn and is not written yet: a pause would drop it."""
        goes_on = self._crawler.crawling and not self._tally.pause
        return goes_on and self._passed >= self._polite.requests_max > self._tally.requests

    def when_giving_up(self, call: Callable[[], None]) -> None:
        """Have `call` called when a run that ends has waited long enough for answers that are under way."""
        self._give_up.append(call)

    def _on_started(self) -> None:
        self._tally.tell("")  # the process that started this one counts its time from here
        self._watching = asyncio.ensure_future(self._watch())

    def _on_closed(self) -> None:
        if self._watching is not None:
            self._watching.cancel()

    async def _watch(self) -> None:
        """End the run at its time also when no request asks whether it goes on, and then what is under way."""
        while self._crawler.crawling and not self._tally.pause:
            if monotonic() - self._began >= self._minutes_max * 60:
                self._pause(Verdict.of(VerdictKind.MINUTES_USED, limit=self._minutes_max))
            await asyncio.sleep(_LOOK_UP_SECONDS)
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(self._wait_seconds)
            for call in self._give_up:
                call()

    def _check(self, server: str) -> None:
        if self._tally.pause or not self._crawler.crawling:
            raise RunPaused
        if failure := self.turns.why_left(server):
            raise RequestRefused(failure)
        spent = Spent(
            # Twisted repeats a request by itself when a kept connection turns out to be dead.
            requests=max(self._passed, self._tally.requests),
            bytes=self._tally.bytes,
            seconds=monotonic() - self._began,
        )
        if pause := reason_to_pause(self._polite, spent, now=datetime.now(UTC)):
            self._pause(pause)
            raise RunPaused

    def _pause(self, pause: Verdict) -> None:
        self._tally.pause = pause
        engine = self._crawler.engine
        if self._closing is None and engine is not None:
            self._closing = asyncio.ensure_future(engine.close_spider_async(reason="paused"))


def gate_of(crawler: Crawler) -> Gate:
    """Return the gate of a crawl; it is there as soon as the crawl has begun."""
    gate = crawler.get_extension(Gate)
    assert isinstance(gate, Gate)
    return gate

"""Ask a site the questions, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import scrapy
from scrapy.http import Request, Response

from corpus.reasons import Failure, FailureKind
from crawler.job import HarvestJob
from crawler.net.failures import failure_of, failure_of_status
from crawler.probing.answers import Answers, ProbeAnswer, Purpose, Question
from crawler.probing.questions import next_question

QUESTIONS_MAX = 30
"""Most addresses that one look asks for."""


class ProbingSpider(scrapy.Spider):
    """Look at one site; what it answered is in `seen`, which the caller gave."""

    name = "probing"

    def __init__(self, job: HarvestJob, seen: Answers, address: str, protocol: str, **others: Any) -> None:
        super().__init__(**others)
        self.job = job
        self.seen = seen
        self._address = address
        self._protocol = protocol

    async def start(self) -> AsyncIterator[Request]:
        """Ask until enough is known; Scrapy calls this."""
        while len(self.seen) < QUESTIONS_MAX:
            question = next_question(self._address, self.seen, protocol=self._protocol)
            if question is None:
                break
            self.seen.add(await self._ask(question))
        # Nothing goes through the scheduler: each question depends on the answers before.
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _ask(self, question: Question) -> ProbeAnswer:
        is_robots = question.purpose is Purpose.ROBOTS
        # robots.txt itself may always be asked for (RFC 9309, 2.2.2).
        meta = {"dont_obey_robotstxt": True} if is_robots else {}
        request = Request(question.url, meta=meta, dont_filter=True)
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(request)
        except Exception as error:
            self.crawler.stats.fail_page(question.url, reason=failure_of(error))
            return ProbeAnswer(question, reason=failure_of(error))
        return _answer(question, response)

    def on_own_error(self, error: BaseException, request: Request) -> None:
        """Count an answer over which our own code stumbled."""
        self.crawler.stats.fail_page(
            request.url, reason=Failure.of(FailureKind.OWN_ERROR, error=f"{type(error).__name__}: {error}")
        )


def _answer(question: Question, response: Response) -> ProbeAnswer:
    if response.status != 200:
        return ProbeAnswer(question, reason=failure_of_status(response.status))
    return ProbeAnswer(question, response=response)

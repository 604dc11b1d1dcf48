"""Look at a site in a process of its own, as politely and as guarded as a harvest."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import scrapy
from scrapy.http import Request, Response

from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.messages.failures import failure_sentence
from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from crawler.harvest import crawl, throwaway_job
from crawler.job import HarvestJob
from crawler.net.addresses import refusal_of
from crawler.net.failures import failure_of, failure_of_status
from crawler.probing.guess import Proposal, propose
from crawler.probing.site import QUESTIONS_MAX, ProbedSite
from crawler.run import run_apart
from crawler.sources.model import AddressesSource, Politeness

DELAY_SECONDS = 1.0
ANSWER_MEBIBYTES_MAX = 60
"""A sitemap has 50 MiB at most (sitemaps.org); what is larger is none of what is looked for."""


def look_at(
    address: str,
    *,
    settings: Settings,
    protocol: str = "",
    delay_seconds: float = DELAY_SECONDS,
    allow_private: bool = False,
) -> Proposal:
    """Ask a site what it offers, and return what a source file for it may say.

    Args:
        protocol: the only one that is wanted; empty: whichever is best.
        delay_seconds: between two requests; longer when robots.txt asks for it.
        allow_private: whether addresses of this machine and of private networks may be asked.

    Raises BadInput: the address may not be fetched, or the site gave no answer to it.
    Raises BadSettings: no contact is set, and the site is not on this machine.
    """
    if reason := refusal_of(address, allow_private=allow_private):
        raise BadInput(
            sentence("{address} cannot be looked at. {reason}", address=address, reason=failure_sentence(reason)),
            try_next=sentence("Give the whole address of a page, https://..."),
        )
    polite = Politeness(
        delay_seconds=delay_seconds,
        retries=1,
        timeout_seconds=30.0,
        # Each question can be redirected, repeated, and ask for another host's robots.txt.
        requests_max=QUESTIONS_MAX * 4,
        minutes_max=10,
        mebibytes_max=100,
        allow_private=allow_private,
    )
    return run_apart(partial(_look_here, address, protocol, polite), settings=settings)


def _look_here(address: str, protocol: str, polite: Politeness, settings: Settings) -> Proposal:
    source = AddressesSource(slug="look", name=urlsplit(address).hostname or address, start=(address,), polite=polite)
    small = replace(settings, file_mebibytes_max=min(settings.file_mebibytes_max, ANSWER_MEBIBYTES_MAX))
    proposals: list[Proposal | Failure] = []
    with throwaway_job(source, small) as job:
        crawl(ProbingSpider, job, proposals=proposals, address=address, protocol=protocol)
    result = proposals[0] if proposals else Failure(FailureKind.NOT_SENT)
    if isinstance(result, Failure):
        raise BadInput(
            sentence(
                "{address} gave no answer that could be used. {reason}",
                address=address,
                reason=failure_sentence(result),
            ),
            try_next=sentence(
                "Look whether a browser shows the page; a site that keeps programs out is not for harvesting."
            ),
        )
    return result


class ProbingSpider(scrapy.Spider):
    """Look at one site; what came of it goes into `proposals`, which the caller gave."""

    name = "probing"

    def __init__(
        self, job: HarvestJob, proposals: list[Proposal | Failure], address: str, protocol: str, **others: Any
    ) -> None:
        super().__init__(**others)
        self.job = job
        self._proposals = proposals
        self._address = address
        self._protocol = protocol

    async def start(self) -> AsyncIterator[Request]:
        """Ask until enough is known; Scrapy calls this."""
        site = ProbedSite(self._address, self._ask)
        proposal = await propose(site, protocol=self._protocol)
        first = site.answers[self._address]
        self._proposals.append(first if isinstance(first, Failure) else proposal)
        # Nothing goes through the scheduler: each question depends on the answers before.
        nothing: tuple[Request, ...] = ()
        for request in nothing:
            yield request

    async def _ask(self, url: str) -> Response | Failure:
        # robots.txt itself may always be asked for (RFC 9309, 2.2.2).
        meta = {"dont_obey_robotstxt": True} if urlsplit(url).path == "/robots.txt" else {}
        engine = self.crawler.engine
        assert engine is not None
        try:
            response = await engine.download_async(Request(url, meta=meta, dont_filter=True))
        except Exception as error:
            return failure_of(error)
        return response if response.status == 200 else failure_of_status(response.status)

"""Look at a site in a process of its own, as politely and as guarded as a harvest."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from corpus.errors import BadInput
from corpus.messages.reasons import reason_in_words
from corpus.settings import Settings
from crawler.harvest import crawl, throwaway_job
from crawler.net.addresses import refusal_of
from crawler.probing.answers import Answers
from crawler.probing.proposal import Proposal, propose
from crawler.probing.spider import QUESTIONS_MAX, ProbingSpider
from crawler.run import run_apart
from crawler.sources.model import Politeness, SourceFile
from crawler.spiders.addresses.rules import NoRules

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
            f"{address} cannot be looked at. {reason_in_words(reason)}",
            try_next="Give the whole address of a page, https://...",
        )
    task = LookTask(address, protocol=protocol, delay_seconds=delay_seconds, allow_private=allow_private)
    return run_apart(task, settings=settings)


@dataclass(frozen=True, slots=True)
class LookTask:
    """A look at a site, as it goes to the child process."""

    address: str
    protocol: str
    delay_seconds: float
    allow_private: bool

    def run(self, settings: Settings) -> Proposal:
        """Look, in this process. Raises BadInput: the site gave no answer."""
        source = SourceFile(
            slug="look",
            name=urlsplit(self.address).hostname or self.address,
            protocol="addresses",
            start=(self.address,),
            rules=NoRules(),
            polite=Politeness(
                delay_seconds=self.delay_seconds,
                retries=1,
                timeout_seconds=30.0,
                # Each question can be redirected, repeated, and ask for another host's robots.txt.
                requests_max=QUESTIONS_MAX * 4,
                minutes_max=10,
                mebibytes_max=100,
                allow_private=self.allow_private,
            ),
        )
        small = replace(settings, file_mebibytes_max=min(settings.file_mebibytes_max, ANSWER_MEBIBYTES_MAX))
        seen = Answers()
        with throwaway_job(source, small) as job:
            crawl(ProbingSpider, job, seen=seen, address=self.address, protocol=self.protocol)
        first = seen.get(self.address)
        if first is None or first.response is None:
            raise BadInput(
                f"{self.address} gave no answer that could be used. {reason_in_words(first.reason) if first else ''}".strip(),
                try_next="Look whether a browser shows the page; a site that keeps programs out is not for harvesting.",
            )
        return propose(self.address, seen, protocol=self.protocol)

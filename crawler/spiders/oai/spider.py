"""The spider for publishers that speak OAI-PMH."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure

from corpus.urls import canonical_url
from crawler.job import HarvestJob
from crawler.net.failures import read_failure
from crawler.pages.listed_links import ListPage
from crawler.sources.rules import OaiRules
from crawler.spiders.base import SourceSpider
from crawler.spiders.oai.answer import read_answer
from crawler.spiders.oai.list_harvest import NextRequest
from crawler.spiders.oai.record_links import links_of
from crawler.spiders.oai.repository_harvest import RepositoryHarvest, Since, repositories

_BEFORE_FILES = 30
"""Priority of an answer that cannot wait; see crawler.spiders.base for those of files and pages."""
_WITH_WORDS = [400, 404, 410, 422]
"""HTTP statuses whose answers are read: repositories put errors of the protocol into them."""
_WALK = "oai_walk"


class OaiSpider(SourceSpider):
    """Ask repositories for what they are, then for their lists, one after the other: tokens do not live long."""

    name = "oai"
    asks_since = True
    barren_pages_max = None
    ends_with_404 = False

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(job, **others)
        since = Since(moment=job.since, now=datetime.now(UTC))
        self._walks = repositories(job.source.start, self.rules, since=since)
        self._hurried: set[str] = set()

    @property
    def rules(self) -> OaiRules:
        """Return the rules of the source file."""
        rules = self.job.source.rules
        assert isinstance(rules, OaiRules)
        return rules

    def first_pages(self) -> Iterable[str]:
        """Return the address at which each repository says what it is."""
        return [walk.asking.url for walk in self._walks if walk.asking is not None]

    def read(self, response: Response) -> ListPage:
        """Return where the records of one answer lead, and what is asked for next."""
        walk: RepositoryHarvest = response.meta[_WALK]
        answer = read_answer(
            response.body,
            charset=_charset(response),
            base=walk.base,
            languages=self.job.source.languages,
        )
        is_list = walk.asking is not None and walk.asking.verb == "ListRecords"
        step = walk.take(answer, status=response.status)
        if not is_list or (step.trouble and not answer.records):
            # What a repository says of itself is no list, nor is an error: a run that got nothing else is broken.
            self.job.tally.listings -= 1
        if note := walk.over_limit():
            self.job.tally.cut_short(note)
        found = links_of(answer.records, self.rules)
        announced = [each.announced for each in self._walks if each.announced is not None]
        return replace(
            found,
            more=self._more(step),
            records=step.records,
            announced=sum(announced) if announced else None,
            trouble=step.trouble,
            note=step.note,
        )

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return what is asked for next."""
        return found.more

    def on_listing_failure(self, failure: Failure) -> Iterator[Request]:
        """Count a list that could not be fetched, and go on with the next; a repository need not say what it is."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        walk: RepositoryHarvest = failed.request.meta[_WALK]
        step = walk.miss(failed.reason)
        if step.trouble:
            super().on_listing_failure(failure)
        self.job.tally.note(step.note, at=failed.request.url)
        for url in self._more(step):
            yield from self._listing_request(url, number=1, barren=0, referrer="")

    def _more(self, step: NextRequest) -> tuple[str, ...]:
        if step.asking is None:
            return ()
        if step.hurry:
            self._hurried.add(step.asking.url)
        return (step.asking.url,)

    def _listing_request(self, url: str, *, number: int, barren: int, referrer: str) -> Iterator[Request]:
        """Ask, also for what was asked for before: a list that is begun again; the walk knows circles from beginnings."""
        key = canonical_url(url)
        is_again = key in self._listings_seen
        self._listings_seen.discard(key)
        walk = next(walk for walk in self._walks if walk.asking is not None and walk.asking.url == url)
        for request in super()._listing_request(url, number=number, barren=barren, referrer=referrer):
            more = {_WALK: walk, "ask_again": is_again, "handle_httpstatus_list": _WITH_WORDS}
            priority = _BEFORE_FILES if url in self._hurried else request.priority
            yield request.replace(meta={**request.meta, **more}, priority=priority)


def _charset(response: Response) -> str:
    """Return the charset of the Content-Type header; empty when it has none."""
    declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
    return declared.rpartition("charset=")[2].split(";")[0].strip(" \"'") if "charset=" in declared else ""

"""The spider for publishers that speak JSON APIs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from scrapy.http import Request, Response
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from corpus.urls import canonical_url
from crawler.items import Link, LinkKind, ListPage
from crawler.job import HarvestJob
from crawler.net.failures import read_failure
from crawler.sources.model import SourceFile
from crawler.sources.rules import ApiRules
from crawler.spiders.api.parse import read_answer, read_details
from crawler.spiders.api.requests import can_ask_since, first_address
from crawler.spiders.source_spider import Output, SourceSpider

OVERLAP = timedelta(days=1)
"""How much further back than the last run changes are asked for: what was indexed late, or in another time zone."""


class ApiSpider(SourceSpider):
    """Walk the answers of a JSON API, and ask for more about the records that name no file."""

    name = "api"
    rules: ApiRules
    accepts = "application/json, application/hal+json;q=0.9, */*;q=0.1"
    barren_pages_max = None  # it says itself where it ends, and repetition is noticed by the identifiers

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(job, **others)
        # A cursor is good for some minutes only; the files of a page of records take longer.
        self.lists_first = self.rules.paging == "cursor"
        self._list_of: dict[str, str] = {}
        """Address of each answer -> of the first one of its list."""
        self._seen: dict[str, set[int]] = {}
        """First address of each list -> hashes of the identifiers of its records."""

    @classmethod
    def can_ask_since(cls, source: SourceFile) -> bool:
        """Say whether the API can be asked for what changed; it depends on its mapping and on the addresses in `start`."""
        assert isinstance(source.rules, ApiRules)
        return can_ask_since(source.start, source.rules)

    def first_pages(self) -> tuple[str, ...]:
        """Return the first address of each list, with all parameters."""
        contact = self.job.settings.contact or ""
        since = self.job.since - OVERLAP if self.job.since else None
        return tuple(first_address(start, self.rules, since=since, contact=contact) for start in self.job.source.start)

    def read(self, response: Response) -> ListPage:
        """Return the links of one answer, and where the list goes on unless it repeats itself."""
        request = response.request
        number = request.cb_kwargs.get("number", 1) if request is not None else 1
        links = b", ".join(response.headers.getlist("Link")).decode("latin-1")
        read = read_answer(response.body, self.rules, url=response.url, number=number, link_header=links)
        return self._unless_repeated(read.found, read.ids, response=response, number=number)

    def _unless_repeated(self, found: ListPage, ids: tuple[str, ...], *, response: Response, number: int) -> ListPage:
        """Return an answer, or what is wrong with it when its list goes in circles."""
        before = response.meta.get("found_on", "")
        first = self._list_of.setdefault(response.url, self._list_of.get(before, response.url))
        seen = self._seen.setdefault(first, set())
        new = {hash(each) for each in ids} - seen
        if number > 1 and ids and not new:
            return replace(found, more=(), trouble=Failure.of(FailureKind.LIST_REPEATS, number=number))
        seen |= new
        if found.more and canonical_url(found.more[0]) in self._listings_seen:
            return replace(found, more=(), trouble=Failure(FailureKind.LIST_IN_A_CIRCLE))
        return found

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the next answer's address, up to the most that is allowed."""
        if found.more and number >= self.rules.pages_max:
            self.stats.cut_short(Note.of(NoteKind.LIST_GOES_ON, answers=number))
            return ()
        return found.more

    def page_request(self, link: Link, *, referrer: str) -> Request:
        request = super().page_request(link, referrer=referrer)
        if link.kind is not LinkKind.RECORD:
            return request
        request.headers["Accept"] = self.accepts
        return request.replace(callback=self.on_details, errback=self.on_details_failure)

    def on_details(self, response: Response, link: Link) -> Iterator[Output]:
        """Follow what a further answer about one record names."""
        level = response.meta.get("level", 1)
        found = read_details(response.body, link, self.rules, url=response.url, level=level)
        self.stats.read_list(found, url=response.url)
        first = response.meta.get("first", link)
        if not found.trouble and link.landing_url and all(each.kind is LinkKind.FILE for each in found.links):
            self.remember(first, files=len(found.links), known_as=link.landing_url)
        for each in found.links:
            for output in self.follow(each, referrer=response.url):
                if each.kind is LinkKind.RECORD and isinstance(output, Request):
                    output.meta.update(level=level + 1, first=first)
                yield output

    def on_details_failure(self, failure: TwistedFailure) -> Iterator[Output]:
        """Count a record about which nothing more could be learnt; its files are still listed."""
        failed = read_failure(failure)
        link: Link = failed.request.cb_kwargs["link"]
        store, slug = self.job.store, self.source.slug
        for known in store.files.of_record(slug, link.record):
            store.files.touch_listed(slug, known.url, at=datetime.now(UTC))
        yield self.failed(link.url, failed.reason, referrer=failed.request.meta["found_on"], outcome=failed.outcome)

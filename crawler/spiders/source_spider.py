"""What the spiders of all protocols share: from a link to its landing page, and from there to the files."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final, Self

import scrapy
from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.store.former_keys import former_key
from corpus.types import FetchedFile, FieldEvidence
from corpus.urls import AddressKey, canonical_url, is_same_address, sent_url
from crawler.items import (
    FailedItem,
    FileItem,
    GoneItem,
    ItemOutcome,
    Link,
    LinkKind,
    ListPage,
    SeenRecord,
    UnchangedItem,
    file_of_page,
    merge_evidence,
    named_files,
)
from crawler.job import HarvestJob
from crawler.net.addresses import own_places, refusal_of
from crawler.net.failures import failure_of_status, read_failure
from crawler.pages.html_parts import main_text_length
from crawler.pages.landing_metadata import kinds_of, landing_evidence
from crawler.pages.links import file_kind, with_usable_base
from crawler.pages.publication_files import choose_files, translated_pages
from crawler.pipelines import note_failed, sniff, validators
from crawler.sources.fields import matches
from crawler.sources.model import SourceFile
from crawler.stats import HarvestStats

_NOT_THERE = (404, 410)
LISTS_FIRST, _FILES_FIRST, _LANDING_PAGES_SECOND = 30, 20, 10
"""Priorities of requests: what is nearest to a document goes first, so that the queue stays short."""
AS_WRITTEN: Final = {"verbatim_url": True}
"""For `Request.meta`: Scrapy sends the address as `sent_url` spells it, and its cache does not take `?a` for `?a=`."""
Output = Request | FileItem
"""What callbacks yield."""


class SourceSpider(scrapy.Spider):
    """Harvest one source. A protocol's spider says how its lists are read; everything else is here."""

    name = "source"
    source: SourceFile
    """Of the spiders that `scrapy list` names; see crawler.spiders.loader."""
    rules: Any
    """Those of the source for its protocol."""
    follows_translations = True
    """Whether the translations that a landing page declares are fetched too."""
    lists_everything = True
    """Whether a complete run has seen all that the publisher offers: what it did not see is no longer listed."""
    asks_since = False
    """Whether the protocol can be asked for what changed since a moment (`job.since`)."""
    accepts = ""
    """Media types that lists are asked for, as in the header Accept; empty: as for every page."""
    lists_first = False
    """Whether a list is read before what it leads to: where the address of its next page is good for minutes only."""
    barren_pages_max: int | None = 2
    """So many pages of a list in a row that bring no new link end it: calendars and repeated last pages go on for ever.
    None: only the list itself says where it ends."""
    ends_with_404 = True
    """Whether a page after the first that is not there (404, 410) is the end of the list, and no failure."""

    def __init__(self, job: HarvestJob, **others: Any) -> None:
        super().__init__(**others)
        self.job, self.source, self.rules = job, job.source, job.source.rules
        self._own = own_places(job.source)
        self._listings_seen: set[AddressKey] = set()
        self._links_seen: set[AddressKey] = set()
        self._formerly_seen: set[str] = set()

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Begin; Scrapy calls this."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_spider_error, signal=signals.spider_error)
        crawler.signals.connect(spider.on_item_error, signal=signals.item_error)
        return spider

    @property
    def stats(self) -> HarvestStats:
        """Return what the run has done so far."""
        stats = self.crawler.stats
        assert isinstance(stats, HarvestStats)
        return stats

    @classmethod
    def can_ask_since(cls, source: SourceFile) -> bool:
        """Say whether a source can be asked for what changed since a moment."""
        return cls.asks_since

    @abstractmethod
    def read(self, response: Response) -> ListPage:
        """Return what one page of a list, or one feed, leads to. Raises nothing: trouble stands in what it returns."""

    @abstractmethod
    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the addresses that follow page `number` (1-based) of a list; empty at its end."""

    def first_pages(self) -> Iterable[str]:
        """Return the addresses of the first page of each list."""
        return self.source.start

    async def start(self) -> AsyncIterator[Any]:
        """Begin; Scrapy calls this."""
        for address in self.first_pages():
            for request in self.list_request(address):
                yield request

    # Lists

    def list_request(self, url: str, *, number: int = 1, barren: int = 0, referrer: str = "") -> Iterator[Request]:
        """Ask for a page of a list, once in a run."""
        key = canonical_url(url)
        if key not in self._listings_seen:
            self._listings_seen.add(key)
            yield Request(
                sent_url(url),
                callback=self.on_listing,
                errback=self.on_listing_failure,
                cb_kwargs={"number": number, "barren": barren},
                meta={"found_on": referrer} | AS_WRITTEN,
                headers={"Accept": self.accepts} if self.accepts else {},
                priority=LISTS_FIRST if self.lists_first else 0,
                dont_filter=True,
            )

    def on_listing(self, response: Response, number: int, barren: int) -> Iterator[Output]:
        """Follow the links of one page of a list, and the list itself while it brings new ones."""
        self.stats.inc_value("listings")
        self.stats.tell(response.url)
        response = with_usable_base(response)
        found = self.read(response)
        self.stats.read_list(found, url=response.url)
        for record in found.gone:
            # Repositories list deleted records for ever; each was news once.
            known = self.job.store.files.of_record(self.source.slug, record)
            yield from self._gone((each for each in known if each.gone_at is None), FailureKind.RECORD_DELETED)
        before = len(self._links_seen)
        for link in found.links:
            yield from self.follow(link, referrer=response.url)
        barren = 0 if len(self._links_seen) > before else barren + 1
        if self.barren_pages_max is None or barren < self.barren_pages_max:
            for url in self.further_pages(found, number=number):
                yield from self.list_request(url, number=number + 1, barren=barren, referrer=response.url)

    def on_listing_failure(self, failure: TwistedFailure) -> Iterator[Request] | None:
        """Count a list that could not be fetched. The page after the last one is often a 404, and no failure.

        A protocol that can go on without this page returns what is asked for instead.
        """
        failed = read_failure(failure)
        number = failed.request.cb_kwargs["number"]
        is_past_the_end = self.ends_with_404 and failed.status in _NOT_THERE and number > 1
        if not failed.is_put_off and not is_past_the_end:
            self.stats.fail_page(failed.request.url, reason=failed.reason, referrer=failed.request.meta["found_on"])
        return None

    def _gone(self, known: Iterable[FetchedFile], kind: FailureKind) -> Iterator[GoneItem]:
        for each in known:
            self.stats.inc_value("offered")
            yield GoneItem(url=each.url, evidence={}, referrer=each.referrer, reason=Failure(kind))

    # Links

    def follow(self, link: Link, *, referrer: str) -> Iterator[Output]:
        """Ask for what a link of a list leads to, unless that was done in this run or nothing can have changed."""
        if reason := refusal_of(sent_url(link.url), allow_private=self._own.has(link.url)):
            yield self.failed(link.url, reason, referrer=referrer)
            return
        key = canonical_url(link.url)
        if key in self._links_seen or key in self._listings_seen:
            return
        self._links_seen.add(key)
        if skip := self._left_out(link.kinds, link.evidence if link.record else {}):
            self.stats.skip({skip: 1})
        elif link.modified and (held := self._unchanged_since(link, key=key)) is not None:
            for known in held:
                self.stats.inc_value("offered")
                yield UnchangedItem(url=known.url, evidence=known.evidence)
            if not held:
                self.stats.skip({Skip(SkipKind.NO_PUBLICATION_UNCHANGED): 1})
        elif link.kind is LinkKind.FILE:
            yield from self._file_request(link, landing_url=link.landing_url, referrer=referrer)
        else:
            yield self.page_request(link, referrer=referrer)

    def _left_out(self, kinds: Iterable[str], evidence: FieldEvidence) -> Skip | None:
        """Return the rule that leaves a publication out: its kind, or that it is not about the subject; None: it counts.

        Without evidence the subject is not checked: more is known after the landing page.
        """
        if ignored := sorted({*self.source.ignored_kinds} & {*kinds}):
            return Skip(SkipKind.IGNORED_KIND, ignored[0])
        told = [each.value for name in ("title", "keyword", "abstract") for each in evidence.get(name, ())]
        subject = self.source.about
        is_about = not (subject and evidence) or any(matches(regex, value) for value in told for regex in subject)
        return None if is_about else Skip(SkipKind.OFF_SUBJECT)

    def page_request(self, link: Link, *, referrer: str) -> Request:
        """Return the request for a landing page; a protocol with links to records asks for those its own way."""
        return Request(
            sent_url(link.url),
            callback=self.on_landing,
            errback=self.on_landing_failure,
            cb_kwargs={"link": link},
            meta={"found_on": referrer} | AS_WRITTEN,
            headers={"Referer": referrer} if referrer else {},
            priority=_LANDING_PAGES_SECOND,
            dont_filter=True,
        )

    def _unchanged_since(self, link: Link, *, key: AddressKey) -> tuple[FetchedFile, ...] | None:
        """Return the files of a link that is dated as it was when it was last followed; None: it must be followed."""
        seen = self.job.cache.seen_record(key)
        if seen is None or seen.modified != link.modified:
            return None
        held = self.job.store.files.described_at(self.source.slug, seen.known_as)
        return held if len(held) >= seen.files and all(self.job.files.has(each.sha256) for each in held) else None

    def failed(
        self, url: str, reason: Failure, *, referrer: str = "", outcome: ItemOutcome = ItemOutcome.FAILED
    ) -> FailedItem:
        """Return what was offered at an address and not got."""
        self.stats.inc_value("offered")
        return FailedItem(url=url, evidence={}, referrer=referrer, outcome=outcome, reason=reason)

    # Landing pages

    def on_landing(self, response: Response, link: Link) -> Iterator[Output]:
        """Take the files of a landing page, or the page itself when it is the text."""
        source = self.source
        self.stats.inc_value("landing_pages")
        self.stats.tell(response.url)
        response = with_usable_base(response)
        if not isinstance(response, TextResponse) or sniff(response.body) == "application/pdf":
            self.remember(link, files=1, known_as=response.url)
            yield self._page_item(response, evidence=link.evidence)
            return
        evidence = merge_evidence((landing_evidence(response), link.evidence))
        if skip := self._left_out(kinds_of(evidence), evidence):
            self.stats.skip({skip: 1})
            self.remember(link, files=0, known_as=response.url)
            return
        translations = translated_pages(response, languages=source.languages) if self.follows_translations else ()
        for translation in translations:
            yield from self.follow(translation, referrer=response.url)
        found = choose_files(response, source.files)
        self.stats.skip(found.skipped)
        files = found.links or named_files(link)
        is_text = source.files.html_text == "always" or (source.files.html_text == "when_no_pdf" and not files)
        is_long = (is_text or not files) and main_text_length(response) >= source.files.html_characters_min
        # Before its files: one that fails takes the date away again. And a page with next to no text may be one of a bad
        # hour ("back soon"), and is asked for again.
        if files or is_long:
            self.remember(link, files=len(files) + (is_text and is_long), known_as=response.url)
        if is_text and is_long:
            yield self._page_item(response, evidence=evidence, record=link.record)
        elif is_text:
            self.stats.skip({Skip(SkipKind.TOO_LITTLE_TEXT): 1})
        for file in files:
            known_link = file_of_page(file, evidence=evidence, record=link.record)
            yield from self._file_request(known_link, landing_url=response.url, referrer=response.url)

    def remember(self, link: Link, *, files: int, known_as: str) -> None:
        """Remember that a link was followed to its end, and how many files it led to."""
        self.job.cache.remember(SeenRecord(canonical_url(link.url), link.modified, files, canonical_url(known_as)))

    def _page_item(self, response: Response, *, evidence: FieldEvidence, record: str = "") -> FileItem:
        """Return an answer that came as a page and is itself the file."""
        assert response.request is not None
        self.stats.inc_value("offered")
        return FileItem(
            url=response.request.url,
            evidence=evidence,
            landing_url=response.url,
            referrer=response.meta["found_on"],
            record=record,
            is_heir=self._is_heir(response.request.url),
            response=response,
        )

    def on_landing_failure(self, failure: TwistedFailure) -> Iterator[Output]:
        """Fall back on the files that were named beside it, or count a publication that was offered and not got."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        link: Link = failed.request.cb_kwargs["link"]
        found_on = failed.request.meta["found_on"]
        for file in named_files(link):
            yield from self._file_request(file, landing_url=failed.request.url, referrer=found_on)
        seen = self.job.cache.seen_record(canonical_url(link.url))
        # What it led to when it was last read, also when it redirected.
        known = self.job.store.files.described_at(self.source.slug, seen.known_as if seen else link.url)
        if failed.status in _NOT_THERE:
            yield from self._gone(known, FailureKind.LANDING_PAGE_GONE)
        else:
            for each in known:  # it is still listed, although the page could not be fetched now
                self.job.store.files.touch_listed(self.source.slug, each.url, at=datetime.now(UTC))
        if not link.files:
            yield self.failed(failed.request.url, failed.reason, referrer=found_on, outcome=failed.outcome)

    # Files

    def _is_heir(self, url: str) -> bool:
        """Say whether a link is the first of this run with its former key: the only one that was fetched in those days."""
        formerly = former_key(url)
        is_first = formerly not in self._formerly_seen
        self._formerly_seen.add(formerly)
        return is_first

    def _file_request(self, link: Link, *, landing_url: str, referrer: str) -> Iterator[Output]:
        job, key = self.job, canonical_url(link.url)
        if landing_url and not link.landing_url and key in self._links_seen:
            return
        self._links_seen.add(key)
        self.stats.inc_value("offered")
        item = FileItem(
            url=sent_url(link.url),
            is_pdf="pdf" in (*link.kinds, file_kind(link.url)),
            evidence=link.evidence,
            landing_url=landing_url,
            referrer=referrer,
            record=link.record,
            instead=link.instead,
            is_heir=self._is_heir(link.url),
            seen=SeenRecord(key=key, modified=link.modified, files=1, known_as=key) if link.modified else None,
        )
        # Whether it is private is for the guard to say; Scrapy makes no request of a malformed address.
        if reason := refusal_of(item.url, allow_private=True):
            yield FailedItem.of(item, outcome=ItemOutcome.FAILED, reason=reason)
            return
        known = job.store.files.get(self.source.slug, item.url)
        headers = {"Referer": referrer} if referrer else {}
        # What was kept before migration 0009 may be another file, which had the same key then: it is fetched once more.
        if known is not None and is_same_address(known.url, item.url) and job.files.has(known.sha256):
            if job.resumed_since is not None and known.fetched_at >= job.resumed_since:
                yield UnchangedItem.of(item, known=known)
                return
            headers |= validators(known)
        yield Request(
            item.url,
            callback=self.on_file,
            errback=self.on_file_failure,
            cb_kwargs={"item": item},
            meta={"dont_cache": True, "handle_httpstatus_list": [304]} | AS_WRITTEN,
            headers=headers,
            priority=_FILES_FIRST,
            dont_filter=True,
        )

    def on_file(self, response: Response, item: FileItem) -> Iterator[Output]:
        """Take a file, or note that it is what we hold."""
        if response.status == 304:
            known = self.job.store.files.get(self.source.slug, item.url)
            failed = FailedItem.of(item, outcome=ItemOutcome.FAILED, reason=failure_of_status(304))
            yield UnchangedItem.of(item, known=known) if known else failed
            return
        evidence = item.evidence
        if not item.is_pdf and isinstance(response, TextResponse):
            response = with_usable_base(response)
            evidence = merge_evidence((landing_evidence(response), evidence))
        yield replace(item, response=response, evidence=evidence)

    def on_file_failure(self, failure: TwistedFailure) -> Iterator[Output]:
        """Count a file that could not be fetched, and tell one that vanished from one that never was."""
        failed = read_failure(failure)
        if failed.is_put_off:
            return
        item: FileItem = failed.request.cb_kwargs["item"]
        is_gone = failed.status in _NOT_THERE and self.job.store.files.get(self.source.slug, item.url) is not None
        yield (GoneItem if is_gone else FailedItem).of(item, outcome=failed.outcome, reason=failed.reason)

    def follow_instead(self, item: FileItem) -> Iterator[Output]:
        """Ask for the files that a page links when the one that it declares cannot be had; a pipeline calls this."""
        for link in item.instead:
            yield from self._file_request(link, landing_url=item.landing_url, referrer=item.landing_url)

    # Errors of our own: one odd page must not hide in a log

    def on_spider_error(self, failure: TwistedFailure, response: Response) -> None:
        """Count an answer in which our own code failed; Scrapy calls this."""
        request = response.request
        assert request is not None
        reason = _own_error(failure)
        if (item := request.cb_kwargs.get("item")) is not None:
            self._end_own_error(item, reason)
        elif "link" in request.cb_kwargs:
            self.stats.inc_value("offered")
            self.stats.end_file(ItemOutcome.FAILED, url=request.url, reason=reason)
        else:
            self.stats.fail_page(request.url, reason=reason)

    def on_item_error(self, item: FileItem, failure: TwistedFailure) -> None:
        """Count an item for which a pipeline failed; Scrapy calls this."""
        self._end_own_error(item, _own_error(failure))

    def _end_own_error(self, item: FileItem, reason: Failure) -> None:
        note_failed(self.job, item)
        self.stats.end_file(ItemOutcome.FAILED, url=item.url, reason=reason, referrer=item.referrer)


def _own_error(failure: TwistedFailure) -> Failure:
    error = failure.value
    return Failure.of(FailureKind.OWN_ERROR, error=f"{type(error).__name__}: {error}")

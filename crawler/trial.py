"""Try a source: the spider of a harvest with other pipelines, which stops after the first records and asks for no PDF."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any

from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure, Skip
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.types import FieldEvidence
from corpus.urls import canonical_url
from crawler.harvest import crawl, throwaway_job
from crawler.items import FailedItem, FileItem, Link, ListPage, merge_evidence
from crawler.job import CrawlComponent
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.links import with_usable_base
from crawler.pipelines import sniff
from crawler.run import run_apart
from crawler.settings import source_settings
from crawler.sources.model import SourceFile
from crawler.spiders.loader import spider_of
from crawler.spiders.source_spider import Output, SourceSpider

REQUESTS_BESIDE_RECORDS = 20
"""Most requests beside one for each record: robots.txt, pages of lists, repetitions, redirects."""


@dataclass(frozen=True, slots=True)
class TrialFile:
    """A file that a harvest would fetch and keep."""

    url: str
    kind: str
    """`pdf`, or `page` for a web page that is itself the text."""
    evidence: FieldEvidence
    """All that is said of the file before it is fetched: by the list, by the landing page, by the link."""


@dataclass(frozen=True, slots=True)
class TrialRecord:
    """One publication as the source offers it."""

    url: str
    """Where the list leads: a landing page, or the file."""
    record: str = ""
    """Identifier of the publisher's record; empty when there is none."""
    evidence: FieldEvidence = field(default_factory=dict)
    """What the list and the landing page say; empty for a record of which only the files were named."""
    files: tuple[TrialFile, ...] = ()
    """Empty: a harvest would keep nothing of it; `skipped` and `failure` say why."""
    skipped: Mapping[Skip, int] = field(default_factory=dict)
    """What rules left out on its landing page, counted by rule."""
    failure: Failure | None = None
    """Why its landing page could not be read; None when it could, or was not needed."""


@dataclass(frozen=True, slots=True)
class TrialReport:
    """The first records of a source, and what was left out before them."""

    slug: str
    name: str
    protocol: str
    records: tuple[TrialRecord, ...]
    """In the order of the list."""
    run: HarvestRun
    """Counts, failures and remarks, as of a harvest; `listings` are pages of lists, `records` what these named."""


def try_source(source: SourceFile, *, settings: Settings, records_max: int = 10) -> TrialReport:
    """Return the first records of a source as a harvest would see them. Fetches lists and landing pages, keeps nothing.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    """
    return run_apart(partial(_tried_here, source, records_max), settings=settings)


def _tried_here(declared: SourceFile, records_max: int, settings: Settings) -> TrialReport:
    polite = declared.polite.model_copy(update={"requests_max": records_max + REQUESTS_BESIDE_RECORDS})
    source = declared.model_copy(update={"polite": polite})
    spider = type("TrialOfSource", (TrialSpider, spider_of(source)), {})
    records, started = TrialRecords(records_max), datetime.now(UTC)
    with throwaway_job(source, settings) as job:
        own = source_settings(source, job.settings) | {"ITEM_PIPELINES": {"crawler.trial.TrialPipeline": 100}}
        stats, _ = crawl(spider, job, own, trial=records)
    run = stats.report(source.slug, started=started, ended=datetime.now(UTC))
    return TrialReport(source.slug, source.name, source.protocol, records=tuple(records.by_key.values()), run=run)


@dataclass(slots=True)
class TrialRecords:
    """The records that a trial has seen so far. Mutable; one event loop writes to it."""

    records_max: int
    by_key: dict[str, TrialRecord] = field(default_factory=dict)
    """By identifier or address, in the order in which they were listed."""

    @property
    def is_full(self) -> bool:
        """Return whether as many records as wanted were begun."""
        return len(self.by_key) >= self.records_max

    def begin(self, link: Link) -> bool:
        """Make room for what a link leads to; say whether it is, or already was, one of the records wanted."""
        key = _key_of(link)
        if key not in self.by_key and not self.is_full:
            self.by_key[key] = TrialRecord(link.landing_url or link.url, record=link.record, evidence=link.evidence)
        return key in self.by_key


class TrialSpider(SourceSpider):
    """What a trial does otherwise than a harvest; stands before the spider of a source."""

    def __init__(self, job: Any, trial: TrialRecords, **others: Any) -> None:
        super().__init__(job, **others)
        self.trial = trial

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the next pages while records are wanted."""
        return () if self.trial.is_full else super().further_pages(found, number=number)  # type: ignore[safe-super]

    def follow(self, link: Link, *, referrer: str) -> Iterator[Output]:
        """Follow a link while records are wanted."""
        if self.trial.is_full and _key_of(link) not in self.trial.by_key:
            return
        for output in super().follow(link, referrer=referrer):
            if not isinstance(output, FailedItem):
                self.trial.begin(link)
            yield from self._tried(output, link)

    def on_landing(self, response: Response, link: Link) -> Iterator[Output]:
        """Read a landing page, and note what a harvest would take from it."""
        if not self.trial.begin(link):
            return
        before = self.stats.skipped.copy()
        outputs = list(super().on_landing(response, link))
        page = with_usable_base(response)
        said = landing_evidence(page) if isinstance(page, TextResponse) else {}
        self.trial.by_key[_key_of(link)] = replace(
            self.trial.by_key[_key_of(link)],
            evidence=merge_evidence((said, link.evidence)),
            skipped=dict(self.stats.skipped - before),
        )
        for output in outputs:
            yield from self._tried(output, link)

    def on_landing_failure(self, failure: TwistedFailure) -> Iterator[Output]:
        """Note why a landing page could not be read, and the files that were named beside it."""
        link: Link = failure.request.cb_kwargs["link"]  # type: ignore[attr-defined]  # Scrapy puts it there
        if self.trial.begin(link):
            for output in super().on_landing_failure(failure):
                yield from self._tried(output, link)

    def _tried(self, output: Output, link: Link) -> Iterator[Output]:
        """Take a PDF as it is named instead of asking for it; a page that is itself the text is read for what it says."""
        item = output if isinstance(output, FileItem) else output.cb_kwargs.get("item")
        if item is None or item.key:
            yield output
        elif self.trial.begin(link) or isinstance(item, FailedItem):
            item.key = _key_of(link)
            yield item if item.is_pdf else output


class TrialPipeline(CrawlComponent):
    """Notes what a harvest would keep."""

    def process_item(self, item: FileItem) -> FileItem:
        """Note an item with its record."""
        records = self.crawler.spider.trial.by_key
        if isinstance(item, FailedItem):
            self.crawler.stats.end_file(item.outcome, url=item.url, reason=item.reason, referrer=item.referrer)
        if item.key in records:
            record = records[item.key]
            is_pdf = item.response is None or sniff(item.response.body) == "application/pdf"
            file = TrialFile(url=item.url, kind="pdf" if is_pdf else "page", evidence=item.evidence)
            changed = {"failure": item.reason} if item.reason else {"files": (*record.files, file)}
            records[item.key] = replace(record, **changed)
        return item


def _key_of(link: Link) -> str:
    return link.record or canonical_url(link.landing_url or link.url)

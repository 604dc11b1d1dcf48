"""Any protocol's spider, turned into one that looks and takes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scrapy.http import Request, Response, TextResponse
from twisted.python.failure import Failure

from corpus.types import FieldEvidence
from corpus.urls import canonical_url, sent_url
from crawler.net.failures import read_failure
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.links import file_kind, with_usable_base
from crawler.pages.listed_links import Link, LinkKind, ListPage, merge_evidence
from crawler.pipelines import sniff
from crawler.spiders.base import AS_WRITTEN, SourceSpider
from crawler.trying.report import TrialFile, TrialRecord


@dataclass(slots=True)
class Trial:
    """What a trial has seen so far. Mutable; one event loop writes to it."""

    records_max: int
    records: dict[str, TrialRecord] = field(default_factory=dict)
    """By address or identifier, in the order in which they were listed."""

    @property
    def is_full(self) -> bool:
        """Return whether as many records as wanted were begun."""
        return len(self.records) >= self.records_max

    def begin(self, key: str, record: TrialRecord) -> bool:
        """Make room for a record; say whether it is, or already was, one of those wanted."""
        if key not in self.records and not self.is_full:
            self.records[key] = record
        return key in self.records

    def add_file(self, key: str, file: TrialFile) -> None:
        """Add a file to a record that was begun."""
        self.records[key] = replace(self.records[key], files=(*self.records[key].files, file))


def trial_of(spider: type[SourceSpider]) -> type[SourceSpider]:
    """Return the spider of a protocol as one that tries: it reads lists as its protocol does, and takes nothing."""
    return type(f"Trying{spider.__name__}", (TrialSpider, spider), {})


class TrialSpider(SourceSpider):
    """What a trial does otherwise than a harvest; stands before a protocol's spider, see `trial_of`."""

    def __init__(self, job: Any, trial: Trial, **others: Any) -> None:
        super().__init__(job, **others)
        self.trial = trial
        self._key = ""
        """Of the record whose landing page is being read."""

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the next pages while records are wanted."""
        return () if self.trial.is_full else super().further_pages(found, number=number)  # type: ignore[safe-super]

    def _follow(self, link: Link, *, referrer: str) -> Iterator[Request]:
        key = _key_of(link)
        if self.trial.is_full and key not in self.trial.records:
            return
        for request in super()._follow(link, referrer=referrer):
            if link.kind is not LinkKind.FILE:
                self._begin(link)
            yield request

    def _begin(self, link: Link) -> bool:
        """Make room for what a lead leads to; say whether it is one of the records wanted."""
        record = TrialRecord(url=link.landing_url or link.url, record=link.record, evidence=link.evidence)
        return self.trial.begin(_key_of(link), record)

    def on_landing(self, response: Response, link: Link) -> Iterator[Request]:
        """Read a landing page, and note what a harvest would take from it."""
        self._key = key = _key_of(link)
        if not self._begin(link):
            return
        response = with_usable_base(response)
        before = self.job.tally.skipped_by.copy()
        requests = list(super().on_landing(response, link))
        evidence = landing_evidence(response) if isinstance(response, TextResponse) else {}
        self.trial.records[key] = replace(
            self.trial.records[key],
            evidence=merge_evidence((evidence, link.evidence)),
            skipped=dict(self.job.tally.skipped_by - before),
        )
        self._key = ""
        yield from requests

    def on_landing_failure(self, failure: Failure) -> Iterator[Request]:
        """Note why a landing page could not be read, and the files that were named beside it."""
        link: Link = failure.request.cb_kwargs["link"]  # type: ignore[attr-defined]  # Scrapy puts it there
        self._key = key = _key_of(link)
        if not self._begin(link):
            return
        requests = list(super().on_landing_failure(failure))
        self.trial.records[key] = replace(self.trial.records[key], failure=read_failure(failure).reason)
        self._key = ""
        yield from requests

    def _file_request(self, link: Link, *, landing_url: str, referrer: str) -> Iterator[Request]:
        """Note a file instead of fetching it; a page that is itself the text is read, for what it says of itself."""
        key = self._key or _key_of(link)
        if key not in self.trial.records and not self._begin(link):
            return
        if "pdf" in (*link.kinds, file_kind(link.url)):
            self.trial.add_file(key, TrialFile(url=link.url, kind="pdf", evidence=link.evidence))
            return
        yield Request(
            sent_url(link.url),
            callback=self.on_text,
            errback=self.on_text_failure,
            cb_kwargs={"link": link, "key": key},
            meta={"found_on": referrer} | AS_WRITTEN,
            dont_filter=True,
        )

    def on_text(self, response: Response, link: Link, key: str) -> None:
        """Note a page that is itself the text."""
        response = with_usable_base(response)
        said = landing_evidence(response) if isinstance(response, TextResponse) else {}
        self._add_page(response, key=key, evidence=merge_evidence((said, link.evidence)))

    def on_text_failure(self, failure: Failure) -> None:
        """Note why a page that is itself the text could not be read."""
        key = failure.request.cb_kwargs["key"]  # type: ignore[attr-defined]  # Scrapy puts it there
        self.trial.records[key] = replace(self.trial.records[key], failure=read_failure(failure).reason)

    def _keep_page(self, response: Response, *, evidence: FieldEvidence, referrer: str, record: str = "") -> None:
        self._add_page(response, key=self._key, evidence=evidence)

    def _add_page(self, response: Response, *, key: str, evidence: FieldEvidence) -> None:
        assert response.request is not None
        kind = "pdf" if sniff(response.body) == "application/pdf" else "page"
        self.trial.add_file(key, TrialFile(url=response.request.url, kind=kind, evidence=evidence))


def _key_of(link: Link) -> str:
    return link.record or canonical_url(link.landing_url or link.url)

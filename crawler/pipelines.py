"""Item pipelines: is it the publication, keep it, report what came of it. A trial has other ones (crawler.trial)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from scrapy.http import HtmlResponse, Request, Response

from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.types import FetchedFile
from corpus.urls import canonical_url
from crawler.items import FailedItem, FileItem, GoneItem, ItemOutcome, UnchangedItem
from crawler.job import CrawlComponent, HarvestJob
from crawler.net.failures import may_pass
from crawler.pages.html_parts import seen_text


class ValidateFile(CrawlComponent):
    """Make a FailedItem of an answer that is not the publication."""

    def process_item(self, item: FileItem) -> FileItem:
        """Look at the bytes of a file that came."""
        if item.response is None or item.reason:
            return item
        failure = _unusable(item.response, is_pdf=item.is_pdf)
        return FailedItem.of(item, outcome=ItemOutcome.FAILED, reason=failure) if failure else item


class StoreFile(CrawlComponent):
    """Keep files, and note what is known of those that did not come. Each write is complete, and may be repeated."""

    def process_item(self, item: FileItem) -> FileItem:
        """Keep an item, and say what came of it."""
        store, slug, now = self.job.store.files, self.job.source.slug, datetime.now(UTC)
        match item:
            case GoneItem():
                assert item.reason is not None  # whatever is gone is gone for a reason
                store.mark_gone(slug, item.url, at=now, reason=item.reason)
                item.outcome = ItemOutcome.GONE
            case FailedItem():
                note_failed(self.job, item)
            case UnchangedItem():
                self._confirm(item, item.known)
            case _:
                self._keep(item)
        if item.seen is not None and item.outcome in (ItemOutcome.NEW, ItemOutcome.CHANGED, ItemOutcome.UNCHANGED):
            self.job.cache.remember(item.seen)
        return item

    def _keep(self, item: FileItem) -> None:
        response, slug = item.response, self.job.source.slug
        known = self.job.store.files.get(slug, item.url)
        if known is not None and isinstance(response, HtmlResponse) and self._is_same_text(response, known):
            self._confirm(item, known)
            return
        fetched = FetchedFile(
            source=slug,
            url=item.url,
            sha256=self.job.files.put(response.body),
            size=len(response.body),
            content_type=_content_type(response),
            fetched_at=datetime.now(UTC),
            landing_url=item.landing_url,
            referrer=item.referrer,
            status=response.status,
            etag=_header(response, b"ETag"),
            last_modified=_header(response, b"Last-Modified"),
            evidence=item.evidence,
            record=item.record,
        )
        item.outcome = ItemOutcome(self.job.store.files.save(fetched, is_heir=item.is_heir).value)

    def _confirm(self, item: FileItem, known: FetchedFile | None) -> None:
        """Note that an address still holds what we hold; what the landing page says of it may be new."""
        item.outcome, now, store = ItemOutcome.UNCHANGED, datetime.now(UTC), self.job.store.files
        as_item: dict[str, Any] = {
            "landing_url": item.landing_url,
            "record": item.record,
            "evidence": dict(item.evidence),
        }
        if known is None or (replace(known, **as_item, gone_at=None) == replace(known, evidence=dict(known.evidence))):
            store.touch(self.job.source.slug, item.url, at=now)
        else:
            store.save(replace(known, url=item.url, fetched_at=now, referrer=item.referrer, **as_item))

    def _is_same_text(self, response: HtmlResponse, known: FetchedFile) -> bool:
        """Say whether a web page reads as the version that we hold: pages carry clocks, tokens and counters in their code."""
        if known.content_type != "text/html" or not self.job.files.has(known.sha256):
            return False
        held = self.job.files.read(known.sha256)
        return held == response.body or seen_text(response.replace(body=held)) == seen_text(response)


class ReportFile(CrawlComponent):
    """Count what came of an item, and ask for what a page links when the file that it declares cannot be had."""

    async def process_item(self, item: FileItem) -> FileItem:
        """Count an item."""
        stats = self.crawler.stats
        assert item.outcome is not None
        stats.end_file(item.outcome, url=item.url, reason=item.reason, referrer=item.referrer)
        if item.instead and item.reason and not may_pass(item.reason):
            stats.take_back({Skip(SkipKind.NOT_DECLARED): len(item.instead)})
            for output in self.crawler.spider.follow_instead(item):
                if isinstance(output, Request):
                    self.crawler.engine.crawl(output)
                else:
                    await self.crawler.engine.scraper.itemproc.process_item_async(output)
        return item


def note_failed(job: HarvestJob, item: FileItem) -> None:
    """Note that a file is still listed although it could not be had, and that nothing which led to it is to be believed."""
    job.store.files.touch_listed(job.source.slug, item.url, at=datetime.now(UTC))
    for known_as in filter(None, (item.landing_url, item.url)):
        job.cache.doubt(canonical_url(known_as))


def validators(known: FetchedFile) -> dict[str, str]:
    """Return the headers that ask for a file only if it is not what we hold."""
    given = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified}
    return {name: value for name, value in given.items() if value}


def sniff(body: bytes, *, declared: str = "") -> str:
    """Return the media type of bytes, told from the bytes when possible, else as declared, in small letters."""
    head = body[:1024]
    if b"%PDF-" in head:  # readers accept it anywhere in the first 1024 bytes (PDF 1.7, annex H.3.4.1)
        return "application/pdf"
    if re.match(
        rb"(\xef\xbb\xbf)?\s*(<!--.*?-->\s*)*(<\?xml[^>]*>\s*)?(<!doctype html|<html|<head|<body)", head, re.I | re.S
    ):
        return "text/html"
    plain = declared.split(";")[0].strip().casefold()
    if plain == "application/pdf" and head:
        return "application/octet-stream"  # whatever it is, it is no PDF
    return "text/html" if plain == "application/xhtml+xml" else plain or "application/octet-stream"


def _unusable(response: Response, *, is_pdf: bool) -> Failure | None:
    if not response.body.strip():
        return Failure(FailureKind.EMPTY_FILE)
    content_type = _content_type(response)
    if content_type == "application/pdf":
        return None
    if content_type == "text/html":
        return Failure(FailureKind.PAGE_FOR_PDF) if is_pdf else None
    return Failure.of(FailureKind.NEITHER_PDF_NOR_HTML, content_type=content_type)


def _content_type(response: Response) -> str:
    return sniff(response.body, declared=_header(response, b"Content-Type"))


def _header(response: Response, name: bytes) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()

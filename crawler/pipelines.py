"""Keep what was fetched: bytes into the file store, the sighting into the record store, at once and repeatable."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from scrapy.http import HtmlResponse, Response

from corpus.reasons import Failure, FailureKind
from corpus.store import FetchedState
from corpus.types import FetchedFile, FieldEvidence
from crawler.job import HarvestJob
from crawler.net.kept_pages import SeenRecord
from crawler.pages.html_parts import seen_text
from crawler.pages.listed_links import Link
from crawler.stats import FileOutcome

_OUTCOME_OF = {
    FetchedState.NEW: FileOutcome.NEW,
    FetchedState.CHANGED: FileOutcome.CHANGED,
    FetchedState.UNCHANGED: FileOutcome.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class FileItem:
    """A file that the spider set out to get."""

    url: str
    """The publisher's own link, as it is sent; the file is kept under its key, whatever it redirects to."""
    is_pdf: bool
    """True: a PDF was promised, and a web page in its place is a failure."""
    evidence: FieldEvidence
    landing_url: str = ""
    referrer: str = ""
    record: str = ""
    """As in Link."""
    instead: tuple[Link, ...] = ()
    """As in Link."""
    is_heir: bool = True
    """As in `store.files.save`: no link before it in this run had the same former key."""
    mark: SeenRecord | None = None
    """What is remembered when the file is kept; None: nothing, or the landing page remembers it."""


@dataclass(frozen=True, slots=True)
class StoredFile:
    """How an offer ended."""

    outcome: FileOutcome
    reason: Failure | None = None
    """Why it failed; None when it did not."""


def keep(response: Response, offer: FileItem, job: HarvestJob) -> StoredFile:
    """Keep the file of an answer 200, or say why it cannot be kept. May be repeated."""
    body = response.body
    content_type = sniff(body, declared=(response.headers.get(b"Content-Type") or b"").decode("latin-1"))
    if reason := _unusable(body, content_type, offer):
        return StoredFile(FileOutcome.FAILED, reason)
    known = job.store.files.get(job.source.slug, offer.url)
    if known is not None and isinstance(response, HtmlResponse) and _same_text(response, known, job):
        return confirm(known, offer, job)
    fetched = FetchedFile(
        source=job.source.slug,
        url=offer.url,
        sha256=job.files.put(body),
        size=len(body),
        content_type=content_type,
        fetched_at=datetime.now(UTC),
        landing_url=offer.landing_url,
        referrer=offer.referrer,
        status=response.status,
        etag=_header(response, b"ETag"),
        last_modified=_header(response, b"Last-Modified"),
        evidence=offer.evidence,
        record=offer.record,
    )
    return StoredFile(_OUTCOME_OF[job.store.files.save(fetched, is_heir=offer.is_heir)])


def confirm(known: FetchedFile, offer: FileItem, job: HarvestJob) -> StoredFile:
    """Record that an address still holds what we hold; what the landing page says of it may be new."""
    now = datetime.now(UTC)
    said = (known.landing_url, known.record, known.gone_at)
    same = dict(known.evidence) == dict(offer.evidence) and said == (offer.landing_url, offer.record, None)
    if same:
        job.store.files.touch(job.source.slug, offer.url, at=now)
    else:
        seen = replace(
            known,
            url=offer.url,
            fetched_at=now,
            evidence=offer.evidence,
            landing_url=offer.landing_url,
            referrer=offer.referrer,
            record=offer.record,
        )
        job.store.files.save(seen)
    return StoredFile(FileOutcome.UNCHANGED)


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


def _unusable(body: bytes, content_type: str, offer: FileItem) -> Failure | None:
    if not body.strip():
        return Failure(FailureKind.EMPTY_FILE)
    if content_type == "application/pdf":
        return None
    if content_type == "text/html":
        return Failure(FailureKind.PAGE_FOR_PDF) if offer.is_pdf else None
    return Failure.of(FailureKind.NEITHER_PDF_NOR_HTML, content_type=content_type)


def _same_text(response: HtmlResponse, known: FetchedFile, job: HarvestJob) -> bool:
    """Say whether a web page reads as the version that we hold: pages carry clocks, tokens and counters in their code."""
    if known.content_type != "text/html" or not job.files.has(known.sha256):
        return False
    held = job.files.read(known.sha256)
    return held == response.body or seen_text(response.replace(body=held)) == seen_text(response)


def _header(response: Response, name: bytes) -> str:
    return (response.headers.get(name) or b"").decode("latin-1").strip()

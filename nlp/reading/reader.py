"""Read one file, in this process: what kind it is, its pages, what it says of itself, and how it ended.

Runs inside the killable processes of nlp.reading.pool; nothing here guards against hanging or against too much memory.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from corpus.reasons import FailureKind
from corpus.types import FieldEvidence, Outcome, PageRanges, Reading, page_ranges
from corpus.zones import ZoneSpan
from nlp.reading import outcomes
from nlp.reading.messages import pages_of
from nlp.reading.outcomes import CannotRead, ReadingEnding
from nlp.reading.requests import ReadingLimits, ReadRequest
from nlp.reading.sniffing import HEAD_BYTES, Kind, kind_of, name_of
from nlp.zones import with_zones
from nlp.zones.layout import PageLayout

OnPage = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class _Read:
    """What one kind's reader found."""

    texts: list[str]
    engine: str
    ending: ReadingEnding
    evidence: FieldEvidence
    page_total: int
    page_engines: Mapping[str, PageRanges] = field(default_factory=dict)
    unreadable_pages: PageRanges = ()
    layouts: Sequence[PageLayout | None] = ()
    """Of a PDF's pages."""
    zones: tuple[ZoneSpan, ...] = ()
    """Of a web page, as far as its tags tell them."""


def read_file(request: ReadRequest, *, limits: ReadingLimits, on_page: OnPage = lambda _text, _total: None) -> Reading:
    """Return the reading of a file; limits of time and memory are the caller's to hold.

    Args:
        on_page: called with the text of each page when it has been read, and how many pages the file says it has.
    """
    started = time.monotonic()
    try:
        read = _read(request, limits=limits, on_page=on_page)
    except CannotRead as error:
        read = _Read([], "", error.ending, {}, 0)
    except OSError as error:
        read = _Read([], "", outcomes.bytes_unreadable(error), {}, 0)
    return Reading(
        sha256=request.sha256,
        outcome=read.ending.outcome,
        reason=read.ending.reason,
        pages=with_zones(pages_of(read.texts), read.layouts, known=[read.zones] if read.zones else ()),
        page_total=read.page_total,
        engine=read.engine,
        seconds=round(time.monotonic() - started, 4),
        evidence=read.evidence,
        page_engines=read.page_engines,
        unreadable_pages=read.unreadable_pages,
    )


def _read(request: ReadRequest, *, limits: ReadingLimits, on_page: OnPage) -> _Read:
    size = request.path.stat().st_size
    if not size:
        raise CannotRead(outcomes.is_empty(FailureKind.NO_BYTES))
    if size > limits.file_mebibytes * 2**20:
        raise CannotRead(outcomes.too_many_bytes(size, limit_mebibytes=limits.file_mebibytes))
    with request.path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head.strip(b"\0 \t\r\n") and size <= HEAD_BYTES:
        raise CannotRead(outcomes.is_empty(FailureKind.ONLY_BLANKS))
    kind = kind_of(head, content_type=request.content_type)
    if kind is Kind.OTHER:
        if request.content_type.startswith("application/pdf"):
            raise CannotRead(outcomes.is_broken(FailureKind.CALLED_PDF))
        raise CannotRead(outcomes.unsupported(name_of(head)))
    return _open_reader(kind)(request, limits, on_page)


def _open_reader(kind: Kind) -> Callable[[ReadRequest, ReadingLimits, OnPage], _Read]:
    """Return the reader of a kind. Loads its libraries now: trafilatura takes longer to load than a PDF to read."""
    if kind is Kind.PDF:
        from nlp.reading.pdf import read_pdf

        def pdf(request: ReadRequest, limits: ReadingLimits, on_page: OnPage) -> _Read:
            read = read_pdf(request.path, pages_max=limits.pages, on_page=on_page)
            return _Read(
                read.texts,
                read.engine,
                read.ending,
                read.evidence,
                read.page_total,
                read.page_engines,
                page_ranges(read.in_doubt),
                read.layouts,
            )

        return pdf
    if kind is Kind.HTML:
        from nlp.reading.html import read_html

        def html(request: ReadRequest, _limits: ReadingLimits, on_page: OnPage) -> _Read:
            text, engine, evidence, zones = read_html(
                request.path.read_bytes(), content_type=request.content_type, url=request.url
            )
            on_page(text, 1)
            return _Read([text], engine, _ending_of([text], FailureKind.NO_TEXT_ON_PAGE), evidence, 1, zones=zones)

        return html
    from nlp.reading.plain import plain_evidence, read_plain

    def plain(request: ReadRequest, limits: ReadingLimits, on_page: OnPage) -> _Read:
        texts = read_plain(request.path.read_bytes())
        kept = texts[: limits.pages]
        for text in kept:
            on_page(text, len(texts))
        ending = _ending_of(kept, FailureKind.NO_TEXT_IN_FILE)
        if len(kept) < len(texts):
            ending = outcomes.too_many_pages(len(texts), limit=limits.pages)
        return _Read(kept, "text", ending, plain_evidence(kept), len(texts))

    return plain


def _ending_of(texts: list[str], when_empty: FailureKind) -> ReadingEnding:
    return ReadingEnding(Outcome.READ) if any(text.strip() for text in texts) else outcomes.is_empty(when_empty)

"""What spiders yield (items), and what lists, feeds and landing pages lead to (links)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Self

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note
from corpus.types import Evidence, FetchedFile, FieldEvidence
from corpus.urls import AddressKey


class LinkKind(StrEnum):
    """What a link leads to."""

    LANDING = "landing"
    """A page that describes one publication."""
    FILE = "file"
    """The publication itself: a PDF, or an HTML text."""
    RECORD = "record"
    """More about one record, as the protocol's own spider reads it; it names the files."""


@dataclass(frozen=True, slots=True)
class Link:
    """An address worth following, with what was said of it where it was found."""

    url: str
    """Absolute."""
    kind: LinkKind
    evidence: FieldEvidence = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    """Kinds of record that the place named (feed categories), small letters; a source can ignore kinds."""
    files: tuple[str, ...] = ()
    """Of a link to a landing page: PDFs that the place itself names, for when the landing page leads to none."""
    instead: tuple[Link, ...] = ()
    """Of the one file that a page declares: files that the page links, for when that one cannot be had."""
    landing_url: str = ""
    """Of a link to a file: the page that describes the publication, when the place names it; it is not fetched."""
    record: str = ""
    """Identifier of the record that led here (`oai:...`, the id of an API); empty: there is none."""
    modified: str = ""
    """When the place says that the page changed last (a sitemap's lastmod, a record's datestamp), as it was given. A link
    that was followed with the same date is not followed again; empty: the place does not say."""


@dataclass(frozen=True, slots=True)
class ListPage:
    """What one page of a listing, one feed, or one landing page leads to."""

    links: tuple[Link, ...] = ()
    """In the order of the page, each address once."""
    more: tuple[str, ...] = ()
    """Addresses of further pages of the same listing or feed."""
    skipped: Mapping[Skip, int] = field(default_factory=dict)
    """Links that a rule leaves out, counted by rule."""
    gone: tuple[str, ...] = ()
    """Identifiers of records that the publisher has deleted."""
    records: int | None = None
    """How many records or entries this page named, deleted ones too; None: as many as it has links."""
    announced: int | None = None
    """How many records the whole list has, as the publisher says; None: it does not say."""
    trouble: Failure | None = None
    """Why the list cannot be read to its end (a token that repeats, XML that breaks off); it makes the run incomplete."""
    note: Note | None = None
    """What a librarian should know of this page; None when all is well."""


@dataclass(frozen=True, slots=True)
class SeenRecord:
    """That a link was followed to its end, as its record or sitemap dated it then."""

    key: AddressKey
    """Of the link."""
    modified: str
    """As the place gave it, see Link.modified; empty when it gave nothing, or cache.RECHECK_DAYS ago."""
    files: int
    """How many files it led to; 0: it is no publication."""
    known_as: AddressKey
    """Of the landing page of these files in the store, or of the file; another than `key` when the link redirects."""


def named_files(link: Link) -> tuple[Link, ...]:
    """Return the PDFs that a feed entry names beside its landing page."""
    return tuple(Link(url=url, kind=LinkKind.FILE, evidence=link.evidence, kinds=("pdf",)) for url in link.files)


def file_of_page(file: Link, *, evidence: FieldEvidence, record: str) -> Link:
    """Return a file that a landing page leads to with what the page says of the publication, and so those `instead` of it."""
    return Link(
        url=file.url,
        kind=LinkKind.FILE,
        evidence=merge_evidence((file.evidence, evidence)),
        kinds=("pdf",),
        instead=tuple(file_of_page(each, evidence=evidence, record=record) for each in file.instead),
        record=record,
    )


def merge_evidence(parts: Iterable[FieldEvidence]) -> dict[str, tuple[Evidence, ...]]:
    """Join evidence, first part first; the same value from the same origin is kept once."""
    merged: dict[str, tuple[Evidence, ...]] = {}
    for part in parts:
        for name, values in part.items():
            merged[name] = tuple(dict.fromkeys((*merged.get(name, ()), *values)))
    return merged


class ItemOutcome(StrEnum):
    """What came of an item; the values are the names of HarvestRun's counts."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass
class FileItem:
    """A file of a publication, from the moment in which the spider sets out to get it."""

    url: str
    """The publisher's own link, as it is sent; the file is kept under its key, whatever it redirects to."""
    evidence: FieldEvidence
    is_pdf: bool = False
    """True: a PDF was promised, and a web page in its place is a failure."""
    landing_url: str = ""
    referrer: str = ""
    record: str = ""
    """As in Link."""
    instead: tuple[Link, ...] = ()
    """As in Link."""
    is_heir: bool = True
    """As in `store.files.save`: no link before it in this run had the same former key."""
    seen: SeenRecord | None = None
    """What is remembered when the file is kept; None: nothing, or the landing page remembers it."""
    response: Any = None
    """The answer, a scrapy.http.Response with status 200; None until it has come."""
    outcome: ItemOutcome | None = None
    """What came of it; None until the pipelines know."""
    reason: Failure | None = None
    """Why it failed or is gone; None when it did not."""
    key: str = ""
    """Of a trial: the record that it belongs to, see crawler.trial."""

    @classmethod
    def of(cls, item: FileItem, **changed: Any) -> Self:
        """Return an item as one of this kind."""
        return cls(**{**vars(item), **changed})


@dataclass
class UnchangedItem(FileItem):
    """A file that is as we hold it; what the landing page says of it may be new."""

    known: FetchedFile | None = None


class GoneItem(FileItem):
    """A file that we hold and that the publisher no longer has, for `reason`."""


class FailedItem(FileItem):
    """A file that could not be had: `outcome` is FAILED, or REFUSED when robots.txt forbids it; `reason` says why."""

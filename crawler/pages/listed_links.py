"""What listings, feeds and landing pages lead to: the value that passes between readers of pages and the spider."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note
from corpus.types import Evidence, FieldEvidence


class LinkKind(StrEnum):
    """What a lead leads to."""

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
    """Of a landing lead: PDFs that the place itself names, for when the landing page leads to none."""
    instead: tuple[Link, ...] = ()
    """Of the one file that a page declares: files that the page links, for when that one cannot be had."""
    landing_url: str = ""
    """Of a file lead: the page that describes the publication, when the place names it; it is not fetched."""
    record: str = ""
    """Identifier of the record that led here (`oai:...`, the id of an API); empty: there is none."""
    modified: str = ""
    """When the place says that the lead changed last (a sitemap's lastmod, a record's datestamp), as it was given. A lead
    whose mark of last time is the same is not fetched again; empty: the place does not say."""


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
    """How many records or entries this page named, deleted ones too; None: as many as it has leads."""
    announced: int | None = None
    """How many records the whole list has, as the publisher says; None: it does not say."""
    trouble: Failure | None = None
    """Why the list cannot be read to its end (a token that repeats, XML that breaks off); it makes the run incomplete."""
    note: Note | None = None
    """What a librarian should know of this page; None when all is well."""


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

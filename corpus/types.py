"""The values that pass between the packages: frozen, and checked when they are made.

All times are UTC and aware. All text is Unicode NFC, without surrogates and control characters: each value cleans its texts
when it is made (corpus/text.py). Empty text means "there is none"; None means "not known".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from corpus.origins import Origin
from corpus.reasons import Failure
from corpus.tag_rules import Rule
from corpus.text import clean, is_clean
from corpus.zones import ZoneSpan, are_in_order

LANGUAGES = ("en", "es", "fr", "pt")
"""The languages that Pushcart reads, tags and analyses; documents in others are kept and searched word by word."""

LOCAL_SOURCE = "own"
"""Slug of the source of a person's own documents (`pushcart add`)."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


def _require(condition: object, message: str) -> None:
    if not condition:
        raise ValueError(message)


def _clean_texts(value: Any, *names: str) -> None:
    """Clean fields of a value that is just being made: texts, tuples of texts, and texts by name."""
    for name in names:
        given = getattr(value, name)
        if isinstance(given, str):
            if not is_clean(given):
                object.__setattr__(value, name, clean(given))
        elif isinstance(given, tuple):
            if not all(map(is_clean, given)):
                object.__setattr__(value, name, tuple(map(clean, given)))
        elif not all(is_clean(each) for pair in given.items() for each in pair):
            object.__setattr__(value, name, {clean(key): clean(each) for key, each in given.items()})


def is_date(text: str) -> bool:
    """Say whether a text is a date of publication: `2019`, `2019-05`, `2019-05-03`. It does not check that the day exists."""
    return bool(_DATE.fullmatch(text))


class Facet(StrEnum):
    """The kinds of concept with which documents are tagged."""

    COUNTRY = "country"
    """ISO 3166-1 alpha-3 code (Kosovo is XKX)."""
    REGION = "region"
    """UN M49 code of three digits, or `wb:SSA`, `ilo:africa`, `income:low`, `dev:transition`; see corpus.vocabulary."""
    SECTOR = "sector"
    """A working sector of the field such as `retail_street_trade`, or `isic:G` for a section of ISIC Rev.4."""
    GROUP = "group"
    """A worker group such as `street_vendors`."""
    TOPIC = "topic"
    """A topic such as `social_protection`."""


class Outcome(StrEnum):
    """How the reading of a file ended. Every file that is read has exactly one."""

    READ = "read"
    """At least one page has text."""
    SCANNED = "scanned"
    """Pages without readable text: page images, or fonts that do not identify their letters."""
    EMPTY = "empty"
    """No bytes, no pages, or nothing on any page."""
    ENCRYPTED = "encrypted"
    """A password is needed."""
    BROKEN = "broken"
    """Not of the type that it claims, or too damaged to read."""
    TOO_LARGE = "too_large"
    """More bytes or pages than the settings allow; the pages up to the limit are kept."""
    TIMED_OUT = "timed_out"
    """Reading took longer than the settings allow and was killed."""
    OUT_OF_MEMORY = "out_of_memory"
    """Reading took more memory than the settings allow and was killed."""
    UNSUPPORTED = "unsupported"
    """An unsupported file type."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The value of a field from one origin."""

    value: str
    origin: Origin

    def __post_init__(self) -> None:
        _clean_texts(self, "value")


FieldEvidence = Mapping[str, tuple[Evidence, ...]]
"""Evidence by field: `title`, `author` (one each), `publisher`, `date`, `lang`, `abstract`, `type`, `licence`, `series`,
`doi`, `isbn`, `issn`, `keyword`, `country`. Best first within a place."""


@dataclass(frozen=True, slots=True)
class Source:
    """A publisher's collection, as a source file declares it."""

    slug: str
    name: str
    homepage: str = ""
    protocol: str = ""
    """`oai`, `api`, `sitemap`, `feed`, `listing`, or `addresses` for added files."""
    country: str | None = None
    """ISO 3166-1 alpha-3 of the publisher; None for an international one."""
    languages: tuple[str, ...] = ()
    """ISO 639-1 codes."""
    licence: str = ""
    is_sample: bool = False
    """True for the built-in sample publisher; its documents are marked as samples wherever they are shown."""

    def __post_init__(self) -> None:
        _clean_texts(self, "name", "homepage", "protocol", "languages", "licence")
        _require(
            bool(_SLUG.fullmatch(self.slug)), f"a source's slug is small letters, digits and hyphens, got {self.slug!r}"
        )


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A fetched file and its origin. The bytes are in the file store under `sha256`."""

    source: str
    """Slug."""
    url: str
    """Canonical address of the file; `file:` for a person's own."""
    sha256: str
    """Of the bytes, 64 lower-case hexadecimal digits."""
    size: int
    """Bytes."""
    content_type: str
    """As sniffed from the bytes when possible, else as declared: `application/pdf`, `text/html`, ..."""
    fetched_at: datetime
    landing_url: str = ""
    """The page that describes the publication; empty when there is none."""
    referrer: str = ""
    """The page on which the address was found."""
    status: int = 200
    """HTTP status; 200 for a person's own file."""
    etag: str = ""
    last_modified: str = ""
    """As the server sent it."""
    evidence: FieldEvidence = field(default_factory=dict)
    """Metadata from record, landing page, feed, listing or sidecar."""
    record: str = ""
    """Identifier of the record that names it, as the publisher gives it (`oai:...`, the id of an API); empty: none."""
    gone_at: datetime | None = None
    """Since when the publisher is known not to have it; None: it is available as far as is known."""
    gone_reason: Failure | None = None
    """Why it counts as gone; None: it does not, or the reason was not recorded."""

    def __post_init__(self) -> None:
        _clean_texts(self, "url", "content_type", "landing_url", "referrer", "etag", "last_modified", "record")
        _require(bool(_SHA256.fullmatch(self.sha256)), f"not a SHA-256: {self.sha256!r}")
        _require(self.size >= 0, f"a size is not negative, got {self.size}")
        _require(self.fetched_at.tzinfo is not None, "fetched_at must be aware (UTC)")


@dataclass(frozen=True, slots=True)
class FileVersion:
    """An earlier version at an address. Its bytes stay in the file store under `sha256`."""

    url: str
    sha256: str
    size: int
    """Bytes."""
    fetched_at: datetime

    def __post_init__(self) -> None:
        _clean_texts(self, "url")


@dataclass(frozen=True, slots=True)
class Copy:
    """One place of a document, from when it was first seen there until now."""

    fetched: FetchedFile
    """Its current or latest version."""
    first_seen: datetime
    last_seen: datetime
    """When the place was last confirmed: fetched, not changed since, or still listed."""
    versions: tuple[FileVersion, ...]
    """All versions, oldest first; never empty."""


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page of a document."""

    number: int
    """1-based, as a PDF viewer counts; an HTML document is the single page 1."""
    text: str
    """NFC, one line break between lines, one blank line between paragraphs, two spaces between cells of a table; empty when
    the page is a scan."""
    zones: tuple[ZoneSpan, ...] | None = None
    """Parts of the text, in order and without overlap; only white space is outside of them. None: not determined."""

    def __post_init__(self) -> None:
        length = len(self.text)
        _clean_texts(self, "text")
        _require(self.number >= 1, f"page numbers start at 1, got {self.number}")
        if self.zones is not None:
            if len(self.text) != length:  # they were found in another text
                object.__setattr__(self, "zones", None)
                return
            _require(are_in_order(self.zones, length=length), f"zones of page {self.number} do not fit its text")


PageRanges = tuple[tuple[int, int], ...]
"""First and last number of pages that follow one another, 1-based, in order."""


def ranges_from(pairs: Iterable[Iterable[int]]) -> PageRanges:
    """Return ranges of pages from pairs of numbers, as JSON holds them. Raises ValueError: one is no pair."""
    return tuple((first, last) for first, last in pairs)


def page_ranges(numbers: Sequence[int]) -> PageRanges:
    """Return ordered numbers of pages as ranges."""
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and number == ranges[-1][1] + 1:
            ranges[-1] = (ranges[-1][0], number)
        else:
            ranges.append((number, number))
    return tuple(ranges)


@dataclass(frozen=True, slots=True)
class Reading:
    """The result of reading one file's bytes."""

    sha256: str
    outcome: Outcome
    reason: Failure | None = None
    """Why it was not (completely) read; None when it was."""
    pages: tuple[Page, ...] = ()
    """Every page that could be reached, in order, without gaps; empty pages too."""
    page_total: int = 0
    """Pages according to the file; more than len(pages) when reading stopped early. 0 when unknown."""
    engine: str = ""
    """What read it: `pdfminer.six`, `pypdfium2`, `trafilatura`."""
    seconds: float = 0.0
    evidence: FieldEvidence = field(default_factory=dict)
    """What the file itself says: title, author, date ..."""
    page_engines: Mapping[str, PageRanges] = field(default_factory=dict)
    """Pages by what read them; empty when one engine read all."""
    unreadable_pages: PageRanges = ()
    """Pages with letters that their fonts do not explain: they stand as U+FFFD, or have no text when those are most."""

    def __post_init__(self) -> None:
        _clean_texts(self, "engine")
        _require(bool(_SHA256.fullmatch(self.sha256)), f"not a SHA-256: {self.sha256!r}")
        for position, page in enumerate(self.pages, start=1):
            _require(
                page.number == position, f"pages are in order and without gaps; page {page.number} stands at {position}"
            )


@dataclass(frozen=True, slots=True)
class TagEvidence:
    """One piece of evidence of a tag."""

    page: int
    """1-based; 0 for the title, the abstract or another field of the document, which the zone of `rule` then names."""
    sentence: str
    """The sentence around the words, at most 400 characters, white space folded."""
    words: str
    """The words as they are in the sentence."""
    rule: Rule

    def __post_init__(self) -> None:
        _clean_texts(self, "sentence", "words")
        _require(self.page >= 0, f"an evidence page is 0 (a field) or more, got {self.page}")


@dataclass(frozen=True, slots=True)
class Tag:
    """A concept attached to a document, with its evidence."""

    facet: Facet
    concept: str
    """Id of the concept within its facet."""
    weight: float
    """0 to 1: how much of the document is about it; the best tag of a facet need not reach 1."""
    about: bool
    """True: the document is about it. False: it mentions it."""
    primary: bool = False
    """True for at most one tag of a facet: the one a librarian would choose if only one were allowed."""
    count: int = 1
    """Places found in the document; evidence shows the best few of them."""
    evidence: tuple[TagEvidence, ...] = ()
    """Best first, at most five."""
    places: tuple[tuple[int, int], ...] = ()
    """(page, places on it), pages ascending; page 0 is title, abstract and keywords. Empty: not counted."""

    def __post_init__(self) -> None:
        _require(0.0 <= self.weight <= 1.0, f"a weight is from 0 to 1, got {self.weight}")
        _require(self.about or not self.primary, "a primary concept is one the document is about")


@dataclass(frozen=True, slots=True)
class Document:
    """One publication in one language."""

    id: str
    """Stable forever: `d` and 16 hexadecimal digits."""
    source: str
    """Slug."""
    url: str
    """Address of the original for readers."""
    sha256: str
    """Of the version that was read last."""
    title: str
    """Never empty: a file without a title is named after its file name."""
    lang: str
    """ISO 639-1 of most of the text; `und` when it is unknown."""
    first_seen: datetime
    """When this document was first saved; never changes."""
    work: str = ""
    """Id of the work, which has all related documents; the document's own id when it has none."""
    fold: str = ""
    """Id of the group of copies and translations that is one hit; empty when there are none. It is computed, see
    corpus/work_groups.py."""
    copies: str = ""
    """Id of the group of copies; empty when there are none."""
    landing_url: str = ""
    authors: tuple[str, ...] = ()
    publisher: str = ""
    published: str = ""
    """ISO 8601, as exact as it is known: `2019`, `2019-05`, `2019-05-03`; empty when unknown."""
    abstract: str = ""
    type: str = "document"
    """`working_paper`, `policy_brief`, `report`, `statistics`, `article`, `thesis`, `book`, `law`, `web_page`, `document`."""
    content_type: str = "application/pdf"
    identifiers: Mapping[str, str] = field(default_factory=dict)
    """`doi`, `isbn`, `issn`, `series` ... without prefixes."""
    licence: str = ""
    page_count: int = 0
    """Pages with a row in `pages`; 1 for HTML."""
    evidence: FieldEvidence = field(default_factory=dict)
    """All values that were offered for each field, the chosen first."""
    tags: tuple[Tag, ...] = ()
    """Most weight first within a facet."""
    pages: tuple[Page, ...] = ()
    """The whole text; empty when the document was requested without it."""
    back_matter: tuple[int, ...] = ()
    """Numbers of the pages, ascending, that contain little but references, contents, imprint or boilerplate, wherever they
    are. They are found like the others, and shown after them. Empty when not determined."""
    first_sequence: int = 0
    """Sequence number of the change that added it; 0 before it is saved."""
    is_sample: bool = False

    def __post_init__(self) -> None:
        _clean_texts(
            self,
            "url",
            "title",
            "lang",
            "work",
            "landing_url",
            "authors",
            "publisher",
            "abstract",
            "type",
            "content_type",
            "identifiers",
            "licence",
        )
        _require(bool(self.title.strip()), f"document {self.id} has no title")
        _require(not self.published or is_date(self.published), f"not a date: {self.published!r}")
        _require(self.first_seen.tzinfo is not None, "first_seen must be aware (UTC)")

    @property
    def year(self) -> int | None:
        """Return the year of publication; None when unknown."""
        return int(self.published[:4]) if self.published else None

    @property
    def is_dated_by_file(self) -> bool:
        """Say whether only the file's own date is known: `published` is when the file was made."""
        dates = self.evidence.get("date", ())
        return bool(self.published and dates) and dates[0].origin.is_file_property

    def tags_of(self, facet: Facet) -> tuple[Tag, ...]:
        """Return the tags of one facet, most weight first."""
        return tuple(tag for tag in self.tags if tag.facet is facet)


@dataclass(frozen=True, slots=True)
class Work:
    """All copies, editions and translations of one publication."""

    id: str
    documents: tuple[str, ...]
    """Ids, first seen first."""


class ChangeKind(StrEnum):
    """What happened to a document."""

    ADDED = "added"
    UPDATED = "updated"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the change log, written in the same transaction as what it mentions."""

    sequence: int
    """1, 2, 3 ... in the order of commits; gaps are possible."""
    document_id: str
    kind: ChangeKind
    document: Document | None = None
    """The document as it is now, with tags and pages; None when it was removed (also by a later change)."""
    mark: str = ""
    """Identifies this change among all changes of all databases. Empty: not needed."""

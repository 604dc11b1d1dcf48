"""What each page is given to show: one frozen class a page, and nothing else reaches its template.

Text in these values is plain text unless it is `Markup`, which is the only kind that templates print as it stands.
Addresses are relative to the server (`/search?q=...`) or, where a document's publisher is meant, checked http(s) ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    title: str
    """Of the browser's window, without the product's name; empty on the home page."""
    here: str = ""
    """The entry of the navigation that is current: `search`, `browse`, `sources`, `help` or empty."""
    text: str = ""
    """What stands in the search box."""
    feed: str = ""
    """Address of the Atom feed of what is shown; empty: none."""
    canonical: str = ""
    """The absolute address under which this view should be cited; empty: none."""
    may_be_indexed: bool = True
    """False for views without end, such as combinations of filters."""
    description: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead somewhere."""

    text: str
    href: str
    lang: str = ""
    """ISO 639-1 of the words where it is not the page's language."""


@dataclass(frozen=True, slots=True)
class Counted:
    """A concept with the number of documents one gets."""

    label: str
    href: str
    count: int
    children: tuple[Counted, ...] = ()


@dataclass(frozen=True, slots=True)
class Shelf:
    """One way to browse: a facet and its values, most documents first."""

    title: str
    values: tuple[Counted, ...]
    more: str = ""
    """Where all values stand; empty when these are all."""


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list."""

    title: str
    href: str
    lang: str
    facts: tuple[str, ...]
    """Publisher, type, year, pages ... in words."""
    first_seen: datetime
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Holdings:
    """What is in here."""

    documents: int
    pages: int
    sources: int
    last_harvest: datetime | None


@dataclass(frozen=True, slots=True)
class HomePage:
    """The first page."""

    examples: tuple[Link, ...]
    shelves: tuple[Shelf, ...]
    newest: tuple[DocumentLine, ...]
    holdings: Holdings
    waiting: int = 0
    """Documents that are kept and not searchable yet."""
    trouble: str = ""
    """Why nothing can be searched at the moment; empty: all is well."""


@dataclass(frozen=True, slots=True)
class BrowsePage:
    """Every value of every facet."""

    shelves: tuple[Shelf, ...]
    regions: tuple[Counted, ...]
    """Regions with their countries."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is on, or a concept understood in the text."""

    kind: str
    label: str
    off: str
    """Where it is taken away."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One box to tick."""

    name: str
    value: str
    label: str
    count: int
    chosen: bool = False
    children: tuple[Choice, ...] = ()
    is_open: bool = False
    """True: the children are in sight, because one of them is ticked."""


@dataclass(frozen=True, slots=True)
class FacetBox:
    """The choices of one facet; the first few are shown at once, the others on request."""

    name: str
    title: str
    shown: tuple[Choice, ...]
    others: tuple[Choice, ...] = ()
    is_tree: bool = False


@dataclass(frozen=True, slots=True)
class YearBar:
    """Documents of one year, or of years together."""

    label: str
    href: str
    count: int
    x: float
    """Left edge, 0 to 100."""
    width: float
    height: float
    """0 to 100, the highest bar reaches 100."""
    chosen: bool


@dataclass(frozen=True, slots=True)
class YearBox:
    """Years as small bars."""

    bars: tuple[YearBar, ...]
    first: str
    last: str
    start: str = ""
    """The first year asked for; empty: any."""
    end: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """A page that answers."""

    number: int
    href: str
    snippet: Markup
    """Escaped text with `<mark>`."""
    lang: str
    is_page: bool = True
    """False where the document has no pages to name (a web page)."""


@dataclass(frozen=True, slots=True)
class HitLine:
    """One document found."""

    title: str
    href: str
    lang: str
    facts: tuple[str, ...]
    passages: tuple[Passage, ...]
    more_pages: int
    """Further pages with the words; -1: there are more, uncounted."""
    copies: int
    tags: tuple[str, ...]
    is_sample: bool
    direction: str = "auto"


@dataclass(frozen=True, slots=True)
class SortChoice:
    """One order of the results."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class WayOut:
    """A search near the one that found nothing, and what it would find."""

    words: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Documents found by a search."""

    total: int
    first: int
    """1-based place of the first hit shown; 0 when there is none."""
    hits: tuple[HitLine, ...]
    chips: tuple[Chip, ...]
    clear: str
    """Where all filters are gone and the words stay; empty when there is no filter."""
    facets: tuple[FacetBox, ...]
    years: YearBox | None
    about_only: bool
    sorts: tuple[SortChoice, ...]
    kept: tuple[tuple[str, str], ...]
    """Names and values that the filter form carries on."""
    kept_by_sort: tuple[tuple[str, str], ...]
    understood: tuple[str, ...]
    """How the search was understood, in sentences."""
    notices: tuple[str, ...]
    """What could not be understood or counted."""
    feed: str
    api: str
    next: str = ""
    previous: str = ""
    ways_out: tuple[WayOut, ...] = ()
    searched: int = 0
    """Documents that were looked through."""


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A place that speaks for a tag."""

    page: int
    """0: a field of the document, which `where` names."""
    where: str
    href: str
    sentence: Markup
    rule: str


@dataclass(frozen=True, slots=True)
class TagLine:
    """A tag with its reasons."""

    kind: str
    label: str
    search: str
    """Where all documents with this tag are listed."""
    count: int
    is_primary: bool
    evidence: tuple[EvidenceLine, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a page's text."""

    kind: str
    """`text`, `head`, `lines` (line breaks mean something) or `table` (so do the gaps)."""
    body: Markup


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page to go to."""

    number: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Copy:
    """One fetched file of a document."""

    address: str
    href: str
    """Empty when the address must not be opened (a file of a person's own, or not http)."""
    source: str
    first_seen: datetime
    sha256: str
    size: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One publication, one of its pages, and all that is known of both."""

    id: str
    title: str
    lang: str
    direction: str
    facts: tuple[str, ...]
    authors: str
    identifiers: tuple[Link, ...]
    """`DOI 10.1000/1` and the like; href empty when there is nothing to open."""
    abstract: str
    is_sample: bool
    back: str
    """The search one came from; empty: none."""
    original: str
    """Where the original is opened; empty: nowhere."""
    original_words: str
    landing: str
    about: tuple[TagLine, ...]
    mentions: tuple[TagLine, ...]
    plain_citation: str
    bibtex: str
    meta: tuple[tuple[str, str], ...]
    """Highwire `<meta>` tags for reference managers."""
    coins: str
    """ContextObject of COinS."""
    number: int
    """The page shown, 1-based; 0 when the document has none."""
    page_count: int
    blocks: tuple[Block, ...]
    with_words: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    previous: str
    next: str
    text: str
    """Words that are marked; empty: none."""
    source: Link
    first_seen: datetime
    read: str
    """What was read, in words."""
    copies: tuple[Copy, ...]
    others: tuple[DocumentLine, ...]
    """Copies, editions and translations of the same work."""
    licence: str = ""
    hidden: tuple[tuple[str, str], ...] = ()
    """Names and values that the go-to form carries on."""


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A source and how it does."""

    name: str
    href: str
    country: str
    languages: str
    protocol: str
    documents: int
    search: str
    last_run: datetime | None
    state: str
    mood: str
    """`good`, `poor` or `idle`."""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """All sources."""

    sources: tuple[SourceLine, ...]


@dataclass(frozen=True, slots=True)
class RunLine:
    """One run of a harvest."""

    started: datetime
    duration: str
    found: tuple[tuple[str, int], ...]
    """What it counted, in words."""
    ended: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class RunBar:
    """New documents of one run, as a bar."""

    x: float
    width: float
    height: float
    label: str
    is_bad: bool


@dataclass(frozen=True, slots=True)
class SourcePage:
    """One source with its history."""

    source: SourceLine
    homepage: str
    licence: str
    outcomes: tuple[tuple[str, int], ...]
    runs: tuple[RunLine, ...]
    bars: tuple[RunBar, ...]
    newest: tuple[DocumentLine, ...]


@dataclass(frozen=True, slots=True)
class HelpPage:
    """How to ask."""

    fields: tuple[tuple[str, str, str], ...] = ()
    """Name, meaning, example."""
    examples: tuple[tuple[str, str, str], ...] = ()
    """What is typed, what it finds, where it leads."""


@dataclass(frozen=True, slots=True)
class TroublePage:
    """Something went wrong."""

    status: int
    heading: str
    message: str
    try_next: str
    ways: tuple[Link, ...] = field(default=())

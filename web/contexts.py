"""What each page is given to show: one frozen class a page, and nothing else reaches its template.

Text in these values is plain text unless it is `Markup`, which is the only kind that templates print as it stands.
Addresses are relative to the server (`/search?q=...`) or, where a document's publisher is meant, checked http(s) ones.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from markupsafe import Markup

from curation.sign_ins import Visitor
from web.selection_contexts import ExportForm, MarksForm


@dataclass(frozen=True, slots=True)
class Frame:
    """What stands around every page."""

    title: str
    """Of the browser's window, without the product's name; empty on the home page."""
    here: str = ""
    """The entry of the navigation that is current: `search`, `browse`, `sources`, `alerts`, `help` or empty."""
    text: str = ""
    """What is in the search box."""
    feed: str = ""
    """Address of the Atom feed of what is shown; empty: none."""
    json_feed: str = ""
    """Address of the same feed as JSON; empty: none."""
    canonical: str = ""
    """The absolute address under which this view should be cited; empty: none."""
    unapi: str = ""
    """Absolute address at which reference managers get the documents that the page names; empty: it names none."""
    may_be_indexed: bool = True
    """False for views without end, such as combinations of filters."""
    description: str = ""
    lang: str = "en"
    """In which the page speaks: en, es, fr or pt."""
    visitor: Visitor | None = None
    """Who is signed in; None: no one. `Pages.respond` fills it in."""
    languages: tuple[TextLink, ...] = ()
    """This page in each of our languages, by its own name. `Pages.respond` fills it in."""


@dataclass(frozen=True, slots=True)
class TextLink:
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
    tag: str = ""
    """The facet and the value: `group:street_vendors`."""


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

    examples: tuple[TextLink, ...]
    shelves: tuple[Shelf, ...]
    newest: tuple[DocumentLine, ...]
    holdings: Holdings
    waiting: int = 0
    """Documents that are kept and not searchable yet."""
    error: str = ""
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
    """Address that removes it."""


@dataclass(frozen=True, slots=True)
class NamedChip:
    """What words of the search were understood as: a concept, or years."""

    kind: str
    label: str
    text: str
    """The words, as typed."""
    also: tuple[str, ...]
    """Other names that are searched for with it."""
    is_on: bool
    switch: str
    """Where it is switched off, or on again."""


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
    is_open: bool = False
    """Whether it is shown unfolded."""


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
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class PageLine:
    """A page that answers."""

    number: int
    href: str
    snippet: Markup
    """Escaped text with `<mark>`."""
    lang: str
    is_page: bool = True
    """False where the document has no pages to name (a web page)."""


@dataclass(frozen=True, slots=True)
class SameWorkLine:
    """A copy or translation of a document found."""

    words: str
    """The language of a translation; `copy` with its source."""
    href: str


@dataclass(frozen=True, slots=True)
class HitLine:
    """One document found."""

    title: str
    href: str
    lang: str
    facts: tuple[str, ...]
    passages: tuple[PageLine, ...]
    more_pages: int
    """Further pages with the words; -1: there are more, uncounted."""
    copies: int
    """Documents of its work, itself among them."""
    tags: tuple[str, ...]
    is_sample: bool
    direction: str = "auto"
    missing: tuple[str, ...] = ()
    """What of the search it lacks, as typed; empty for an answer."""
    same_work: tuple[SameWorkLine, ...] = ()
    id: str = ""
    is_marked: bool = False
    """True: it is in the reader's selection."""
    coins: str = ""
    """For reference managers; see search_api.answers.citations.pages."""


@dataclass(frozen=True, slots=True)
class SortChoice:
    """One order of the results."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class SuggestedSearch:
    """A search near the one that found nothing or little, and what it would find."""

    words: str
    href: str
    count: int


@dataclass(frozen=True, slots=True)
class ResultsPage:
    """Documents found by a search."""

    total: int
    """Works that answer; near documents are no part of it."""
    documents: int
    """Documents that answer."""
    first: int
    """1-based place of the first hit shown; 0 when there is none."""
    hits: tuple[HitLine, ...]
    chips: tuple[Chip, ...]
    named: tuple[NamedChip, ...]
    """What words of the search were understood as."""
    clear: str
    """Where all filters are gone and the words stay; empty when there is no filter."""
    facets: tuple[FacetBox, ...]
    years: YearBox | None
    with_mentions: bool
    """True: filters and counts are also of what documents only mention."""
    sorts: tuple[SortChoice, ...]
    kept: tuple[tuple[str, str], ...]
    """Names and values that the filter form carries on."""
    kept_by_sort: tuple[tuple[str, str], ...]
    """The same, of everything but filters."""
    kept_by_words: tuple[tuple[str, str], ...]
    """The same, of what does not belong to the words: for other words in the search box."""
    understood: tuple[str, ...]
    """How the search was understood, in sentences."""
    notices: tuple[str, ...]
    """What could not be understood or counted."""
    feed: str
    api: str
    marks: MarksForm
    export: ExportForm | None
    """None: there is not an answer to export."""
    next: str = ""
    previous: str = ""
    suggestions: tuple[SuggestedSearch, ...] = ()
    searched: int = 0
    """Documents that were looked through."""
    near: int = 0
    """Documents among the hits that lack something of the search."""
    without_near: str = ""
    """Where they are left out; empty: there are none."""
    more_near: str = ""
    """Where more of them are shown; empty: these are all."""
    with_near: str = ""
    """Where they are shown again; empty: they were not left out."""
    coverage: str = ""
    """What was searched, in one sentence."""
    report: str = ""
    """Where it says how the search was made."""
    freeze: str = ""
    """Where the search is sent to be frozen; empty: nothing is frozen here."""
    follow: str = ""
    """The page on which it is followed, and where the form for that is sent; empty: no further search can be followed here."""
    by_email: bool = True
    """False: this site sends no e-mail."""
    evidence: tuple[TextLink, ...] = ()
    """Pages of evidence on the concepts of the search."""


@dataclass(frozen=True, slots=True)
class HelpPage:
    """How to ask."""

    fields: tuple[tuple[str, str, str], ...] = ()
    """Name, meaning, example."""
    examples: tuple[tuple[str, str, str], ...] = ()
    """What is typed, what it finds, where it leads."""


@dataclass(frozen=True, slots=True)
class ProgramsPage:
    """How programs ask."""

    hits_max: int
    """Documents of one answer at most."""
    records_max: int
    """Records of one answer to a harvester at most."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """Something went wrong."""

    status: int
    heading: str
    message: str
    try_next: str
    ways: tuple[TextLink, ...] = field(default=())

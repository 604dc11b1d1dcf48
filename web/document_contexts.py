"""What the document page is given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from web.contexts import DocumentLine, TextLink
from web.curation_contexts import CorrectionForms, CuratedWork


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A place that indicates a tag."""

    page: int
    """0: a field of the document, which `where` names."""
    where: str
    href: str
    sentence: Markup
    """Empty when a person said so."""
    rule: str
    is_said: bool
    """A person gave or confirmed the tag, as `rule` says; True stands for no words of the document."""


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
    tag: str
    """Facet and id, as a correction names it: `group:street_vendors`."""


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A piece of a page's text."""

    kind: str
    """`text`, `head`, `lines` (line breaks mean something), `table` (so do the gaps), `small` (captions and notes) or `faint`
    (running heads and the like)."""
    body: Markup


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page to go to."""

    number: int
    href: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Version:
    """Bytes that an address held from a day on."""

    since: datetime
    sha256: str
    size: str
    is_shown: bool
    """True: this is the text that the pages here show."""
    compare: str = ""
    """Where it is shown beside that text; empty: it is that text, or was not read."""


@dataclass(frozen=True, slots=True)
class OfferedValue:
    """A value of a field as one place gives it."""

    value: str
    place: str
    """Where it is from, in words."""
    origin: str
    """The same, exact: `landing:citation_title`."""
    disagrees: bool = False


@dataclass(frozen=True, slots=True)
class FieldLine:
    """A field of the record: the chosen value, and what other places say."""

    name: str
    chosen: OfferedValue
    others: tuple[OfferedValue, ...]
    disagrees: bool


@dataclass(frozen=True, slots=True)
class CopyLine:
    """One place of a document."""

    address: str
    href: str
    """Empty when the address must not be opened (a file of a person's own, or not http)."""
    source: str
    source_href: str
    first_seen: datetime
    last_seen: datetime
    sha256: str
    size: str
    is_current: bool
    record: str
    """Identifier of the publisher's record; empty: none names it."""
    landing: TextLink | None
    """The publisher's page that leads to it."""
    versions: tuple[Version, ...]
    """What the address held, oldest first; empty when it was always the same."""
    gone_at: datetime | None
    gone_reason: str


@dataclass(frozen=True, slots=True)
class SimilarLine:
    """A document like the one shown."""

    title: str
    href: str
    lang: str
    facts: tuple[str, ...]
    """Publisher and year, as far as they are known."""
    reason: str
    """Why it is one, in words."""


@dataclass(frozen=True, slots=True)
class OutlineLine:
    """A heading of the document."""

    text: str
    number: int
    """The page on which it stands, 1-based."""
    href: str
    current: bool
    """True: it stands on the page that is shown."""


@dataclass(frozen=True, slots=True)
class RelatedLine:
    """A document that is a copy, translation, edition, extract or part of the one shown."""

    line: DocumentLine
    kind: str
    """What it is, in words."""
    confidence: str
    """How sure that is, in words."""
    evidence: tuple[str, ...]
    """Why, in words; the strongest first."""
    source: TextLink
    original: TextLink | None
    """Where a person opens the file; None: it must not be opened."""
    compare: str = ""
    """Where the two are shown side by side; empty: their texts are not alike, or there is none."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a document came from, what of it was read, and who says what of it."""

    source: TextLink
    first_seen: datetime
    read: str
    """What was read, in words."""
    is_wholly_read: bool
    found: str
    """How many of these pages can be found by their words, in words; empty: the index does not answer."""
    is_wholly_found: bool
    fields: tuple[FieldLine, ...]
    """Each field with the place that its value is from."""
    disagreements: int
    """Fields of which places say different things."""
    gone: tuple[str, datetime] | None
    """Why and since when no publisher has it any more; None: it is there."""
    licence: str
    copies: tuple[CopyLine, ...]
    related: tuple[RelatedLine, ...]
    """Copies, translations, editions, extracts and what was published together."""
    related_more: int
    """Documents of the same work that are not among them."""


@dataclass(frozen=True, slots=True)
class CitedLine:
    """The citation of a document or of one of its pages, and where it is returned."""

    plain: str
    plain_href: str
    files: tuple[TextLink, ...]
    """Formats that programs read."""
    styles: tuple[TextLink, ...]
    """Plain text in the style of each; empty where styles are not installed."""
    page: int
    """1-based; 0: the whole document."""


@dataclass(frozen=True, slots=True)
class RightsLine:
    """What is shown of a document, and why."""

    words: str
    """In one sentence; empty: there is nothing to say, since this machine alone is answered."""
    licence: TextLink | None
    """Where the licence that counts is explained; None: not known."""
    publisher: str
    """Where the whole is read at its publisher; empty: nowhere."""
    only_passages: bool


@dataclass(frozen=True, slots=True)
class DocumentPage:
    """One publication, one of its pages, and all that is known of both."""

    id: str
    title: str
    lang: str
    direction: str
    facts: tuple[str, ...]
    authors: str
    byline: str
    """The first authors, and how many more there are; empty: none is known."""
    about_links: tuple[TextLink, ...]
    """What it is about in a few words."""
    identifiers: tuple[TextLink, ...]
    """`DOI 10.1000/1` and the like; href empty when there is nothing to open."""
    abstract: str
    is_sample: bool
    back: str
    """The search one came from; empty: none."""
    original: str
    """Where the original is opened, at the page shown if it is a PDF; empty: nowhere."""
    original_words: str
    landing: str
    about: tuple[TagLine, ...]
    mentions: tuple[TagLine, ...]
    cited: CitedLine
    cited_page: CitedLine | None
    """The page that is shown; None where the document has one page or none."""
    bibtex: str
    meta: tuple[tuple[str, str], ...]
    """Highwire `<meta>` tags for reference managers."""
    coins: str
    """ContextObject of COinS."""
    number: int
    """The page shown, 1-based; 0 when the document has none."""
    page_count: int
    blocks: tuple[TextBlock, ...]
    """Empty when only passages are shown."""
    passages: tuple[Markup, ...]
    """Of the page shown, around the words; empty without words, and when the whole text is shown."""
    rights: RightsLine
    with_words: tuple[Leaf, ...]
    leaves: tuple[Leaf, ...]
    previous: str
    next: str
    text: str
    """Words that are marked; empty: none."""
    provenance: Provenance
    similar: tuple[SimilarLine, ...] = ()
    """Most alike first; empty: there are none, or the index does not answer."""
    outline: tuple[OutlineLine, ...] = ()
    """The headings of the document, as far as they are known."""
    picture: str = ""
    """Where the picture of the page is; empty: there is none, or it may not be shown."""
    found_words: str = ""
    """Where boxes around the words are, to be laid over the picture; empty: no words, or no picture."""
    report: str = ""
    """Where a mistake is reported: an e-mail address or page of the operators; empty: none is named."""
    hidden: tuple[tuple[str, str], ...] = ()
    """Names and values that the go-to form carries on."""
    corrections: CorrectionForms | None = None
    """What a signed-in person may correct; None: no one is signed in."""
    curated: CuratedWork | None = None
    """What a signed-in person may change; None: no one is signed in."""


@dataclass(frozen=True, slots=True)
class ComparedSide:
    """One of two documents or versions that are compared."""

    title: str
    href: str
    """The page that is shown, in the document's own page."""
    facts: tuple[str, ...]
    lang: str
    direction: str
    number: int
    """1-based."""
    page_count: int
    text: Markup
    """With what the other one does not have in <del> or <ins>; line breaks mean something."""


@dataclass(frozen=True, slots=True)
class ComparePage:
    """Two editions or versions side by side."""

    left: ComparedSide
    right: ComparedSide
    changes: int
    is_unlike: bool
    """True: the pages have next to nothing in common, and no change is marked."""
    is_cut: bool
    """True: a page is longer than what is compared."""
    previous: str
    next: str
    right_previous: str
    """The same page beside the one before on the right."""
    right_next: str
    action: str
    """Where the form that goes to a page is sent."""

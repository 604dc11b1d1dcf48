"""What is answered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from corpus.rights import WHOLE, Rights
from corpus.types import Document
from search_api.answers.snippets import Snippet
from search_api.query.parameters import SearchQuery


@dataclass(frozen=True, slots=True)
class PageHit:
    """A page that answers."""

    number: int
    """1-based, as in corpus.types.Page."""
    snippet: Snippet
    """About 240 characters with the words of the query marked; never empty."""


@dataclass(frozen=True, slots=True)
class SameWork:
    """A copy or a translation of a document that is found."""

    id: str
    lang: str
    """ISO 639-1."""
    source: str
    is_translation: bool
    """False: a copy, with the same text."""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that answers."""

    document: Document
    """As a list shows it: with what it is about, without mentions, evidence and pages."""
    score: float
    """Relevance, 0 or more; comparable within one answer only. 0 when nothing was ranked by words."""
    title: Snippet
    """With the words of the query marked."""
    pages: tuple[PageHit, ...] = ()
    """The best pages, best first, at most three; empty when no page has any of the words (a match in title, names)."""
    pages_matching: int = 0
    """Pages that match the text of the search on their own, back matter left out; 0 when its words are spread over several
    pages, or there are none."""
    abstract: Snippet = ()
    """Cut from the abstract, else from the first page with text; marked like a snippet. Given when `pages`
    is empty, so that each hit has something to read; empty when the document has no text."""
    missing: tuple[str, ...] = ()
    """What of the search a near document lacks, as typed; empty for an answer."""
    copies: int = 0
    """Other documents (copies, editions, translations) of the same work that are held."""
    same_work: tuple[SameWork, ...] = ()
    """Of these, its copies and translations, those with most pages first: no hits of their own."""
    rights: Rights = WHOLE
    """What may be shown of it; `document`, `pages` and `abstract` keep to it already."""

    @property
    def id(self) -> str:
        """Return the id of the document."""
        return self.document.id


@dataclass(frozen=True, slots=True)
class FacetCount:
    """How many documents a value would bring."""

    value: str
    """As a filter takes it."""
    label: str
    """For a person, in the language that was requested."""
    count: int
    """Documents that match the text and all OTHER filters and have this value."""
    chosen: bool = False
    """True: the value is one of the filter; it is listed even when its count is 0."""
    parents: tuple[str, ...] = ()
    """Values of the tree just above this one: broader concepts, of a country its regions, of a working sector its sections
    of ISIC; empty at the top, and where there is no tree."""


@dataclass(frozen=True, slots=True)
class NamedConcept:
    """A concept that the text of the search names."""

    facet: str
    id: str
    label: str
    """For a person, in the language that was requested."""
    text: str
    """The words that name it, as typed."""
    also: tuple[str, ...]
    """Other names that are searched for with it, some of them, in the four languages."""
    is_on: bool
    """False: it was switched off, and its words are searched for as plain words."""

    @property
    def name(self) -> str:
        """Return `group:street_vendors`, as the parameter `off` takes it."""
        return f"{self.facet}:{self.id}"


@dataclass(frozen=True, slots=True)
class Translations:
    """Words of other languages that count beside those of the search."""

    typed: tuple[str, ...]
    """Words of the search that have translations."""
    also: tuple[str, ...]
    """Translations, some of them, those of each word in turn."""
    is_on: bool
    """False: they were switched off, by `words:translations` in the parameter `off`."""


@dataclass(frozen=True, slots=True)
class QueryReading:
    """How the text of the search was understood. Nothing that was typed is dropped without a note."""

    text: str
    """As it was typed."""
    in_words: str = ""
    """For a person: `documents with "street" and "vendors", without "Peru"`; empty when there is not a text."""
    notes: tuple[str, ...] = ()
    """What could not be understood, was left out or was done otherwise than typed: one plain sentence each."""
    concepts: tuple[NamedConcept, ...] = ()
    """In the order of the text."""
    translations: Translations | None = None
    """None: no word has any."""
    years: str = ""
    """Years that are in the text without a name, as typed (`2015..2020`), and are a filter; empty: none."""
    ranks_by_all_words: bool = False
    """True: the text is so long that documents with most of its words are found, not only those with all."""


@dataclass(frozen=True, slots=True)
class Results:
    """The answer to one search."""

    asked: SearchQuery
    total: int
    """Answers, exact: works that have all that was requested (of a long text, half of it). Copies and translations are one."""
    hits: tuple[Hit, ...]
    """In the order that was requested: at most `asked.limit` answers and, on the first page, at most `asked.near` near
    documents among them."""
    facets: Mapping[str, tuple[FacetCount, ...]]
    """By the name of the parameter: country, region, sector, group, topic, lang, source, type, publisher (highest count first,
    then by label) and year (ascending)."""
    query: QueryReading
    next: str = ""
    """Cursor of the hits that follow; empty when there are none."""
    documents: int = 0
    """Documents that match: those of `total`, and copies and translations that are no hits of their own."""
    indexed: int = 0
    """Sequence number up to which the index shows the store."""
    seconds: float = field(default=0.0, compare=False)
    """Time taken."""

    @property
    def near(self) -> int:
        """Return how many of the hits lack something of the search; they are not counted in `total`."""
        return sum(1 for hit in self.hits if hit.missing)

"""What the tools answer. Names here stay: assistants rely on them; new ones may be added."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, Field

from corpus.types import Document
from search_api.answers.results import Hit
from search_api.answers.snippets import Snippet
from search_api.api.bodies import CollectionCoverageBody
from search_api.api.quote_bodies import page_link
from search_api.quotes.checking import CheckedQuote, QuoteVerdict
from search_api.quotes.showing import differences_of, printed_pieces


class ToolDocument(BaseModel):
    """A document."""

    id: str
    title: str
    authors: list[str]
    publisher: str
    published: str = Field(description="ISO 8601, as exact as it is known; empty: unknown")
    lang: str
    pages: int
    link: str = Field(description="its page in Pushcart")

    @classmethod
    def of(cls, document: Document, *, host: str) -> ToolDocument:
        """Return the body of a document."""
        return cls(
            id=document.id,
            title=document.title,
            authors=list(document.authors),
            publisher=document.publisher,
            published=document.published,
            lang=document.lang,
            pages=document.page_count,
            link=page_link(document.id, host=host),
        )


class ToolPassage(BaseModel):
    """A passage of a page."""

    page: int = Field(description="of the file, 1-based: cite it")
    text: str
    link: str = Field(description="opens at this page")


class ToolHit(BaseModel):
    """A document that answers a search."""

    document: ToolDocument
    passages: list[ToolPassage] = Field(description="of its best pages, at most three")
    abstract: str = Field(description="given where no page has the words")
    missing: list[str] = Field(description="words of the search that it lacks; empty: it has all")

    @classmethod
    def of(cls, hit: Hit, *, host: str) -> ToolHit:
        """Return the body of a hit."""
        return cls(
            document=ToolDocument.of(hit.document, host=host),
            passages=[
                ToolPassage(
                    page=page.number, text=plain_of(page.snippet), link=page_link(hit.id, host=host, page=page.number)
                )
                for page in hit.pages
            ],
            abstract=plain_of(hit.abstract),
            missing=list(hit.missing),
        )


class SearchAnswer(BaseModel):
    """The answer to `search`."""

    total: int = Field(description="works that answer, exact")
    hits: list[ToolHit] = Field(description="best first; near ones that lack something are among them")
    in_words: str = Field(description="how the search was understood")
    notes: list[str]
    next: str = Field(description="give it as `cursor` for the next hits; empty: there are no more")


class FetchAnswer(BaseModel):
    """The answer to `fetch`."""

    document: ToolDocument
    abstract: str
    about: list[str] = Field(description="countries, worker groups, sectors and topics that it is about")
    licence: str
    shown: str = Field(description="full or text: its pages can be read; snippet: passages around words only")
    publisher_link: str = Field(description="where it is read at its publisher's; empty: nowhere known")
    citation: str = Field(description="ready to be used")


class ReadPagesAnswer(BaseModel):
    """The answer to `read_pages`."""

    document: ToolDocument
    pages: list[ToolPassage]
    is_cut: bool = Field(description="true: there is more on these pages than was given; ask for fewer pages at once")
    note: str = Field(description="why there is less than the whole text; empty: nothing is left out")
    citation: str = Field(description="of the first of these pages, ready to be used")


class QuoteAnswer(StrEnum):
    """What `verify_quote` says in one word."""

    ON_THAT_PAGE = "on_that_page"
    """Word by word on the page that was named."""
    IN_THAT_DOCUMENT = "in_that_document"
    """Word by word in the document that was named, on the page that is given."""
    ELSEWHERE = "elsewhere"
    """Word by word in another document than the one named."""
    FOUND = "found"
    """Word by word; nobody named a document."""
    DIFFERENT = "different"
    """The nearest passage differs in the words that are given."""
    UNKNOWN = "unknown"
    """Nothing like it is held: that says nothing about documents that are not held."""


class ToolDifference(BaseModel):
    """Where a quotation is not what is printed."""

    kind: str = Field(description="figure, negation or word")
    quoted: str = Field(description="empty: the quotation leaves words out")
    printed: str = Field(description="empty: the words are not there; …: they may not be shown")


class VerifyQuoteAnswer(BaseModel):
    """The answer to `verify_quote`."""

    answer: QuoteAnswer
    document: ToolDocument | None = Field(description="in which it stands, or that has the nearest passage")
    page: int | None = Field(description="of the file, 1-based")
    last_page: int | None
    printed: str = Field(description="what is printed there; empty: nothing was found, or it may not be shown")
    differences: list[ToolDifference]
    similarity: float = Field(description="0 to 1; 1: the same words")
    link: str
    citation: str = Field(description="of the page, ready to be used; empty: nothing was found")

    @classmethod
    def of(cls, checked: CheckedQuote, answer: QuoteAnswer, *, host: str, citation: str) -> VerifyQuoteAnswer:
        """Return the body of a quotation that was looked up."""
        place = checked.place if checked.verdict is not QuoteVerdict.UNKNOWN else None
        return cls(
            answer=answer,
            document=ToolDocument.of(place.document, host=host) if place else None,
            page=place.page if place else None,
            last_page=place.last_page if place else None,
            printed=plain_of(printed_pieces(checked)),
            differences=[
                ToolDifference(kind=each.kind, quoted=each.quoted, printed=each.printed)
                for each in differences_of(checked)
            ],
            similarity=round(place.similarity, 3) if place else 0.0,
            link=page_link(place.document.id, host=host, page=place.page) if place else "",
            citation=citation,
        )


class CountedValue(BaseModel):
    """A value with the number of works that have it."""

    value: str
    label: str
    works: int


class CoverageAnswer(BaseModel):
    """The answer to `coverage`."""

    held: CollectionCoverageBody
    languages: list[CountedValue]
    sources: list[CountedValue] = Field(description="with most works, at most twenty")
    countries: list[CountedValue] = Field(description="that works are about, at most twenty; so are groups and topics")
    groups: list[CountedValue]
    topics: list[CountedValue]
    years: list[CountedValue]


def plain_of(snippet: Snippet) -> str:
    """Return a snippet as plain text."""
    return "".join(text for text, _ in snippet)

"""The bodies of checked quotes. Names here stay: other programs rely on them; new ones may be added."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from corpus.types import Document
from search_api.answers.collection import CollectionCoverage
from search_api.api.bodies import CollectionCoverageBody
from search_api.api.marked_text import html_of
from search_api.quotes.checking import CheckedQuote, QuotePlace
from search_api.quotes.cited import CheckedCitation
from search_api.quotes.drafts import TEXT_CHARACTERS_MAX, CheckedDraft, DraftQuote
from search_api.quotes.showing import differences_of, printed_pieces, quoted_pieces

VERDICT_WORDS = "found: word by word; different: the nearest passage is given; unknown: nothing like it is held"
_EXAMPLE: dict[str, Any] = {"text": "The report says: “Most street vendors are women” (Quispe, 2019, p. 41)."}


class QuotesRequest(BaseModel):
    """A text whose quotes are checked. Nothing of it is kept."""

    model_config = ConfigDict(json_schema_extra={"examples": [_EXAMPLE]})

    text: str = Field(
        max_length=TEXT_CHARACTERS_MAX,
        description="A sentence, a paragraph or a draft. A short text without quotation marks is taken as quotations itself",
    )


class QuotedDocumentBody(BaseModel):
    """A document that is named by a quotation or citation."""

    id: str
    title: str
    authors: list[str]
    publisher: str
    year: int | None
    link: str = Field(description="its page here")

    @classmethod
    def of(cls, document: Document, *, host: str, page: int | None = None) -> QuotedDocumentBody:
        """Return the body of a document, with a link to one of its pages."""
        return cls(
            id=document.id,
            title=document.title,
            authors=list(document.authors),
            publisher=document.publisher,
            year=int(document.published[:4]) if document.published[:4].isdigit() else None,
            link=page_link(document.id, host=host, page=page),
        )


class QuoteDifferenceBody(BaseModel):
    """A place at which a quotation is not what is printed."""

    kind: str = Field(description="figure, negation or word")
    quoted: str = Field(description="empty: the quotation leaves words out")
    printed: str = Field(description="empty: the words are not there; …: they may not be shown")


class QuotePlaceBody(BaseModel):
    """Where a quotation stands, or what is nearest to it."""

    document: QuotedDocumentBody
    page: int = Field(description="of the file, 1-based, on which it begins")
    last_page: int
    similarity: float = Field(description="0 to 1; 1: the same words")
    printed_html: str = Field(
        description="what is printed there, escaped, what differs in <mark>; … stands for what may not be shown"
    )
    differences: list[QuoteDifferenceBody]

    @classmethod
    def of(cls, checked: CheckedQuote, place: QuotePlace, *, host: str) -> QuotePlaceBody:
        """Return the body of a place."""
        return cls(
            document=QuotedDocumentBody.of(place.document, host=host, page=place.page),
            page=place.page,
            last_page=place.last_page,
            similarity=round(place.similarity, 3),
            printed_html=html_of(printed_pieces(checked)),
            differences=[
                QuoteDifferenceBody(kind=each.kind, quoted=each.quoted, printed=each.printed)
                for each in differences_of(checked)
            ],
        )


class OtherPlaceBody(BaseModel):
    """Another place at which a quotation stands word by word."""

    document: str
    page: int
    link: str


class CheckedQuoteBody(BaseModel):
    """A quotation that was looked up."""

    text: str
    text_html: str = Field(description="the same escaped, what differs in <mark>")
    verdict: str = Field(description=VERDICT_WORDS)
    place: QuotePlaceBody | None
    others: list[OtherPlaceBody]

    @classmethod
    def of(cls, checked: CheckedQuote, *, host: str) -> CheckedQuoteBody:
        """Return the body of a checked quotation."""
        return cls(
            text=checked.text,
            text_html=html_of(quoted_pieces(checked)),
            verdict=checked.verdict,
            place=QuotePlaceBody.of(checked, checked.place, host=host) if checked.place else None,
            others=[
                OtherPlaceBody(document=document, page=page, link=page_link(document, host=host, page=page))
                for document, page in checked.others
            ],
        )


class DraftQuoteBody(CheckedQuoteBody):
    """A quotation of a text that was looked up."""

    start: int = Field(description="0-based character of the text")
    end: int = Field(description="exclusive")
    title_of: str = Field(description="id of the document whose title it is; empty: of none")
    citation: str = Field(description="the citation that stands behind it; empty: none does")
    is_of_another_document: bool = Field(description="true: it was found, and in another document than the one cited")

    @classmethod
    def of_draft(cls, quote: DraftQuote, *, host: str) -> DraftQuoteBody:
        """Return the body of a quotation of a text."""
        return cls(
            **CheckedQuoteBody.of(quote.checked, host=host).model_dump(),
            start=quote.quotation.start,
            end=quote.quotation.end,
            title_of=quote.title_of,
            citation=quote.cited.citation.text if quote.cited else "",
            is_of_another_document=quote.is_of_another,
        )


class CheckedCitationBody(BaseModel):
    """A citation that was looked up."""

    text: str
    kind: str = Field(description="year: (Chen, 2012, p. 8); doi; link: to a document here; reference: of a list")
    verdict: str = Field(description="found: held; different: held with another year, title or page; unknown: not held")
    documents: list[QuotedDocumentBody] = Field(description="that may be meant, at most five")
    more: bool = Field(description="true: more than these may be meant")
    start: int
    end: int

    @classmethod
    def of(cls, checked: CheckedCitation, *, host: str) -> CheckedCitationBody:
        """Return the body of a checked citation."""
        return cls(
            text=checked.citation.text,
            kind=checked.citation.kind,
            verdict=checked.verdict,
            documents=[QuotedDocumentBody.of(each, host=host) for each in checked.documents],
            more=checked.more,
            start=checked.citation.start,
            end=checked.citation.end,
        )


class QuotesBody(BaseModel):
    """The quotations and citations of a text, each looked up."""

    quotes: list[DraftQuoteBody]
    citations: list[CheckedCitationBody]
    quotes_left_out: int = Field(description="quotations that were too many to be looked up")
    citations_left_out: int
    coverage: CollectionCoverageBody = Field(
        description="what is held: unknown means that it is not in these documents"
    )

    @classmethod
    def of(cls, draft: CheckedDraft, *, coverage: CollectionCoverage, host: str) -> QuotesBody:
        """Return the body of a checked text."""
        return cls(
            quotes=[DraftQuoteBody.of_draft(each, host=host) for each in draft.quotes],
            citations=[CheckedCitationBody.of(each, host=host) for each in draft.citations],
            quotes_left_out=draft.quotes_left_out,
            citations_left_out=draft.citations_left_out,
            coverage=CollectionCoverageBody.of(coverage),
        )


def page_link(document: str, *, host: str, page: int | None = None) -> str:
    """Return the address of a document or page here; relative when `host` is empty."""
    return f"{host}/documents/{document}" + (f"?page={page}#page={page}" if page else "")

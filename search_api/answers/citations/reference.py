"""What is cited, free of any format: every format is written from a `Reference`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote, urldefrag

from corpus.messages.values import type_name
from corpus.shown import without_signs
from corpus.types import LANGUAGES, LOCAL_SOURCE, Document
from corpus.urls import is_web_address
from search_api.answers.citations.keys import citation_key
from search_api.answers.citations.names import Name, name_of
from search_api.answers.citations.series import Series, series_of


class ReferenceKind(StrEnum):
    """What a publication is to someone who cites it."""

    ARTICLE = "article"
    BOOK = "book"
    CHAPTER = "chapter"
    REPORT = "report"
    THESIS = "thesis"
    LAW = "law"
    WEB_PAGE = "web_page"
    OTHER = "other"


_KINDS: Mapping[str, ReferenceKind] = {
    "working_paper": ReferenceKind.REPORT,
    "policy_brief": ReferenceKind.REPORT,
    "report": ReferenceKind.REPORT,
    "statistics": ReferenceKind.REPORT,
    "article": ReferenceKind.ARTICLE,
    "thesis": ReferenceKind.THESIS,
    "book": ReferenceKind.BOOK,
    "law": ReferenceKind.LAW,
    "web_page": ReferenceKind.WEB_PAGE,
}
_CHAPTER = re.compile(
    r"chapter|book[ _-]?(?:part|section|item)|in[ _-]?(?:book|collection)|cap[ií]tulo|chapitre", re.IGNORECASE
)
_WEB = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Reference:
    """A publication, or a page of one, as it is cited. All texts are on one line; empty when unknown."""

    key: str
    kind: ReferenceKind
    title: str
    authors: tuple[Name, ...]
    genre: str
    """`Documento de trabajo`: what a report or thesis is called, in the document's language where it is one of ours."""
    series: Series
    """Of an article, the journal; of a chapter, the book."""
    publisher: str
    issued: str
    """ISO 8601, as exact as it is known. Never the clock of a file."""
    doi: str
    isbn: str
    issn: str
    lang: str
    """ISO 639-1; empty when it cannot be told."""
    url: str
    """Where a person reads it: the publisher's page, else the file; empty for a person's own files. Of a page: the page."""
    accessed: date | None
    page: int
    """1-based, as a PDF viewer counts; 0: the whole document is cited."""
    page_count: int
    """Pages of a PDF; 0 when it has none, or is a web page."""
    abstract: str
    file: str = ""
    """Absolute address of its PDF, for programs that fetch it; empty: there is none that they could fetch."""

    @property
    def address(self) -> str:
        """Return the address to follow: that of the page, else the DOI's, else the publisher's."""
        return f"https://doi.org/{self.doi}" if self.doi and not self.page else self.url

    @property
    def year(self) -> str:
        """Return the year as four digits."""
        return self.issued[:4]


def reference_of(
    document: Document, *, page: int = 0, accessed: date | None = None, public_url: str = "", file: str | None = None
) -> Reference:
    """Return what is cited of a document.

    Args:
        document: without its pages is enough.
        page: 1-based; 0 cites the whole document. Whoever calls says whether there is such a page.
        accessed: the day on which someone reads it; None leaves it out. It is left out where there is not an address.
        public_url: beginning of our own absolute addresses, without a slash at the end: pages that no viewer opens at their
            publisher's are linked here. Empty: they have no link.
        file: absolute address of the PDF; None: that at its publisher, where it has one.
    """
    lang = "" if document.lang == "und" else document.lang
    publisher, issued = _one_line(document.publisher), "" if document.is_dated_by_file else document.published
    authors = tuple(
        name_of(text, lang=lang, publisher=publisher) for each in document.authors if (text := _one_line(each))
    )
    first = authors[0] if authors else name_of(publisher) if publisher else None
    series = series_of(_one_line(document.identifiers.get("series", "")))
    kind = _kind(document, series=series)
    url = page_address(document, page=page, public_url=public_url) if page else _address(document)
    return Reference(
        key=citation_key(document, author=first, year=issued[:4], page=page),
        kind=kind,
        title=_one_line(document.title),
        authors=authors,
        genre=_genre(document, kind=kind),
        series=series,
        publisher=publisher,
        issued=issued,
        doi=_identifier(document, "doi"),
        isbn=_identifier(document, "isbn"),
        issn=_identifier(document, "issn"),
        lang=lang,
        url=url,
        accessed=accessed if url else None,
        page=page,
        page_count=document.page_count if document.content_type == "application/pdf" else 0,
        abstract=_one_line(document.abstract),
        file=_file_address(document) if file is None else _one_line(file),
    )


def page_address(document: Document, *, page: int, public_url: str = "") -> str:
    """Return where a page opens: in the PDF at its publisher, else on our page of the document; empty when nowhere.

    Args:
        document: whose page it is.
        page: 1-based.
        public_url: as in `reference_of`.
    """
    if file := _file_address(document):
        return f"{urldefrag(file).url}#page={page}"
    return f"{public_url}/documents/{quote(document.id, safe='')}?page={page}#page={page}" if public_url else ""


def _file_address(document: Document) -> str:
    """Return where the PDF is at its publisher; empty when it is none, or not there."""
    is_at_publisher = document.source != LOCAL_SOURCE and not document.is_sample and is_web_address(document.url)
    return _one_line(document.url) if document.content_type == "application/pdf" and is_at_publisher else ""


def _kind(document: Document, *, series: Series) -> ReferenceKind:
    named = [each.value for each in document.evidence.get("type", ())]
    if document.type in ("book", "document") and any(map(_CHAPTER.search, named)):
        return ReferenceKind.CHAPTER
    is_web = document.content_type in _WEB
    kind = _KINDS.get(document.type)
    if kind is ReferenceKind.ARTICLE and is_web and not (series.name or document.identifiers.get("issn")):
        return ReferenceKind.WEB_PAGE  # news and blogs call themselves articles
    if kind is not None:
        return kind
    if document.identifiers.get("isbn"):
        return ReferenceKind.BOOK
    if is_web:
        return ReferenceKind.WEB_PAGE
    # A file that someone published is a report, even if it does not say so.
    return ReferenceKind.REPORT if document.publisher or series.name else ReferenceKind.OTHER


def _genre(document: Document, *, kind: ReferenceKind) -> str:
    if kind not in (ReferenceKind.REPORT, ReferenceKind.THESIS):
        return ""
    called = document.type if _KINDS.get(document.type) is kind else "report"
    return type_name(called, lang=document.lang if document.lang in LANGUAGES else "en")


def _address(document: Document) -> str:
    """Return the publisher's page, else the file, else the DOI's address; a person's own file has none."""
    found = next((_one_line(url) for url in (document.landing_url, document.url) if is_web_address(url)), "")
    doi = _identifier(document, "doi")
    return found or (f"https://doi.org/{doi}" if doi else "")


def _identifier(document: Document, name: str) -> str:
    return _one_line(document.identifiers.get(name, ""))


def _one_line(text: str) -> str:
    """Fold white space: a line break in a value would end a RIS field and begin another."""
    return " ".join(without_signs(text).split())

"""CSL-JSON, which citation processors (citeproc, pandoc, Zotero) read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from search_api.answers.citations.names import Name
from search_api.answers.citations.reference import Reference, ReferenceKind

_TYPES: Mapping[ReferenceKind, str] = {
    ReferenceKind.ARTICLE: "article-journal",
    ReferenceKind.BOOK: "book",
    ReferenceKind.CHAPTER: "chapter",
    ReferenceKind.REPORT: "report",
    ReferenceKind.THESIS: "thesis",
    ReferenceKind.LAW: "legislation",
    ReferenceKind.WEB_PAGE: "webpage",
    ReferenceKind.OTHER: "document",
}


def csl_item(reference: Reference) -> dict[str, Any]:
    """Return an item of CSL-JSON 1.0.2; what is not known is left out."""
    series, kind = reference.series, reference.kind
    host = "container-title" if kind in (ReferenceKind.ARTICLE, ReferenceKind.CHAPTER) else "collection-title"
    in_book_series = kind in (ReferenceKind.BOOK, ReferenceKind.CHAPTER)
    number = "issue" if kind is ReferenceKind.ARTICLE else "collection-number" if in_book_series else "number"
    values = {
        "id": reference.key,
        "type": _TYPES[kind],
        "author": list(map(_author, reference.authors)),
        "title": reference.title,
        host: series.name,
        "genre": reference.genre,
        "publisher": reference.publisher,
        "issued": _date(reference.issued),
        "volume": series.volume,
        number: series.number,
        "page": str(reference.page) if reference.page else series.pages,
        "number-of-pages": str(reference.page_count) if reference.page_count and not series.pages else "",
        "DOI": reference.doi,
        "ISBN": reference.isbn,
        "ISSN": reference.issn,
        "URL": reference.url,
        "accessed": _date(reference.accessed),
        "language": reference.lang,
        "abstract": reference.abstract,
    }
    return {name: value for name, value in values.items() if value}


def _author(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}


def _date(day: str | date | None) -> dict[str, Any]:
    if not day:
        return {}
    return {"date-parts": [[int(part) for part in str(day).split("-")]]}

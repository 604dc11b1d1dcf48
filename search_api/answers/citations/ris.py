"""RIS records, which Zotero, EndNote, Mendeley and the catalogues of libraries read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import rispy

from search_api.answers.citations.names import Name
from search_api.answers.citations.reference import Reference, ReferenceKind

_TYPES: Mapping[ReferenceKind, str] = {
    ReferenceKind.ARTICLE: "JOUR",
    ReferenceKind.BOOK: "BOOK",
    ReferenceKind.CHAPTER: "CHAP",
    ReferenceKind.REPORT: "RPRT",
    ReferenceKind.THESIS: "THES",
    ReferenceKind.LAW: "GOVDOC",
    ReferenceKind.WEB_PAGE: "ELEC",
    ReferenceKind.OTHER: "RPRT",
}
"""Zotero takes LEGAL for a case before a court, and GEN for an article of a journal; grey literature is more like a report.
Its cases and statutes have no title: a list of results with one of them cannot be chosen from."""
_COMMA_OF_NAME = "\u201a"
"""Looks like a comma and parts no name: RIS has no other way to keep an organisation's commas. Zotero would read
`Ministry of Labour, Employment` as a person, and has no quotation marks; EndNote wants two commas, which Zotero takes for a
person too."""
_COUNTER = re.compile(r"^\d+\.\n", re.MULTILINE)


def ris(reference: Reference, *, keywords: Sequence[str] = (), notes: Sequence[str] = ()) -> str:
    """Return a record: people as `Torres, Ana`, organisations whole.

    Args:
        reference: what is cited.
        keywords: one line each.
        notes: one line each, beside those that the citation itself needs.
    """
    entry: dict[str, object] = {
        "type_of_reference": _TYPES[reference.kind],
        **_values(reference),
        "keywords": list(keywords),
        "notes": [*_notes(reference), *notes],
    }
    record = rispy.dumps([{name: value for name, value in entry.items() if value}])
    return _COUNTER.sub("", str(record)).strip() + " \n"  # the last line is `ER  - `, with its space


def _values(reference: Reference) -> dict[str, object]:
    series, number = reference.series, reference.series.number
    first, _, last = series.pages.partition("-")
    page = str(reference.page) if reference.page else ""
    is_article, is_report = reference.kind is ReferenceKind.ARTICLE, reference.kind is ReferenceKind.REPORT
    # Of a whole book or thesis SP is how long it is; of everything else where it begins.
    is_whole_book = reference.kind in (ReferenceKind.BOOK, ReferenceKind.THESIS) and not page
    length = str(reference.page_count) if is_whole_book and reference.page_count else ""
    return {
        "id": reference.key,
        "authors": list(map(_author, reference.authors)),
        "title": reference.title,
        "secondary_title": series.name,
        "type_of_work": reference.genre,
        "publisher": reference.publisher,
        "year": reference.year,
        "date": reference.issued.replace("-", "/"),
        "volume": series.volume,
        "number": number if is_article else "",
        "note": number if not is_article and not is_report else "",
        # SN of a report is its number, for Zotero and EndNote alike.
        "issn": number if is_report else reference.issn if is_article else reference.isbn or reference.issn,
        "start_page": page or length or first,
        "end_page": page or last,
        "abstract": reference.abstract,
        "doi": reference.doi,
        "language": reference.lang,
        "urls": [reference.url] if reference.url else [],
        "file_attachments1": reference.file,
        "access_date": reference.accessed.isoformat().replace("-", "/") if reference.accessed else "",
    }


def _notes(reference: Reference) -> list[str]:
    """Return identifiers for which a record of its kind has no field."""
    names = {ReferenceKind.REPORT: ("isbn", "issn"), ReferenceKind.ARTICLE: ("isbn",)}.get(
        reference.kind, ("issn",) if reference.isbn else ()
    )
    return [f"{name.upper()} {value}" for name in names if (value := getattr(reference, name))]


def _author(name: Name) -> str:
    return name.literal.replace(",", _COMMA_OF_NAME) if name.literal else name.inverted

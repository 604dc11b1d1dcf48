"""What reference managers find in a page of ours: Highwire tags and COinS."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from search_api.answers.citations.names import Name
from search_api.answers.citations.reference import Reference, ReferenceKind

_FORMATS: Mapping[ReferenceKind, tuple[str, str]] = {
    ReferenceKind.ARTICLE: ("journal", "article"),
    ReferenceKind.BOOK: ("book", "book"),
    ReferenceKind.CHAPTER: ("book", "bookitem"),
    ReferenceKind.REPORT: ("book", "report"),
    ReferenceKind.THESIS: ("dissertation", "dissertation"),
    ReferenceKind.WEB_PAGE: ("dc", ""),
}
"""Format of OpenURL and genre within it; of other kinds: a document in that of books."""
_TITLES: Mapping[ReferenceKind, tuple[str, str]] = {
    ReferenceKind.ARTICLE: ("rft.atitle", "rft.jtitle"),
    ReferenceKind.BOOK: ("rft.btitle", "rft.series"),
    ReferenceKind.CHAPTER: ("rft.atitle", "rft.btitle"),
    ReferenceKind.REPORT: ("rft.btitle", "rft.series"),
}
"""Keys of the title and of what it is part of. Zotero reads `rft.btitle` of books and reports only, of others `rft.title`."""
_INSTITUTIONS: Mapping[ReferenceKind, str] = {
    ReferenceKind.REPORT: "citation_technical_report_institution",
    ReferenceKind.THESIS: "citation_dissertation_institution",
}
"""Who published it, by a name that also says what it is."""
AUTHORS_MAX = 20
"""Authors in a ContextObject: a page of results has twenty of these."""


def highwire_tags(reference: Reference, *, address: str, pdf: str) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of the `<meta>` tags that reference managers look for.

    Args:
        reference: the whole document.
        address: absolute address of the document's page here.
        pdf: absolute address of the PDF; empty when there is none to name.
    """
    series, is_report = reference.series, reference.kind is ReferenceKind.REPORT
    institution = _INSTITUTIONS.get(reference.kind, "citation_publisher")
    publisher = reference.publisher
    if is_report and not publisher:  # without an institution, a reference manager takes it for an article
        publisher = next((name.literal for name in reference.authors if name.literal), "")
    host = {ReferenceKind.ARTICLE: "citation_journal_title", ReferenceKind.CHAPTER: "citation_inbook_title"}.get(
        reference.kind, "citation_series_title"
    )
    tags = (
        ("citation_title", reference.title),
        *(("citation_author", name.inverted) for name in reference.authors),
        ("citation_publication_date", reference.issued.replace("-", "/")),
        (institution, publisher),
        (host, series.name),
        ("citation_volume", series.volume),
        ("citation_technical_report_number" if is_report else "citation_issue", series.number),
        ("citation_doi", reference.doi),
        ("citation_isbn", reference.isbn),
        ("citation_issn", reference.issn),
        ("citation_language", reference.lang),
        ("citation_abstract_html_url", " ".join(address.split())),
        ("citation_pdf_url", " ".join(pdf.split())),
    )
    return tuple((name, value) for name, value in tags if value)


def coins(reference: Reference) -> str:
    """Return the ContextObject in a Span (OpenURL 1.0) of a document, with its first AUTHORS_MAX authors."""
    form, genre = _FORMATS.get(reference.kind, ("book", "document"))
    title, host = _TITLES.get(reference.kind, ("rft.title", "rft.source" if form == "dc" else "rft.series"))
    values = (
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{form}"),
        ("rft.genre", genre),
        (title, reference.title),
        (host, reference.series.name),
        ("rft.volume", reference.series.volume),
        ("rft.issue", reference.series.number if form == "journal" else ""),
        *(_author(name) for name in reference.authors[:AUTHORS_MAX]),
        ("rft.inst" if form == "dissertation" else "rft.pub", reference.publisher),
        ("rft.date", reference.issued),
        ("rft.isbn", reference.isbn),
        ("rft.issn", reference.issn),
        ("rft.language", reference.lang),
        ("rft_id", f"info:doi/{reference.doi}" if reference.doi else ""),
        ("rft_id", reference.url),
    )
    return urlencode([(name, value) for name, value in values if value])


def _author(name: Name) -> tuple[str, str]:
    """Return the key and value of an author: the name of an organisation is not taken apart."""
    is_organisation = bool(name.literal) and " " in name.literal
    return ("rft.aucorp", name.literal) if is_organisation else ("rft.au", name.inverted)

"""What reference managers find in a page of ours: Highwire tags and COinS."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlencode

from search_api.answers.citations.reference import Reference, ReferenceKind

_GENRES: Mapping[ReferenceKind, str] = {
    ReferenceKind.ARTICLE: "article",
    ReferenceKind.BOOK: "book",
    ReferenceKind.CHAPTER: "bookitem",
    ReferenceKind.REPORT: "report",
}


def highwire_tags(reference: Reference, *, address: str, pdf: str) -> tuple[tuple[str, str], ...]:
    """Return the names and contents of the `<meta>` tags that reference managers look for.

    Args:
        reference: the whole document.
        address: absolute address of the document's page here.
        pdf: absolute address of the PDF; empty when there is none to name.
    """
    series, is_report = reference.series, reference.kind is ReferenceKind.REPORT
    host = {ReferenceKind.ARTICLE: "citation_journal_title", ReferenceKind.CHAPTER: "citation_inbook_title"}.get(
        reference.kind, "citation_series_title"
    )
    tags = (
        ("citation_title", reference.title),
        *(("citation_author", name.inverted) for name in reference.authors),
        ("citation_publication_date", reference.issued.replace("-", "/")),
        ("citation_technical_report_institution" if is_report else "citation_publisher", reference.publisher),
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
    """Return the ContextObject in a Span (OpenURL 1.0) of a document."""
    genre = _GENRES.get(reference.kind, "document")
    is_article = reference.kind is ReferenceKind.ARTICLE
    titles = {
        ReferenceKind.ARTICLE: (("rft.atitle", reference.title), ("rft.jtitle", reference.series.name)),
        ReferenceKind.CHAPTER: (("rft.atitle", reference.title), ("rft.btitle", reference.series.name)),
    }.get(reference.kind, (("rft.btitle", reference.title), ("rft.series", reference.series.name)))
    values = (
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", f"info:ofi/fmt:kev:mtx:{'journal' if is_article else 'book'}"),
        ("rft.genre", genre),
        *titles,
        *(("rft.au", name.inverted) for name in reference.authors),
        ("rft.pub", reference.publisher),
        ("rft.date", reference.issued),
        ("rft.isbn", reference.isbn),
        ("rft.language", reference.lang),
        ("rft_id", f"info:doi/{reference.doi}" if reference.doi else ""),
    )
    return urlencode([(name, value) for name, value in values if value])

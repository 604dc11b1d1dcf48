"""The addresses of our own pages, and the check that strangers' addresses pass before they become links."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote, urlencode

from corpus.rights import Rights
from corpus.types import LOCAL_SOURCE, Document
from corpus.urls import is_web_address
from search_api.answers.evidence import EVIDENCE_FACETS
from search_api.query.parameters import SearchQuery, Sort
from web.language import LANGUAGE_PARAMETER

Parameters = tuple[tuple[str, str], ...]


def with_parameters(path: str, parameters: Iterable[tuple[str, str]]) -> str:
    """Return a path with its query; without a question mark when there are no parameters."""
    # Colons are in our region ids (wb:SSA) and are allowed there: shorter, and kinder to read.
    query = urlencode(tuple(parameters), safe=":", quote_via=quote).replace("%20", "+")
    return f"{path}?{query}" if query else path


def search_address(query: SearchQuery) -> str:
    """Return the one address of a search."""
    return with_parameters("/search", query.to_parameters())


def report_address(query: SearchQuery, *, wanted: str = "") -> str:
    """Return the address of the report of a search; order counts, place and size of a page do not.

    Args:
        wanted: `json` or `markdown`; empty: a page.
    """
    kept = [each for each in query.to_parameters() if each[0] not in ("limit", "near", "cursor")]
    return with_parameters("/report", [*kept, *([("format", wanted)] if wanted else [])])


def freeze_address(query: SearchQuery) -> str:
    """Return where a search is sent to be frozen, by POST."""
    kept = (each for each in query.to_parameters() if each[0] not in ("limit", "near", "cursor"))
    return with_parameters("/frozen", kept)


def frozen_address(name: str, *, part: str = "", **parameters: str) -> str:
    """Return the address of a frozen search, or of a part of it such as `report`; empty parameters are left out."""
    path = f"/frozen/{quote(name, safe='')}" + (f"/{part}" if part else "")
    return with_parameters(path, ((each, value) for each, value in parameters.items() if value))


def feed_address(query: SearchQuery) -> str:
    """Return the address of the Atom feed of a search; order, size and near documents of the results page play no part.

    A cursor counts where it is one of the feed: a search that is sorted otherwise is followed from its beginning.
    """
    return with_parameters("/feed.atom", _of_feed(query))


def json_feed_address(query: SearchQuery) -> str:
    """Return the address of the JSON Feed of a search; what counts is as for the Atom feed."""
    return with_parameters("/feed.json", _of_feed(query))


def _of_feed(query: SearchQuery) -> Parameters:
    ignored = ("sort", "limit", "near") if query.sort is Sort.FIRST_SEEN else ("sort", "limit", "near", "cursor")
    return tuple(each for each in query.to_parameters() if each[0] not in ignored)


def follow_address(query: SearchQuery) -> str:
    """Return the page on which a search is followed; order, size and near documents of the results page play no part."""
    kept = (each for each in query.to_parameters() if each[0] not in ("sort", "limit", "near", "cursor"))
    return with_parameters("/alerts/new", kept)


def evidence_address(facet: str, concept: str, *, lang: str = "en") -> str:
    """Return the address of the page of evidence on a concept: `/evidence/group/street_vendors`.

    Empty for facets whose values have no such page.
    """
    if facet not in EVIDENCE_FACETS:
        return ""
    parameters = [] if lang == "en" else [(LANGUAGE_PARAMETER, lang)]
    return with_parameters(f"/evidence/{facet}/{quote(concept, safe=':')}", parameters)


def filtered(**values: str) -> str:
    """Return the address of all documents with these values: `filtered(country="PER")`."""
    return with_parameters("/search", values.items())


def document_address(document_id: str, *, page: int | None = None, text: str = "", came_from: str = "") -> str:
    """Return the address of a document, or of one of its pages.

    Args:
        page: 1-based; also written as fragment, so that the browser goes to the text.
        text: words to mark.
        came_from: the filters of the search one comes from, as the query of its address; leads back.
    """
    parameters = [("q", text)] * bool(text) + [("page", str(page))] * (page is not None)
    parameters += [("from", came_from)] * bool(came_from)
    address = with_parameters(f"/documents/{quote(document_id, safe='')}", parameters)
    return address if page is None else f"{address}#page={page}"


def picture_address(document_id: str, number: int) -> str:
    """Return the address of the picture of a page (1-based)."""
    return f"/documents/{quote(document_id, safe='')}/pages/{number}.webp"


def found_words_address(document_id: str, number: int, *, text: str) -> str:
    """Return the address of the boxes around words on the picture of a page (1-based)."""
    return with_parameters(f"/documents/{quote(document_id, safe='')}/pages/{number}.svg", [("q", text)])


def compare_address(document_id: str, other: str, *, page: int = 0, other_page: int = 0) -> str:
    """Return where a document is compared with another one, or with an earlier version of its file.

    Args:
        other: id of the document, or SHA-256 of the version.
        page: of the document, 1-based; 0: the first.
        other_page: of the other one, 1-based; 0: the one most like it.
    """
    parameters = [("page", str(page))] * bool(page) + [("with", str(other_page))] * bool(other_page)
    return with_parameters(f"/documents/{quote(document_id, safe='')}/compare/{quote(other, safe='')}", parameters)


def has_picture(document: Document, rights: Rights) -> bool:
    """Say whether pictures of the pages of a document are handed out: of PDFs that may be shown whole."""
    return document.content_type == "application/pdf" and document.page_count > 0 and rights.shows_file


def outside(url: str) -> str:
    """Return an address of someone else's that is fit to be a link; empty when it is not http(s) with a host.

    Harvested pages are strangers': `javascript:` and its kin must never become a link of ours.
    """
    if any(ord(each) <= 0x20 or each in '\\"<>' for each in url):
        return ""
    return url if is_web_address(url) else ""


def serves_original(document: Document, rights: Rights) -> bool:
    """Say whether we return the stored file itself.

    A person's own files have no other address, and the samples are ours; everything else is read at its publisher, which
    also keeps files of strangers off our address.
    """
    is_here = document.source == LOCAL_SOURCE or document.is_sample or document.url.startswith("file:")
    return is_here and rights.shows_file


def original_address(document: Document, rights: Rights) -> str:
    """Return where a person opens the original; empty when there is nowhere."""
    if serves_original(document, rights):
        return f"/documents/{quote(document.id, safe='')}/original"
    return outside(document.url)


def pdf_address(document: Document, rights: Rights, *, public_url: str) -> str:
    """Return the absolute address of a document's PDF, for programs that fetch it; empty when it is none, or nowhere."""
    if document.content_type != "application/pdf":
        return ""
    original = original_address(document, rights)
    return f"{public_url}{original}" if original.startswith("/") else original

"""A document of a digest from its record, with no more of its text than its rights let a stranger see."""

from __future__ import annotations

from collections.abc import Iterable

from alerts.writing.content import DigestEntry
from corpus.rights import Rights, shown
from corpus.types import Document, Page
from search_api.answers.filter_labels import FilterLabels
from search_api.answers.marks import Marker
from search_api.answers.passages import snippet_of
from search_api.answers.snippets import Snippet, mark_words, snippet


def make_entry(
    document: Document,
    *,
    page: Page | None,
    words: Iterable[str],
    tags: Iterable[str],
    address: str,
    marker: Marker,
    rights: Rights,
    names: FilterLabels,
    copies: int = 0,
) -> DigestEntry:
    """Return a document as a message shows it.

    Args:
        document: without pages, or with.
        page: the best one; None: no page matched on its own, and the abstract is shown.
        words: of the search, as they are in the document.
        tags: concepts and values of filters that it matched by: `group:street_vendors`, `year:2019`; each is named once.
        address: opens it at that page.
        marker: of the search.
        rights: by corpus.rights.policy_of_messages.
        names: of tags.
        copies: other copies and translations that are held.
    """
    allowed = shown(document, rights)
    marked = mark_words(document.title, marker, lang=document.lang)
    return DigestEntry(
        id=document.id,
        title=document.title,
        address=address,
        marked_title=marked if any(is_match for _, is_match in marked) else (),
        publisher=document.publisher,
        year=document.published[:4],
        lang=document.lang,
        kind=document.type,
        page=page.number if page is not None and _is_paged(document) else None,
        passage=_passage(allowed, page, marker=marker, rights=rights),
        words=tuple(words),
        tags=tuple(dict.fromkeys(names.label(*tag.split(":", 1)) for tag in tags)),
        copies=copies,
        first_seen=document.first_seen,
        is_sample=document.is_sample,
    )


def _is_paged(document: Document) -> bool:
    """Say whether its pages are those that a reader sees; a web page is page 1 to us alone."""
    return document.page_count > 1 or document.content_type == "application/pdf"


def _passage(document: Document, page: Page | None, *, marker: Marker, rights: Rights) -> Snippet:
    """Return what is shown of a page, else of the abstract; empty where there is neither."""
    if page is not None and page.text.strip():
        return snippet_of(page, marker, lang=document.lang, is_whole=rights.shows_text)
    return snippet(document.abstract, marker, lang=document.lang) if document.abstract.strip() else ()

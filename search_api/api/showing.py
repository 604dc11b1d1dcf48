"""The bodies of one document and one page, put together from the store: for the API and for `pushcart show --json`."""

from __future__ import annotations

from corpus.errors import EngineUnavailable
from corpus.messages.reasons import reason_in_words
from corpus.rights import EVERYTHING, RightsPolicy, shown
from corpus.store import Store
from corpus.types import Reading
from corpus.vocabulary import Vocabulary
from search_api.answers.marks import Marker
from search_api.answers.passages import passages
from search_api.answers.related import related_documents
from search_api.api.document_bodies import DocumentBody, PageBody, ReadingBody, RightsBody, TagBody
from search_api.api.marked_text import html_of
from search_api.api.related_bodies import RelatedBody
from search_api.engines.base import SearchEngine


def document_body(
    document_id: str,
    *,
    store: Store,
    vocabulary: Vocabulary,
    engine: SearchEngine | None = None,
    rights: RightsPolicy = EVERYTHING,
) -> DocumentBody:
    """Return a document with its tags and their evidence, every value offered for its fields, and its copies.

    Args:
        engine: says how many of its pages can be found; None: it is not asked.
        rights: decides what is shown of it.

    Raises NotFound: there is no such document.
    """
    found = store.documents.get(document_id)
    allowed = rights.of(found)
    document = shown(found, allowed)
    reading = store.readings.get(document.sha256)
    together = store.documents.work(document.work).documents if document.work != document.id else ()
    return DocumentBody.of(
        document,
        tags=[TagBody.of(tag, label=vocabulary.label(tag.facet, tag.concept, "en")) for tag in document.tags],
        copies=store.files.copies(document_id),
        same_work=[each for each in together if each != document_id],
        related=[RelatedBody.of(each, seen_from=document_id) for each in related_documents(document, store=store)],
        reading=_reading_body(reading, pages_read=document.page_count) if reading else None,
        pages_indexed=_pages_indexed(document_id, engine),
        rights=allowed,
    )


def _pages_indexed(document_id: str, engine: SearchEngine | None) -> int | None:
    if engine is None:
        return None
    try:
        return engine.indexed_pages([document_id]).get(document_id)
    except EngineUnavailable:  # the records can be read anyway
        return None


def _reading_body(reading: Reading, *, pages_read: int) -> ReadingBody:
    return ReadingBody(
        outcome=reading.outcome,
        reason=reason_in_words(reading.reason),
        kind=reading.reason.kind if reading.reason else "",
        pages_read=pages_read,
        page_total=reading.page_total,
        engine=reading.engine,
    )


def page_body(
    document_id: str,
    number: int,
    *,
    store: Store,
    rights: RightsPolicy = EVERYTHING,
    marker: Marker | None = None,
) -> PageBody:
    """Return one page of a document, by its 1-based number: its text, or passages of it.

    Args:
        rights: decides which.
        marker: of the words that passages are wanted around; None: no words.

    Raises NotFound: there is no such document or page.
    """
    document = store.documents.get(document_id)
    page = store.pages.get(document_id, number)
    allowed = rights.of(document)
    found = passages(page, marker, lang=document.lang) if marker and not allowed.shows_text else ()
    return PageBody(
        document=document_id,
        number=number,
        page_count=document.page_count,
        lang=document.lang,
        text=page.text if allowed.shows_text else "",
        passages=[html_of(each) for each in found],
        rights=RightsBody.of(allowed),
    )

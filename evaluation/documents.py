"""Texts of a judged collection as documents, made as those of a harvest are: language detected, tagged with evidence."""

from __future__ import annotations

import multiprocessing
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

from corpus.languages import code_of
from corpus.types import Change, ChangeKind, Document, Page
from evaluation.collection import JudgedText
from nlp.language import UNDETERMINED, language_of
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger
from nlp.pipeline.zone_weights import back_matter
from nlp.zones import with_zones

_FIRST_SEEN = datetime(2026, 1, 1, tzinfo=UTC)
_TEXTS_AT_ONCE = 4
"""Handed to a process together: one by one, passing them costs more than short texts take to tag."""

_tagger: Tagger | None = None
"""Of a tagging process: made when it starts."""


def tagged_documents(texts: Iterable[JudgedText], *, processes: int) -> Iterator[Document]:
    """Yield a tagged document for each text, in order.

    Args:
        texts: taken from only a little ahead of what was yielded.
        processes: that tag at the same time, one or more; 1: this one does.
    """
    if processes == 1:
        tagger = open_tagger()
        yield from (document_of(text, tagger=tagger) for text in texts)
        return
    # Started afresh (no fork): the caller may hold threads.
    with multiprocessing.get_context("spawn").Pool(processes, initializer=_start) as pool:
        yield from pool.imap(_in_process, texts, chunksize=_TEXTS_AT_ONCE)


def _start() -> None:
    global _tagger
    _tagger = open_tagger()


def _in_process(text: JudgedText) -> Document:
    assert _tagger is not None
    return document_of(text, tagger=_tagger)


def document_of(text: JudgedText, *, tagger: Tagger) -> Document:
    """Return the document that a text makes."""
    pages = with_zones([Page(at, unicodedata.normalize("NFC", page)) for at, page in enumerate(text.pages, start=1)])
    title = unicodedata.normalize("NFC", text.title).strip()
    lang = _language(text)
    return Document(
        id=text.id,
        source="judged",
        url=f"https://example.org/{text.id}",
        sha256="0" * 64,
        title=title or text.id,
        lang=lang,
        first_seen=_FIRST_SEEN,
        page_count=len(pages),
        tags=tagger.tag(TaggedText(title=title, pages=pages, lang=lang)),
        pages=pages,
        back_matter=back_matter(pages),
    )


def _language(text: JudgedText) -> str:
    """Return the language of the pages; where they are too short, the declared one, else that of the title."""
    detected = language_of(text.pages)
    if detected != UNDETERMINED:
        return detected
    return code_of(text.lang) or language_of([text.title])


def changes_of(documents: Iterable[Document]) -> Iterator[Change]:
    """Give each document as a change, in order."""
    for sequence, document in enumerate(documents, start=1):
        yield Change(sequence=sequence, document_id=document.id, kind=ChangeKind.ADDED, document=document)

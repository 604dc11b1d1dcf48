"""What an export shows of the text of a document: the one place where that is decided."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.rights import Rights
from corpus.shown import without_signs
from corpus.store import StoredPage
from corpus.types import Document
from search_api.answers.marks import Marker
from search_api.answers.passages import snippet_of
from search_api.answers.snippets import snippet


@dataclass(frozen=True, slots=True)
class RecordTexts:
    """The texts of a record. Each is on one line."""

    snippet: str
    """About 240 characters of the best page, else the beginning of the abstract or of the first page; empty when it has no text."""
    abstract: str
    """As the publisher wrote it; empty when there is none."""


def texts_of(document: Document, *, page: StoredPage | None, marker: Marker, rights: Rights) -> RecordTexts:
    """Return what a record shows of a document's text. Every text of it that an export returns comes from here.

    Args:
        document: as much of it as may be shown; without its pages is enough.
        page: the page that is shown; None: its abstract is, where it has one.
        marker: what to look for.
        rights: what may be shown of it.
    """
    return RecordTexts(snippet=_passage(document, page, marker, rights=rights), abstract=one_line(document.abstract))


def _passage(document: Document, page: StoredPage | None, marker: Marker, *, rights: Rights) -> str:
    if page is not None:
        found = snippet_of(page.page(), marker, lang=document.lang, is_whole=rights.shows_text)
    else:
        found = snippet(document.abstract, marker, lang=document.lang) if document.abstract else ()
    return one_line("".join(text for text, _ in found))


def one_line(text: str) -> str:
    """Return a text without line breaks, controls and signs that turn text: each would break one of the formats."""
    return " ".join(without_signs(text).split())

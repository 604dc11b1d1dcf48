"""Proof of coverage: how many pages there are, how many were read, and how many of these can be found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from search_api.analysis import exact
from search_api.engines.base import SearchEngine

if TYPE_CHECKING:
    from corpus.store import ReadPages, Store

_CHARACTERS_MAX = 1000
"""Pages with more text than this are taken to have words: fetching every text of a source would take seconds."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of some documents was read, and how much of that can be found."""

    documents: int
    documents_indexed: int
    pages_read: int
    """Pages that were reached, with or without text."""
    page_total: int
    """Pages that the files say they have; at least `pages_read`."""
    pages_indexed: int
    """Pages that can be found by their words."""
    pages_without_words: int
    """Pictures, empty pages: nothing is there by which they could be found."""
    changes_behind: int
    """How many changes, at most, the index does not show yet; a document changed by one of them may be counted as it was."""

    @property
    def pages_missing(self) -> int:
        """Return how many pages have words and cannot be found by them; 0 when the index is whole."""
        return max(0, self.pages_read - self.pages_without_words - self.pages_indexed)

    @property
    def is_whole(self) -> bool:
        """Say whether every page was read, and every page with words can be found."""
        return (
            self.pages_read == self.page_total and not self.pages_missing and self.documents == self.documents_indexed
        )


def coverage_of(read: Sequence[ReadPages], *, engine: SearchEngine, store: Store) -> Coverage:
    """Compare what was read of documents with what the index has of them.

    Raises EngineUnavailable: the index does not answer.
    """
    indexed = engine.indexed_pages([each.document_id for each in read])
    # Blank pages are looked for only where the counts differ: in most documents each page has words.
    short = [each.document_id for each in read if indexed.get(each.document_id, 0) < each.read]
    blank = [text for _, text in store.pages.short_texts(short, characters_max=_CHARACTERS_MAX) if not exact(text)]
    return Coverage(
        documents=len(read),
        documents_indexed=len(indexed),
        pages_read=sum(each.read for each in read),
        page_total=sum(each.total for each in read),
        pages_indexed=sum(min(indexed.get(each.document_id, 0), each.read) for each in read),
        pages_without_words=len(blank),
        changes_behind=max(0, store.changes.last_sequence() - engine.applied_sequence()),
    )

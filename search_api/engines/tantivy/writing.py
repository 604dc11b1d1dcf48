"""Changes -> both indexes, in commits that a crash cannot tear apart."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import tantivy
from tantivy import Index, IndexWriter, Query

from corpus.types import Change
from search_api.engines.records import records_of
from search_api.engines.tantivy.schema import document_row, documents_schema, make_index, page_row, pages_schema

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

COMMIT_DOCUMENTS = 1000
COMMIT_SECONDS = 15.0
"""A commit costs about a tenth of a second (fsync), and is how much work a crash can cost at most."""
HEAP_BYTES = 64_000_000
"""Memory of each of the two writers before it writes a segment."""


def write_changes(
    generation: Path,
    changes: Iterable[Change],
    *,
    applied: int,
    vocabulary: Vocabulary,
    record: Callable[[int], None],
) -> int:
    """Apply changes to the indexes of a generation and return the applied sequence. Needs the lock.

    Args:
        generation: its folder.
        changes: in order, with documents.
        applied: sequence number that was applied before.
        vocabulary: for regions and broader concepts.
        record: called with the applied sequence after both indexes have committed.
    """
    with _Writing(generation) as writing:
        waiting, last_commit = 0, time.monotonic()
        for change in changes:
            writing.apply(change, vocabulary=vocabulary)
            applied = max(applied, change.sequence)
            waiting += 1
            if waiting >= COMMIT_DOCUMENTS or time.monotonic() - last_commit > COMMIT_SECONDS:
                writing.commit()
                record(applied)
                waiting, last_commit = 0, time.monotonic()
        if waiting:
            writing.commit()
            record(applied)
    return applied


class _Writing:
    """The two writers; opened with the first change, merged segments waited for at the end."""

    def __init__(self, generation: Path) -> None:
        self._generation = generation
        self._documents: _OneIndex | None = None
        self._pages: _OneIndex | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for each in (self._documents, self._pages):
            if each is not None:
                each.finish()

    def apply(self, change: Change, *, vocabulary: Vocabulary) -> None:
        if self._documents is None or self._pages is None:
            self._documents = _OneIndex(self._generation / "documents", documents_schema(), "id")
            self._pages = _OneIndex(self._generation / "pages", pages_schema(), "document")
        if change.document is None:
            self._documents.remove(change.document_id)
            self._pages.remove(change.document_id)
            return
        document, pages = records_of(change.document, sequence=change.sequence, vocabulary=vocabulary)
        self._documents.put(document.id, document.version, [document_row(document)])
        self._pages.put(document.id, document.version, [page_row(page) for page in pages])

    def commit(self) -> None:
        if self._pages is not None and self._documents is not None:
            self._pages.commit()
            self._documents.commit()


class _OneIndex:
    """One index being written."""

    def __init__(self, folder: Path, schema: tantivy.Schema, key: str) -> None:
        self._schema, self._key = schema, key
        self._index: Index = make_index(folder, schema)
        self._writer: IndexWriter = self._index.writer(heap_size=HEAP_BYTES, num_threads=1)
        self._index.reload()
        self._before = self._index.searcher()
        self._maybe_ahead = self._before.num_docs > 0

    def put(self, key: str, version: str, rows: list[tantivy.Document]) -> None:
        """Replace the rows of a document.

        A crash between the commits and the record of the sequence leaves rows that are applied again. Rows that are
        there in just this version are left alone: replaced ones would count in the statistics until segments merge,
        and scores would differ from those of a run without the crash.
        """
        if self._maybe_ahead:
            same = Query.term_query(self._schema, "version", version, "basic")
            present = self._before.search(same, 1, count=True).count  # type: ignore[attr-defined]
            if present == len(rows):
                if rows:
                    return
            else:
                self._maybe_ahead = False  # commits are in the order of changes: nothing after this one is there
        self._writer.delete_documents_by_term(self._key, key)
        for row in rows:
            self._writer.add_document(row)

    def remove(self, key: str) -> None:
        self._writer.delete_documents_by_term(self._key, key)

    def commit(self) -> None:
        self._writer.commit()

    def finish(self) -> None:
        """Let segments merge and free the lock. What was not committed is dropped."""
        self._writer.rollback()
        self._writer.wait_merging_threads()

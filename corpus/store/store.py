"""The one way to the records. Each method is one transaction; what it promised is on disk when it returns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from types import TracebackType
from typing import Self

from sqlalchemy.engine import Connection, Engine

from corpus.errors import NotFound
from corpus.reasons import Failure
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.source_health import SourceHealth
from corpus.store import failed, harvested, marks, published, status, texts, unindexed, untagged
from corpus.store.failed import FailedSearchCount
from corpus.store.harvested import FetchedState
from corpus.store.kept import KeptDocuments
from corpus.store.marks import Kinship
from corpus.store.opening import open_engine, store_errors
from corpus.store.published import WaitingDocument
from corpus.store.status import FileOutcome, ReadPages, StoreStatus
from corpus.store.unindexed import UnindexedDocument
from corpus.store.untagged import TaggingFault, UntaggedDocument
from corpus.types import Change, Copy, Document, FetchedFile, FileVersion, Page, Reading, Source, Work


def open_store(settings: Settings) -> Store:
    """Open the record store, making or migrating its database where needed.

    Raises StoreUnavailable, BadSettings: it cannot be opened; the message says why.
    """
    return Store(open_engine(settings))


class Store:
    """Records of sources, files, readings, documents, tags and changes.

    Safe to share between threads. Readers never wait; writers wait for one another and raise StoreBusy after a minute.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._kept = KeptDocuments()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._engine.dispose()

    @contextmanager
    def _reads(self) -> Iterator[Connection]:
        with store_errors(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writes(self) -> Iterator[Connection]:
        with store_errors(), self._writer.begin() as connection:
            yield connection

    # ------------------------------------------------------------------ sources and runs

    def save_source(self, source: Source) -> None:
        """Keep a source as it is declared now."""
        with self._writes() as connection:
            harvested.save_source(connection, source)

    def sources(self) -> tuple[Source, ...]:
        """Return all sources that were ever saved, by slug."""
        with self._reads() as connection:
            return harvested.all_sources(connection)

    def source_names(self) -> dict[str, str]:
        """Return the name of each source that was ever saved, by slug."""
        with self._reads() as connection:
            return harvested.source_names(connection)

    def save_run(self, run: HarvestRun) -> None:
        """Keep a run report; the same source and start replace the report before."""
        with self._writes() as connection:
            harvested.save_run(connection, run)

    def runs(self, source: str, *, limit: int = 20, before: datetime | None = None) -> tuple[HarvestRun, ...]:
        """Return the run reports of a source, newest first; with `before`, those that started earlier than that."""
        with self._reads() as connection:
            return harvested.runs_of(connection, source, limit=limit, before=before)

    def run(self, source: str, *, started: datetime) -> HarvestRun | None:
        """Return the run of a source that started at a moment; None when there is none."""
        with self._reads() as connection:
            return harvested.run_of(connection, source, started=started)

    def run_after(self, source: str, *, started: datetime) -> HarvestRun | None:
        """Return the next run of a source after the one that started at a moment; None when that is the newest."""
        with self._reads() as connection:
            return harvested.run_after(connection, source, started=started)

    def counted_runs(self, source: str) -> int:
        """Return how many run reports of a source there are."""
        with self._reads() as connection:
            return harvested.counted_runs(connection, source)

    def source_health(self, *, source: str | None = None) -> tuple[SourceHealth, ...]:
        """Return every source with what it has brought, by slug; only one of them, or none, when its slug is given."""
        with self._reads() as connection:
            return status.source_health(connection, source=source)

    # ------------------------------------------------------------------ fetched files

    def known_file(self, source: str, url: str) -> FetchedFile | None:
        """Return what an address of a source holds, as it was last fetched; None when it was never fetched."""
        with self._reads() as connection:
            return harvested.known_file(connection, source, url)

    def save_fetched(self, fetched: FetchedFile, *, is_heir: bool = True) -> FetchedState:
        """Record a file whose bytes are in the file store. May be repeated.

        Args:
            is_heir: whether it may be a new version of what was kept at an address that the version before took for the same.
        """
        with self._writes() as connection:
            return harvested.save_fetched(connection, fetched, is_heir=is_heir)

    def touch_fetched(self, source: str, url: str, *, at: datetime) -> None:
        """Record that an address still holds what it held (304, or the same bytes)."""
        with self._writes() as connection:
            harvested.touch_fetched(connection, source, url, at=at)

    def touch_listed(self, source: str, url: str, *, at: datetime) -> None:
        """Record that a publisher still lists an address, whatever it holds; nothing happens when we do not know it."""
        with self._writes() as connection:
            harvested.touch_listed(connection, source, url, at=at)

    def files_described_at(self, source: str, url: str) -> tuple[FetchedFile, ...]:
        """Return the files that a landing page leads to, or that are themselves at its address, and are not gone."""
        with self._reads() as connection:
            return harvested.files_described_at(connection, source, url)

    def files_of_record(self, source: str, record: str) -> tuple[FetchedFile, ...]:
        """Return the files that a publisher's record names, also those that are gone."""
        with self._reads() as connection:
            return harvested.files_of_record(connection, source, record)

    def mark_gone(self, source: str, url: str, *, at: datetime, reason: Failure) -> bool:
        """Flag a file as gone, and say whether that is news. The next sighting takes the flag away; nothing is deleted."""
        with self._writes() as connection:
            return harvested.mark_gone(connection, source, url, at=at, reason=reason)

    def mark_unseen(self, source: str, *, since: datetime, at: datetime, reason: Failure) -> int:
        """Flag as gone what no sighting since a moment confirmed; return how many files that are. May be repeated."""
        with self._writes() as connection:
            return harvested.mark_unseen(connection, source, since=since, at=at, reason=reason)

    def held(self, source: str) -> int:
        """Return how many files of a source are there, as far as we know: those that are not gone."""
        with self._reads() as connection:
            return harvested.held(connection, source)

    def versions_of(self, document_id: str) -> tuple[FileVersion, ...]:
        """Return every version that the addresses of a document ever held, oldest first; empty: no such document."""
        with self._reads() as connection:
            return harvested.versions_of(connection, document_id)

    def fetched_of(self, document_id: str) -> tuple[FetchedFile, ...]:
        """Return every copy of a document, first seen first; empty when there is none."""
        with self._reads() as connection:
            return harvested.fetched_of(connection, document_id)

    def copies_of(self, document_id: str) -> tuple[Copy, ...]:
        """Return every place of a document with its history, first seen first; empty when there is none."""
        with self._reads() as connection:
            return harvested.copies_of(connection, document_id)

    def gone_files(self, source: str, *, limit: int) -> tuple[FetchedFile, ...]:
        """Return files of a source that the publisher no longer has, gone last first."""
        with self._reads() as connection:
            return harvested.gone_files(connection, source, limit=limit)

    # ------------------------------------------------------------------ readings and pages

    def files_to_read(self, *, reader_version: str, limit: int = 1000) -> tuple[FetchedFile, ...]:
        """Return files that this version of the reader has not read; each SHA-256 once, first seen first."""
        with self._reads() as connection:
            return harvested.files_to_read(connection, reader_version=reader_version, limit=limit)

    def save_reading(self, reading: Reading, *, reader_version: str) -> None:
        """Keep a reading with its pages; its documents then wait to be made anew. May be repeated."""
        with self._writes() as connection:
            texts.save_reading(connection, reading, reader_version=reader_version)

    def reading(self, sha256: str) -> Reading | None:
        """Return the reading of a file without its pages; None when it was not read yet."""
        with self._reads() as connection:
            return texts.reading_of(connection, sha256)

    def pages_of_file(self, sha256: str) -> tuple[Page, ...]:
        """Return all pages of a file, in order."""
        with self._reads() as connection:
            return texts.pages_of_files(connection, [sha256]).get(sha256, ())

    def file_outcomes(
        self,
        *,
        outcome: str | None = None,
        source: str | None = None,
        limit: int | None = None,
        only_unreadable: bool = False,
    ) -> tuple[FileOutcome, ...]:
        """List files with how their reading ended, by source and address.

        Args:
            outcome: only these; `waiting` lists those that were not read yet.
            only_unreadable: only those that were tried, and not wholly read.
        """
        with self._reads() as connection:
            return status.file_outcomes(
                connection, outcome=outcome, source=source, limit=limit, only_unreadable=only_unreadable
            )

    def read_pages(self, source: str) -> tuple[ReadPages, ...]:
        """Return of each document of a source how many pages were read of how many, by id."""
        with self._reads() as connection:
            return status.read_pages(connection, source)

    def short_texts(self, document_ids: Sequence[str], *, characters_max: int) -> tuple[tuple[str, str], ...]:
        """Return the pages of documents that have no more text than that, as pairs of document and text."""
        with self._reads() as connection:
            return texts.short_texts(connection, document_ids, characters_max=characters_max)

    # ------------------------------------------------------------------ documents

    def documents_to_tag(self, *, limit: int = 50, without: Collection[str] = ()) -> tuple[WaitingDocument, ...]:
        """Return documents that wait to be made anew and whose first copy has been read; those of `without` aside."""
        with self._reads() as connection:
            return published.documents_to_tag(connection, limit=limit, without=without)

    def mark_stale(self, *, tagger_version: str) -> int:
        """Let every document wait that another version of the tagger tagged; returns how many."""
        with self._writes() as connection:
            return published.mark_stale(connection, tagger_version=tagger_version)

    def settle(self, document_id: str) -> None:
        """Note that a waiting document needs nothing more, though it was not saved: there is nothing to make it of."""
        with self._writes() as connection:
            published.settle(connection, document_id)

    def save_document(
        self, document: Document, *, tagger_version: str = "", fault: TaggingFault | None = None
    ) -> Change:
        """Keep a document with its tags and write the change, in one transaction. Pages come from its reading.

        Args:
            fault: why it has no tags; None: it was tagged.
        """
        with self._writes() as connection:
            return published.save_document(connection, document, tagger_version=tagger_version, fault=fault)

    def keep_untagged(self, document_id: str, fault: TaggingFault, *, tagger_version: str) -> None:
        """Note that no document could be made, not even without tags; it waits no longer, until `retry_failed`."""
        with self._writes() as connection:
            untagged.keep_untagged(connection, document_id, fault, tagger_version=tagger_version)
            published.settle(connection, document_id)

    def untagged(self) -> tuple[UntaggedDocument, ...]:
        """Return the documents that could not be tagged, by id."""
        with self._reads() as connection:
            return untagged.all_untagged(connection)

    def retry_failed(self) -> int:
        """Let everything be read and tagged again that a limit or a crash ended; returns how much. May be repeated."""
        with self._writes() as connection:
            return untagged.reread_failed(connection) + untagged.retag_stale(connection, tagger_version=None)

    def remove_document(self, document_id: str) -> Change:
        """Take a document out of the records; its bytes and reading stay. Raises NotFound."""
        with self._writes() as connection:
            return published.remove_document(connection, document_id)

    def document(self, document_id: str, *, with_pages: bool = False) -> Document:
        """Return a document with its tags. Raises NotFound."""
        found = self.documents([document_id], with_pages=with_pages)
        if document_id not in found:
            raise NotFound(f"There is no document {document_id}.", try_next="Look for it by its title.")
        return found[document_id]

    def documents(self, ids: Sequence[str], *, with_pages: bool = False) -> dict[str, Document]:
        """Return documents with their tags, in the order of `ids`; unknown ids are not in the answer."""
        with self._reads() as connection:
            return published.documents_by_id(connection, ids, with_pages=with_pages)

    def documents_in_brief(self, ids: Sequence[str]) -> dict[str, Document]:
        """Return documents by id as a list shows them: with the tags that they are about, without evidence and pages."""
        with self._reads() as connection:
            # Asked for first: what is read after it is as new at least.
            stamp = published.last_change(connection)
            found = self._kept.held(ids, stamp=stamp)
            if lacking := [each for each in ids if each not in found]:
                read = published.documents_in_brief(connection, lacking)
                self._kept.keep(read, stamp=stamp)
                found |= read
            return found

    def copies_by_work(self, works: Sequence[str]) -> dict[str, int]:
        """Return how many documents each of these works has; at most some hundred works."""
        with self._reads() as connection:
            return published.copies_by_work(connection, works) if works else {}

    def document_ids(self) -> tuple[str, ...]:
        """Return the ids of all documents, first seen first."""
        with self._reads() as connection:
            return published.document_ids(connection)

    def newest_documents(self, *, limit: int) -> tuple[Document, ...]:
        """Return the documents seen last, newest first, without pages."""
        with self._reads() as connection:
            ids = published.document_ids(connection, newest=limit)
            return tuple(published.documents_by_id(connection, ids, with_pages=False).values())

    def work(self, work_id: str) -> Work:
        """Return a work with its documents, first seen first; empty when no document belongs to it."""
        with self._reads() as connection:
            return Work(work_id, published.document_ids(connection, work=work_id))

    def page(self, document_id: str, number: int) -> Page:
        """Return one page of a document, by its 1-based number. Raises NotFound."""
        with self._reads() as connection:
            return texts.page_of(connection, document_id, number)

    def page_texts(self, wanted: Mapping[str, Sequence[int]]) -> dict[tuple[str, int], str]:
        """Return texts by document and page number; what does not exist is not in the answer."""
        with self._reads() as connection:
            return texts.page_texts(connection, wanted)

    # ------------------------------------------------------------------ changes and counts

    def changes_after(self, sequence: int, *, limit: int = 100) -> tuple[Change, ...]:
        """Return the newest change of each document that changed after `sequence`, in order, with the documents as they are.

        A change whose document is None was removed, then or later. The last one's sequence is where to go on.
        """
        with self._reads() as connection:
            return published.changes_after(connection, sequence, limit=limit)

    def last_changes(self, document_ids: Sequence[str]) -> dict[str, int]:
        """Return the sequence number of the newest change of each document; a document without any is absent."""
        with self._reads() as connection:
            return published.last_changes(connection, document_ids)

    def last_sequence(self) -> int:
        """Return the sequence number of the newest change; 0 when there is none."""
        with self._reads() as connection:
            return published.last_sequence(connection)

    def kinship(self, mark: str) -> Kinship:
        """Say whether a mark, as changes carry it, is of these records, of a newer copy of them, or of others."""
        with self._reads() as connection:
            return marks.kinship(connection, mark)

    def changed_since(self, sequence: int) -> tuple[int, int]:
        """Return how many documents were here at a change, and how many of these changed after it."""
        with self._reads() as connection:
            return marks.changed_since(connection, sequence)

    def keep_unindexed(self, document_id: str, *, sequence: int, reason: str) -> None:
        """Note that the search index refused a document at a change; an older note on it is replaced."""
        with self._writes() as connection:
            unindexed.keep_unindexed(connection, document_id, sequence=sequence, reason=reason)

    def unindexed(self) -> tuple[UnindexedDocument, ...]:
        """Return the documents that the search index refused as they are now, first refused first."""
        with self._reads() as connection:
            return unindexed.all_unindexed(connection)

    def forget_unindexed(self, document_ids: Sequence[str]) -> None:
        """Take away the notes on documents that the search index took."""
        if document_ids:
            with self._writes() as connection:
                unindexed.forget_unindexed(connection, document_ids)

    def status(self) -> StoreStatus:
        """Count everything."""
        with self._reads() as connection:
            return status.status(connection)

    # ------------------------------------------------------------------ searches that found nothing

    def count_failed_search(self, words: str, *, filters: str, day: date) -> None:
        """Count a search that found nothing; the rarest ones make room when there are too many.

        Args:
            words: without anything that tells who asked; at most 120 characters.
            filters: names of the filters that were on, with a space between; at most 120 characters.
            day: UTC.
        """
        with self._writes() as connection:
            failed.count_failed_search(connection, words, filters=filters, day=day)

    def failed_searches(self, *, limit: int) -> tuple[FailedSearchCount, ...]:
        """Return the searches that found nothing, the most frequent first, then the latest."""
        with self._reads() as connection:
            return failed.all_failed_searches(connection, limit=limit)

    def forget_failed_searches(self) -> int:
        """Take all counts of searches that found nothing away, and return how many searches there were."""
        with self._writes() as connection:
            return failed.forget_failed_searches(connection)

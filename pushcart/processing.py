"""Reading and tagging what waits, and bringing the index up to date: the steps between a saved file and a search result.

Each step asks the store what is to be done and saves each thing when it is finished, so that a killed run continues where
it was. Nothing here knows of the network.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

import structlog

from corpus.files import FileStore
from corpus.settings import Settings
from corpus.store import Store, WaitingDocument
from corpus.types import FetchedFile, Reading
from nlp.making import DocumentPool, Made
from nlp.making_messages import DocumentTask
from nlp.pipeline.version import tagger_version
from nlp.reading import READER_VERSION, ReadRequest, read_files

_log = structlog.get_logger(__name__)

_BATCH = 500
"""Files asked for at a time."""
_DOCUMENTS = 50
"""Documents, with their pages, held in memory at a time."""
_FIRST_SEARCHABLE = 5
"""Documents after which the index is brought up to date for the first time: a person sees that something can be found."""
_SEARCHABLE_SECONDS = 20.0
"""Then it is this often; each time costs some tenths of a second."""


@dataclass(slots=True)
class Processed:
    """What a run of processing did; grows while it runs."""

    outcomes: Counter[str] = field(default_factory=Counter)
    """Files read, by outcome."""
    pages: int = 0
    documents: int = 0
    """Documents made or made again."""
    untagged: int = 0
    """Documents that could not be tagged; most of them were made without tags."""
    without_text: int = 0
    """Files of which no document could be made: nothing could be read, and not stated what they are."""


OnStep = Callable[[str, int], None]
"""Called with what was finished ("read", "tagged") and how many pages it had."""


def count_work(store: Store) -> tuple[int, int]:
    """Return how many files are to be read and how many documents are to be made, at most.

    Documents that another version of the tagger tagged wait from now on, so that they are among them.
    """
    store.queue.mark_stale(tagger_version=tagger_version())
    return store.queue.count_files_to_read(reader_version=READER_VERSION), store.status().waiting


def process(
    store: Store,
    files: FileStore,
    *,
    settings: Settings,
    on_step: OnStep,
    on_searchable: Callable[[], None] = lambda: None,
) -> Processed:
    """Read every unread file and make every waiting document. May be repeated; a killed run continues where it was.

    Documents are not related here (`nlp.works.relate_waiting`): they can be searched before that is known.

    Args:
        on_searchable: brings the index up to date. Called after the first few documents, and then at times, but not after the
            last one.
    """
    files.sweep()
    done = Processed()
    is_sample = {source.slug: source.is_sample for source in store.sources.all()}
    store.queue.mark_stale(tagger_version=tagger_version())
    with DocumentPool(settings) as pool:
        maker = _DocumentMaker(
            store, pool, is_sample=is_sample, done=done, on_step=on_step, on_searchable=on_searchable
        )
        maker.begin(store.queue.ready())
        while batch := store.queue.files_to_read(reader_version=READER_VERSION, limit=_BATCH):
            for reading in read_lent(batch, files, settings=settings):
                save_reading(store, reading, done=done, on_step=on_step)
                # Here, while the reading processes continue with the next files.
                maker.begin(store.queue.ready(of_files=[reading.sha256]))
        maker.finish()
    return done


def read_lent(fetched: Iterable[FetchedFile], files: FileStore, *, settings: Settings) -> Iterator[Reading]:
    """Read files, as they are finished. Those of a store elsewhere are copied a few ahead of the reading, and each copy is
    deleted when it was read: the first file does not wait for the others, and the disk holds a few.

    Raises FileMissing: one of them is not kept.
    """
    lent: dict[str, ExitStack] = {}

    def requests() -> Iterator[ReadRequest]:
        for each in fetched:
            lent[each.sha256] = ExitStack()
            path = lent[each.sha256].enter_context(files.local_path(each.sha256))
            yield ReadRequest(sha256=each.sha256, path=path, content_type=each.content_type, url=each.url)

    try:
        for reading in read_files(requests(), settings=settings):
            lent.pop(reading.sha256).close()
            yield reading
    finally:
        for each in lent.values():
            each.close()


def save_reading(store: Store, reading: Reading, *, done: Processed, on_step: OnStep) -> None:
    """Save what was read of a file, and count it."""
    store.readings.save(reading, reader_version=READER_VERSION)
    done.outcomes[reading.outcome.value] += 1
    done.pages += len(reading.pages)
    on_step("read", len(reading.pages))
    _log.info(
        "file read",
        sha256=reading.sha256,
        outcome=reading.outcome.value,
        pages=len(reading.pages),
        seconds=reading.seconds,
        reason=reading.reason.kind if reading.reason else None,
    )


class _DocumentMaker:
    """Makes documents of what was read, in processes of their own, and saves them."""

    def __init__(
        self,
        store: Store,
        pool: DocumentPool,
        *,
        is_sample: Mapping[str, bool],
        done: Processed,
        on_step: OnStep,
        on_searchable: Callable[[], None],
    ) -> None:
        self._store = store
        self._pool = pool
        self._is_sample = is_sample
        self._done = done
        self._on_step = on_step
        self._on_searchable = on_searchable
        self._unindexed = 0
        self._indexed_at: float | None = None
        """By the monotonic clock; None: never."""

    def begin(self, ids: Sequence[str]) -> None:
        """Have documents made, those aside that are being made, and save those that are finished."""
        new = [each for each in ids if each not in self._pool.ids]
        for start in range(0, len(new), _DOCUMENTS):
            for waiting in self._store.queue.documents_to_tag(new[start : start + _DOCUMENTS]):
                task = task_of(waiting, self._store, is_sample=self._is_sample, done=self._done)
                if task is None:
                    continue
                while not self._pool.has_room:
                    self._save(self._pool.take())
                self._pool.submit(task)
        for made in self._pool.ready():
            self._save(made)

    def finish(self) -> None:
        """Wait for all of them, and for what another command let wait meanwhile."""
        while True:
            while self._pool.ids:
                self._save(self._pool.take())
            if not (late := self._store.queue.ready()):
                return
            self.begin(late)

    def _save(self, made: Made) -> None:
        save_made(self._store, made, done=self._done, on_step=self._on_step)
        self._unindexed += made.document is not None
        if self._indexed_at is None:
            is_due = self._unindexed >= _FIRST_SEARCHABLE
        else:
            is_due = self._unindexed > 0 and time.monotonic() - self._indexed_at > _SEARCHABLE_SECONDS
        if is_due and self._pool.ids:  # after the last one the caller does it
            self._on_searchable()
            self._unindexed, self._indexed_at = 0, time.monotonic()


def task_of(
    waiting: WaitingDocument, store: Store, *, is_sample: Mapping[str, bool], done: Processed
) -> DocumentTask | None:
    """Return what is to be made of a document; None: it has neither text nor title, and waits no longer."""
    if not _has_substance(waiting):
        store.queue.remove(waiting.id)
        done.without_text += 1
        return None
    return DocumentTask(
        id=waiting.id,
        copies=waiting.copies,
        reading=waiting.reading,
        work=waiting.id,
        first_seen=waiting.first_seen,
        is_sample=is_sample.get(waiting.copies[0].source, False),
    )


def save_made(store: Store, made: Made, *, done: Processed, on_step: OnStep) -> None:
    """Save a document, or why there is none, and count it."""
    version = tagger_version()
    if made.document is not None:
        store.documents.save(made.document, tagger_version=version, fault=made.fault)
        _log.info("document saved", document=made.id, pages=made.document.page_count, tags=len(made.document.tags))
        done.documents += 1
        on_step("tagged", made.document.page_count)
    elif made.fault is not None:
        store.queue.save_failure(made.id, made.fault, tagger_version=version)
    if made.fault is not None:
        _log.warning(
            "document not tagged",
            document=made.id,
            reason=made.fault.reason.kind,
            detail=dict(made.fault.reason.detail),
        )
        done.untagged += 1


def _has_substance(waiting: WaitingDocument) -> bool:
    """Say whether there is text, or at least a title that the publisher or the person gave: else nobody could find it."""
    return _has_text(waiting.reading) or any("title" in copy.evidence for copy in waiting.copies)


def _has_text(reading: Reading) -> bool:
    return any(page.text.strip() for page in reading.pages)

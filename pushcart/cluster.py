"""Reading and tagging on the workers of a Dask cluster.

The records stay here, and only this process writes them: a worker gets files by their SHA-256 and gives back what it read, or
documents and gives back their tags, as JSON that is checked. A worker that is killed has given nothing back; Dask has another one
do its part again. So no file is lost, and none is saved twice. Files are still read in processes that can be killed, one at a
time on each worker.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING, Any

import structlog

from corpus.errors import BadInput, PushcartError
from corpus.files import FileStore, open_files
from corpus.messages import sentence
from corpus.settings import Settings
from corpus.store import Store
from corpus.types import FetchedFile, Reading
from nlp.making import DocumentPool, Made
from nlp.making_messages import DocumentTask
from nlp.pipeline.version import tagger_version
from nlp.reading import READER_VERSION
from pushcart.cluster_messages import made_of, pack_made, pack_readings, readings_of
from pushcart.processing import OnStep, Processed, read_lent, save_made, save_reading, task_of

if TYPE_CHECKING:
    from distributed import Client, Future

_log = structlog.get_logger(__name__)

_FILES = 16
"""Files, or documents, that a worker gets at a time: its processes start anew for each part, which takes a second or two."""
_PARTS_AHEAD = 2
"""Parts that wait for each worker, so that none is idle while results are saved."""
_UNREAD = 500
"""Files asked for at a time."""
_TRIES = 3
_SECONDS_TO_ANSWER = 30.0
_LOCAL = "local:"
_NO_PICKLES = ["dask", "msgpack", "error"]
"""Ways in which a result may be sent here."""


@contextmanager
def workers_at(address: str, *, settings: Settings) -> Iterator[Client]:
    """Give the client of a Dask scheduler whose workers have this version of Pushcart.

    Args:
        address: `tcp://HOST:PORT`, or `local:N` for N processes of this machine, which end with this one.
        settings: files have to be where workers find them: on this machine, or at `files_url`.

    Raises BadInput: Dask is not installed, no scheduler answers, or a worker has another version or cannot open the files.
    """
    try:
        from distributed import Client, LocalCluster
    except ImportError as error:
        raise BadInput(
            sentence("Workers need Dask, which is not installed."),
            try_next=sentence("Install the extra: pip install 'pushcart[cluster]'."),
        ) from error
    with ExitStack() as opened:
        if address.startswith(_LOCAL):
            count = _count(address)
            # One thread each: a worker waits for its reading process. No web page of Dask's.
            local = LocalCluster(n_workers=count, threads_per_worker=1, dashboard_address=None, silence_logs=40)
            client = opened.enter_context(Client(opened.enter_context(local), deserializers=_NO_PICKLES))
        else:
            if not settings.files_url:
                _log.warning("files are read from this folder by all workers", folder=str(settings.data_dir.absolute()))
            client = opened.enter_context(_client(Client, address))
        _check_workers(client, address, settings=settings)
        yield client


def _count(address: str) -> int:
    number = address.removeprefix(_LOCAL)
    if not number.isdigit() or not 1 <= int(number) <= 256:
        raise BadInput(
            sentence("{address} is no number of workers.", address=address),
            try_next=sentence("Give local:1 to local:256, or the address of a Dask scheduler."),
        )
    return int(number)


def _client(kind: type[Client], address: str) -> Client:
    try:
        return kind(address, timeout=_SECONDS_TO_ANSWER, deserializers=_NO_PICKLES)
    except (OSError, ValueError) as error:
        raise BadInput(
            sentence("No Dask scheduler answers at {address}.", address=address),
            try_next=sentence(
                "Start one with `dask scheduler`, and workers with `dask worker {address}`.", address=address
            ),
        ) from error


def _versions() -> list[str]:
    return [str(READER_VERSION), tagger_version()]


def look_around(settings: Settings) -> list[str]:
    """Return, on a worker, its versions, and why it cannot open the files; empty: it can."""
    try:
        open_files(settings)
    except PushcartError as error:
        return [*_versions(), str(error)]
    return [*_versions(), ""]


def _check_workers(client: Client, address: str, *, settings: Settings) -> None:
    found = client.run(look_around, _of_worker(settings))
    if not found:
        raise BadInput(
            sentence("The scheduler at {address} has no workers.", address=address),
            try_next=sentence(
                "Start one with `dask scheduler`, and workers with `dask worker {address}`.", address=address
            ),
        )
    for worker, (*versions, fault) in found.items():
        if versions != _versions():
            raise BadInput(
                sentence("The worker {worker} has another version of Pushcart or its vocabulary.", worker=worker),
                try_next=sentence("Install the same version on all machines."),
            )
        if fault:
            raise BadInput(
                sentence("The worker {worker} cannot open the files: {reason}", worker=worker, reason=fault),
                try_next=sentence("Give all machines the same packages and the same way to the files."),
            )


def process_on(client: Client, store: Store, files: FileStore, *, settings: Settings, on_step: OnStep) -> Processed:
    """Read every unread file and make every waiting document, on workers; the rest is as for `pushcart.processing.process`."""
    files.sweep()
    store.queue.mark_stale(tagger_version=tagger_version())
    run = _ClusterRun(client, store, settings=settings, on_step=on_step)
    run.until_done()
    return run.done


@dataclass(frozen=True, slots=True)
class _Part:
    """What one worker does in one go: either of both."""

    files: tuple[FetchedFile, ...] = ()
    tasks: tuple[DocumentTask, ...] = ()

    def do(self, settings: Settings) -> bytes:
        """Do it, on a worker, and return the answer. Raises FileMissing: a file is not found there."""
        return read_part(self.files, settings) if self.files else make_part(self.tasks, settings)

    def answer_of(self, message: object) -> list[Reading] | list[Made]:
        """Return what was read or made. Raises ValueError: the message is not an answer to this part."""
        if self.files:
            return readings_of(message, [file.sha256 for file in self.files])
        return made_of(message, self.tasks)


@dataclass
class _ClusterRun:
    client: Client
    store: Store
    settings: Settings
    on_step: OnStep
    done: Processed = field(default_factory=Processed)

    def __post_init__(self) -> None:
        self._is_sample = {source.slug: source.is_sample for source in self.store.sources.all()}
        self._running: dict[Future[Any], _Part] = {}
        self._ready = dict.fromkeys(self.store.queue.ready())
        self._unread: deque[FetchedFile] = deque()

    def until_done(self) -> None:
        """Give parts to workers and save what comes back, until nothing waits."""
        from distributed import wait

        while True:
            while len(self._running) < _PARTS_AHEAD * max(1, len(self.client.nthreads())) and (part := self._next()):
                self._running[self._submit(part)] = part
            if not self._running:
                return
            for future in wait(list(self._running), return_when="FIRST_COMPLETED").done:
                self._save(future, self._running.pop(future))

    def _next(self) -> _Part | None:
        """Return what nobody does yet; None: nothing waits. Documents come first: they can be searched then."""
        while True:
            while ids := list(islice(self._ready, _FILES)):
                for each in ids:
                    del self._ready[each]
                if tasks := self._tasks(ids):
                    return _Part(tasks=tasks)
            if files := self._files():
                return _Part(files=files)
            if self._running:
                return None
            self._ready = dict.fromkeys(self.store.queue.ready())  # what another command let wait meanwhile
            if not self._ready:
                return None

    def _tasks(self, ids: Sequence[str]) -> tuple[DocumentTask, ...]:
        waiting = self.store.queue.documents_to_tag(ids)
        tasks = (task_of(each, self.store, is_sample=self._is_sample, done=self.done) for each in waiting)
        return tuple(task for task in tasks if task is not None)

    def _files(self) -> tuple[FetchedFile, ...]:
        if not self._unread:
            reading = {file.sha256 for part in self._running.values() for file in part.files}
            unread = self.store.queue.files_to_read(reader_version=READER_VERSION, limit=len(reading) + _UNREAD)
            self._unread.extend(file for file in unread if file.sha256 not in reading)
        return tuple(self._unread.popleft() for _ in range(min(_FILES, len(self._unread))))

    def _submit(self, part: _Part) -> Future[Any]:
        return self.client.submit(part.do, _of_worker(self.settings), retries=_TRIES, pure=False)

    def _save(self, future: Future[Any], part: _Part) -> None:
        try:
            answer = part.answer_of(future.result())
        except Exception as error:
            _log.warning(
                "workers gave nothing back",
                files=len(part.files),
                documents=len(part.tasks),
                error=type(error).__name__,
            )
            answer = part.answer_of(part.do(_of_worker(self.settings)))
        for each in answer:
            if isinstance(each, Made):
                save_made(self.store, each, done=self.done, on_step=self.on_step)
            else:
                save_reading(self.store, each, done=self.done, on_step=self.on_step)
        if part.files:
            making = {task.id for other in self._running.values() for task in other.tasks}
            ready = self.store.queue.ready(of_files=[file.sha256 for file in part.files])
            self._ready |= dict.fromkeys(each for each in ready if each not in making)


def _of_worker(settings: Settings) -> Settings:
    """Return the settings that a worker needs: where files are, and limits. No password leaves this machine."""
    return Settings(
        data_dir=settings.data_dir.absolute(),
        files_url=settings.files_url,
        workers=1,
        read_seconds_max=settings.read_seconds_max,
        read_pages_max=settings.read_pages_max,
        read_memory_mebibytes_max=settings.read_memory_mebibytes_max,
        tag_seconds_max=settings.tag_seconds_max,
        tag_memory_mebibytes_max=settings.tag_memory_mebibytes_max,
        file_mebibytes_max=settings.file_mebibytes_max,
    )


def read_part(fetched: Sequence[FetchedFile], settings: Settings) -> bytes:
    """Read files on a worker. Raises FileMissing: it does not find one of them."""
    return pack_readings(list(read_lent(fetched, open_files(settings), settings=settings)))


def make_part(tasks: Sequence[DocumentTask], settings: Settings) -> bytes:
    """Make and tag documents on a worker."""
    made: list[Made] = []
    with DocumentPool(settings) as pool:
        for task in tasks:
            while not pool.has_room:
                made.append(pool.take())
            pool.submit(task)
        while pool.ids:
            made.append(pool.take())
    return pack_made(made)

"""Reading and tagging on the workers of a Dask cluster.

The records stay here, and only this process writes them: a worker gets files by their SHA-256 and gives back what it read, or
documents and gives back their tags. A worker that is killed has given nothing back; Dask has another one do its part again. So no
file is lost, and none is saved twice. Files are still read in processes that can be killed, one at a time on each worker.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import structlog

from corpus.errors import BadInput
from corpus.files import FileStore, open_files
from corpus.messages import sentence
from corpus.settings import Settings
from corpus.store import Store
from corpus.types import FetchedFile, Reading
from nlp.making import DocumentPool, Made
from nlp.making_messages import DocumentTask
from nlp.pipeline.version import tagger_version
from nlp.reading import READER_VERSION, ReadRequest, read_files
from pushcart.processing import OnStep, Processed, save_made, save_reading, task_of

if TYPE_CHECKING:
    from distributed import Client, Future

_log = structlog.get_logger(__name__)

_FILES = 16
"""Files, or documents, that a worker gets at a time: its processes start anew for each part, which takes a second or two."""
_PARTS_AHEAD = 2
"""Parts that wait for each worker, so that none is idle while results are saved."""
_TRIES = 3
_SECONDS_TO_ANSWER = 30.0
_LOCAL = "local:"


@contextmanager
def workers_at(address: str, *, settings: Settings) -> Iterator[Client]:
    """Give the client of a Dask scheduler whose workers have this version of Pushcart.

    Args:
        address: `tcp://HOST:PORT`, or `local:N` for N processes of this machine, which end with this one.
        settings: files have to be where workers find them: on this machine, or at `files_url`.

    Raises BadInput: Dask is not installed, no scheduler answers, or a worker has another version.
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
            client = opened.enter_context(Client(opened.enter_context(local)))
        else:
            if not settings.files_url:
                _log.warning("files are read from this folder by all workers", folder=str(settings.data_dir.absolute()))
            client = opened.enter_context(_client(Client, address))
        _check_versions(client, address)
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
        return kind(address, timeout=_SECONDS_TO_ANSWER)
    except (OSError, ValueError) as error:
        raise BadInput(
            sentence("No Dask scheduler answers at {address}.", address=address),
            try_next=sentence(
                "Start one with `dask scheduler`, and workers with `dask worker {address}`.", address=address
            ),
        ) from error


def _versions() -> tuple[str, str]:
    return str(READER_VERSION), tagger_version()


def _check_versions(client: Client, address: str) -> None:
    found = client.run(_versions)
    if not found:
        raise BadInput(
            sentence("The scheduler at {address} has no workers.", address=address),
            try_next=sentence(
                "Start one with `dask scheduler`, and workers with `dask worker {address}`.", address=address
            ),
        )
    if other := [worker for worker, versions in found.items() if tuple(versions) != _versions()]:
        raise BadInput(
            sentence("The worker {worker} has another version of Pushcart or its vocabulary.", worker=other[0]),
            try_next=sentence("Install the same version on all machines."),
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
        tagging = {task.id for part in self._running.values() for task in part.tasks}
        while waiting := self.store.queue.documents_to_tag(limit=_FILES, without=tagging):
            tasks = [task_of(each, self.store, is_sample=self._is_sample, done=self.done) for each in waiting]
            if chosen := tuple(task for task in tasks if task is not None):
                return _Part(tasks=chosen)
        reading = {file.sha256 for part in self._running.values() for file in part.files}
        unread = self.store.queue.files_to_read(reader_version=READER_VERSION, limit=len(reading) + _FILES)
        files = tuple(file for file in unread if file.sha256 not in reading)[:_FILES]
        return _Part(files=files) if files else None

    def _submit(self, part: _Part) -> Future[Any]:
        own = _of_worker(self.settings)
        if part.files:
            return self.client.submit(read_part, part.files, own, retries=_TRIES, pure=False)
        return self.client.submit(make_part, part.tasks, own, retries=_TRIES, pure=False)

    def _save(self, future: Future[Any], part: _Part) -> None:
        own = _of_worker(self.settings)
        if future.status != "finished":  # workers died of it again and again: it is done here, where limits are kept
            _log.warning("workers gave nothing back", files=len(part.files), documents=len(part.tasks))
        if part.files:
            readings = future.result() if future.status == "finished" else read_part(part.files, own)
            for reading in readings:
                save_reading(self.store, reading, done=self.done, on_step=self.on_step)
        else:
            made = future.result() if future.status == "finished" else make_part(part.tasks, own)
            for each in made:
                save_made(self.store, each, done=self.done, on_step=self.on_step)


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


def read_part(fetched: Sequence[FetchedFile], settings: Settings) -> list[Reading]:
    """Read files on a worker. Raises FileMissing: it does not find one of them."""
    return list(read_files(_requests(fetched, open_files(settings)), settings=settings))


def _requests(fetched: Iterable[FetchedFile], files: FileStore) -> Iterator[ReadRequest]:
    with ExitStack() as lent:  # copies from elsewhere are kept until all of the part are read
        for each in fetched:
            path = lent.enter_context(files.local_path(each.sha256))
            yield ReadRequest(sha256=each.sha256, path=path, content_type=each.content_type, url=each.url)


def make_part(tasks: Sequence[DocumentTask], settings: Settings) -> list[Made]:
    """Make and tag documents on a worker."""
    made: list[Made] = []
    with DocumentPool(settings) as pool:
        for task in tasks:
            while not pool.has_room:
                made.append(pool.take())
            pool.submit(task)
        while pool.ids:
            made.append(pool.take())
    return made

"""Workers of a Dask cluster read and tag files of an object store: files a second, a worker killed on the way, a slow bucket.

    python -m benchmarks.bulk_workers FOLDER --papers ../shared/data/pdf-policy [--files 60] [--seconds-an-object 1]
    python -m benchmarks.bulk_workers FOLDER --waiting 1000000

FOLDER is a scratch folder. The files are copies of the papers in turn, each with other bytes at its end. The object store is
moto's S3 server on this machine, read with s3fs (`pip install 's3fs' 'moto[s3]' flask flask-cors`); --store local keeps
the files in a folder. Each round has records and a bucket of its own: `pushcart process` alone, one worker, two workers, two of
which one is killed (signal 9) after the first file. Every file must be read once and every document made once.

With --waiting nothing is read: how long the questions for the next files and documents take when so many wait (SQLite).
"""

from __future__ import annotations

import argparse
import logging
import os
import signal
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from socket import create_connection, create_server

import sqlalchemy as sa
import structlog

from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.tables import fetched_files, waiting
from corpus.types import FetchedFile, Outcome, Reading
from nlp.reading import READER_VERSION
from pushcart.adding import OWN
from pushcart.cluster import process_on, workers_at
from pushcart.processing import process

_HELD = 2_000
"""Rows written at a time."""


def serve_bucket(port: int, seconds_an_object: float) -> None:
    """Serve an empty object store until it is terminated; each object that is asked for takes so many seconds."""
    from moto.server import DomainDispatcherApplication, create_backend_app
    from werkzeug.serving import make_server

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    application = DomainDispatcherApplication(create_backend_app)

    def slow(environment, start):  # type: ignore[no-untyped-def]
        if environment["REQUEST_METHOD"] == "GET" and environment["PATH_INFO"].count("/") > 2:
            time.sleep(seconds_an_object)
        return application(environment, start)

    make_server("127.0.0.1", port, slow, threaded=True).serve_forever()


def _answers(port: int) -> bool:
    try:
        create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


@contextmanager
def bucket(seconds_an_object: float) -> Iterator[None]:
    """Run an object store in a process of its own, and tell this process and its children where it is."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = get_context("spawn").Process(target=serve_bucket, args=(port, seconds_an_object), daemon=True)
    server.start()
    while not _answers(port):
        time.sleep(0.2)
    credentials = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "us-east-1"}
    os.environ |= credentials | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    try:
        yield
    finally:
        server.terminate()
        server.join()


@dataclass
class Round:
    """What one run did."""

    began: float = field(default_factory=time.monotonic)
    first: float = 0.0
    """Seconds until the first file was read."""
    steps: Counter[str] = field(default_factory=Counter)
    victim: int = 0
    """Process that is killed after the first file."""

    def on_step(self, step: str, _pages: int) -> None:
        self.first = self.first or time.monotonic() - self.began
        self.steps[step] += 1
        if self.victim:
            os.kill(self.victim, signal.SIGKILL)
            self.victim = 0


def keep_copies(store: Store, settings: Settings, *, papers: list[Path], count: int) -> None:
    """Keep files that nobody has read."""
    store.sources.save(OWN)
    files = open_files(settings)
    for number in range(count):
        content = papers[number % len(papers)].read_bytes() + f"\n% copy {number}\n".encode()
        store.files.save(_fetched(number, sha256=files.put(content), size=len(content)))


def _fetched(number: int, *, sha256: str, size: int) -> FetchedFile:
    return FetchedFile(
        source=OWN.slug,
        url=f"file:///bench/{number}.pdf",
        sha256=sha256,
        size=size,
        content_type="application/pdf",
        fetched_at=datetime.now(UTC),
    )


def run(settings: Settings, *, papers: list[Path], count: int, workers: int, kills: bool) -> str:
    """Read and tag everything in one way, and return a row of the table. Raises AssertionError: something was lost or doubled."""
    with open_store(settings) as store:
        keep_copies(store, settings, papers=papers, count=count)
        files = open_files(settings)
        if not workers:
            seen = Round()
            done = process(store, files, settings=settings, on_step=seen.on_step)
        else:
            with workers_at(f"local:{workers}", settings=settings) as client:
                seen = Round(victim=min(client.run(os.getpid).values()) if kills else 0)
                done = process_on(client, store, files, settings=settings, on_step=seen.on_step)
        seconds = time.monotonic() - seen.began
        documents = store.status().documents
    lost, doubled = count - documents, sum(seen.steps.values()) - 2 * count
    name = f"{workers} workers" if workers else "no cluster, 1 process"
    return (
        f"| {name}{', one killed' if kills else ''} | {count / seconds:.2f} | {seen.first:.1f} | {done.pages} |"
        f" {lost} | {doubled} |"
    )


def time_questions(settings: Settings, *, count: int) -> Iterator[str]:
    """Fill records with files that wait, and yield how long each question takes."""
    with open_store(settings) as store:
        store.sources.save(OWN)
        _fill(store, settings, count=count)
        (first,) = store.queue.files_to_read(reader_version=READER_VERSION, limit=1)
        reading = Reading(first.sha256, Outcome.READ)
        store.readings.save(reading, reader_version=READER_VERSION)
        ready = store.queue.ready(of_files=[first.sha256])
        questions = {
            "documents of the file just read": lambda: store.queue.ready(of_files=[first.sha256]),
            "these documents, with their pages": lambda: store.queue.documents_to_tag(ready),
            "all documents that are ready (once a run)": store.queue.ready,
            "the next 500 files": lambda: store.queue.files_to_read(reader_version=READER_VERSION, limit=500),
            "how many files (once a run)": lambda: store.queue.count_files_to_read(reader_version=READER_VERSION),
        }
        for name, ask in questions.items():
            began = time.perf_counter()
            ask()
            yield f"| {name} | {(time.perf_counter() - began) * 1000:.1f} |"


def _fill(store: Store, settings: Settings, *, count: int) -> None:
    database = sa.create_engine(f"sqlite:///{settings.data_dir / 'pushcart.sqlite3'}")
    sample = _fetched(0, sha256=f"{0:064x}", size=1)
    store.files.save(sample)
    with database.begin() as connection:
        row = dict(connection.execute(sa.select(fetched_files)).mappings().one())
        for start in range(1, count, _HELD):
            numbers = range(start, min(start + _HELD, count))
            connection.execute(
                sa.insert(fetched_files),
                [row | _named(each) | {"id": row["id"] + each} for each in numbers],
            )
            connection.execute(sa.insert(waiting), [{"document_id": f"d{each:016x}"} for each in numbers])
    database.dispose()


def _named(number: int) -> dict[str, str]:
    url = f"file:///bench/{number}.pdf"
    return {"url": url, "key": url, "sha256": f"{number:064x}", "document_id": f"d{number:016x}"}


def main() -> None:
    asked = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    asked.folder.mkdir(parents=True, exist_ok=True)
    if asked.waiting:
        print(f"| question, {asked.waiting} files and documents wait | ms |\n|---|---|")
        for line in time_questions(Settings(data_dir=asked.folder / "waiting"), count=asked.waiting):
            print(line, flush=True)
        return
    papers = sorted(asked.papers.rglob("*.pdf"), key=lambda path: path.stat().st_size)[: asked.different]
    rounds = [(0, False), (1, False), (2, False), (2, True)]
    print("| | files/s | first file after s | pages | lost | doubled |\n|---|---|---|---|---|---|")
    with bucket(asked.seconds_an_object):
        for number, (workers, kills) in enumerate(rounds):
            place = f"s3://bench/round-{number}" if asked.store == "s3" else ""
            settings = Settings(data_dir=asked.folder / f"round-{number}", files_url=place, workers=1)
            print(run(settings, papers=papers, count=asked.files, workers=workers, kills=kills), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--papers", type=Path, default=Path("../shared/data/pdf-policy"), metavar="FOLDER")
    parser.add_argument(
        "--different", type=int, default=20, metavar="N", help="papers of which copies are made, the smallest"
    )
    parser.add_argument("--files", type=int, default=60, metavar="N")
    parser.add_argument("--store", choices=["s3", "local"], default="s3")
    parser.add_argument("--seconds-an-object", type=float, default=0.0, metavar="S", help="a bucket as slow as that")
    parser.add_argument("--waiting", type=int, default=0, metavar="N")
    return parser.parse_args()


if __name__ == "__main__":
    main()

"""Workers of a Dask cluster read and tag; every file is read once, whatever happens to a worker."""

from __future__ import annotations

import logging
import os
import signal
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import BadInput
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import Store, open_store
from pushcart.adding import OWN, add_file, find_files

pytest.importorskip("distributed", reason="Dask is not installed: pip install 'pushcart[cluster]'")

from pushcart.cluster import process_on, workers_at

pytestmark = pytest.mark.slow
FILES = 20
TEXT = "Street vendors in Lima, Peru, pay for the space in which they work. " * 5


@pytest.fixture(autouse=True, scope="module")
def quiet_afterwards() -> Iterator[None]:
    """Dask's loggers keep the stream of this test, and its threads may write to it when it is closed."""
    yield
    for name in [name for name in logging.root.manager.loggerDict if name.split(".")[0] in ("distributed", "tornado")]:
        logging.getLogger(name).handlers[:] = [logging.NullHandler()]
        logging.getLogger(name).propagate = False


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", workers=1)


@pytest.fixture
def store(settings: Settings, tmp_path: Path) -> Iterator[Store]:
    """Return records with files that nobody has read."""
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(FILES):
        (folder / f"{number}.txt").write_text(f"Paper {number}\n\n{TEXT}")
    with open_store(settings) as store:
        store.sources.save(OWN)
        for own in find_files([folder]).files:
            add_file(own, store=store, files=open_files(settings))
        yield store


def test_a_killed_worker_loses_no_file_and_doubles_none(store: Store, settings: Settings) -> None:
    steps: Counter[str] = Counter()
    with workers_at("local:2", settings=settings) as client:
        victim = min(client.run(os.getpid).values())

        def on_step(step: str, pages: int) -> None:
            if not steps:
                os.kill(victim, signal.SIGKILL)
            steps[step] += 1

        done = process_on(client, store, open_files(settings), settings=settings, on_step=on_step)
    assert steps == {"read": FILES, "tagged": FILES}
    assert (sum(done.outcomes.values()), done.documents, done.untagged) == (FILES, FILES, 0)
    assert store.status().documents == FILES
    assert store.status().waiting == 0
    assert all(document.tags for document in store.documents.newest(limit=FILES))


@pytest.mark.parametrize("address", ["local:0", "local:", "local:many", "local:-1", "local:1000"])
def test_what_is_no_number_of_workers_is_refused(settings: Settings, address: str) -> None:
    with pytest.raises(BadInput, match="no number of workers"), workers_at(address, settings=settings):
        raise AssertionError("it was opened")


def test_a_result_that_is_a_pickle_is_not_opened(settings: Settings) -> None:
    with workers_at("local:1", settings=settings) as client, pytest.raises(TypeError, match="erialize"):
        client.submit(Path, "x").result(timeout=60)


def test_a_worker_that_cannot_open_the_files_is_named_before_anything_begins(settings: Settings) -> None:
    elsewhere = replace(settings, files_url="s4://bucket/files")
    with pytest.raises(BadInput, match="cannot open the files"), workers_at("local:1", settings=elsewhere):
        raise AssertionError("it was opened")

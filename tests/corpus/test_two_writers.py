"""Two processes that save the same new thing at once on PostgreSQL, where writers do not wait for each other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Outcome, Page, Reading
from tests.builders import make_fetched, make_source, sha256_of
from tests.new_databases import new_postgresql_database
from tests.postgresql import postgresql_server

SAVES: dict[str, Callable[[Store, str], object]] = {
    "source": lambda store, name: store.sources.save(make_source(name)),
    "file": lambda store, name: store.files.save(make_fetched(f"https://example.org/{name}", sha256=sha256_of(name))),
    "reading": lambda store, name: store.readings.save(
        Reading(sha256_of(name), Outcome.READ, pages=(Page(1, name),), page_total=1), reader_version="1"
    ),
}


@pytest.mark.parametrize("what", SAVES)
def test_both_are_saved_and_none_fails(what: str) -> None:
    together = Barrier(2)

    def save(store: Store) -> None:
        for number in range(12):
            together.wait(30)
            SAVES[what](store, f"n{number}")

    with postgresql_server() as server, new_postgresql_database(server) as url:
        settings = Settings(database_url=url)
        with open_store(settings) as one, open_store(settings) as other, ThreadPoolExecutor(2) as threads:
            for done in [threads.submit(save, each) for each in (one, other)]:
                done.result(60)

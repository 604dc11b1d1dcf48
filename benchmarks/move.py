"""Move the records of synthetic documents from SQLite to PostgreSQL and back: time, and rows that differ.

    .venv/bin/python -m benchmarks.move FOLDER --documents 20000

FOLDER keeps the documents for the next run. PostgreSQL is found as tests/postgresql.py says. The rows are compared once more
here, by reading both databases through the types of the store.
"""

from __future__ import annotations

import argparse
import resource
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from benchmarks.bulk import fill_in_bulk
from benchmarks.synthetic import PAGES, invent_words
from corpus.moving import Moved, move
from corpus.settings import Settings
from corpus.store import open_store
from corpus.store.opening import database_url
from corpus.store.tables import metadata
from corpus.vocabulary import load_vocabulary
from tests.new_databases import new_postgresql_database
from tests.postgresql import postgresql_server


def differences(one: Settings, other: Settings) -> int:
    """Count the rows that one of two databases has and the other has not."""
    return sum(_different(table, one, other) for table in metadata.sorted_tables)


def _different(table: sa.Table, one: Settings, other: Settings) -> int:
    return len(set(_rows(table, one)) ^ set(_rows(table, other)))


def _rows(table: sa.Table, settings: Settings) -> Iterator[Any]:
    engine = sa.create_engine(database_url(settings), poolclass=NullPool)
    with engine.connect() as connection:
        for row in connection.execution_options(yield_per=1000).execute(sa.select(table)):
            yield hash(repr(tuple(row)))
    engine.dispose()


def told(what: str, moved: Moved, documents: int) -> None:
    """Print what a move did."""
    seconds = moved.seconds
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what}: {moved.rows} rows of {len(moved.tables)} tables, {documents} documents, in {seconds:.1f} s"
        f" ({moved.rows / seconds:.0f} rows a second); peak memory {memory:.0f} MB",
        flush=True,
    )


def main() -> int:
    """Move there and back; returns 0 when no row differs."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("folder", type=Path)
    options.add_argument("--documents", type=int, default=20_000)
    options.add_argument("--pages", type=int, default=PAGES, help="of each document")
    given = options.parse_args()
    source = Settings(data_dir=given.folder)
    with open_store(source) as store:
        fill_in_bulk(
            store, given.documents, file=given.folder / "pushcart.sqlite3", words=invent_words(),
            vocabulary=load_vocabulary(), pages_each=given.pages,
        )  # fmt: skip
    size = (given.folder / "pushcart.sqlite3").stat().st_size / 1e6
    print(f"SQLite: {size:.0f} MB")
    back = given.folder / "back.sqlite3"
    for each in given.folder.glob(f"{back.name}*"):
        each.unlink()
    with postgresql_server() as server, new_postgresql_database(server) as url:
        there = replace(source, database_url=url)
        told("SQLite to PostgreSQL", move(source, url), given.documents)
        began = time.monotonic()
        different = differences(source, there)
        print(f"differences: {different} (compared in {time.monotonic() - began:.1f} s)", flush=True)
        told("PostgreSQL to SQLite", move(there, f"sqlite:///{back}"), given.documents)
        different_back = differences(source, replace(source, database_url=f"sqlite:///{back}"))
        print(f"differences: {different_back}")
    for each in given.folder.glob(f"{back.name}*"):
        each.unlink()
    return 1 if different or different_back else 0


if __name__ == "__main__":
    sys.exit(main())

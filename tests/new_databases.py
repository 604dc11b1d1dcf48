"""New databases for tests, copied from one that the migrations made once: eighteen migrations take longer than most tests."""

from __future__ import annotations

import itertools
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from corpus.settings import Settings
from corpus.store import open_store, opening

_OF_PROCESS = os.environ.get("PYTEST_XDIST_WORKER", "alone")
"""Test processes may share a server that was named to them, and not their databases."""
_PATTERN = f"pushcart_pattern_{_OF_PROCESS}"
_numbers = itertools.count(1)
_servers_with_pattern: set[str] = set()


@contextmanager
def new_sqlite_databases_copied(folder: Path) -> Iterator[None]:
    """Let `open_store` copy the tables of a new SQLite file while the block runs; other databases are migrated as always.

    Only in this process: commands that tests start migrate their own.
    """
    with open_store(Settings(data_dir=folder)):
        pass
    pattern = folder / "pushcart.sqlite3"
    migrate, one_at_a_time = opening._migrate, threading.Lock()

    def copy_or_migrate(engine: Engine) -> None:
        name = engine.url.database if engine.dialect.name == "sqlite" else ""
        with one_at_a_time:
            if name and not name.startswith((":", "file:")) and Path(name).stat().st_size == 0:
                _copy(pattern, Path(name))
        migrate(engine)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(opening, "_migrate", copy_or_migrate)
        patched.setattr(opening, "SYNCHRONOUS", "OFF")  # no test cuts the power
        yield


def _copy(pattern: Path, path: Path) -> None:
    with closing(sqlite3.connect(pattern)) as source, closing(sqlite3.connect(path)) as new:
        new.execute("PRAGMA synchronous = OFF")
        source.backup(new)
        with new:
            new.execute("UPDATE identity SET id = ?", [uuid4().hex])


@contextmanager
def new_postgresql_database(server: str) -> Iterator[str]:
    """Lend the address of a database with the newest tables and no records, which is dropped at the end.

    Args:
        server: address of a database whose user may make others.
    """
    name = f"pushcart_test_{_OF_PROCESS}_{next(_numbers)}"
    maker = sa.create_engine(server, isolation_level="AUTOCOMMIT")
    lent = sa.make_url(server).set(database=name).render_as_string(hide_password=False)
    try:
        with maker.connect() as connection:
            if server not in _servers_with_pattern:
                _make_pattern(connection, server)
                _servers_with_pattern.add(server)
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            connection.exec_driver_sql(f"CREATE DATABASE {name} TEMPLATE {_PATTERN}")
        engine = sa.create_engine(lent)
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE identity SET id = :id"), {"id": uuid4().hex})
        engine.dispose()
        yield lent
        with maker.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    finally:
        maker.dispose()


def _make_pattern(connection: sa.Connection, server: str) -> None:
    connection.exec_driver_sql(
        f"DROP DATABASE IF EXISTS {_PATTERN} WITH (FORCE)"
    )  # of a run before, maybe of older tables
    connection.exec_driver_sql(f"CREATE DATABASE {_PATTERN}")
    address = sa.make_url(server).set(database=_PATTERN).render_as_string(hide_password=False)
    with open_store(Settings(database_url=address)):
        pass

"""Transactions on the database, and the base of the groups of methods that use them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy.engine import Connection, Engine

from corpus.store.opening import store_errors

Value = TypeVar("Value")


class Database:
    """The database of one store. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._writer = engine.execution_options(writes=True)
        self._repeats = engine.dialect.name == "postgresql"
        self._of_thread = threading.local()

    @contextmanager
    def reads(self) -> Iterator[Connection]:
        """Give a connection to read with: that which this thread holds already, else one for this transaction."""
        with store_errors():
            held: Connection | None = getattr(self._of_thread, "writing", None)
            held = held if held is not None else getattr(self._of_thread, "snapshot", None)
            if held is not None:
                yield held
            else:
                with self.engine.connect() as connection:
                    yield connection

    @contextmanager
    def writes(self) -> Iterator[Connection]:
        """Give a connection to write with; what was written is on disk at the end, or nothing of it after an error.

        Within `together` it is on disk at the end of that.
        """
        with store_errors():
            held: Connection | None = getattr(self._of_thread, "writing", None)
            if held is not None:
                yield held
                return
            with self._writer.begin() as connection:
                yield connection

    @contextmanager
    def together(self) -> Iterator[None]:
        """Let everything that this thread writes within be of one transaction. See Store.together."""
        with self.writes() as connection:
            if getattr(self._of_thread, "writing", None) is not None:
                yield
                return
            self._of_thread.writing = connection
            try:
                yield
            finally:
                self._of_thread.writing = None

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Let everything that this thread reads within be of one transaction. See Store.snapshot."""
        with self.reads() as connection:
            if getattr(self._of_thread, "snapshot", None) is not None:
                yield
                return
            if self._repeats:  # as SQLite does on its own: every statement sees what the first one saw
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            with connection.begin():
                self._of_thread.snapshot = connection
                try:
                    yield
                finally:
                    self._of_thread.snapshot = None

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


class Group:
    """Methods about some tables. Each is one transaction; what it promised is on disk when it returns."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._reads = database.reads
        self._writes = database.writes


def remembered(connection: Connection, name: str, read: Callable[[Connection], Value]) -> Value:
    """Return what `read` gives; with SQLite it is read once for each connection until the database changes.

    SQLite says without a look at any table whether another connection has written (`PRAGMA data_version`), and how many
    rows this one has written. Of PostgreSQL nothing as cheap is known: there it is read each time.

    Args:
        connection: in a transaction.
        name: stands for `read`; another function has another name.
        read: returns a value that nobody changes, and that follows from the database alone.
    """
    if connection.dialect.name != "sqlite":
        return read(connection)
    driver: Any = connection.connection.dbapi_connection
    try:
        stamp = (driver.execute("PRAGMA data_version").fetchone()[0], driver.total_changes)
    except sqlite3.Error:  # of the driver itself; what is wrong with the database is for store_errors to say
        return read(connection)
    kept_for, kept = connection.info.get("remembered", (None, {}))
    if kept_for != stamp:
        kept = {}
        connection.info["remembered"] = (stamp, kept)
    if name not in kept:
        kept[name] = read(connection)
    value: Value = kept[name]
    return value

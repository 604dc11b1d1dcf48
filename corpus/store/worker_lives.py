"""Whether a worker lives: it holds a lock that the system frees when the process dies, however it dies.

With SQLite all workers are on one machine, and the lock is one of a file beside the database; with PostgreSQL it is an
advisory lock of a session. Time plays no part: a worker that waits for a slow mail server lives, and a clock may jump.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
from abc import ABC, abstractmethod
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import NullPool

from corpus.private import make_private
from corpus.settings import Settings
from corpus.store.opening import database_url, store_errors

FOLDER = "alert-workers"
"""Beside the file of SQLite: a lock file for each worker, deleted when it ends."""


class WorkerLife(ABC):
    """The life of a worker of this process, from when it was begun until it is ended or the process dies."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        """Names the worker, at most 64 characters."""

    @abstractmethod
    def is_held(self) -> bool:
        """Say whether others still see it; False: the database forgot it, and another one has to be begun under another name."""

    @abstractmethod
    def end(self) -> None:
        """Let others see that the worker no longer exists. May be repeated."""


class WorkerLives(ABC):
    """The lives of all workers of one database."""

    @abstractmethod
    def begin(self, worker: str) -> WorkerLife:
        """Begin the life of a worker, before it claims anything. Its name was never used before."""

    @abstractmethod
    def is_alive(self, worker: str) -> bool:
        """Say whether a worker that has claimed messages lives."""

    @abstractmethod
    def count(self) -> int:
        """Return how many workers live."""

    def close(self) -> None:
        """Let go of the database. Lives that were begun continue."""
        return


def open_worker_lives(settings: Settings) -> WorkerLives:
    """Return the lives of the workers of a database, in the way of that database.

    Raises BadSettings, StoreUnavailable: it cannot be opened.
    """
    url = database_url(settings)
    if url.get_backend_name() != "sqlite":
        return _SessionLives(sa.create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT"))
    is_file = url.database and not url.database.startswith((":", "file:"))
    return _FileLives((Path(url.database) if url.database and is_file else settings.data_dir / "x").parent / FOLDER)


# ---------------------------------------------------------------------- files


class _FileLife(WorkerLife):
    def __init__(self, worker: str, path: Path) -> None:
        super().__init__(worker)
        self._path = path
        self._descriptor: int | None = _lock_new_file(path)

    def is_held(self) -> bool:
        return self._descriptor is not None and _is_at(self._descriptor, self._path)

    def end(self) -> None:
        if self._descriptor is not None:
            self._path.unlink(missing_ok=True)
            os.close(self._descriptor)
            self._descriptor = None


class _FileLives(WorkerLives):
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def begin(self, worker: str) -> WorkerLife:
        make_private(self._folder)
        return _FileLife(worker, self._path(worker))

    def is_alive(self, worker: str) -> bool:
        path = self._path(worker)
        try:
            descriptor = os.open(path, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        else:
            path.unlink(missing_ok=True)  # of a worker that was killed; its name is not used again
            return False
        finally:
            os.close(descriptor)

    def count(self) -> int:
        return sum(self.is_alive(path.stem) for path in self._folder.glob("*.lock"))

    def _path(self, worker: str) -> Path:
        return self._folder / f"{worker}.lock"


def _lock_new_file(path: Path) -> int:
    """Make a file, lock it and return its descriptor; the lock is freed when the process dies and its children have."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if _is_at(descriptor, path):
            return descriptor
        os.close(descriptor)  # someone deleted it between the two


def _is_at(descriptor: int, path: Path) -> bool:
    try:
        return path.stat().st_ino == os.fstat(descriptor).st_ino
    except FileNotFoundError:
        return False


# ---------------------------------------------------------------------- sessions

_CLASS = 7078835
"""First half of the key of the locks, so that they are no others'."""
_KEEPALIVE = ("tcp_keepalives_idle = 30", "tcp_keepalives_interval = 10", "tcp_keepalives_count = 3")
"""The server notices within a minute that a machine is gone, not after two hours."""


class _SessionLife(WorkerLife):
    def __init__(self, worker: str, connection: Connection) -> None:
        super().__init__(worker)
        self._connection = connection
        for setting in _KEEPALIVE:
            connection.exec_driver_sql(f"SET {setting}")
        connection.execute(sa.select(sa.func.pg_advisory_lock(_CLASS, _key(worker))))

    def is_held(self) -> bool:
        try:
            self._connection.execute(sa.select(1))
        except sa.exc.SQLAlchemyError:
            return False
        return True

    def end(self) -> None:
        self._connection.close()


class _SessionLives(WorkerLives):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, worker: str) -> WorkerLife:
        with store_errors():
            return _SessionLife(worker, self._engine.connect())

    def is_alive(self, worker: str) -> bool:
        # Looking at the locks takes none: of two that look, neither takes the other for the worker.
        held = sa.text(
            "SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND objid = :key AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with store_errors(), self._engine.connect() as connection:
            key = _key(worker) & 0xFFFFFFFF  # objid has no sign
            return connection.execute(held, {"class": _CLASS, "key": key}).first() is not None

    def count(self) -> int:
        held = sa.text(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND classid = :class AND granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        with store_errors(), self._engine.connect() as connection:
            return int(connection.execute(held, {"class": _CLASS}).scalar_one())

    def close(self) -> None:
        self._engine.dispose()


def _key(worker: str) -> int:
    return int.from_bytes(hashlib.sha256(worker.encode()).digest()[:4], "big", signed=True)

"""Opening the database: its address, its transactions, its migrations, and its errors in our words."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.engine import URL, Connection, Engine, make_url
from sqlalchemy.pool import ConnectionPoolEntry

from corpus.errors import BadSettings, StoreBusy, StoreUnavailable
from corpus.messages import sentence
from corpus.private import close_to_others, make_private
from corpus.settings import Settings

NEWEST_MIGRATION = "0018"
"""Revision that this code needs; a test holds it to the newest file in corpus/migrations/versions."""

RESTORING = "restoring.json"
"""File of the data folder that is there while a backup is restored."""
SYNCHRONOUS = "FULL"
"""Of SQLite: every commit waits for the disk, 1.5 ms on an SSD, so that a power cut loses nothing that was saved. NORMAL does
not wait; it keeps the file whole and loses the last commits (docs/running.md)."""

FOR_READERS = sentence("The records cannot be read at the moment.")
"""Paths and addresses of databases are for those who run the site; they are in its log."""
_DAMAGE = ("malformed", "not a database", "it is empty, while", "database corruption")

BUSY_SECONDS = 60
"""How long a writer waits for another one. Writes take milliseconds; a minute means that someone holds the database."""


def database_url(settings: Settings) -> URL:
    """Return the address of the database.

    Raises BadSettings: PUSHCART_DATABASE_URL is not an address that SQLAlchemy reads.
    """
    if not settings.database_url:
        return URL.create("sqlite", database=str(settings.data_dir.absolute() / "pushcart.sqlite3"))
    try:
        url = make_url(settings.database_url)
        url.get_dialect()
    except (sa.exc.ArgumentError, sa.exc.NoSuchModuleError) as error:
        raise BadSettings(
            sentence("PUSHCART_DATABASE_URL is not an address of a database."),
            try_next=sentence("Write it as sqlite:////path/to/file or postgresql+psycopg://user:password@host/name."),
        ) from error
    return url


def refuse_half_restored(settings: Settings) -> None:
    """Raises StoreUnavailable: a backup is being restored, or that was interrupted: new records would be made in its place."""
    if (settings.data_dir / RESTORING).exists():
        raise StoreUnavailable(
            sentence("A backup is being restored into {folder}, or that was interrupted.", folder=settings.data_dir),
            try_next=sentence(
                "Wait for it; if no `pushcart restore` is running, run it again with the same backup: it continues."
            ),
            for_readers=FOR_READERS,
        )


def open_engine(settings: Settings) -> Engine:
    """Return an engine whose database exists and is of the newest version."""
    url = database_url(settings)
    is_sqlite = url.get_backend_name() == "sqlite"
    with _opening_errors(url):
        if is_sqlite and url.database and not url.database.startswith((":", "file:")):
            _prepare_file(Path(url.database), settings)
        engine = sa.create_engine(url, connect_args={"timeout": BUSY_SECONDS} if is_sqlite else {})
        if is_sqlite:
            _set_up_sqlite(engine)
        _migrate(engine)
    return engine


def open_read_only_engine(settings: Settings) -> Engine:
    """Return an engine over the database as it is, through which nothing can be written."""
    url = database_url(settings)
    with _opening_errors(url):
        if url.get_backend_name() == "sqlite":
            path = Path(url.database or "")
            if not path.is_file():
                raise FileNotFoundError(2, "it does not exist", str(path))
            # Without its log nobody has the file open: it is complete, and SQLite need not make other files beside it.
            mode = {"mode": "ro"} if path.with_name(f"{path.name}-wal").exists() else {"mode": "ro", "immutable": "1"}
            file = f"file:{quote(str(path.absolute()))}"
            url = URL.create("sqlite", database=file, query={**mode, "uri": "true"})
            engine = sa.create_engine(url, connect_args={"timeout": 5})
        else:
            arguments = {"options": "-c default_transaction_read_only=on", "connect_timeout": 5}
            engine = sa.create_engine(url, connect_args=arguments)
        with engine.connect() as connection:
            _version_of(connection)
    return engine


@contextmanager
def _opening_errors(url: URL) -> Iterator[None]:
    """Say why a database cannot be opened."""
    shown = url.database if url.get_backend_name() == "sqlite" and url.database else None
    shown = shown or url.render_as_string(hide_password=True)
    try:
        yield
    except ImportError as error:
        raise BadSettings(
            sentence(
                "PUSHCART_DATABASE_URL names a database whose driver is not installed ({driver}).", driver=error.name
            ),
            try_next=sentence("For PostgreSQL run `make setup-server` or `pip install 'psycopg[binary]>=3.2'`."),
        ) from error
    except (OSError, sa.exc.SQLAlchemyError) as error:
        if is_damage(error):
            raise damaged(f"The database {shown}", error) from error
        raise StoreUnavailable(
            sentence("The database {shown} cannot be opened: {reason}.", shown=shown, reason=_first_line(error)),
            try_next=sentence("Check PUSHCART_DATA_DIR and PUSHCART_DATABASE_URL, and your permission to write there."),
            for_readers=FOR_READERS,
        ) from error


def _prepare_file(path: Path, settings: Settings) -> None:
    """Make the folder of a SQLite file, and make it and SQLite's files beside it private."""
    if not settings.database_url:
        make_private(path.parent)
    path.parent.mkdir(parents=True, exist_ok=True)
    _refuse_emptied(path, settings)
    if not path.exists():
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))  # SQLite makes its other files with the same rights
    for each in path.parent.glob(f"{path.name}*"):
        close_to_others(each)


def _refuse_emptied(path: Path, settings: Settings) -> None:
    """Raises StoreUnavailable: the database has no bytes, and yet files are kept: it would restart without a word."""
    kept = settings.data_dir / "files"
    if path.exists() and path.stat().st_size == 0 and kept.is_dir() and any(kept.glob("??/*")):
        raise damaged(f"The database {path}", ValueError("it is empty, while files are kept beside it"))


def is_damage(error: BaseException) -> bool:
    """Say whether a refusal of SQLite means that the file itself is broken."""
    text = str(getattr(error, "orig", None) or error)
    return any(words in text for words in _DAMAGE)


def damaged(what: str, error: BaseException) -> StoreUnavailable:
    """Return the error that says that the file of the database is broken, and what can be saved."""
    return StoreUnavailable(
        sentence("{what} is damaged: {reason}.", what=what, reason=_first_line(error)),
        try_next=(
            sentence(
                "Stop every pushcart, move the file and those that end in -wal and -shm aside, and restore a backup"
                " (`pushcart restore`), or put there what `sqlite3 FILE .recover` saves. Without either, add and harvest again: the"
                " files themselves are kept."
            )
        ),
        for_readers=FOR_READERS,
    )


def _first_line(error: BaseException) -> str:
    cause = getattr(error, "orig", None) or error
    return str(cause).strip().split("\n", 1)[0].rstrip(".") or type(cause).__name__


def _set_up_sqlite(engine: Engine) -> None:
    """Write-ahead log, so that readers and one writer do not wait for each other; explicit transactions."""

    def on_connect(connection: sqlite3.Connection, _: ConnectionPoolEntry) -> None:
        connection.isolation_level = None  # pysqlite's own idea of when a transaction begins is not ours
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute(f"PRAGMA synchronous = {SYNCHRONOUS}")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA cache_size = -65536")

    def on_begin(connection: Connection) -> None:
        # A transaction that reads first and writes later can fail without waiting; ask for the write lock at once.
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)


def _migrate(engine: Engine) -> None:
    """Bring the database to the newest version; one process at a time."""
    if _version(engine) == NEWEST_MIGRATION:
        return
    from corpus.migrations import upgrade  # Alembic costs 0.2 s, which every quick command would pay

    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7078834)")
        found = _version_of(connection)
        if found is not None and found > NEWEST_MIGRATION:
            raise StoreUnavailable(
                sentence(
                    "The database is of version {found}, which is newer than this Pushcart ({own}).",
                    found=found,
                    own=NEWEST_MIGRATION,
                ),
                try_next=sentence("Install the newer Pushcart that wrote it, or use another PUSHCART_DATA_DIR."),
            )
        if found != NEWEST_MIGRATION:
            upgrade(connection)


def schema_version(connection: Connection) -> str:
    """Return the version of the tables; empty: there are none."""
    return _version_of(connection) or ""


def _version(engine: Engine) -> str | None:
    with engine.connect() as connection:
        return _version_of(connection)


def _version_of(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    found = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return str(found) if found is not None else None


@contextmanager
def store_errors() -> Iterator[None]:
    """Say in this product's words what a person can do about a refusal of the database; bugs pass untouched."""
    try:
        yield
    except sa.exc.OperationalError as error:
        text = _first_line(error)
        if is_damage(error):
            raise damaged(sentence("The database"), error) from error
        if "locked" in text or "busy" in text:
            raise StoreBusy(
                sentence(
                    "Another process has been writing to the database for more than {seconds} seconds.",
                    seconds=BUSY_SECONDS,
                ),
                try_next=sentence("Wait for it to finish, then run the command again; nothing is lost."),
            ) from error
        raise StoreUnavailable(
            sentence("The database refused: {text}.", text=text),
            try_next=sentence("Check that the disk is not full and that you have permission to write there."),
            for_readers=FOR_READERS,
        ) from error
    except sa.exc.DatabaseError as error:
        if is_damage(error):
            raise damaged(sentence("The database"), error) from error
        raise

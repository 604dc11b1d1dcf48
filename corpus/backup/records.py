"""Copies of databases while others write to them: SQLite by its backup API, PostgreSQL by pg_dump."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection
from sqlalchemy.pool import NullPool

from corpus.durable import sync_file
from corpus.errors import BadBackup
from corpus.messages import sentence
from corpus.store.opening import damaged
from corpus.store.tables import metadata

APPLICATION = "pushcart-restore"
"""By which PostgreSQL knows the sessions of pg_restore."""


@dataclass(frozen=True, slots=True)
class CopiedRecords:
    """What a copy of the records has."""

    schema: str
    rows: Mapping[str, int]
    """By table."""
    files: Mapping[str, int]
    """Sizes of all files that it names, by SHA-256."""


def copy_records(url: URL, target: Path) -> CopiedRecords:
    """Copy the records as they are at one moment; the copy is one file, and on disk when this returns.

    Raises StoreUnavailable: the database is damaged. Raises BadBackup: it is not there, or pg_dump failed.
    """
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        if not path.exists():
            raise BadBackup(
                sentence("There are no records to back up: {file} does not exist.", file=path),
                try_next=sentence(
                    "Run the command in the folder that has your `pushcart-data`, or set PUSHCART_DATA_DIR."
                ),
            )
        copy_sqlite(path, target)
        return read_sqlite(target)
    return _dump(url, target)


def copy_sqlite(path: Path, target: Path) -> None:
    """Copy a SQLite database in one step: readers and writers go on, and the copy shows one moment.

    Raises StoreUnavailable: the database is damaged, or the disk of the copy is full.
    """
    os.close(os.open(target, os.O_CREAT | os.O_RDWR, 0o600))
    try:
        with (
            closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=60)) as source,
            closing(sqlite3.connect(target)) as copy,
        ):
            source.backup(copy)  # all pages in one read transaction; in steps it would begin again at each write
            copy.execute("PRAGMA journal_mode = DELETE")  # the copy is one file, without a log beside it
            (verdict,) = copy.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise _cannot_copy(path, target, error) from error
    if verdict != "ok":
        raise damaged(f"The database {path}", sqlite3.DatabaseError(f"malformed: {verdict}"))
    sync_file(target)


def _cannot_copy(path: Path, target: Path, error: sqlite3.Error) -> Exception:
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
    ):  # the low byte of extended codes
        return BadBackup(
            sentence("{file} cannot be written: {reason}.", file=target, reason=error),
            try_next=sentence("Name a folder on a disk with free space. Earlier backups are unchanged."),
        )
    return damaged(f"The database {path}", error)


def read_sqlite(path: Path) -> CopiedRecords:
    """Return what a copy has, without changing a byte of it.

    Raises StoreUnavailable: it is damaged.
    """
    # immutable: no lock, and no file of SQLite's beside it
    address = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    engine = sa.create_engine("sqlite://", creator=lambda: sqlite3.connect(address, uri=True), poolclass=NullPool)
    try:
        with engine.connect() as connection:
            return _contents(connection)
    except sa.exc.DatabaseError as error:
        raise damaged(f"The database {path}", error) from error
    finally:
        engine.dispose()


def _contents(connection: Connection) -> CopiedRecords:
    schema, rows = schema_of(connection), count_rows(connection)
    # Raw names: the records may be older than this code knows them.
    asked = "SELECT sha256, max(size) FROM ({}) AS every_file GROUP BY sha256"
    every = " UNION ALL ".join(f"SELECT sha256, size FROM {name}" for name in ("fetched_files", "file_versions"))  # noqa: S608
    files = {str(sha256): int(size) for sha256, size in connection.exec_driver_sql(asked.format(every))}
    return CopiedRecords(schema=schema, rows=rows, files=files)


def schema_of(connection: Connection) -> str:
    """Return the newest migration of the records."""
    return str(connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one())


def count_rows(connection: Connection) -> dict[str, int]:
    """Count the rows of the tables that this version knows and the database has."""
    there = set(sa.inspect(connection).get_table_names())
    return {
        name: int(connection.execute(sa.select(sa.func.count()).select_from(sa.table(name))).scalar_one())
        for name in sorted(metadata.tables)
        if name in there
    }


# ---------------------------------------------------------------------- PostgreSQL


def _dump(url: URL, target: Path) -> CopiedRecords:
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection, connection.begin():
            snapshot = str(connection.exec_driver_sql("SELECT pg_export_snapshot()").scalar_one())
            found = _contents(connection)
            run_tool("pg_dump", url, ["--format=custom", f"--snapshot={snapshot}", f"--file={target}"])
    except sa.exc.SQLAlchemyError as error:
        raise BadBackup(
            sentence("The records cannot be read: {reason}.", reason=_first_line(str(error))),
            try_next=sentence("Check PUSHCART_DATABASE_URL, and that the database is running."),
        ) from error
    finally:
        engine.dispose()
    target.chmod(0o600)
    sync_file(target)
    return found


def load_dump(url: URL, dump: Path) -> None:
    """Fill an empty database from a dump, in one transaction: wholly or not at all.

    Raises BadBackup: pg_restore failed.
    """
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    run_tool("pg_restore", url, [*options, str(dump)], application=APPLICATION)


def end_earlier_loads(connection: Connection) -> None:
    """End a pg_restore that outlived the restore that started it, so that nothing of it is committed later."""
    ended = sa.text(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
        " WHERE application_name = :name AND datname = current_database() AND pid <> pg_backend_pid()"
    )
    connection.execute(ended, {"name": APPLICATION})


def run_tool(name: str, url: URL, options: Sequence[str], *, application: str = "pushcart-backup") -> None:
    """Run a tool of PostgreSQL on a database; the password goes by the environment, not by the list of processes.

    Raises BadBackup: it is not installed, or it failed.
    """
    tool = shutil.which(name)
    if tool is None:
        raise BadBackup(
            sentence("{tool} is not installed, and PostgreSQL is copied with it.", tool=name),
            try_next=sentence(
                "Install PostgreSQL's client programs, not older than the server (`apt-get install postgresql-client`)."
            ),
        )
    plain = url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)
    environment = os.environ | {"PGAPPNAME": application} | ({"PGPASSWORD": str(url.password)} if url.password else {})
    done = subprocess.run(  # noqa: S603  the tool of this machine
        [tool, f"--dbname={plain}", *options],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )
    if done.returncode:
        raise BadBackup(
            sentence("{tool} failed: {reason}.", tool=name, reason=_first_line(done.stderr)),
            try_next=sentence(
                "Check the disk, the database and the version of {tool}, which must not be older than the server's.",
                tool=name,
            ),
        )


def _first_line(text: str) -> str:
    return next((line.strip().rstrip(".") for line in text.splitlines() if line.strip()), "?")

"""Whether a database is whole: SQLite by its own integrity check, PostgreSQL by reading everything."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import URL
from sqlalchemy.pool import NullPool

from corpus.checking.findings import CheckFinding, FindingKind
from corpus.messages import sentence
from corpus.secret_key import NAME as SECRET_KEY
from corpus.settings import Settings
from corpus.store.opening import NEWEST_MIGRATION, RESTORING, database_url, is_damage
from corpus.store.tables import metadata

_RESTORE = sentence(
    "Stop every Pushcart, move the file and those that end in -wal and -shm elsewhere, and run `pushcart restore`; or put there"
    " what `sqlite3 FILE .recover` saves."
)
_CORRUPTED = ("XX001", "XX002")
"""PostgreSQL's codes of damaged data and damaged indexes."""
_LINES_MAX = 5
"""Lines of an integrity check that are shown."""


def check_database(settings: Settings) -> Iterator[CheckFinding]:
    """Yield what is wrong with the database of the records; nothing is migrated."""
    if (settings.data_dir / RESTORING).exists():
        yield CheckFinding(
            FindingKind.RESTORE_UNFINISHED,
            str(settings.data_dir),
            sentence("A restore into {folder} was interrupted, or is running.", folder=settings.data_dir),
            sentence("Run `pushcart restore` again with the same backup: it continues."),
        )
        return
    url = database_url(settings)
    if url.get_backend_name() == "sqlite":
        path = Path(url.database or "")
        yield from _check_there(path, settings) or _check_sqlite(path)
    else:
        yield from _check_postgresql(url)


def _check_there(path: Path, settings: Settings) -> list[CheckFinding]:
    if path.exists() and path.stat().st_size:
        return []
    has_files = any((settings.data_dir / "files").glob("??/*"))
    what = sentence("The database {file} is missing or empty, while files are kept.", file=path)
    if not has_files:
        what = sentence("The database {file} is missing or empty.", file=path)
    return [
        CheckFinding(
            FindingKind.DATABASE_MISSING, str(path), what, sentence("Run `pushcart restore` with your last backup.")
        )
    ]


def _check_sqlite(path: Path) -> Iterator[CheckFinding]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=60)) as connection:
            yield from _integrity(connection, path)
            tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_schema")}
            if "alembic_version" not in tables:
                yield _damaged(path, sentence("it has no table `alembic_version`, which tells its version"))
                return
            (version,) = connection.execute("SELECT max(version_num) FROM alembic_version").fetchone()
        yield from _check_version(str(path), version)
    except sqlite3.Error as error:
        if is_damage(error):
            yield _damaged(path, str(error))
        else:
            yield _unreadable(str(path), str(error))


def _integrity(connection: sqlite3.Connection, path: Path) -> Iterator[CheckFinding]:
    lines = [str(row[0]) for row in connection.execute(f"PRAGMA integrity_check({_LINES_MAX})")]
    if lines != ["ok"]:
        yield _damaged(path, "; ".join(line.replace("\n", " ") for line in lines))
        return
    for table, rowid, parent, _ in connection.execute("PRAGMA foreign_key_check").fetchmany(_LINES_MAX):
        yield CheckFinding(
            FindingKind.RECORDS_CONTRADICT,
            str(table),
            sentence(
                "Row {row} of table {table} belongs to a row of {parent} that is missing.",
                row=rowid,
                table=table,
                parent=parent,
            ),
            sentence("Restore a backup; if the newest has the same fault, report it."),
        )


def _damaged(path: Path, reason: str) -> CheckFinding:
    return CheckFinding(
        FindingKind.DATABASE_DAMAGED,
        str(path),
        sentence("The database {file} is damaged: {reason}.", file=path, reason=reason.rstrip(".")),
        _RESTORE,
    )


def _unreadable(name: str, reason: str) -> CheckFinding:
    return CheckFinding(
        FindingKind.DATABASE_UNREADABLE,
        name,
        sentence("The database {file} cannot be read: {reason}.", file=name, reason=reason.rstrip(".")),
        sentence("Check your permission to read and write it, the disk, and PUSHCART_DATABASE_URL."),
    )


def _check_version(name: str, version: str | None) -> Iterator[CheckFinding]:
    if version is None or version < NEWEST_MIGRATION:
        yield CheckFinding(
            FindingKind.SCHEMA_OLDER,
            name,
            sentence(
                "The records {file} are of version {version}, older than this Pushcart ({known}).",
                file=name,
                version=version or "?",
                known=NEWEST_MIGRATION,
            ),
            sentence("The next command that opens them brings them to the newest version; make a backup first."),
        )
    elif version > NEWEST_MIGRATION:
        yield CheckFinding(
            FindingKind.SCHEMA_NEWER,
            name,
            sentence(
                "The records {file} are of version {version}, newer than this Pushcart ({known}).",
                file=name,
                version=version,
                known=NEWEST_MIGRATION,
            ),
            sentence("Install the newer Pushcart that wrote them."),
        )


def _check_postgresql(url: URL) -> Iterator[CheckFinding]:
    """Read every row of every table: that is what finds a damaged page."""
    name = url.render_as_string(hide_password=True)
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            there = set(sa.inspect(connection).get_table_names())
            if "alembic_version" not in there:
                yield CheckFinding(
                    FindingKind.DATABASE_MISSING,
                    name,
                    sentence("The database {file} has no records.", file=name),
                    sentence("Check PUSHCART_DATABASE_URL, or run `pushcart restore` with your last backup."),
                )
                return
            yield from _check_version(
                name, connection.exec_driver_sql("SELECT max(version_num) FROM alembic_version").scalar()
            )
            for table in sorted(there & metadata.tables.keys()):
                # as text: values that are kept apart from their rows are read too
                connection.exec_driver_sql(f'SELECT sum(length(t::text)) FROM "{table}" t')  # noqa: S608
    except sa.exc.SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().split("\n", 1)[0]
        is_corrupt = getattr(getattr(error, "orig", None), "sqlstate", "") in _CORRUPTED
        kind = FindingKind.DATABASE_DAMAGED if is_corrupt else FindingKind.DATABASE_UNREADABLE
        yield CheckFinding(
            kind,
            name,
            sentence("The database {file} cannot be read: {reason}.", file=name, reason=reason.rstrip(".")),
            sentence(
                "Check that the server is running, its log and its disk; if data is damaged, restore into an empty database."
            ),
        )
    finally:
        engine.dispose()


def check_other_databases(settings: Settings) -> Iterator[CheckFinding]:
    """Yield what is wrong with page caches, counts of requests and the key of the site."""
    for path in (*sorted((settings.data_dir / "harvest").glob("*.sqlite")), settings.data_dir / "rate-limits.sqlite"):
        if not path.exists():
            continue
        try:
            with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=60)) as connection:
                (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        except sqlite3.Error as error:
            verdict = str(error)
        if verdict != "ok":
            yield CheckFinding(
                FindingKind.CACHE_DAMAGED,
                str(path),
                sentence("{file} is damaged: {reason}.", file=path, reason=verdict),
                sentence("Delete it: it only saves requests, and is made again."),
            )
    yield from _check_key(settings.data_dir / SECRET_KEY)


def _check_key(path: Path) -> Iterator[CheckFinding]:
    try:
        text = path.read_text(encoding="ascii")
        is_whole = len(bytes.fromhex(text)) == 32
    except FileNotFoundError:
        return
    except (OSError, ValueError):
        is_whole = False
    if not is_whole:
        yield CheckFinding(
            FindingKind.KEY_DAMAGED,
            str(path),
            sentence("The key of this site, {file}, is damaged or cannot be read.", file=path),
            sentence("Copy `secret-key` from a backup. Without it, links in messages that were sent no longer work."),
        )

"""Moving all records into another, empty database: from SQLite to PostgreSQL, or back.

Everything is copied in one transaction of the target, as it is stored, and compared before that is committed: an interrupted
move leaves the target without records. Nothing is written to the source, and nobody else may have it open meanwhile.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import URL, Connection, Engine
from sqlalchemy.pool import NullPool

from corpus.errors import BadInput, PushcartError, StoreBusy
from corpus.messages import sentence
from corpus.settings import Settings
from corpus.store.opening import (
    NEWEST_MIGRATION,
    database_url,
    is_damage,
    open_engine,
    refuse_half_restored,
    schema_version,
    store_errors,
)
from corpus.store.tables import JSON, Text, metadata

MADE_WITH_TABLES = frozenset({"identity", "counters"})
"""Tables that have rows as soon as there are tables."""
_ROWS = 1000
"""In one statement; a page has some thousand characters."""
_OTHERS_SECONDS = 10.0
"""How long PostgreSQL may take to notice that a move that was killed is gone."""

OnProgress = Callable[[int, int], None]
"""Told how many rows were copied, and how many there are."""


@dataclass(frozen=True, slots=True)
class MovedTable:
    """One table after a move; both sides have these rows."""

    name: str
    rows: int
    sha256: str
    """Of all rows as JSON, in the order of the primary key."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a move did."""

    source: str
    """Address, without password."""
    target: str
    tables: tuple[MovedTable, ...]
    seconds: float

    @property
    def rows(self) -> int:
        """Return how many rows were copied."""
        return sum(each.rows for each in self.tables)


def move(settings: Settings, to: str, *, on_progress: OnProgress | None = None) -> Moved:
    """Copy all records into another database, compare, and commit. The caller holds the locks of the data folder.

    Args:
        settings: name the source.
        to: address of the target, as PUSHCART_DATABASE_URL has it. Its tables are made where it has none.

    Raises BadSettings: `to` is no address. BadInput: the target has records, or one of the two is of another version, or a
    row cannot be stored there. StoreBusy: somebody has one of the two open. StoreUnavailable: one cannot be opened.
    """
    began = time.monotonic()
    refuse_half_restored(settings)
    source_url, target_settings = database_url(settings), replace(settings, database_url=to)
    target_url = database_url(target_settings)
    if _same_place(source_url, target_url):
        raise BadInput(
            sentence("{name} is the database that the records are in.", name=_shown(target_url)),
            try_next=sentence("Name an empty database."),
        )
    with _held(source_url) as source:
        _check_version(source, source_url)
        _prepare_target(target_settings, target_url)
        with _held(target_url) as target:
            _check_version(target, target_url)
            _check_empty(target, target_url)
            tables = _copy(source, target, target_url, on_progress=on_progress)
            _set_numbers(source, target)
            _compare(tables, target)
            target.commit()
    return Moved(_shown(source_url), _shown(target_url), tables, time.monotonic() - began)


# ---------------------------------------------------------------------- before anything is written


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _same_place(one: URL, other: URL) -> bool:
    if one.get_backend_name() == other.get_backend_name() == "sqlite":
        return Path(one.database or "").absolute() == Path(other.database or "").absolute()
    return (one.host, one.port or 5432, one.database) == (other.host, other.port or 5432, other.database)


@contextmanager
def _held(url: URL) -> Iterator[Connection]:
    """Give a transaction on a database that nobody else uses until the end; it is rolled back unless it was committed.

    Raises StoreBusy: somebody has it open.
    """
    engine = _engine(url)
    try:
        with store_errors(), _connected(engine, url) as connection:
            _refuse_others(connection, url)
            yield connection
    finally:
        engine.dispose()


def _connected(engine: Engine, url: URL) -> Connection:
    try:
        connection = engine.connect()
    except sa.exc.OperationalError as error:
        raise (_in_use(url) if "locked" in str(error) else error) from error
    connection.begin()
    return connection


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return sa.create_engine(url, poolclass=NullPool, connect_args={"application_name": "pushcart-move"})
    engine = sa.create_engine(f"{url.drivername}://", creator=lambda: _exclusive(url), poolclass=NullPool)
    sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _exclusive(url: URL) -> sqlite3.Connection:
    address = f"{Path(url.database or '').absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(address, uri=True, timeout=1, isolation_level=None)
    try:
        # Set before the first look at the file, it is refused when another process has the file open, and shuts out all others.
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("ROLLBACK")  # the lock on the file stays
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def _refuse_others(connection: Connection, url: URL) -> None:
    if connection.dialect.name == "sqlite":
        return
    others = sa.text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + _OTHERS_SECONDS
    while connection.execute(others).scalar_one():
        if time.monotonic() > until:
            raise _in_use(url)
        connection.rollback()  # a transaction sees the list of sessions as it was at first
        time.sleep(0.2)
        connection.begin()
    there = sa.inspect(connection).get_table_names()
    if names := ", ".join(name for name in metadata.tables if name in there):
        connection.exec_driver_sql(f"LOCK TABLE {names} IN ACCESS EXCLUSIVE MODE")


def _in_use(url: URL) -> StoreBusy:
    return StoreBusy(
        sentence("Another program has the database {name} open.", name=_shown(url)),
        try_next=sentence(
            "Stop pages, harvests and alert workers, then run the same command again; nothing was moved."
        ),
    )


def _check_version(connection: Connection, url: URL) -> None:
    found = schema_version(connection)
    if found != NEWEST_MIGRATION:
        raise BadInput(
            sentence(
                "The records in {name} are of version {found}, and this Pushcart moves those of version {own}.",
                name=_shown(url),
                found=found or "?",
                own=NEWEST_MIGRATION,
            ),
            try_next=sentence("Run `pushcart status` with that database: it brings older records up to date."),
        )


def _prepare_target(settings: Settings, url: URL) -> None:
    """Make the tables where there are none. Raises BadInput: there are others."""
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        open_engine(settings).dispose()
        return
    engine = sa.create_engine(url, poolclass=NullPool)
    try:
        with store_errors(), engine.connect() as connection:
            is_new = not sa.inspect(connection).get_table_names()
            if not is_new:
                _check_version(connection, url)
    finally:
        engine.dispose()
    if is_new:
        open_engine(settings).dispose()


def _check_empty(connection: Connection, url: URL) -> None:
    for table in metadata.sorted_tables:
        if table.name not in MADE_WITH_TABLES and connection.execute(sa.select(table).limit(1)).first():
            raise BadInput(
                sentence(
                    "The database {name} has records already (table {table}).", name=_shown(url), table=table.name
                ),
                try_next=sentence("Name an empty database; a move replaces nothing."),
            )


# ---------------------------------------------------------------------- copying


def _as_stored(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
    """Return a column without this product's cleaning; JSON as its text, in which null and nothing differ."""
    if isinstance(column.type, JSON):
        return sa.cast(column, sa.Text).label(column.name)
    if isinstance(column.type, Text):
        return sa.type_coerce(column, sa.Text).label(column.name)
    return column


def _stored(table: sa.Table, connection: Connection) -> Iterator[Sequence[Sequence[Any]]]:
    """Yield all rows of a table in batches, in the order of its primary key: of texts, that of their bytes."""

    def in_order(column: sa.Column[Any]) -> sa.ColumnElement[Any]:
        is_text = isinstance(column.type, sa.String)
        return sa.collate(column, "C") if is_text and connection.dialect.name == "postgresql" else column

    asked = sa.select(*map(_as_stored, table.columns)).order_by(*map(in_order, table.primary_key))
    yield from connection.execution_options(yield_per=_ROWS).execute(asked).partitions(_ROWS)


def _into(table: sa.Table, connection: Connection) -> sa.Insert:
    values: dict[str, sa.ColumnElement[Any]] = {}
    for column in table.columns:
        is_text = isinstance(column.type, JSON | Text)
        value = sa.bindparam(column.name, type_=sa.Text() if is_text else column.type)
        is_json = isinstance(column.type, JSON) and connection.dialect.name == "postgresql"
        values[column.name] = sa.cast(value, sa.JSON) if is_json else value
    return sa.insert(table).values(values)


def _copy(
    source: Connection, target: Connection, url: URL, *, on_progress: OnProgress | None
) -> tuple[MovedTable, ...]:
    tables = metadata.sorted_tables
    total, done = sum(_count(each, source) for each in tables), 0
    moved = []
    for table in tables:
        if table.name in MADE_WITH_TABLES:
            target.execute(sa.delete(table))
        digest, count, into = hashlib.sha256(), 0, _into(table, target)
        names = [column.name for column in table.columns]
        for rows in _stored(table, source):
            with _refusals(table, url):
                target.execute(into, [dict(zip(names, row, strict=True)) for row in rows])
            _add_to(digest, rows)
            count += len(rows)
            done += len(rows)
            if on_progress is not None:
                on_progress(done, total)
        moved.append(MovedTable(table.name, count, digest.hexdigest()))
    return tuple(moved)


@contextmanager
def _refusals(table: sa.Table, url: URL) -> Iterator[None]:
    """Say which table has a row that the target does not take, such as a text that is longer than its column."""
    try:
        yield
    except (sa.exc.DataError, sa.exc.IntegrityError) as error:
        if is_damage(error):
            raise
        raise BadInput(
            sentence(
                "{name} does not take a row of the table {table}: {reason}.",
                name=_shown(url),
                table=table.name,
                reason=str(error.orig).strip().split("\n", 1)[0].rstrip("."),
            ),
            try_next=sentence("Run `pushcart verify` to see whether the records are damaged; nothing was moved."),
        ) from error


def _count(table: sa.Table, connection: Connection) -> int:
    return int(connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one())


def _add_to(digest: hashlib._Hash, rows: Iterable[Sequence[Any]]) -> None:
    for row in rows:
        digest.update(json.dumps(list(row), ensure_ascii=True, separators=(",", ":"), default=_plain).encode())
        digest.update(b"\n")


def _plain(value: Any) -> str:
    return bytes(value).hex() if isinstance(value, bytes | memoryview) else str(value.isoformat())


# ---------------------------------------------------------------------- numbers that were given


def _set_numbers(source: Connection, target: Connection) -> None:
    """Let the target count on where the source stopped, also where the newest rows were deleted since."""
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is None:
            continue
        last = max(_last_given(table, source), target.execute(sa.select(sa.func.max(column))).scalar() or 0)
        if not last:
            continue
        if target.dialect.name == "postgresql":
            named = sa.func.pg_get_serial_sequence(table.name, column.name)
            target.execute(sa.select(sa.func.setval(named, last)))
        elif table.dialect_options["sqlite"]["autoincrement"]:
            target.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": table.name})
            given = {"name": table.name, "last": last}
            target.execute(sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"), given)


def _last_given(table: sa.Table, connection: Connection) -> int:
    """Return the last number that a table gave to a row; 0: not known, or none."""
    if connection.dialect.name == "sqlite":
        asked = sa.text("SELECT seq FROM sqlite_sequence WHERE name = :name")
        return int(connection.execute(asked, {"name": table.name}).scalar() or 0)
    column = table.autoincrement_column
    named = sa.func.pg_get_serial_sequence(table.name, column.name if column is not None else "")
    name = connection.execute(sa.select(named)).scalar()
    if name is None:
        return 0
    return int(connection.exec_driver_sql(f"SELECT last_value FROM {name} WHERE is_called").scalar() or 0)  # noqa: S608


# ---------------------------------------------------------------------- comparing


def _compare(tables: Sequence[MovedTable], target: Connection) -> None:
    """Raises PushcartError: the target has not exactly the rows of the source."""
    for expected, table in zip(tables, metadata.sorted_tables, strict=True):
        digest, count = hashlib.sha256(), 0
        for rows in _stored(table, target):
            _add_to(digest, rows)
            count += len(rows)
        if (count, digest.hexdigest()) != (expected.rows, expected.sha256):
            raise PushcartError(
                sentence(
                    "The table {table} has {count} rows after the move instead of {expected}, or others.",
                    table=table.name,
                    count=count,
                    expected=expected.rows,
                ),
                try_next=sentence("Nothing was moved. Please report it, with the version of the database."),
            )

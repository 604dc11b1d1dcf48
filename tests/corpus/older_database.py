"""Databases of versions before: the records as they are, in the tables that a migration before the newest made."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy.engine import Connection, RowMapping

import corpus.migrations
from corpus.settings import Settings
from corpus.store.opening import database_url


def take_back(settings: Settings, *, revision: str) -> None:
    """Give a database the tables of an older revision, with its rows, as far as these tables have their columns."""
    engine = sa.create_engine(database_url(settings))
    with engine.begin() as connection:
        newest = _tables(connection)
        held = {table.name: list(connection.execute(sa.select(table)).mappings()) for table in newest}
        for table in reversed(newest):
            table.drop(connection)
        _migrate(connection, revision)
        for table in _tables(connection):
            if table.name == "alembic_version":
                continue
            if connection.execute(
                sa.select(table).limit(1)
            ).first():  # the audit log refuses to be emptied, even of nothing
                connection.execute(sa.delete(table))
            if rows := [_as_before(row, table) for row in held.get(table.name, ())]:
                connection.execute(sa.insert(table), rows)
    engine.dispose()


def migrate_once_more(settings: Settings) -> None:
    """Do to the records what migrations do most: add a column by making a table anew, with all its rows."""
    engine = sa.create_engine(database_url(settings))
    with engine.begin() as connection:
        operations = Operations(MigrationContext.configure(connection))
        way: Literal["always", "auto"] = "always" if connection.dialect.name == "sqlite" else "auto"
        for table in ("documents", "tags", "corrections", "uncorrected"):
            with operations.batch_alter_table(table, recreate=way) as batch:
                batch.add_column(sa.Column("later", sa.Text(), nullable=False, server_default=""))
    engine.dispose()


def _as_before(row: RowMapping, table: sa.Table) -> dict[str, Any]:
    """Return a row with the columns of an older table; where it lacks a text that the table needs, an empty one."""
    needed = {column.name: "" for column in table.columns if not column.nullable and column.server_default is None}
    return needed | {column.name: row[column.name] for column in table.columns if column.name in row}


def _tables(connection: Connection) -> list[sa.Table]:
    metadata = sa.MetaData()
    metadata.reflect(connection)
    return metadata.sorted_tables


def _migrate(connection: Connection, revision: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(corpus.migrations.__file__).parent))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)

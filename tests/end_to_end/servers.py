"""Where these tests keep records and index: in the data folder, or on a PostgreSQL and an Elasticsearch.

With PUSHCART_TEST_ON_SERVERS=1 each data folder has a database and indexes of its own there; the servers are found as in
tests/postgresql.py and tests/search_server.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from unittest.mock import patch

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from corpus.backup.records import copy_sqlite, load_dump, run_tool
from corpus.settings import Settings, read_settings
from corpus.store import open_store
from search_api.engines.opening import delete_indexes, open_engine
from search_api.indexing import bring_up_to_date
from tests.postgresql import postgresql_server
from tests.search_server.finding import elasticsearch_server

ON_SERVERS = "PUSHCART_TEST_ON_SERVERS"
_DATABASE, _SEARCH = "PUSHCART_TEST_DATABASE_URL", "PUSHCART_TEST_ELASTICSEARCH_URL"
_DUMP = "records.dump"

in_the_data_folder = pytest.mark.skipif(
    bool(os.environ.get(ON_SERVERS)), reason=f"is about records in the data folder, and {ON_SERVERS} is set"
)
"""For tests of which servers change the meaning."""


@contextmanager
def servers_found() -> Iterator[None]:
    """Find the two servers while the block runs, if they are asked for, and leave nothing on them."""
    if not os.environ.get(ON_SERVERS):
        yield
        return
    with (
        postgresql_server() as database,
        elasticsearch_server() as search,
        patch.dict(os.environ, {_DATABASE: database, _SEARCH: search}),
    ):
        try:
            yield
        finally:
            for name in [name for name in _databases() if name.startswith(_prefix())]:
                _run_sql(f"DROP DATABASE {name} WITH (FORCE)")
            delete_indexes(Settings(elasticsearch_url=search, elasticsearch_prefix=_index_name(_prefix().rstrip("_"))))


def services_of(folder: Path) -> dict[str, str]:
    """Return the settings of a data folder that say where its records and index are; empty: in the folder."""
    if not os.environ.get(ON_SERVERS):
        return {}
    name = _name_of(folder)
    return {
        "PUSHCART_DATABASE_URL": _made(name),
        "PUSHCART_ELASTICSEARCH_URL": os.environ[_SEARCH],
        "PUSHCART_ELASTICSEARCH_PREFIX": _index_name(name),
        "PUSHCART_ELASTICSEARCH_REPLICAS": "1",
    }


def settings_of(folder: Path, **others: str) -> Settings:
    """Return the settings of a data folder; `others` are further environment variables."""
    return read_settings({"PUSHCART_DATA_DIR": str(folder), "PUSHCART_WORKERS": "2"} | services_of(folder) | others)


def copy_folder(source: Path, target: Path, *, with_index: bool = True) -> Path:
    """Copy a data folder with its records, and return the copy; the index on a server is built anew."""
    shutil.copytree(source, target)
    if services_of(source):
        keep_records(source, target / _DUMP)
        load_dump(make_url(services_of(target)["PUSHCART_DATABASE_URL"]), target / _DUMP)
        (target / _DUMP).unlink()
        if with_index:
            settings = settings_of(target)
            with open_store(settings) as store, closing(open_engine(settings)) as engine:
                bring_up_to_date(engine, store)
    elif not with_index:
        shutil.rmtree(target / "index", ignore_errors=True)
    return target


def remove_folder(folder: Path) -> None:
    """Remove a data folder with its records and index; none is there is no fault."""
    shutil.rmtree(folder, ignore_errors=True)
    if services_of(folder):
        delete_indexes(settings_of(folder))
        forget_records(folder)


def keep_records(folder: Path, file: Path) -> None:
    """Copy the records of a data folder into a file."""
    if services := services_of(folder):
        run_tool("pg_dump", make_url(services["PUSHCART_DATABASE_URL"]), ["--format=custom", f"--file={file}"])
    else:
        copy_sqlite(folder / "pushcart.sqlite3", file)


def put_records(file: Path, folder: Path) -> None:
    """Put records that were kept in a file in place of those of a data folder."""
    if services := services_of(folder):
        forget_records(folder)
        load_dump(make_url(services["PUSHCART_DATABASE_URL"]), file)
    else:
        for each in folder.glob("pushcart.sqlite3*"):
            each.unlink()
        shutil.copyfile(file, folder / "pushcart.sqlite3")


def forget_records(folder: Path) -> None:
    """Make the database of a data folder empty, without tables."""
    name = _name_of(folder)
    _run_sql(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)", f"CREATE DATABASE {name}")


# ---------------------------------------------------------------------- names


def _prefix() -> str:
    return f"test_e2e_{os.getpid()}_"


def _name_of(folder: Path) -> str:
    return _prefix() + hashlib.sha256(str(folder.absolute()).encode()).hexdigest()[:12]


def _index_name(name: str) -> str:
    return name.replace("_", "-")


@cache
def _made(name: str) -> str:
    if name not in _databases():
        _run_sql(f"CREATE DATABASE {name}")
    return make_url(os.environ[_DATABASE]).set(database=name).render_as_string(hide_password=False)


def _databases() -> list[str]:
    return [name for (name,) in _run_sql("SELECT datname FROM pg_database")]


def _run_sql(*statements: str) -> list[tuple[str]]:
    engine = sa.create_engine(os.environ[_DATABASE], isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        for statement in statements:
            result = connection.exec_driver_sql(statement)
        return [(str(row[0]),) for row in result] if result.returns_rows else []

"""`pushcart move`: every record in another database, or nothing of it."""

from __future__ import annotations

import fcntl
import json
import random
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime
from multiprocessing import get_context
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from corpus.errors import BadInput, StoreBusy
from corpus.moving import move
from corpus.settings import Settings
from corpus.store import open_store, open_worker_lives
from corpus.store.opening import NEWEST_MIGRATION, database_url
from corpus.store.tables import metadata
from pushcart.cli import run
from search_api.engines.opening import open_engine
from search_api.fitness import fitness_of
from tests import kept_collection as kept
from tests.corpus.older_database import take_back
from tests.new_databases import new_postgresql_database
from tests.postgresql import postgresql_server


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a collection with rows in every table, that no test changes."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("pattern") / "data")
    kept.fill(settings)
    engine = sa.create_engine(database_url(settings), poolclass=NullPool)
    with engine.begin() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(sa.select(table).limit(1)).first() is None:
                for row in (False, True):
                    connection.execute(sa.insert(table).values(made_row(table, connection, fills=row)))
        connection.exec_driver_sql("UPDATE documents SET back_matter = NULL WHERE id = 'd0'")
        connection.exec_driver_sql("UPDATE documents SET back_matter = 'null' WHERE id = 'd1'")
    return settings


def made_row(table: sa.Table, connection: sa.Connection, *, fills: bool) -> dict[str, Any]:
    """Return a row of a table for each of `fills`; True: with the columns that may be empty."""
    row = {}
    for column in table.columns:
        if column is table.autoincrement_column or (column.nullable and not fills):
            continue
        if column.foreign_keys:
            (there,) = column.foreign_keys
            row[column.name] = connection.execute(sa.select(there.column).limit(1)).scalar()
        else:
            row[column.name] = made_value(column, fills=fills)
    return row


def made_value(column: sa.Column[Any], *, fills: bool) -> Any:
    kind = column.type.impl if isinstance(column.type, sa.TypeDecorator) else column.type
    if isinstance(kind, sa.JSON):
        return {"ñ\u2028": [1.5, None, "\U0001f6d2"]} if fills else []
    if isinstance(kind, sa.DateTime):
        return datetime(2026, 3, 29, 1, 30, 0, 123456 if fills else 0, tzinfo=UTC)
    if isinstance(kind, sa.Date):
        return date(2026, 2, 28)
    if isinstance(kind, sa.LargeBinary):
        return bytes(range(256)) if fills else b""
    if isinstance(kind, sa.String):
        return "é'\\ \n" if fills else "A"
    return {
        bool: fills,
        int: -(2**40) - fills if isinstance(kind, sa.BigInteger) else 7 + fills,
        float: 0.1 + 0.2 * fills,
    }[kind.python_type]


@pytest.fixture
def own(pattern: Settings, tmp_path: Path) -> Settings:
    """Return a copy of the collection that is the test's own."""
    copytree(pattern.data_dir, tmp_path / "own")
    return Settings(data_dir=tmp_path / "own")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql_server() as found:
        yield found


@pytest.fixture
def postgresql(server: str) -> Iterator[str]:
    """Return the address of a PostgreSQL without records."""
    with new_postgresql_database(server) as found:
        yield found


def rows_of(settings: Settings, url: str = "") -> dict[str, list[str]]:
    return kept.all_rows(replace(settings, database_url=url))


def ask(url: str, sql: str) -> Any:
    engine = sa.create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        done = connection.exec_driver_sql(sql)
        return done.scalar() if done.returns_rows else None


def has_no_records(url: str) -> bool:
    return bool(ask(url, "SELECT count(*) FROM changes") == ask(url, "SELECT count(*) FROM documents") == 0)


# ------------------------------------------------------------------ what is there afterwards


def test_every_row_of_every_table_is_moved(own: Settings, postgresql: str) -> None:
    before = rows_of(own)
    moved = move(own, postgresql)
    assert rows_of(own, postgresql) == before == rows_of(own)
    assert {each.name: each.rows for each in moved.tables} == {name: len(before[name]) for name in metadata.tables}
    assert all(before.values()), "a table without rows says nothing"


def test_nothing_and_json_null_stay_what_they_are(own: Settings, postgresql: str) -> None:
    move(own, postgresql)
    assert ask(postgresql, "SELECT back_matter IS NULL FROM documents WHERE id = 'd0'") is True
    assert ask(postgresql, "SELECT back_matter::text FROM documents WHERE id = 'd1'") == "null"


def test_it_is_moved_back_the_same(own: Settings, postgresql: str, tmp_path: Path) -> None:
    before, there = rows_of(own), move(own, postgresql)
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    again = move(replace(own, database_url=postgresql), back)
    assert rows_of(own, back) == before
    assert again.tables == there.tables
    assert ask(back, "SELECT typeof(back_matter) FROM documents WHERE id = 'd0'") == "null"


def test_numbers_continue_after_the_last_that_was_given_also_when_its_row_is_gone(
    own: Settings, postgresql: str, tmp_path: Path
) -> None:
    url = str(database_url(own))
    adding = "INSERT INTO corrections (document_id, kind, facet, concept, about, value, person, reason, at) VALUES"
    adding += " ('d9', 'add', '', '', true, '[]', 'Ana', '', '2026-01-01 00:00:00') RETURNING id"
    last = ask(url, adding)
    ask(url, f"DELETE FROM corrections WHERE id = {last} RETURNING 1")
    move(own, postgresql)
    back = f"sqlite:///{tmp_path / 'back.sqlite3'}"
    move(replace(own, database_url=postgresql), back)
    assert (ask(postgresql, adding), ask(back, adding)) == (last + 1, last + 1)


def test_the_index_fits_the_moved_records_and_the_audit_log_only_grows(own: Settings, postgresql: str) -> None:
    found = kept.found(own)
    move(own, postgresql)
    there = replace(own, database_url=postgresql)
    with open_store(there) as store, closing(open_engine(there)) as engine:
        assert fitness_of(engine, store).misfit is None
    assert kept.found(there) == found
    with pytest.raises(sa.exc.DatabaseError, match="audit"):
        ask(postgresql, "DELETE FROM audit")
    with open_store(there) as store:
        kept.add_document(store, there, "d8")
        assert len(store.documents.ids()) == 5


def test_the_command_says_what_was_moved_and_which_setting_to_change(
    own: Settings, postgresql: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(own.data_dir))
    assert run(["move", postgresql, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["differences"], said["setting"]) == (0, f"PUSHCART_DATABASE_URL={postgresql}")
    assert {each["name"] for each in said["tables"]} == set(metadata.tables)
    monkeypatch.setenv("PUSHCART_DATABASE_URL", postgresql)
    (own.data_dir / "pushcart.sqlite3").unlink()
    assert run(["move", str(database_url(own))]) == 0
    said_by_text = capsys.readouterr().out
    assert "Now unset PUSHCART_DATABASE_URL" in said_by_text
    assert f"Moved {said['rows']} rows" in said_by_text


# ------------------------------------------------------------------ what is refused


def test_a_database_with_records_is_refused_and_left_alone(own: Settings, postgresql: str) -> None:
    move(own, postgresql)
    there = rows_of(own, postgresql)
    with pytest.raises(BadInput, match="has records already"):
        move(own, postgresql)
    with pytest.raises(BadInput, match="that the records are in"):
        move(own, str(database_url(own)))
    assert rows_of(own, postgresql) == there


@pytest.mark.parametrize("side", ["source", "target"])
def test_another_version_is_refused_and_not_migrated(own: Settings, tmp_path: Path, side: str) -> None:
    other = Settings(data_dir=tmp_path / "other")
    with open_store(other):
        pass
    take_back(own if side == "source" else other, revision="0017")
    with pytest.raises(
        BadInput, match=f"are of version 0017, and this Pushcart moves those of version {NEWEST_MIGRATION}"
    ):
        move(own, str(database_url(other)))
    assert (
        ask(str(database_url(own if side == "source" else other)), "SELECT version_num FROM alembic_version") == "0017"
    )


def test_a_database_of_something_else_is_refused(own: Settings, server: str) -> None:
    with new_postgresql_database(server) as url:
        ask(url, "DROP TABLE alembic_version")
        with pytest.raises(BadInput, match=r"are of version \?"):
            move(own, url)


def test_records_that_somebody_has_open_are_not_moved(
    own: Settings, postgresql: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_store(own) as store:
        store.documents.ids()
        with pytest.raises(StoreBusy, match=r"has the database .*pushcart.sqlite3 open"):
            move(own, postgresql)
    monkeypatch.setattr("corpus.moving._OTHERS_SECONDS", 0.5)
    with open_store(replace(own, database_url=postgresql)) as store:
        store.documents.ids()
        with pytest.raises(StoreBusy, match="has the database postgresql"):
            move(own, postgresql)
    assert has_no_records(postgresql)


def test_a_running_harvest_or_alert_worker_is_named(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(own.data_dir))
    target = tmp_path / "new.sqlite3"
    with (own.data_dir / "harvest.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert run(["move", f"sqlite:///{target}"]) == 1
    assert "Another `pushcart harvest` is running" in capsys.readouterr().err
    with closing(open_worker_lives(own)) as lives:
        life = lives.begin("w1")
        assert run(["move", f"sqlite:///{target}"]) == 1
        life.end()
    assert "`pushcart alerts run` is running." in capsys.readouterr().err
    assert not target.exists()


def test_a_row_that_the_target_does_not_take_is_named_and_nothing_is_moved(own: Settings, postgresql: str) -> None:
    ask(str(database_url(own)), f"UPDATE documents SET lang = '{'x' * 9}' RETURNING 1")
    before = rows_of(own)
    with pytest.raises(BadInput, match="does not take a row of the table documents: value too long"):
        move(own, postgresql)
    assert has_no_records(postgresql)
    assert rows_of(own) == before


# ------------------------------------------------------------------ interrupted


def test_a_move_that_is_killed_moved_nothing_and_can_be_run_again(own: Settings, postgresql: str) -> None:
    before, chance = rows_of(own), random.Random(19)
    for _ in range(3):
        process = get_context("fork").Process(target=move, args=(own, postgresql))
        process.start()
        time.sleep(chance.uniform(0.02, 0.2))
        process.kill()
        process.join()
        if process.exitcode == 0:  # it had ended before
            break
        assert rows_of(own) == before
        assert has_no_records(postgresql) or rows_of(own, postgresql) == before
    if has_no_records(postgresql):
        move(own, postgresql)
    assert rows_of(own, postgresql) == before == rows_of(own)

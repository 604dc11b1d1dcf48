"""What the store reads once, what it reads together, and what it asks the database for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Engine

from corpus.errors import NotFound
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Outcome, Page, Reading
from tests.builders import make_document, make_source


@pytest.fixture
def store(on_either: Settings) -> Iterator[Store]:
    with open_store(on_either) as opened:
        yield opened


@pytest.fixture
def another(on_either: Settings) -> Iterator[Store]:
    """As in another process: with connections of its own."""
    with open_store(on_either) as opened:
        yield opened


@contextmanager
def statements() -> Iterator[list[str]]:
    """Collect what is sent to any database, but for the begin of transactions."""
    sent: list[str] = []

    def keep(connection, cursor, statement, *others) -> None:
        if not statement.startswith("BEGIN"):
            sent.append(statement)

    sa.event.listen(Engine, "before_cursor_execute", keep)
    try:
        yield sent
    finally:
        sa.event.remove(Engine, "before_cursor_execute", keep)


def save(store: Store, document_id: str, *texts: str) -> None:
    document = make_document(document_id, pages=texts or ("Text.",))
    pages = tuple(Page(number, text) for number, text in enumerate(texts or ("Text.",), start=1))
    store.readings.save(Reading(document.sha256, Outcome.READ, pages=pages), reader_version="1")
    store.documents.save(document)


def test_the_list_of_sources_is_read_again_when_anybody_changed_it(store: Store, another: Store) -> None:
    for number, writer in enumerate((store, another, store, another)):
        writer.sources.save(make_source(f"s{number}", name=f"Source {number}"))
        assert len(store.sources.names()) == len(another.sources.names()) == number + 1
    another.sources.save(make_source("s0", name="Renamed"))
    assert store.sources.names()["s0"] == another.sources.all()[0].name == "Renamed"


def test_the_newest_change_is_read_again_when_anybody_wrote_one(store: Store, another: Store) -> None:
    for number, writer in enumerate((store, another, store, another), start=1):
        save(writer, f"d{number}")
        assert store.changes.last_sequence() == another.changes.last_sequence() == number


def test_sqlite_is_not_asked_for_sources_and_newest_change_while_nothing_changes(settings: Settings) -> None:
    with open_store(settings) as store:
        store.sources.save(make_source("one"))
        save(store, "d1")
        store.sources.names()
        store.documents.in_brief(["d1"])
        with statements() as sent:
            store.sources.names()
            store.sources.all()
            store.changes.last_sequence()
            store.documents.in_brief(["d1"])
        assert sent == []


def test_a_snapshot_is_one_moment(store: Store, another: Store) -> None:
    save(store, "d1")
    with store.snapshot():
        assert store.changes.last_sequence() == 1
        save(another, "d2")
        store.sources.save(make_source("new"))
        assert store.changes.last_sequence() == 1
        assert store.documents.ids() == ("d1",)
        assert store.documents.in_brief(["d2"]) == {}
        assert store.sources.names() == {}
        with store.snapshot():
            assert store.documents.ids() == ("d1",)
        assert store.status().documents == 1
    assert store.documents.ids() == ("d1", "d2")
    assert store.documents.in_brief(["d2"]).keys() == {"d2"}
    assert store.sources.names().keys() == {"new"}


def test_after_an_error_within_a_snapshot_the_present_is_seen_again(store: Store) -> None:
    with pytest.raises(NotFound), store.snapshot():
        store.documents.get("d1")
    save(store, "d1")
    assert store.documents.get("d1").id == "d1"


def test_texts_of_many_pages_are_found_whatever_their_number(store: Store) -> None:
    save(store, "d1", *(f"Page {number}" for number in range(1, 601)))
    save(store, "d2", "Only page")
    for count in (1, 15, 16, 17, 479, 480, 481, 600):
        wanted = list(range(1, count + 1))
        found = store.pages.texts({"d1": wanted, "d2": [1, 2], "d3": [1]})
        assert found == {("d1", number): f"Page {number}" for number in wanted} | {("d2", 1): "Only page"}
    assert store.pages.texts({}) == store.pages.texts({"d1": []}) == {}


def test_texts_are_looked_up_by_their_keys_and_no_table_is_gone_through(settings: Settings) -> None:
    with open_store(settings) as store:
        save(store, "d1")
        with statements() as sent:
            store.pages.texts({"d1": [1], "d2": [1, 2]})
    assert len(sent) == 1
    engine = sa.create_engine(f"sqlite:///{settings.data_dir / 'pushcart.sqlite3'}")
    with engine.connect() as connection:
        values = ("d1", 1) * (sent[0].count("?") // 2)
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sent[0]}", values)]
    assert [step for step in plan if "SCAN" in step and "CONSTANT" not in step and step != "SCAN wanted"] == []


def test_a_source_costs_no_query_of_its_own_when_all_are_listed(settings: Settings) -> None:
    with open_store(settings) as store:
        counts = []
        for number in range(3):
            store.sources.save(make_source(f"s{number}"))
            with statements() as sent:
                assert len(store.sources.health()) == number + 1
            counts.append(len(sent))
    assert len(set(counts)) == 1

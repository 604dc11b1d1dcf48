"""The audit log on both databases: it only grows, and what belongs together is written together."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import sqlalchemy as sa

from corpus.audit import Actor, AuditAction, AuditChannel, AuditEntry
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.opening import open_engine
from tests.builders import A_DAY, make_source

ENTRY = AuditEntry(
    Actor("Ana <b>Torres", AuditChannel.PAGE),
    AuditAction.WORKS_JOINED,
    A_DAY,
    document="d1",
    other="d2",
    reason="'); DROP TABLE audit;--",
    subject="decision:1",
    details={"relation": "copy"},
)


@pytest.fixture
def log(on_either: Settings) -> Iterator[Store]:
    with open_store(on_either) as store:
        yield store


def test_an_entry_is_read_as_it_was_written(log: Store) -> None:
    number = log.audit.append(ENTRY)
    found = log.audit.get(number)
    assert found is not None
    assert (found.number, found.entry, found.undone_by) == (number, ENTRY, None)
    assert log.audit.get(number + 1) is None


def test_the_newest_entries_come_first_and_a_document_has_those_about_it(log: Store) -> None:
    numbers = [log.audit.append(replace(ENTRY, document=f"d{each}", other="d9")) for each in range(5)]
    assert [each.number for each in log.audit.newest(limit=2)] == [numbers[4], numbers[3]]
    assert [each.number for each in log.audit.newest(limit=2, before=numbers[3])] == [numbers[2], numbers[1]]
    assert [each.number for each in log.audit.newest(limit=9, document="d2")] == [numbers[2]]
    assert len(log.audit.newest(limit=9, document="d9")) == 5


def test_an_entry_that_was_taken_back_says_by_which(log: Store) -> None:
    number = log.audit.append(ENTRY)
    undoing = log.audit.append(replace(ENTRY, action=AuditAction.UNDONE, undoes=number))
    assert [each.undone_by for each in log.audit.of_subject("decision:1")] == [undoing, None]


def test_nothing_is_taken_back_twice(log: Store) -> None:
    number = log.audit.append(ENTRY)
    log.audit.append(replace(ENTRY, action=AuditAction.UNDONE, undoes=number))
    with pytest.raises(sa.exc.IntegrityError):
        log.audit.append(replace(ENTRY, action=AuditAction.UNDONE, undoes=number))


@pytest.mark.parametrize("statement", ["UPDATE audit SET person = 'nobody'", "DELETE FROM audit"])
def test_the_database_itself_refuses_to_change_or_remove_an_entry(
    log: Store, on_either: Settings, statement: str
) -> None:
    log.audit.append(ENTRY)
    engine = open_engine(on_either)
    with pytest.raises(sa.exc.DBAPIError, match="only grows"), engine.begin() as connection:
        connection.exec_driver_sql(statement)
    engine.dispose()
    assert log.audit.newest(limit=9)[0].entry == ENTRY


def test_what_is_written_together_is_kept_together(log: Store) -> None:
    with log.together():
        log.sources.save(make_source("one"))
        number = log.audit.append(ENTRY)
        assert log.audit.get(number) is not None
    assert [each.slug for each in log.sources.all()] == ["one"]
    assert len(log.audit.newest(limit=9)) == 1


def test_of_what_is_written_together_nothing_is_kept_where_a_part_fails(log: Store) -> None:
    def save_and_fail() -> None:
        with log.together():
            log.sources.save(make_source("one"))
            log.audit.append(ENTRY)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        save_and_fail()
    assert log.sources.all() == ()
    assert log.audit.newest(limit=9) == ()
    log.audit.append(ENTRY)
    assert len(log.audit.newest(limit=9)) == 1

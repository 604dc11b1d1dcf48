"""What monitoring counts in the records, on either database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from corpus.errors import StoreUnavailable
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import Store, look_into_store, open_store
from corpus.store.opening import NEWEST_MIGRATION
from tests.builders import A_DAY, make_document, make_fetched, make_source
from tests.corpus.conftest import on_either  # noqa: F401  the fixture

DAY = timedelta(days=1)


@pytest.fixture
def store(on_either: Settings) -> Iterator[Store]:  # noqa: F811
    with open_store(on_either) as opened:
        yield opened


def run(source: str, state: RunState, *, days: int = 0, **counts: int) -> HarvestRun:
    return HarvestRun(source, A_DAY + days * DAY, A_DAY + (days + 1) * DAY, state, Verdict.told(""), **counts)


def test_harvests_are_summed_by_source_and_state(store: Store) -> None:
    for each in (
        run("wiego", RunState.FINISHED, new=3, unchanged=1),
        run("wiego", RunState.FINISHED, days=1, new=2, failed=4),
        run("wiego", RunState.BROKEN, days=2),
        run("ilo", RunState.PAUSED, gone=1, skipped=7),
    ):
        store.runs.save(each)
    found = store.watching.harvests()
    assert sorted(found) == ["ilo", "wiego"]
    wiego = found["wiego"]
    assert (wiego.runs[RunState.FINISHED], wiego.runs[RunState.BROKEN], wiego.runs[RunState.CRASHED]) == (2, 1, 0)
    assert (wiego.records["new"], wiego.records["unchanged"], wiego.records["failed"]) == (5, 1, 4)
    assert (wiego.last_state, wiego.last_ended) == (RunState.BROKEN, A_DAY + 3 * DAY)
    assert (found["ilo"].records["gone"], found["ilo"].records["skipped"]) == (1, 7)


def test_what_is_held_and_what_waits_is_counted(store: Store) -> None:
    store.sources.save(make_source("sample"))
    store.files.save(make_fetched())
    store.documents.save(make_document("d1", pages=("One.", "Two.")))
    counts = store.watching.collection()
    assert (counts.documents, counts.pages, counts.outcomes["waiting"], counts.waiting) == (1, 2, 1, 1)
    assert counts.outcomes["encrypted"] == counts.untagged == counts.unindexed == 0


def test_an_index_is_behind_by_the_documents_that_changed_after_what_it_applied(store: Store) -> None:
    for each in ("d1", "d2", "d2", "d3"):
        store.documents.save(make_document(each, title=f"{each} {store.changes.last_sequence()}"))
    last = store.changes.last_sequence()
    assert store.watching.behind(last).documents == 0
    assert store.watching.behind(last).oldest is None
    behind = store.watching.behind(0)
    assert behind.documents == 3
    assert behind.oldest is not None
    assert store.watching.behind(last - 1).documents == 1
    assert store.watching.newest_moment() is not None


def test_the_version_of_the_tables_is_told(store: Store) -> None:
    assert store.schema_version() == NEWEST_MIGRATION


def test_looking_into_records_reads_them_and_can_write_nothing(store: Store, on_either: Settings) -> None:  # noqa: F811
    store.documents.save(make_document("d1"))
    with look_into_store(on_either) as looked:
        assert looked.watching.collection().documents == 1
        with pytest.raises((StoreUnavailable, sa.exc.DBAPIError)):
            looked.documents.save(make_document("d2"))
        assert looked.watching.collection().documents == 1


def test_looking_into_a_database_that_nobody_has_open_leaves_its_folder_as_it_is(settings: Settings) -> None:
    with open_store(settings) as opened:
        opened.documents.save(make_document("d1"))
    before = {each.name: each.stat().st_mtime_ns for each in settings.data_dir.iterdir()}
    with look_into_store(settings) as looked:
        assert looked.watching.collection().documents == 1
    assert {each.name: each.stat().st_mtime_ns for each in settings.data_dir.iterdir()} == before


def test_looking_into_what_is_not_there_makes_nothing(settings: Settings) -> None:
    nowhere = replace(settings, data_dir=settings.data_dir / "none")
    with pytest.raises(StoreUnavailable) as caught:
        look_into_store(nowhere)
    assert "does not exist" in caught.value.message
    assert not nowhere.data_dir.exists()

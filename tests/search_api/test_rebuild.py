"""Rebuilding on both engines, and what only the one on a cluster can meet."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.vocabulary import load_vocabulary
from search_api.engines.base import Refused
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.elasticsearch.rebuilding import Lease
from search_api.engines.elasticsearch.state import IndexNames, StateRecord
from search_api.engines.tantivy import TantivyEngine
from tests.builders import make_document
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, ask, changed, found
from tests.search_api.rebuild_contract import OpenAnother, RebuildContract


class TestRebuildOnTantivy(RebuildContract):
    @pytest.fixture
    def open_another(self, tmp_path: Path) -> OpenAnother:
        return lambda: TantivyEngine(tmp_path / "index", vocabulary=load_vocabulary())


@pytest.fixture
def open_one(client: Elasticsearch, prefix: str) -> OpenAnother:
    return lambda: ElasticsearchEngine(
        client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix, lease_seconds=2.0
    )


class TestRebuildOnElasticsearch(RebuildContract):
    @pytest.fixture
    def open_another(self, open_one: OpenAnother) -> OpenAnother:
        return open_one


def indexes_of(client: Elasticsearch, prefix: str) -> list[str]:
    return sorted(name.removeprefix(prefix) for name in client.indices.get(index=f"{prefix}-*"))


def test_two_processes_make_one_first_generation(client: Elasticsearch, prefix: str, open_one: OpenAnother) -> None:
    engines = [open_one() for _ in range(4)]
    failures: list[BaseException] = []

    def apply(place: int) -> None:
        try:
            engines[place].apply(changed(EVERYONE))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=apply, args=(place,)) for place in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert ask(engines[0]).total == 5
    assert indexes_of(client, prefix) == ["-documents-000001", "-pages-000001", "-state"]


def test_a_lease_whose_owner_died_is_taken_over(client: Elasticsearch, prefix: str, open_one: OpenAnother) -> None:
    engine = open_one()
    engine.apply(changed(EVERYONE))
    record = StateRecord(client, IndexNames(prefix))
    Lease(record, hierarchy="of a process that was killed", lease_seconds=2.0)._take()
    assert record.read().building == 2
    assert engine.rebuild(ChangeLog(changed(EVERYONE))) == 5
    assert record.read().building_owner == ""
    assert indexes_of(client, prefix) == ["-documents-000003", "-pages-000003", "-state"]


def test_what_is_written_while_a_generation_is_swapped_is_in_the_new_one(
    client: Elasticsearch, prefix: str, open_one: OpenAnother
) -> None:
    writing, rebuilding = open_one(), open_one()
    writing.apply(changed(EVERYONE))
    late = changed([make_document("d9", title="Late")], first=6)

    def swapped_under_it():  # type: ignore[no-untyped-def]
        rebuilding.rebuild(ChangeLog(changed(EVERYONE)))  # and the old generation is dropped
        yield from late

    writing.apply(swapped_under_it())
    assert found(rebuilding, "late") == {"d9"}
    assert indexes_of(client, prefix) == ["-documents-000002", "-pages-000002", "-state"]
    assert rebuilding.applied_sequence() == 5  # raised by going on from there, which is harmless
    assert rebuilding.apply(late) == 6


def test_a_crash_between_state_and_aliases_is_mended_by_the_next_apply(
    client: Elasticsearch, prefix: str, open_one: OpenAnother
) -> None:
    engine = open_one()
    engine.apply(changed(EVERYONE))
    engine.rebuild(ChangeLog(changed(EVERYONE)))
    client.indices.update_aliases(
        actions=[{"remove": {"index": f"{prefix}-documents-000002", "alias": f"{prefix}-documents"}}]
    )
    client.indices.create(index=f"{prefix}-documents-000001")
    open_one().apply([])
    assert ask(engine).total == 5
    assert indexes_of(client, prefix) == ["-documents-000002", "-pages-000002", "-state"]


def test_one_refused_document_does_not_stop_the_others(
    client: Elasticsearch, prefix: str, open_one: OpenAnother
) -> None:
    engine = open_one()
    engine.apply([])
    too_long = replace(EVERYONE[2], type="x" * 40_000)  # Lucene takes no value of more than 32,766 bytes
    refused: list[Refused] = []
    engine.apply(changed([*EVERYONE[:2], too_long, *EVERYONE[3:]]), on_refused=refused.append)
    assert found(engine) == {"d1", "d2", "d4", "d5"}
    assert [(each.document, each.sequence) for each in refused] == [("d3", 3)]
    assert "32766" in refused[0].reason
    assert engine.applied_sequence() == 5


def test_a_document_of_5000_pages_is_sent_in_parts(open_one: OpenAnother) -> None:
    engine = open_one()
    text = "The street vendors of the market. " * 20
    engine.apply(changed([make_document("d1", pages=(text,) * 5000)]))
    assert engine.indexed_pages(["d1"]) == {"d1": 5000}
    assert found(engine, "vendors") == {"d1"}

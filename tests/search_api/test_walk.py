"""Walking through all hits on both engines, and what only the one on a cluster can meet."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.settings import Settings
from corpus.store import open_store
from search_api.answers.walk import walk as every_hit
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, Sort
from tests.builders import make_source
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, changed
from tests.search_api.walk_contract import SOME, VOCABULARY, WalkContract, walk

Opened = Callable[[int], ElasticsearchEngine]


class TestTantivy(WalkContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> SearchEngine:
        return TantivyEngine(tmp_path, vocabulary=VOCABULARY)


@pytest.fixture
def on_shards(client: Elasticsearch, prefix: str) -> Opened:
    return lambda shards: ElasticsearchEngine(
        client, vocabulary=VOCABULARY, where="the test server", prefix=prefix, shards=shards
    )


class TestElasticsearchOnThreeShards(WalkContract):
    @pytest.fixture
    def engine(self, on_shards: Opened) -> SearchEngine:
        return on_shards(3)


def documents_indexes(client: Elasticsearch, prefix: str) -> list[str]:
    return sorted(name.rpartition("-")[2] for name in client.indices.get(index=f"{prefix}-documents-0*"))


def views_of(client: Elasticsearch, prefix: str) -> int:
    answer = client.indices.stats(index=f"{prefix}-documents-0*", metric="search")
    return int(answer["_all"]["total"]["search"]["open_contexts"])


def test_the_cluster_lets_go_of_a_view_at_the_end_and_when_it_is_left(
    client: Elasticsearch, prefix: str, on_shards: Opened
) -> None:
    engine = on_shards(2)
    engine.apply(changed(SOME))
    under_way = walk(engine, "vendors")
    assert views_of(client, prefix) == 0
    next(under_way)
    assert views_of(client, prefix) == 2
    under_way.close()
    assert views_of(client, prefix) == 0
    assert len(list(walk(engine, "vendors"))) == len(SOME)
    assert views_of(client, prefix) == 0


def test_an_old_index_stays_while_it_is_walked_over_and_is_dropped_afterwards(
    client: Elasticsearch, prefix: str, on_shards: Opened
) -> None:
    engine = on_shards(1)
    engine.apply(changed(SOME))
    under_way = walk(engine, "vendors")
    next(under_way)
    engine.rebuild(ChangeLog(changed(EVERYONE)))
    assert documents_indexes(client, prefix) == ["000001", "000002"]
    assert len(list(under_way)) == len(SOME) - 1
    engine.apply([])
    assert documents_indexes(client, prefix) == ["000002"]


def test_a_window_of_few_hits_is_no_wall(client: Elasticsearch, prefix: str, on_shards: Opened) -> None:
    engine = on_shards(1)
    engine.apply(changed(SOME))
    client.indices.put_settings(index=f"{prefix}-documents-000001", settings={"max_result_window": 20})
    assert len(list(walk(engine, "vendors", batch=20))) == len(SOME)


def test_a_lost_view_is_said(client: Elasticsearch, prefix: str, on_shards: Opened) -> None:
    engine = on_shards(3)
    engine.apply(changed(SOME))
    under_way = walk(engine, "vendors")
    assert len(list(islice(under_way, 20))) == 20
    # What a cluster does with a view that has expired: it closes the shards' readers.
    client.indices.close(index=f"{prefix}-documents-000001")
    client.indices.open(index=f"{prefix}-documents-000001", wait_for_active_shards="all")
    with pytest.raises(EngineUnavailable, match="no longer has the view") as caught:
        list(under_way)
    assert "from the first hit" in (caught.value.try_next or "")


def test_a_document_that_was_removed_since_is_named_without_its_record(tmp_path: Path) -> None:
    engine = TantivyEngine(tmp_path / "index", vocabulary=VOCABULARY)
    with open_store(Settings(data_dir=tmp_path)) as store:
        store.sources.save(make_source("sample"))
        for each in SOME[:3]:
            store.documents.save(each, tagger_version="1")
        bring_up_to_date(engine, store)
        store.documents.remove(SOME[1].id)
        hits = list(every_hit(SearchQuery(sort=Sort.OLDEST), engine=engine, store=store, vocabulary=VOCABULARY))
    assert [(hit.id, hit.document is None) for hit in hits] == [("d000", False), ("d001", True), ("d002", False)]

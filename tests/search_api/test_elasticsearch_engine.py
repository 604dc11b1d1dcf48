"""The engine on a cluster: the contract, on one shard and on three."""

from __future__ import annotations

import pytest
from elasticsearch import Elasticsearch

from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.elasticsearch.generations import Generations
from search_api.engines.elasticsearch.state import IndexNames, StateRecord
from tests.builders import make_document
from tests.search_api.engine_contract import EngineContract, changed


class TestElasticsearchEngine(EngineContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix)


class TestElasticsearchEngineOnThreeShards(EngineContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(
            client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix, shards=3
        )


class TestPacking:
    @pytest.fixture
    def generations(self, client: Elasticsearch, prefix: str) -> Generations:
        names = IndexNames(prefix)
        return Generations(client, names, StateRecord(client, names), shards=1, replicas=0)

    @pytest.fixture
    def in_pieces(self, client: Elasticsearch, prefix: str) -> ElasticsearchEngine:
        engine = ElasticsearchEngine(client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix)
        for number in range(1, 4):
            engine.apply(changed([make_document(f"d{number}")], first=number))
        return engine

    def test_a_large_generation_is_merged(
        self, client: Elasticsearch, generations: Generations, in_pieces: ElasticsearchEngine, prefix: str
    ) -> None:
        assert _segments(client, f"{prefix}-documents") > 1
        generations.pack(1, from_bytes=0, leases_seconds=0)
        assert _segments(client, f"{prefix}-documents") == 1
        assert in_pieces.statistics().documents == 3

    def test_a_small_one_is_left_as_it_is(
        self, client: Elasticsearch, generations: Generations, in_pieces: ElasticsearchEngine, prefix: str
    ) -> None:
        before = _segments(client, f"{prefix}-documents")
        generations.pack(1)
        assert _segments(client, f"{prefix}-documents") == before


def _segments(client: Elasticsearch, index: str) -> int:
    client.indices.refresh(index=index)
    return int(client.indices.stats(index=index, metric="segments")["_all"]["primaries"]["segments"]["count"])

"""The engine on a cluster: the contract, on one shard and on three."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from corpus.vocabulary import load_vocabulary
from search_api.elasticsearch_engine import ElasticsearchEngine
from search_api.engine import SearchEngine
from tests.search_api.engine_contract import EngineContract
from tests.search_server import elasticsearch_server


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    with elasticsearch_server() as url:
        yield url


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[Elasticsearch]:
    with Elasticsearch(server, request_timeout=60) as opened:
        yield opened


@pytest.fixture
def prefix(client: Elasticsearch) -> Iterator[str]:
    """Lend names of indexes that no other test uses."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    if names := list(client.indices.get(index=f"{name}-*")):
        client.indices.delete(index=names)


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

"""Similar documents and suggestions on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.vocabulary import load_vocabulary
from search_api.answers.similar import without_work
from search_api.engines.base import EngineHit, SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from tests.builders import make_document
from tests.search_api.around_contract import AroundContract, SuggestContract


class TestTantivy(AroundContract, SuggestContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> SearchEngine:
        return TantivyEngine(tmp_path / "index", vocabulary=load_vocabulary())


class TestElasticsearchOnThreeShards(AroundContract, SuggestContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=load_vocabulary(), where="the test", prefix=prefix, shards=3)


def test_copies_of_the_same_work_and_removed_documents_are_left_out() -> None:
    held = {name: make_document(name, work=work) for name, work in (("a", "w1"), ("b", "w2"), ("c", "w2"), ("d", "w3"))}
    hits = [EngineHit(id=name, score=1.0) for name in "abcde"]
    assert [each.id for each in without_work(hits, documents=held, work="w1")] == ["b", "d"]

"""Copies and translations as one hit, on both engines."""

from __future__ import annotations

from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.folding import Member, beginnings, fold_values, folding_of, surplus
from search_api.engines.tantivy import TantivyEngine
from tests.search_api.fold_contract import VOCABULARY, FoldContract


class TestTantivy(FoldContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> SearchEngine:
        return TantivyEngine(tmp_path, vocabulary=VOCABULARY)


class TestElasticsearch(FoldContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=VOCABULARY, where="the test server", prefix=prefix)


class TestElasticsearchOnThreeShards(FoldContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=VOCABULARY, where="the test server", prefix=prefix, shards=3)


def test_the_best_of_a_fold_stands_for_it_and_of_equal_ones_that_which_was_seen_first() -> None:
    members = [Member("a", 1, 2.0, 9), Member("b", 1, 3.0, 8), Member("c", 1, 3.0, 7), Member("d", 2, 9.0, 1)]
    folding = folding_of(members, is_ranked=True)
    assert folding.others == {"c": ("b", "a")}
    assert set(folding.left_out) == {"a", "b"}
    assert folding_of(reversed(members), is_ranked=True) == folding
    assert folding_of(members, is_ranked=False).others == {"c": ("b", "a")}


def test_a_value_that_three_documents_of_a_fold_have_was_counted_twice_too_often() -> None:
    (token,) = fold_values("f1", {"lang": ("en",), "unknown": ("x",)}, year=None)
    (year,) = fold_values("f1", {}, year=2019)
    assert surplus([(token, 3), (year, 2)]) == {"lang": {"en": 2}, "year": {"2019": 1}}


def test_a_value_may_hold_the_sign_between_the_parts_of_a_token() -> None:
    (token,) = fold_values("f1", {"publisher_name": ("A | B",)}, year=None)
    assert surplus([(token, 2)]) == {"publisher_name": {"A | B": 1}}


@pytest.mark.parametrize(("folded", "questions"), [(0, 1), (2_000, 1), (2_001, 16), (32_000, 16), (40_000, 256)])
def test_many_folded_documents_are_counted_by_several_questions(folded: int, questions: int) -> None:
    found = beginnings(folded)
    assert len(found) == len(set(found)) == questions


def test_the_questions_together_meet_every_token() -> None:
    for folded in (10, 5_000, 100_000):
        tokens = [fold_values(f"f{number}", {"lang": ("en",)}, year=None)[0] for number in range(300)]
        assert all(sum(token.startswith(each) for each in beginnings(folded)) == 1 for token in tokens)

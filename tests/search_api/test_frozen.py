"""Frozen searches on both engines, and what does not depend on the engine."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from corpus.vocabulary import Vocabulary
from search_api.answers.frozen_links import frozen_key, frozen_link, new_secret
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from tests.search_api.frozen_contract import FrozenContract, OpenEngine, history, new_folder

__all__ = ["history"]


class TestTantivy(FrozenContract):
    @pytest.fixture(scope="class")
    @classmethod
    def open_engine(cls, tmp_path_factory: pytest.TempPathFactory) -> OpenEngine:
        folder = new_folder(tmp_path_factory)
        return lambda vocabulary: TantivyEngine(folder, vocabulary=vocabulary)


class TestElasticsearchOnTwoShards(FrozenContract):
    @pytest.fixture(scope="class")
    @classmethod
    def open_engine(cls, server: str, client: Elasticsearch) -> Iterator[OpenEngine]:
        name = f"test-frozen-{uuid4().hex[:12]}"

        def opened(vocabulary: Vocabulary) -> ElasticsearchEngine:
            own = Elasticsearch(server, request_timeout=60)  # which the engine closes
            return ElasticsearchEngine(own, vocabulary=vocabulary, where="the test server", prefix=name, shards=2)

        yield opened
        if names := list(client.indices.get(index=f"{name}-*")):
            client.indices.delete(index=names)


def test_an_owners_link_leads_to_what_the_readers_link_leads_to_and_not_back() -> None:
    secret = new_secret()
    own = frozen_link(secret)
    assert own is not None
    read = frozen_link(own.reading)
    assert read is not None
    assert (own.is_owner, read.is_owner) == (True, False)
    assert own.key == read.key == frozen_key(secret)
    assert own.reading not in own.key


def reading_of(secret: str) -> str:
    link = frozen_link(secret)
    assert link is not None
    return link.reading


def test_links_have_at_least_128_bits_and_are_never_the_same() -> None:
    links = {new_secret() for _ in range(1000)}
    assert len(links) == 1000
    assert {len(each) * 5 for each in links} == {160}
    assert len(reading_of(new_secret())) * 5 >= 128


@pytest.mark.parametrize("name", ["", "a", "x" * 25, "x" * 27, "1" * 26, "é" * 26, "a" * 31, "../../etc", "a" * 10_000])
def test_what_is_no_link_is_none(name: str) -> None:
    assert frozen_link(name) is None


def test_a_link_in_capitals_is_the_same() -> None:
    secret = new_secret()
    assert frozen_link(secret.upper()) == frozen_link(secret)

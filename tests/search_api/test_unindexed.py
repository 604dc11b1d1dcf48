"""Documents that a cluster would not take are kept, shown and let go when it takes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from pushcart.commands.looking import status_body
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import IndexingProgress, bring_up_to_date, rebuild
from tests.search_api.engine_contract import EVERYONE, found
from tests.search_api.test_api import save

TOO_LONG = replace(EVERYONE[2], type="x" * 40_000)
"""Lucene takes no value of more than 32,766 bytes."""


@pytest.fixture
def on_cluster(settings: Settings, server: str, prefix: str) -> Settings:
    return replace(settings, elasticsearch_url=server, elasticsearch_prefix=prefix)


@pytest.fixture
def store(on_cluster: Settings) -> Iterator[Store]:
    with open_store(on_cluster) as opened:
        for each in (*EVERYONE[:2], TOO_LONG, *EVERYONE[3:]):
            save(opened, each)
        yield opened


@pytest.fixture
def engine(on_cluster: Settings) -> Iterator[SearchEngine]:
    opened = open_engine(on_cluster)
    yield opened
    opened.close()


def names(store: Store) -> list[str]:
    return [each.document_id for each in store.unindexed.all()]


def test_a_refused_document_is_listed_with_the_reason_until_it_is_taken(
    store: Store, engine: SearchEngine, on_cluster: Settings
) -> None:
    result = bring_up_to_date(engine, store)
    assert [each.document for each in result.refused] == names(store) == ["d3"]
    (listed,) = status_body(store, settings=on_cluster)["unindexed"]
    assert (listed["id"], listed["title"]) == ("d3", EVERYONE[2].title)
    assert "32766" in listed["reason"]
    assert len(listed["reason"]) < 500
    bring_up_to_date(engine, store)  # nothing has changed
    assert names(store) == ["d3"]
    save(store, EVERYONE[2])
    assert bring_up_to_date(engine, store).refused == ()
    assert names(store) == []
    assert found(engine) == {each.id for each in EVERYONE}


def test_a_removed_document_is_listed_no_more(store: Store, engine: SearchEngine) -> None:
    bring_up_to_date(engine, store)
    store.documents.remove("d3")
    assert names(store) == []


def test_a_rebuild_counts_what_is_refused_and_lets_go_of_what_it_takes(store: Store, engine: SearchEngine) -> None:
    bring_up_to_date(engine, store)
    store.unindexed.save("d1", sequence=1, reason="an index before this one would not")
    result = rebuild(engine, store)
    assert [each.document for each in result.refused] == names(store) == ["d3"]
    assert engine.statistics().documents == 4


def test_what_was_refused_before_a_rebuild_was_killed_counts_when_it_goes_on(
    store: Store, engine: SearchEngine
) -> None:
    bring_up_to_date(engine, store)
    for number in range(10, 560):  # more than one batch, so that the first one is committed
        save(store, replace(EVERYONE[0], id=f"d{number}"))

    def stop(progress: IndexingProgress) -> None:
        if progress.documents == 550:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        rebuild(engine, store, on_progress=stop)
    result = rebuild(engine, store)
    assert result.documents < 100, "it began anew, so nothing was tried"
    assert result.refused == ()
    assert names(store) == ["d3"]
    assert engine.statistics().documents == 554

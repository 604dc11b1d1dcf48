"""Bulks on a bad day: whatever happens on the way, what was applied is in the index, once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import Refused
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Everything
from tests.builders import make_document
from tests.search_api.engine_contract import ask, changed, removed
from tests.search_server.faulty import (
    BadDay,
    Fault,
    bad_day,
    busy_for_every_second_item,
    cut_the_answer,
    hang_up_after_writing,
    refuse,
    refuse_larger_than,
)

VENDORS = [make_document(f"d{number:02}", pages=("Vendors.", "Markets.", "Taxes.")) for number in range(40)]


@pytest.fixture
def day(server: str) -> Iterator[BadDay]:
    with bad_day(server) as opened:
        yield opened


@pytest.fixture
def engine(day: BadDay, prefix: str) -> Iterator[ElasticsearchEngine]:
    with Elasticsearch(day.url, request_timeout=30, max_retries=2) as through:
        opened = ElasticsearchEngine(through, vocabulary=load_vocabulary(), where="a bad day", prefix=prefix)
        opened.apply([])
        yield opened


def assert_holds(engine: ElasticsearchEngine, documents: list[Document]) -> None:
    """Every document is there once, with all its pages, and nothing else."""
    walked = [hit.id for hit in engine.walk(SearchQuery(), tree=Everything(), batch=1000)]
    assert sorted(walked) == sorted(each.id for each in documents)
    assert engine.indexed_pages(walked) == {each.id: len(each.pages) for each in documents}
    assert engine.statistics().pages == sum(len(each.pages) for each in documents)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param([refuse(429), refuse(429)], id="too busy for two requests"),
        pytest.param([refuse(503)] * 4, id="unavailable for longer than the client itself tries"),
        pytest.param([busy_for_every_second_item] * 2, id="too busy for some records"),
        pytest.param([cut_the_answer, cut_the_answer], id="answers cut off"),
        pytest.param([hang_up_after_writing, cut_the_answer], id="no answer, though all was written"),
        pytest.param([refuse_larger_than(2000)] * 40, id="requests too large for a proxy"),
        pytest.param(
            [hang_up_after_writing, refuse(429), busy_for_every_second_item, cut_the_answer, refuse(503)],
            id="all of it",
        ),
    ],
)
def test_what_goes_wrong_on_the_way_is_done_again(
    engine: ElasticsearchEngine, day: BadDay, faults: list[Fault]
) -> None:
    day.faults.extend(faults)
    assert engine.apply(changed(VENDORS)) == len(VENDORS)
    assert not day.faults or len(day.sent) > 4, "the faults were not met"
    assert_holds(engine, VENDORS)


def test_only_the_records_that_it_was_too_busy_for_are_sent_again(engine: ElasticsearchEngine, day: BadDay) -> None:
    day.sent.clear()
    day.faults.append(busy_for_every_second_item)
    engine.apply(changed(VENDORS))
    assert day.sent == [120, 60, 40]  # pages, half of them again, documents


def test_removals_and_shorter_versions_are_done_again_too(engine: ElasticsearchEngine, day: BadDay) -> None:
    engine.apply(changed(VENDORS))
    shorter = replace(VENDORS[1], pages=VENDORS[1].pages[:1])
    day.faults.extend([hang_up_after_writing, busy_for_every_second_item, cut_the_answer])
    engine.apply([removed("d00", sequence=41), *changed([shorter], first=42)])
    assert_holds(engine, [shorter, *VENDORS[2:]])
    assert ask(engine, "taxes").total == 38


def test_a_record_that_no_request_can_hold_is_named_and_the_others_are_in(
    engine: ElasticsearchEngine, day: BadDay
) -> None:
    large = make_document("large", pages=("word " * 3000,))
    day.faults.extend([refuse_larger_than(10_000)] * 40)
    refused: list[Refused] = []
    engine.apply(changed([*VENDORS[:3], large, *VENDORS[3:6]]), on_refused=refused.append)
    assert {each.document for each in refused} == {"large"}
    assert all("larger than the server accepts" in each.reason for each in refused)
    assert ask(engine, "vendors").total == 6


def test_what_came_before_a_server_was_lost_for_good_is_kept_and_the_rest_comes_later(
    engine: ElasticsearchEngine, day: BadDay
) -> None:
    engine.apply(changed(VENDORS[:10]))
    day.faults.extend([hang_up_after_writing] * 3)  # as often as the client tries
    with pytest.raises(EngineUnavailable, match="does not answer"):
        engine.apply(changed(VENDORS[10:20], first=11))
    assert engine.applied_sequence() == 10
    assert engine.apply(changed(VENDORS[10:], first=11)) == 40
    assert_holds(engine, VENDORS)

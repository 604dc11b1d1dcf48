"""What every engine promises of walking through all hits. An engine's own test class gives the fixtures."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import replace
from itertools import islice

import pytest

from corpus.vocabulary import load_vocabulary
from search_api.engines.base import EngineHit, SearchEngine
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import parse
from tests.builders import make_document
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, ask, changed, removed

VOCABULARY = load_vocabulary()

MANY = 10_500
"""More than the 10,000 that Elasticsearch gives by offset."""
SOME = tuple(
    make_document(
        f"d{n:03}",
        title=f"Vendors {'and markets ' * (n % 3)}",
        pages=("vendors " * (n % 5), "vendors and taxes " * (n % 7)),
        published="2019",
    )
    for n in range(150)
)
"""More than FIRST_HITS: what is ordered once more, and what is not."""
TEXTS = {"vendors": 150, "vendor* OR market": 150, "title:markets -nothing": 100, "": 150, "year:2019": 150}
"""Searches, and how many documents each finds."""


def walk(
    engine: SearchEngine, text: str = "", *, batch: int = 20, **others: object
) -> Generator[EngineHit, None, None]:
    query = SearchQuery(text=text, **others)  # type: ignore[arg-type]
    return engine.walk(query, tree=parse(text, vocabulary=VOCABULARY).tree, batch=batch)


def by_cursors(engine: SearchEngine, text: str, **others: object) -> list[EngineHit]:
    hits: list[EngineHit] = []
    cursor = ""
    while True:
        answer = ask(engine, text, limit=13, cursor=cursor, **others)
        hits += answer.hits
        if not (cursor := answer.next):
            return hits


def ids(hits: Iterable[EngineHit]) -> list[str]:
    return [hit.id for hit in hits]


class WalkContract:
    @pytest.fixture
    def some(self, engine: SearchEngine) -> SearchEngine:
        engine.apply(changed(SOME))
        return engine

    def test_it_gives_what_page_after_page_gives(self, some: SearchEngine) -> None:
        for text, total in TEXTS.items():
            for sort in Sort:
                walked = list(walk(some, text, sort=sort))
                assert (walked, len(walked)) == (by_cursors(some, text, sort=sort), total), (text, sort)

    def test_filters_hold_and_limit_and_cursor_count_for_nothing(self, some: SearchEngine) -> None:
        query = ask(some, "vendors", limit=5)
        assert len(list(walk(some, "vendors", limit=5, cursor=query.next))) == len(SOME)
        assert list(walk(some, "vendors", countries=("PER",))) == []

    def test_the_size_of_the_batches_changes_nothing(self, some: SearchEngine) -> None:
        at_once = list(walk(some, "vendors", batch=1000))
        for batch in (1, 30, 89, 90, 91):
            assert list(walk(some, "vendors", batch=batch)) == at_once, batch

    def test_an_index_that_is_not_there_has_no_hits(self, engine: SearchEngine) -> None:
        assert list(walk(engine, "vendors")) == []

    @pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
    def test_what_is_written_meanwhile_changes_nothing(self, some: SearchEngine, sort: Sort) -> None:
        expected = list(walk(some, "vendors", sort=sort))
        under_way = walk(some, "vendors", sort=sort)
        drawn = list(islice(under_way, 25))
        last = expected[-1].id
        some.apply([removed(last, sequence=200), removed(expected[0].id, sequence=201)])
        renamed = [replace(each, title="Nothing", pages=()) for each in SOME if each.id in ids(expected[40:60])]
        fresh = [make_document(f"d{n:03}x", title="Vendors", published="2026") for n in range(40)]
        some.apply(changed([*renamed, *fresh], first=202))
        assert ask(some, "vendors").total == len(SOME) - 2 - 20 + 40
        assert [*drawn, *under_way] == expected

    def test_a_rebuild_meanwhile_changes_nothing(self, some: SearchEngine) -> None:
        expected = list(walk(some, "vendors"))
        under_way = walk(some, "vendors")
        drawn = list(islice(under_way, 25))
        some.rebuild(ChangeLog(changed(EVERYONE)))
        some.rebuild(ChangeLog(changed(EVERYONE)))
        assert ask(some).total == len(EVERYONE)
        assert [*drawn, *under_way] == expected
        assert len(ids(walk(some))) == len(EVERYONE)

    def test_it_can_be_left_at_any_moment(self, some: SearchEngine) -> None:
        under_way = walk(some, "vendors")
        assert next(under_way)
        under_way.close()
        assert next(walk(some, "vendors")).score > 0.0

    def test_there_is_no_wall_at_ten_thousand(self, engine: SearchEngine) -> None:
        engine.apply(changed([make_document(f"d{n:05}", title=f"Vendors {n % 7}", pages=()) for n in range(MANY)]))
        hits = list(walk(engine, "vendors", batch=3000))
        assert len(hits) == len(set(ids(hits))) == MANY
        assert ids(hits) == sorted(ids(hits))  # all of them tied
        assert ids(walk(engine, "", batch=3000, sort=Sort.OLDEST)) == sorted(ids(hits))

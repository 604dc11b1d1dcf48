"""A saved search matches exactly the documents that the engines answer it with."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.matching import Matcher, SavedSearch, why
from alerts.matching.batch import RecordBatch
from alerts.matching.groups import groups_of
from alerts.matching.searches import text_plan
from corpus.errors import BadQuery
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.records import records_of
from search_api.indexing import bring_up_to_date
from search_api.query import tree
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.query.plan import Every, MatchAll, MatchAny, MatchNone, Plan, Without
from search_api.query.planning import DOCUMENTS, plan_of
from tests.alerts.matching.conftest import Library
from tests.search_api.same_queries import QUERIES, TYPED
from tests.search_api.test_same_answers import LEAVES, _joined


@dataclass(frozen=True, slots=True)
class Matched:
    by_search: dict[int, set[str]]
    unreadable: frozenset[int]


@pytest.fixture(scope="module")
def matched(library: Library) -> Matched:
    """Return what the whole list matches, all searches at once."""
    searches = [SavedSearch(number, query, since=0) for number, query in enumerate(QUERIES)]
    matcher = Matcher(searches, vocabulary=library.vocabulary)
    found: dict[int, set[str]] = defaultdict(set)
    for search, document in matcher.pairs(library.documents):
        found[search].add(document)
    return Matched(found, frozenset(matcher.unreadable))


def test_every_search_of_the_list_matches_the_answers_of_the_embedded_engine(
    library: Library, matched: Matched
) -> None:
    differing = {}
    for number, query in enumerate(QUERIES):
        if number in matched.unreadable:
            with pytest.raises(BadQuery):
                parse(query.text, vocabulary=library.vocabulary)
        elif (expected := library.answers(query)) != matched.by_search[number]:
            differing[query] = expected ^ matched.by_search[number]
    assert differing == {}
    assert sum(bool(found) for found in matched.by_search.values()) >= 0.75 * len(QUERIES)
    assert len(matched.unreadable) <= 5


@pytest.mark.cluster
def test_every_search_of_the_list_matches_the_answers_of_elasticsearch(
    library: Library, matched: Matched, client: Elasticsearch
) -> None:
    prefix = f"test-matching-{uuid4().hex[:12]}"
    engine = ElasticsearchEngine(
        client, vocabulary=library.vocabulary, where="the test server", prefix=prefix, shards=1
    )
    try:
        bring_up_to_date(engine, library.store)
        differing = {
            query
            for number, query in enumerate(QUERIES)
            if number not in matched.unreadable and library.answers(query, engine=engine) != matched.by_search[number]
        }
    finally:
        client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*")))
    assert differing == set()


def test_why_says_the_same_for_every_search_of_the_list(library: Library, matched: Matched) -> None:
    for place in range(3, len(library.documents), 150):
        document = library.documents[place]
        for number, query in enumerate(QUERIES):
            explained = why(SavedSearch(number, query, since=0), document, vocabulary=library.vocabulary)
            assert explained.matches == (document.id in matched.by_search[number]), (query, document.id)


# --- trees that nobody thought of -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(library: Library) -> RecordBatch:
    records = [records_of(each, sequence=0, vocabulary=library.vocabulary)[0] for each in library.documents[:64]]
    return RecordBatch(records)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(meaning=st.recursive(LEAVES, _joined, max_leaves=6))
def test_any_tree_matches_the_answers_of_the_embedded_engine(
    library: Library, batch: RecordBatch, meaning: tree.Node
) -> None:
    expected = library.answers(SearchQuery(), tree=meaning)
    found = batch.mask(plan_of(meaning, shape=DOCUMENTS, about=True))
    first = library.documents[:64]
    assert {each.id for number, each in enumerate(first) if found >> number & 1} == expected & {
        each.id for each in first
    }


ANY_WORD = st.sampled_from([word for typed in TYPED for word in (typed.a, typed.b, typed.c, typed.d, typed.stop)])
TYPED_LEAVES = st.one_of(
    ANY_WORD,
    st.tuples(ANY_WORD, ANY_WORD).map(" ".join),
    st.sampled_from([f'"{each}"' for typed in TYPED for each in (typed.phrase, typed.near)]),
    st.sampled_from([f'"{typed.near}"~{slop}' for typed in TYPED for slop in (1, 2, 5)]),
    st.sampled_from([f"{typed.begin}*" for typed in TYPED] + [f'"{typed.begun}"*' for typed in TYPED]),
    st.sampled_from([f"{typed.typo}~" for typed in TYPED] + [f"{typed.typo2}~2" for typed in TYPED]),
    st.sampled_from(
        ["street vendors", "Perú", "title:mercado", "country:PER", "year:2010..", "-lang:en", "author:chen"]
    ),
)
TEXTS = st.recursive(
    TYPED_LEAVES,
    lambda parts: st.one_of(
        st.tuples(parts, parts).map(" ".join),
        st.tuples(parts, parts).map(lambda two: f"({two[0]}) OR ({two[1]})"),
        st.tuples(parts, parts).map(lambda two: f"({two[0]}) AND ({two[1]})"),
        st.tuples(parts, parts).map(lambda two: f"({two[0]}) -({two[1]})"),
    ),
    max_leaves=6,
)
FILTERED = st.builds(
    SearchQuery,
    text=TEXTS,
    countries=st.sampled_from([(), (), (), ("PER", "GHA")]),
    langs=st.sampled_from([(), (), ("en", "es")]),
    about=st.booleans(),
    strict=st.sampled_from([False, False, True]),
)


@settings(max_examples=40, deadline=None, derandomize=True)
@given(queries=st.lists(FILTERED, min_size=5, max_size=12))
def test_any_text_matches_the_answers_of_the_embedded_engine(
    library: Library, batch: RecordBatch, queries: list[SearchQuery]
) -> None:
    searches = [SavedSearch(number, query, since=0) for number, query in enumerate(queries)]
    matcher = Matcher(searches, vocabulary=library.vocabulary)
    first = {each.id for each in library.documents[:64]}
    found: dict[int, set[str]] = {number: set() for number in range(len(queries))}
    for place, search in matcher.pairs_of(batch, [1] * 64):
        found[search].add(library.documents[place].id)
    for number, query in enumerate(queries):
        if number not in matcher.unreadable:
            assert found[number] == library.answers(query) & first, query


@settings(max_examples=150, deadline=None, derandomize=True)
@given(meaning=st.recursive(LEAVES, _joined, max_leaves=8))
def test_groups_let_through_every_match_and_nothing_else_when_they_are_exact(
    batch: RecordBatch, meaning: tree.Node
) -> None:
    plan = plan_of(meaning, shape=DOCUMENTS, about=True)
    groups = groups_of(plan)
    let_through = batch.mask(_plan_of_groups(groups.groups))
    found = batch.mask(plan)
    assert found & ~let_through == 0
    assert not groups.is_exact or found == let_through


def _plan_of_groups(groups: tuple[tuple[tuple[Plan, bool], ...], ...]) -> Plan:
    parts = [
        MatchAny(tuple(Without(leaf) if negative else leaf for leaf, negative in group)) if group else MatchNone()
        for group in groups
    ]
    return MatchAll(tuple(parts)) if parts else Every()


def test_a_search_without_words_to_leave_to_a_check_is_decided_by_its_groups(library: Library) -> None:
    for text in (
        "workers",
        "street vendors",
        "workers -vendors",
        "(workers OR mercado) -pension",
        "workers country:PER",
    ):
        assert groups_of(text_plan(SearchQuery(text=text), vocabulary=library.vocabulary)).is_exact, text

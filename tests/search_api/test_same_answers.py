"""Both engines give the same answers: one library, every search of a long list, one shard and three.

Compared is what a person is shown: total, hits in their order, scores, counts of every facet, pages in their order, how many
pages match, snippets and titles with the words that are marked, and whether more hits follow.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Facet
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.answers.near import NearHit, near_documents
from search_api.answers.results import Results
from search_api.answers.service import search
from search_api.answers.similar import similar
from search_api.engines.base import EngineHit, PageMatches, SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from search_api.query import plan, tree
from search_api.query.parameters import FILTER_FIELDS, SearchQuery, Sort
from search_api.query.parse import parse
from search_api.query.planning import DOCUMENTS, PAGES, filter_plans, plan_of
from search_api.query.tree import Node, text_only
from tests.search_api.same_corpus import DOCUMENTS as DOCUMENT_COUNT
from tests.search_api.same_corpus import make_library, save_library
from tests.search_api.same_queries import QUERIES, TYPED, WALKED

SCORES_DIFFER_MAX = 1e-5
"""Relative: the engines add numbers of different width, in different order."""
TIE = 1e-6
"""Relative: scores nearer to each other than that are told apart by how a sum was rounded, in one engine this way and in
the other that way, even those of two copies of one text; so their order is not compared."""
FINDING_SHARE_MIN = 0.75
"""Most searches must find something, or the comparison says little."""
NEAR_MIN = 20
"""Searches that bring near documents too."""
REORDERED_SHARE_MAX = 0.02
"""Searches whose ties stand in another order."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One library in three indexes."""

    embedded: SearchEngine
    clustered: Mapping[str, SearchEngine]
    """By number of shards, in words."""
    store: Store
    vocabulary: Vocabulary

    def answer(self, engine: SearchEngine, query: SearchQuery) -> Results:
        return search(query, engine=engine, store=self.store, vocabulary=self.vocabulary)

    def tree(self, query: SearchQuery) -> Node:
        return parse(query.text, vocabulary=self.vocabulary, off=query.off, strict=query.strict).tree


@pytest.fixture(scope="module")
def sides(tmp_path_factory: pytest.TempPathFactory, client: Elasticsearch) -> Iterator[Sides]:
    folder: Path = tmp_path_factory.mktemp("same")
    vocabulary = load_vocabulary()
    prefix = f"test-same-{uuid4().hex[:12]}"
    embedded = TantivyEngine(folder / "index", vocabulary=vocabulary)
    clustered = {
        words: ElasticsearchEngine(
            client, vocabulary=vocabulary, where="the test server", prefix=f"{prefix}-{shards}", shards=shards
        )
        for words, shards in (("one shard", 1), ("three shards", 3))
    }
    with open_store(Settings(data_dir=folder)) as store:
        save_library(store, list(make_library()))
        for engine in (embedded, *clustered.values()):
            bring_up_to_date(engine, store)
        yield Sides(embedded, clustered, store=store, vocabulary=vocabulary)
    embedded.close()
    client.indices.delete(index=list(client.indices.get(index=f"{prefix}-*")))


def test_all_hold_the_same(sides: Sides) -> None:
    pages = sides.embedded.statistics().pages
    assert pages > DOCUMENT_COUNT
    for engine in (sides.embedded, *sides.clustered.values()):
        assert (engine.statistics().documents, engine.statistics().pages) == (DOCUMENT_COUNT, pages)


# --- searches of the list ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", range(len(QUERIES)))
def test_the_same_answer(sides: Sides, number: int) -> None:
    query = QUERIES[number]
    expected = sides.answer(sides.embedded, query)
    for shards, engine in sides.clustered.items():
        assert_same(sides.answer(engine, query), expected, what=f"{query} on {shards}")


@pytest.mark.parametrize("query", WALKED, ids=lambda query: f"{query.text}-{query.sort}")
def test_the_same_hits_from_cursor_to_cursor_and_on_a_walk(sides: Sides, query: SearchQuery) -> None:
    expected = _followed(sides.embedded, query, meaning=sides.tree(query))
    assert len(expected) > query.limit
    for engine in sides.clustered.values():
        assert_same_hits(_followed(engine, query, meaning=sides.tree(query)), expected, what=str(query))
        walked = list(engine.walk(query, tree=sides.tree(query), batch=50))
        assert_same_hits(walked, expected, what=f"walk {query}")


def _followed(engine: SearchEngine, query: SearchQuery, *, meaning: Node) -> list[EngineHit]:
    found: list[EngineHit] = []
    while True:
        part = engine.search(query, tree=meaning, counted=False)
        found += part.hits
        if not part.next:
            assert len(found) == part.total
            return found
        query = replace(query, cursor=part.next)


@pytest.mark.parametrize("number", range(0, DOCUMENT_COUNT, 20))
def test_the_same_similar_documents(sides: Sides, number: int) -> None:
    document = list(make_library())[number]
    expected = similar(document, engine=sides.embedded)
    for shards, engine in sides.clustered.items():
        assert_same_hits(similar(document, engine=engine), expected, what=f"similar to {document.title} on {shards}")


# --- trees that nobody thought of -------------------------------------------------------------------------------------

WORDS = st.sampled_from(
    [word for typed in TYPED for word in (typed.a, typed.b, typed.c, typed.d, typed.stop, typed.begin)]
    + ["informal", "C177", "السوق", "nothing", "market", "mercado", "social", "home-based"]
)
CONCEPTS = st.sampled_from(
    [
        (Facet.GROUP, "street_vendors"),
        (Facet.GROUP, "informal_workers"),
        (Facet.COUNTRY, "PER"),
        (Facet.REGION, "419"),
        (Facet.TOPIC, "nobody_names_it"),
    ]
)
LEAVES: st.SearchStrategy[Node] = st.one_of(
    st.builds(tree.Words, WORDS, field=st.sampled_from(["", "", "title", "author"])),
    st.builds(tree.Concepts, WORDS, concepts=st.lists(CONCEPTS, min_size=1, max_size=2, unique=True).map(tuple)),
    st.builds(tree.Phrase, st.tuples(WORDS, WORDS).map(" ".join), slop=st.sampled_from([0, 0, 3])),
    st.builds(tree.Phrase, st.tuples(WORDS, WORDS).map(lambda two: f"{two[0]} {two[1][:3]}"), open_end=st.just(True)),
    st.builds(tree.Prefix, WORDS.map(lambda word: word[:3])),
    st.builds(
        tree.Fuzzy, WORDS.filter(lambda word: len(word) > 3 and "-" not in word), distance=st.sampled_from([1, 2])
    ),
    st.sampled_from(
        [tree.Values("country", ("PER", "GHA")), tree.Values("lang", ("es",)), tree.Everything(), tree.Words("?!")]
    ),
)


def _joined(parts: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(
        st.builds(tree.And, several),
        st.builds(tree.Or, several),
        st.builds(tree.Most, several, st.integers(1, 2)),
        st.builds(tree.Not, parts),
        st.builds(tree.Boosted, parts, st.sampled_from([0.1, 0.5, 2.0, 10.0])),
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(meaning=st.recursive(LEAVES, _joined, max_leaves=6), sort=st.sampled_from([Sort.RELEVANCE, Sort.NEWEST]))
def test_any_tree_has_the_same_answer(sides: Sides, meaning: Node, sort: Sort) -> None:
    query = SearchQuery(limit=50, sort=sort)
    expected = sides.embedded.search(query, tree=meaning)
    ids = [hit.id for hit in expected.hits]
    pages = sides.embedded.pages(meaning, documents=ids, limit=3)
    near = near_documents(query, tree=meaning, engine=sides.embedded)
    for shards, engine in sides.clustered.items():
        found = engine.search(query, tree=meaning)
        assert (found.total, dict(found.counts)) == (expected.total, dict(expected.counts)), shards
        assert_same_hits(found.hits, expected.hits, what=shards)
        assert_same_near(near_documents(query, tree=meaning, engine=engine), near, what=shards)
        matches = engine.pages(meaning, documents=ids, limit=3)
        assert matches.keys() == pages.keys()
        for document, match in matches.items():
            assert match.whole == pages[document].whole
            assert_same_hits(_as_hits(match), _as_hits(pages[document]), what=f"pages of {document} on {shards}")


def _as_hits(matches: PageMatches) -> list[EngineHit]:
    return [EngineHit(str(page.number), page.score) for page in matches.best]


# --- what "the same" means --------------------------------------------------------------------------------------------


def assert_same(found: Results, expected: Results, *, what: str) -> None:
    assert found.total == expected.total, what
    assert_same_hits(_scores(found), _scores(expected), what=what)
    shown = {hit.id: replace(hit, score=0.0) for hit in expected.hits}
    for hit in found.hits:
        assert replace(hit, score=0.0) == shown.get(hit.id, replace(hit, score=0.0)), what
    assert found.facets == expected.facets, what
    assert bool(found.next) == bool(expected.next), what
    assert found.query == expected.query, what


def assert_same_hits(found: Sequence[EngineHit], expected: Sequence[EngineHit], *, what: str) -> None:
    """Compare hits and scores; where two stand in other places, their scores must be one and the same but for rounding."""
    assert len(found) == len(expected), what
    scores = {hit.id: hit.score for hit in expected}
    for hit, same in zip(found, expected, strict=True):
        assert math.isclose(hit.score, same.score, rel_tol=SCORES_DIFFER_MAX, abs_tol=1e-9), f"{what}: {hit}, {same}"
        # One that is missing was cut off at the end of the answer, where only its equals stand.
        tied_with = scores.get(hit.id, expected[-1].score)
        assert hit.id == same.id or math.isclose(tied_with, same.score, rel_tol=TIE), f"{what}: {hit}, {same}"


def assert_same_near(found: Sequence[NearHit], expected: Sequence[NearHit], *, what: str) -> None:
    """Compare near documents and what each lacks."""
    assert_same_hits([each.hit for each in found], [each.hit for each in expected], what=what)
    missing = {each.hit.id: each.missing for each in expected}
    assert all(each.missing == missing.get(each.hit.id, each.missing) for each in found), what


def test_near_documents_are_among_what_is_compared(sides: Sides) -> None:
    with_near = [query for query in QUERIES if any(hit.missing for hit in sides.answer(sides.embedded, query).hits)]
    assert len(with_near) >= NEAR_MIN
    assert {query.near for query in with_near} >= {3, 10, 100}


def _scores(results: Results) -> list[EngineHit]:
    return [EngineHit(hit.id, hit.score) for hit in results.hits]


# --- the list itself --------------------------------------------------------------------------------------------------


def test_the_list_is_long_and_mostly_finds_something_in_the_very_same_order(sides: Sides) -> None:
    finding = reordered = 0
    for query in QUERIES:
        meaning = sides.tree(query)
        expected, *others = (
            engine.search(query, tree=meaning, counted=False) for engine in (sides.embedded, *sides.clustered.values())
        )
        finding += expected.total > 0
        reordered += any([hit.id for hit in each.hits] != [hit.id for hit in expected.hits] for each in others)
    print(f"{len(QUERIES)} searches are compared, {finding} find something, {reordered} have ties in another order")
    assert len(QUERIES) >= 300
    assert finding >= FINDING_SHARE_MIN * len(QUERIES)
    assert reordered <= REORDERED_SHARE_MAX * len(QUERIES)


def test_the_list_covers_the_query_language() -> None:
    vocabulary = load_vocabulary()
    trees = [parse(each.text, vocabulary=vocabulary, off=each.off, strict=each.strict).tree for each in QUERIES]
    plans = [plan_of(each, shape=DOCUMENTS, about=query.about) for each, query in zip(trees, QUERIES, strict=True)]
    plans += [plan_of(text, shape=PAGES) for each in trees if (text := text_only(each)) is not None]
    plans += [each for query in QUERIES for each in filter_plans(query)]
    assert {kind.__name__ for each in trees for kind in _kinds(each)} >= {each.__name__ for each in Node.__args__}
    wanted = {each.__name__ for each in plan.Plan.__args__} - {
        "MatchNone"
    }  # no text leads to it; a tree of LEAVES does
    assert {kind.__name__ for each in plans for kind in _kinds(each)} >= wanted


def test_the_list_covers_filters_and_orders() -> None:
    plain = SearchQuery()
    for name in (*FILTER_FIELDS.values(), "years", "about", "off", "strict", "near"):
        assert any(getattr(query, name) != getattr(plain, name) for query in QUERIES), name
    assert {query.sort for query in QUERIES} == set(Sort)


def _kinds(value: object) -> Iterator[type]:
    """Give the kinds of a frozen value and of all the values within it."""
    yield type(value)
    if isinstance(value, tuple):
        for each in value:
            yield from _kinds(each)
    elif hasattr(value, "__dataclass_fields__"):
        for field in fields(value):  # type: ignore[arg-type]
            yield from _kinds(getattr(value, field.name))

"""What every engine promises of copies and translations. An engine's own test class gives the fixture `engine`.

Totals, hits and counts are compared with what is reckoned here, document by document, from the answers to searches for single
documents.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

import pytest

from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from search_api.answers.near import nearly_of
from search_api.engines.base import EngineResults, SearchEngine
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.parse import parse
from tests.builders import make_document, make_tag
from tests.search_api.engine_contract import ask, changed, ids, removed
from tests.search_api.walk_contract import walk

VOCABULARY = load_vocabulary()

REPORT = make_document(
    "d1",
    title="Street vendors in Lima",
    pages=("The street vendors of Lima sell food and pay fees.",),
    tags=(make_tag("country", "PER"), make_tag("group", "street_vendors")),
    published="2019",
    source="one",
    fold="f1",
)
TWIN = make_document(
    "d2",
    title="Street vendors in Lima",
    pages=("The street vendors of Lima sell food and pay fees.",),
    tags=(make_tag("country", "PER"), make_tag("country", "COL")),
    published="2019",
    source="two",
    fold="f1",
)
SPANISH = make_document(
    "d3",
    title="Vendedores ambulantes en Lima",
    lang="es",
    pages=("Los vendedores ambulantes de Lima pagan tributos.",),
    tags=(make_tag("country", "PER"),),
    published="2020",
    source="two",
    fold="f1",
)
ALONE = make_document(
    "d4",
    title="Lima",
    pages=("Lima and its markets; fees of vendors.",),
    tags=(make_tag("country", "PER"),),
    published="2018",
    source="one",
)
LIBRARY = (REPORT, TWIN, SPANISH, ALONE)


class FoldContract:
    """Inherit, give the fixture `engine`, and every promise is tried."""

    @pytest.fixture
    def engine(self) -> SearchEngine:
        raise NotImplementedError

    @pytest.fixture
    def library(self, engine: SearchEngine) -> SearchEngine:
        """Return the engine with a report, its twin, its translation and another document."""
        engine.apply(changed(LIBRARY))
        return engine

    def test_a_work_is_one_hit_that_names_the_others(self, library: SearchEngine) -> None:
        answer = ask(library, "lima")
        assert answer.total == 2
        assert answer.folded == 2
        (work,) = [hit for hit in answer.hits if hit.id != "d4"]
        assert {work.id, *work.others} == {"d1", "d2", "d3"}

    def test_what_matches_by_itself_is_the_hit(self, library: SearchEngine) -> None:
        (hit,) = ask(library, "tributos").hits
        assert (hit.id, hit.others) == ("d3", ())

    def test_a_filter_chooses_the_document_that_stands_for_the_work(self, library: SearchEngine) -> None:
        assert set(ids(ask(library, "lima", langs=("es",)))) == {"d3"}
        assert set(ids(ask(library, "lima", sources=("two",)))) <= {"d2", "d3"}

    def test_counts_are_of_works(self, library: SearchEngine) -> None:
        counts = ask(library, "lima").counts
        assert counts["country"] == {"PER": 2, "COL": 1}
        assert counts["lang"] == {"en": 2, "es": 1}
        assert counts["source"] == {"one": 2, "two": 1}
        assert counts["year"] == {"2018": 1, "2019": 1, "2020": 1}

    def test_counts_without_their_own_filter_are_of_works_too(self, library: SearchEngine) -> None:
        counts = ask(library, "lima", langs=("es",)).counts
        assert counts["lang"] == {"en": 2, "es": 1}
        assert counts["country"] == {"PER": 1}

    def test_in_the_order_of_first_sight_what_was_seen_first_stands_for_its_work(self, library: SearchEngine) -> None:
        answer = ask(library, "lima", sort=Sort.FIRST_SEEN)
        assert ids(answer) == ["d4", "d1"]

    def test_a_copy_that_comes_later_is_nothing_new_in_the_order_of_first_sight(self, library: SearchEngine) -> None:
        late = make_document("d9", title="Street vendors in Lima", pages=("The street vendors of Lima.",), fold="f1")
        library.apply(changed([late], first=9))
        assert ids(ask(library, "lima", sort=Sort.FIRST_SEEN)) == ["d4", "d1"]

    def test_what_is_near_is_of_no_work_that_has_an_answer(self, library: SearchEngine) -> None:
        answer = nearly(library, "vendors tributos")
        assert {each.hit.id for each in answer.near} <= {"d1", "d2", "d3", "d4"}
        works = [("f1" if each.hit.id != "d4" else "d4") for each in answer.near]
        assert len(works) == len(set(works))
        answer = nearly(library, "street fees")  # the Spanish text lacks both words, and its work answers
        assert {hit.id for hit in answer.hits} <= {"d1", "d2"}
        assert "d3" not in {each.hit.id for each in answer.near}

    def test_a_walk_gives_what_searches_give(self, library: SearchEngine) -> None:
        for sort in Sort:
            walked = list(walk(library, "lima", sort=sort))
            answer = ask(library, "lima", sort=sort)
            assert [(hit.id, hit.others) for hit in walked] == [(hit.id, hit.others) for hit in answer.hits]

    def test_a_work_whose_other_documents_are_gone_is_a_document_again(self, library: SearchEngine) -> None:
        library.apply([removed("d1", sequence=21), removed("d2", sequence=22)])
        answer = ask(library, "lima")
        assert (answer.total, answer.folded) == (2, 0)
        assert all(not hit.others for hit in answer.hits)

    @pytest.mark.parametrize("seed", range(3))
    def test_totals_hits_and_counts_are_what_document_by_document_gives(self, engine: SearchEngine, seed: int) -> None:
        documents = some_library(random.Random(seed))
        engine.apply(changed(documents))
        by_id = {each.id: each for each in documents}
        for text in ("vendors", "vendors lima", "food OR fees", "mercado", ""):
            for filters in (
                {},
                {"langs": ("es",)},
                {"countries": ("PER",)},
                {"years": YearRange(2015, 2017), "sources": ("s1",)},
            ):
                answer = ask(engine, text, limit=100, about=False, **filters)
                matching = [by_id[each] for hit in answer.hits for each in (hit.id, *hit.others)]
                assert len(matching) == len({each.id for each in matching}) == answer.total + answer.folded
                assert_every_fold_is_one_hit(answer, by_id)
                assert_matches_the_same(engine, text, filters, matching, documents)
                assert_counts(engine, text, filters, answer)

    def test_pages_of_hits_give_every_work_once(self, engine: SearchEngine) -> None:
        documents = some_library(random.Random(9), size=260)
        engine.apply(changed(documents))
        for sort in Sort:
            whole = [hit.id for hit in walk(engine, "vendors", sort=sort)]
            paged: list[str] = []
            cursor = ""
            while True:
                answer = ask(engine, "vendors", sort=sort, limit=17, cursor=cursor)
                paged += ids(answer)
                if not (cursor := answer.next):
                    break
            assert paged == whole
            assert len(paged) == answer.total


def nearly(engine: SearchEngine, text: str) -> EngineResults:
    query = SearchQuery(text=text)
    tree = parse(text, vocabulary=VOCABULARY).tree
    return engine.search(query, tree=tree, nearly=nearly_of(query, tree=tree))


def some_library(chance: random.Random, *, size: int = 60) -> tuple[Document, ...]:
    """Return documents of which two thirds are in folds of two to four; their words, values and scores differ."""
    words = ("vendors", "lima", "food", "fees", "mercado", "work")
    documents: list[Document] = []
    while len(documents) < size:
        fold = f"f{len(documents):x}" if chance.random() < 0.5 else ""
        for _ in range(chance.randint(2, 4) if fold else 1):
            documents.append(
                make_document(
                    f"d{len(documents):03}",
                    title="A title",
                    lang=chance.choice(("en", "es")),
                    pages=(" ".join(chance.choices(words, k=chance.randint(1, 6))),),
                    tags=tuple(make_tag("country", each) for each in chance.sample(("PER", "COL", "GHA"), 2)),
                    published=str(chance.randint(2014, 2018)),
                    source=chance.choice(("s1", "s2")),
                    fold=fold,
                )
            )
    return tuple(documents)


def assert_every_fold_is_one_hit(answer: EngineResults, by_id: dict[str, Document]) -> None:
    folds = [by_id[hit.id].fold or hit.id for hit in answer.hits]
    assert len(folds) == len(set(folds)) == answer.total
    for hit in answer.hits:
        assert {by_id[each].fold for each in hit.others} <= {by_id[hit.id].fold} - {""}


def assert_matches_the_same(
    engine: SearchEngine,
    text: str,
    filters: dict[str, Any],
    matching: Iterable[Document],
    documents: Iterable[Document],
) -> None:
    """Compare with an engine's own answers to each language and source: a document matches by itself."""
    found: set[str] = set()
    for lang in ("en", "es"):
        if lang not in filters.get("langs", (lang,)):
            continue
        answer = ask(engine, text, limit=100, about=False, **{**filters, "langs": (lang,)})
        found |= {each for hit in answer.hits for each in (hit.id, *hit.others)}
    assert {each.id for each in matching} == found
    if not text and not filters:
        assert found == {each.id for each in documents}


def assert_counts(engine: SearchEngine, text: str, filters: dict[str, Any], answer: EngineResults) -> None:
    """A count is what its filter brings."""
    names = {"lang": "langs", "country": "countries", "source": "sources", "year": "years"}
    brought: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for facet, name in names.items():
        for value in answer.counts[facet]:
            chosen = YearRange(int(value), int(value)) if facet == "year" else (value,)
            narrowed = ask(engine, text, about=False, **{**filters, name: chosen})
            brought[facet][value] = narrowed.total
        assert brought[facet] == answer.counts[facet]

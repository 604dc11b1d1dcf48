"""What is the same on every engine around the search: similar documents and what they are reckoned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import load_vocabulary
from search_api.answers.similar import similar
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date, rebuild
from search_api.query.plan import Every, Field, Flat, HasToken, MatchAll, MatchAny, OneOf
from search_api.query.spelling import corrected
from search_api.query.suggest import Completion, Suggester
from tests.builders import make_document, make_source, make_tag
from tests.search_api.engine_contract import changed, removed

TEXTS = {
    "s1": ("Street vendors in Lima", "Street vendors pay taxes to the municipality of Lima every day."),
    "s2": ("Vendors and markets of Lima", "The municipality asks street vendors for taxes and permits in Lima."),
    "s3": ("Street food", "Food is cooked by vendors in Accra."),
    "s4": ("Domestic work", "A household hires a domestic worker without contract."),
    "s5": ("Waste pickers", "Waste pickers sort plastic and paper without contract."),
}
EVERY = tuple(make_document(name, title=title, pages=(text,)) for name, (title, text) in TEXTS.items())


class AroundContract:
    def test_the_most_similar_document_comes_first_and_the_document_itself_never(self, engine: SearchEngine) -> None:
        engine.apply(changed(EVERY))
        found = [hit.id for hit in similar(EVERY[0], engine=engine, limit=5)]
        assert found[:2] == ["s2", "s3"]
        assert "s1" not in found

    def test_similar_documents_have_the_scores_of_both_engines(self, engine: SearchEngine) -> None:
        engine.apply(changed(EVERY))
        scores = {hit.id: hit.score for hit in similar(EVERY[0], engine=engine)}
        assert scores == pytest.approx(SCORES, rel=1e-5)

    def test_a_document_without_shared_words_has_no_similar_ones(self, engine: SearchEngine) -> None:
        lonely = make_document("s6", title="Zymurgy", pages=("Zymurgy quaffs.",))
        engine.apply(changed((*EVERY, lonely)))
        assert similar(lonely, engine=engine) == ()

    def test_one_shared_word_or_a_shared_concept_alone_is_not_alike(self, engine: SearchEngine) -> None:
        tagged = make_tag("group", "street_vendors")
        some = make_document("t1", title="Street vendors in Lima", pages=("Taxes.",), tags=(tagged,))
        same_concept = make_document("t2", title="Food", pages=("Cooked in Accra.",), tags=(tagged,))
        one_word = make_document("t3", title="Lima", pages=("A harbour.",))
        two_words = make_document("t4", title="Lima", pages=("A street.",))
        same_both = make_document("t5", title="Lima", pages=("A street.",), tags=(tagged,))
        engine.apply(changed((some, same_concept, one_word, two_words, same_both)))
        assert [hit.id for hit in similar(some, engine=engine)] == ["t5", "t4"]

    def test_frequencies_count_documents_that_are_there(self, engine: SearchEngine) -> None:
        asked = [(Field.WORD, "vendor"), (Field.TITLE, "vendor"), (Field.WORD, "nothing")]
        assert engine.frequencies(asked).held == dict.fromkeys(asked, 0)
        engine.apply(changed(EVERY))
        held = engine.frequencies(asked)
        assert held.documents == 5
        assert list(held.held.values()) == [3, 2, 0]
        engine.apply([removed("s2", sequence=9)])
        after = engine.frequencies(asked)
        assert (after.documents, list(after.held.values())) == (4, [2, 1, 0])

    def test_the_best_of_a_plan_are_ranked_and_limited(self, engine: SearchEngine) -> None:
        plan = MatchAny((HasToken(Field.WORD, "vendor"), HasToken(Field.WORD, "contract")))
        assert engine.best(plan, limit=3) == ()
        engine.apply(changed(EVERY))
        hits = engine.best(plan, limit=3)
        assert len(hits) == 3
        assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)

    def test_the_best_pages_of_a_plan_are_found_among_all_documents(self, engine: SearchEngine) -> None:
        plan = MatchAny((HasToken(Field.EXACT, "plastic"), HasToken(Field.EXACT, "contract")))
        assert engine.find_pages(plan, limit=3) == ()
        engine.apply(changed(EVERY))
        found = engine.find_pages(plan, limit=3)
        assert [(page.document, page.number) for page in found] == [("s5", 1), ("s4", 1)]
        assert engine.find_pages(plan, limit=1) == found[:1]
        only = MatchAll((plan, Flat(OneOf("document", ("s4",)), 0.0)))
        assert [page.document for page in engine.find_pages(only, limit=3)] == ["s4"]

    def test_a_plan_can_be_asked_of_some_documents_only_each_by_itself(self, engine: SearchEngine) -> None:
        engine.apply(changed(EVERY))
        vendors, everything = HasToken(Field.WORD, "vendor"), Flat(Every(), 0.0)
        all_with = {hit.id for hit in engine.best(vendors, limit=100)}
        some = tuple(sorted(each.id for each in EVERY)[::2])
        among = Flat(OneOf("id", (*some, "not-here")), 0.0)
        assert {hit.id for hit in engine.best(MatchAll((vendors, among)), limit=100)} == all_with & set(some)
        assert {hit.id for hit in engine.best(MatchAll((everything, among)), limit=100)} == set(some)


TITLES = (
    make_document("u1", title="Street vendors in Lima", tags=(make_tag("group", "street_vendors"),)),
    make_document("u2", title="Vendors of the street, and vendors of the market", published="2020"),
    make_document("u3", title="Économie informelle à Dakar", lang="fr", tags=(make_tag("country", "SEN"),)),
    make_document("u4", title="México: trabajadoras del hogar", lang="es", tags=(make_tag("country", "MEX"),)),
    make_document("u5", title="Streets", tags=(make_tag("group", "street_vendors"), make_tag("country", "MEX"))),
)

TYPED = {
    "str": ["street_vendors 2", "u1", "u2", "u5"],
    "street": ["street_vendors 2", "u1", "u2", "u5"],
    "STREET V": ["street_vendors 2", "u1", "u2"],
    "streets": ["u5"],
    "vendors street": ["u1", "u2"],
    "mexi": ["MEX 2", "u4"],
    "MÉXICO t": ["u4"],
    "economie inf": ["u3"],
    "senegal": ["SEN 1"],
    "trabajadoras h": ["u4"],
    "trabajadoras ho": ["u4"],
    "vendor": ["street_vendors 2", "u1", "u2"],
    "vendors OR": [],
    "mongolia": [],
    "s": [],
}
MISSPELT = {
    "stret vendors": "street vendors",
    "vednors": "vendors",
    "trabajadroas del hogra": "trabajadoras del hogar",
    "Dakr": "dakar",
    "(vendros OR tax) -sterets country:MEX": "(vendors OR tax) -sterets country:MEX",
    "street vendors": "",
    "mongolai": "",  # a country of the vocabulary that no document has
    "xyzzyq": "",
    '"stret vendors"': "",
    "str": "",
    "": "",
}
"""What is typed, and what is proposed."""


class SuggestContract:
    """Suggestions over the real store; gives the fixture `engine`."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        with open_store(Settings(data_dir=tmp_path / "records")) as store:
            store.sources.save(make_source("sample"))
            for each in TITLES:
                store.documents.save(each, tagger_version="1")
            yield store

    @pytest.fixture
    def suggester(self, engine: SearchEngine, store: Store) -> Suggester:
        bring_up_to_date(engine, store)
        return Suggester(engine, store=store, vocabulary=load_vocabulary(), counts_seconds=0.0)

    def test_what_is_typed_gives_the_same_on_every_engine(self, suggester: Suggester) -> None:
        found = {typed: _in_short(suggester.suggest(typed)) for typed in TYPED}
        assert found == TYPED
        kept = {typed: _in_short(suggester.suggest(typed)) for typed in TYPED}
        assert kept == TYPED
        first = {typed: _in_short(suggester.suggest(typed, limit=1)) for typed in TYPED}
        assert first == {typed: expected[:1] for typed, expected in TYPED.items()}

    def test_a_misspelt_word_is_put_right_by_one_that_a_document_has(
        self, suggester: Suggester, engine: SearchEngine, store: Store
    ) -> None:
        assert suggester
        found = {text: corrected(text, engine=engine, store=store, vocabulary=load_vocabulary()) for text in MISSPELT}
        assert found == MISSPELT

    def test_what_is_kept_follows_the_index(self, suggester: Suggester, engine: SearchEngine, store: Store) -> None:
        assert _in_short(suggester.suggest("street")) == ["street_vendors 2", "u1", "u2", "u5"]
        store.documents.remove("u5")
        store.documents.save(replace(TITLES[1], title="Something else"), tagger_version="1")
        bring_up_to_date(engine, store)
        assert _in_short(suggester.suggest("street")) == ["street_vendors 1", "u1"]
        rebuild(engine, store)
        assert _in_short(suggester.suggest("street")) == ["street_vendors 1", "u1"]


def _in_short(suggestions: tuple[Completion, ...]) -> list[str]:
    return [f"{each.id} {each.count}" if each.facet else each.id for each in suggestions]


SCORES = {"s2": 6.0380425, "s3": 2.4868302}
"""Of the embedded engine; every other has to give the same."""

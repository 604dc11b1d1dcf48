"""Worker groups in sentences: traps, inclusive writing, activities, coordination, regional names."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.tag_rules import Zone
from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from nlp.pipeline.passages import Passage
from nlp.pipeline.tagger import Tagger, open_tagger

SENTENCES = json.loads(Path(__file__).with_name("tagging_sentences.json").read_text(encoding="utf-8"))["sentences"]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def groups_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    passage = Passage(text, zone=Zone.BODY, page=1, lang=lang)
    return {hit.concept for hit in tagger.hits([passage]) if hit.facet is Facet.GROUP}


@pytest.mark.parametrize("case", SENTENCES, ids=lambda case: case["text"])
def test_a_sentence_speaks_of_its_groups_and_of_no_other(tagger, case):
    assert groups_in(tagger, case["text"], case["lang"]) == set(case["groups"])


@pytest.mark.parametrize("name", ["zabbaleen", "cartoneros", "kayayei", "boda boda", "zungueiras", "pepenadores"])
@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt", "sw"])
def test_the_name_of_a_trade_in_one_country_is_known_in_texts_of_every_language(tagger, name, lang):
    assert len(groups_in(tagger, f"{name.capitalize()} 2019", lang)) == 1


def test_a_regional_name_hints_at_its_country(tagger):
    (hit,) = tagger.hits([Passage("Kayayei carry loads.", zone=Zone.BODY, page=1, lang="en")])
    terms = [term for term in load_vocabulary().terms(hit.facet) if term.forms[0] == hit.rule.text]
    assert {term.where for term in terms} == {("GHA",)}


@pytest.mark.parametrize(
    "writing",
    [
        "vendeuse·eur·s de rue", "vendeur·se·s de rue", "vendeur.euse.s de rue", "vendeur-euse-s de rue",
        "vendeurs(ses) de rue", "VENDEUSES DE RUE", "vendeurs et vendeuses de rue", "vendeurs\nde rue",
    ],
)  # fmt: skip
def test_french_inclusive_writing_is_read(tagger, writing):
    assert groups_in(tagger, f"Les {writing} de Dakar.", "fr") == {"street_vendors"}


@pytest.mark.parametrize(
    "writing",
    [
        "trabajadorxs domésticxs", "trabajador@s doméstic@s", "trabajadores/as domésticos/as", "trabajadoras domésticas",
        "trabajadoras y trabajadores domésticos", "trabajadores(as) domésticos(as)", "TRABAJADORAS DOMÉSTICAS",
    ],
)  # fmt: skip
def test_spanish_inclusive_writing_is_read(tagger, writing):
    assert groups_in(tagger, f"Las personas {writing} se organizan.", "es") == {"domestic_workers"}


def test_words_are_known_across_hyphens_and_line_ends(tagger):
    for writing in ("waste pickers", "waste-pickers", "waste\npickers", "wastepickers"):
        assert groups_in(tagger, f"The {writing} of Pune.", "en") == {"waste_pickers"}


def test_words_of_two_paragraphs_are_not_one_term(tagger):
    assert groups_in(tagger, "Collection of waste\n\nPickers of fruit", "en") == set()


def test_a_weak_term_needs_a_word_in_its_own_sentence(tagger):
    assert groups_in(
        tagger, "The driver of the taxi waited for hours at the stand near the old market hall.", "en"
    ) == {"transport_workers"}
    away = (
        "The ministry found that the driver of the process was the new law on public budgets and local accounts. "
        "Later in the same year the council closed the taxi rank that had served the old market hall for decades."
    )
    assert groups_in(tagger, away, "en") == set()


def test_a_weak_term_in_the_row_of_a_table_takes_its_neighbours_for_context(tagger):
    rows = "Street work, including vending (1,2)\nConstruction, activities unknown (6,8)\nDomestic work (8)"
    assert "construction_workers" in groups_in(tagger, rows, "en")
    assert groups_in(tagger, "Construction, activities unknown (6,8)", "en") <= {"construction_workers"}
    assert groups_in(tagger, "Gross value added by industry\nConstruction 4.1\nTransport 3.2", "en") == set()


def test_a_weak_term_counts_where_title_or_abstract_name_the_group(tagger):
    body = Passage("Drivers keep a third of each fare.", zone=Zone.BODY, page=1, lang="en")
    title = Passage("Motorcycle taxi riders in Kampala", zone=Zone.TITLE, page=0, lang="en")
    assert tagger.hits([body]) == []
    assert {hit.passage.zone for hit in tagger.hits([title, body]) if hit.concept == "transport_workers"} == {
        Zone.TITLE,
        Zone.BODY,
    }


def test_an_acronym_is_not_found_in_a_common_word(tagger):
    def topics(text):
        passage = Passage(text, zone=Zone.BODY, page=1, lang="pt")
        return {hit.concept for hit in tagger.hits([passage]) if hit.facet is Facet.TOPIC}

    assert "taxation" in topics("Quem paga o SIMPLES contribui menos.")
    assert "taxation" not in topics("Regras simples ajudam todos.")


def test_a_query_names_concepts_in_any_of_the_four_languages(tagger):
    found = {(one.concept.id, one.start) for one in tagger.concepts_in_query("vendedores ambulantes social protection")}
    assert ("street_vendors", 0) in found
    assert ("social_protection", 22) in found
    assert tagger.concepts_in_query("key drivers of growth") == ()


def test_what_people_do_counts_where_its_sentence_tells_that_they_live_by_it(tagger):
    assert groups_in(tagger, "They collect plastic bottles for an income.", "en") == {"waste_pickers"}
    assert groups_in(tagger, "The river cleaner will collect plastic bottles.", "en") == set()


def test_either_of_two_weak_terms_that_fold_to_one_word_may_have_what_it_needs(tagger):
    assert groups_in(tagger, "Une vendeuse de produits frais parle.", "fr") == {"market_traders"}
    assert groups_in(tagger, "Un vendeur du marché parle.", "fr") == {"market_traders"}

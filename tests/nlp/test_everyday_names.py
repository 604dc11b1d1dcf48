"""Everyday and regional names: those that tag a text, and those that only name a concept when somebody searches."""

from __future__ import annotations

import random

import pytest

from corpus.tag_rules import Zone
from corpus.types import LANGUAGES, Facet
from corpus.vocabulary import Strength, Vocabulary, load_vocabulary
from corpus.vocabulary.spelling import plain
from nlp.pipeline.passages import Passage
from nlp.pipeline.tagger import Tagger, open_tagger

WHO = [
    "Los recicladores",
    "Las recicladoras",
    "LOS RECICLADORES",
    "Recicladores/as",
    "Los reciclador@s",
    "Los recicladorxs",
]
WHAT = ["protestan en Cali", "venden cartón", "se organizan", "trabajan desde la madrugada", "piden una tarifa justa"]
RECYCLED = [
    "Es un proyecto de producción con plástico reciclado.",
    "La tienda vende productos reciclados.",
    "Recicladora Centroamericana S.A.",
    "Una planta recicladora de vidrio abrió en Cali.",
    "Las empresas recicladoras pagan impuestos.",
    "La asociación de recicladores de plásticos publicó cifras.",
    "La industria recicladora crece.",
]
IN_TEXTS = [
    ("en", "Garbage pickers and trash pickers sort at night.", "waste_pickers"),
    ("en", "Housemaids earn little.", "domestic_workers"),
    ("en", "Street hawkers and street peddlers were fined.", "street_vendors"),
    ("en", "Day labor is paid in cash.", "casual_day_labourers"),
    ("en", "Bicycle taxis wait at the station.", "transport_workers"),
    ("en", "App-based work has no sick pay.", "platform_workers"),
    ("es", "Los cirujas juntan cartón.", "waste_pickers"),
    ("es", "Las empleadas de hogar cotizan.", "domestic_workers"),
    ("es", "Los limpiabotas de la plaza.", "service_workers_street"),
    ("es", "El mototaxismo crece.", "transport_workers"),
    ("fr", "Les ramasseurs d’ordures trient la nuit.", "waste_pickers"),
    ("fr", "Les bonnes à tout faire sont mal payées.", "domestic_workers"),
    ("fr", "Les cireurs de chaussures attendent.", "service_workers_street"),
    ("pt", "Os badameiros juntam latas.", "waste_pickers"),
    ("pt", "Os catadores de rua se organizam.", "waste_pickers"),
    ("pt", "Motoristas por aplicativo fizeram greve.", "platform_workers"),
]
TYPED = [
    ("maid", "domestic_workers"), ("nannies", "domestic_workers"), ("muchacha", "domestic_workers"), ("bonne", "domestic_workers"),
    ("babás", "domestic_workers"), ("scrap dealers", "waste_pickers"), ("rubbish collectors", "waste_pickers"),
    ("garbage dump", "waste_pickers"), ("chatarreros", "waste_pickers"), ("boueux", "waste_pickers"),
    ("hawkers", "street_vendors"), ("ambulantes", "street_vendors"), ("hucksters", "street_vendors"),
    ("marchante", "street_vendors"),
    ("market women", "market_traders"), ("tailors", "garment_workers"), ("riders", "platform_workers"),
    ("repartidores", "platform_workers"), ("livreurs", "platform_workers"), ("entregadores", "platform_workers"),
    ("tuk tuk", "transport_workers"), ("rickshaw pullers", "transport_workers"), ("coolies", "porters"), ("headload", "porters"),
    ("peón", "casual_day_labourers"), ("barbers", "service_workers_street"), ("cireur", "service_workers_street"),
    ("carers", "care_workers"), ("pêcheurs", "fishers"), ("mineros", "small_scale_miners"), ("prostitutes", "sex_workers"),
    ("EPR", "waste_recycling_policy"), ("CCT", "organizing_representation"), ("social protection floors", "social_protection"),
    ("own-account workers", "enterprise_productivity"), ("evictions", "urban_policy_public_space"),
    ("licences", "law_regulation"), ("remittances", "migration"), ("microcredit", "finance_credit"),
    ("recycling", "waste_recycling"),
]  # fmt: skip
NEVER_IN_TEXTS = [
    ("en", "The maid of honour met a scrap dealer, two riders and a cleaner."),
    ("en", "This graphic shows how the platform works."),
    ("es", "La muchacha compró un rider de teclado en la feria."),
    ("fr", "Une bonne idée pour les livreurs de rêves."),
    ("pt", "A ama da história vive na praça."),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


def groups_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    hits = tagger.hits([Passage(text, zone=Zone.BODY, page=1, lang=lang)])
    return {hit.concept for hit in hits if hit.facet is Facet.GROUP}


def test_recicladores_are_waste_pickers_however_the_word_is_written(tagger):
    chosen = random.Random(11)
    sentences = [f"{chosen.choice(WHO)} {chosen.choice(WHAT)}." for _ in range(12)] + [
        f"{who} protestan." for who in WHO
    ]
    assert [sentence for sentence in sentences if groups_in(tagger, sentence, "es") != {"waste_pickers"}] == []


@pytest.mark.parametrize("sentence", RECYCLED)
def test_what_is_recycled_and_who_owns_the_plant_are_no_waste_pickers(tagger, sentence):
    assert groups_in(tagger, sentence, "es") == set()


@pytest.mark.parametrize(("lang", "sentence", "group"), IN_TEXTS)
def test_a_text_is_tagged_by_the_everyday_name(tagger, lang, sentence, group):
    assert group in groups_in(tagger, sentence, lang)


@pytest.mark.parametrize(("name", "concept"), TYPED)
def test_a_name_that_people_type_names_its_concept(vocabulary, name, concept):
    assert concept in {found.id for found in vocabulary.find(name)}


@pytest.mark.parametrize(("lang", "sentence"), NEVER_IN_TEXTS)
def test_names_for_searching_tag_no_text(tagger, lang, sentence):
    assert groups_in(tagger, sentence, lang) == set()


def test_names_for_searching_widen_no_search(vocabulary):
    assert "maid" not in vocabulary.synonyms(Facet.GROUP, "domestic_workers", "en")


def test_every_concept_has_several_names_in_each_language(vocabulary):
    few = []
    for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC):
        spoken = [term for term in vocabulary.terms(facet) if term.strength in (Strength.STRONG, Strength.SEARCH)]
        for concept in vocabulary.concepts(facet):
            for lang in LANGUAGES:
                names = {plain(term.forms[0]) for term in spoken if (term.concept, term.lang) == (concept, lang)}
                few += [(concept, lang)] if len(names) < 5 and not concept.startswith("isic:") else []
    assert few == []

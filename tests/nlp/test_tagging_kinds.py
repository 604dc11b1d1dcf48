"""Kinds of sentences in which readers missed a worker group, or found one that is none; English and French."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import pytest

from corpus.tag_rules import Zone
from corpus.types import Facet, Page
from nlp.pipeline.passages import Passage, TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger

KINDS = json.loads(Path(__file__).with_name("tagging_kinds.json").read_text(encoding="utf-8"))["kinds"]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def groups_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    passage = Passage(text, zone=Zone.BODY, page=1, lang=lang)
    return {hit.concept for hit in tagger.hits([passage]) if hit.facet is Facet.GROUP}


def sectors_of(tagger: Tagger, text: str, lang: str = "en") -> set[str]:
    tags = tagger.tag(TaggedText(pages=(Page(1, text),), lang=lang))
    return {tag.concept for tag in tags if tag.facet is Facet.SECTOR and not tag.concept.startswith("isic:")}


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_of_each_kind_speaks_of_its_groups_and_of_no_other(tagger, kind):
    wrong = []
    for case in KINDS[kind]:
        found = groups_in(tagger, case["text"], case["lang"])
        if set(case["groups"]) - found or found - {*case["groups"], *case.get("also", ())}:
            wrong.append((case["text"], sorted(found)))
    assert wrong == []


INFORMAL = {
    "en": product(
        [
            "Seven in ten people work in",
            "She makes her living in",
            "Street life depends on",
            "The loan reached women in",
        ],
        ["the informal sector", "the informal economy", "informal employment", "informal jobs", "informal businesses"],
    ),
    "fr": product(
        ["Sept actifs sur dix travaillent dans", "Elle vit de", "Le prêt a touché des femmes de", "La ville dépend de"],
        ["l’économie informelle", "l'informel", "petites activités informelles", "l’emploi informel"],
    ),
}


@pytest.mark.parametrize(
    ("lang", "words"), [(lang, " ".join(words)) for lang, pairs in INFORMAL.items() for words in pairs]
)
def test_informal_work_is_known_whatever_stands_before_it(tagger, lang, words):
    assert "informal_workers" in groups_in(tagger, f"{words}.", lang)


JOINED = [
    ("farmers", "smallholder_farmers"),
    ("fishers", "fishers"),
    ("herders", "pastoralists"),
    ("artisans", "artisans"),
    ("street vendors", "street_vendors"),
    ("waste pickers", "waste_pickers"),
]


@pytest.mark.parametrize("joint", ["/", " and ", " & ", ", ", " or ", " as well as "])
@pytest.mark.parametrize(("first", "second"), list(zip(JOINED, JOINED[1:] + JOINED[:1], strict=True)))
def test_two_groups_are_found_however_they_are_joined(tagger, joint, first, second):
    found = groups_in(tagger, f"The survey reached {first[0]}{joint}{second[0]} in the district.", "en")
    assert found == {first[1], second[1]}


@pytest.mark.parametrize(
    "place", ["on the pavement", "at the traffic lights", "by the roadside", "in the streets of Lagos"]
)
@pytest.mark.parametrize("goods", ["fruit", "phone cards", "second-hand shoes", "boiled eggs"])
def test_who_sells_in_the_street_is_a_street_vendor_whatever_is_sold(tagger, place, goods):
    assert "street_vendors" in groups_in(tagger, f"Her aunt sells {goods} {place}.", "en")


@pytest.mark.parametrize(
    "place", ["in the market", "at the central market", "in a village market", "at the weekly market"]
)
@pytest.mark.parametrize("who", ["Vendors", "Sellers", "Women traders", "Small retailers"])
def test_who_sells_in_a_market_is_a_market_trader_and_no_street_vendor(tagger, who, place):
    assert groups_in(tagger, f"{who} {place} pay a daily fee.", "en") == {"market_traders"}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Forced labour is banned by two conventions."),
        ("en", "The report describes forced labor in detention centres."),
        ("fr", "Le travail forcé est interdit par deux conventions."),
    ],
)
def test_forced_labour_is_a_topic_and_no_group_of_brick_makers(tagger, lang, text):
    passage = Passage(text, zone=Zone.BODY, page=1, lang=lang)
    found = {(hit.facet, hit.concept) for hit in tagger.hits([passage])}
    assert (Facet.TOPIC, "ilo_standards") in found
    assert not {concept for facet, concept in found if facet is Facet.GROUP}


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("The lab tests irrigation by drone.", "agriculture"),
        ("A start-up turns plastic waste into benches.", "waste_recycling"),
        ("Guesthouses and tour guides lost their guests.", "accommodation_tourism"),
        ("The valley lives from fishing.", "fisheries"),
        ("Buses and taxis were electrified.", "passenger_transport"),
        ("The cooperative weaves textiles.", "garment_textile"),
        ("Clinics and hospitals received oxygen.", "health_social"),
        ("Boreholes bring drinking water.", "sanitation_water"),
        ("A mobile app for logistics of goods and freight.", "freight_delivery"),
        ("Handicrafts are sold online.", "handicraft"),
    ],
)
def test_a_short_text_names_a_sector_by_one_word_of_it(tagger, text, sector):
    assert sector in sectors_of(tagger, text)


def test_a_sector_in_passing_does_not_stand_for_a_long_text(tagger):
    filler = "The committee met again in the spring and read the minutes of the meeting before. " * 120
    assert sectors_of(tagger, filler + "One member had worked in tourism. " + filler) == set()


COUNCIL = "The mayor met the council, which had been asked to say by the summer what will become of the old hall. " * 4


def test_a_group_that_is_only_mentioned_brings_its_sector_as_a_mention(tagger):
    tags = tagger.tag(TaggedText(pages=(Page(1, f"{COUNCIL}Potters had asked for it."),), lang="en"))
    found = {tag.concept: tag.about for tag in tags}
    assert found["artisans"] is False
    assert found["handicraft"] is False


def test_a_group_that_works_in_many_sectors_names_none_where_it_is_only_mentioned(tagger):
    assert sectors_of(tagger, f"{COUNCIL}Home-based workers had asked for it.") == set()

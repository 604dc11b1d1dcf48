"""Whole documents: what they are about, what they mention, and the evidence for each tag."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpus.tag_rules import Rule, RuleKind, Zone
from corpus.types import Facet, Page, Tag
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger

FILLER = (
    "The report describes the method of the survey, the sample and the questions that were asked in each town, "
    "and says how many people answered them. "
)
STREET = "Street vendors in the city pay daily fees to the municipality and fear eviction. "
PICKERS = "Waste pickers sort recyclables at the landfill and sell them to dealers. "


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def text_of(*pages: str, lang: str = "en", **others) -> TaggedText:
    return TaggedText(
        pages=tuple(Page(number, text) for number, text in enumerate(pages, start=1)), lang=lang, **others
    )


def tag_of(tags: tuple[Tag, ...], concept: str) -> Tag | None:
    return next((tag for tag in tags if tag.concept == concept), None)


def test_a_document_is_about_what_its_title_names_and_mentions_what_it_names_once(tagger):
    tags = tagger.tag(text_of(STREET * 3 + FILLER * 20, FILLER * 20 + PICKERS, title="Street vendors and the law"))
    vendors, pickers = tag_of(tags, "street_vendors"), tag_of(tags, "waste_pickers")
    assert vendors.about
    assert vendors.primary
    assert not pickers.about
    assert vendors.weight > pickers.weight
    assert vendors.evidence[0].page == 0
    assert vendors.evidence[0].rule == Rule(RuleKind.TERM, "street vendor", Zone.TITLE)
    assert pickers.evidence[0].page == 2


def test_a_document_can_be_about_what_only_its_body_names_often(tagger):
    tags = tagger.tag(text_of(*[STREET * 4 + FILLER * 3] * 5, title="Annual report"))
    assert tag_of(tags, "street_vendors").about


def test_one_sentence_behind_the_beginning_of_a_short_text_is_a_mention(tagger):
    tags = tagger.tag(text_of(FILLER * 4 + STREET + FILLER, title="News of the week"))
    assert not tag_of(tags, "street_vendors").about


def test_one_sentence_in_a_book_is_nothing(tagger):
    tags = tagger.tag(text_of(*[FILLER * 60] * 60, STREET))
    assert tag_of(tags, "street_vendors") is None


def test_references_imprint_and_boilerplate_speak_for_nothing(tagger):
    pages = (
        "© 2020 ISBN 978-1 Waste pickers and the law. All rights reserved.\n\n" + FILLER,
        FILLER * 3,
        "About WIEGO\n\nWIEGO is a global network of domestic workers, street vendors and waste pickers.",
        "References\n\nSamson, M. (2010). Reclaiming: waste pickers in the world. WIEGO.",
    )
    assert [tag for tag in tagger.tag(text_of(*pages, title="A method")) if tag.facet is Facet.GROUP] == []


def test_a_group_the_document_is_about_brings_its_sector_and_the_section_of_isic(tagger):
    tags = tagger.tag(text_of(PICKERS * 3, title="Waste pickers in Pune"))
    sector, section = tag_of(tags, "waste_recycling"), tag_of(tags, "isic:E")
    assert sector.facet is section.facet is Facet.SECTOR
    assert sector.about
    assert section.weight == sector.weight
    assert sector.evidence


def test_a_topic_needs_more_than_one_word_in_passing(tagger):
    passing = "One study looked at pensions in the north. "
    assert tag_of(tagger.tag(text_of(FILLER + passing + FILLER)), "social_protection") is None
    twice = passing + "Others asked for a pension. "
    assert tag_of(tagger.tag(text_of(FILLER + twice + FILLER)), "social_protection") is not None
    phrase = "One study looked at social insurance. "
    assert tag_of(tagger.tag(text_of(FILLER + phrase + FILLER)), "social_protection") is not None
    assert tag_of(tagger.tag(text_of(FILLER, title="Pensions for all")), "social_protection") is not None


def test_a_mixed_document_is_tagged_in_each_of_its_languages(tagger):
    french = "Les travailleuses domestiques de la ville n'ont pas de contrat et la loi qui est en vigueur ne les couvre pas. "
    tags = tagger.tag(text_of(STREET * 3, french * 3))
    assert tag_of(tags, "domestic_workers").evidence[0].page == 2
    assert tag_of(tags, "street_vendors").evidence[0].page == 1


def test_countries_come_with_the_same_call(tagger):
    tags = tagger.tag(text_of(STREET, title="Street vendors in Peru"))
    assert tag_of(tags, "PER").about


def test_a_text_without_words_has_no_tags(tagger):
    assert tagger.tag(TaggedText()) == ()
    assert tagger.tag(text_of("", "  ")) == ()


def test_at_most_one_tag_of_a_facet_is_primary_and_it_weighs_most(tagger):
    tags = tagger.tag(text_of(STREET * 5 + PICKERS * 4, title="Street vendors and waste pickers in Lima and Quito"))
    for facet in Facet:
        of_facet = [tag for tag in tags if tag.facet is facet]
        assert sum(tag.primary for tag in of_facet) <= 1
        assert [tag.weight for tag in of_facet] == sorted((tag.weight for tag in of_facet), reverse=True)


def test_at_most_five_places_are_kept_from_different_pages_but_all_are_counted(tagger):
    tag = tag_of(tagger.tag(text_of(*[STREET * 2] * 8)), "street_vendors")
    assert tag.count == 16
    assert len(tag.evidence) == 5
    assert len({place.page for place in tag.evidence}) == 5


WORDS = st.sampled_from(
    [
        STREET, PICKERS, FILLER, "\n\n", "\n", "Kayayei. ", "Domestic workers (maids), e.g. in Lima; ",
        "vendeuse·eur·s de rue ", "They collect scrap metal\nand sell it. ", "References\n",
        "trabajadoras y trabajadores del hogar ", "street and market vendors, ", "social protection and pensions ",
        "x" * 500 + " ", "waste pickers " * 60, "© ISBN ", "Perú 2019 ", "  ", "\t", "•", "“street vendor” ",
    ]
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pages=st.lists(st.lists(WORDS, max_size=8).map("".join), max_size=4),
    title=st.lists(WORDS, max_size=2).map("".join),
    lang=st.sampled_from(["en", "es", "fr", "pt", "und"]),
)
def test_every_tag_has_evidence_that_stands_where_it_says(tagger, pages, title, lang):
    text = text_of(*pages, title=title, lang=lang)
    tags = tagger.tag(text)
    assert tags == tagger.tag(text)
    whole = {0: folded(title)} | {number: folded(page) for number, page in enumerate(pages, start=1)}
    for tag in tags:
        assert 0 <= tag.weight <= 1
        assert 1 <= len(tag.evidence) <= 5
        assert tag.count >= 1
        for place in tag.evidence:
            assert place.words
            assert place.words in place.sentence
            assert place.sentence in whole[place.page]
            assert len(place.sentence) <= 400


def folded(text: str) -> str:
    return " ".join(text.split())


def test_places_of_a_tag_are_counted_by_page_and_those_before_the_first_page_under_zero(tagger):
    tags = tagger.tag(
        text_of(STREET * 3 + FILLER * 4, FILLER * 4, STREET + FILLER * 4, title="Street vendors and the law")
    )
    vendors = tag_of(tags, "street_vendors")
    assert vendors.places == ((0, 1), (1, 3), (3, 1))
    assert sum(places for _, places in vendors.places) == vendors.count

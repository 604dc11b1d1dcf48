"""What a document is about, which country most of all, and that the evidence stands where it is said to stand."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.errors import BadVocabulary
from corpus.tag_rules import Rule, RuleKind
from corpus.types import Facet, Page, Tag
from corpus.vocabulary import load_vocabulary
from corpus.vocabulary.demonyms import demonym_forms
from corpus.vocabulary.places import PlaceKind, PlaceName, check_places, load_places, names_elsewhere
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger

TAGGER = open_tagger()


def tags_of(*pages: str, title: str = "", lang: str = "en", countries: tuple[str, ...] = ()) -> tuple[Tag, ...]:
    numbered = tuple(Page(number, text) for number, text in enumerate(pages, start=1))
    text = TaggedText(title=title, pages=numbered, lang=lang, countries=countries)
    return tuple(tag for tag in TAGGER.tag(text) if tag.facet in (Facet.COUNTRY, Facet.REGION))


def countries(tags: tuple[Tag, ...]) -> dict[str, Tag]:
    return {tag.concept: tag for tag in tags if tag.facet is Facet.COUNTRY}


def regions(tags: tuple[Tag, ...]) -> dict[str, Tag]:
    return {tag.concept: tag for tag in tags if tag.facet is Facet.REGION}


def primary(tags: tuple[Tag, ...]) -> str | None:
    return next((tag.concept for tag in tags if tag.facet is Facet.COUNTRY and tag.primary), None)


def test_the_country_of_the_title_is_the_primary_one_although_another_is_named_more_often():
    body = "Ghana has a law. Ghana has a fund. Kenya has neither. Accra is in Ghana."
    assert primary(tags_of(body, title="Street vendors in Kenya")) == "KEN"


def test_a_city_in_the_title_outweighs_passing_comparisons():
    body = "Vendors pay a daily fee. In Brazil and in Mexico fees are lower. The city of Accra evicts vendors."
    assert primary(tags_of(body, title="Evictions of vendors in Accra")) == "GHA"


def test_a_country_named_once_beside_another_is_mentioned_and_not_what_the_text_is_about():
    found = countries(tags_of("Vendors in Peru pay. Peru has a law. Lima has a rule. Chile differs. Peru leads."))
    assert found["PER"].about
    assert found["PER"].primary
    assert not found["CHL"].about


def test_two_countries_that_are_compared_are_both_what_the_text_is_about():
    found = countries(tags_of("Peru pays. Bolivia pays. Peru has a law. Bolivia has a law.", title="Peru and Bolivia"))
    assert found["PER"].about
    assert found["BOL"].about
    assert sum(tag.primary for tag in found.values()) == 1


def test_a_text_that_goes_round_the_world_is_about_no_country():
    names = ("Peru", "Bolivia", "Ghana", "Kenya", "India", "Nepal", "Thailand", "Senegal", "Uganda")
    found = countries(tags_of(" ".join(f"There are vendors in {name}." for name in names)))
    assert len(found) == len(names)
    assert not any(tag.about for tag in found.values())


def test_a_global_report_that_names_a_country_once_in_passing_is_not_about_it():
    body = "Most workers have no contract, and few of them are covered by a pension. " * 90
    (found,) = countries(tags_of(body + "The first to ratify the Convention was Uruguay.")).values()
    assert not found.about
    assert primary(tags_of("Vendors in Uruguay pay fees. " + body)) == "URY"


def test_weights_of_countries_are_shares_of_one():
    found = countries(tags_of("Peru, Peru and Chile.", title="Bolivia"))
    assert sum(tag.weight for tag in found.values()) == pytest.approx(1.0, abs=0.001)


def test_a_reference_list_and_an_imprint_count_for_nothing():
    body = "Vendors in Ghana pay fees. " * 5
    references = "References\n\nSmith, J. (2011). Vendors of Nairobi. Nairobi: University of Nairobi Press.\n"
    assert set(countries(tags_of(body, references))) == {"GHA"}


def test_a_catalogue_record_names_the_country_that_the_text_does_not():
    found = countries(tags_of("Vendors pay fees.", countries=("PER",)))
    assert found["PER"].primary
    assert found["PER"].evidence[0].rule == Rule(RuleKind.RECORD, "Peru")


def test_a_survey_and_a_statistical_office_speak_for_their_country():
    assert primary(tags_of("Figures are taken from the ENOE, compiled by INEGI each quarter.")) == "MEX"
    assert primary(tags_of("Os dados vêm da PNAD Contínua, do IBGE.", lang="pt")) == "BRA"


def test_a_name_goes_on_over_a_line_break():
    assert primary(tags_of("Street vendors in South\nAfrica are organised.")) == "ZAF"


def test_a_heading_in_capitals_names_its_country():
    assert primary(tags_of("STREET VENDORS IN CÔTE D’IVOIRE\n\nThey pay.")) == "CIV"


@pytest.mark.parametrize(
    ("lang", "sentence", "country"),
    [
        ("en", "Peruvian vendors pay.", "PER"),
        ("es", "Las vendedoras peruanas pagan.", "PER"),
        ("es", "Los trabajadores alemanes y las trabajadoras alemanas.", "DEU"),
        ("fr", "Les vendeuses sénégalaises paient.", "SEN"),
        ("fr", "Les vendeuses ivoiriennes paient.", "CIV"),
        ("pt", "As vendedoras moçambicanas pagam.", "MOZ"),
        ("pt", "Os catadores cabo-verdianos.", "CPV"),
    ],
)
def test_feminine_and_plural_demonyms_speak_for_their_country(lang: str, sentence: str, country: str):
    assert primary(tags_of(sentence, lang=lang)) == country


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("hr", "Radnici u Srbiji nemaju ugovor o radu."),
        ("sr", "Радници у Србији немају уговор."),
        ("ru", "Работники в Сербии не имеют договора."),
        ("tr", "Sırbistan’da işçilerin sözleşmesi yok."),
    ],
)
def test_a_text_in_another_language_is_about_the_country_it_names(lang: str, text: str):
    assert primary(tags_of(text, lang=lang)) == "SRB"


def test_a_region_named_often_is_what_a_text_is_about_and_a_region_named_once_is_not():
    often = regions(tags_of("Latin America grows. Latin America lags. In Latin America and Latin American cities."))
    once = regions(tags_of("Peru grows. Peru lags. Peru is in Latin America. Peru leads."))
    assert often["419"].primary
    assert not once["419"].about


def test_regions_are_not_derived_from_countries_here():
    assert regions(tags_of("Vendors in Peru pay.")) == {}


def test_every_tag_says_where_and_why():
    tag = countries(tags_of("They pay.", "In Kenya, Kenyan vendors pay."))["KEN"]
    first = tag.evidence[0]
    assert (first.page, first.words, first.rule) == (2, "Kenya", Rule(RuleKind.NAME, "Kenya"))
    assert first.sentence == "In Kenya, Kenyan vendors pay."
    assert tag.count == 2


SENTENCES = st.sampled_from(
    [
        "Street vendors in Kenya pay a daily fee to the county.",
        "The Congo is wide.",
        "Michael Jordan spoke to Turkish workers in Ankara.",
        "Les vendeuses du Niger\net du Nigéria se rencontrent.",
        "WASTE PICKERS OF SOUTH\nAFRICA",
        "Latin America and the Caribbean, the Sahel and ASEAN differ.",
        "Geneva: ILO, 2013.",
        "Las trabajadoras dominicanas de Santo Domingo.",
        "U.S. workers, e.g. in New York, lack insurance.",
        "Guiné-Bissau e São Tomé e Príncipe.",
        "It rained.",
    ]
)
PAGES = st.lists(st.lists(SENTENCES, max_size=6).map("\n\n".join), max_size=4)


@settings(max_examples=60, deadline=None)
@given(pages=PAGES, lang=st.sampled_from(["en", "es", "fr", "pt", "sw", "und"]))
def test_evidence_words_stand_in_their_sentence_and_the_sentence_on_its_page(pages: list[str], lang: str):
    for tag in tags_of(*pages, lang=lang):
        assert tag.count >= len(tag.evidence) >= 1
        for evidence in tag.evidence:
            assert evidence.words in evidence.sentence
            assert evidence.sentence in " ".join(pages[evidence.page - 1].split())


@settings(max_examples=60, deadline=None)
@given(pages=PAGES, title=st.sampled_from(["", "Kenya", "Vendors of Lima"]))
def test_tags_are_in_order_of_weight_with_at_most_one_primary_for_a_facet(pages: list[str], title: str):
    tags = tags_of(*pages, title=title)
    for facet in (Facet.COUNTRY, Facet.REGION):
        weights = [tag.weight for tag in tags if tag.facet is facet]
        assert weights == sorted(weights, reverse=True)
        assert sum(tag.primary for tag in tags if tag.facet is facet) <= 1
    assert tags == tags_of(*pages, title=title)


@settings(max_examples=200, deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_breaks_the_tagger(text: str):
    tags_of(text)


def test_forms_of_a_demonym_are_those_of_its_language():
    assert {"nigériane", "nigérianes", "Nigérian"} <= set(demonym_forms("nigérian", "fr"))
    assert {"nigérienne", "nigériennes"} <= set(demonym_forms("nigérien", "fr"))
    assert {"alemana", "alemanes", "alemanas"} <= set(demonym_forms("alemán", "es"))
    assert {"afegã", "afegãos"} <= set(demonym_forms("afegão", "pt"))
    assert demonym_forms("Chinese", "en") == ("Chinese",)
    assert demonym_forms("Kenyan", "en") == ("Kenyan", "Kenyans")


def test_every_country_with_inhabitants_has_names_and_most_have_a_city_and_a_demonym():
    names = load_places().names
    by_kind = {kind: {name.concept for name in names if name.kind is kind} for kind in PlaceKind}
    assert by_kind[PlaceKind.NAME] == set(load_vocabulary().concepts(Facet.COUNTRY))
    assert len(by_kind[PlaceKind.DEMONYM]) >= 190
    assert len(by_kind[PlaceKind.CITY]) >= 180


def test_common_words_are_no_cities():
    surfaces = {name.surface for name in load_places().names if name.kind is PlaceKind.CITY and not name.weak}
    assert not surfaces & {
        "Man",
        "Nice",
        "Reading",
        "Mobile",
        "Split",
        "Bath",
        "Tours",
        "Orange",
        "Male",
        "Paradise",
        "Roma",
    }


def test_names_in_other_languages_speak_for_known_countries():
    names = [name for lang in ("hr", "ru", "tr", "ar", "id") for name in names_elsewhere(lang)]
    assert {name.concept for name in names} <= set(load_vocabulary().concepts(Facet.COUNTRY))
    assert names_elsewhere("und") == ()


def test_common_words_of_another_language_are_no_cities_or_acronyms():
    assert countries(tags_of("Perdagangan Ekspor Bahan Baku. JASA SEWA GUNA USAHA. Bursa Efek.", lang="id")) == {}


def test_a_vocabulary_that_speaks_of_an_unknown_country_is_refused():
    with pytest.raises(BadVocabulary, match="'Atlantis' names 'ATL'"):
        check_places(load_vocabulary(), names=[PlaceName("Atlantis", PlaceKind.NAME, "ATL")], rules=[])

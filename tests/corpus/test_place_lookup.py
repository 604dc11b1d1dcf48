"""One look-up for countries and regions: codes, names, old names, short names, in four languages."""

from __future__ import annotations

import pytest

from corpus.types import Facet
from corpus.vocabulary import load_vocabulary
from nlp.documents import _countries
from search_api.query.budget import Budget
from search_api.query.field_values import read_field
from search_api.query.parameters import SearchQuery
from search_api.query.tree import Values
from tests.builders import offered

COUNTRIES = {
    "COD": "DRC|D.R. Congo|DR Congo|RDC|R.D. Congo|República Democrática del Congo|Congo-Kinshasa|zaire|CD|180",
    "GBR": "UK|U.K.|Great Britain|Reino Unido|Royaume-Uni|Inglaterra|gb",
    "USA": "USA|U.S.|United States|EE.UU.|EE. UU.|EUA|États-Unis|america",
    "PER": "Peru|PERÚ|Pérou|pe|el Perú",
    "CIV": "Ivory Coast|Cote d'Ivoire|Côte d’Ivoire|Costa de Marfil|Costa do Marfim|la Côte d'Ivoire",
    "VNM": "Viet Nam|Vietnam|Vietname|Viêt Nam",
    "MMR": "Burma|Birmania|Myanmar",
    "LAO": "Laos|Lao PDR|Lao People's Democratic Republic",
    "KOR": "South Korea|Corea del Sur|Corée du Sud|Coreia do Sul|Republic of Korea|S. Korea|korea",
    "GNQ": "Eq. Guinea|Guinea Ecuatorial|Guinée équatoriale",
    "TUR": "Turkey|Türkiye|Turquía",
    "CPV": "Cape Verde|Cabo Verde|Cap-Vert",
    "SWZ": "Swaziland|eSwatini",
    "TTO": "Trinidad & Tobago|Trinidad y Tobago",
    "NLD": "Holland|the Netherlands|Países Bajos|Pays-Bas",
    "CZE": "Czech Republic|Czechia",
    "ZAF": "South Africa|Sudáfrica|Afrique du Sud|RSA",
    "SSD": "S. Sudan|South Sudan",
}
REGIONS = {
    "419": "latin america|América Latina|Amérique latine|Latin America and the Caribbean|LAC",
    "202": "sub-Saharan Africa|África Subsahariana|Afrique subsaharienne|SSA|SADC",
    "029": "Caribbean|Caraïbes|el Caribe",
    "wb:MENAAP": "MENA|Middle East and North Africa",
    "034": "South Asia|Asia del Sur",
}
NAMES = [(Facet.COUNTRY, code, name) for code, names in COUNTRIES.items() for name in names.split("|")]
NAMES += [(Facet.REGION, code, name) for code, names in REGIONS.items() for name in names.split("|")]


def asked(**parameters: str) -> SearchQuery:
    return SearchQuery.from_parameters(parameters.items(), vocabulary=load_vocabulary(), characters_max=500)


def test_the_list_has_sixty_names_and_more():
    assert len(NAMES) > 60


@pytest.mark.parametrize(("facet", "concept", "name"), NAMES)
def test_a_name_means_the_same_in_the_look_up_a_query_a_parameter_and_a_catalogue(facet, concept, name):
    vocabulary = load_vocabulary()
    assert [found.id for found in vocabulary.places(name, facet=facet)] == [concept]
    assert read_field(facet, name, vocabulary=vocabulary, budget=Budget()).node == Values(facet, (concept,))
    assert dict(asked(**{facet: name}).filter_values())[facet] == (concept,)
    if facet is Facet.COUNTRY:
        assert _countries([offered(name, "sidecar")]) == (concept,)


@pytest.mark.parametrize("text", ["Peruvian", "péruvien", "nowhere", "", "XX", "the", "working poor"])
def test_what_is_no_name_of_a_place_finds_nothing(text):
    assert load_vocabulary().places(text) == ()


def test_a_name_of_two_countries_means_both_in_a_query_and_neither_as_a_parameter():
    vocabulary = load_vocabulary()
    assert {found.id for found in vocabulary.places("Congo")} == {"COD", "COG"}
    with pytest.raises(Exception, match="country cannot be 'Congo'") as caught:
        asked(country="Congo")
    assert "COG (Republic of the Congo)" in caught.value.try_next


def test_a_country_that_is_not_known_is_refused_with_one_that_is_near():
    with pytest.raises(Exception, match="country cannot be 'Boliva'") as caught:
        asked(country="Boliva")
    assert "BOL" in caught.value.try_next


def test_every_label_of_a_country_finds_it_and_it_alone_but_for_shared_names():
    vocabulary = load_vocabulary()
    for country in vocabulary.concepts(Facet.COUNTRY).values():
        for label in country.labels.values():
            assert vocabulary.places(label, facet=Facet.COUNTRY) == (country,)


def test_a_group_is_known_by_its_everyday_name_in_a_query():
    found = read_field("group", "maids", vocabulary=load_vocabulary(), budget=Budget())
    assert found.node == Values("group", ("domestic_workers",))

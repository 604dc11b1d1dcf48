"""Countries in the short spellings of tables and maps, and a short name beside the longer one that holds it."""

from __future__ import annotations

import random

import pytest

from corpus.types import Facet, Page
from corpus.vocabulary import load_vocabulary
from corpus.vocabulary.short_names import short_spellings
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger

AS_PRINTED = [
    ("en", "W. Sahara, Eq. Guinea, S. Sudan, Central African Rep., Solomon Is. appear on the map.", "ESH GNQ SSD CAF SLB"),
    ("en", "Dominican Rep., Bosnia and Herz., Dem. Rep. Congo, N. Macedonia and Marshall Is. have no data.", "DOM BIH COD MKD MHL"),
    ("en", "Korea, Rep. and Congo, Rep. are in the table.", "KOR COG"),
    ("en", "Figures for Czech Rep., Slovak Rep. and Kyrgyz Rep. are older.", "CZE SVK KGZ"),
    ("en", "Cook Is. and Fr. Polynesia are shown apart.", "COK PYF"),
    ("en", "Trinidad & Tobago and Antigua & Barb. took part.", "TTO ATG"),
    ("es", "La Rep. Dominicana, la Guinea Ec. y Corea del S. figuran en el mapa.", "DOM GNQ KOR"),
    ("es", "La Rep. Centroafricana y la Rep. Democrática del Congo no tienen datos.", "CAF COD"),
    ("fr", "La Rép. dominicaine et la Rép. centrafricaine figurent sur la carte.", "DOM CAF"),
    ("fr", "La Guinée éq. et la Corée du S. ont répondu.", "GNQ KOR"),
    ("pt", "A Rep. Dominicana e a Coreia do S. responderam.", "DOM KOR"),
    ("pt", "A Guiné Eq. e S. Tomé e Príncipe responderam.", "GNQ STP"),
]  # fmt: skip
BESIDE_A_LONGER_NAME = [
    ("en", "The Guinean franc lost value; Equatorial Guinean traders left.", "GIN GNQ"),
    ("en", "Guinea exports bauxite and Papua New Guinea exports gas.", "GIN PNG"),
    ("en", "Guinea and Guinea-Bissau signed an agreement.", "GIN GNB"),
    ("en", "Traders of Guinea and of Equatorial Guinea met.", "GIN GNQ"),
    ("es", "Guinea y Guinea Ecuatorial firmaron un acuerdo.", "GIN GNQ"),
    ("fr", "La Guinée et la Guinée-Bissau ont signé un accord.", "GIN GNB"),
    ("fr", "La Guinée et la Guinée équatoriale ont signé un accord.", "GIN GNQ"),
    ("en", "Sudan and South Sudan signed an agreement.", "SDN SSD"),
    ("en", "Samoa and American Samoa share a language.", "WSM ASM"),
    ("en", "Papua New Guinean miners and Guinean ones met.", "PNG GIN"),
    ("en", "Niger and Nigeria closed the border.", "NER NGA"),
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def countries_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    tags = tagger.tag(TaggedText(pages=(Page(1, text),), lang=lang))
    return {tag.concept for tag in tags if tag.facet is Facet.COUNTRY}


@pytest.mark.parametrize(("lang", "text", "countries"), AS_PRINTED + BESIDE_A_LONGER_NAME)
def test_a_sentence_speaks_for_each_of_its_countries(tagger, lang, text, countries):
    assert countries_in(tagger, text, lang) == set(countries.split())


def test_names_made_shorter_at_random_speak_for_their_country(tagger):
    chosen = random.Random(11)
    countries = load_vocabulary().concepts(Facet.COUNTRY).values()
    shortened = [(country.id, each) for country in countries for each in short_spellings(country.label("en"), "en")]
    missed = [
        (code, name)
        for code, name in chosen.sample(shortened, 40)
        if code not in countries_in(tagger, f"Prices in {name} rose in 2019.", "en")
    ]
    assert missed == []


def test_a_name_is_shortened_word_by_word():
    assert set(short_spellings("Equatorial Guinea", "en")) == {"Eq. Guinea", "Equat. Guinea"}
    assert "Dem. Rep. of the Congo" in short_spellings("Democratic Republic of the Congo", "en")
    assert "St. Vincent & the Gren." in short_spellings("Saint Vincent and the Grenadines", "en")


@pytest.mark.parametrize(
    ("name", "lang"), [("Peru", "en"), ("Saint Helena", "en"), ("San Martín", "es"), ("Côte d’Ivoire", "fr")]
)
def test_names_that_would_become_a_person_s_or_nothing_are_left_as_they_are(name, lang):
    assert short_spellings(name, lang) == ()

"""Names of places inside names of other things, names that several countries share, and names in a country's own language."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.types import Facet, Page
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import Tagger, open_tagger
from tests.nlp.place_cases import PlaceCase, places_in_names, short_country_names

# What it is: language, text (\n for a new line), countries it speaks for.
TABLE = r"""
Streets and houses
en | Hawkers on India Street and Portugal Avenue were evicted. |
en | Nairobi Street Traders Association and Kenya Street Food Vendors meet. | KEN
fr | Boulevard du Mali, les étals sont nombreux. |
fr | Une rue de Tunisie où l'on vend des fruits. | TUN
fr | Les rues de Dakar sont pleines. | SEN
es | Las calles de Lima están llenas de vendedores. | PER
es | En una calle de Honduras se vende fruta. | HND
pt | Na Rua de Angola e na Avenida Brasil vendem-se frutas. |
Persons
en | Chad Smith plays drums. |
en | India Arie sang about work. |
en | Jordan Peterson argues about work. |
en | Interviews with Alicia Chávez and Sergio Sevilla. |
en | Kenya Revenue Authority taxes traders. | KEN
id | Pekerja informal di Indonesia dan Malaysia. | IDN MYS
Towns of another country
en | Peru, Indiana and Lebanon, Ohio are small. | USA
en | In Mexico, Texas and California people sell food. | MEX USA
en | The market in London, Ontario opened. | CAN
Offices
en | The ILO Regional Office for Asia and the Pacific in Bangkok published it. |
en | UNDP Malaysia, Singapore and Brunei Darussalam wrote it. |
en | The ILO Country Office for Bangladesh trained brick makers. | BGD
es | La Oficina Regional de la OIT para América Latina y el Caribe en Lima publicó el informe. |
fr | Le Bureau régional pour l'Afrique à Abidjan publie ce rapport. |
Credits, authors, addresses, donors
en | Photo: UNDP Zambia/Moses Zangar |
en | Photo: Street vendors in Nairobi. | KEN
en | See www.ilo.org/Kenya/news and write to info@Ghana.org for more. |
en | Jane Doe, University of Nairobi, Kenya\nJohn Roe, Makerere University, Kampala, Uganda\n\nStreet vendors in Lima pay. | PER
en | With support from the German and Qatari governments, waste pickers in Lima organised. | PER
en | Skip to main content Malaysia, Singapore & Brunei Darussalam WHO WE ARE WHAT WE DO |
Treaties, seas, languages
en | The Busan Partnership and the Lima Declaration were signed. |
en | The Gulf of Thailand and the Sea of Japan are seas. |
en | The report was published in English, French and Spanish. |
en | Portuguese-speaking vendors of Maputo met. | MOZ
Colonies
en | The Belgian Congo and French Sudan were colonies. | COD MLI
en | British India had mills. |
Shared by several countries
en | Punjab province of Pakistan has brick kilns. | PAK
en | Brick kilns in Punjab, India, employ migrants. | IND
en | Workers in Lahore and other cities of Punjab stitch footballs. | PAK
en | Farmers from Amritsar in Punjab protested. | IND
en | Wheat is grown. Punjab has fields. Lahore is large. | PAK
en | The Dutch province of Limburg and Belgian Limburg share a border. | NLD BEL
es | Los pescadores de Amazonas, en Perú, venden en el mercado. | PER
pt | Os ribeirinhos do Amazonas vendem açaí em Manaus. | BRA
es | Las vendedoras de La Paz y de Cochabamba se organizan. | BOL
es | Los pescadores de La Paz, Baja California, venden en el muelle. | MEX
es | Los recicladores de Córdoba y Rosario se reunieron en Argentina. | ARG
es | Los mineros de la Guayana venezolana. | VEN
en | Farms enter the Rural Environmental Registry (CAR) in Brazil. | BRA
en | CAR, Chad and Cameroon share a border. | CAF TCD CMR
In their own languages
tr | Türkiye’de sokak satıcıları. | TUR
ar | العمال غير النظاميين في لبنان وبمصر | LBN EGY
hi | भारत में असंगठित श्रमिक | IND
bn | বাংলাদেশ শ্রমিক আইন | BGD
th | แรงงานนอกระบบในประเทศไทยและเวียดนาม | THA VNM
vi | Lao động phi chính thức ở Việt Nam | VNM
sw | Wafanyakazi nchini Kenya na Tanzania | KEN TZA
hr | Radnici u Hrvatskoj nemaju ugovor. | HRV
ru | Неформальная занятость в России | RUS
zh | 中国和印度的非正规就业 | CHN IND
en | الجمهورية اللبنانية — Labour Force Survey | LBN
en | Republik Indonesia: Labour Force Survey | IDN
"""
SENTENCES = [
    tuple(part.strip() for part in line.replace(r"\n", "\n").split("|"))
    for line in TABLE.splitlines()
    if line.count("|") == 2
]


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return open_tagger()


def countries_in(tagger: Tagger, text: str, lang: str) -> set[str]:
    tags = tagger.tag(TaggedText(pages=(Page(1, text),), lang=lang))
    return {tag.concept for tag in tags if tag.facet is Facet.COUNTRY}


def wrong(tagger: Tagger, cases: list[PlaceCase]) -> list[tuple[PlaceCase, set[str]]]:
    answers = [(case, countries_in(tagger, case.text, case.lang)) for case in cases]
    return [(case, found) for case, found in answers if not case.spoken_for <= found or case.not_spoken_for & found]


def given_cases(kind: str, shared_data: Path) -> list[PlaceCase]:
    rows = (shared_data / "cases" / kind / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = []
    for row in map(json.loads, filter(None, rows)):
        lang, text = row["input"].split(": ", 1)
        named = frozenset(
            word for word in row["expected"].replace(",", " ").split() if len(word) == 3 and word.isupper()
        )
        without = row["expected"].startswith("not ")
        cases.append(PlaceCase(lang, text, frozenset() if without else named, named if without else frozenset()))
    return cases


@pytest.mark.parametrize(("lang", "text", "countries"), SENTENCES)
def test_a_sentence_speaks_for_its_countries_and_no_other(tagger: Tagger, lang: str, text: str, countries: str):
    assert countries_in(tagger, text, lang) == set(countries.split())


def test_places_in_made_names_of_other_things_speak_for_nothing(tagger: Tagger):
    assert wrong(tagger, list(places_in_names())) == []


def test_made_short_names_speak_for_their_country(tagger: Tagger):
    assert wrong(tagger, list(short_country_names())) == []


@pytest.mark.shared
@pytest.mark.parametrize("kind", ["places-in-names", "short-country-names"])
def test_the_given_cases_are_right(tagger: Tagger, kind: str, shared_data: Path):
    cases = given_cases(kind, shared_data)
    assert cases
    assert wrong(tagger, cases) == []


def test_a_text_that_names_one_country_twice_and_no_other_is_about_it(tagger: Tagger):
    text = "Most workers have no contract, and few of them are covered by a pension. " * 90
    tags = tagger.tag(TaggedText(pages=(Page(1, f"{text} Vendors in Malawi met. Malawi has a law."),), lang="en"))
    assert [tag.concept for tag in tags if tag.primary and tag.facet is Facet.COUNTRY] == ["MWI"]

"""Where the places that describe a document contradict each other, and where they only spell differently."""

from __future__ import annotations

import pytest

from corpus.metadata import COMPARED_FIELDS, disagreements
from corpus.metadata.disagreements import Disagreement
from tests.builders import offered

RECORD, LANDING, FILE = "record:oai_dc", "landing:citation_title", "file:text"


def compare(field: str, *offers: tuple[str, str]) -> Disagreement | None:
    """Return the disagreement about one field, of (origin, value), the chosen first."""
    found = disagreements({field: tuple(offered(value, origin) for origin, value in offers)})
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("title", "Street Vendors and the Law", "STREET VENDORS AND THE LAW."),
        ("title", "Las vendedoras ambulantes y la ley", "Las vendedoras ambulantes y la ley | CEPAL"),
        ("title", "Récupératrices à Dakar : qui paie quoi ?", "Recuperatrices a Dakar"),
        ("title", "Catadoras de São Paulo – Ipea", "Catadoras de Sao Paulo"),
        ("title", "WIEGO Brief: Home-based work in Delhi", "Home‑based work in Delhi"),
        ("title", "A pavement of one's own: Vendors in India", "A pavement of one's own · An Office"),
        ("title", "Women and men in the informal economy", "Mujeres y hombres en la economía informal"),
        ("author", "Chen, Martha", "Martha A. Chen"),
        ("author", "Luc Bâ; Ana Ruiz", "Ba, L."),
        ("author", "Conceição, M.", "Maria Conceicao"),
        ("publisher", "World Bank", "World Bank, Washington, DC"),
        ("publisher", "Organización Internacional del Trabajo", "OIT"),
        ("publisher", "ILO", "International Labour Organization"),
        ("publisher", "Instituto de Pesquisa Econômica Aplicada", "INSTITUTO DE PESQUISA ECONOMICA APLICADA"),
        ("date", "2019-05-03", "2019"),
        ("date", "2019-11-20T02:59:46Z", "2019-11-19 20:59:46"),
        ("date", "mai 2019", "2019-05-31T10:00:00Z"),
        ("date", "3 de mayo de 2019", "03/05/2019"),
        ("series", "WIEGO Working Paper No. 12", "WIEGO working papers; 12"),
        ("series", "Texto para Discussão", "Texto para discussao nº 007"),
        ("doi", "https://doi.org/10.1596/ABC", "10.1596/abc"),
        ("isbn", "978-0-306-40615-7", "0306406152"),
        ("issn", "0317-8471", "03178471"),
        ("licence", "http://creativecommons.org/licenses/by/3.0/igo", "CC BY"),
        (
            "abstract",
            "This paper asks what vendors pay, to whom, and what they get for it.",
            "This paper asks what vendors pay…",
        ),
        (
            "abstract",
            "El estudio analiza el ingreso de las trabajadoras del hogar en Lima.",
            "Le rapport analyse le revenu des travailleuses du secteur informel dans la ville.",
        ),
    ],
)
def test_spelling_and_exactness_are_no_disagreement(field: str, one: str, other: str) -> None:
    assert compare(field, (RECORD, one), (LANDING, other)) is None
    assert compare(field, (LANDING, other), (RECORD, one)) is None


@pytest.mark.parametrize(
    ("field", "one", "other"),
    [
        ("title", "Street vendors and the law", "Street vendors and the police"),
        ("title", "Trabajo del hogar en el Perú", "Trabajo del hogar en el Ecuador"),
        ("title", "Le travail des enfants dans les mines", "Le travail des femmes dans les mines"),
        ("title", "Os catadores de São Paulo", "Os catadores do Recife"),
        ("author", "Martha Chen", "Joann Vanek"),
        ("author", "Ana Ruiz", "Ana Lopez"),
        ("publisher", "World Bank", "International Labour Organization"),
        ("date", "2014", "2015-04-21T15:19:08Z"),
        ("date", "março de 2019", "abril de 2019"),
        ("date", "2019-11-20", "2019-11-18"),
        ("series", "WIEGO Working Paper 12", "WIEGO Working Paper 13"),
        ("doi", "10.1596/abc", "10.1596/abd"),
        ("isbn", "978-0-306-40615-7", "080442957X"),
        ("licence", "http://creativecommons.org/licenses/by/3.0", "http://creativecommons.org/licenses/by-nc/4.0"),
        (
            "abstract",
            "This paper asks what vendors pay, to whom, and what they get for it.",
            "A review of the laws on domestic work, and of their enforcement by inspectors.",
        ),
    ],
)
def test_what_cannot_both_be_right_is_a_disagreement(field: str, one: str, other: str) -> None:
    found = compare(field, (RECORD, one), (LANDING, other))
    assert found == Disagreement(field, offered(one, RECORD), (offered(other, LANDING),))


def test_the_name_of_a_site_behind_the_title_of_a_page_is_no_part_of_it() -> None:
    assert compare("title", (RECORD, "Mukhero: Mulheres que vendem"), ("landing:title", "Mukhero · An Office")) is None
    assert compare("title", (RECORD, "Mukhero: Mulheres"), ("landing:title", "Benskin · An Office")) is not None


@pytest.mark.parametrize("origin", ["landing:meta", "landing:og", "file:info", "file:html"])
def test_a_description_for_search_engines_is_not_held_against_an_abstract(origin: str) -> None:
    offered = (origin, "All news and publications of an office of statistics, since 1990.")
    assert compare("abstract", (RECORD, "What vendors pay, to whom, and what they get for it."), offered) is None


def test_each_place_that_differs_is_named_once_and_the_agreeing_ones_are_not() -> None:
    found = compare("date", (RECORD, "2014"), (LANDING, "2014-06"), ("feed", "2016"), ("feed", "2017"))
    assert found is not None
    assert found.others == (offered("2016", "feed"),)


def test_a_place_that_gives_the_chosen_title_among_others_agrees() -> None:
    titles = ((RECORD, "Ley de mercados"), (RECORD, "Marktgesetz"), (LANDING, "Marktgesetz"))
    assert compare("title", *titles) is None


def test_a_record_that_gives_two_dates_does_not_contradict_itself_and_a_page_that_has_the_wrong_one_does() -> None:
    assert compare("date", (RECORD, "2014"), (RECORD, "2015-04-21")) is None
    found = compare("date", (RECORD, "2014"), (RECORD, "2015-04-21"), (LANDING, "2015-04-21"))
    assert found is not None


@pytest.mark.parametrize(
    ("field", "origin", "value"),
    [
        ("title", "file:info", "Microsoft Word - final_v3.doc"),
        ("title", "link", "The full report"),
        ("title", "name", "wp 12"),
        ("author", "file:info", "user01"),
        ("author", "landing:og", "https://www.facebook.com/CBSDetroit"),
        ("date", "file:info", "D:20210304"),
        ("date", LANDING, "forthcoming"),
        ("isbn", FILE, "978-0-306-40615-8"),
        ("doi", LANDING, "http://hdl.handle.net/10986/1"),
    ],
)
def test_what_is_no_value_contradicts_nothing(field: str, origin: str, value: str) -> None:
    valid = {"isbn": "978-0-306-40615-7", "doi": "10.1596/abc", "date": "2019"}.get(field, "Street vendors")
    assert compare(field, (RECORD, valid), (origin, value)) is None
    assert compare(field, (origin, value), (RECORD, valid)) is None or field == "author"


def test_fields_come_in_one_order_and_those_without_evidence_not_at_all() -> None:
    evidence = {
        name: (offered(one, RECORD), offered(other, LANDING))
        for name, one, other in (
            ("date", "2014", "2015"),
            ("title", "Markets", "Vendors"),
            ("author", "Ana Ruiz", "Luc Bâ"),
            ("keyword", "a", "b"),
        )
    }
    assert [each.field for each in disagreements(evidence)] == ["title", "author", "date"]
    assert set(COMPARED_FIELDS) >= {"title", "author", "publisher", "date", "series", "doi", "abstract", "licence"}
    assert disagreements({}) == ()

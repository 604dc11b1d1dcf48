"""Which of the offered values a document gets, and that no offer is lost."""

from __future__ import annotations

import pytest

from corpus.metadata.identifiers import plain_doi, valid_isbn, valid_issn
from corpus.metadata.licences import licence_of
from corpus.metadata.organisations import is_office
from corpus.metadata.ranking import is_junk_author, is_junk_title, title_of_file_name
from corpus.types import Evidence
from nlp.metadata import Chosen, choose_metadata
from nlp.metadata.types import type_of
from tests.builders import offered

PAGE = "Street vendors and the law\n\nA report on Lima."


def offers(*given: tuple[str, str, str]) -> dict[str, tuple[Evidence, ...]]:
    """Return evidence of (field, value, origin)."""
    gathered: dict[str, tuple[Evidence, ...]] = {}
    for name, value, origin in given:
        gathered[name] = (*gathered.get(name, ()), offered(value, origin))
    return gathered


def choose(
    *given: tuple[str, str, str], lang: str = "en", content_type: str = "application/pdf", page: str = PAGE
) -> Chosen:
    return choose_metadata(
        offers(*given),
        url="https://example.org/files/street_vendors-2019.pdf",
        content_type=content_type,
        lang=lang,
        first_pages=(page,),
        latest="2026-11-23",
    )


class TestTitle:
    def test_places_are_believed_in_their_order(self) -> None:
        places = (
            "sidecar",
            "landing:citation_title",
            "landing:json-ld",
            "landing:dc.title",
            "landing:og",
            "feed",
            "file:xmp",
            "file:text",
            "link",
        )
        values = {origin: f"Street vendors and the law, as {number} says" for number, origin in enumerate(places)}
        for first in range(len(places)):
            given = [("title", values[origin], origin) for origin in reversed(places[first:])]
            assert choose(*given).title == values[places[first]]

    @pytest.mark.parametrize(
        "junk",
        [
            "Microsoft Word - final_v3.doc",
            "untitled",
            "Sans titre 2",
            "street_vendors-2019.pdf",
            "World Bank Document",
            "PowerPoint Presentation",
            "wp_12_final",
            "Download PDF",
            "Sin título",
        ],
    )
    def test_junk_is_no_title(self, junk: str) -> None:
        assert is_junk_title(junk)
        assert (
            choose(("title", junk, "file:info"), ("title", "Street vendors and the law", "file:text")).title
            == "Street vendors and the law"
        )

    @pytest.mark.parametrize(
        "title",
        ["Untitled: homes without deeds in Lima", "2021 Findings on Child Labor", "Microsoft and the vendors"],
    )
    def test_true_titles_are_not_junk(self, title: str) -> None:
        assert not is_junk_title(title)

    def test_a_file_s_title_that_stands_nowhere_in_it_is_that_of_its_model(self) -> None:
        given = (
            ("title", "Annual dinner of the rowing club", "file:info"),
            ("title", "Street vendors and the law", "file:text"),
        )
        assert choose(*given).title == "Street vendors and the law"

    @pytest.mark.parametrize(
        "declared", ["Street vendors", "Manual of street vendors and the", "SV notes on the law of street vendors"]
    )
    def test_a_declared_title_that_is_cut_off_or_worded_otherwise_gives_way_to_the_one_on_the_page(
        self, declared: str
    ) -> None:
        given = (("title", declared, "file:info"), ("title", "Street vendors and the law", "file:text"))
        assert choose(*given).title == "Street vendors and the law"

    def test_a_declared_title_that_stands_on_the_page_is_whole(self) -> None:
        given = (
            ("title", "Street vendors and the law: A report on Lima", "file:info"),
            ("title", "A report", "file:text"),
        )
        assert choose(*given).title == "Street vendors and the law: A report on Lima"

    def test_the_name_of_the_site_is_cut_off(self) -> None:
        given = (("title", "Street vendors | WIEGO", "landing:og"), ("title", "Street vendors", "landing:h1"))
        assert choose(*given).title == "Street vendors"

    def test_a_translation_keeps_its_own_title(self) -> None:
        given = (
            ("title", "Street vendors and the law", "landing:citation_title"),
            ("lang", "en", "landing:citation_language"),
            ("title", "Las vendedoras y la ley", "file:text"),
        )
        assert choose(*given, lang="es").title == "Las vendedoras y la ley"
        assert choose(*given, lang="en").title == "Street vendors and the law"

    def test_the_file_name_stands_in_when_nothing_else_is_said(self) -> None:
        assert choose().title == "street vendors-2019"
        assert title_of_file_name("https://example.org/a/Ley%20de%20mercados.pdf") == "Ley de mercados"
        assert title_of_file_name("https://example.org/")

    def test_every_offer_is_kept_the_chosen_first(self) -> None:
        given = (
            ("title", "untitled", "file:info"),
            ("title", "A better title", "landing:og"),
            ("title", "The link", "link"),
        )
        kept = choose(*given).evidence["title"]
        assert kept[0] == offered("A better title", "landing:og")
        assert {offer.value for offer in kept} == {"untitled", "A better title", "The link"}


class TestOtherFields:
    def test_the_imprint_is_surer_than_when_the_file_was_made(self) -> None:
        assert choose(("date", "2021-03-04", "file:info"), ("date", "2015", "file:text")).published == "2015"

    @pytest.mark.parametrize(("said", "published"), [("2021", "2021"), ("mayo de 2021", "2021-05"), ("", "2022-03-04")])
    def test_a_date_is_as_exact_as_it_is_said_and_the_clock_of_the_file_comes_last(
        self, said: str, published: str
    ) -> None:
        given = [("date", "2022-03-04", "file:info"), *([("date", said, "file:text")] if said else [])]
        assert choose(*given).published == published

    def test_the_year_in_a_file_s_own_title_is_surer_than_its_clock(self) -> None:
        given = (("date", "2022-03-04", "file:info"), ("title", "Street vendors and the law 2013", "file:text"))
        assert choose(*given).published == "2013"

    def test_nothing_was_published_in_the_future(self) -> None:
        assert choose(("date", "2031-01-01", "landing:og"), ("date", "2019", "file:info")).published == "2019"

    @pytest.mark.parametrize(
        "name",
        [
            "user01",
            "Administrator",
            "Microsoft Office User",
            "wb12345",
            "HP",
            "https://www.facebook.com/x",
            "Décembre 2014",
            "-",
            "python-docx",
        ],
    )
    def test_machines_write_nothing(self, name: str) -> None:
        assert is_junk_author(name)
        assert choose(("author", name, "file:info")).authors == ()

    @pytest.mark.parametrize("name", ["Martha Chen", "WIEGO", "Bonilla", "U. S. Department of Labor", "Luc Bâ"])
    def test_people_and_institutions_do(self, name: str) -> None:
        assert choose(("author", name, "landing:meta")).authors == (name,)

    @pytest.mark.parametrize("name", ["Martha Chen", "Chen, Martha", "Luc Bâ"])
    def test_whom_the_file_s_properties_name_is_an_author_when_the_first_pages_name_them_too(self, name: str) -> None:
        given = ("author", name, "file:info")
        assert choose(given).authors == ()
        assert choose(given, page=f"{PAGE}\n\nLuc Bâ and Martha Chen").authors == (name,)

    @pytest.mark.parametrize(
        "name", ["asuntha", "bogdan.greabu", "someone@office.example", "Administrator", "Windows User"]
    )
    def test_logins_and_addresses_are_nobody_wherever_they_stand(self, name: str) -> None:
        assert choose(("author", name, "file:info"), page=f"{PAGE}\n\n{name}").authors == ()

    def test_an_office_in_the_file_s_properties_publishes_and_writes_nothing(self) -> None:
        chosen = choose(("author", "Asian Development Bank", "file:info"))
        assert (chosen.authors, chosen.publisher) == ((), "Asian Development Bank")

    def test_names_on_the_first_pages_are_surer_than_those_of_the_file_s_properties(self) -> None:
        given = (
            ("author", "Luc Bâ", "file:info"),
            ("author", "Martha Chen", "file:text"),
            ("author", "Luc Bâ", "file:text"),
            ("author", "Sierra Leone", "file:text"),
        )
        assert choose(*given, page=f"{PAGE}\n\nMartha Chen\nLuc Bâ").authors == ("Martha Chen", "Luc Bâ")

    def test_a_state_on_a_cover_gives_way_to_the_office_of_the_file_s_properties(self) -> None:
        given = (("publisher", "République du Tchad", "file:text"), ("author", "World Bank Group", "file:info"))
        assert choose(*given).publisher == "World Bank Group"
        assert choose(given[0]).publisher == "République du Tchad"

    def test_authors_come_from_one_place_each_once(self) -> None:
        given = (
            ("author", "A. Ruiz", "file:info"),
            ("author", "Ana Ruiz", "landing:citation_author"),
            ("author", "Luc Bâ; ana ruiz", "landing:citation_author"),
        )
        assert choose(*given).authors == ("Ana Ruiz", "Luc Bâ")

    def test_identifiers_are_checked_and_plain(self) -> None:
        chosen = choose(
            ("doi", "https://doi.org/10.1596/ABC.", "landing:dc.identifier"),
            ("isbn", "978-0-306-40615-8", "file:text"),
            ("series", "WIEGO Working Paper 12", "file:text"),
        )
        assert chosen.identifiers == {"doi": "10.1596/abc", "series": "WIEGO Working Paper 12"}
        assert chosen.type == "working_paper"

    def test_an_abstract_is_more_than_its_title(self) -> None:
        long = "This paper asks what vendors pay, to whom, and what they get for it in three cities."
        given = (("abstract", "Street vendors", "landing:og"), ("abstract", long, "file:text"))
        assert choose(*given).abstract == long

    def test_the_abstract_in_the_language_of_the_text_comes_first(self) -> None:
        by_lang = {
            "en": "This paper asks what street vendors pay for their place, and what the city gives them for it.",
            "es": "El estudio pregunta cuánto pagan las vendedoras ambulantes por su lugar y qué reciben de la ciudad.",
            "fr": "Cette étude demande ce que les vendeuses de rue paient pour leur place et ce qu'elles en reçoivent.",
            "pt": "O estudo pergunta quanto as vendedoras ambulantes pagam pelo seu lugar e o que recebem da cidade.",
        }
        for lang, text in by_lang.items():
            given = [("abstract", other, "record:oai_dc") for code, other in by_lang.items() if code != lang]
            assert choose(*given, ("abstract", text, "record:oai_dc"), lang=lang).abstract == text

    def test_an_abstract_in_another_language_is_better_than_none(self) -> None:
        text = "Cette étude demande ce que les vendeuses de rue paient pour leur place et ce qu'elles en reçoivent."
        assert choose(("abstract", text, "record:oai_dc"), lang="en").abstract == text

    def test_what_is_dated_to_the_second_is_when_it_was_entered(self) -> None:
        given = (
            ("date", "2015-04-21T15:19:08Z", "record:oai_dc"),
            ("date", "2014-12", "record:oai_dc"),
            ("date", "2016-01-02", "landing:citation_online_date"),
        )
        assert choose(*given).published == "2014-12"
        assert choose(given[0]).published == "2015-04-21"

    @pytest.mark.parametrize(
        "house",
        [
            "International Labour Organization",
            "Instituto Nacional de Estadística",
            "Ministère du Travail",
            "Universidade de São Paulo",
            "WIEGO",
        ],
    )
    def test_houses_are_no_authors_beside_people(self, house: str) -> None:
        given = (("author", "Bank, André", "record:oai_dc"), ("author", house, "record:oai_dc"))
        chosen = choose(*given)
        assert chosen.authors == ("Bank, André",)
        assert chosen.publisher == house
        assert choose(*given, ("publisher", "World Bank", "record:oai_dc")).publisher == "World Bank"
        assert choose(given[1]).authors == (house,)

    def test_a_series_and_its_number_are_parted_by_a_comma(self) -> None:
        given = ("series", "Policy Research Working Paper;No. 6611", "record:oai_dc")
        assert choose(given).identifiers["series"] == "Policy Research Working Paper, No. 6611"

    def test_an_open_licence_is_chosen_before_a_notice_and_who_may_read_is_no_licence(self) -> None:
        given = (
            ("licence", "info:eu-repo/semantics/openAccess", "record:oai_dc"),
            ("licence", "© 2014 World Bank", "record:oai_dc"),
            ("licence", "https://creativecommons.org/licenses/by/3.0/igo", "landing:rel-license"),
        )
        assert choose(*given).licence == "CC BY 3.0 IGO"
        assert choose(*given[:2]).licence == "© 2014 World Bank"
        assert choose(given[0]).licence == ""

    @pytest.mark.parametrize(
        ("given", "title"),
        [
            ("Findings on Child Labor:Burundi", "Findings on Child Labor: Burundi"),
            ("Vendedores ambulantes:una guía", "Vendedores ambulantes: una guía"),
            ("Work from 9:30 to 12:00: a diary", "Work from 9:30 to 12:00: a diary"),
            ("What https://example.org tells of markets", "What https://example.org tells of markets"),
        ],
    )
    def test_a_subtitle_that_is_glued_to_its_colon_is_set_off(self, given: str, title: str) -> None:
        assert choose(("title", given, "landing:citation_title")).title == title

    def test_capitals_give_way_to_the_same_title_in_small_letters(self) -> None:
        given = (
            ("title", "LAS VENDEDORAS Y LA LEY", "record:oai_dc"),
            ("title", "Las vendedoras y la ley", "landing:h1"),
        )
        assert choose(*given, lang="es").title == "Las vendedoras y la ley"
        assert choose(given[0], lang="es").title == "Las vendedoras y la ley"

    def test_a_record_of_another_language_does_not_name_the_translation(self) -> None:
        given = (
            ("title", "Street vendors and the law", "record:oai_dc"),
            ("lang", "eng", "record:oai_dc"),
            ("title", "Las vendedoras y la ley", "file:text"),
        )
        assert choose(*given, lang="es").title == "Las vendedoras y la ley"


@pytest.mark.parametrize(
    ("text", "isbn"),
    [
        ("ISBN-13: 978-0-306-40615-7", "9780306406157"),
        ("0-8044-2957-X", "080442957X"),
        ("978-0-306-40615-8", ""),
        ("none", ""),
    ],
)
def test_isbn(text: str, isbn: str) -> None:
    assert valid_isbn(text) == isbn


@pytest.mark.parametrize(
    ("text", "issn"), [("ISSN 0317-8471", "0317-8471"), ("03178471", "0317-8471"), ("0317-8472", ""), ("", "")]
)
def test_issn(text: str, issn: str) -> None:
    assert valid_issn(text) == issn


@pytest.mark.parametrize(
    ("text", "doi"),
    [
        ("doi:10.1000/XYZ).", "10.1000/xyz"),
        ("https://doi.org/10.18356/9789210014557c001", "10.18356/9789210014557c001"),
        ("10/abc", ""),
    ],
)
def test_doi(text: str, doi: str) -> None:
    assert plain_doi(text) == doi


@pytest.mark.parametrize(
    ("offers", "licence"),
    [
        ([("CC BY 4.0", "record:oai_dc"), ("All rights reserved", "file:xmp")], "CC BY 4.0"),
        ([("All rights reserved", "record:oai_dc"), ("CC BY 4.0", "file:xmp")], "All rights reserved"),
        ([("CC BY 4.0", "record:oai_dc"), ("All rights reserved", "record:oai_dc")], "All rights reserved"),
        ([("Open access", "record:oai_dc"), ("CC BY 4.0", "file:xmp")], "CC BY 4.0"),
        ([("Metadata: CC0", "record:oai_dc"), ("CC BY-NC 4.0", "landing:dc.rights")], "CC BY-NC 4.0"),
        ([("Metadata: CC0", "record:oai_dc")], "Metadata: CC0"),
        ([("info:eu-repo/semantics/closedAccess", "record:oai_dc")], "info:eu-repo/semantics/closedAccess"),
    ],
)
def test_the_surest_place_decides_whether_rights_are_reserved(offers: list[tuple[str, str]], licence: str) -> None:
    chosen = choose_metadata(
        {"licence": tuple(offered(*each) for each in offers)},
        url="https://example.org/a.pdf",
        content_type="application/pdf",
        lang="en",
        first_pages=(),
        latest="2026-11-30",
    )
    assert chosen.licence == licence


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("https://creativecommons.org/licenses/by-nc/3.0/igo/", "CC BY-NC 3.0 IGO"),
        ("http://creativecommons.org/publicdomain/zero/1.0/", "CC0 1.0"),
        ("All rights reserved", "All rights reserved"),
        ("cc-by-4.0", "CC BY 4.0"),
        ("CC BY-NC-SA 3.0 IGO", "CC BY-NC-SA 3.0 IGO"),
        ("Creative Commons Attribution-NonCommercial 4.0 International", "CC BY-NC 4.0"),
        ("Licencia Creative Commons Atribución-NoComercial-CompartirIgual 4.0", "CC BY-NC-SA 4.0"),
        ("Creative Commons Attribution - Pas de Modification 3.0", "CC BY-ND 3.0"),
        ("Creative Commons Atribuição-CompartilhaIgual 4.0", "CC BY-SA 4.0"),
        ("cc0-1.0", "CC0 1.0"),
        ("info:eu-repo/semantics/openAccess", ""),
        ("Acceso abierto", ""),
        ("Tous droits réservés", "Tous droits réservés"),
    ],
)
def test_licence(text: str, licence: str) -> None:
    assert licence_of(text) == licence


@pytest.mark.parametrize(
    ("named", "kind"),
    [
        ("Policy Research Working Paper", "working_paper"),
        ("Documento de trabajo", "working_paper"),
        ("Document de travail", "working_paper"),
        ("Texto para Discussão", "working_paper"),
        ("Policy Brief", "policy_brief"),
        ("Note de politique", "policy_brief"),
        ("Technical Brief", "policy_brief"),
        ("Informe", "report"),
        ("Rapport annuel", "report"),
        ("Relatório", "report"),
        ("Estadísticas", "statistics"),
        ("Statistiques", "statistics"),
        ("Tesis doctoral", "thesis"),
        ("Thèse", "thesis"),
        ("Tese de doutorado", "thesis"),
        ("ScholarlyArticle", "article"),
        ("Artigo", "article"),
        ("Libro", "book"),
        ("Book chapter", "book"),
        ("Legislation", "law"),
        ("WebPage", "web_page"),
        ("info:eu-repo/semantics/workingPaper", "working_paper"),
        ("info:eu-repo/semantics/doctoralThesis", "thesis"),
        ("masterThesis", "thesis"),
        ("info:eu-repo/semantics/bookPart", "book"),
        ("policy_brief", "policy_brief"),
    ],
)
def test_kinds_are_known_in_four_languages(named: str, kind: str) -> None:
    assert type_of([named], series=(), title="", content_type="application/pdf") == kind


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Labour Force Survey Report 2013", "statistics"),
        ("Manual of instructions on the labour force survey", "document"),
        ("Clasificación de ocupaciones para encuestas", "document"),
        ("Millennials no Brasil: Sumário executivo", "report"),
        ("Resolución No. 12 que aprueba el formulario", "law"),
        ("2021 Findings on the Worst Forms of Child Labor", "report"),
        ("Waste pickers and the city", "document"),
    ],
)
def test_a_title_says_what_kind_it_is_and_a_guide_to_statistics_is_none(title: str, kind: str) -> None:
    assert type_of((), series=(), title=title, content_type="application/pdf") == kind


def test_what_nothing_tells_is_a_document_or_a_web_page() -> None:
    assert type_of((), series=(), title="Markets of Lima", content_type="application/pdf") == "document"
    assert type_of((), series=(), title="Markets of Lima", content_type="text/html") == "web_page"


def test_what_a_page_calls_itself_says_nothing_of_its_pdf() -> None:
    assert choose(("type", "article", "landing:og")).type == "document"
    assert choose(("type", "article", "landing:og"), content_type="text/html").type == "article"


@pytest.mark.parametrize(
    "address", ["https://office.example", "127.0.0.1:36179", "localhost:8000", "office.example:8080"]
)
def test_an_address_is_no_publisher(address: str) -> None:
    assert choose(("publisher", address, "file:html"), ("publisher", "An Office", "file:info")).publisher == "An Office"


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("INE (Instituto Nacional de Estadística)", True),
        ("WIEGO", True),
        ("FIJO (TERCER TRIMESTRE)", False),
    ],
)
def test_an_abbreviation_with_other_words_in_brackets_is_no_office(text: str, is_one: bool) -> None:
    assert is_office(text) is is_one

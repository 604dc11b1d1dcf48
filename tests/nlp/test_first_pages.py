"""What is told from covers and first pages: title, authors, publisher, kind; and what never is a title."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import pytest

from corpus.metadata.organisations import is_office, is_state
from nlp.metadata.capitals import in_usual_letters
from nlp.reading.cover import joined_letters
from nlp.reading.first_page_authors import authors_of_imprint, authors_on
from nlp.reading.first_page_publisher import publishers_on
from nlp.reading.first_page_title import FoundTitle, title_on
from nlp.reading.first_page_type import kinds_said
from nlp.reading.first_pages import guessed_evidence
from nlp.reading.lines import Line
from nlp.reading.names_on_line import names_on_line
from nlp.reading.never_titles import is_never_title, without_series
from nlp.spellings import Spellings

PROSE = (
    "The survey asks women and men who work in the informal economy what they earn in markets, streets and at home.",
    "It was made in the city with the help of market committees, whose members also read the questions before they were",
    "asked, and it says which of the policies of the office reach people without a contract, and which report does not.",
    "The methodology of the study, a labour force module with more notes on statistics, is explained in the annex.",
)
FILLER = " ".join(
    f"word{chr(97 + a)}{chr(97 + b)}{chr(97 + c)} and more" for a, b, c in itertools.product(range(7), repeat=3)
)


def line(
    text: str, *, y: float, size: float = 12, x: float = 72, font: str = "Times", width: float | None = None
) -> Line:
    return Line(text, x, x + (len(text) * size * 0.5 if width is None else width), y, size, font)


def page(*rows: tuple[str, float], top: float = 760, x: float = 72) -> list[Line]:
    """Return lines below one another: text and size; an empty text leaves a gap of its size."""
    lines, y = [], top
    for text, size in rows:
        y -= 1.3 * size
        if text:
            lines.append(line(text, y=y, size=size, x=x))
    return lines


def body() -> list[Line]:
    return page(*((text, 11) for text in PROSE))


def spellings() -> Spellings:
    return Spellings.of([*PROSE, f"In it, {FILLER} stand."])


def title_of(*rows: tuple[str, float]) -> str:
    return title_on([page(*rows), body(), body()], spellings=spellings()).text


class TestTitle:
    def test_lines_of_several_sizes_on_a_cover_are_one_title(self) -> None:
        cover = (
            ("Millennials", 50),
            ("in Latin America:", 22),
            ("to work or to study?", 26),
            ("", 60),
            ("Lima, May 2019", 12),
        )
        assert title_of(*cover) == "Millennials in Latin America: to work or to study?"

    @pytest.mark.parametrize(
        "other",
        [
            "Public Disclosure Authorized",
            "FOR OFFICIAL USE ONLY",
            "DRAFT",
            "Borrador para comentarios",
            "Version provisoire",
            "WIDER Working Paper 2020/167",
            "Texto para discussão Nº 17",
            "Report No. 101431-BR",
            "May 2019",
            "Lima, 3 de mayo de 2019",
            "World Bank Group",
            "Instituto Nacional de Estadística",
            "www.office.example",
            "Série Estudos do Trabalho",
        ],
    )
    @pytest.mark.parametrize("place", ["above", "below"])
    def test_what_is_never_a_title_is_no_part_of_one_however_large(self, other: str, place: str) -> None:
        rows = [(other, 24.0), ("", 30), ("Waste pickers and the city", 24)]
        assert title_of(*(rows if place == "above" else reversed(rows))) == "Waste pickers and the city"

    def test_a_series_above_in_smaller_letters_is_no_part(self) -> None:
        assert title_of(("Systematic Diagnostic", 14), ("", 9), ("Future transitions of Turkey", 30)) == (
            "Future transitions of Turkey"
        )

    def test_what_goes_on_in_the_next_line_belongs_together(self) -> None:
        rows = (("Manual of instructions for", 16), ("", 40), ("labour force surveys", 22))
        assert title_of(*rows) == "Manual of instructions for labour force surveys"

    def test_a_year_below_in_the_same_letters_is_a_part(self) -> None:
        assert title_of(("Labour Force Survey", 28), ("2013", 28)) == "Labour Force Survey 2013"

    def test_names_and_offices_under_a_title_in_the_same_letters_are_none(self) -> None:
        rows = (("Redefining the urban areas of an island", 18), ("Bilesha Weeraratne", 18), ("June 2016", 18))
        assert title_of(*rows) == "Redefining the urban areas of an island"

    def test_a_title_set_like_the_text_is_told_by_being_bold_or_centred(self) -> None:
        text = [line(text, y=640 - 14 * n, size=11, width=450) for n, text in enumerate(PROSE)]
        bold = line("What vendors pay", y=700, size=11, font="Times-Bold")
        centred = line("What vendors pay", y=700, size=11, x=200, width=190)
        for head in (bold, centred):
            assert title_on([[head, *text]], spellings=spellings()).text == "What vendors pay"

    def test_a_numbered_heading_of_an_excerpt_is_no_title(self) -> None:
        text = [line(text, y=640 - 14 * n, size=11, width=450) for n, text in enumerate(PROSE)]
        assert title_on([[line("1.3 Marco conceptual", y=700, size=16), *text]], spellings=spellings()).text == ""

    def test_after_a_cover_that_is_a_picture_the_next_page_tells(self) -> None:
        assert title_on([[], page(("Waste pickers and the city", 30)), body()], spellings=spellings()).text

    def test_turned_text_is_no_title(self) -> None:
        turned = Line("Public works in the city", 15, 15.2, 400, 40, "Times")
        assert title_on([[turned, *page(("Waste pickers and the city", 24))]], spellings=spellings()).text == (
            "Waste pickers and the city"
        )

    def test_the_organ_of_the_united_nations_stands_above_the_title(self) -> None:
        rows = (
            ("Executive Board of the", 17),
            ("Programme and of Others", 17),
            ("Distr.: General", 10),
            ("Annual session 2025", 10),
            ("Item 4 of the provisional agenda", 10),
            ("", 20),
            ("Activities of the ethics office in 2024", 14),
        )
        text = [line(text, y=500 - 14 * n, size=10, width=450) for n, text in enumerate(PROSE)]
        assert (
            title_on([[*page(*rows), *text]], spellings=spellings()).text == "Activities of the ethics office in 2024"
        )


def letter_spaced() -> Iterator[tuple[str, str]]:
    for text in ("REPORT", "INFORME FINAL", "LA ECONOMÍA INFORMAL", "RELATÓRIO ANUAL", "L’ÉCONOMIE INFORMELLE"):
        yield "   ".join(" ".join(word) for word in text.split()), text


@pytest.mark.parametrize(("spaced", "text"), list(letter_spaced()))
def test_words_set_letter_by_letter_are_joined(spaced: str, text: str) -> None:
    assert joined_letters(spaced) == text


@pytest.mark.parametrize("text", ["A B C", "I am a man", "The A to Z of work", "Plan B"])
def test_other_short_words_stay(text: str) -> None:
    assert joined_letters(text) == text


NEVER = (
    "LIST OF FIGURES", "Contents", "Table of contents", "ÍNDICE", "Índice de cuadros", "Table des matières", "Sommaire", "Sumário",
    "Abstract", "Executive summary", "Resumen ejecutivo", "Résumé exécutif", "Prólogo", "Avant-propos", "Acknowledgements",
    "Public Disclosure Authorized", "FOR OFFICIAL USE ONLY", "DRAFT", "Draft for comments", "Not for citation", "Confidentiel",
    "Versión preliminar",
    "Distr.: General", "Original: English", "Policy Research Working Paper 6611", "Documento de trabajo Nº 12",
    "Policy Brief", "Boletín estadístico", "Rapport final", "Volume 6, Number 1", "Journal of Applied Statistics", "2018-19",
    "A/HRC/EMRIP/2025/2", "https://office.example/a", "ISBN 978-0-306-40615-7", "World Bank", "Ministère du Travail", "ILO",
    "Pakistan Bureau of Statistics", "EL COLEGIO DE MÉXICO",
)  # fmt: skip


@pytest.mark.parametrize("text", NEVER)
def test_headings_stamps_series_and_offices_are_no_titles(text: str) -> None:
    assert is_never_title(text)


TITLES = (
    "Drafting labour law", "Report on the informal economy", "Policy options for street vendors", "Manual of instructions",
    "Contents of a market basket", "The reform of the Labour Office", "Estudio sobre las recicladoras", "Women and men at work",
    "Women in Informal Employment: Globalizing and Organizing for a day", "Working papers for migrants", "Trade union renewal",
    "Rapport sur les vendeuses de rue", "Bank lending to small firms", "2021 Findings on Child Labor",
)  # fmt: skip


@pytest.mark.parametrize("text", TITLES)
def test_titles_with_such_words_in_them_are_titles(text: str) -> None:
    assert not is_never_title(text)


@pytest.mark.parametrize(
    ("declared", "title"),
    [
        ("WIDER Working Paper 2020/167-Evolution of wages in India", "Evolution of wages in India"),
        ("Evolução da informalidade no Brasil 19-07-2012", "Evolução da informalidade no Brasil"),
        ("Technology and Innovation Report 2025 (Overview)", "Technology and Innovation Report 2025"),
        ("Street vendors v2", "Street vendors"),
        ("Clasificación de actividades (CAEB-2011)", "Clasificación de actividades (CAEB-2011)"),
        ("Working paper 12", "Working paper 12"),
    ],
)
def test_series_versions_and_dates_around_a_title_are_left(declared: str, title: str) -> None:
    assert without_series(declared) == title


class TestCapitals:
    BODY = (
        "Dans ce rapport, l’économie informelle de la Côte d’Ivoire est décrite avec le BIT et par le WIEGO en un chapitre, et le",
        "rapport dit aussi comment la ville d’Abidjan et le ministère parlent avec les vendeuses de la rue et de la ville.",
    )

    @pytest.mark.parametrize(
        ("title", "expected"),
        [
            ("L’ÉCONOMIE INFORMELLE EN CÔTE D’IVOIRE", "L’économie informelle en Côte d’Ivoire"),
            ("LES VENDEUSES D’ABIDJAN ET LE BIT", "Les vendeuses d’Abidjan et le BIT"),
            (
                "STREET VENDORS IN SOUTH AFRICA: A REPORT OF THE ILO",
                "Street vendors in South Africa: A report of the ILO",
            ),
            ("LAS TRABAJADORAS DEL HOGAR EN EL PERÚ", "Las trabajadoras del hogar en el Perú"),
            ("OS CATADORES DO BRASIL E A OIT", "Os catadores do Brasil e a OIT"),
            ("NIGERIA LABOUR FORCE SURVEY (NLFS), 2024", "Nigeria labour force survey (NLFS), 2024"),
            ("MARKETS: ¿QUIÉN PAGA?", "Markets: ¿Quién paga?"),
            ("Encuesta ENOE de INEGI", "Encuesta ENOE de INEGI"),
            ("WIEGO", "WIEGO"),
            ("Women and men in the informal economy", "Women and men in the informal economy"),
            ("LABOUR FORCE SURVEY Explanatory notes", "Labour force survey Explanatory notes"),
        ],
    )
    def test_capitals_are_written_as_a_person_writes_them(self, title: str, expected: str) -> None:
        assert in_usual_letters(title, spellings=Spellings.of(self.BODY)) == expected


class TestAuthors:
    def test_names_below_a_title_are_its_authors_with_marks_left_out(self) -> None:
        rows = (
            ("What vendors pay for their place", 20),
            ("", 20),
            ("Saloni Khurana 1 and Kanika Mahajan*", 14),
            ("May 2019", 14),
        )
        lines = [page(*rows), body()]
        title = title_on(lines, spellings=spellings())
        assert authors_on(lines, title=title, spellings=spellings()) == ["Saloni Khurana", "Kanika Mahajan"]

    @pytest.mark.parametrize(
        "text",
        [
            "Survey Methodology",
            "Labour Statistics",
            "Market Committees",
            "World Bank",
            "The Office",
            "I) Annex",
            "Peace- Work",
        ],
    )
    def test_headings_written_like_names_are_none(self, text: str) -> None:
        assert names_on_line(text, spellings=spellings()) == []

    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("By Ana Ruiz and Luc Bâ", ["Ana Ruiz", "Luc Bâ"]),
            ("Prepared by Eileen A. Cronin and Conrod Hunte", ["Eileen A. Cronin", "Conrod Hunte"]),
            ("Autores: Ana Ruiz; Juan Ponce Jarrín", ["Ana Ruiz", "Juan Ponce Jarrín"]),
            ("Gavin Lukanc †  Matthew Hernandez ‡", ["Gavin Lukanc", "Matthew Hernandez"]),
            ("Tuna KEMALİ", ["Tuna Kemali̇"]),
            ("M´arcio Garcia", ["Márcio Garcia"]),
            ("Dr. Ana Ruiz", ["Ana Ruiz"]),
            ("Fairris, David and Jonasson, Erik", ["Fairris, David", "Jonasson, Erik"]),
        ],
    )
    def test_lines_of_names_are_read(self, text: str, names: list[str]) -> None:
        assert names_on_line(text, spellings=spellings()) == names

    def test_an_imprint_says_who_wrote(self) -> None:
        texts = ["Cover", "© 2014\n\nPesquisa/Texto\nDonald Sawyer\n\nDiagramação\nAna Ruiz"]
        assert authors_of_imprint(texts, spellings=spellings()) == ["Donald Sawyer"]
        texts = ["Cover", "The handbook is prepared by Astrid Savitri (Analyst) and Amri Ilmma (Analyst)."]
        assert authors_of_imprint(texts, spellings=spellings()) == ["Astrid Savitri", "Amri Ilmma"]

    def test_staff_are_no_authors(self) -> None:
        rows = (("What vendors pay for their place", 20), ("", 20), ("Layout and design:", 12), ("Ana Ruiz", 12))
        lines = [page(*rows), body()]
        title = title_on(lines, spellings=spellings())
        assert authors_on(lines, title=title, spellings=spellings()) == []


class TestPublisher:
    def found(self, *rows: tuple[str, float], imprint: str = "") -> list[str]:
        lines = [page(*rows), body()]
        title = title_on(lines, spellings=spellings())
        texts = ["\n".join(text for text, _ in rows), imprint]
        return publishers_on(lines, texts, title=title, spellings=spellings())

    @pytest.mark.parametrize(
        ("written", "name"),
        [
            ("PAKISTAN BUREAU OF STATISTICS", "Pakistan Bureau of Statistics"),
            ("Instituto Nacional de Estadística", "Instituto Nacional de Estadística"),
            ("MINISTÈRE DU TRAVAIL", "Ministère du Travail"),
            ("Universidade Federal da Bahia", "Universidade Federal da Bahia"),
            ("World Bank Group", "World Bank Group"),
        ],
    )
    def test_the_office_on_a_cover_is_the_publisher(self, written: str, name: str) -> None:
        assert self.found(("Labour Force Survey", 28), ("", 100), (written, 12))[:1] == [name]

    def test_a_state_above_its_office_is_not(self) -> None:
        rows = (
            ("ROYAUME DU MAROC", 12),
            ("DIRECTION DE LA STATISTIQUE", 12),
            ("", 50),
            ("Nomenclature des diplômes", 20),
        )
        assert self.found(*rows)[:1] == ["Direction de la Statistique"]
        assert is_state("Royaume du Maroc")
        assert is_office("Royaume du Maroc")

    @pytest.mark.parametrize(
        "imprint",
        [
            "Published by the Institute of Markets, 2019.",
            "© 2019 Institute of Markets. All rights reserved.",
            "Copyright © Institute of Markets 2019",
            "Publicado por Institute of Markets",
        ],
    )
    def test_an_imprint_names_it(self, imprint: str) -> None:
        assert self.found(("Waste pickers and the city", 28), imprint=imprint)[:1] == ["Institute of Markets"]

    def test_where_an_author_works_comes_last(self) -> None:
        rows = (("Waste pickers and the city", 28), ("", 20), ("Ana Ruiz", 12), ("University of Elsewhere", 12))
        assert self.found(*rows, imprint="Published by the Institute of Markets") == [
            "Institute of Markets",
            "University of Elsewhere",
        ]

    def test_a_clearing_house_is_none(self) -> None:
        assert (
            self.found(("Waste pickers and the city", 28), imprint="Copyright Clearance Center, Inc., 222 Drive") == []
        )


@pytest.mark.parametrize(
    ("lines", "kinds"),
    [
        (["WIDER Working Paper 2020/167", "Wages in India"], ["WIDER Working Paper 2020/167"]),
        (["Report No: AUS0001412", "Gabon"], ["report"]),
        (["Labour in Nigeria", "Journal of Applied Statistics Vol. 6 No. 1"], ["journal article"]),
        (["Waste pickers", "Ana Ruiz", "Abstract"], ["working paper"]),
        (["Waste pickers"], []),
        (["Waste pickers", "Chapter 3", "Volume 2"], []),
    ],
)
def test_first_pages_say_what_kind_of_publication_it_is(lines: list[str], kinds: list[str]) -> None:
    assert kinds_said(lines, next_page=(), has_authors="Ana Ruiz" in lines) == kinds


def test_pages_without_lines_give_what_their_text_gives() -> None:
    found = guessed_evidence([[]], ["Waste pickers\nLima, mayo de 2019"])
    assert [offer.value for offer in found["date"]] == ["2019-05"]
    assert "title" not in found


def test_nothing_is_found_on_no_pages() -> None:
    assert guessed_evidence([], []) == {}
    assert title_on([], spellings=Spellings()) == FoundTitle("")

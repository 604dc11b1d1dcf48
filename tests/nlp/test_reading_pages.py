"""What programs that write PDFs do everywhere, as it was found on thirty pages beside their pictures."""

from __future__ import annotations

from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from corpus.tag_rules import Zone
from corpus.types import Page
from nlp.reading.accents import with_accent
from nlp.reading.reader import read_file
from nlp.reading.requests import ReadingLimits, ReadRequest
from tests.nlp.pdf_press import press, together, with_content, written

LIMITS = ReadingLimits(seconds=20, pages=50, memory_mebibytes=1024, file_mebibytes=5)
FULL = "Those who sell in the street have paid a fee to the city each day"
"""Lines of a column of 280 points."""


def page_of(content: bytes, folder: Path) -> Page:
    path = folder / "file.pdf"
    path.write_bytes(content)
    return read_file(ReadRequest("0" * 64, path, "application/pdf"), limits=LIMITS).pages[0]


def typed(operators: str) -> bytes:
    """Return a PDF whose page shows text so, in WinAnsi."""
    return with_content(b"BT /T 10 Tf 72 700 Td " + operators.encode("cp1252") + b" ET")


def zone_of(words: str, page: Page) -> Zone:
    start = page.text.index(words)
    return next(span.zone for span in page.zones or () if span.start <= start < span.end)


class TestBlanksThatAMoveStandsFor:
    @pytest.mark.parametrize(
        ("operators", "expected"),
        [
            ("[(Figure)]TJ 0 0 1 rg [-250(3)]TJ 0 g [-250(sho)25(ws)]TJ", "Figure 3 shows"),
            ("[(see)-278]TJ 0 0 1 rg (Section)Tj", "see Section"),
            ("[(by)]TJ [-333(Paz)]TJ [-278(\\()]TJ [(2014)]TJ [(\\))]TJ", "by Paz (2014)"),
            ("[(\\(Rocha)]TJ [(,)]TJ [-167()-83(2018)]TJ [(\\))]TJ", "(Rocha, 2018)"),
            ("[(2.4)]TJ [-1000(Mapping)-250(tasks)]TJ", "2.4 Mapping tasks"),
            ("[(Accra)]TJ [-3000(12)]TJ", "Accra  12"),
            ("[(w)]TJ [10(orkers)]TJ", "workers"),
            ("[(P)40]TJ [(olicies)]TJ", "Policies"),
            ("[(Perburuan)]TJ [250(,)]TJ", "Perburuan,"),
        ],
    )
    def test_before_the_first_letter_or_behind_the_last_it_parts_words(
        self, operators: str, expected: str, tmp_path: Path
    ) -> None:
        assert page_of(typed(operators), tmp_path).text == expected


class TestAccentsOfTex:
    # In the standard encoding of Helvetica \\302 is the acute, \\303 the circumflex, \\304 the tilde, \\310 the dieresis,
    # \\313 the cedilla and \\365 the dotless i.
    @pytest.mark.parametrize(
        ("operators", "expected"),
        [
            (r"[(discuss)-28(\304)361(ao)]TJ", "discussão"),
            (r"[(B)-83(\310)416(orsch)]TJ", "Börsch"),
            (r"[(Considerac)416(\313)-83(ao)]TJ", "Consideraçao"),
            (r"[(Cont)148(\302)305(\365nua)]TJ", "Contínua"),
            (r"[(Qu)-83(\302)444(etelet)]TJ", "Quételet"),
            (r"[(Considerac)416(\313)-83(\304)444(oes)]TJ", "Considerações"),
            (r"(Amaz)Tj 25.5 0 Td (\303)Tj 0 0 Td (onia)Tj", "Amazônia"),
            (r"(T)Tj 6.9 0 Td (\302)Tj -0.8 0.3 Td (ecnico)Tj", "Técnico"),
            (r"[(people\302s)-250(work)]TJ", "people´s work"),
            (r"[(d\302)-20(Ivoire)]TJ", "d´Ivoire"),
            (r"[(W)-50(\302)20(A)]TJ", "W´A"),
        ],
    )
    def test_stand_on_the_letter_that_is_drawn_below_them(self, operators: str, expected: str, tmp_path: Path) -> None:
        assert page_of(typed(operators), tmp_path).text == expected

    @pytest.mark.parametrize(
        ("before", "after", "expected"),
        [
            ("Cont´", "ınua", ("Cont", "ínua")),
            ("c", "¸as", ("ç", "as")),
            ("L´", "opez", ("L", "ópez")),
            ("ˇ", "Cek", ("", "Ček")),
            ("´", "", None),
            ("", "´", None),
            ("x´", "q", None),
            ("ab", "cd", None),
            ("˜", "(", None),
        ],
    )
    def test_only_letters_that_are_written_with_it_take_an_accent(
        self, before: str, after: str, expected: tuple[str, str] | None
    ) -> None:
        assert with_accent(before, after) == expected


class TestMarks:
    def test_a_bullet_that_is_said_of_the_tab_beside_it_too_is_one(self, tmp_path: Path) -> None:
        tab = "/Span<</ActualText(\\200)>>BDC ( )Tj EMC "
        text = page_of(typed(f"{tab}-4.6 0 Td (\\267)Tj 13.5 0 Td (skills and work)Tj"), tmp_path).text
        assert text == "• skills and work"

    def test_the_mark_of_a_footnote_is_set_off_from_its_first_word(self, tmp_path: Path) -> None:
        def draw(canvas: Canvas) -> None:
            canvas.setFont("Helvetica", 6)
            canvas.drawString(72, 103, "16")
            canvas.setFont("Helvetica", 9)
            canvas.drawString(79.2, 100, "The trends are similar.")

        assert page_of(press(draw), tmp_path).text == "16 The trends are similar."

    @pytest.mark.parametrize(
        ("number", "ending", "after", "expected"),
        [
            ("The 1", "er", " cycle of school", "The 1er cycle of school"),
            ("The 21", "st", " century", "The 21st century"),
            ("Le 19", "ème", " siècle", "Le 19ème siècle"),
            ("for the i", "th", " person of 3", "for the ith person of 3"),
        ],
    )
    def test_the_raised_ending_of_an_ordinal_stays_on_its_line(
        self, number: str, ending: str, after: str, expected: str, tmp_path: Path
    ) -> None:
        def draw(canvas: Canvas) -> None:
            x = 72.0
            for text, size, rise in ((number, 12, 0.0), (ending, 8, 5.5), (after, 12, 0.0)):
                canvas.setFont("Helvetica", size)
                canvas.drawString(x, 700 + rise, text)
                x += stringWidth(text, "Helvetica", size)

        assert page_of(press(draw), tmp_path).text == expected


class TestParagraphs:
    def test_text_that_is_set_wider_than_the_rows_of_a_table_keeps_its_paragraphs(self, tmp_path: Path) -> None:
        rows = written(*(f"Accra {each}" for each in range(20)), top=760, size=10, leading=11)
        first = written(*[FULL] * 4, top=480, size=10, leading=20)
        second = written("The others paid nothing.", top=385, size=10)
        text = page_of(press(together(rows, first, second)), tmp_path).text
        assert f"{FULL}\n{FULL}\n{FULL}\n{FULL}\n\nThe others" in text

    def test_a_sentence_goes_on_below_though_the_lines_of_its_page_stand_closer(self, tmp_path: Path) -> None:
        notes = written(*[FULL] * 6, top=200, size=10, leading=11)
        wide = written(f"{FULL} of", "the sum that they earned there.", top=480, size=10, leading=20)
        assert "day of\nthe sum" in page_of(press(together(wide, notes)), tmp_path).text

    def test_a_paragraph_with_a_small_letter_further_below_is_another(self, tmp_path: Path) -> None:
        text = page_of(press(written(f"{FULL} of", "the sum that they earned there.", leading=45)), tmp_path).text
        assert "of\n\nthe sum" in text

    @pytest.mark.parametrize(
        ("last", "first"),
        [
            ("more than two thirds of nomadic residents (61.9", "percent) report facilities in the same district"),
            (
                "rents and royalties, and what the land has earned;",
                "remittances from abroad; and at last the transfers",
            ),
            (
                "and above all the technical and the African Bank of",
                "Development has shown its interest in the markets",
            ),
            (
                "of those who had sold their goods at half past 9:30",
                "most had a licence from the city in which they live",
            ),
        ],
    )
    def test_a_sentence_goes_on_in_the_next_column(self, last: str, first: str, tmp_path: Path) -> None:
        left = written(FULL[:50], FULL[:50], last, top=300)
        right = written(first, FULL[:50], FULL[:50], x=330, top=700)
        assert f"{last}\n{first}" in page_of(press(together(left, right)), tmp_path).text

    @pytest.mark.parametrize(
        ("last", "first"),
        [
            ("and what the city earned by it in those years.", "Development has shown its interest in the markets"),
            ("FINDINGS ON THE WORST FORMS OF CHILD LABOUR 2021", "Government of Accra, the act on fees and taxes"),
            ("and what those who sell have paid to the city of", "38 National Forum, of the year in which it was held"),
            ("and what those who sell have paid to the city of", "Accra"),
        ],
    )
    def test_another_begins_there(self, last: str, first: str, tmp_path: Path) -> None:
        left = written(FULL[:50], FULL[:50], last, top=300)
        right = written(first, FULL[:50], FULL[:50], x=330, top=700)
        assert f"{last}\n\n{first}" in page_of(press(together(left, right)), tmp_path).text

    @pytest.mark.parametrize("label", ["1. ", "12) ", "• ", "[3] ", "a) "])
    def test_an_item_of_a_list_goes_on_below_its_words(self, label: str, tmp_path: Path) -> None:
        first = written(f"{label}Household survey of the Institute, second edition of 2020.", top=700)
        rest = written("Accra, Institute of Work.", x=88, top=686)
        assert ".\nAccra" in page_of(press(together(first, rest)), tmp_path).text

    def test_an_entry_of_a_bibliography_whose_first_line_hangs_out_is_one(self, tmp_path: Path) -> None:
        lines = [
            written("Chen, M. (2012). The informal economy: definitions and theories.", top=700),
            written("Cambridge: WIEGO Working Paper, with a list of countries,", "revised.", x=96, top=686),
            written("Hart, K. (1973). Informal income opportunities, urban employment.", top=658),
            written("Journal of Modern African Studies.", x=96, top=644),
        ]
        text = page_of(press(together(*lines)), tmp_path).text
        assert "theories.\nCambridge" in text
        assert "employment.\nJournal" in text

    def test_a_first_line_that_is_set_in_begins_a_paragraph(self, tmp_path: Path) -> None:
        page = together(
            written(FULL, "and again at the end of the year.", top=700),
            written(FULL, x=90, top=672),
            written(FULL, FULL, top=658),
        )
        assert f"year.\n\n{FULL}" in page_of(press(page), tmp_path).text


class TestZones:
    COLUMN = (
        "Similarly, Mensah also finds",
        "that households of the city use",
        "a portfolio of fuels for what",
        "they cook, both traditional and",
        "modern ones, in line with what",
        "the model of energy said, so",
        "that it goes with the income",
        "of those who live there.",
    )

    def test_three_columns_of_running_text_are_no_table(self, tmp_path: Path) -> None:
        page = together(*(written(*self.COLUMN, x=x, size=10) for x in (60, 230, 400)))
        found = page_of(press(page), tmp_path)
        assert {span.zone for span in found.zones or ()} == {Zone.BODY}

    def test_the_last_line_of_a_paragraph_beside_a_chart_is_body(self, tmp_path: Path) -> None:
        chart = together(
            written("Table 1. Vendors by age", x=60, top=774, font="Helvetica-Bold"),
            *(written("41", "49", "54", "39", x=x, top=746, size=8, leading=28) for x in (60, 120, 180)),
        )
        found = page_of(press(together(chart, written(*self.COLUMN, x=330, top=760, size=10))), tmp_path)
        assert zone_of("41", found) is Zone.TABLE
        assert zone_of("of those who live there.", found) is Zone.BODY

    def test_numbered_captions_at_the_head_of_pages_are_no_running_heads(self, tmp_path: Path) -> None:
        draws = [
            together(
                written(f"Table {number}", top=800, font="Helvetica-Bold"),
                written(*self.COLUMN, *self.COLUMN, top=700),
                written(str(number), x=290, top=40),
            )
            for number in range(1, 6)
        ]
        path = tmp_path / "file.pdf"
        path.write_bytes(press(*draws))
        read = read_file(ReadRequest("0" * 64, path, "application/pdf"), limits=LIMITS)
        assert {zone_of("Table", page) for page in read.pages} == {Zone.CAPTION}

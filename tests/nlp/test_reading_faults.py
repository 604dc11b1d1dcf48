"""Faults of real PDFs: letters lost, printed twice, outside of the page, across the gutter, in two directions."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from corpus.types import Outcome
from tests.nlp.pdf_faults import (
    across_the_gutter,
    as_glyphs,
    helvetica,
    numbered_font,
    numbered_text,
    page_with,
    printed,
    spaced,
)
from tests.nlp.pdf_press import by_hand, press, stream, together, written
from tests.nlp.test_reading_pdf import read

SENTENCE = "Street vendors in Lima pay for the space in which they work."


def text_of(content: bytes, folder: Path) -> str:
    return read(content, folder).pages[0].text


def said(before: str, glyphs: bytes, actual: bytes, after: str, *, extra: bytes = b"") -> bytes:
    """Return a page in which glyphs without letters (codes 128 and 129) have an /ActualText."""
    content = b"BT /T 12 Tf 72 760 Td (%s) Tj /Span %s BDC (%s) Tj EMC (%s) Tj ET" % (
        before.encode(),
        actual,
        glyphs,
        after.encode(),
    )
    return page_with(content, fonts=helvetica({128: b"0000", 129: b"0000"}), resources=extra)


class TestActualText:
    @pytest.mark.parametrize("ligature", ["ff", "fi", "fl", "ffi", "ffl", "ft", "tt", "Th", "ct", "st", "fj"])
    def test_it_stands_for_ligatures_whose_font_has_no_letters(self, tmp_path: Path, ligature: str) -> None:
        actual = b"<</ActualText <FEFF%s>>>" % ligature.encode("utf-16-be").hex().encode()
        assert text_of(said("the o", b"\\200", actual, "cials"), tmp_path) == f"the o{ligature}cials"

    @pytest.mark.parametrize(
        "actual",
        [
            b"<</ActualText (ff)>>",
            b"<</MCID 3/ActualText (ff)/Lang (en)>>",
            b"<< /ActualText <feff00660066> >>",
            b"<</ActualText (\\376\\377\\000f\\000f)>>",
            b"<</ActualText <EFBBBF6666>>>",
            b"/Own",
        ],
    )
    def test_it_is_read_however_it_is_written(self, tmp_path: Path, actual: bytes) -> None:
        content = said("shut o", b"\\201", actual, " the water", extra=b"/Properties<</Own<</ActualText (ff)>>>>")
        assert text_of(content, tmp_path) == "shut off the water"

    @pytest.mark.parametrize("actual", [b"()", b"( )", b"<FEFF0000>", b"<FEFFE001>", b"<FEFFFFFD>"])
    def test_letters_stay_where_it_says_nothing(self, tmp_path: Path, actual: bytes) -> None:
        content = b"BT /T 12 Tf 72 760 Td /Span <</ActualText %s>> BDC (In 2016) Tj EMC ET" % actual
        assert text_of(page_with(content, fonts=helvetica()), tmp_path) == "In 2016"

    def test_a_text_over_several_spans_stands_once(self, tmp_path: Path) -> None:
        content = (
            b"BT /T 12 Tf 72 760 Td /Span <</ActualText (Officials)>> BDC (O) Tj (ff) Tj (icials) Tj EMC ( met) Tj ET"
        )
        assert text_of(page_with(content, fonts=helvetica()), tmp_path) == "Officials met"

    def test_a_sequence_inside_another_is_said_by_the_outer(self, tmp_path: Path) -> None:
        inner = b"/Span <</ActualText (x)>> BDC (a) Tj EMC"
        content = b"BT /T 12 Tf 72 760 Td /Span <</ActualText (outer)>> BDC %s (b) Tj EMC ( stays) Tj ET" % inner
        assert text_of(page_with(content, fonts=helvetica()), tmp_path) == "outer stays"


class TestLostLetters:
    @pytest.mark.parametrize("digit", "0123456789")
    @pytest.mark.parametrize("mapped", [b"0000", b"0016", b"00AD", b"200B", b"000A", b"FFFD", b"E006"])
    def test_a_figure_that_is_said_to_be_nothing_is_read_by_its_encoding(
        self, tmp_path: Path, digit: str, mapped: bytes
    ) -> None:
        content = f"BT /T 12 Tf 72 760 Td (In 2{digit}1{digit} about {digit}{digit}.{digit} percent of them) Tj ET"
        page = page_with(content.encode(), fonts=helvetica({ord(digit): mapped}))
        assert text_of(page, tmp_path) == f"In 2{digit}1{digit} about {digit}{digit}.{digit} percent of them"

    @pytest.mark.parametrize(
        "mapped", [b"0000", b"0007", b"001F", b"FFFD", b"FFFF", b"000A", b"0009", b"0085", b"009D", b""]
    )
    def test_one_that_nobody_can_read_is_shown_as_such_and_its_page_named(self, tmp_path: Path, mapped: bytes) -> None:
        letters: dict[int, str | bytes] = {100 + number: str(number) for number in range(10)} | {120: " ", 121: "%"}
        letters[106] = mapped
        shown = [102, 100, 101, 106, 120, 106, 106, 121, 120, *range(100, 110)] * 2
        reading = read(page_with(numbered_text(shown), fonts=numbered_font(letters)), tmp_path)
        assert "201\ufffd" in reading.pages[0].text
        assert reading.pages[0].text.count("\ufffd") == 8
        assert reading.unreadable_pages == ((1, 1),)

    @pytest.mark.parametrize("seed", range(10))
    def test_glyph_numbers_without_letters_are_no_text(self, tmp_path: Path, seed: int) -> None:
        chosen = random.Random(seed)
        lines = [[chosen.randint(3, 120) for _each in range(60)] for _line in range(12)]
        reading = read(page_with(numbered_text(*lines), fonts=numbered_font(None)), tmp_path)
        assert (reading.outcome, reading.pages[0].text) == (Outcome.SCANNED, "")
        assert reading.unreadable_pages == ((1, 1),)

    @pytest.mark.parametrize("seed", range(10))
    def test_letters_exchanged_at_random_are_no_text(self, tmp_path: Path, seed: int) -> None:
        alphabet = [chr(code) for code in range(97, 123)]
        exchanged = random.Random(seed).sample(alphabet, k=26)
        letters: dict[int, str | bytes] = dict(zip(map(ord, alphabet), exchanged, strict=True))
        content = b"BT /T 12 Tf 72 760 Td %s ET" % b" 0 -15 Td ".join([b"(%s) Tj" % SENTENCE.lower().encode()] * 8)
        reading = read(page_with(content, fonts=helvetica(letters)), tmp_path)
        assert (reading.outcome, reading.unreadable_pages) == (Outcome.SCANNED, ((1, 1),))

    def test_pages_that_pdfium_read_are_named(self, tmp_path: Path) -> None:
        # Of this font pdfminer knows no letters; PDFium reads their names in it.
        named = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
        unnamed = b"<</Type/Font/Subtype/Type0/BaseFont/Helvetica/Encoding/Nowhere/DescendantFonts[]>>"
        shown = b"BT /%s 12 Tf 72 760 Td (Vendors in 2016) Tj ET"
        objects = [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>",
            *(
                b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents %d 0 R/Resources<</Font<</T 8 0 R/U %d 0 R>>>>>>"
                % (content, font)
                for content, font in ((6, 8), (7, 8), (6, 9))
            ),
            stream(shown % b"T"),
            stream(shown % b"T"),
            named,
            unnamed,
        ]
        reading = read(by_hand(objects), tmp_path)
        assert [page.text for page in reading.pages] == ["Vendors in 2016"] * 3
        assert reading.page_engines == {"pdfminer.six": ((1, 2),), "pypdfium2": ((3, 3),)}


class TestOutsideOfThePage:
    @pytest.mark.parametrize(
        ("x", "y"),
        [
            (72, 860),
            (72, 843),
            (72, -20),
            (72, -300),
            (-300, 500),
            (-150, 20),
            (600, 400),
            (700, 700),
            (72, 2000),
            (596, 10),
        ],
    )
    def test_a_slug_beside_the_sheet_is_not_read(self, tmp_path: Path, x: float, y: float) -> None:
        def slug(canvas) -> None:
            canvas.setFont("Helvetica", 8)
            canvas.drawString(x, y, "final_v7.indd 12")

        assert text_of(press(together(slug, written(SENTENCE))), tmp_path) == SENTENCE

    @pytest.mark.parametrize("rotate", [0, 90, 180, 270])
    @pytest.mark.parametrize("media", [(0, 0, 595, 842), (-50, -100, 545, 742), (100, 200, 695, 1042)])
    def test_what_the_crop_box_cuts_off_is_not_read(self, tmp_path: Path, rotate: int, media: tuple[int, ...]) -> None:
        x0, y0, x1, y1 = media
        page = f"/MediaBox[{x0} {y0} {x1} {y1}]/CropBox[{x0 + 50} {y0 + 50} {x1 - 50} {y1 - 50}]/Rotate {rotate}"
        inside, below = (f"{x0 + 80} {y0 + up}" for up in (300, 10))
        content = f"BT /T 11 Tf {inside} Td (Inside of the page) Tj ET BT /T 8 Tf {below} Td (crop marks) Tj ET"
        assert (
            text_of(page_with(content.encode(), fonts=helvetica(), page=page.encode()), tmp_path)
            == "Inside of the page"
        )

    def test_a_box_without_room_is_not_believed(self, tmp_path: Path) -> None:
        page = b"/MediaBox[0 0 595 842]/CropBox[0 0 0 0]"
        content = b"BT /T 11 Tf 80 300 Td (Inside of the page) Tj ET"
        assert text_of(page_with(content, fonts=helvetica(), page=page), tmp_path) == "Inside of the page"

    def test_a_line_that_begins_outside_is_read(self, tmp_path: Path) -> None:
        assert text_of(press(written(SENTENCE, x=-10)), tmp_path) == SENTENCE


class TestPrintedTwice:
    @pytest.mark.parametrize("by", ["line", "word", "glyph"])
    @pytest.mark.parametrize("shift", [(0, 0), (0.3, 0), (0.35, 0), (0.2, 0.2), (0, -0.4), (-0.3, 0)])
    def test_text_is_read_once(self, tmp_path: Path, by: str, shift: tuple[float, float]) -> None:
        heading = printed("Mbuyi porters all will follow", x=72, y=760, size=14, by=by, shift=shift)
        assert text_of(press(together(heading, written(SENTENCE, top=700))), tmp_path).split("\n")[0] == (
            "Mbuyi porters all will follow"
        )

    @pytest.mark.parametrize(("size", "shift"), [(24, (1.5, -1.5)), (36, (2, -2)), (48, (3, 3))])
    def test_the_shadow_of_a_heading_is_not(self, tmp_path: Path, size: float, shift: tuple[float, float]) -> None:
        heading = printed("Taxi drivers", x=72, y=760, size=size, shift=shift)
        assert text_of(press(together(heading, written(SENTENCE, top=650))), tmp_path).split("\n")[0] == "Taxi drivers"

    @pytest.mark.parametrize(
        ("first", "again"), [("line", "word"), ("word", "line"), ("glyph", "line"), ("line", "glyph")]
    )
    def test_in_one_piece_and_in_several_is_once(self, tmp_path: Path, first: str, again: str) -> None:
        heading = [printed("Mbuyi porters all follow", x=72, y=760, size=14, by=by, times=1) for by in (first, again)]
        assert text_of(press(together(*heading, written(SENTENCE, top=700))), tmp_path).count("porters") == 1

    def test_three_times_is_once(self, tmp_path: Path) -> None:
        assert text_of(press(printed("Cleaners of Lima", x=72, y=700, times=3)), tmp_path) == "Cleaners of Lima"

    def test_a_whole_page_shown_again_is_read_once(self, tmp_path: Path) -> None:
        page = written(SENTENCE, "It says so twice.")
        assert text_of(press(together(page, page)), tmp_path) == f"{SENTENCE}\nIt says so twice."

    def test_equal_lines_below_one_another_stay(self, tmp_path: Path) -> None:
        assert text_of(press(written("Yes", "Yes", "Yes", leading=9, size=8)), tmp_path).split() == ["Yes"] * 3

    def test_double_letters_stay(self, tmp_path: Path) -> None:
        line = printed("All will kill 11.11 bells", x=72, y=700, times=1, by="glyph", size=9)
        assert text_of(press(line), tmp_path) == "All will kill 11.11 bells"


class TestSoftHyphens:
    @pytest.mark.parametrize(
        ("parts", "word"),
        [
            ("termi nus", "terminus"), ("munici pality", "municipality"), ("ven dors", "vendors"), ("eco nomy", "economy"),
            ("re cy cla bles", "recyclables"), ("wo men", "women"), ("or gani za tion", "organization"), ("la bour", "labour"),
            ("mar ket", "market"), ("in for mal", "informal"), ("home based", "home-based"), ("self employed", "self-employed"),
            ("2010 2015", "2010-2015"), ("COVID 19", "COVID-19"),
        ],
    )  # fmt: skip
    @pytest.mark.parametrize("at_line_end", [True, False])
    def test_code_173_is_no_letter_of_a_word(self, tmp_path: Path, parts: str, word: str, at_line_end: bool) -> None:
        first, *rest = parts.split()
        start, *others = ["\\255".join([first, *rest])] if not at_line_end else [first + "\\255", "\\255".join(rest)]
        lines = [f"({start}) Tj", *(f"0 -15 Td ({other} and more) Tj" for other in others)]
        content = f"BT /T 12 Tf 72 760 Td {' '.join(lines)} ET".encode()
        got = text_of(page_with(content, fonts=helvetica()), tmp_path)
        # At the end of a line figures keep their hyphen where it stands.
        assert word in got.replace("-\n", "-")


LEFT = [
    "Vendors of the northern",
    "market in Oshakati pay",
    "a daily fee of two dollars",
    "to the municipality, which",
    "keeps no record of them.",
]
RIGHT = [
    "Cleaners of the southern",
    "depot in Katutura were",
    "hired through an agency",
    "that paid them by the day",
    "and gave no contract.",
]
THIRD = [
    "Porters of the eastern",
    "station carry sacks for",
    "the lorries that arrive",
    "in the night and wait for",
    "the first of the traders.",
]
SPANISH = [
    "Los vendedores ambulantes",
    "de la ciudad pagan cada",
    "mes una cuota que nadie",
    "les ha explicado y que va",
    "a una cuenta del alcalde.",
]
FRENCH = [
    "Les vendeuses du marché",
    "paient chaque jour une",
    "taxe à la commune, qui",
    "ne leur donne en échange",
    "ni eau ni éclairage.",
]


class TestColumnsShownRowByRow:
    @pytest.mark.parametrize(
        ("columns", "places"),
        [
            ((LEFT, RIGHT), (72, 320)), ((RIGHT, LEFT), (72, 300)), ((LEFT, SPANISH), (60, 250)), ((FRENCH, SPANISH), (50, 310)),
            ((LEFT * 3, RIGHT * 3), (72, 320)), ((LEFT, RIGHT + THIRD), (72, 320)), ((LEFT + THIRD, RIGHT), (72, 320)),
            ((LEFT, RIGHT, THIRD), (40, 220, 400)), ((FRENCH, RIGHT, SPANISH), (40, 220, 400)), ((THIRD, FRENCH), (72, 215)),
        ],
    )  # fmt: skip
    def test_each_is_read_to_its_end(
        self, tmp_path: Path, columns: tuple[list[str], ...], places: tuple[float, ...]
    ) -> None:
        text = text_of(press(across_the_gutter(*columns, places=places)), tmp_path)
        assert [line for line in text.split("\n") if line] == [line for column in columns for line in column]

    @pytest.mark.parametrize("size", [8, 9, 10, 12])
    @pytest.mark.parametrize("lower", [0, 1.5])
    def test_in_any_size_and_on_lines_that_do_not_meet(self, tmp_path: Path, size: float, lower: float) -> None:
        page = across_the_gutter(LEFT, RIGHT, places=(72, 320), size=size, lower=lower)
        assert [line for line in text_of(press(page), tmp_path).split("\n") if line] == [*LEFT, *RIGHT]

    def test_head_and_foot_stay_where_they_are(self, tmp_path: Path) -> None:
        head, foot = (
            written("Work without a contract in the north of Namibia", size=18),
            written("Page 7", top=60, size=9),
        )
        page = together(head, across_the_gutter(LEFT, RIGHT, places=(72, 320), top=700), foot)
        lines = [line for line in text_of(press(page), tmp_path).split("\n") if line]
        assert lines == ["Work without a contract in the north of Namibia", *LEFT, *RIGHT, "Page 7"]

    @pytest.mark.parametrize(
        ("heads", "cells"),
        [
            ("Country Peru Chile India Ghana Togo", "Share 68.4 27.1 80.9 77.2 90.1"),
            ("Vendors Pickers Home-workers Porters Hawkers", "Lima Pune Lahore Accra Nairobi"),
            ("Ministry Police Court Ombudsman Unions", "Inspects Finds Hears Reports Trains"),
        ],
    )  # fmt: skip
    def test_a_table_stays_in_rows(self, tmp_path: Path, heads: str, cells: str) -> None:
        rows = [*zip(heads.split(), cells.split(), strict=True)]
        text = text_of(press(across_the_gutter(heads.split(), cells.split(), places=(72, 320))), tmp_path)
        assert [line for line in text.split("\n") if line] == [f"{head}  {cell}" for head, cell in rows]

    def test_so_does_one_with_sentences_in_its_cells(self, tmp_path: Path) -> None:
        offices = ["Ministry of Labour", "National Police", "Labour Court", "Ombudsman", "Trade Unions"]
        tasks = [
            "Inspects places of work",
            "Finds those who sell",
            "Hears complaints",
            "Reports every year",
            "Train them",
        ]
        text = text_of(press(across_the_gutter(offices, tasks, places=(72, 320))), tmp_path)
        assert "Ministry of Labour  Inspects places of work\nNational Police  Finds those who sell" in text


def visual(text: str) -> list[str]:
    """Return the letters of a right-to-left word as they stand on the page."""
    return list(reversed(text))


SUQ, KABIR, SHUK = "سوق", "كبير", "שוק"


class TestTwoDirectionsInALine:
    @pytest.mark.parametrize(
        ("glyphs", "expected"),
        [
            ([*"The word ", *visual(SUQ), *" means market"], f"The word {SUQ} means market"),
            ([*"market (", *visual(SUQ), *") in Cairo"], f"market ({SUQ}) in Cairo"),
            ([*visual(SUQ), *" is a market"], f"{SUQ} is a market"),
            ([*"a market is ", *visual(SUQ)], f"a market is {SUQ}"),
            ([*"the ", *visual(f"{SUQ} {KABIR}"), *" of Cairo"], f"the {SUQ} {KABIR} of Cairo"),
            ([*visual(KABIR), " ", *"ILO", " ", *visual(SUQ)], f"{SUQ} ILO {KABIR}"),
            ([*visual(KABIR), " ", *"2016", " ", *visual("في"), " ", *visual(SUQ)], f"{SUQ} في 2016 {KABIR}"),
            ([*visual(KABIR), " ", *"12.5%", " ", *visual(SUQ)], f"{SUQ} 12.5% {KABIR}"),
            ([*"The word ", *visual(SHUK), *" means market"], f"The word {SHUK} means market"),
            ([*visual(SHUK), " ", *"ILO", " ", *visual(SHUK)], f"{SHUK} ILO {SHUK}"),
            ([f"{SUQ} h", *"abibi"], f"{SUQ} habibi"),
            ([*visual(KABIR), " ", f"{SUQ} h", *"ab"], f"hab {SUQ} {KABIR}"),
        ],
    )  # fmt: skip
    def test_each_word_is_whole_and_in_its_place(self, tmp_path: Path, glyphs: list[str], expected: str) -> None:
        assert text_of(as_glyphs(glyphs), tmp_path) == expected


class TestThaiAndKhmer:
    @pytest.mark.parametrize(
        ("glyphs", "expected"),
        [
            ("จํานวน", "จำนวน"), ("ทํางาน", "ทำงาน"), ("นํ้า", "น้ำ"), ("น้ํา", "น้ำ"), ("ทำางาน", "ทำงาน"), ("เเรงงาน", "แรงงาน"),
            ("ป่ี", "ปี่"), ("ท่ี", "ที่"), ("ผู้ค้า", "ผู้ค้า"), ("ที\uf70a", "ที่"), ("ป\uf702", "ปี"), ("ญ\uf70f", "ญญ"),
            ("ប្រទេស", "ប្រទេស"), ("ខ្មែរ", "ខ្មែរ"), ("ស្ត្រី", "ស្ត្រី"),
        ],
    )  # fmt: skip
    def test_marks_are_in_the_order_in_which_they_are_written(self, tmp_path: Path, glyphs: str, expected: str) -> None:
        assert text_of(as_glyphs(list(f"ก{glyphs}"), marks=glyphs[1:]), tmp_path) == f"ก{expected}"


class TestLetterSpacing:
    @pytest.mark.parametrize("gap", [0.25, 0.4, 0.6, 0.8])
    @pytest.mark.parametrize("by", ["gaps", "glyphs"])
    @pytest.mark.parametrize("text", ["WASTE PICKERS", "Report of the Vendors of Lima 2016", "INFORME FINAL"])
    def test_letters_set_apart_are_words(self, tmp_path: Path, text: str, gap: float, by: str) -> None:
        assert text_of(press(spaced(text, gap=gap, by=by)), tmp_path) == text

    @pytest.mark.parametrize("row", ["1 2 3 4 5 6 7", "a b c", "X Y Z W"])
    def test_short_rows_and_figures_stay_apart(self, tmp_path: Path, row: str) -> None:
        assert text_of(press(written(row)), tmp_path) == row

    def test_small_capitals_are_one_word_with_their_initials(self, tmp_path: Path) -> None:
        def draw(canvas) -> None:
            line = canvas.beginText(72, 700)
            for text, size in (("S", 14), ("TREET", 11), (" V", 14), ("ENDORS", 11), (" 2016", 14)):
                line.setFont("Helvetica", size)
                line.textOut(text)
            canvas.drawText(line)

        assert text_of(press(draw), tmp_path) == "STREET VENDORS 2016"


class TestFiguresOfARow:
    @pytest.mark.parametrize("first", ["38", "619", "1016"])
    def test_those_that_their_spacing_puts_into_cells_are_apart(self, tmp_path: Path, first: str) -> None:
        # Tc moves each figure to the next cell; gaps inside of a number take it back.
        cells = " 6000 ".join(f"({digit})" for digit in first[1:])
        content = f"BT /T 11 Tf 66 Tc 72 700 Td [({first[0]}) {cells}] TJ ET".encode()
        assert text_of(page_with(content, fonts=helvetica()), tmp_path) == f"{first[0]}  {first[1:]}" or len(first) == 2

    def test_labels_close_together_are_different_numbers(self, tmp_path: Path) -> None:
        def draw(canvas) -> None:
            canvas.setFont("Helvetica", 7)
            for x, y, label in (
                (72, 700, "19.3"),
                (72 + 13.6 + 1, 699.2, "19.8"),
                (72 + 13.6 + 1 + 13.6 + 2, 697, "18.5"),
            ):
                canvas.drawString(x, y, label)

        assert text_of(press(draw), tmp_path).split() == ["19.3", "19.8", "18.5"]


@pytest.mark.shared
@pytest.mark.parametrize(
    ("kind", "file", "found", "absent"),
    [
        ("pdf-actual-text", "r4-actualtext.pdf", ("officials of", "shut off the"), ()),
        ("pdf-outside-page", "r14-outside-box.pdf", ("Shoe shiners of Aranos",), (".indd",)),
        ("pdf-printed-twice", "r2-glyph-twice.pdf", ("Mbuyi porters cooperative report\n",), ()),
        ("pdf-soft-hyphen-code", "r3-soft-hyphen.pdf", ("women sell vegetables", "terminus\n", "municipality"), ()),
        ("pdf-two-columns", "r6-two-columns.pdf", ("keeps no record of them.\n\nCleaners of the southern\ndepot",), ()),
    ],
)
def test_the_given_cases_are_read(
    shared_data: Path, tmp_path: Path, kind: str, file: str, found: tuple[str, ...], absent: tuple[str, ...]
) -> None:
    text = text_of((shared_data / "cases" / kind / file).read_bytes(), tmp_path)
    assert all(words in text for words in found)
    assert not any(words in text for words in absent)


@pytest.mark.shared
@pytest.mark.parametrize("file", ["r1-line-twice.pdf", "s1-line-twice-es.pdf"])
def test_the_given_lines_printed_twice_are_read_once(shared_data: Path, tmp_path: Path, file: str) -> None:
    lines = [
        line
        for line in text_of((shared_data / "cases" / "pdf-printed-twice" / file).read_bytes(), tmp_path).split("\n")
        if line
    ]
    assert len(lines) == len(set(lines)) == 2


@pytest.mark.shared
def test_the_given_gibberish_is_no_text(shared_data: Path, tmp_path: Path) -> None:
    reading = read((shared_data / "cases" / "pdf-gibberish-read" / "r8-cid.pdf").read_bytes(), tmp_path)
    assert (reading.outcome, reading.pages[0].text) == (Outcome.SCANNED, "")

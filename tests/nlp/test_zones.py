"""Which part of a page is what, by type, place and repetition: small PDFs with one thing in them each."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import ZoneSpan, are_in_order, only, without, zones_from_json, zones_to_json
from nlp.reading.reader import read_file
from nlp.reading.requests import ReadingLimits, ReadRequest
from nlp.zones import with_zones
from tests.nlp.pdf_press import press, together, written

LIMITS = ReadingLimits(seconds=20, pages=50, memory_mebibytes=1024, file_mebibytes=5)
Draw = Callable[[Canvas], None]
PROSE = [
    "The survey asked people where they had worked in the week before the interview, and",
    "for how many hours, with whom, and how they were paid for it. Most of those who had",
    "sold goods in the street had done so for more than five years, and few had a licence",
    "from the city. Those who had one paid for it each day, and again at the end of the year.",
]


def prose(top: float = 640, lines: int = 12) -> Draw:
    return written(*(PROSE * 6)[:lines], top=top)


def pages(tmp_path: Path, *draws: Draw) -> tuple[Page, ...]:
    """Return the pages of a PDF as they are read."""
    path = tmp_path / "file.pdf"
    path.write_bytes(press(*draws))
    return read_file(ReadRequest("0" * 64, path, "application/pdf"), limits=LIMITS).pages


def zone_of(words: str, page: Page) -> Zone:
    """Return the zone in which words stand on a page."""
    start = page.text.index(words)
    return next(span.zone for span in page.zones or () if span.start <= start < span.end)


def numbered(number: int) -> Draw:
    """Return a page of a report with head, foot and number."""
    head = "Street trade in Accra" if number % 2 else "Institute of Work"
    return together(
        written(head, top=800, size=9), prose(top=700, lines=20), written(str(number), x=290, top=40, size=9)
    )


def test_heads_that_come_back_and_page_numbers_are_running(tmp_path: Path) -> None:
    found = pages(tmp_path, *(numbered(number) for number in range(1, 7)))
    assert zone_of("Street trade in Accra", found[2]) is Zone.RUNNING
    assert zone_of("Institute of Work", found[3]) is Zone.RUNNING
    assert found[2].text[found[2].zones[-1].start :] == "3"
    assert found[2].zones[-1].zone is Zone.RUNNING
    assert zone_of("The survey", found[2]) is Zone.BODY


def test_a_head_of_a_chapter_stands_where_the_others_do(tmp_path: Path) -> None:
    draws = [numbered(number) for number in range(1, 7)]
    draws[3] = together(written("Fees and taxes", top=800, size=9), prose(top=700, lines=20))
    assert zone_of("Fees and taxes", pages(tmp_path, *draws)[3]) is Zone.RUNNING


def test_the_title_of_a_cover_is_no_running_head_though_it_comes_back_as_one(tmp_path: Path) -> None:
    cover = together(written("Ghana", top=750, size=28), prose())
    other = together(written("Ghana", top=750, size=28), prose())
    found = pages(tmp_path, cover, other, other, other)
    assert zone_of("Ghana", found[0]) is Zone.TITLE
    assert zone_of("Ghana", found[2]) is Zone.RUNNING


def test_the_title_of_a_slide_that_goes_on_is_no_running_head(tmp_path: Path) -> None:
    def slide(title: str) -> Draw:
        return together(written(title, top=770, size=24), written(*PROSE, top=600, size=16))

    titles = ["Street trade", "Who sells", "Who sells", "Where", "When", "What", "Why", "How", "Whence", "Whither"]
    assert zone_of("Who sells", pages(tmp_path, *map(slide, titles))[2]) is Zone.HEADING


def test_a_cover_has_a_masthead_a_title_and_an_imprint(tmp_path: Path) -> None:
    cover = together(
        written("Working Paper No. 7", top=800, size=10),
        written("Street Vendors of Accra", "and the City", top=600, size=26, leading=30),
        written("Ama Mensah", "May 2019", top=200),
    )
    (first, *_) = pages(tmp_path, cover, prose(), prose(), prose())
    assert zone_of("Working Paper", first) is Zone.MASTHEAD
    assert zone_of("Street Vendors", first) is Zone.TITLE
    assert zone_of("and the City", first) is Zone.TITLE
    assert zone_of("Ama Mensah", first) is Zone.IMPRINT


def test_headings_are_larger_or_bolder_than_text_and_short_lines_of_text_are_none(tmp_path: Path) -> None:
    page = together(
        prose(top=760, lines=8),
        written("Fees and taxes", top=620, size=14),
        written(*PROSE, "Bananas", top=595),
        written("What they pay", top=500, font="Helvetica-Bold"),
        prose(top=480, lines=8),
    )
    (found,) = pages(tmp_path, page)
    assert zone_of("Fees and taxes", found) is Zone.HEADING
    assert zone_of("What they pay", found) is Zone.HEADING
    assert zone_of("Bananas", found) is Zone.BODY


def test_a_sentence_that_begins_in_bold_is_no_heading(tmp_path: Path) -> None:
    page = together(
        prose(top=760),
        written("Women sell most of what is sold", top=560, font="Helvetica-Bold"),
        written("in the streets of the city, and they have done so for a long time.", top=546),
        prose(top=500),
    )
    assert zone_of("Women sell", pages(tmp_path, page)[0]) is Zone.BODY


def cells(*rows: tuple[str, ...], top: float, size: float = 9, left: float = 72, width: float = 110) -> Draw:
    """Return what draws a table, cell by cell."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont("Helvetica", size)
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                canvas.drawString(left + column * width, top - number * 1.3 * size, cell)

    return draw


ROWS = (
    ("City", "Vendors", "Share"),
    ("Accra", "12,400", "31.5"),
    ("Kumasi", "8,100", "28.0"),
    ("Tamale", "2,050", "19.4"),
)


def test_rows_of_a_table_stay_on_their_lines_with_two_spaces_between_cells(tmp_path: Path) -> None:
    page = together(
        prose(top=760),
        written("Table 1. Vendors by city", top=560, font="Helvetica-Bold"),
        cells(*ROWS, top=540),
        written("Source: Census of 2010.", top=480, size=8),
        prose(top=440),
    )
    (found,) = pages(tmp_path, page)
    assert "City  Vendors  Share\nAccra  12,400  31.5\nKumasi  8,100  28.0" in found.text
    assert {zone_of(row[0], found) for row in ROWS} == {Zone.TABLE}
    assert zone_of("Table 1.", found) is Zone.CAPTION
    assert zone_of("Source: Census", found) is Zone.CAPTION
    assert found.text.index("Table 1.") < found.text.index("Accra  12") < found.text.index("Source: Census")
    assert Zone.HEADING not in {span.zone for span in found.zones or ()}


def test_numbers_close_to_each_other_are_cells_and_those_of_one_number_are_not(tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        text = canvas.beginText(72, 500)
        text.setFont("Helvetica", 10)
        text._code.append("[(Total) -3000 (12) -250 (400) -900 (31.5) -900 (28)] TJ")
        canvas.drawText(text)

    (found,) = pages(tmp_path, together(prose(top=760), draw))
    assert "Total  12 400  31.5  28" in found.text


def test_text_in_cells_below_a_caption_is_a_table_too(tmp_path: Path) -> None:
    page = together(
        prose(top=760),
        written("Table 2. Laws", top=560, font="Helvetica-Bold"),
        written("Labour Act", "Local Government Act", "Act on Fees and Taxes of Cities", top=540, size=9),
        prose(top=460),
    )
    (found,) = pages(tmp_path, page)
    assert zone_of("Local Government Act", found) is Zone.TABLE


def test_a_sentence_that_speaks_of_a_table_is_no_caption(tmp_path: Path) -> None:
    lines = [*PROSE, "Table 1 provides figures for each of the three cities that were visited in that year,", *PROSE]
    assert zone_of("Table 1 provides", pages(tmp_path, written(*lines))[0]) is Zone.BODY


def test_words_of_a_chart_are_a_figure(tmp_path: Path) -> None:
    page = together(
        prose(top=760),
        written("Figure 3. Vendors by age", top=560, font="Helvetica-Bold"),
        written("60", "40", "20", "0", x=80, top=520, size=8, leading=25),
        cells(("15-24", "25-34", "35-44"), top=420, size=8),
        prose(top=380),
    )
    (found,) = pages(tmp_path, page)
    assert {zone_of(words, found) for words in ("60", "15-24")} == {Zone.FIGURE}
    assert zone_of("Figure 3.", found) is Zone.CAPTION


def test_small_print_at_the_foot_that_begins_with_a_mark_is_a_footnote(tmp_path: Path) -> None:
    page = together(
        prose(top=760, lines=24),
        written("1 The census counts those who sold goods in the week before.", "It has no others.", top=120, size=8),
    )
    (found,) = pages(tmp_path, page)
    assert zone_of("The census counts", found) is Zone.FOOTNOTE
    assert zone_of("It has no others", found) is Zone.FOOTNOTE


def test_a_list_that_ends_with_page_numbers_is_contents(tmp_path: Path) -> None:
    listed = written(
        "Contents", "1 Introduction ........ 4", "2 Street vendors ........ 9", "3 Waste pickers ........ 15", top=700
    )
    found = pages(tmp_path, prose(), listed, prose(), prose())
    assert {zone_of(words, found[1]) for words in ("Introduction", "Street vendors", "Waste pickers")} == {
        Zone.CONTENTS
    }


ENTRIES = (
    "1  Chen, M. (2012). The informal economy: definitions, theories and policies. Manchester.",
    "2  Roever, S. and C. Skinner (2016). Street vendors and cities. London.",
    "3  U.S. Embassy. Reporting. January 2018.",
)


def test_references_go_on_until_a_heading_like_theirs(tmp_path: Path) -> None:
    last = together(
        prose(top=760, lines=8),
        written("References", top=600, size=15, font="Helvetica-Bold"),
        written(*ENTRIES, top=580, size=8),
    )
    after = together(
        written(*ENTRIES, top=780, size=8), written("The office", top=700, size=15, font="Helvetica-Bold"), prose()
    )
    found = pages(tmp_path, prose(), prose(), last, after)
    assert zone_of("U.S. Embassy", found[2]) is Zone.REFERENCES
    assert zone_of("Roever", found[3]) is Zone.REFERENCES
    assert zone_of("The office", found[3]) is Zone.HEADING
    assert zone_of("The survey", found[3]) is Zone.BODY


def test_text_behind_the_heading_of_an_annex_is_annex(tmp_path: Path) -> None:
    annex = together(written("Annex A", top=780, size=15, font="Helvetica-Bold"), prose(top=750))
    found = pages(tmp_path, prose(), prose(), annex)
    assert zone_of("The survey", found[2]) is Zone.ANNEX


def test_codes_of_a_classification_are_a_table(tmp_path: Path) -> None:
    codes = [f"{number}  Growing of crops of the kind {number} alone" for number in range(111, 121)]
    (found,) = pages(tmp_path, together(prose(top=760), written(*codes, top=500)))
    assert zone_of("115  Growing", found) is Zone.TABLE


@pytest.mark.parametrize("stamp", ["Public Disclosure Authorized", "CONFIDENTIAL"])
def test_a_stamp_on_a_cover_counts_for_nothing(tmp_path: Path, stamp: str) -> None:
    cover = together(written("Street Vendors of Accra", top=600, size=26), written(stamp, top=300, size=10))
    assert zone_of(stamp, pages(tmp_path, cover, prose(), prose())[0]) is Zone.RUNNING


def test_zones_cover_all_words_in_order(tmp_path: Path) -> None:
    for page in pages(tmp_path, *(numbered(number) for number in range(1, 5))):
        assert page.zones is not None
        assert are_in_order(page.zones, length=len(page.text))
        outside = page.text
        for _, start, end in reversed(page.zones):
            outside = outside[:start] + outside[end:]
        assert not outside.strip()


def test_pages_that_have_zones_are_not_looked_at_again() -> None:
    kept = (Page(1, "Vendors", (ZoneSpan(Zone.TABLE, 0, 7),)),)
    assert with_zones(kept) == kept


def test_stretches_of_zones_can_be_left_out_or_taken() -> None:
    text = "Head\n\nVendors sell food.\n\n7"
    spans = (ZoneSpan(Zone.RUNNING, 0, 4), ZoneSpan(Zone.BODY, 6, 24), ZoneSpan(Zone.RUNNING, 26, 27))
    assert without(text, spans, frozenset({Zone.RUNNING})) == "Vendors sell food."
    assert only(text, spans, frozenset({Zone.RUNNING})) == "Head\n\n7"


def test_zones_that_do_not_fit_a_text_count_as_not_found() -> None:
    spans = (ZoneSpan(Zone.BODY, 0, 9),)
    assert zones_from_json(zones_to_json(spans), length=9) == spans
    assert zones_from_json(zones_to_json(spans), length=8) is None
    assert zones_from_json(None, length=8) is None
    assert zones_from_json([["of tomorrow", 0, 3]], length=8) == (ZoneSpan(Zone.BODY, 0, 3),)

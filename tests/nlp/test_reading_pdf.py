"""What a PDF's pages say, as a person would read them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from told import told

from corpus.types import Outcome, Reading
from nlp.reading.reader import read_file
from nlp.reading.requests import ReadingLimits, ReadRequest
from tests.nlp.pdf_press import bomb, form, picture, press, together, with_content, written

LIMITS = ReadingLimits(seconds=20, pages=50, memory_mebibytes=1024, file_mebibytes=5)
SENTENCE = "Street vendors in Lima pay for the space in which they work."


def read(content: bytes, folder: Path, *, limits: ReadingLimits = LIMITS, content_type: str = "") -> Reading:
    path = folder / "file"
    path.write_bytes(content)
    request = ReadRequest(hashlib.sha256(content).hexdigest(), path, content_type)
    return read_file(request, limits=limits)


def with_mark(before: str, mark: str, after: str, *, rise: float) -> Callable[[Canvas], None]:
    """Return what writes a line of 12 points with a small mark, raised by that share of it, as word processors do."""

    def draw(canvas: Canvas) -> None:
        x = 72.0
        for text, size, up in ((before, 12.0, 0.0), (mark, 8.0, rise * 12), (after, 12.0, 0.0)):
            canvas.setFont("Helvetica", size)
            canvas.drawString(x, 700 + up, text)
            x += stringWidth(text, "Helvetica", size)

    return draw


def values(reading: Reading, name: str) -> list[str]:
    return [offer.value for offer in reading.evidence.get(name, ())]


class TestRunningText:
    def test_lines_stay_and_a_wider_gap_is_a_paragraph(self, tmp_path: Path) -> None:
        first = written("One line of the first", "paragraph and its end.", "Third line follows on.")
        second = written("Here a second paragraph", "begins and ends.", top=690)
        text = read(press(together(first, second)), tmp_path).pages[0].text
        assert text == (
            "One line of the first\nparagraph and its end.\nThird line follows on.\n\n"
            "Here a second paragraph\nbegins and ends."
        )

    def test_a_bullet_is_a_bullet(self, tmp_path: Path) -> None:
        # reportlab writes it as a code that WinAnsiEncoding leaves unused, which stands for the bullet.
        assert read(press(written("• first point")), tmp_path).pages[0].text == "• first point"

    def test_columns_are_read_one_after_the_other(self, tmp_path: Path) -> None:
        left = written("Left column starts here", "and goes on below")
        right = written("right column continues", "until its end.", x=320)
        text = read(press(together(left, right)), tmp_path).pages[0].text
        assert text.split("\n") == [
            "Left column starts here",
            "and goes on below",
            "right column continues",
            "until its end.",
        ]

    @pytest.mark.parametrize(
        ("lines", "expected"),
        [
            (("the infor-", "mal economy"), "the informal\neconomy"),
            (("work of home-", "based workers"), "work of home-based\nworkers"),
            (("informality, in-formality? No: co-", "operatives", "of cooperatives"), "cooperatives"),
            (("La Anglo-", "Saxon tradition"), "La Anglo-Saxon\ntradition"),
            (("deve-se torná-", "lo visível"), "deve-se torná-lo\nvisível"),
            (("between 2010-", "2019 the share"), "between 2010-\n2019 the share"),
        ],
    )
    def test_a_word_broken_at_a_line_end_is_whole_again(
        self, tmp_path: Path, lines: tuple[str, ...], expected: str
    ) -> None:
        assert expected in read(press(written(*lines)), tmp_path).pages[0].text

    def test_a_word_that_the_document_writes_with_a_hyphen_keeps_it(self, tmp_path: Path) -> None:
        lines = ("A re-enrolment in school is a re-", "enrolment for life.")
        assert "a re-enrolment\nfor life." in read(press(written(*lines)), tmp_path).pages[0].text

    @pytest.mark.parametrize("rise", [0.2, 0.35, 0.45, 0.5, 0.58])
    @pytest.mark.parametrize("mark", ["3", "37", "104"])
    def test_a_raised_mark_does_not_break_its_paragraph(self, tmp_path: Path, mark: str, rise: float) -> None:
        page = with_mark("incomes of vendors in Ghana,", mark, " which suggests that", rise=rise)
        assert read(press(page), tmp_path).pages[0].text == f"incomes of vendors in Ghana, {mark} which suggests that"

    @pytest.mark.parametrize("rise", [0.2, 0.45, 0.58])
    def test_the_mark_that_begins_a_footnote_stays_on_its_line(self, tmp_path: Path, rise: float) -> None:
        page = with_mark("", "37", " Labour force survey, 2011.", rise=rise)
        assert read(press(page), tmp_path).pages[0].text == "37 Labour force survey, 2011."

    def test_small_figures_above_a_line_or_far_from_it_are_no_marks(self, tmp_path: Path) -> None:
        line = written("Informal employment", top=700, size=12)
        above, apart = (
            written(figure, x=x, top=top, size=8) for figure, x, top in (("61", 185, 711), ("62", 320, 705))
        )
        text = read(press(together(line, above, apart)), tmp_path).pages[0].text
        assert "Informal employment" in text.split("\n")
        assert "employment 6" not in text

    def test_the_mark_of_a_footnote_does_not_cling_to_its_word(self, tmp_path: Path) -> None:
        def draw(canvas) -> None:
            line = canvas.beginText(72, 700)
            for text, size, rise in (("vendors", 11, 0), ("12", 6, 4), (" sell on 9 km", 11, 0), ("2", 6, 4)):
                line.setFont("Helvetica", size)
                line.setRise(rise)
                line.textOut(text)
            canvas.drawText(line)

        assert read(press(draw), tmp_path).pages[0].text == "vendors 12 sell on 9 km²"

    def test_half_and_squared_keep_their_meaning(self, tmp_path: Path) -> None:
        assert "½ of 9 m² – “so”" in read(press(written("½ of 9 m² – “so”")), tmp_path).pages[0].text


class TestWhatAFileSaysOfItself:
    def test_title_author_and_keywords_of_the_file_are_evidence(self, tmp_path: Path) -> None:
        content = press(written(SENTENCE), title="Vendors of Lima", author="Ana Ruiz; Luc Bâ", keywords="markets; Lima")
        reading = read(content, tmp_path)
        assert values(reading, "title")[0] == "Vendors of Lima"
        assert values(reading, "author") == ["Ana Ruiz", "Luc Bâ"]
        assert values(reading, "keyword") == ["markets", "Lima"]

    def test_the_largest_lines_of_page_one_are_its_title(self, tmp_path: Path) -> None:
        title = written("Waste Pickers and the", "Future of Recycling", size=24, leading=28)
        body = written(*[SENTENCE] * 12, top=600)
        reading = read(press(together(title, body), written(*[SENTENCE] * 20)), tmp_path)
        guessed = [offer.value for offer in reading.evidence["title"] if str(offer.origin) == "file:text"]
        assert guessed == ["Waste Pickers and the Future of Recycling"]

    def test_a_page_in_one_size_offers_no_title(self, tmp_path: Path) -> None:
        reading = read(press(written(*[SENTENCE] * 10)), tmp_path)
        assert [offer for offer in reading.evidence.get("title", ()) if str(offer.origin) == "file:text"] == []

    def test_imprint_gives_identifiers_and_year(self, tmp_path: Path) -> None:
        imprint = written("© The Publisher 2019", "ISBN 978-0-306-40615-7", "ISBN 978-0-306-40615-8", "ISSN 0317-8471")
        reading = read(press(written(SENTENCE), imprint), tmp_path)
        assert values(reading, "isbn") == ["9780306406157"]
        assert values(reading, "issn") == ["0317-8471"]
        assert "2019" in values(reading, "date")


class TestOutcomes:
    def test_text_is_read(self, tmp_path: Path) -> None:
        reading = read(press(written(SENTENCE), written("Page two.")), tmp_path)
        assert (reading.outcome, reading.reason, reading.page_total) == (Outcome.READ, None, 2)
        assert [page.text for page in reading.pages] == [SENTENCE, "Page two."]
        assert reading.engine == "pdfminer.six"

    def test_no_bytes_are_empty(self, tmp_path: Path) -> None:
        assert read(b"", tmp_path).outcome is Outcome.EMPTY

    def test_blank_pages_are_empty(self, tmp_path: Path) -> None:
        assert read(press(written()), tmp_path).outcome is Outcome.EMPTY

    def test_pictures_of_pages_are_a_scan(self, tmp_path: Path) -> None:
        reading = read(press(picture, picture), tmp_path)
        assert reading.outcome is Outcome.SCANNED
        assert "OCR" in told(reading.reason)
        assert len(reading.pages) == 2

    def test_a_stamp_on_a_picture_is_no_text(self, tmp_path: Path) -> None:
        stamped = together(picture, written("No. 12"))
        assert read(press(stamped, stamped), tmp_path).outcome is Outcome.SCANNED

    def test_a_cover_before_a_scan_is_read_and_says_what_is_missing(self, tmp_path: Path) -> None:
        reading = read(press(written(SENTENCE), picture, picture), tmp_path)
        assert reading.outcome is Outcome.READ
        assert told(reading.reason).startswith("No text could be read on 2 of its 3 pages")

    def test_a_password_is_asked_for(self, tmp_path: Path) -> None:
        reading = read(press(written(SENTENCE), password="secret"), tmp_path)
        assert reading.outcome is Outcome.ENCRYPTED
        assert "password" in told(reading.reason)

    def test_an_empty_password_opens(self, tmp_path: Path) -> None:
        reading = read(press(written(SENTENCE), password=""), tmp_path)
        assert (reading.outcome, reading.pages[0].text) == (Outcome.READ, SENTENCE)

    def test_half_a_file_is_broken_or_gives_what_it_has(self, tmp_path: Path) -> None:
        whole = press(*[written(SENTENCE)] * 20)
        outcomes = {read(whole[: len(whole) * share // 10], tmp_path).outcome for share in range(1, 10)}
        assert outcomes <= {Outcome.BROKEN, Outcome.READ, Outcome.EMPTY}
        assert Outcome.BROKEN in outcomes

    def test_a_header_alone_is_broken(self, tmp_path: Path) -> None:
        assert read(b"%PDF-1.7\nnothing of the sort", tmp_path).outcome is Outcome.BROKEN

    def test_more_pages_than_allowed_keep_the_first(self, tmp_path: Path) -> None:
        limits = ReadingLimits(seconds=20, pages=3, memory_mebibytes=1024, file_mebibytes=5)
        reading = read(press(*[written(SENTENCE)] * 7), tmp_path, limits=limits)
        assert (reading.outcome, len(reading.pages), reading.page_total) == (Outcome.TOO_LARGE, 3, 7)
        assert "only the first 3" in told(reading.reason)

    def test_exactly_as_many_pages_as_allowed_are_read(self, tmp_path: Path) -> None:
        limits = ReadingLimits(seconds=20, pages=3, memory_mebibytes=1024, file_mebibytes=5)
        assert read(press(*[written(SENTENCE)] * 3), tmp_path, limits=limits).outcome is Outcome.READ

    def test_a_claim_of_a_billion_pages_is_not_believed(self, tmp_path: Path) -> None:
        content = with_content(b"BT /T 12 Tf 72 700 Td (Only one page here) Tj ET", count=1_000_000_000)
        reading = read(content, tmp_path)
        assert (reading.outcome, reading.page_total) == (Outcome.READ, 1)

    def test_too_many_bytes_are_not_opened(self, tmp_path: Path) -> None:
        reading = read(press(written(SENTENCE)) + b" " * 6 * 2**20, tmp_path)
        assert reading.outcome is Outcome.TOO_LARGE
        assert "6 MiB" in told(reading.reason)


class TestHostilePages:
    def test_a_form_that_shows_itself_ends(self, tmp_path: Path) -> None:
        content = with_content(
            b"/F6 Do", forms=[form(b"BT /T 12 Tf 72 700 Td (around) Tj ET /F7 Do", [7]), form(b"/F6 Do", [6])]
        )
        assert "around" in read(content, tmp_path).pages[0].text

    def test_forms_that_double_at_every_step_end_soon(self, tmp_path: Path) -> None:
        depth = 28  # 2^28 executions, were they all run
        forms = [form(b"/F%d Do /F%d Do" % (number + 1, number + 1), [number + 1]) for number in range(6, 6 + depth)]
        content = with_content(b"/F6 Do BT /T 12 Tf 72 700 Td (still here, all of it) Tj ET", forms=[*forms, form(b"")])
        reading = read(content, tmp_path)
        assert reading.pages[0].text == "still here, all of it"
        assert reading.seconds < 5

    def test_a_bomb_of_moderate_size_is_only_slow(self, tmp_path: Path) -> None:
        assert read(bomb(20), tmp_path).outcome is Outcome.EMPTY

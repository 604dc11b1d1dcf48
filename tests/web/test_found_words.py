"""Found words as boxes on the picture of a page: where the words are seen, and what is marked in the text."""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pypdfium2
import pytest
from fastapi.testclient import TestClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from corpus.vocabulary import load_vocabulary
from nlp.reading.pictures import WHOLE, NoPicture, PageLetters, PictureDrawer
from search_api.answers.marks import marker_of
from search_api.query.parse import parse
from tests.builders import make_document, make_source
from tests.web.library import index, keep
from web.app import make_app
from web.found_words import BOXES_MAX, WordBox, boxes_svg, found_boxes

NEAR = 60
"""In parts of WHOLE: six pixels of a picture. Antialiasing and the shape of a letter take some."""


@pytest.fixture(scope="module")
def drawer() -> Iterator[PictureDrawer]:
    drawer = PictureDrawer()
    yield drawer
    drawer.close()


def drawn_pdf(draw: Callable[[Canvas], None], *, turned: int = 0, crop: Sequence[float] = ()) -> bytes:
    """Return a PDF of one page of 300 to 400 points, turned and cropped after it was drawn."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(300, 400))
    draw(canvas)
    canvas.showPage()
    canvas.save()
    document = pypdfium2.PdfDocument(written.getvalue())
    document[0].set_rotation(turned)
    if crop:
        document[0].set_cropbox(*crop)
    changed = io.BytesIO()
    document.save(changed)
    return changed.getvalue()


def line(canvas: Canvas, x: float, y: float, *words: str) -> None:
    """Write words side by side; those that begin with `!` are red, and so are to be found."""
    for word in words:
        canvas.setFillColorRGB(float(word.startswith("!")), 0, 0)
        shown = word.removeprefix("!")
        canvas.drawString(x, y, shown + " ")
        x += canvas.stringWidth(shown + " ")


def boxes_of(drawer: PictureDrawer, path: Path, content: bytes, query: str, *, text: str = "", lang: str = "en"):
    path.write_bytes(content)
    letters = drawer.letters(path, 1)
    assert isinstance(letters, PageLetters)
    marker = marker_of(parse(query, vocabulary=load_vocabulary()).tree)
    return found_boxes(letters, marker, lang=lang, text=text or letters.text)


def red_parts(drawer: PictureDrawer, path: Path) -> WordBox:
    """Return the part of the picture that has all red letters, in parts of WHOLE."""
    picture = drawer.draw(path, 1)
    assert isinstance(picture, bytes)
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    red, green, _blue = image.split()
    mask = Image.eval(red, lambda value: 255 * (value > 150))
    dark = Image.eval(green, lambda value: 255 * (value < 110))
    found = Image.composite(mask, Image.new("L", image.size), dark).getbbox()
    assert found is not None
    left, top, right, bottom = found
    across, down = WHOLE / image.width, WHOLE / image.height
    return WordBox(round(left * across), round(top * down), round(right * across), round(bottom * down))


def around(boxes: Sequence[WordBox]) -> WordBox:
    return WordBox(*(edge(each[side] for each in boxes) for side, edge in enumerate((min, min, max, max))))


def a_page(canvas: Canvas) -> None:
    line(canvas, 40, 330, "Rules", "for", "!street", "!vendors", "in", "markets")
    line(canvas, 40, 200, "and", "for", "nobody", "else")


def upside_down(canvas: Canvas) -> None:
    """Write a page as a scanner has it that was fed from the wrong end; turned, it reads well."""
    canvas.translate(300, 500)
    canvas.rotate(180)
    a_page(canvas)


@pytest.mark.parametrize(("draw", "turned"), [(a_page, 0), (a_page, 90), (upside_down, 180), (a_page, 270)])
@pytest.mark.parametrize("crop", [(), (30, 150, 260, 390), (-50, -20, 500, 700)])
def test_boxes_are_where_the_words_are_seen(
    drawer: PictureDrawer, tmp_path: Path, draw: Callable[[Canvas], None], turned: int, crop: tuple[float, ...]
) -> None:
    path = tmp_path / "a.pdf"
    boxes = boxes_of(drawer, path, drawn_pdf(draw, turned=turned, crop=crop), '"street vendors"')
    assert len(boxes) == 1  # a phrase is one box
    for found, seen in zip(boxes[0], red_parts(drawer, path), strict=True):
        assert abs(found - seen) <= NEAR


def test_text_that_runs_upwards_has_its_box_too(drawer: PictureDrawer, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rotate(90)
        line(canvas, 60, -150, "Rules", "for", "!vendors", "here")

    boxes = boxes_of(drawer, tmp_path / "a.pdf", drawn_pdf(draw), "vendors")
    assert len(boxes) == 1
    for found, seen in zip(boxes[0], red_parts(drawer, tmp_path / "a.pdf"), strict=True):
        assert abs(found - seen) <= NEAR


def test_a_word_outside_of_what_is_shown_has_no_box(drawer: PictureDrawer, tmp_path: Path) -> None:
    content = drawn_pdf(a_page, crop=(0, 0, 300, 300))
    assert boxes_of(drawer, tmp_path / "a.pdf", content, "vendors") == ()
    assert len(boxes_of(drawer, tmp_path / "a.pdf", content, "nobody")) == 1


@pytest.mark.parametrize(
    ("query", "lang", "words"),
    [
        ("vendor", "en", ("Two", "!vendors", "and", "a", "!vendor")),  # another form
        ("economia", "es", ("La", "!Econom\u00eda", "popular")),  # accents and capitals
        ("ECONOM\u00cdA", "es", ("la", "!economia", "popular")),
        ("street vendors", "en", ("A", "market,", "!street", "!vendors", "too")),  # a concept
        ("vend*", "en", ("the", "!vending", "act")),
        ("-vendors market", "en", ("vendors", "of", "a", "!market")),
    ],
)
def test_boxes_are_around_what_is_marked_in_the_text(
    drawer: PictureDrawer, tmp_path: Path, query: str, lang: str, words: tuple[str, ...]
) -> None:
    path = tmp_path / "a.pdf"
    boxes = boxes_of(drawer, path, drawn_pdf(lambda canvas: line(canvas, 30, 300, *words)), query, lang=lang)
    for found, seen in zip(around(boxes), red_parts(drawer, path), strict=True):
        assert abs(found - seen) <= NEAR


def broken(canvas: Canvas) -> None:
    line(canvas, 40, 330, "all", "of", "the", "!infor-")
    line(canvas, 40, 316, "!mality", "of", "today")


def test_a_word_that_a_line_end_breaks_has_a_box_on_each_line(drawer: PictureDrawer, tmp_path: Path) -> None:
    boxes = boxes_of(
        drawer, tmp_path / "a.pdf", drawn_pdf(broken), "informality", text="all of the informality of today"
    )
    assert len(boxes) == 2
    assert boxes[0].bottom <= boxes[1].top
    for found, seen in zip(around(boxes), red_parts(drawer, tmp_path / "a.pdf"), strict=True):
        assert abs(found - seen) <= NEAR


def test_a_compound_keeps_its_hyphen_where_the_text_has_it(drawer: PictureDrawer, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        line(canvas, 40, 330, "work", "of", "!home-")
        line(canvas, 40, 316, "!based", "women")

    content, text = drawn_pdf(draw), "work of home-based women"
    assert len(boxes_of(drawer, tmp_path / "a.pdf", content, "home-based", text=text)) == 2
    assert len(boxes_of(drawer, tmp_path / "a.pdf", content, "based", text=text)) == 1


def test_two_columns_side_by_side_have_boxes_of_their_own(drawer: PictureDrawer, tmp_path: Path) -> None:
    def draw(canvas: Canvas) -> None:
        for x, word in ((20, "vendors"), (170, "vendors")):
            for number in range(6):
                line(canvas, x, 350 - 14 * number, "some", word if number == 2 else "people", "there")

    boxes = boxes_of(drawer, tmp_path / "a.pdf", drawn_pdf(draw), "vendors")
    assert len(boxes) == 2
    assert max(box.right - box.left for box in boxes) < WHOLE // 5


def test_a_ligature_is_its_letters(drawer: PictureDrawer, tmp_path: Path) -> None:
    stream = b"BT /F1 20 Tf 40 300 Td (the \\256sh market) Tj ET"
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 400]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/StandardEncoding>>",
    ]
    content = b"%PDF-1.4\n" + b"".join(b"%d 0 obj%s endobj\n" % (n, each) for n, each in enumerate(objects, 1))
    boxes = boxes_of(drawer, tmp_path / "a.pdf", content + b"trailer<</Root 1 0 R>>", "fish")
    assert len(boxes) == 1
    assert boxes[0].left > WHOLE // 5


def test_boxes_are_bounded_in_number() -> None:
    text = "work " * (BOXES_MAX + 50)
    letters = PageLetters(text, array("H", [10, 10, 20, 20] * len(text)))
    boxes = found_boxes(letters, marker_of(parse("work", vocabulary=load_vocabulary()).tree), lang="en", text=text)
    assert len(boxes) == BOXES_MAX
    assert len(boxes_svg(boxes)) < 40_000


def test_boxes_stay_on_the_picture() -> None:
    numbers = [
        int(each) for each in re.findall(r"[MHV ](\d+)", boxes_svg((WordBox(0, 0, WHOLE, WHOLE),)).split("d=")[1])
    ]
    assert (min(numbers), max(numbers)) == (0, WHOLE)


def test_a_file_without_letters_to_be_had_says_why(drawer: PictureDrawer, tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7 nothing more")
    assert drawer.letters(tmp_path / "a.pdf", 1) is NoPicture.BROKEN


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("found"), public_url="https://x.example", follow_licences="always"
    )
    files = open_files(settings)
    with open_store(settings) as store:
        store.sources.save(make_source("plain"))
        for name, licence in (
            ("open", "CC BY 4.0"),
            ("closed", "All rights reserved"),
            ("textonly", "CC BY-NC-ND 4.0"),
        ):
            pages = ("Rules for street vendors in markets and for nobody else",)
            document = make_document(f"d{name}", source="plain", licence=licence, pages=pages)
            keep(store, document, sha256=files.put(drawn_pdf(a_page) + b"%" + name.encode()))
    index(settings)
    with TestClient(make_app(settings)) as client:
        yield client


def test_the_boxes_are_laid_over_the_picture_of_the_page_without_script(stranger: TestClient) -> None:
    address = "/documents/dopen/pages/1.svg?q=vendors"
    assert f'<img class="found" src="{address}"' in stranger.get("/documents/dopen?q=vendors").text
    assert "pages/1.svg" not in stranger.get("/documents/dopen").text
    answer = stranger.get(address)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert answer.text.count("M") == 1
    again = stranger.get(address, headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert stranger.get("/documents/dopen/pages/1.svg?q=nobody").text != answer.text


@pytest.mark.parametrize("name", ["closed", "textonly"])
def test_where_no_picture_may_be_shown_there_are_no_boxes(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/documents/d{name}/pages/1.svg?q=vendors").status_code == 404
    assert ".svg?q" not in stranger.get(f"/documents/d{name}?q=vendors").text


@pytest.mark.parametrize("query", ["", "<script>alert(1)</script>", '"' * 50, "hovercraft", "x" * 3_000])
def test_hostile_and_empty_words_have_no_boxes(stranger: TestClient, query: str) -> None:
    answer = stranger.get("/documents/dopen/pages/1.svg", params={"q": query})
    assert answer.status_code == 200
    assert 'd=""' in answer.text
    assert "script" not in answer.text

"""Pictures of pages: drawn in a child process, kept on disk within bounds, and handed out where rights allow it."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from PIL import Image
from reportlab.pdfgen.canvas import Canvas

from corpus.errors import NotFound
from corpus.files import FileStore, open_files
from corpus.processes import TaskLimits
from corpus.settings import Settings
from corpus.store import open_store
from nlp.reading.picture import HEIGHT_MAX, PIXELS_MAX, WIDTH, scale_of
from nlp.reading.pictures import NoPicture, PictureDrawer
from tests.builders import make_document, make_source
from tests.web.library import index, keep
from web.app import make_app
from web.pictures import FOLDER, PagePictures


def pdf(width: float = 300, height: float = 400, *, pages: int = 1, password: str = "") -> bytes:
    """Return a PDF with a black square on each page."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(width, height), encrypt=password or None)
    for _ in range(pages):
        canvas.rect(0, 0, width / 2, height / 2, fill=1)
        canvas.showPage()
    canvas.save()
    return written.getvalue()


@pytest.fixture(scope="module")
def drawer() -> Iterator[PictureDrawer]:
    drawer = PictureDrawer()
    yield drawer
    drawer.close()


def drawn(drawer: PictureDrawer, path: Path, content: bytes, number: int = 1) -> bytes | NoPicture:
    path.write_bytes(content)
    return drawer.draw(path, number)


def test_a_page_becomes_a_webp_of_its_shape(drawer: PictureDrawer, tmp_path: Path) -> None:
    picture = drawn(drawer, tmp_path / "a.pdf", pdf())
    assert isinstance(picture, bytes)
    image = Image.open(io.BytesIO(picture))
    assert (image.format, image.size) == ("WEBP", (WIDTH, WIDTH * 4 // 3))
    left, right = image.getpixel((50, image.height - 50)), image.getpixel((WIDTH - 50, 50))
    assert isinstance(left, tuple)
    assert isinstance(right, tuple)
    assert max(left) < 40
    assert min(right) > 220


@pytest.mark.parametrize(("width", "height"), [(14_000_000, 14_000_000), (3, 14_400), (14_400, 3), (0.5, 0.5)])
def test_a_page_of_any_size_becomes_a_picture_within_bounds(
    drawer: PictureDrawer, tmp_path: Path, width: float, height: float
) -> None:
    picture = drawn(drawer, tmp_path / "a.pdf", pdf(width, height))
    assert isinstance(picture, bytes)
    size = Image.open(io.BytesIO(picture)).size
    assert size[0] <= WIDTH + 1
    assert size[1] <= HEIGHT_MAX + 1
    assert size[0] * size[1] <= PIXELS_MAX + WIDTH + HEIGHT_MAX


@pytest.mark.parametrize("size", [(0.0, 5.0), (float("nan"), 5.0), (float("inf"), 5.0), (-1.0, 5.0)])
def test_a_page_without_a_size_has_no_picture(size: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="no size"):
        scale_of(*size)


@pytest.mark.parametrize(
    ("content", "number", "why"),
    [
        (b"%PDF-1.7 nothing more", 1, NoPicture.BROKEN),
        (b"", 1, NoPicture.BROKEN),
        (pdf(password="secret"), 1, NoPicture.LOCKED),
        (pdf(), 9, NoPicture.BROKEN),
    ],
)
def test_a_file_that_cannot_be_drawn_says_why(
    drawer: PictureDrawer, tmp_path: Path, content: bytes, number: int, why: NoPicture
) -> None:
    assert drawn(drawer, tmp_path / "a.pdf", content, number) is why


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_drawn(tmp_path: Path) -> None:
    slow = io.BytesIO()
    canvas = Canvas(slow, pagesize=(600, 800))
    for step in range(1_000):
        canvas.ellipse(step % 300, step % 400, 600 - step % 290, 800 - step % 390, fill=1)
    canvas._code *= 60  # as if all of them had been drawn sixty times
    canvas.save()
    drawer = PictureDrawer(limits=TaskLimits(seconds=0.3, memory_mebibytes=512))
    try:
        assert drawn(drawer, tmp_path / "slow.pdf", slow.getvalue()) is NoPicture.TOO_COSTLY
        assert isinstance(drawn(drawer, tmp_path / "a.pdf", pdf()), bytes)
    finally:
        drawer.close()


class _Counting(PictureDrawer):
    """Draws nothing, and counts."""

    def __init__(self, picture: bytes | NoPicture) -> None:
        self.picture = picture
        self.drawn = 0

    def draw(self, path: Path, number: int) -> bytes | NoPicture:
        self.drawn += 1
        return self.picture


def pictures_with(folder: Path, counting: _Counting, **options: int) -> tuple[PagePictures, FileStore]:
    files = open_files(Settings(data_dir=folder))
    return PagePictures(folder, files, drawer=counting, **options), files


def test_a_picture_is_drawn_once_and_kept_for_the_next_process(tmp_path: Path) -> None:
    counting = _Counting(b"picture")
    pictures, files = pictures_with(tmp_path, counting)
    document = make_document("da", sha256=files.put(b"a"), pages=("one", "two"))
    assert [pictures.get(document, 1), pictures.get(document, 1)] == [b"picture"] * 2
    assert pictures_with(tmp_path, counting)[0].get(document, 1) == b"picture"
    assert counting.drawn == 1


def test_what_cannot_be_drawn_is_not_tried_again(tmp_path: Path) -> None:
    counting = _Counting(NoPicture.TOO_COSTLY)
    pictures, files = pictures_with(tmp_path, counting)
    document = make_document("da", sha256=files.put(b"a"), pages=("one",))
    for _ in range(2):
        with pytest.raises(NotFound, match="too much time or memory"):
            pictures.get(document, 1)
    assert counting.drawn == 1


def test_the_folder_stays_within_its_bound_and_keeps_what_was_looked_at_last(tmp_path: Path) -> None:
    pictures, files = pictures_with(tmp_path, _Counting(b"x" * 100), bytes_max=1_000)
    document = make_document("da", sha256=files.put(b"a"), pages=("one",))
    for number in range(1, 120):
        pictures.get(document, number)
        for name in (tmp_path / FOLDER).glob(f"*/*-{number}-*"):
            os.utime(name, (number, number))
    held = {int(path.name.split("-")[1]) for path in (tmp_path / FOLDER).glob("*/*.webp")}
    assert max(held) == 119
    assert len(held) <= 10 + 50  # it is counted every fifty pictures
    assert not held & set(range(1, 60))


@pytest.fixture(scope="module")
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("pictures"), public_url="https://x.example", follow_licences="always"
    )
    files = open_files(settings)
    with open_store(settings) as store:
        store.sources.save(make_source("plain"))
        for name, licence, content in (
            ("open", "CC BY 4.0", pdf(pages=2)),
            ("closed", "All rights reserved", pdf()),
            ("textonly", "CC BY-NC-ND 4.0", pdf(pages=3)),
            ("locked", "CC BY 4.0", pdf(password="secret")),
        ):
            document = make_document(f"d{name}", source="plain", licence=licence, pages=("First page.", "Second page."))
            keep(store, document, sha256=files.put(content))
        page = make_document("dhtml", source="plain", licence="CC BY 4.0", content_type="text/html", pages=("Text.",))
        keep(store, page, sha256=files.put(b"<p>Text."))
    index(settings)
    with TestClient(make_app(settings)) as client:
        yield client


def test_a_picture_is_handed_out_once_and_then_known_by_its_etag(stranger: TestClient) -> None:
    answer = stranger.get("/documents/dopen/pages/2.webp")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/webp"
    assert answer.content[8:12] == b"WEBP"
    again = stranger.get("/documents/dopen/pages/2.webp", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("name", ["closed", "textonly", "html"])
def test_where_the_file_may_not_be_shown_or_is_no_pdf_there_is_no_picture(stranger: TestClient, name: str) -> None:
    assert stranger.get(f"/documents/d{name}/pages/1.webp").status_code == 404
    assert ".webp" not in stranger.get(f"/documents/d{name}").text


@pytest.mark.parametrize("number", ["0", "3", "-1", "x", "99999999999"])
def test_a_page_that_does_not_exist_has_no_picture(stranger: TestClient, number: str) -> None:
    answer = stranger.get(f"/documents/dopen/pages/{number}.webp")
    assert answer.status_code == 404
    assert "go from 1 to 2" in answer.text


def test_a_file_with_a_password_is_answered_in_words_of_the_readers_language(stranger: TestClient) -> None:
    answer = stranger.get("/documents/dlocked/pages/1.webp", params={"locale": "es"})
    assert answer.status_code == 404
    assert "El archivo tiene contraseña" in answer.text


def test_the_picture_of_the_page_shown_is_on_the_document_page_and_loaded_on_demand(stranger: TestClient) -> None:
    html = stranger.get("/documents/dopen?page=2").text
    assert '<img src="/documents/dopen/pages/2.webp"' in html
    assert 'loading="lazy"' in html

"""The page and the API that check quotes: what they say, what they refuse, and that nothing of a text is kept."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from nlp.reading.drafts import FILE_BYTES_MAX
from search_api.quotes.drafts import QUOTES_MAX, TEXT_CHARACTERS_MAX
from web.app import make_app

TRUE = "Los vendedores ambulantes de Lima trabajan sin protección social"
CHANGED = "Los vendedores ambulantes de Lima trabajan con protección social"
UNKNOWN = "Nobody ever wrote this sentence in a document of ours"
SECRET = "xylophonic quokkas negotiate pensions"


def docx(*paragraphs: tuple[str, str]) -> bytes:
    """Return a Word document of (style, text)."""
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as file:
        file.writestr("[Content_Types].xml", "<Types/>")
        file.writestr("word/document.xml", f"<w:document {space}><w:body>{body}</w:body></w:document>")
    return packed.getvalue()


def sent(client: TestClient, text: str = "", *, file: bytes = b"", address: str = "/quotes") -> str:
    files = {"file": ("draft", file)} if file else {"file": ("", b"")}
    answer = client.post(address, data={"text": text}, files=files)
    assert answer.status_code == 200, answer.text
    return answer.text


def test_the_form_is_there_without_javascript(client: TestClient) -> None:
    page = client.get("/quotes").text
    assert '<form class="entry" action="/quotes" method="post" enctype="multipart/form-data">' in page
    assert 'href="/quotes"' in client.get("/").text


def test_each_quotation_has_its_verdict_and_a_link_to_its_page(client: TestClient) -> None:
    page = sent(client, f"Ella dice «{TRUE}» (Quispe, 2019). He says “{CHANGED}”, and “{UNKNOWN}”.")
    assert page.count('<li class="found">') == 2  # a quotation and its citation
    assert page.count('<li class="different">') == 1
    assert page.count('<li class="unknown">') == 1
    assert '/documents/dlima?page=2#page=2"' in page
    assert "<mark>con</mark>" in page
    assert "<mark>sin</mark>" in page
    assert "Negation:" in page


def test_the_page_speaks_four_languages(client: TestClient) -> None:
    for lang, words in (("es", "Encontrada"), ("fr", "Trouvée"), ("pt", "Encontrada")):
        page = sent(client, f"«{TRUE}»", address=f"/quotes?locale={lang}")
        assert f'<html lang="{lang}"' in page
        assert words in page
        assert f'action="/quotes?locale={lang}"' in page


def test_hostile_text_is_only_text(client: TestClient) -> None:
    page = sent(client, f"“<script>alert(1)</script> {TRUE}” and “hostileword & bold, <b>bold</b> script alert page”")
    assert "<script>alert" not in page
    assert "<b>bold" not in page


@pytest.mark.parametrize(
    "file",
    [
        f"He says “{TRUE}”.".encode(),
        f"<html><body><p>{'A paragraph before it. ' * 5}</p><p>He says “{TRUE}”.</p></body></html>".encode(),
        docx(("Normal", "As is said:"), ("Quote", TRUE + " y todos los días del año")),
        docx(("Normal", f"He says “{TRUE}”.")),
    ],
    ids=["text", "html", "docx block", "docx"],
)
def test_a_file_is_read_and_checked(client: TestClient, file: bytes) -> None:
    assert "/documents/dlima?page=2#page=2" in sent(client, file=file)


def test_what_cannot_be_checked_is_said_above_the_form(client: TestClient) -> None:
    for data, file, words in (
        ("", b"", "There is no text to check."),
        ("", b"PK\x03\x04" + b"word/" * 100, "The Word document could not be read."),
        ("", b"\x89PNG\r\n\x1a\n" + b"\0" * 100, "which is not read here"),
        ("x" * (TEXT_CHARACTERS_MAX + 1), b"", "400,000 characters"),
        ("", b"a" * (FILE_BYTES_MAX + 1), "10,000,000 bytes"),
    ):
        files = {"file": ("draft", file)} if file else None
        answer = client.post("/quotes", data={"text": data, "none": "1"}, files=files or {"file": ("", b"")})
        assert answer.status_code == 422
        assert words in answer.text
        assert 'role="alert"' in answer.text


def test_a_body_that_is_larger_than_any_file_is_refused_unread(client: TestClient) -> None:
    assert client.post("/quotes", content=b"x", headers={"content-length": "11000000"}).status_code == 413


def test_a_form_in_another_form_is_refused(client: TestClient) -> None:
    answer = client.post("/quotes", content=b"--x\r\n", headers={"content-type": "multipart/form-data; boundary=y"})
    assert answer.status_code == 400
    assert client.post("/quotes", content=b"{}", headers={"content-type": "application/json"}).status_code == 400


def test_a_page_of_another_site_cannot_send_texts(client: TestClient) -> None:
    headers = {"sec-fetch-site": "cross-site"}
    assert client.post("/quotes", data={"text": TRUE}, headers=headers).status_code == 403
    assert client.post("/api/v1/quotes", json={"text": TRUE}, headers=headers).status_code == 403


def test_the_api_answers_the_same_as_json(client: TestClient) -> None:
    body = client.post("/api/v1/quotes", json={"text": f"«{TRUE}» “{CHANGED}” “{UNKNOWN}” (Quispe, 2019)"}).json()
    assert [quote["verdict"] for quote in body["quotes"]] == ["found", "different", "unknown"]
    found, different, unknown = body["quotes"]
    assert found["place"]["document"]["id"] == "dlima"
    assert found["place"]["page"] == 2
    assert different["place"]["differences"] == [{"kind": "negation", "quoted": "con", "printed": "sin"}]
    assert unknown["place"] is None
    assert body["citations"][0]["documents"][0]["id"] == "dlima"
    assert body["coverage"]["documents"] > 0


def test_the_api_refuses_what_is_no_text(client: TestClient) -> None:
    assert client.post("/api/v1/quotes", json={"text": ""}).status_code == 422
    assert client.post("/api/v1/quotes", json={"words": "x"}).status_code == 422
    assert client.post("/api/v1/quotes", json={"text": "x" * (TEXT_CHARACTERS_MAX + 1)}).status_code == 422


def test_quotations_beyond_the_limit_are_counted_and_not_looked_up(client: TestClient) -> None:
    text = "\n\n".join(f"“{UNKNOWN} number {number}”" for number in range(QUOTES_MAX + 2))
    body = client.post("/api/v1/quotes", json={"text": text}).json()
    assert len(body["quotes"]) == QUOTES_MAX
    assert body["quotes_left_out"] == 2


def test_nothing_of_a_text_or_file_is_kept(
    library_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Neither in the data folder, nor among temporary files, nor in a log."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = set(library_settings.data_dir.rglob("*"))
    with TestClient(make_app(library_settings)) as client:
        text = f"“{SECRET} every day of the year” (Quokka, 2019)"
        assert SECRET in sent(client, text)
        assert SECRET in sent(client, file=text.encode())
        assert SECRET in sent(client, file=docx(("Normal", text)))
        assert client.post("/api/v1/quotes", json={"text": text}).status_code == 200
        assert client.post("/quotes", files={"file": ("a", b"\x89PNG" + SECRET.encode())}).status_code == 422
    said = capfd.readouterr()
    assert "quokkas" not in said.out + said.err
    assert list(tmp_path.iterdir()) == []
    for path in library_settings.data_dir.rglob("*"):
        if path.is_file() and (path not in before or path.suffix in (".sqlite3", ".sqlite") or "-wal" in path.name):
            assert b"quokkas" not in path.read_bytes()


@pytest.fixture
def limited(library_settings: Settings) -> Iterator[TestClient]:
    settings = replace(library_settings, quotes_rate_limit="2/hour", rate_limit_storage="memory://")
    with TestClient(make_app(settings), client=("192.0.2.9", 1)) as client:
        yield client


def test_who_sends_too_many_texts_is_told_to_wait(limited: TestClient) -> None:
    assert limited.post("/api/v1/quotes", json={"text": TRUE}).status_code == 200
    assert sent(limited, TRUE)
    answer = limited.post("/api/v1/quotes", json={"text": TRUE})
    assert answer.status_code == 429
    assert answer.headers["retry-after"]
    assert limited.get("/quotes").status_code == 200


def test_the_answer_is_kept_by_nobody_on_the_way(client: TestClient) -> None:
    answer = client.post("/quotes", data={"text": TRUE}, files={"file": ("", b"")})
    assert answer.headers["cache-control"] == "no-store"

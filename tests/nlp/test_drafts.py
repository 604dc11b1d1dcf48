"""Texts of files that are checked and not kept; a Word document that is none, or a bomb, costs nothing."""

from __future__ import annotations

import io
import zipfile

import pytest

from nlp.reading.docx_text import NotReadable, docx_text

SPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def packed(document: str, **others: str) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", document)
        for name, text in others.items():
            file.writestr(f"word/{name}.xml", text)
    return kept.getvalue()


def part(*paragraphs: str, head: str = "") -> str:
    return f'{head}<w:document xmlns:w="{SPACE}"><w:body>{"".join(paragraphs)}</w:body></w:document>'


def paragraph(*runs: str, style: str = "Normal") -> str:
    texts = "".join(f"<w:r><w:t>{run}</w:t></w:r>" for run in runs)
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{texts}</w:p>'


def test_runs_are_joined_and_paragraphs_parted() -> None:
    assert docx_text(packed(part(paragraph("One ", "two"), paragraph(" "), paragraph("three")))) == "One two\n\nthree"


@pytest.mark.parametrize("style", ["Quote", "IntenseQuote", "Citation", "Cita", "Zitat"])
def test_a_paragraph_in_a_style_for_quotations_is_marked(style: str) -> None:
    assert docx_text(packed(part(paragraph("words", style=style)))) == "> words"


def test_notes_come_after_the_text() -> None:
    content = packed(part(paragraph("text")), footnotes=part(paragraph("a note")))
    assert docx_text(content) == "text\n\na note"


def test_breaks_and_tabs_are_white_space() -> None:
    inner = "<w:p><w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:t>c</w:t></w:r></w:p>"
    assert docx_text(packed(part(inner))) == "a\nb\tc"


def test_entities_are_not_followed(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("the secret")
    head = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>'
    assert "secret" not in docx_text(packed(part("<w:p><w:r><w:t>a&e;b</w:t></w:r></w:p>", head=head)))


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04 no archive", packed("<not closed"), packed(part())[:-30]],
    ids=["empty", "no archive", "no xml", "cut"],
)
def test_what_is_no_word_document_is_refused(content: bytes) -> None:
    with pytest.raises(NotReadable):
        docx_text(content)


def test_a_bomb_is_refused() -> None:
    with pytest.raises(NotReadable):
        docx_text(packed("<w:document xmlns:w='x'>" + " " * 70_000_000))

"""What kind of file the bytes are; names and declared types are not trusted."""

from __future__ import annotations

import re
from enum import StrEnum

HEAD_BYTES = 4096
"""How much of a file is looked at."""


class Kind(StrEnum):
    """A kind of file."""

    PDF = "pdf"
    HTML = "html"
    PLAIN = "plain"
    OTHER = "other"


_HTML = re.compile(
    rb"<!doctype\s+html|<html[\s>]|<head[\s>]|<body[\s>]|<title[\s>]|<meta\s|<(?:div|p|h1|article|table|script)[\s>]",
    re.IGNORECASE,
)
_NAMED = (  # (how it begins, what a person calls it)
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Microsoft Office file"),
    (b"{\\rtf", "an RTF file"),
    (b"%!PS", "a PostScript file"),
    (b"\x89PNG", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF8", "a picture (GIF)"),
    (b"II*\x00", "a picture (TIFF)"),
    (b"MM\x00*", "a picture (TIFF)"),
    (b"Rar!", "a RAR archive"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"SQLite format 3", "a database"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
)
_ZIPPED = (
    (b"word/", "a Word document (DOCX)"),
    (b"xl/", "an Excel workbook (XLSX)"),
    (b"ppt/", "a PowerPoint presentation (PPTX)"),
    (b"opendocument.text", "an OpenDocument text (ODT)"),
    (b"opendocument.spreadsheet", "an OpenDocument sheet (ODS)"),
    (b"epub+zip", "an e-book (EPUB)"),
)
_STRANGE_SHARE_MAX = 0.01
"""Control characters in a text."""
_PLAIN_TYPES = ("text/plain", "text/markdown", "text/x-markdown")
_BYTE_ORDER_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def kind_of(head: bytes, *, content_type: str = "") -> Kind:
    """Return the kind of a file.

    Args:
        head: its first `HEAD_BYTES` bytes.
        content_type: as declared; asked only where the bytes do not tell HTML from plain text.
    """
    if b"%PDF-" in head[:1024]:  # ISO 32000-1, annex H.3.4.1: readers look for it in the first 1,024 bytes
        return Kind.PDF
    if any(head.startswith(start) for start, _name in _NAMED) or head.startswith(b"PK\x03\x04"):
        return Kind.OTHER
    declared = content_type.partition(";")[0].strip().lower()
    if declared == "application/pdf" and b"obj" in head and b"<<" in head:  # a PDF that lost its first line
        return Kind.PDF
    markup = _wide_as_ascii(head)
    is_markup = bool(_HTML.search(markup)) and (declared not in _PLAIN_TYPES or _starts_as_html(markup))
    if is_markup or declared in ("text/html", "application/xhtml+xml"):
        return Kind.HTML
    return Kind.PLAIN if _looks_like_text(head) and not markup.lstrip().startswith(b"<?xml") else Kind.OTHER


def name_of(head: bytes) -> str:
    """Return what a person calls a file that is not read: "a Word document (DOCX)"; "a kind of file ..." if unknown."""
    if head.startswith(b"PK\x03\x04"):
        return next((name for mark, name in _ZIPPED if mark in head), "a ZIP archive")
    known = next((name for start, name in _NAMED if head.startswith(start)), "")
    return known or ("an XML file" if head.lstrip().startswith(b"<?xml") else "of an unknown type")


def _starts_as_html(markup: bytes) -> bool:
    return bool(re.match(rb"\s*<(?:!doctype|html)", markup, re.IGNORECASE))


def _wide_as_ascii(head: bytes) -> bytes:
    """Return UTF-16 text as single bytes, so that markup is seen in it."""
    return head[2:].replace(b"\0", b"") if head[:2] in (b"\xff\xfe", b"\xfe\xff") else head


def _looks_like_text(head: bytes) -> bool:
    if head.startswith(_BYTE_ORDER_MARKS):
        return True
    # Texts that were copied out of a PDF hold a control character here and there; programs and pictures are full of them.
    strange = sum(byte < 32 and byte not in b"\t\n\r\x0c\x1b" for byte in head)
    return bool(head.strip()) and strange <= max(2, len(head) * _STRANGE_SHARE_MAX)

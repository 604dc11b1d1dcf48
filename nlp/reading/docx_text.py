"""The text of a Word document (DOCX): paragraphs, notes, and which paragraphs are quotations."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Any

from lxml import etree

from corpus.process_child import ParentPipe, guard_cpu

_PARTS = ("word/document.xml", "word/footnotes.xml", "word/endnotes.xml")
_PART_BYTES_MAX = 60_000_000
"""Of one part, unpacked; a thesis of a thousand pages has a tenth."""
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_QUOTE_STYLE = re.compile(r"quot|zitat|cita|citation|citacao", re.IGNORECASE)
_BLANK = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


class NotReadable(Exception):
    """The bytes are no Word document, or one that is too large."""


def read(payload: bytes, _channel: ParentPipe) -> bytes:
    """Read a document; the answer is JSON: its text, or null where it cannot be read."""
    guard_cpu(30.0)
    try:
        return json.dumps(docx_text(payload)).encode()
    except NotReadable:
        return b"null"


def docx_text(content: bytes) -> str:
    """Return the text of a Word document, a blank line between paragraphs; those in a style of quotations begin with `> `.

    Raises NotReadable: it is none, or a part of it is too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            parts = [_part(packed, name) for name in _PARTS if name in packed.namelist()]
    except (zipfile.BadZipFile, etree.XMLSyntaxError, OSError, RuntimeError, ValueError) as error:
        raise NotReadable from error
    if not parts:
        raise NotReadable
    return "\n\n".join(text for part in parts for text in _paragraphs(part))


def _part(packed: zipfile.ZipFile, name: str) -> Any:
    if packed.getinfo(name).file_size > _PART_BYTES_MAX:
        raise NotReadable
    with packed.open(name) as opened:
        content = opened.read(_PART_BYTES_MAX + 1)
    if len(content) > _PART_BYTES_MAX:  # the directory of the file said otherwise
        raise NotReadable
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))


def _paragraphs(part: Any) -> Iterator[str]:
    for paragraph in part.iter(f"{_W}p"):
        text = "".join(_BLANK.get(each.tag, each.text or "") for each in paragraph.iter(*_BLANK, f"{_W}t")).strip()
        if text:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            is_quote = style is not None and bool(_QUOTE_STYLE.search(style.get(f"{_W}val", "")))
            yield "\n".join(f"> {line}" for line in text.split("\n")) if is_quote else text

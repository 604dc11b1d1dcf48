"""Read plain text: its encoding found out, form feeds taken as ends of pages."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from nlp.reading.writing import plain_characters

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def decoded(content: bytes) -> str:
    """Return the text of bytes whose encoding nobody names; never raises, characters that make no sense become U+FFFD."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        best = from_bytes(content[:100_000]).best()
        return content.decode(best.encoding if best else "cp1252", errors="replace")


def read_plain(content: bytes) -> list[str]:
    """Return the pages of a plain text: one, unless form feeds part it."""
    pages = [plain_characters(page) for page in decoded(content).split("\f")]
    tidied = [_BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, page.split("\n")))).strip("\n") for page in pages]
    while len(tidied) > 1 and not tidied[-1]:
        tidied.pop()
    return tidied

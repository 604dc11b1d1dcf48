"""Read plain text: its encoding found out, form feeds taken as ends of pages."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from nlp.reading.writing import plain_characters

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_HEADING = re.compile(r"#{1,3}\s++((?:\S++|\s++(?!#*$))+?)\s*#*$")
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


def plain_evidence(pages: list[str]) -> FieldEvidence:
    """Return the title of a text: its first heading in Markdown, else its first line when that reads as a title."""
    first = next((line.strip() for page in pages for line in page.split("\n") if line.strip()), "")
    heading = _HEADING.match(first)
    title = " ".join((heading[1] if heading else first).split())
    is_title = 4 <= len(title) <= 200 and any(map(str.isalpha, title)) and (heading or title[-1] not in ".,;:")
    return {"title": (Evidence(title, Origin(OriginPlace.FILE, "text")),)} if is_title else {}


def read_plain(content: bytes) -> list[str]:
    """Return the pages of a plain text: one, unless form feeds part it."""
    pages = [plain_characters(page) for page in decoded(content).split("\f")]
    tidied = [_BLANK_LINES.sub("\n\n", "\n".join(map(str.rstrip, page.split("\n")))).strip("\n") for page in pages]
    while len(tidied) > 1 and not tidied[-1]:
        tidied.pop()
    return tidied

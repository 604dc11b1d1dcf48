"""Read plain text: its encoding found out, form feeds taken as ends of pages."""

from __future__ import annotations

import re

from corpus.decoding import decoded
from corpus.origins import Origin, OriginPlace
from corpus.types import Evidence, FieldEvidence
from nlp.reading.writing import plain_characters

_HEADING = re.compile(r"#{1,3}\s++((?:\S++|\s++(?!#*$))+?)\s*#*$")
_BLANK_LINES = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


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

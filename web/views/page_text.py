"""The text of a page as blocks that a browser can lay out: paragraphs flow, tables and lists keep their lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import REPEATED
from search_api.answers.snippets import Snippet
from web.document_contexts import TextBlock
from web.format import without_controls
from web.rendering import marked

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_GAP = re.compile(r"\S(?: {2,}|\t+)\S")
_SENTENCE_END = (".", ",", ";", ":", "!", "?", "…", ")", "-")
HEAD_CHARACTERS_MAX = 90
"""A single line longer than this is a sentence, not a heading."""
_RUNNING_TEXT = "running"
LINE_CHARACTERS_FLOWING = 42
"""Lines shorter than this on average were broken on purpose (addresses, lists, narrow tables)."""


_KINDS = {
    Zone.TABLE: "table",
    Zone.FIGURE: "lines",
    Zone.TITLE: "head",
    Zone.HEADING: "head",
    Zone.CAPTION: "small",
    Zone.FOOTNOTE: "small",
    **dict.fromkeys(REPEATED, "faint"),
}


def blocks_of(page: Page, *, mark: Callable[[str], Snippet]) -> tuple[TextBlock, ...]:
    """Return the blocks of a page's text: by its zones, and where not determined for them, by how its lines look.

    Args:
        page: with blank lines between paragraphs.
        mark: returns a text with the words of the search marked.
    """
    if page.zones is None:
        return tuple(_paragraphs(page.text, kind="", mark=mark))
    return tuple(
        block
        for zone, start, end in page.zones
        for block in _paragraphs(page.text[start:end], kind=_KINDS.get(zone, _RUNNING_TEXT), mark=mark)
    )


def _paragraphs(text: str, *, kind: str, mark: Callable[[str], Snippet]) -> Iterator[TextBlock]:
    text = without_controls(text)
    for paragraph in [text] if kind == "table" else _PARAGRAPH.split(text):
        lines = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        if lines:
            own = kind if kind and kind != _RUNNING_TEXT else _kind(lines)
            own = "text" if own == "head" and kind == _RUNNING_TEXT else own
            flows = own in ("text", "small")
            joined = " ".join(line.strip() for line in lines) if flows else "\n".join(lines)
            yield TextBlock(own, marked(mark(joined)))


def _kind(lines: list[str]) -> str:
    gaps = sum(1 for line in lines if _GAP.search(line))
    if len(lines) > 1 and gaps * 2 > len(lines):
        return "table"
    if len(lines) == 1:
        line = lines[0].strip()
        is_head = len(line) <= HEAD_CHARACTERS_MAX and not line.endswith(_SENTENCE_END) and line[:1].isalnum()
        return "head" if is_head and any(each.isalpha() for each in line) and not line[0].islower() else "text"
    # In a narrow column, unlike in a list, most lines go on with a small letter.
    goes_on = sum(line.lstrip()[:1].islower() for line in lines[1:]) * 2 > len(lines) - 1
    if len(lines) > 2 and not goes_on and sum(map(len, lines)) / len(lines) < LINE_CHARACTERS_FLOWING:
        return "lines"
    return "text"

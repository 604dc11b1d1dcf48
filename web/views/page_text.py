"""The text of a page as blocks that a browser can lay out: paragraphs flow, tables and lists keep their lines."""

from __future__ import annotations

import re
from collections.abc import Callable

from search_api.answers.snippets import Snippet
from web.document_contexts import TextBlock
from web.format import without_controls
from web.rendering import marked

_PARAGRAPH = re.compile(r"\n[ \t]*\n+")
_GAP = re.compile(r"\S(?: {2,}|\t+)\S")
_SENTENCE_END = (".", ",", ";", ":", "!", "?", "…", ")", "-")
HEAD_CHARACTERS_MAX = 90
"""A single line longer than this is a sentence, not a heading."""
LINE_CHARACTERS_FLOWING = 42
"""Lines shorter than this on average were broken on purpose (addresses, lists, narrow tables)."""


def blocks_of(text: str, *, mark: Callable[[str], Snippet]) -> tuple[TextBlock, ...]:
    """Return the blocks of a page's text.

    Args:
        text: of a page; blank lines between paragraphs.
        mark: returns a text with the words of the search marked.
    """
    found = []
    for paragraph in _PARAGRAPH.split(without_controls(text)):
        lines = [line.rstrip() for line in paragraph.split("\n") if line.strip()]
        if lines:
            kind = _kind(lines)
            joined = " ".join(line.strip() for line in lines) if kind == "text" else "\n".join(lines)
            found.append(TextBlock(kind, marked(mark(joined))))
    return tuple(found)


def _kind(lines: list[str]) -> str:
    gaps = sum(1 for line in lines if _GAP.search(line))
    if len(lines) > 1 and gaps * 2 > len(lines):
        return "table"
    if len(lines) == 1:
        line = lines[0].strip()
        is_head = len(line) <= HEAD_CHARACTERS_MAX and not line.endswith(_SENTENCE_END) and line[:1].isalnum()
        return "head" if is_head and any(each.isalpha() for each in line) and not line[0].islower() else "text"
    if len(lines) > 2 and sum(map(len, lines)) / len(lines) < LINE_CHARACTERS_FLOWING:
        return "lines"
    return "text"

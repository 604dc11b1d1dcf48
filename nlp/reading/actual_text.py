"""/ActualText: what a PDF says that some of its glyphs mean (ISO 32000-1, 14.9.4)."""

from __future__ import annotations

import codecs
import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from pdfminer.pdftypes import dict_value, resolve1
from pdfminer.psparser import LIT, PSLiteral
from pdfminer.utils import decode_text

ACTUAL_TEXT = LIT("ActualText")
_BLANKS = re.compile(r"\s+")
_STRANGE = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd-\uffff\ue000-\uf8ff]")
_DEPTH_MAX = 100
"""Marked contents inside one another that are kept; real pages have five or six."""


class MarkedContent(NamedTuple):
    """A sequence of marked content that has begun."""

    text: str
    """What is said of it; empty when nothing is."""
    start: int
    """Spans that was before it."""


def said_of(operands: Sequence[Any], properties: Any) -> str:
    """Return the /ActualText of the operands of BDC; empty where there is none that could be read.

    Args:
        operands: the tag, then either the name of a property list or what is in one, key after value.
        properties: the property lists of the page, by name.
    """
    if not operands:
        return ""
    if len(operands) == 2 and isinstance(operands[1], PSLiteral):
        if not properties:
            return ""
        given = resolve1(dict_value(properties).get(operands[1].name))
        value = resolve1(given.get("ActualText")) if isinstance(given, dict) else None
    elif ACTUAL_TEXT in operands[1:-1]:
        value = operands[operands.index(ACTUAL_TEXT, 1) + 1]
    else:
        return ""
    if not isinstance(value, bytes):
        return ""
    text = value[3:].decode("utf-8", errors="replace") if value.startswith(codecs.BOM_UTF8) else decode_text(value)
    return "" if _STRANGE.search(text) else _BLANKS.sub(" ", text)


_SILENT = MarkedContent("", 0)


class MarkedContents:
    """The sequences of marked content that are open, innermost last."""

    def __init__(self) -> None:
        self._open: list[MarkedContent] = []
        self._too_deep = 0

    def begin(self, text: str, *, start: int) -> None:
        """Open one; what is in a sequence that has a text already is said by that."""
        if len(self._open) >= _DEPTH_MAX:
            self._too_deep += 1
            return
        if not text or any(outer.text for outer in self._open):
            self._open.append(_SILENT)
        else:
            self._open.append(MarkedContent(text, start))

    def end(self) -> MarkedContent | None:
        """Close the innermost; None when none is open."""
        if self._too_deep:
            self._too_deep -= 1
            return None
        return self._open.pop() if self._open else None


def replaces(said: str, shown: Sequence[str]) -> bool:
    """Say whether a text is to stand for the glyphs: not where it says the same, or blanks for letters."""
    glyphs = "".join(shown)
    if not said.strip():
        return not any(map(str.isalnum, glyphs)) and bool(glyphs.strip())
    return _BLANKS.sub("", said) != _BLANKS.sub("", glyphs)

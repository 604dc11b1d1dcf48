"""Where the lines of a page stand and in which type: what is left of a PDF's drawing when its text has been written down."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from nlp.reading.lines import Line
from nlp.reading.writing import plain_characters

_BOLD = re.compile(r"bold|black|heavy|semibold|demi(?!italic)|[-,]b$|bd\b|BdCn|-med(?:i|ium)?$", re.IGNORECASE)
_SLANTED = re.compile(r"ital|obliq|slant|[-,]i$", re.IGNORECASE)
_LINES_LOOKED_THROUGH = 12
"""Of the page: so many are looked through for one of its text, when the next is not it."""


class LinePlace(NamedTuple):
    """Where a line stands; PDF points, y of its baseline from the bottom of the page upwards."""

    x0: float
    x1: float
    y: float
    size: float
    """Height of the type."""
    bold: bool
    slanted: bool


class PageLayout(NamedTuple):
    """A page as it is drawn."""

    width: float
    height: float
    """Points."""
    places: tuple[LinePlace, ...]
    """Of each line of the page's text that is not blank."""


def layout_of(text: str, lines: Sequence[Line], *, width: float, height: float) -> PageLayout | None:
    """Return the layout of a page; None when its lines are not known.

    Args:
        text: of the page.
        lines: of which the text was made, in its order. Words broken at line ends may have been joined in the text.
    """
    written = [line for line in text.split("\n") if line.strip()]
    if not lines or not written:
        return None
    drawn = [_plain(line.text) for line in lines]
    places: list[LinePlace] = []
    at = 0
    for line in written:
        if at >= len(drawn) or drawn[at] != line:
            at = _found(line, drawn, at)
        on = lines[min(at, len(lines) - 1)]
        places.append(LinePlace(on.x0, on.x1, on.y, on.size, *_style(on.font)))
        at += 1
    return PageLayout(width, height, tuple(places))


def _plain(text: str) -> str:
    return (text if text.isascii() and text.isprintable() else plain_characters(text)).strip(" ")


def _found(line: str, drawn: Sequence[str], start: int) -> int:
    """Return which of the next lines has the middle of a line, whose ends words that were joined may have changed."""
    middle = line[len(line) // 4 : len(line) * 3 // 4 + 1]
    for at in range(start, min(start + _LINES_LOOKED_THROUGH, len(drawn))):
        if middle in drawn[at]:
            return at
    return max(0, start - 1)


@lru_cache(maxsize=2_000)
def _style(font: str) -> tuple[bool, bool]:
    """Return whether a font is bold, and whether it is slanted."""
    name = font.rpartition("+")[2]
    return bool(_BOLD.search(name)), bool(_SLANTED.search(name))

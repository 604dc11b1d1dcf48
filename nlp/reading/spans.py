"""What a page shows: spans of text, each with its place, size and font."""

from __future__ import annotations

import math
import re
from typing import NamedTuple

from nlp.reading.writing import is_mark

SPACE_EMS = 0.18
"""A gap wider than this, in ems, is a space; smaller ones are kerning. Chosen by agreement with the publishers' own text."""

WORD_GAP_EMS = 1.5
"""Wider gaps are those between the cells of a row or between columns."""
NUMBER_GAP_EMS = 0.6
"""Between two numbers, this is one: the space inside a number, before its thousands, is narrower."""
CELL_GAP = "  "
"""Stands between cells."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
"""Thai, Lao, Burmese and Khmer have no blanks between words; those between sentences are glyphs."""
_UNSPACED_EMS = 0.6


class ShownText(NamedTuple):
    """What one operator shows; coordinates in PDF points from the lower left corner of the page as it is seen."""

    text: str
    x0: float
    """Where it begins, on its baseline."""
    y0: float
    x1: float
    """Where it ends."""
    y1: float
    size: float
    """Height of the type, points."""
    font: str
    """Name of the font, such as `ABCDEF+Times-Bold`."""


def blank_ems(before: str, after: str) -> float:
    """Return how wide a gap between two texts has to be to stand for a blank, ems."""
    if after.isascii():
        return SPACE_EMS
    if is_mark(after):
        return math.inf
    in_sentence = _UNSPACED.match(after) and _UNSPACED.match(before[-1:]) and not after[0].isdigit()
    return _UNSPACED_EMS if in_sentence else SPACE_EMS


def are_numbers(before: str, after: str) -> bool:
    """Say whether a text ends with a number and another begins with one."""
    return before.rstrip()[-1:].isdigit() and after.lstrip(" -–+(")[:1].isdigit()


def blank_for(gap: float, *, before: str, after: str) -> str:
    """Return what a gap between two texts stands for: nothing, a blank, or CELL_GAP; less where they have blanks.

    Args:
        gap: ems.
    """
    if gap >= WORD_GAP_EMS or (gap >= NUMBER_GAP_EMS and are_numbers(before, after)):
        has = (len(before) - len(before.rstrip(" "))) + (len(after) - len(after.lstrip(" ")))
        return CELL_GAP[has:]
    if before.endswith(" ") or after.startswith(" ") or gap <= blank_ems(before, after):
        return ""
    return " "

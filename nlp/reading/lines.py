"""From spans to lines: what is on one baseline belongs together."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from nlp.reading.accents import UNDER_ACCENT_EMS, with_accent
from nlp.reading.glyphs import BULLET
from nlp.reading.spans import CELL_GAP, NUMBER_GAP_EMS, WORD_GAP_EMS, ShownText, are_numbers, blank_ems
from nlp.reading.writing import is_mark, is_right_to_left

_SAME_BASELINE_EMS = 0.4
_BACKWARD_EMS = -0.5
"""A span may begin this far inside the one before it (kerning, accents, bold by double printing)."""
_MARK_BACKWARD_EMS = -1.6
"""So far a vowel or tone mark may: it is on the letter before it."""
_NUMBER_SHIFT_EMS, _NUMBER_GAP_EMS = 0.06, 0.1
"""Figures that stand this much higher or lower, or apart, are of different numbers when each is shown on its own."""
_ORDINAL_ENDINGS = frozenset(("e", "er", "ère", "re", "ème", "èm", "o", "a", "st", "nd", "rd", "th"))
_RAISED_GAP_EMS = 0.3
_RISE_MIN, _RISE_MAX = 0.12, 0.6
"""Of the size of the text: how far above it the marks of footnotes stand."""
_MARK_GAP_MIN, _MARK_GAP_MAX, _MARK_LENGTH_MAX = -0.3, 0.6, 3
"""How near beside it, ems, and the most figures that they have."""
_SMALL = 0.78
"""Raised marks are set smaller than this share of the line."""
_UNIT = re.compile(r"(?:^|[\s\d])(?:[kcmd]?m|ft|ha)$")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(slots=True)
class Line:
    """Text on one baseline; coordinates in PDF points, y from the bottom of the page upwards."""

    text: str
    x0: float
    x1: float
    y: float
    size: float
    """Height of the type that shows most of its first span."""
    font: str


def join_spans(spans: Iterable[ShownText]) -> list[Line]:
    """Return the lines that spans make up, in the order in which the page shows them.

    Cells of one table row stay on one line, two spaces apart; a mark of a footnote is set off from its word.
    """
    lines: list[Line] = []
    last: ShownText | None = None
    for span in spans:
        if not span.text or (last is not None and _is_same_bullet(span, last=last)):
            continue
        line = lines[-1] if lines else None
        if line is None or last is None or not _continues(span, last=last, line=line):
            lines.append(Line(span.text, span.x0, span.x1, span.y0, span.size, span.font))
        else:
            _append(span, last=last, line=line)
        last = span
    return [line for line in lines if line.text.strip()]


def _continues(span: ShownText, *, last: ShownText, line: Line) -> bool:
    size = max(span.size, last.size, line.size)
    if _is_beside_raised_mark(span, last=last, line=line):
        return True
    if abs(last.y0 - span.y0) >= _SAME_BASELINE_EMS * size and abs(line.y - span.y0) >= _SAME_BASELINE_EMS * size:
        return False
    if _is_backward(span, last=last, line=line):
        return _BACKWARD_EMS * size <= last.x0 - span.x1 < WORD_GAP_EMS * size
    back = _MARK_BACKWARD_EMS if is_mark(span.text) or _is_accented(span, last=last) else _BACKWARD_EMS
    return span.x0 - last.x1 >= back * size


def _is_accented(span: ShownText, *, last: ShownText) -> bool:
    """Say whether the accent of one of two spans belongs to the other's letter."""
    return span.x0 - last.x1 < UNDER_ACCENT_EMS * span.size and with_accent(last.text, span.text) is not None


def _is_beside_raised_mark(span: ShownText, *, last: ShownText, line: Line) -> bool:
    """Say whether a span is a mark (of a footnote, the er of 1er) right after its word, or text right after one that begins a line.

    Word processors raise marks by up to half of the type; text of another line is further away, or not beside.
    """
    if span.size < _SMALL * line.size:
        small, size, rise = span.text, line.size, span.y0 - line.y
    elif line.size < _SMALL * span.size:
        small, size, rise = line.text, span.size, line.y - span.y0
    else:
        return False
    gap = span.x0 - last.x1
    return (
        _RISE_MIN * size < rise <= _RISE_MAX * size
        and _MARK_GAP_MIN * size <= gap <= _MARK_GAP_MAX * size
        and len(small.strip()) <= _MARK_LENGTH_MAX
        and ((small.strip().isascii() and small.strip().isdigit()) or small.strip().lower() in _ORDINAL_ENDINGS)
    )


def _is_same_bullet(span: ShownText, *, last: ShownText) -> bool:
    """Say whether a span is the bullet that was just said: InDesign says it of the tab beside the glyph too (/ActualText)."""
    return (
        span.text.strip() == BULLET == last.text.strip()
        and abs(span.y0 - last.y0) < _NUMBER_SHIFT_EMS * span.size
        and abs(span.x0 - last.x0) < span.size
    )


def _is_backward(span: ShownText, *, last: ShownText, line: Line) -> bool:
    return span.x0 < last.x0 and (is_right_to_left(span.text) or is_right_to_left(line.text))


def _append(span: ShownText, *, last: ShownText, line: Line) -> None:
    text, gap = span.text, span.x0 - last.x1
    if _is_backward(span, last=last, line=line):
        gap = last.x0 - span.x1
    if gap < UNDER_ACCENT_EMS * span.size and (both := with_accent(line.text, text)):
        line.text, text = both
    elif _is_raised_mark(span, line=line):
        text = _set_off(text, after=line.text)
    elif gap >= WORD_GAP_EMS * max(span.size, last.size) or (
        gap >= NUMBER_GAP_EMS * span.size and are_numbers(line.text, text)
    ):
        line.text, text = line.text.rstrip(), CELL_GAP + text.lstrip()
    elif (
        not line.text.endswith(" ")
        and not text.startswith(" ")
        and (_is_apart(span, gap, last=last, line=line) or _begins_note(span, last=last, line=line))
    ):
        text = " " + text
    if line.size < span.size and len(span.text) > len(line.text):  # an initial or a number set smaller comes first
        line.size, line.font, line.y = span.size, span.font, span.y0
    line.text += text
    line.x0, line.x1 = min(line.x0, span.x0), max(line.x1, span.x1)


def _is_apart(span: ShownText, gap: float, *, last: ShownText, line: Line) -> bool:
    """Say whether a span begins another word than the one before it, `gap` points away."""
    if _is_raised_ending(span, line=line):
        return gap > _RAISED_GAP_EMS * line.size
    return gap > blank_ems(line.text, span.text) * span.size or _is_next_number(span, last=last)


def _is_next_number(span: ShownText, *, last: ShownText) -> bool:
    """Say whether a span begins another number than the one before it, close as they stand (labels of a chart)."""
    if not (span.text[0].isdigit() and last.text[-1].isdigit()):
        return False
    shift, gap = abs(span.y0 - last.y0), span.x0 - last.x1
    return shift > _NUMBER_SHIFT_EMS * span.size or (
        gap > _NUMBER_GAP_EMS * span.size and len(span.text) + len(last.text) > 3
    )


def _is_raised_mark(span: ShownText, *, line: Line) -> bool:
    return (
        span.size < _SMALL * line.size
        and span.y0 - line.y > _RISE_MIN * line.size
        and span.text.strip().isascii()
        and span.text.strip().isdigit()
        and not line.text[-1:].isdigit()
    )


def _begins_note(span: ShownText, *, last: ShownText, line: Line) -> bool:
    """Say whether a span is the first word of a footnote, after its raised mark, which TeX puts close to it."""
    return (
        line.text.strip().isdigit()
        and span.text[0].isalpha()
        and last.size < _SMALL * span.size
        and last.y0 - span.y0 > _RISE_MIN * span.size
    )


def _is_raised_ending(span: ShownText, *, line: Line) -> bool:
    """Say whether a span is the raised ending of an ordinal number: 148e, 1st, 3o."""
    return (
        line.text[-1:].isdigit()
        and span.size < _SMALL * line.size
        and span.y0 - line.y > _RISE_MIN * line.size
        and span.text.strip().lower() in _ORDINAL_ENDINGS
    )


def _set_off(digits: str, *, after: str) -> str:
    """Return raised digits as they are to be written: an exponent of a unit, or the mark of a footnote."""
    if _UNIT.search(after) and digits.strip() in ("2", "3"):
        return digits.translate(_SUPERSCRIPTS)
    return digits if after.endswith(" ") else " " + digits

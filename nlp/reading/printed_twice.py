"""Text that a page shows more than once in one place (bold by printing twice, shadows) is read once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from nlp.reading.lines import Line
from nlp.reading.spans import ShownText

_SHIFT_EMS = 0.12
"""How far apart two prints of one text may be. A letter that stands twice in a word (`ll`) is further away."""
_LINE_SHIFT_EMS = 0.3
_LETTERS_MIN = 3
_SHIFT_OF_WIDTH = 0.4
"""As a share of the width: narrow letters stand closer than that shift."""


def without_second_prints(spans: Sequence[ShownText]) -> list[ShownText]:
    """Return spans without those that say again, in the same place, what one before them says."""
    texts = [span.text for span in spans if not span.text.isspace()]
    if len(set(texts)) == len(texts):
        return list(spans)
    counted = Counter(span.text for span in spans)
    shown: dict[tuple[str, int, int], list[ShownText]] = {}
    kept: list[ShownText] = []
    for span in spans:
        if counted[span.text] > 1 and span.text:
            cell = max(1.0, _SHIFT_EMS * span.size)
            column, row = int(span.x0 // cell), int(span.y0 // cell)
            around = (
                shown.get((span.text, x, y)) for x in range(column - 1, column + 2) for y in range(row - 1, row + 2)
            )
            if any(_is_same_place(span, other) for others in around if others for other in others):
                continue
            shown.setdefault((span.text, column, row), []).append(span)
        kept.append(span)
    return kept


def without_repeated_lines(lines: Sequence[Line]) -> list[Line]:
    """Return lines without those that say again, in the same place, what one before them says: in one piece or in several."""
    keys = ["".join(line.text.split()) for line in lines]
    if len(set(keys)) == len(keys):
        return list(lines)
    counted = Counter(keys)
    shown: dict[str, list[Line]] = {}
    kept: list[Line] = []
    for key, line in zip(keys, lines, strict=True):
        if counted[key] > 1 and len(key) >= _LETTERS_MIN:
            if any(_is_same_line(line, other) for other in shown.get(key, ())):
                continue
            shown.setdefault(key, []).append(line)
        kept.append(line)
    return kept


def _is_same_line(one: Line, other: Line) -> bool:
    shift = _LINE_SHIFT_EMS * max(one.size, 1.0)
    return max(abs(one.x0 - other.x0), abs(one.y - other.y), abs(one.x1 - other.x1) / 2) <= shift


def _is_same_place(one: ShownText, other: ShownText) -> bool:
    width = max(abs(one.x1 - one.x0), abs(one.y1 - one.y0))
    shift = min(_SHIFT_EMS * one.size, _SHIFT_OF_WIDTH * width) if width else _SHIFT_EMS * one.size
    return (
        abs(one.size - other.size) <= 0.1 * one.size
        and abs(one.x0 - other.x0) <= shift
        and abs(one.y0 - other.y0) <= _SHIFT_EMS * one.size
    )

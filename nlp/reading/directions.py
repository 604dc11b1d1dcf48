"""Lines with words of both directions: the spans of a line in the order in which they are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nlp.reading.spans import ShownText, blank_for
from nlp.reading.writing import is_mark, is_mostly_right_to_left, is_right_to_left

_SAME_BASELINE_EMS = 0.4


def in_reading_order(spans: Sequence[ShownText]) -> list[ShownText]:
    """Return spans so that those of each line with right-to-left words are read in turn; all others as they were.

    A passage of the other direction within a line becomes one span.
    """
    if not any(is_right_to_left(span.text) for span in spans):
        return list(spans)
    ordered: list[ShownText] = []
    for line in _baselines(spans):
        if any(is_right_to_left(span.text) for span in line):
            ordered += _read_in_turn(_with_marks(line))
        else:
            ordered += line
    return ordered


def _baselines(spans: Sequence[ShownText]) -> Iterator[list[ShownText]]:
    """Yield spans that a page shows one after the other and on one baseline."""
    line: list[ShownText] = []
    for span in spans:
        if line and abs(span.y0 - line[-1].y0) >= _SAME_BASELINE_EMS * max(span.size, line[-1].size):
            yield line
            line = []
        line.append(span)
    if line:
        yield line


def _with_marks(line: Sequence[ShownText]) -> list[ShownText]:
    """Return spans in which a mark that is shown on its own belongs to the letter before it."""
    joined: list[ShownText] = []
    for span in line:
        if joined and is_mark(span.text) and not span.text[1:].strip():
            joined[-1] = joined[-1]._replace(text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return joined


def _read_in_turn(line: Sequence[ShownText]) -> Iterator[ShownText]:
    """Yield the spans of a line; direction of the line is that of most of its letters."""
    is_backward = is_mostly_right_to_left("".join(span.text for span in line))
    placed = sorted(line, key=lambda span: span.x0)
    passage: list[ShownText] = []
    for span in reversed(placed) if is_backward else placed:
        if _is_of_other_direction(span, backward=is_backward):
            passage.append(span)
            continue
        if passage:
            yield _one_span(passage, forward=is_backward)
            passage = []
        yield span
    if passage:
        yield _one_span(passage, forward=is_backward)


def _is_of_other_direction(span: ShownText, *, backward: bool) -> bool:
    if backward:
        return not is_right_to_left(span.text) and any(map(str.isalnum, span.text))
    return is_right_to_left(span.text)


def _one_span(passage: Sequence[ShownText], *, forward: bool) -> ShownText:
    """Return spans of one direction as one; they come in the order of the line, which is the other."""
    text, last = "", None
    for span in reversed(passage):
        if last is not None:
            gap = (span.x0 - last.x1 if forward else last.x0 - span.x1) / (span.size or 1)
            text += blank_for(gap, before=text, after=span.text)
        text += span.text
        last = span
    leftmost, rightmost = min(passage, key=lambda span: span.x0), max(passage, key=lambda span: span.x1)
    return leftmost._replace(text=text, x1=rightmost.x1, y1=rightmost.y1)

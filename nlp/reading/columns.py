"""Columns of running text that a page shows row by row, across the gutter: read one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from nlp.reading.spans import ShownText
from nlp.reading.writing import is_mostly_right_to_left

_GUTTER_EMS = 0.9
"""Columns are at least this far apart."""
_SAME_BASELINE_EMS = 0.4
_UP_EMS = 0.6
"""A page that goes up further than this has begun its next column on its own."""
_DOWN_EMS = 3.0
"""Rows further apart are of different blocks."""
_LINES_MIN = 4
"""Lines of each column; fewer are as likely a table."""
_ROWS_SHARE = 0.6
"""So many of the lines of the shorter column have one of the other beside them, shown next."""
_CONTINUED_SHARE = 0.5
"""So many lines of running text begin with a small letter."""
_CHARACTERS_MIN = 12
"""Of a line of running text, on average."""
_FILLED_SHARE = 0.7
"""In scripts without small letters: this many lines fill most of their column."""


@dataclass(slots=True)
class _Segment:
    """Spans on one baseline with no gutter between them."""

    spans: list[ShownText]
    x0: float
    x1: float
    y: float
    size: float

    @property
    def text(self) -> str:
        return "".join(span.text for span in self.spans).strip()


def in_columns(spans: Sequence[ShownText]) -> list[ShownText]:
    """Return spans in which columns that were shown row by row follow one another; tables stay rows."""
    if not _has_rows(spans):
        return list(spans)
    segments = _segments(spans)
    ordered: list[ShownText] = []
    at = 0
    while at < len(segments):
        if at + 1 == len(segments) or abs(segments[at + 1].y - segments[at].y) > segments[at].size:
            ordered += segments[at].spans
            at += 1
            continue
        block = _block(segments, at)
        columns = _columns(block) if len(block) >= 2 * _LINES_MIN else [block]
        if len(columns) > 1 and all(map(_is_running_text, columns)):
            at += len(block)
            if is_mostly_right_to_left("".join(segment.text for segment in block)):
                columns.reverse()
            ordered += [span for column in columns for segment in column for span in segment.spans]
        else:
            # A table is passed over as a whole; of fewer lines than columns have, the next may be the first of a column.
            end = at + (len(block) if len(columns) > 1 else 1)
            ordered += [span for segment in segments[at:end] for span in segment.spans]
            at = end
    return ordered


def _has_rows(spans: Sequence[ShownText]) -> bool:
    """Say whether there are enough places where a page continues beyond a gap, on one baseline."""
    gaps = sum(
        abs(span.y0 - before.y0) < _SAME_BASELINE_EMS * span.size
        and (span.x0 - before.x1 > _GUTTER_EMS * span.size or before.x0 - span.x1 > _GUTTER_EMS * span.size)
        for before, span in itertools.pairwise(spans)
    )
    return gaps >= _LINES_MIN * _ROWS_SHARE


def _segments(spans: Sequence[ShownText]) -> list[_Segment]:
    segments: list[_Segment] = []
    for span in spans:
        last = segments[-1] if segments else None
        size = max(span.size, 1.0)
        if (
            last is not None
            and abs(span.y0 - last.y) < _SAME_BASELINE_EMS * size
            and span.x0 - last.x1 < _GUTTER_EMS * size
            and last.x0 - span.x1 < _GUTTER_EMS * size
        ):
            last.spans.append(span)
            last.x0, last.x1 = min(last.x0, span.x0), max(last.x1, span.x1)
        else:
            segments.append(_Segment([span], min(span.x0, span.x1), max(span.x0, span.x1), span.y0, size))
    return segments


def _block(segments: Sequence[_Segment], at: int) -> list[_Segment]:
    """Return the longest run of segments from `at` on that lie on one side or the other of one gutter, ever further down."""
    first = segments[at]
    pair = sorted((first, segments[at + 1]), key=lambda segment: segment.x0)
    low, high = pair[0].x1, pair[1].x0
    block: list[_Segment] = []
    for segment in segments[at:]:
        if block:
            down = block[-1].y - segment.y
            if down < -_UP_EMS * segment.size or down > _DOWN_EMS * segment.size:
                break
            if abs(segment.size - first.size) > 0.2 * first.size and segment.text:
                break
        middle = (low + high) / 2
        new_low = max(low, segment.x1) if segment.x1 <= middle or segment.x0 < low else low
        new_high = min(high, segment.x0) if new_low == low and segment.x0 >= low else high
        if new_high - new_low < _GUTTER_EMS * segment.size:
            break
        low, high = new_low, new_high
        block.append(segment)
    return block


def _columns(block: Sequence[_Segment]) -> list[list[_Segment]]:
    """Return the columns of a block, leftmost first; the block itself when it has no two."""
    gutter = _gutter(block)
    if gutter is None:
        return [list(block)]
    left = [segment for segment in block if segment.x1 <= gutter]
    right = [segment for segment in block if segment.x1 > gutter]
    shorter = min(len(left), len(right))
    changes = sum((one.x1 <= gutter) != (other.x1 <= gutter) for one, other in itertools.pairwise(block))
    if shorter < _LINES_MIN or changes < 2 * _ROWS_SHARE * shorter:
        return [list(block)]
    return [*_columns(left), *_columns(right)]


def _gutter(block: Sequence[_Segment]) -> float | None:
    """Return the middle of the first strip, from the left, that no segment touches; None where there is none."""
    edges = sorted((segment.x0, segment.x1) for segment in block)
    reach = edges[0][1]
    for x0, x1 in edges:
        if x0 - reach > _GUTTER_EMS * block[0].size:
            return (x0 + reach) / 2
        reach = max(reach, x1)
    return None


def _is_running_text(column: Sequence[_Segment]) -> bool:
    texts = [segment.text for segment in column if segment.text]
    if len(texts) < _LINES_MIN or sum(map(len, texts)) < _CHARACTERS_MIN * len(texts):
        return False
    letters = sum(map(str.isalpha, "".join(texts)))
    if letters < 0.7 * len("".join(texts).replace(" ", "")):
        return False
    cased = [text for text in texts[1:] if text[0].isupper() or text[0].islower()]
    if len(cased) >= 0.5 * (len(texts) - 1):
        return sum(text[0].islower() for text in cased) >= _CONTINUED_SHARE * (len(texts) - 1)
    return sum(_filled(column)) >= _FILLED_SHARE * len(column)


def _filled(column: Sequence[_Segment]) -> Iterator[bool]:
    width = max(segment.x1 for segment in column) - min(segment.x0 for segment in column)
    for segment in column:
        yield segment.x1 - segment.x0 > 0.7 * width

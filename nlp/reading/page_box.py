"""Where on a page a reader sees text: what stands outside (printers' slugs, cut off notes) is not part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from pdfminer.pdfpage import PDFPage

from nlp.reading.spans import ShownText

_SIDE_MIN = 20.0
"""Points. A box with a shorter side is a mistake, and is not believed."""


class Box(NamedTuple):
    """A rectangle in points, from the lower left corner of the page as it is seen."""

    x0: float
    y0: float
    x1: float
    y1: float


def seen_box(page: PDFPage) -> Box | None:
    """Return the part of a page that is shown: its CropBox within its MediaBox; None when they make no sense."""
    left, bottom, right, top = page.mediabox
    crop = _ordered(page.cropbox)
    x0, x1 = max(crop.x0, min(left, right)), min(crop.x1, max(left, right))
    y0, y1 = max(crop.y0, min(bottom, top)), min(crop.y1, max(bottom, top))
    if x1 - x0 < _SIDE_MIN or y1 - y0 < _SIDE_MIN:
        return None
    # As pdfminer turns pages, so that what is seen starts at 0, 0.
    match page.rotate:
        case 90:
            return Box(y0 - bottom, right - x1, y1 - bottom, right - x0)
        case 180:
            return Box(right - x1, top - y1, right - x0, top - y0)
        case 270:
            return Box(top - y1, x0 - left, top - y0, x1 - left)
    return Box(x0 - left, y0 - bottom, x1 - left, y1 - bottom)


def within(spans: Sequence[ShownText], box: Box | None) -> list[ShownText]:
    """Return the spans of which any part stands in a box; all where there is none."""
    if box is None:
        return list(spans)
    return [span for span in spans if _is_within(span, box)]


def _is_within(span: ShownText, box: Box) -> bool:
    size = span.size
    return (
        max(span.x0, span.x1) > box.x0
        and min(span.x0, span.x1) < box.x1
        and max(span.y0, span.y1) + size > box.y0
        and min(span.y0, span.y1) < box.y1
    )


def _ordered(box: Sequence[float]) -> Box:
    x0, y0, x1, y1 = box
    return Box(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))

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
    return shown_part(page.mediabox, crop=page.cropbox, rotate=page.rotate)


def shown_part(media: Sequence[float], *, crop: Sequence[float], rotate: int) -> Box | None:
    """Return the part of a media box that is shown, as a reader sees it; None when the boxes make no sense."""
    left, bottom, right, top = _ordered(media)
    inner = _ordered(crop)
    x0, x1 = max(inner.x0, left), min(inner.x1, right)
    y0, y1 = max(inner.y0, bottom), min(inner.y1, top)
    if x1 - x0 < _SIDE_MIN or y1 - y0 < _SIDE_MIN:
        return None
    return _ordered((*as_seen(x0, y0, media=media, rotate=rotate), *as_seen(x1, y1, media=media, rotate=rotate)))


def as_seen(x: float, y: float, *, media: Sequence[float], rotate: int) -> tuple[float, float]:
    """Return a point of a page from the lower left corner of the page as it is seen: turned, and starting at 0, 0.

    Args:
        media: its MediaBox.
        rotate: degrees clockwise; others than 90, 180 and 270 count as 0, as for pdfminer.
    """
    left, bottom, right, top = media
    match rotate:
        case 90:
            return y - bottom, right - x
        case 180:
            return right - x, top - y
        case 270:
            return top - y, x - left
    return x - left, y - bottom


def within(spans: Sequence[ShownText], box: Box | None) -> list[ShownText]:
    """Return the spans of which any part is in a box; all where there is none."""
    if box is None:
        return list(spans)
    left, bottom, right, top = box
    return [
        span
        for span in spans
        if (left < span.x0 < right and bottom < span.y0 < top) or _is_within(span, box)  # the first is much quicker
    ]


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

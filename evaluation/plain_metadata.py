"""The plainest way to a title, to compare with: the lines of the first page with the largest letters."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pdfminer.high_level import extract_pages
from pdfminer.layout import LTChar, LTContainer, LTTextLine

_SAME_SIZE_POINTS = 0.5


def largest_lines(path: Path) -> str:
    """Return the lines of page 1 with the largest letters, in their order; empty when it has none or cannot be read."""
    try:
        page = next(iter(extract_pages(path, maxpages=1)), None)
        lines = [(size, text) for size, text in _lines(page) if text] if page is not None else []
    except MemoryError:
        raise
    except Exception:  # whatever a broken file makes pdfminer raise
        return ""
    largest = max((size for size, _ in lines), default=0.0)
    return " ".join(text for size, text in lines if size > largest - _SAME_SIZE_POINTS)


def _lines(element: object) -> Iterator[tuple[float, str]]:
    if isinstance(element, LTTextLine):
        size = max((char.size for char in element if isinstance(char, LTChar)), default=0.0)
        yield size, " ".join(element.get_text().split())
    elif isinstance(element, LTContainer):
        for each in element:
            yield from _lines(each)

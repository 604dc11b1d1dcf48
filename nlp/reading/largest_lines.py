"""The plainest way to a title: the lines of page 1 with the largest letters. `pushcart evaluate metadata` compares with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LAParams, LTChar, LTContainer, LTTextLine
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

_SAME_SIZE_POINTS = 0.5


def largest_lines(path: Path) -> str:
    """Return the lines of page 1 with the largest letters, in their order; empty when it has none or cannot be read."""
    try:
        lines = [(size, text) for size, text in _lines(_first_page(path)) if text]
    except MemoryError:
        raise
    except Exception:  # whatever a broken file makes pdfminer raise
        return ""
    largest = max((size for size, _ in lines), default=0.0)
    return " ".join(text for size, text in lines if size > largest - _SAME_SIZE_POINTS)


def _first_page(path: Path) -> object:
    """Return the layout of page 1; None when the file has no page."""
    resources = PDFResourceManager()
    device = PDFPageAggregator(resources, laparams=LAParams())
    with path.open("rb") as file:
        page = next(iter(PDFPage.create_pages(PDFDocument(PDFParser(file)))), None)
        if page is None:
            return None
        PDFPageInterpreter(resources, device).process_page(page)
    return device.get_result()


def _lines(element: object) -> Iterator[tuple[float, str]]:
    if isinstance(element, LTTextLine):
        size = max((char.size for char in element if isinstance(char, LTChar)), default=0.0)
        yield size, " ".join(element.get_text().split())
    elif isinstance(element, LTContainer):
        for each in element:
            yield from _lines(each)

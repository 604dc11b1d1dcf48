"""PDFs as pypdfium2 and pdfminer.six give them on their own: what our reading is measured beside."""

from __future__ import annotations

from pathlib import Path


def pdfminer_pages(path: Path) -> list[str]:
    """Return the pages of a PDF as pdfminer.six gives them by default; none when it cannot."""
    from pdfminer.high_level import extract_text

    try:
        pages: list[str] = extract_text(path).split("\f")
    except Exception:
        return []
    return pages[:-1]


def pdfium_pages(path: Path) -> list[str]:
    """Return the pages of a PDF as PDFium gives them; none when it cannot."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(path)
        return [page.get_textpage().get_text_bounded() for page in document]
    except pypdfium2.PdfiumError:
        return []

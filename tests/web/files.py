"""The files of the library: real PDFs, so that pictures of their pages can be drawn."""

from __future__ import annotations

import io

from reportlab.pdfgen.canvas import Canvas


def pdf_of(document_id: str, *, pages: int) -> bytes:
    """Return a small PDF of so many pages, at least one; the same bytes for the same document."""
    written = io.BytesIO()
    canvas = Canvas(written, pagesize=(300, 400), invariant=1)
    for number in range(max(pages, 1)):
        canvas.drawString(30, 350, f"{document_id}, page {number + 1}")
        canvas.showPage()
    canvas.save()
    return written.getvalue()

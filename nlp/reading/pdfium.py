"""The second reader of PDF pages, for those that pdfminer.six cannot read: PDFium."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pypdfium2.raw

from nlp.reading.outcomes import CannotRead, is_broken, needs_password

_ERROR_PASSWORD = pypdfium2.raw.FPDF_ERR_PASSWORD


class Pdfium:
    """A PDF opened by PDFium."""

    engine = "pypdfium2"

    def __init__(self, path: Path) -> None:
        """Open a file.

        Raises CannotRead: it needs a password, or is broken for PDFium too.
        """
        try:
            self._document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError as error:
            if getattr(error, "err_code", None) == _ERROR_PASSWORD:
                raise CannotRead(needs_password()) from error
            raise CannotRead(is_broken()) from error
        self.page_total = len(self._document)

    def text(self, number: int) -> str:
        """Return the raw text of a page (1-based); empty where it has none, or cannot be loaded."""
        if not 1 <= number <= self.page_total:
            return ""
        try:
            page = self._document[number - 1]
            text = page.get_textpage()
            content = str(text.get_text_bounded())
        except pypdfium2.PdfiumError:
            return ""
        text.close()
        page.close()
        # PDFium writes U+FFFE where it joins a word that a line end broke, U+0002 in older versions.
        return content.replace("\ufffe\r\n", "\u00ad\n").replace("\ufffe", "\u00ad").replace("\x02", "\u00ad")

    def images(self, number: int) -> int:
        """Return how many pictures a page (1-based) shows."""
        try:
            page = self._document[number - 1]
            kinds = [pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]
            count = sum(1 for _image in page.get_objects(filter=kinds, max_depth=5))
        except (pypdfium2.PdfiumError, IndexError):
            return 0
        page.close()
        return count

    def close(self) -> None:
        """Give its memory back."""
        self._document.close()

"""The second reader of PDF pages, for those that pdfminer.six cannot read: PDFium."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as raw

from nlp.reading.glyphs import UNREADABLE
from nlp.reading.lines import Line
from nlp.reading.meaning import reads_as_language
from nlp.reading.outcomes import CannotRead, is_broken, needs_password
from nlp.reading.page_box import Box, as_seen, shown_part

_ERROR_PASSWORD = raw.FPDF_ERR_PASSWORD
_HYPHENS = (0x02, 0xFFFE)
"""Stand where PDFium joins a word that a line end broke."""
_FONT_NAME_BYTES = 128
_CHARACTERS_MAX = 500_000
"""Of a page; a page of a book has 4,000."""


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

    def lines(self, number: int) -> list[Line]:
        """Return the lines of a page (1-based); none where it has no text, or cannot be loaded.

        A glyph whose letter PDFium guesses is UNREADABLE, unless the guesses make words.
        """
        if not 1 <= number <= self.page_total:
            return []
        try:
            page = self._document[number - 1]
            text = page.get_textpage()
        except pypdfium2.PdfiumError:
            return []
        try:
            lines = list(_lines(page, text, guesses=False))
            if any(UNREADABLE in line.text for line in lines):
                # Names of glyphs in the font file often say what its tables do not; numbers of glyphs never do.
                guessed = list(_lines(page, text, guesses=True))
                if reads_as_language("\n".join(line.text for line in guessed)):
                    return guessed
            return lines
        except pypdfium2.PdfiumError:
            return []
        finally:
            text.close()
            page.close()

    def images(self, number: int) -> int:
        """Return how many pictures a page (1-based) shows."""
        try:
            page = self._document[number - 1]
            kinds = [raw.FPDF_PAGEOBJ_IMAGE]
            count = sum(1 for _image in page.get_objects(filter=kinds, max_depth=5))
        except (pypdfium2.PdfiumError, IndexError):
            return 0
        page.close()
        return count

    def close(self) -> None:
        """Give its memory back."""
        self._document.close()


def _lines(page: pypdfium2.PdfPage, text: pypdfium2.PdfTextPage, *, guesses: bool) -> Iterator[Line]:
    """Yield the lines of a page as PDFium parts them, without those outside of what is shown."""
    media, rotate = page.get_mediabox(), page.get_rotation()
    box = shown_part(media, crop=page.get_cropbox(), rotate=rotate)
    letters: list[str] = []
    places: list[int] = []
    for place in range(min(text.count_chars(), _CHARACTERS_MAX)):
        letter, ends = _letter(text.raw, place, guesses=guesses)
        if letter:
            letters.append(letter)
            places.append(place)
        if not ends:
            continue
        if line := _line(text.raw, letters, places, media=media, rotate=rotate, box=box):
            yield line
        letters, places = [], []
    if line := _line(text.raw, letters, places, media=media, rotate=rotate, box=box):
        yield line


def _letter(text: Any, place: int, *, guesses: bool) -> tuple[str, bool]:
    """Return the letter at a place, and whether a line ends after it; empty for the signs of line ends that PDFium adds."""
    code = raw.FPDFText_GetUnicode(text, place)
    if 0x20 <= code < 0x7F or 0xA0 <= code < 0xFFFD or code > 0xFFFF:
        is_guess = not guesses and raw.FPDFText_HasUnicodeMapError(text, place) == 1
        return (UNREADABLE if is_guess else chr(code)), False
    if code in _HYPHENS and raw.FPDFText_IsHyphen(text, place) == 1:
        return "-", True
    if code in (0x0A, 0x0D) and raw.FPDFText_IsGenerated(text, place) == 1:
        return "", code == 0x0A
    return (" " if code in (0x09, 0x0A, 0x0D) else UNREADABLE), False


def _line(
    text: Any, letters: list[str], places: list[int], *, media: tuple[float, ...], rotate: int, box: Box | None
) -> Line | None:
    """Return a line of these letters, which are at these places of the page's text; None when nothing of it is seen."""
    written = "".join(letters)
    seen = [place for letter, place in zip(letters, places, strict=True) if letter.strip()]
    if not seen:
        return None
    x0, y0 = as_seen(*_origin(text, seen[0]), media=media, rotate=rotate)
    x1, _y1 = as_seen(*_right_end(text, seen[-1]), media=media, rotate=rotate)
    size = _size(text, seen[len(seen) // 2])
    if box and (max(x0, x1) <= box.x0 or min(x0, x1) >= box.x1 or y0 >= box.y1 or y0 + size <= box.y0):
        return None
    return Line(written, min(x0, x1), max(x0, x1), y0, size, _font(text, seen[0]))


def _origin(text: Any, place: int) -> tuple[float, float]:
    x, y = ctypes.c_double(), ctypes.c_double()
    raw.FPDFText_GetCharOrigin(text, place, x, y)
    return x.value, y.value


def _right_end(text: Any, place: int) -> tuple[float, float]:
    left, right, bottom, top = (ctypes.c_double() for _each in range(4))
    raw.FPDFText_GetCharBox(text, place, left, right, bottom, top)
    return right.value, bottom.value


def _size(text: Any, place: int) -> float:
    """Return the height of the type, points."""
    matrix = raw.FS_MATRIX()
    is_known = raw.FPDFText_GetMatrix(text, place, matrix)
    scale = (matrix.c**2 + matrix.d**2) ** 0.5 if is_known else 1.0
    return float(raw.FPDFText_GetFontSize(text, place)) * scale


def _font(text: Any, place: int) -> str:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    length = raw.FPDFText_GetFontInfo(text, place, name, _FONT_NAME_BYTES, ctypes.c_int())
    return name.value.decode("utf-8", errors="replace") if 0 < length <= _FONT_NAME_BYTES else ""

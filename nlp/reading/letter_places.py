"""Where each letter of a page is on its picture, as PDFium reads the page. The child's side, beside `nlp.reading.picture`."""

from __future__ import annotations

import ctypes
import unicodedata
from array import array

import pypdfium2
import pypdfium2.raw as raw

from nlp.reading.pictures import WHOLE
from nlp.reading.writing import is_mark, plain_characters

LETTERS_MAX = 100_000
"""Of a page; a page of a book has 4,000."""
_HYPHENS = (0x02, 0xFFFE)
"""Stand where PDFium joins a word that a line end broke."""
_NOWHERE = (0, 0, 0, 0)


def letter_places(page: pypdfium2.PdfPage) -> tuple[str, array[int]]:
    """Return the letters of a page, and of each four parts of WHOLE: left, top, right, bottom.

    A sign of two letters (a ligature) gives both its place, and an accent of its own is on its letter. A line break is a
    letter without a place, also after a hyphen that breaks a word.
    """
    text = page.get_textpage()
    try:
        return _read(page, text.raw, count=min(text.count_chars(), LETTERS_MAX))
    finally:
        text.close()


def _read(page: pypdfium2.PdfPage, text: raw.FPDF_TEXTPAGE, *, count: int) -> tuple[str, array[int]]:
    letters: list[str] = []
    places: array[int] = array("H")
    for number in range(count):
        written, is_line_end = _written(text, number)
        place = _place(page, text, number) if written.strip() else _NOWHERE
        if letters and is_mark(written) and len(both := unicodedata.normalize("NFC", letters[-1] + written)) == 1:
            letters[-1] = both
            continue
        for letter in written:
            letters.append(letter)
            places.extend(place)
        if is_line_end:
            letters.append("\n")
            places.extend(_NOWHERE)
    return "".join(letters), places


def _written(text: raw.FPDF_TEXTPAGE, number: int) -> tuple[str, bool]:
    """Return the letters of a sign, and whether a line ends after it."""
    code = raw.FPDFText_GetUnicode(text, number)
    if code in _HYPHENS:
        return "-", raw.FPDFText_IsHyphen(text, number) == 1
    if code in (0x0A, 0x0D):
        return "", code == 0x0A
    return plain_characters(chr(code)) if code else "", False


def _place(page: pypdfium2.PdfPage, text: raw.FPDF_TEXTPAGE, number: int) -> tuple[int, int, int, int]:
    """Return where a sign is on the picture: turned as the page is, and within what is shown of it."""
    left, right, bottom, top = (ctypes.c_double() for _each in range(4))
    if not raw.FPDFText_GetCharBox(text, number, left, right, bottom, top):
        return _NOWHERE
    corners = [_on_picture(page, x.value, y.value) for x, y in ((left, bottom), (right, top))]
    x, y = ([min(max(each, 0), WHOLE) for each in axis] for axis in zip(*corners, strict=True))
    is_seen = min(x) < max(x) and min(y) < max(y)
    return (min(x), min(y), max(x), max(y)) if is_seen else _NOWHERE


def _on_picture(page: pypdfium2.PdfPage, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, WHOLE, WHOLE, 0, x, y, across, down)
    return across.value, down.value

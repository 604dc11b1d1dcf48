"""Which letters a glyph of a PDF stands for, where the font says it well, badly or not at all."""

from __future__ import annotations

import re
import unicodedata

from pdfminer.pdffont import PDFFont, PDFSimpleFont, PDFUnicodeNotDefined

UNREADABLE = "\ufffd"
"""Stands for a glyph whose font does not say which letter it is."""

BULLET = "•"
SOFT_HYPHEN = "\u00ad"

_BULLETS = frozenset((0x7F, 0x81, 0x8D, 0x8F, 0x90, 0x9D))
"""Codes that WinAnsiEncoding leaves unused stand for the bullet (ISO 32000-1, annex D.2, note 3); pdfminer knows none."""
_NO_BREAK_SPACE_CODE, _SOFT_HYPHEN_CODE = 160, 173
"""Of WinAnsiEncoding (annex D.2, notes 5 and 6). pdfminer has no letter for the first, and a space for the second."""
_SPACE_GLYPH = 3
"""The space in most TrueType fonts: a ToUnicode that repeats glyph numbers calls it U+0003."""

_STRANGE = re.compile("[\x00-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffd-\uffff]")
"""What no glyph shows: control characters, U+FFFD and code points that are no characters."""
_BLANKS = frozenset("\t\n\x0b\x0c\r\x85")
_PRIVATE = re.compile("[\uf000-\uf7ff]")
_PICTURE_FONT = re.compile(r"symbol|dingbat|wingding|webding|marlett|icon|awesome", re.IGNORECASE)

_THAI_SHAPES = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d\u0e31\u0e4d\u0e47"
        "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
"""Private code points in which Thai fonts keep letters and marks that are moved or cut to fit (Microsoft's set)."""
_PICTURES = {0xB7: BULLET, 0xA7: "▪", 0x6C: "●", 0x6E: "■", 0x71: "❑", 0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xFC: "✓"}
"""Bullets of Symbol and Wingdings, by their code."""


def letters_of(font: PDFFont, cid: int, *, trusts_encoding: bool) -> str:
    """Return the letters of a glyph; UNREADABLE where the font does not say them, never nothing for what is seen.

    Args:
        cid: its number in the font.
        trusts_encoding: whether the font names an encoding, which counts where its ToUnicode makes no sense.
    """
    is_simple = isinstance(font, PDFSimpleFont)
    try:
        letters = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        if is_simple and cid == _NO_BREAK_SPACE_CODE:
            return " "
        return BULLET if is_simple and cid in _BULLETS else UNREADABLE
    if letters == " " and cid == _SOFT_HYPHEN_CODE and is_simple:
        return SOFT_HYPHEN
    if not letters or _STRANGE.search(letters):
        letters = _without_strange(font, cid, letters, trusts_encoding=trusts_encoding)
    if _PRIVATE.search(letters):
        is_picture = bool(_PICTURE_FONT.search(font.fontname or ""))
        letters = "".join(_public(letter, is_picture=is_picture) for letter in letters)
    return letters


def is_unreadable(letter: str) -> bool:
    """Say whether a character is none that a person could read: not in the font, private, or unassigned."""
    return letter == UNREADABLE or unicodedata.category(letter) in ("Co", "Cn", "Cs")


def _without_strange(font: PDFFont, cid: int, letters: str, *, trusts_encoding: bool) -> str:
    """Return the letters of a glyph that is said to be a control character, or nothing."""
    kept = _STRANGE.sub("", letters)
    if kept:
        return kept
    if letters and _BLANKS.issuperset(letters):
        return " "
    if letters == chr(_SPACE_GLYPH) and cid == _SPACE_GLYPH:
        return " "
    if font.widths.get(cid) == 0:  # said to take no room: there is nothing to see
        return ""
    if trusts_encoding and isinstance(font, PDFSimpleFont):
        named = font.cid2unicode.get(cid, "")
        if named and not _STRANGE.search(named):
            return named
    return UNREADABLE


def _public(letter: str, *, is_picture: bool) -> str:
    """Return a private code point as the letter that it is known to stand for, or as it is."""
    code = ord(letter)
    if code in _THAI_SHAPES:
        return _THAI_SHAPES[code]
    if 0xF720 <= code <= 0xF77E or 0xF7A0 <= code <= 0xF7FF:  # Adobe's small capitals and old-style figures
        return chr(code - 0xF700)
    if 0xF020 <= code <= 0xF0FF:  # a symbolic font: its codes, moved
        if is_picture or code == 0xF0B7:
            return _PICTURES.get(code - 0xF000, letter)
        return bytes((code - 0xF000,)).decode("cp1252", errors="replace").replace("\xad", "-")
    return letter

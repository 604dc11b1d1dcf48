"""Which letters a glyph of a PDF stands for, where the font says it well, badly or not at all."""

from __future__ import annotations

import re
from io import BytesIO
from weakref import WeakKeyDictionary

from pdfminer.pdffont import PDFCIDFont, PDFFont, PDFSimpleFont, PDFUnicodeNotDefined, TrueTypeFont

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
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\xad\u200b\u2060\ufdd0-\ufdef\ufeff\ufffd-\uffff\ue000-\uf8ff]*")
"""What says nothing of a glyph that is seen; private code points too."""
_UNREADABLE = re.compile("[\ufffd\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff\U000f0000-\U0010ffff]")
_BLANKS = frozenset("\t\n\x0b\x0c\r\x85")
_BLANK_EMS_MAX = 0.4
"""A glyph that is called a tab or a line end and is wider is a letter or a figure."""
_PRIVATE = re.compile("[\uf000-\uf7ff]")
_PICTURE_FONT = re.compile(r"dingbat|wingding|webding|marlett|icon|awesome")

_THAI_SHAPES = dict(
    zip(
        range(0xF700, 0xF71B),
        "\u0e10\u0e34\u0e35\u0e36\u0e37\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e0d\u0e31\u0e4d\u0e47"
        "\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e38\u0e39\u0e3a",
        strict=True,
    )
)
"""Private code points in which Thai fonts keep letters and marks that are moved or cut to fit (Microsoft's set)."""
_SYMBOL_CODES = {
    0x20: " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼",
    0xA1: "ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊⟨®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪",
    0xF1: "⟩∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
}
_SYMBOLS = {first + place: letter for first, text in _SYMBOL_CODES.items() for place, letter in enumerate(text)}
"""Letters of the font Symbol by their code (ISO 32000-1, annex D.5)."""
_PICTURES = {0xA7: "▪", 0x6C: "●", 0x6E: "■", 0x71: "❑", 0xA8: "◻", 0xD8: "➢", 0xE0: "→", 0xFC: "✓"}
"""Of Wingdings; all others are bullets of some form."""


def letters_of(font: PDFFont, cid: int, *, trusts_font: bool) -> str:
    """Return the letters of a glyph; UNREADABLE where the font does not say them, never nothing for what is seen.

    Args:
        cid: its number in the font.
        trusts_font: whether the font names an encoding, or the glyphs of the file embedded in it are numbered as its own:
            that counts where its ToUnicode makes no sense.
    """
    try:
        letters = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        if isinstance(font, PDFSimpleFont):
            return " " if cid == _NO_BREAK_SPACE_CODE else BULLET if cid in _BULLETS else UNREADABLE
        return _embedded_letters(font, cid) if trusts_font else UNREADABLE
    if letters == " " and cid == _SOFT_HYPHEN_CODE and isinstance(font, PDFSimpleFont):
        return SOFT_HYPHEN
    if trusts_font and _UNSEEN.fullmatch(letters) and (named := _named_letters(font, cid)):
        return named
    if not letters or _STRANGE.search(letters):
        letters = _without_strange(font, cid, letters)
    if _PRIVATE.search(letters):
        name = str(font.fontname or "").lower()
        letters = "".join(_public(letter, font_name=name) for letter in letters)
    return letters


def unreadable_letters(text: str) -> int:
    """Return how many characters of a text could not be read: not in the font, private, or none at all."""
    return 0 if text.isascii() else len(_UNREADABLE.findall(text))


def _named_letters(font: PDFFont, cid: int) -> str:
    """Return what the encoding or the embedded file calls a glyph that ToUnicode says cannot be seen; empty if the same."""
    if font.widths.get(cid) == 0:
        return ""
    named = font.cid2unicode.get(cid, "") if isinstance(font, PDFSimpleFont) else _embedded_letters(font, cid)
    return "" if _UNSEEN.fullmatch(named) or _STRANGE.search(named) else named


def _embedded_letters(font: PDFFont, cid: int) -> str:
    """Return the letters that the font file in a PDF has for a glyph; UNREADABLE when it does not say them."""
    if font not in _embedded:
        letters: dict[int, str] = {}
        try:
            file = font.fontfile.get_data() if isinstance(font, PDFCIDFont) and hasattr(font, "fontfile") else b""
            letters = TrueTypeFont("", BytesIO(file)).create_unicode_map().cid2unichr if file else {}
        except MemoryError:
            raise
        except Exception:  # noqa: S110  whatever a broken font makes pdfminer raise: it says nothing then
            pass
        _embedded[font] = letters
    return _embedded[font].get(cid) or UNREADABLE


_embedded: WeakKeyDictionary[PDFFont, dict[int, str]] = WeakKeyDictionary()
"""Letters of the glyphs of embedded files that were requested."""


def _without_strange(font: PDFFont, cid: int, letters: str) -> str:
    """Return the letters of a glyph that is said to be a control character, or nothing."""
    kept = _STRANGE.sub("", letters)
    if kept:
        return kept
    width = font.widths.get(cid)
    if width == 0:  # without width: nothing is visible
        return ""
    is_blank = bool(letters) and _BLANKS.issuperset(letters) and font.char_width(cid) <= _BLANK_EMS_MAX
    return " " if is_blank or (letters == chr(_SPACE_GLYPH) and cid == _SPACE_GLYPH) else UNREADABLE


def _public(letter: str, *, font_name: str) -> str:
    """Return a private code point as the letter that it is known to stand for, or as it is."""
    code = ord(letter)
    if code in _THAI_SHAPES:
        return _THAI_SHAPES[code]
    if 0xF720 <= code <= 0xF77E or 0xF7A0 <= code <= 0xF7FF:  # Adobe's small capitals and old-style figures
        return chr(code - 0xF700)
    if 0xF020 <= code <= 0xF0FF:  # a symbolic font: its codes, moved
        own = code - 0xF000
        if own == 0xB7 or "symbol" in font_name:
            return _SYMBOLS.get(own, BULLET)
        if _PICTURE_FONT.search(font_name):
            return _PICTURES.get(own, BULLET)
        return bytes((own,)).decode("cp1252", errors="replace").replace(SOFT_HYPHEN, "-")
    return letter

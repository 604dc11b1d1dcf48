"""The written words of many texts, quickly: as bytes in small letters, so that no page is scanned word by word.

A page is a string of some thousand characters, and an answer shows parts of sixty pages. `bytes.translate`, `split` and `find`
go through them a hundred times faster than an expression that gives every word; only words that were looked for are then read
from the text itself by search_api.analysis.
"""

from __future__ import annotations

from collections.abc import Iterator

_SPACE = ord(" ")
_HYPHEN = ord("-")


def _table() -> bytes:
    table = bytearray(b" " * 256)
    for code in range(256):
        letter = chr(code)
        if letter.isalnum():
            small = letter.lower()
            table[code] = ord(small) if len(small) == 1 and ord(small) < 256 else code
    table[_HYPHEN] = _HYPHEN
    return bytes(table)


_SMALL = _table()
_ALIKE = (("œ", "\u00f0"), ("Œ", "\u00f0"), ("‐", "-"), ("‑", "-"), ("‒", "-"), ("–", "-"))
"""Signs outside Latin-1 that our languages write words with. œ stands as ð, which no word of them has."""


def written(text: str) -> bytes:
    """Return a text as Latin-1 in small letters, character for character, with a space before and after it.

    Everything but letters, digits and the hyphen is a space, and so is each letter that Latin-1 does not have but œ.
    """
    if not text.isascii():
        for sign, alike in _ALIKE:
            text = text.replace(sign, alike)
    return b" " + text.encode("latin-1", "replace").translate(_SMALL) + b" "


def as_text(word: bytes) -> str:
    """Return a word of `written` as text."""
    return word.decode("latin-1").replace("\u00f0", "œ")


def places(of: bytes, word: bytes) -> Iterator[int]:
    """Give each place (0-based in the text) where a word stands as a whole, hyphens being part of words."""
    needle = b" " + word + b" "
    place = of.find(needle)
    while place >= 0:
        yield place  # the space before the word is one character more than the text has
        place = of.find(needle, place + 1)

"""The written words of many texts, quickly: as bytes in small letters, so that no page is scanned word by word.

A page is a string of some thousand characters, and an answer shows parts of sixty pages. `bytes.translate`, `split` and `find`
go through them a hundred times faster than an expression that gives every word; only words that were looked for are then read
from the text itself by search_api.analysis.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

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
_BARE = bytes.maketrans("àáâãäåæçèéêëìíîïñòóôõöøðùúûüýÿ".encode("latin-1"), b"aaaaaaaceeeeiiiinooooooouuuuyy")
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


def bare(word: bytes) -> bytes:
    """Return letters of `written` without accents, one for one: œ and æ become o and a."""
    return word.translate(_BARE)


def places(of: bytes, word: bytes) -> Iterator[int]:
    """Give each place (0-based in the text) where a word stands as a whole, hyphens being part of words."""
    needle = b" " + word + b" "
    place = of.find(needle)
    while place >= 0:
        yield place  # the space before the word is one character more than the text has
        place = of.find(needle, place + 1)


def words_beginning(beginnings: Collection[bytes]) -> re.Pattern[bytes]:
    """Return an expression that finds each word of `written` that begins so, accents or none.

    Args:
        beginnings: of `bare`; an empty one is the beginning of every word.
    """
    return re.compile(rb" (" + _one_of(frozenset(beginnings)) + rb"[^ ]*)")


def _one_of(beginnings: frozenset[bytes]) -> bytes:
    """Return an expression that goes letter by letter: of a hundred beginnings, few are tried at a word."""
    if b"" in beginnings:
        return b""
    rests: dict[bytes, set[bytes]] = {}
    for each in beginnings:
        rests.setdefault(each[:1], set()).add(each[1:])
    ways = [
        _ACCENTED.get(letter, re.escape(letter)) + _one_of(frozenset(rest)) for letter, rest in sorted(rests.items())
    ]
    return ways[0] if len(ways) == 1 else b"(?:" + b"|".join(ways) + b")"


def _accented() -> dict[bytes, bytes]:
    found: dict[bytes, bytes] = {}
    for code in range(256):
        found[_BARE[code : code + 1]] = found.get(_BARE[code : code + 1], b"") + bytes((code,))
    return {letter: b"[" + several + b"]" for letter, several in found.items() if len(several) > 1}


_ACCENTED = _accented()


def words_with_hyphens(whole: bytes) -> Iterator[bytes]:
    """Give the words of `written` that have a hyphen."""
    place = whole.find(b"-")
    while place >= 0:
        end = whole.find(b" ", place)
        yield whole[whole.rfind(b" ", 0, place) + 1 : end]
        place = whole.find(b"-", end)

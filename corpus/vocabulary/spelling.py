"""How two spellings of one name are recognised as the same."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "ł": "l"}
)
HYPHENS = "-\u2010\u2011\u2012\u2013\u2043\u2212\u058a\ufe63\uff0d"
"""Every character that stands for a hyphen between two words: hyphen-minus, hyphen, non-breaking hyphen, figure dash, en dash,
hyphen bullet, minus sign, Armenian hyphen, small and fullwidth hyphen-minus."""

SOFT_HYPHEN = "\u00ad"
"""Where a word may be broken at the end of a line; it is no letter of the word."""

_BETWEEN_WORDS = re.compile(rf"[\s{re.escape(HYPHENS)}·'’]+")


def in_alphabet(text: str) -> tuple[str, str]:
    """Return what puts names in the order of a dictionary: `États-Unis` beside `Espagne`, and not behind `Zambie`."""
    return without_accents(text.casefold()), text


def without_accents(text: str) -> str:
    """Return the text without accents: `São Tomé` becomes `Sao Tome`. The length may change."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def plain(text: str) -> str:
    """Return small letters without accents, with one space for each run of spaces, hyphens and apostrophes."""
    return _BETWEEN_WORDS.sub(" ", without_accents(text.replace(SOFT_HYPHEN, "")).lower()).strip()

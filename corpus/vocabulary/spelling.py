"""How two spellings of one name are recognised as the same."""

from __future__ import annotations

import re
import unicodedata

_LIGATURES = str.maketrans(
    {"œ": "oe", "Œ": "Oe", "æ": "ae", "Æ": "Ae", "ß": "ss", "ø": "o", "Ø": "O", "đ": "d", "ł": "l"}
)
_BETWEEN_WORDS = re.compile(r"[\s\-‐‑–·'’]+")


def without_accents(text: str) -> str:
    """Return the text without accents: `São Tomé` becomes `Sao Tome`. The length may change."""
    if text.isascii():
        return text
    decomposed = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def plain(text: str) -> str:
    """Return small letters without accents, with one space for each run of spaces, hyphens and apostrophes."""
    return _BETWEEN_WORDS.sub(" ", without_accents(text).lower()).strip()

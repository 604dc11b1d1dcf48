"""Accents that a page shows as glyphs of their own, with their letter below: TeX builds é so where its font has none."""

from __future__ import annotations

import unicodedata

UNDER_ACCENT_EMS = -0.2
"""A letter that begins further back than this, ems from the end of an accent, is below it; and the other way round."""
_COMBINING = {
    "`": "\u0300", "\u00b4": "\u0301", "^": "\u0302", "\u02c6": "\u0302", "~": "\u0303", "\u02dc": "\u0303", "\u00af": "\u0304",
    "\u02c9": "\u0304", "\u02d8": "\u0306", "\u02d9": "\u0307", "\u00a8": "\u0308", "\u02da": "\u030a", "\u02dd": "\u030b",
    "\u02c7": "\u030c", "\u00b8": "\u0327", "\u02db": "\u0328",
}  # fmt: skip
"""Accents that take space on the line, and those that are on a letter."""
_DOTLESS = {"\u0131": "i", "\u0237": "j"}


def with_accent(before: str, after: str) -> tuple[str, str] | None:
    """Return two texts with the accent between them on its letter.

    `Cont´` and `ınua` are `Cont` and `ínua`, `c` and `¸as` are `ç` and `as`.

    None where there is no accent, or no letter that takes it. The caller knows from their places that one stands
    below the other: `people´s` has no accent.
    """
    if mark := _COMBINING.get(before[-1:]):
        letter = _composed(after[:1], mark)
        return (before[:-1], letter + after[1:]) if letter else None
    if mark := _COMBINING.get(after[:1]):
        letter = _composed(before[-1:], mark)
        return (before[:-1] + letter, after[1:]) if letter else None
    return None


def _composed(letter: str, mark: str) -> str:
    composed = unicodedata.normalize("NFC", _DOTLESS.get(letter, letter) + mark)
    return composed if len(composed) == 1 and composed.isalpha() else ""

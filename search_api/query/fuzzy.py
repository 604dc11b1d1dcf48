"""Near misses: what a person may have meant by a name that does not exist."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping

from rapidfuzz import fuzz

_CLOSE_ENOUGH = 0.72
"""Share of letters in common (rapidfuzz) from which a name counts as near: `Columbia` is 0.88 of Colombia."""


def fold(text: str) -> str:
    """Return the text in small letters, without accents, punctuation read as spaces."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(" " if not each.isalnum() else each for each in plain if not unicodedata.combining(each))
    return " ".join(letters.split())


def nearest(wanted: str, names: Mapping[str, Iterable[str]], *, limit: int = 3) -> tuple[str, ...]:
    """Return the ids whose names are nearest to `wanted`, nearest first; empty when none is near.

    Args:
        wanted: what was given.
        names: by id, everything that it is called.
        limit: most ids returned.
    """
    key = fold(wanted)[:80]
    if not key:
        return ()
    scores: dict[str, float] = {}
    for name_id, called in names.items():
        best = 0.0
        for each in called:
            name = fold(each)
            if name == key:
                best = 2.0
                break
            best = max(best, fuzz.ratio(key, name, score_cutoff=100 * _CLOSE_ENOUGH) / 100)
            if len(key) >= 2 and name.startswith(key):
                best = max(best, 0.75)
        if best >= _CLOSE_ENOUGH:
            scores[name_id] = best
    return tuple(sorted(scores, key=lambda each: (-scores[each], each))[:limit])

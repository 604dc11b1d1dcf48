"""Near misses: the name that a person may have meant by one that does not exist."""

from __future__ import annotations

from collections.abc import Iterable

from rapidfuzz import fuzz, process

CHARACTERS_MAX = 255
"""Longer texts are no names, and would take long to compare."""


def nearest_name(typed: str, names: Iterable[str], *, alike: float) -> str:
    """Return the name that is most like what was typed; empty when none is near.

    Args:
        typed: what was given.
        names: what exists.
        alike: share of letters in common from which a name is near, 0 to 1 (rapidfuzz's ratio).
    """
    found = process.extractOne(
        typed[:CHARACTERS_MAX], sorted(names), scorer=fuzz.ratio, score_cutoff=100 * alike, processor=None
    )
    return str(found[0]) if found else ""


def likeness(one: str, other: str) -> float:
    """Return how much of two texts is in common, letter by letter, 0 to 1 (rapidfuzz's ratio)."""
    return fuzz.ratio(one[:CHARACTERS_MAX], other[:CHARACTERS_MAX]) / 100

"""Where sentences end: by rules of ours, because lists, rows of tables and abbreviations of four languages must not break them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

LONGEST_READ_SENTENCE = 5_000
"""Characters of a sentence that rules look at: a longer one (a table, a text without full stops) is cut between words. Each
place in a sentence is judged by the whole of it, so its length must have a bound."""

_SENTENCE_END = re.compile(
    r"(?<![.!?…])[.!?…]++[\"'”’»)\]]*+(?:\s*+\(?\d[\d,;\-– ]{0,40}\)?)?\s+(?=[\"'“‘«¿¡(\[]?[A-ZÀ-Þ0-9•\-–])"
    r"|\n\n+"
    r"|\n(?=[•▪■●◦‣\-–] )"
    r"|(?<=\))\n(?=[A-ZÀ-Þ])"  # rows of a table that end with (3,5)
)
_INITIALS = re.compile(r"(?:[A-Z]\.)+[A-Z]")
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\S+",
        "Mr Mrs Ms Dr No Sr Sra St cf al vs ed eds pp op vol Vol cap Fig fig e.g i.e Jr Mt av Av Art art núm Inc Ltd Prof "
        "Rep Rép Dem Eq",
    )
)
"""After these a full stop does not end the sentence; nor after an initial (J. Chen) or U.S."""


def sentence_starts(text: str) -> list[int]:
    """Return the characters at which the sentences of a passage begin, ascending, 0 first."""
    ends = (found for found in _SENTENCE_END.finditer(text) if not _abbreviates(text, found.start()))
    return list(_bounded([0, *(found.end() for found in ends)], text))


def _bounded(starts: Sequence[int], text: str) -> Iterator[int]:
    """Yield where sentences start, and more starts in those that are too long: behind the last space that fits."""
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        yield start
        while end - start > LONGEST_READ_SENTENCE:
            space = text.rfind(" ", start + LONGEST_READ_SENTENCE // 2, start + LONGEST_READ_SENTENCE)
            start = space + 1 if space > 0 else start + LONGEST_READ_SENTENCE
            yield start


def _abbreviates(text: str, stop: int) -> bool:
    """Tell whether the full stop at a character belongs to an abbreviation."""
    if text[stop] != ".":
        return False
    before = text[max(0, stop - 8) : stop].split()
    word = before[-1].lstrip("(") if before else ""
    return (
        word in _ABBREVIATIONS
        or (len(word) == 1 and word.isupper())
        or ("." in word and bool(_INITIALS.fullmatch(word)))
    )

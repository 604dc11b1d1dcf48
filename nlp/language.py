"""Which language a document is in: py3langid on stretches of its text, which vote."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from py3langid import langid

UNDETERMINED = "und"

_STRETCH_CHARACTERS = 1_000
_STRETCHES_MAX = 24
"""Taken evenly from the whole document: more of them change nothing, and each costs about a millisecond."""
_LETTERS_MIN = 40
"""Fewer letters than this in all are no text to judge by."""
_STRETCH_LETTERS_MIN = 25
_LOOK_ALIKES = {"gl": "es", "an": "es", "oc": "fr", "wa": "fr"}
"""Detected for poor stretches (tables, lists of names) of the larger neighbour; kept when the whole document is in it."""
_NOT_PROSE = re.compile(r"https?://\S+|www\.\S+|(?<!\S)\S+@\S+|[\d_]+|\.{3,}")


def language_of(texts: Iterable[str]) -> str:
    """Return the ISO 639-1 code of the language of most of a document's text; `und` when there is too little of it.

    Any of the 97 languages that py3langid knows can be the answer, not only the four that are tagged. Same texts, same
    answer; touches nothing.

    Args:
        texts: of the pages, in order; also title and abstract where there are no pages.
    """
    stretches = list(_stretches(texts))
    letters = sum(map(_letters, stretches))
    if letters < _LETTERS_MIN:
        return UNDETERMINED
    votes: Counter[str] = Counter()
    for stretch in _spread(stretches):
        if (weight := _letters(stretch)) >= _STRETCH_LETTERS_MIN or letters < 4 * _STRETCH_LETTERS_MIN:
            votes[str(langid.classify(stretch)[0])] += weight
    if not votes:
        return UNDETERMINED
    for small, large in _LOOK_ALIKES.items():
        if votes[large] > 0.25 * votes[small]:
            votes[large] += votes.pop(small, 0)
    return votes.most_common(1)[0][0]


def _stretches(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        prose = " ".join(_NOT_PROSE.sub(" ", text).split())
        for start in range(0, len(prose), _STRETCH_CHARACTERS):
            yield prose[start : start + _STRETCH_CHARACTERS]


def _spread(stretches: list[str]) -> list[str]:
    if len(stretches) <= _STRETCHES_MAX:
        return stretches
    step = len(stretches) / _STRETCHES_MAX
    return [stretches[int(number * step)] for number in range(_STRETCHES_MAX)]


def _letters(text: str) -> int:
    return sum(map(str.isalpha, text))

"""How much two texts have in common, from their fingerprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nlp.works.fingerprints import VOCABULARY, Fingerprint
from nlp.works.numbers import common_limit, weight, within

_TOP = 2**32
_PAGES_APART = 2
_PAGES_APART_SHARE = 0.08
"""A translation takes more pages or fewer: a page may stand so much of the document before or behind."""


@dataclass(frozen=True, slots=True)
class TextLikeness:
    """What two texts have in common; all shares are 0 to 1."""

    jaccard: float
    """Shared shingles of all that either has."""
    in_first: float
    """Of the shingles of the first those that the second has too."""
    in_second: float
    count: int
    """Shingles of the smaller sketch that were compared: what the shares stand on."""
    vocabulary: float
    """Shared words of all that either has."""
    smaller_vocabulary: float
    """Shared words of those of the text with fewer."""


@dataclass(frozen=True, slots=True)
class NumberLikeness:
    """What the numbers of two texts have in common."""

    count: int
    """Different numbers that both have."""
    share: float
    """By what they tell, of those of the text with fewer; 0 where one has none."""
    smaller: int
    """Different numbers of the text with fewer."""
    placed_count: int
    """Those of `count` that stand at about the same place of both."""
    placed_share: float
    is_placed: bool
    """Whether places say something: both have pages, and about as many."""


def text_likeness(one: Fingerprint, other: Fingerprint) -> TextLikeness:
    """Return what two texts have in common."""
    first, second = _up_to(one.sketch, other.sketch, min(one.limit, other.limit))
    shared = len(first & second)
    words, others = _up_to(one.vocabulary, other.vocabulary, min(_end(one.vocabulary), _end(other.vocabulary)))
    common = len(words & others)
    return TextLikeness(
        jaccard=_share(shared, len(first | second)),
        in_first=_share(shared, len(first)),
        in_second=_share(shared, len(second)),
        count=min(len(first), len(second)),
        vocabulary=_share(common, len(words | others)),
        smaller_vocabulary=_share(common, min(len(words), len(others))),
    )


def _up_to(one: Sequence[int], other: Sequence[int], limit: int) -> tuple[set[int], set[int]]:
    return {each for each in one if each <= limit}, {each for each in other if each <= limit}


def _end(vocabulary: Sequence[int]) -> int:
    return vocabulary[-1] if len(vocabulary) == VOCABULARY else _TOP


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def number_likeness(one: Fingerprint, other: Fingerprint) -> NumberLikeness:
    """Return what the numbers of two texts have in common."""
    limit = min(common_limit(one.numbers), common_limit(other.numbers))
    first, second = (_pages_of(within(each.numbers, limit)) for each in (one, other))
    shared = first.keys() & second.keys()
    fewer = min((first, second), key=lambda each: (sum(map(weight, each)), sorted(each)))
    told = sum(map(weight, fewer))
    pages = sorted((max(one.pages, 1), max(other.pages, 1)))
    placed = {number for number in shared if _are_near(first[number], second[number], one.pages, other.pages)}
    return NumberLikeness(
        count=len(shared),
        share=_share(sum(map(weight, shared)), told),
        smaller=min(len(first), len(second)),
        placed_count=len(placed),
        placed_share=_share(sum(map(weight, placed)), told),
        is_placed=pages[0] >= 3 and pages[1] <= 1.6 * pages[0],
    )


def _pages_of(numbers: Sequence[tuple[int, int]]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for page, number in numbers:
        found.setdefault(number, []).append(page)
    return found


def _are_near(pages: Sequence[int], others: Sequence[int], total: int, other_total: int) -> bool:
    apart = _PAGES_APART / min(total, other_total) + _PAGES_APART_SHARE if min(total, other_total) else 1
    return any(abs(page / total - its / other_total) <= apart for page in pages for its in others)

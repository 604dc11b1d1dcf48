"""How much two texts have in common, from their fingerprints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from nlp.works.fingerprints import APART, Bag, Fingerprint
from nlp.works.numbers import common_limit, weight, within
from nlp.works.words import SEGMENTS

JACCARD_MIN = 0.05
"""Share of shingles below which two texts of one language are not looked at more closely."""
_NOWHERE = (0, 0, 0)
_PAGES_APART = 2
_PAGES_APART_SHARE = 0.08
"""A translation takes more pages or fewer: a page may stand so much of the document before or behind."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one of two texts has that the other has not. The body of the one is compared with the whole of the other."""

    shingles: float
    """Share of its shingles."""
    words: float
    """Share of its words, each as often as it is there."""
    new_words: float
    """Share of these words that the other has nowhere; the others it has less often."""
    added_count: int
    """Words of its middle, behind the first and before the last sixteenth, that the other has less often in all."""
    added_known: int
    """Those of `added_count` that the other has too."""
    word_total: int
    """Words that were compared, each as often as it is there."""
    digits: float
    """Share of its numbers of any length, each as often as it is there."""
    digit_count: int
    """Numbers that it has and the other has not."""
    digit_total: int
    """Numbers that were compared, each as often as it is there."""
    segments: tuple[float, ...]
    """`shingles` of each sixteenth of it, in order; -1 where nothing of it is in the sketch."""


@dataclass(frozen=True, slots=True)
class TextLikeness:
    """What two texts have in common; all shares are 0 to 1."""

    jaccard: float
    """Shared shingles of all that either has."""
    words: float
    """Shared words of all that either has, each as often as it is there."""
    count: int
    """Shingles of the smaller sketch that were compared: what the shares are on."""
    first: Side
    second: Side


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
    """Those of `count` that are at about the same place of both."""
    placed_share: float
    is_placed: bool
    """Whether places say something: both have pages, and about as many."""


def text_likeness(one: Fingerprint, other: Fingerprint, *, with_words: bool = False) -> TextLikeness:
    """Return what two texts have in common.

    Args:
        with_words: compare words and numbers also where hardly a run of words is the same, as of a translation; else
            they are then told as wholly apart.
    """
    limit = min(one.limit, other.limit)
    first, second = _body(one.sketch, limit), _body(other.sketch, limit)
    shared = len(first.keys() & second.keys())
    apart_first, apart_second = len(first.keys() - other.sketch.keys()), len(second.keys() - one.sketch.keys())
    jaccard = _share(shared, shared + apart_first + apart_second)
    words = digits = _UNLIKE
    if with_words or jaccard >= JACCARD_MIN:
        words, digits = _bags(one.vocabulary, other.vocabulary), _bags(one.digits, other.digits)
    return TextLikeness(
        jaccard=jaccard,
        words=words.jaccard,
        count=min(len(first), len(second)),
        first=Side(
            shingles=_share(apart_first, len(first)),
            words=words.first,
            new_words=words.first_new,
            added_count=words.first_added,
            added_known=words.first_known,
            word_total=words.first_total,
            digits=digits.first,
            digit_count=digits.first_count,
            digit_total=digits.first_total,
            segments=_segments(first, other.sketch),
        ),
        second=Side(
            shingles=_share(apart_second, len(second)),
            words=words.second,
            new_words=words.second_new,
            added_count=words.second_added,
            added_known=words.second_known,
            word_total=words.second_total,
            digits=digits.second,
            digit_count=digits.second_count,
            digit_total=digits.second_total,
            segments=_segments(second, one.sketch),
        ),
    )


def _body(sketch: Mapping[int, int], limit: int) -> dict[int, int]:
    return {each: segment for each, segment in sketch.items() if segment != APART and each <= limit}


def _segments(body: Mapping[int, int], other: Mapping[int, int]) -> tuple[float, ...]:
    totals, missing = [0] * SEGMENTS, [0] * SEGMENTS
    for each, segment in body.items():
        totals[segment] += 1
        missing[segment] += each not in other
    return tuple(gone / total if total else -1.0 for gone, total in zip(missing, totals, strict=True))


class _Bags(NamedTuple):
    jaccard: float
    first: float
    second: float
    first_count: int
    second_count: int
    first_total: int
    second_total: int
    first_new: float
    second_new: float
    first_added: int
    second_added: int
    first_known: int
    second_known: int


_UNLIKE = _Bags(0.0, 1.0, 1.0, 0, 0, 0, 0, 1.0, 1.0, 0, 0, 0, 0)


def _bags(one: Bag, other: Bag) -> _Bags:
    """Compare two bags: shared of all, and what the body of each has that the whole of the other has not."""
    (first, limit), (second, its_limit) = one.unpack(), other.unpack()
    limit = min(limit, its_limit)
    total_first = total_second = apart_first = apart_second = new_first = new_second = shared = 0
    added_first = added_second = known_first = known_second = 0
    for each, (body, whole, middle) in first.items():
        if each <= limit:
            its_body, its_whole, its_middle = second.get(each, _NOWHERE)
            total_first += body
            if body > its_whole:
                apart_first += body - its_whole
                new_first += 0 if its_whole else body
                added = max(middle - its_whole, 0)
                added_first += added
                known_first += added if its_whole else 0
            if its_body > whole:
                apart_second += its_body - whole
                added = max(its_middle - whole, 0)
                added_second += added
                known_second += added
            shared += body if body < its_body else its_body
    for each, (body, _, middle) in second.items():
        if each <= limit:
            total_second += body
            if each not in first:
                apart_second += body
                new_second += body
                added_second += middle
    return _Bags(
        _share(shared, shared + apart_first + apart_second),
        _share(apart_first, total_first),
        _share(apart_second, total_second),
        apart_first,
        apart_second,
        total_first,
        total_second,
        _share(new_first, apart_first),
        _share(new_second, apart_second),
        added_first,
        added_second,
        known_first,
        known_second,
    )


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

"""The numbers of a text, page by page: they stay when it is translated, and change when it is brought up to date."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from zlib import crc32

from corpus.types import Page
from nlp.works.words import body_of

NUMBERS_MAX = 3000
"""Numbers that are kept of one text; those of the smallest `_place`, so that two texts keep the same ones."""
_DIGIT_RUN = re.compile(r"\d[\d.,'’ \u00a0\u2009\u202f]*\d\d?")
_NUMBER = re.compile(
    r"(?<![\d.,])(?:\d{1,3}(?:[.,'’ \u00a0\u2009\u202f]\d{3})+(?![\d])(?:[.,]\d+)?|\d+(?:[.,]\d+)?)(?!\d)"
)
_DIGITS = re.compile(r"\d")
_DIGITS_MAX = 12
"""More are no figure: telephone numbers, account numbers, lines of bar codes."""

_RUN_NUMBERS = 6
_RUN_DIGITS_MIN = 10
"""Digits of a run: fewer are notes and points of lists, in one order in many texts."""
_RUNS_MAX = 16


def number_runs(digits: Sequence[str]) -> tuple[int, ...]:
    """Return hashes of 32 bits of some runs of six numbers, of any length, ascending; those of the smallest, to find translations.

    Numbers in equal steps, as points of a list and years of a table, are left out.

    Args:
        digits: the numbers of a text in their order, see digits_of.
    """
    runs = zip(*(digits[start:] for start in range(_RUN_NUMBERS)), strict=False)
    found = {crc32(" ".join(run).encode()) for run in set(runs) if _is_telling_run(run)}
    return tuple(sorted(found)[:_RUNS_MAX])


def _is_telling_run(run: Sequence[str]) -> bool:
    if sum(map(len, run)) < _RUN_DIGITS_MIN:
        return False
    values = [int(each) for each in run]
    return len({later - earlier for earlier, later in pairwise(values)}) > 1


def numbers_by_page(pages: Sequence[Page]) -> tuple[tuple[int, int], ...]:
    """Return (page, number) for each number that tells something, pages ascending, in the order of the page, each once a page.

    Numbers are the digits as they stand: 1,250 and 1.250 and 1 250 are 1250; 12.5 and 12,5 are 125. Those of less than three
    digits, years, and round numbers with one digit before the zeros are left out.
    """
    found: list[tuple[int, int]] = []
    for page in pages:
        seen: dict[int, None] = {}
        for run in _DIGIT_RUN.findall(body_of(page)):
            for written in _NUMBER.findall(run):
                if (number := _telling(written)) is not None:
                    seen[number] = None
        found += [(page.number, number) for number in seen]
    if len(found) > NUMBERS_MAX:
        limit = sorted(_place(number) for _, number in found)[NUMBERS_MAX - 1]
        found = [each for each in found if _place(each[1]) <= limit]
    return tuple(found)


def _telling(written: str) -> int | None:
    digits = "".join(_DIGITS.findall(written)).lstrip("0")
    if not 3 <= len(digits) <= _DIGITS_MAX:
        return None
    if len(digits) == len(written) == 4 and digits[:2] in ("19", "20"):
        return None
    number = int(digits)  # also of Arabic and Indian digits
    return None if not str(number)[1:].strip("0") else number


def _place(number: int) -> int:
    """Return a number between 0 and 2**32 that is always the same for a number, and in no order."""
    return (number * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 32


def weight(number: int) -> int:
    """Return what a number tells: there are ten times as many of four digits as of three."""
    return len(str(number)) - 2


def common_limit(numbers: Sequence[tuple[int, int]]) -> int:
    """Return the largest `_place` up to which all numbers of a text are kept."""
    return max(_place(number) for _, number in numbers) if len(numbers) >= NUMBERS_MAX else 2**32


def within(numbers: Sequence[tuple[int, int]], limit: int) -> list[tuple[int, int]]:
    """Return the numbers up to a `_place`."""
    return [each for each in numbers if _place(each[1]) <= limit] if limit < 2**32 else list(numbers)

"""Words that stand side by side in a search and mean one thing: `Convention 190`, `C 189`, `1 250`, `2015..2020`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from search_api.analysis import instruments_in, query_words, scan
from search_api.query.tree import Words

MOST_MAX = 8
"""More than so many of its words no pasted text asks for."""
_TOGETHER_MAX = 4


def year_end(end: Mapping[str, Any], *, step: int) -> str:
    """Return the year at one end of a range such as `[2010 TO 2020}`; `step` is added to an end that is itself left out."""
    value = str(end.get("value", ""))
    if end["type"] == "exclusive" and re.fullmatch(r"[0-9]{1,4}", value):
        return str(int(value) + step)
    return value


def word_count(words: list[Words]) -> int:
    """Return how many words these are, stop words and the parts of `home-based` too."""
    return sum(len(query_words(each.text)) for each in words)


def is_stop(words: Words) -> bool:
    """Tell whether words say nothing beside others."""
    return all(word.is_stop for word in query_words(words.text))


def stretches(run: list[Words]) -> Iterator[tuple[int, int]]:
    """Give the stretches that are one thing: `Convention 190`, `C 189`, `1 250`."""
    first = 0
    while first < len(run):
        for last in range(min(len(run), first + _TOGETHER_MAX), first + 1, -1):
            if _is_one(run[first:last]):
                yield first, last
                first = last
                break
        else:
            first += 1


def _is_one(run: list[Words]) -> bool:
    text = text_of(run)
    if len(list(scan(text))) == 1:
        return True
    return bool(instruments_in(text)) and not any(instruments_in(text_of(each)) for each in (run[1:], run[:-1]))


def text_of(run: list[Words]) -> str:
    """Return words as they were typed, with a space between."""
    return " ".join(part.text for part in run)


def years_field(match: re.Match[str]) -> str:
    """Return years that were typed as a range as the filter that they mean."""
    return f"year:{match.group()}" if any(match.groups()) else match.group()


def minimum_of(units: int) -> int:
    """Return how many of the words and concepts of a long text an answer must have."""
    return min(MOST_MAX, max(2, units // 2))

"""What is remembered of a search that found nothing: its words and the names of its filters, nothing of who asked."""

from __future__ import annotations

import re
from dataclasses import dataclass

from search_api.analysis import exact
from search_api.answers.results import Results

_WORDS_MAX = 12
"""A longer text was pasted, and may hold anything."""
_CHARACTERS_MAX = 120
_LETTERS_MAX = 40
"""Of a word; a longer one is a key or token that was pasted into the wrong field."""
_DIGITS_MAX = 4
"""A year has four; longer numbers may be those of telephones, cards and people."""


@dataclass(frozen=True, slots=True)
class FailedSearch:
    """A search without answers."""

    words: str
    """In small letters without accents and signs, with a space between."""
    filters: str
    """Names of the filters that were on, such as `country year`, in alphabetical order; empty: none."""


def failed_search(results: Results) -> FailedSearch | None:
    """Return what may be remembered of a search; None when it found something, or may hold something personal.

    E-mail addresses, web addresses, long numbers, tokens and pasted texts are not remembered at all, not even in part.
    """
    query = results.asked
    text = query.text
    if results.total or query.cursor or "@" in text or "://" in text:
        return None
    digits = max((len(run) for run in re.findall(r"\d+", re.sub(r"(?<=\d)[\s().,/-]+(?=\d)", "", text))), default=0)
    years_only = re.fullmatch(r"(\D|(?<!\d)\d{4}(?!\d))*", text) is not None
    words = exact(text)
    if not words or len(words) > _WORDS_MAX or (digits > _DIGITS_MAX and not years_only):
        return None
    message = " ".join(words)
    if len(message) > _CHARACTERS_MAX or any(len(word) > _LETTERS_MAX for word in words):
        return None
    names = sorted([*query.filter_values(), *(["year"] if query.years else [])])
    return FailedSearch(message, " ".join(names))

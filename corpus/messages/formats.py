"""Numbers and lists as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Literal

from babel.lists import format_list
from babel.numbers import format_decimal

_LOCALES: Mapping[str, str] = {"en": "en_GB", "es": "es", "fr": "fr", "pt": "pt"}
"""English as most of the world writes it: the day before the month."""


def locale_of(lang: str) -> str:
    """Return the locale of CLDR by which a language is written; that of English for one that is not ours."""
    return _LOCALES.get(lang, "en_GB")


@lru_cache(maxsize=20_000)
def grouped(number: int, *, lang: str = "en") -> str:
    """Return 12480 as `12,480`, or `12.480` in Spanish."""
    return str(format_decimal(number, locale=locale_of(lang)))


@lru_cache(maxsize=1_000)
def decimal(number: float, *, digits: int = 1, lang: str = "en") -> str:
    """Return 3.44 as `3.4`, or `3,4` in French; whole numbers without a fraction."""
    return str(format_decimal(round(number, digits), locale=locale_of(lang)))


def listed(words: Iterable[str], *, last: Literal["and", "or"] = "or", lang: str = "en") -> str:
    """Return `a`, `a or b`, `a, b or c`; empty for nothing."""
    each = [*words]
    return format_list(each, style="or" if last == "or" else "standard", locale=locale_of(lang)) if each else ""

"""Numbers, dates, sizes and lists as a language writes them (CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from functools import lru_cache
from typing import Literal

from babel.dates import format_date, format_skeleton
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


@lru_cache(maxsize=5_000)
def written_day(day: date, *, lang: str = "en") -> str:
    """Return `23 November 2026`, or `23 de noviembre de 2026`: no reader takes the day for the month."""
    return format_date(day, "long", locale=locale_of(lang))


def written_moment(when: datetime, *, lang: str = "en") -> str:
    """Return `23 November 2026, 14:05 UTC`."""
    return f"{written_day(when.date(), lang=lang)}, {when:%H:%M} UTC"


@lru_cache(maxsize=5_000)
def published_in_words(published: str, *, lang: str = "en") -> str:
    """Return `2019`, `May 2019` or `3 May 2019` for an ISO date of that exactness; the year where the rest is no date."""
    year, _, rest = published.partition("-")
    month, _, day = rest.partition("-")
    try:
        if day:
            return written_day(date(int(year), int(month), int(day)), lang=lang)
        if month:
            return format_skeleton("yMMMM", date(int(year), int(month), 1), locale=locale_of(lang))
    except ValueError:
        pass
    return year


def listed(words: Iterable[str], *, last: Literal["and", "or"] = "or", lang: str = "en") -> str:
    """Return `a`, `a or b`, `a, b or c`; empty for nothing."""
    each = [*words]
    return format_list(each, style="or" if last == "or" else "standard", locale=locale_of(lang)) if each else ""

"""Days and moments as a language writes them (CLDR, by Babel). Beside corpus.messages.formats, because it takes longer to load."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_skeleton, get_day_names

from corpus.messages.formats import locale_of


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


def weekday_names(*, lang: str = "en") -> tuple[str, ...]:
    """Return the days of the week, Monday first, as they stand alone."""
    names = get_day_names("wide", context="stand-alone", locale=locale_of(lang))
    return tuple(names[day] for day in range(7))

"""Days and moments as a language writes them (CLDR, by Babel). Beside corpus.messages.formats, because it takes longer to load."""

from __future__ import annotations

from datetime import date, datetime
from functools import lru_cache

from babel.dates import format_date, format_skeleton, get_day_names, get_timezone

from corpus.messages.formats import locale_of


@lru_cache(maxsize=5_000)
def written_day(day: date, *, lang: str = "en") -> str:
    """Return `23 November 2026`, or `23 de noviembre de 2026`: no reader takes the day for the month."""
    written = format_date(day, "long", locale=locale_of(lang))
    # CLDR has no pattern for it: the first of a month, and no other day, is an ordinal number in French.
    return f"1er{written[1:]}" if lang == "fr" and day.day == 1 else written


def written_moment(when: datetime, *, lang: str = "en") -> str:
    """Return `23 November 2026, 14:05 UTC`."""
    return f"{written_day(when.date(), lang=lang)}, {when:%H:%M} UTC"


@lru_cache(maxsize=5_000)
def published_in_words(published: str, *, lang: str = "en") -> str:
    """Return `2019`, `May 2019` or `3 May 2019` for an ISO date of that exactness; the year where the rest is not a date."""
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


def local_day(when: datetime, *, time_zone: str, lang: str = "en") -> str:
    """Return `30 November 2026`: the day on calendars where a person is; arguments and errors as of `local_moment`."""
    return written_day(when.astimezone(get_timezone(time_zone)).date(), lang=lang)


def local_moment(when: datetime, *, time_zone: str, lang: str = "en") -> str:
    """Return `30 November 2026, 08:00 (UTC-05:00)`: the time of clocks where a person is.

    Args:
        when: aware.
        time_zone: IANA name, such as `America/Lima`.
        lang: ISO 639-1.

    Raises LookupError: there is no such time zone.
    """
    local = when.astimezone(get_timezone(time_zone))
    offset = f"{local:%z}"  # CLDR has another order of sign and name in each language
    name = "UTC" if offset == "+0000" else f"UTC{offset[:3]}:{offset[3:5]}"
    return f"{written_day(local.date(), lang=lang)}, {local:%H:%M} ({name})"


def weekday_names(*, lang: str = "en") -> tuple[str, ...]:
    """Return the days of the week, Monday first, as they stand alone."""
    names = get_day_names("wide", context="stand-alone", locale=locale_of(lang))
    return tuple(names[day] for day in range(7))

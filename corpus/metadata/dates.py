"""Dates as people and machines write them, in four languages -> ISO 8601, as exact as they are known."""

from __future__ import annotations

import calendar
import re
import unicodedata

_MONTHS = {
    1: "january jan enero ene janvier janv janeiro",
    2: "february feb febrero fevrier fevr fev fevereiro",
    3: "march mar marzo mars marco",
    4: "april apr abril abr avril avr",
    5: "may mayo mai maio",
    6: "june jun junio juin junho",
    7: "july jul julio juillet juil julho",
    8: "august aug agosto ago aout",
    9: "september sept sep septiembre setiembre septembre setembro set",
    10: "october oct octubre octobre outubro out",
    11: "november nov noviembre novembre novembro",
    12: "december dec diciembre dic decembre dezembro dez",
}
"""Without accents. No name stands for two months in two of the languages."""
_MONTH_OF = {name: number for number, names in _MONTHS.items() for name in names.split()}
_MONTHS_ALL = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_MONTH = rf"(?P<month>{_MONTHS_ALL})\.?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>[0-3]?\d)(?:st|nd|rd|th|er|o|[\u00ba\u00b0.])?"
_OF = (
    r"(?:,?\s++(?:(?:day|dias?)\s++)?(?:de|del|of|do)\s++(?:(?:the\s++month|mes|mois)\s++(?:of|de)\s++)?"
    r"|\s++dias?\s++del?\s++mes\s++de\s++|[\s,./-]+)"
)
_CLOCK = r"(?:\s++\d?\d:\d\d(?::\d\d)?+(?:\s++[a-z]{2,5}(?:[+-]\d\d:?\d\d)?+|\s++[+-]\d{4})?+)?+"
"""The time of day, and its zone, that computers write between day and year."""

_ISO = re.compile(rf"{_YEAR}-(?P<month>\d\d)(?:-(?P<day>\d\d))?(?![\d-])")
_ISO_SHORT = re.compile(rf"{_YEAR}-(?P<month>\d\d?)-(?P<day>\d\d?)(?![\d-])")
_ISO_SLASHED = re.compile(rf"{_YEAR}[/.](?P<month>\d\d?)(?:[/.](?P<day>\d\d?))?(?!\d)")
_COMPACT = re.compile(rf"(?:d:)?{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:\d{{6}})?(?!\d)")
_DAY_FIRST = re.compile(rf"(?<!\d){_DAY}(?!,){_OF}{_MONTH}{_OF}{_YEAR}(?!\d)")
_MONTH_FIRST = re.compile(rf"\b{_MONTH}\s++{_DAY}{_CLOCK}(?:\s*+,|\s++(?:de|del|of))?\s++{_YEAR}(?!\d)")
_MONTH_YEAR = re.compile(rf"\b{_MONTH}(?:{_OF}|\s*+[(\[]){_YEAR}(?!\d)")
_YEAR_MONTH = re.compile(
    rf"(?<!\d){_YEAR}[\s,/(\[-]+{_MONTH}(?![a-z])(?:[\s,-]+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d-]))?"
)
_TO = r"\s*+(?:-|/|&|\b(?:a|al|ao|au|to|until|et|y|e|and)\b)\s*+"
_MONTHS_RANGE = re.compile(
    rf"\b(?:{_MONTHS_ALL})\b\.?{_TO}(?:\d\d?{_OF})?(?:{_MONTHS_ALL})\b\.?(?:\s++\d\d?,?)?{_OF}{_YEAR}(?!\d)"
)
_DAYS_RANGE = re.compile(
    rf"(?<!\d)\d\d?(?:st|nd|rd|th)?{_TO}\d\d?(?:st|nd|rd|th)?{_OF}{_MONTH}{_OF}{_YEAR}(?!\d)"
    rf"|\b(?P<month_>{_MONTHS_ALL})\.?\s++\d\d?(?:st|nd|rd|th)?{_TO}\d\d?(?:st|nd|rd|th)?,?\s++(?P<year_>(?:1[5-9]|20)\d\d)(?!\d)"
)
_NUMBERS = re.compile(rf"(?<!\d)(?P<one>\d\d?)[/.\-](?P<two>\d\d?)[/.\-]{_YEAR}(?!\d)")
_ROMAN = re.compile(rf"(?<!\d)(?P<day>\d\d?)[/.\- ](?P<month>x|x?i{{1,3}}|i?[vx]|vi{{1,3}})[/.\- ]{_YEAR}(?!\d)")
"""Months in Roman numerals, as in Spanish and Polish (`31/V/2018`)."""
_ROMAN_MONTHS = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
_MONTH_NUMBER = re.compile(rf"(?<![\d/.\-])(?P<month>\d\d?)[/.]{_YEAR}(?!\d)")
_YEARS = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_BEFORE = re.compile(r"^[\[(©.\s]*+(?:copyright|ca|c)?+[.©)\s]*+(?=\d)")
"""Brackets, `c` and `ca.` before a year."""
_FIRST = re.compile(r"\b(?:primero|premier|primeiro)\b(?=\s+(?:de\s+)?(?:" + _MONTHS_ALL + r")\b)")

_WORDS_TOO = {"set": ("pt",), "out": ("pt",), "ago": ("es", "pt"), "mar": ("en",)}
"""Abbreviated months that are words of another of the languages (*data set*, *derecho del mar*), with the languages in which
they count in any place; elsewhere they count at the beginning, after a number or a sign, or after one of _BEFORE_MONTHS."""
_BEFORE_MONTHS = frozenset(
    (
        "de",
        "of",
        "in",
        "en",
        "em",
        "le",
        "published",
        "updated",
        "posted",
        "lun",
        "mar",
        "mie",
        "jue",
        "vie",
        "sab",
        "dom",
    )
) | {"seg", "ter", "qua", "qui", "sex"}

_DAY_FIRST_LANGUAGES = ("es", "fr", "pt")


def parse_date(text: str, *, lang: str = "") -> str:
    """Return a date as `2019-05-03`, `2019-05` or `2019`; empty when the text names no year.

    What the text does not say is never made up: months (`abril-junio de 2019`), a quarter, a season or a fiscal year
    (`2017/18`) give the year they begin in, days (`3-5 May 2019`) their month. Of a range of years (`2015-2019`) the last
    counts. Numbers such as 03/05/2019 are day and month in Spanish, French and Portuguese (`lang`); else they give the
    year alone, unless one of them cannot be a month.

    Args:
        lang: ISO 639-1 of the text or of its place; empty when unknown.
    """
    plain = _plain(text)
    for expression in (_ISO, _ISO_SHORT, _ISO_SLASHED, _COMPACT):
        if (found := expression.match(plain)) and (date := _date(found, month=_digits(found, "month"))):
            return date
    if found := _MONTHS_RANGE.search(plain):
        return found["year"]
    if found := _DAYS_RANGE.search(plain):
        return f"{found['year'] or found['year_']}-{_MONTH_OF[found['month'] or found['month_']]:02}"
    if date := _with_named_month(plain, lang=lang):
        return date
    if (found := _ROMAN.search(plain)) and (date := _date(found, month=_ROMAN_MONTHS.index(found["month"]) + 1)):
        return date
    if found := _NUMBERS.search(plain):
        return _numbers(found, day_first=lang in _DAY_FIRST_LANGUAGES)
    if (found := _MONTH_NUMBER.search(plain)) and (date := _date(found, month=_digits(found, "month"))):
        return date
    return _year(plain)


def _with_named_month(plain: str, *, lang: str) -> str:
    for expression in (_DAY_FIRST, _MONTH_FIRST, _YEAR_MONTH, _MONTH_YEAR):
        found = expression.search(plain)
        if found and _is_month(found, lang=lang) and (date := _date(found, month=_MONTH_OF[found["month"]])):
            return date
    return ""


def _is_month(found: re.Match[str], *, lang: str) -> bool:
    """Say whether the name of a month is one, and not a word that is spelled like it (`Data set 2019`)."""
    name = found["month"]
    if name not in _WORDS_TOO or lang in _WORDS_TOO[name]:
        return True
    before = found.string[: found.start("month")].split()
    return not before or not before[-1].isalpha() or before[-1] in _BEFORE_MONTHS


def _plain(text: str) -> str:
    """Return text in small letters without accents, dashes as hyphens."""
    letters = unicodedata.normalize("NFD", text.strip().lower())
    bare = "".join(letter for letter in letters if not unicodedata.combining(letter))
    bare = re.sub(r"\brio de janeiro\b", "rio", bare)  # a place, and no month
    return _FIRST.sub("1", _BEFORE.sub("", re.sub(r"[\u2010-\u2015\u2212]", "-", bare))).strip()


def _digits(found: re.Match[str], name: str) -> int:
    return int(found[name])


def _date(found: re.Match[str], *, month: int) -> str:
    """Return the date that was found; empty when there is no such day or month."""
    year = int(found["year"])
    day = found.groupdict().get("day")
    if not 1 <= month <= 12:
        return ""
    if day is None:
        return f"{year}-{month:02}"
    if not 1 <= int(day) <= calendar.monthrange(year, month)[1]:
        return ""
    return f"{year}-{month:02}-{int(day):02}"


def _numbers(found: re.Match[str], *, day_first: bool) -> str:
    one, two, year = int(found["one"]), int(found["two"]), int(found["year"])
    if day_first or one > 12 or one == two:
        day, month = one, two
    elif two > 12:
        day, month = two, one
    else:
        return str(year)
    is_real = 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
    return f"{year}-{month:02}-{day:02}" if is_real else str(year)


def _year(plain: str) -> str:
    years = [found[0] for found in _YEARS.finditer(plain)]
    if not years:
        return ""
    is_range = len(years) == 2 and re.search(rf"{years[0]}\s*(?:-|/|to|a|al|au|ate)\s*{years[1]}", plain)
    return years[1] if is_range else years[0]

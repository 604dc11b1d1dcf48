"""The day of an entry, in whatever language and form a feed writes it."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import Any

from dateparser.date import DateDataParser

from corpus.languages import code_of
from corpus.metadata.dates import parse_date

_CHARACTERS_MAX = 80
"""Longer texts are no dates, and cost seconds."""
_LANGUAGES = (
    *("es", "fr", "pt", "en", "de", "it", "nl", "ca", "gl", "ro", "pl", "cs", "hu", "sv", "da", "nb", "fi", "el", "tr"),
    *(
        "ru",
        "uk",
        "bg",
        "sr",
        "hr",
        "sq",
        "ar",
        "fa",
        "ur",
        "hi",
        "bn",
        "id",
        "ms",
        "fil",
        "vi",
        "th",
        "zh",
        "ja",
        "ko",
    ),
    *("sw", "am"),
)
"""Tried in this order where the feed's own language does not fit; all 200 of dateparser would cost three seconds."""
_SETTINGS: Any = {"REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"], "STRICT_PARSING": True}
"""Nothing is filled in from today, and `yesterday` is no date."""


def day_of(text: str, *, parsed: Any = None, lang: str = "") -> str:
    """Return a date as `2020-04-09`, or as much of it as the text says (`2020-04`); empty when it says no year. Never raises.

    Args:
        parsed: feedparser's time tuple (UTC) of the same text; None: it could not read it. It guesses at what it does not
            know (`09-04-2020` is 2009 to it), so that it counts only where the text does not speak against it.
        lang: of the feed, as it says; empty when it does not.
    """
    code = code_of(lang)
    given, own = _day(parsed), parse_date(text, lang=code)
    if len(own) < len("2020-04-09"):
        return _in_any_language(text[:_CHARACTERS_MAX], code) or own or given
    # The zone of a moment can make it the day before or after in UTC.
    is_same = bool(given) and abs((date.fromisoformat(given) - date.fromisoformat(own)).days) <= 1
    return given if is_same else own


def _day(parsed: Any) -> str:
    """Return an ISO date from feedparser's time tuple; empty for none and for nonsense years."""
    if not parsed or not 1800 <= parsed[0] <= 2200:
        return ""
    return f"{parsed[0]:04d}-{parsed[1]:02d}-{parsed[2]:02d}"


@lru_cache(maxsize=1024)
def _in_any_language(text: str, lang: str) -> str:
    plain = "".join(str(unicodedata.digit(each, each)) for each in text)
    has_words = any(map(str.isalpha, plain))
    if not re.search(r"\d", plain) or not (has_words or lang not in ("", "en")):
        return ""  # 09/04/2020 is a day in April or in September
    for languages in ([lang] if lang in _LANGUAGES else [], list(_LANGUAGES) if has_words else []):
        if languages and (found := _read(plain, languages)):
            return found
    return ""


def _read(text: str, languages: list[str]) -> str:
    try:
        found = DateDataParser(languages=languages, settings=_SETTINGS).get_date_data(text).date_obj
    except (ValueError, OverflowError, RecursionError):  # days and years that no calendar has
        return ""
    # The year must be one of ours: Thai feeds count from Buddha.
    return found.date().isoformat() if found and 1900 <= found.year <= 2100 else ""

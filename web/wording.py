"""Numbers, dates, languages and kinds in words, as the English interface says them."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime

from corpus.runs import RunState
from corpus.source_health import SourceState
from corpus.types import Document, Outcome

_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]

LANGUAGE_NAMES = {
    "ar": "العربية",
    "bn": "বাংলা",
    "de": "Deutsch",
    "en": "English",
    "es": "Español",
    "fr": "Français",
    "hi": "हिन्दी",
    "id": "Bahasa Indonesia",
    "it": "Italiano",
    "ja": "日本語",
    "km": "ខ្មែរ",
    "ko": "한국어",
    "nl": "Nederlands",
    "pt": "Português",
    "ro": "Română",
    "ru": "Русский",
    "sw": "Kiswahili",
    "th": "ไทย",
    "tr": "Türkçe",
    "uk": "Українська",
    "ur": "اردو",
    "vi": "Tiếng Việt",
    "zh": "中文",
}
"""Languages in their own words; any other is shown by its code."""

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "sd", "yi", "dv", "ckb"})

_KINDS = {
    "application/pdf": "PDF",
    "text/html": "web page",
    "application/xhtml+xml": "web page",
    "text/plain": "text",
}

OUTCOME_WORDS = {
    Outcome.READ: "read",
    Outcome.SCANNED: "only pictures of pages, no text",
    Outcome.EMPTY: "empty",
    Outcome.ENCRYPTED: "locked with a password",
    Outcome.BROKEN: "damaged",
    Outcome.TOO_LARGE: "too large",
    Outcome.TIMED_OUT: "took too long to read",
    Outcome.OUT_OF_MEMORY: "took too much memory to read",
    Outcome.UNSUPPORTED: "a kind that is not read",
}

PROTOCOL_WORDS = {
    "listing": "Web page listing",
    "feed": "RSS, Atom or JSON feed",
    "sitemap": "Sitemap",
    "oai": "OAI-PMH",
    "api": "JSON API",
    "addresses": "List of addresses",
}

SOURCE_STATE_WORDS = {
    SourceState.WELL: "Well",
    SourceState.BROKEN: "Broken",
    SourceState.CRASHED: "Crashed",
    SourceState.PAUSED: "Paused",
    SourceState.INTERRUPTED: "Interrupted",
    SourceState.NEVER: "Never harvested",
    SourceState.UNVERIFIED: "Not yet verified live",
}

RUN_STATE_WORDS = {
    RunState.FINISHED: "Finished",
    RunState.BROKEN: "Broken",
    RunState.PAUSED: "Paused",
    RunState.INTERRUPTED: "Interrupted",
    RunState.CRASHED: "Crashed",
}

FACET_TITLES = {
    "group": "Worker group",
    "region": "Region",
    "country": "Country",
    "sector": "Sector",
    "topic": "Topic",
    "lang": "Language",
    "source": "Source",
    "type": "Type",
    "publisher": "Publisher",
    "year": "Year",
    "q": "Words",
}

SORT_WORDS = {
    "relevance": "Best first",
    "newest": "Newest publication first",
    "oldest": "Oldest publication first",
    "first_seen": "Latest here first",
}


def grouped(number: int) -> str:
    """Return 12480 as `12,480`."""
    return f"{number:,}"


def counted(number: int, one: str, many: str) -> str:
    """Return `1 page`, `1,903 pages`."""
    return f"{grouped(number)} {one if number == 1 else many}"


def day_in_words(when: datetime) -> str:
    """Return `23 November 2026`: no reader takes the day for the month."""
    return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"


def moment_in_words(when: datetime) -> str:
    """Return `23 November 2026, 14:05 UTC`."""
    return f"{day_in_words(when)}, {when:%H:%M} UTC"


def duration_in_words(seconds: float) -> str:
    """Return `45 s`, `3 min`, `2 h 5 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size_in_words(size: int) -> str:
    """Return bytes as `12 kB`, `3.4 MB`."""
    if size < 1000:
        return f"{size} bytes"
    return f"{size / 1000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"


def published_in_words(published: str) -> str:
    """Return `2019`, `May 2019` or `3 May 2019` for an ISO date of that exactness."""
    year, _, rest = published.partition("-")
    if not rest:
        return year
    month, _, day = rest.partition("-")
    if not 1 <= int(month) <= 12:
        return year
    name = f"{_MONTHS[int(month) - 1]} {year}"
    return f"{int(day)} {name}" if day else name


def language_name(lang: str) -> str:
    """Return a language in its own words; empty when it is not known."""
    return "" if lang == "und" else LANGUAGE_NAMES.get(lang, lang)


def direction(lang: str) -> str:
    """Return `rtl` or `ltr`; `auto`, where only the text can tell."""
    if lang in RIGHT_TO_LEFT:
        return "rtl"
    return "ltr" if lang in LANGUAGE_NAMES else "auto"


def type_in_words(kind: str) -> str:
    """Return `working paper` as `Working paper`; a plain document or web page needs no word."""
    return "" if kind in ("document", "web_page", "") else kind.replace("_", " ").capitalize()


def kind_and_length(document: Document) -> str:
    """Return `PDF, 84 pages`, or `web page`."""
    kind = _KINDS.get(document.content_type, "")
    if kind != "PDF":
        return kind
    return f"{kind}, {counted(document.page_count, 'page', 'pages')}" if document.page_count else kind


def facts_of(document: Document, *, exact_date: bool = False) -> tuple[str, ...]:
    """Return what is known of a document at a glance: publisher, type, date, kind and length, language."""
    date = published_in_words(document.published) if exact_date else document.published[:4]
    values = (
        document.publisher,
        type_in_words(document.type),
        date,
        kind_and_length(document),
        language_name(document.lang),
    )
    return tuple(value for value in values if value)


def listed(words: Iterable[str], *, last: str = "or") -> str:
    """Return `a`, `a or b`, `a, b or c`."""
    each = tuple(words)
    return each[0] if len(each) == 1 else f"{', '.join(each[:-1])} {last} {each[-1]}" if each else ""


def without_controls(text: str) -> str:
    """Return text without characters that turn or hide what stands after them (bidirectional overrides and the like).

    Names and titles come from strangers; U+202E in one would turn the rest of our line around.
    """
    return "".join(
        each
        for each in text
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf") or each in "\u200c\u200d\u00ad"
    )

"""Kinds, states and outcomes in the reader's language, and texts of strangers made fit to be shown.

Names of facets and their values are in corpus.messages.values, numbers and dates in corpus.messages.formats.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from datetime import datetime

from corpus.messages import Message, gettext, message, ngettext
from corpus.messages.dates import published_in_words, written_day
from corpus.messages.formats import decimal
from corpus.messages.kinds import OUTCOME_WORDS as OUTCOME_WORDS
from corpus.messages.kinds import SORT_WORDS as SORT_WORDS
from corpus.messages.kinds import SOURCE_STATE_WORDS as SOURCE_STATE_WORDS
from corpus.messages.values import document_language, type_name
from corpus.runs import RunState
from corpus.types import Document

PROTOCOL_WORDS: Mapping[str, Message] = {
    "listing": message("Web page listing"),
    "feed": message("RSS, Atom or JSON feed"),
    "sitemap": message("Sitemap"),
    "oai": message("OAI-PMH"),
    "api": message("JSON API"),
    "addresses": message("List of addresses"),
}

RUN_STATE_WORDS: Mapping[RunState, Message] = {
    RunState.FINISHED: message("Finished"),
    RunState.BROKEN: message("Broken"),
    RunState.PAUSED: message("Paused"),
    RunState.INTERRUPTED: message("Interrupted"),
    RunState.CRASHED: message("Crashed"),
}


def day_in_words(when: datetime, *, lang: str) -> str:
    """Return `23 November 2026`: no reader takes the day for the month."""
    return written_day(when.date(), lang=lang)


def documents_in_words(count: int, *, lang: str) -> str:
    """Return `1 document`, `1,903 documents`."""
    return ngettext("{count} document", "{count} documents", count, lang=lang)


def works_in_words(works: int, documents: int, *, lang: str) -> str:
    """Return `12 documents`; where some of them are copies or translations of others, `10 works in 12 documents`."""
    if documents <= works:
        return documents_in_words(works, lang=lang)
    found = ngettext("{count} work", "{count} works", works, lang=lang)
    return f"{found} {ngettext('in {count} document', 'in {count} documents', documents, lang=lang)}"


def pages_in_words(count: int, *, lang: str) -> str:
    """Return `1 page`, `1,903 pages`."""
    return ngettext("{count} page", "{count} pages", count, lang=lang)


def duration_in_words(seconds: float) -> str:
    """Return `45 s`, `3 min`, `2 h 5 min`: signs that are the same in every language."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def size_in_words(size: int, *, lang: str) -> str:
    """Return bytes as `12 kB`, `3.4 MB`."""
    if size < 1000:
        return ngettext("{count} byte", "{count} bytes", size, lang=lang)
    is_small = size < 1_000_000
    number = decimal(size / (1000 if is_small else 1_000_000), digits=0 if is_small else 1, lang=lang)
    return f"{number} {'kB' if is_small else 'MB'}"


def language_name(code: str, *, lang: str) -> str:
    """Return the language of a document in its own words; empty when it is not known."""
    return "" if code == "und" else document_language(code, lang=lang)


def type_in_words(kind: str, *, lang: str) -> str:
    """Return `Working paper`; a plain document or web page needs no word."""
    return "" if kind in ("document", "web_page", "") else type_name(kind, lang=lang)


def kind_and_length(document: Document, *, lang: str) -> str:
    """Return `PDF, 84 pages`, or `web page`."""
    match document.content_type:
        case "application/pdf":
            count = document.page_count
            return ngettext("PDF, {count} page", "PDF, {count} pages", count, lang=lang) if count else "PDF"
        case "text/html" | "application/xhtml+xml":
            return gettext("web page", lang=lang)
        case "text/plain":
            return gettext("text", lang=lang)
    return ""


def facts_of(document: Document, *, lang: str, exact_date: bool = False) -> tuple[str, ...]:
    """Return what is known of a document at a glance: publisher, type, date, kind and length, language."""
    date = published_in_words(document.published, lang=lang) if exact_date else document.published[:4]
    if exact_date and document.is_dated_by_file:
        date = gettext("date unknown, file made {date}", date=date, lang=lang)
    values = (
        document.publisher,
        type_in_words(document.type, lang=lang),
        date,
        kind_and_length(document, lang=lang),
        language_name(document.lang, lang=lang),
    )
    return tuple(value for value in values if value)


def without_controls(text: str) -> str:
    """Return text without characters that turn or hide what stands after them (bidirectional overrides and the like).

    Names and titles come from strangers; U+202E in one would turn the rest of our line around.
    """
    return "".join(
        each
        for each in text
        if each in "\n\t" or unicodedata.category(each) not in ("Cc", "Cf") or each in "\u200c\u200d\u00ad"
    )

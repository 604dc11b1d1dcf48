"""What was searched, and what of it cannot be found, in one line below the hits."""

from __future__ import annotations

from functools import lru_cache

from corpus.messages import gettext, ngettext
from search_api.answers.collection import CollectionCoverage
from web.format import day_in_words, documents_in_words, pages_in_words


@lru_cache(maxsize=16)
def coverage_in_words(coverage: CollectionCoverage, *, lang: str) -> str:
    """Return what was searched in one sentence: documents, pages, sources, the last harvest, and what is missing."""
    parts = [
        gettext(
            "Searched: {documents}, {pages}, {sources}",
            documents=documents_in_words(coverage.documents, lang=lang),
            pages=pages_in_words(coverage.pages, lang=lang),
            sources=ngettext("{count} source", "{count} sources", coverage.sources, lang=lang),
            lang=lang,
        )
    ]
    if coverage.last_harvest:
        day = day_in_words(coverage.last_harvest, lang=lang)
        parts.append(gettext("last harvest {day}", day=day, lang=lang))
    unread = [pages_in_words(coverage.pages_unread, lang=lang)] * bool(coverage.pages_unread)
    if coverage.files_unread:
        unread.append(ngettext("{count} whole file", "{count} whole files", coverage.files_unread, lang=lang))
    if unread:
        parts.append(gettext("could not be read: {what}", what=", ".join(unread), lang=lang))
    if coverage.not_indexed:
        what = documents_in_words(coverage.not_indexed, lang=lang)
        parts.append(gettext("not searchable yet: {what}", what=what, lang=lang))
    if others := sum(count for _, count in coverage.other_languages):
        what = documents_in_words(others, lang=lang)
        parts.append(gettext("found by their words only, because of their language: {what}", what=what, lang=lang))
    return "; ".join(parts) + "."

"""What every feed of a search says: its documents in the order in which they came here, each once, under ids that never change.

A feed is made from the records at the moment it is requested. Order and times come from the first sight of a document, which
tagging, correcting and indexing again do not touch; so nothing becomes new a second time. Nothing is lost between two
visits either: every page of a feed names the one that follows, to the very first document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from corpus.messages import gettext
from corpus.shown import without_signs
from search_api.answers.results import Hit, Results
from search_api.answers.snippets import Snippet
from search_api.query.parameters import SearchQuery, Sort

ENTRIES = 100
"""Documents on one page of a feed."""
TAG_AUTHORITY = "pushcart,2026"
"""Of the ids (RFC 4151). Not the name of the host: a service that moves must not make all documents new."""
_EMPTY_SINCE = datetime(2026, 1, 1, tzinfo=UTC)
"""`updated` of a feed without entries: the same at every visit."""
# XML 1.0 has no place for these, not even escaped; they come out of broken fonts.
_NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class FeedAddresses:
    """Absolute addresses that a feed mentions."""

    feed: Callable[[SearchQuery], str]
    """Of the feed of a search, in the same format; its cursor matters."""
    search: Callable[[SearchQuery], str]
    """Of the page that shows the same search."""
    document: Callable[[Hit], str]
    """Of a document that was found, at its best page."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, ready to be sent."""

    body: bytes
    """XML or JSON, UTF-8."""
    media_type: str
    etag: str
    """Strong validator, in quotes."""
    updated: datetime
    """When the newest of its documents was first seen."""


def feed_query(query: SearchQuery) -> SearchQuery:
    """Return the search whose answer makes a page of the feed: newest here first, answers only, regardless of the request."""
    return replace(query, sort=Sort.FIRST_SEEN, limit=ENTRIES, near=0)


def feed_of(body: bytes, *, media_type: str, results: Results) -> Feed:
    """Return what was written, with what tells it from others."""
    etag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    return Feed(body=body, media_type=media_type, etag=etag, updated=updated_at(results))


def updated_at(results: Results) -> datetime:
    """Return when the newest document of a page was first seen; without any a moment that is always the same."""
    return max((hit.document.first_seen for hit in results.hits), default=_EMPTY_SINCE)


def title_of(words: str, *, lang: str) -> str:
    """Return the title of the feed of a search; empty words: all documents."""
    return clean(f"Pushcart: {words or gettext('all documents', lang=lang)}")


def subtitle(*, lang: str) -> str:
    """Return what every feed is."""
    return gettext("Documents in the order they were added, newest first", lang=lang)


def entry_id(document_id: str) -> str:
    """Return the id under which a document is in every feed, forever."""
    return f"tag:{TAG_AUTHORITY}:document/{document_id}"


def search_id(query: SearchQuery) -> str:
    """Return the id of a search's feed: the same for the same search, whatever page of it is read."""
    plain = replace(query, cursor="", sort=Sort.RELEVANCE)
    asked = tuple(each for each in plain.to_parameters() if each[0] not in ("limit", "near"))
    return f"tag:{TAG_AUTHORITY}:search/{hashlib.sha256(repr(asked).encode()).hexdigest()[:16]}"


def authors_of(hit: Hit) -> tuple[str, ...]:
    """Return who wrote a document, else who published it."""
    document = hit.document
    named = document.authors or ((document.publisher,) if document.publisher else ())
    return tuple(clean(name) for name in named)


def summary_of(hit: Hit, *, lang: str) -> str:
    """Return publisher, year and language in one line, then the abstract or what was found; plain text."""
    document = hit.document
    facts = (document.publisher, document.published[:4], document.lang if document.lang != "und" else "")
    line = ", ".join(fact for fact in facts if fact)
    if hit.pages:
        message = " ".join(
            gettext("p. {number}: {text}", number=page.number, text=_plain(page.snippet), lang=lang)
            for page in hit.pages[:1]
        )
    else:
        message = _plain(hit.abstract)
    sample = gettext("Sample document.", lang=lang) if document.is_sample else ""
    whole = clean("\n\n".join(part for part in (line, sample, document.abstract or message) if part))
    return whole or gettext("No abstract.", lang=lang)


def _plain(snippet: Snippet) -> str:
    return "".join(text for text, _ in snippet)


def clean(text: str) -> str:
    """Return a text of strangers as a feed may carry it: one that turns no line around, and that XML has a place for."""
    return _NOT_IN_XML.sub("", without_signs(text)).strip()

"""The Atom feed of a search: its documents in the order in which they came here, each once, under ids that never change.

A feed is made from the records at the moment it is asked for. Order and times come from the first sight of a document, which
tagging, correcting and indexing anew do not touch; so nothing becomes new a second time. Nothing is lost between two
visits either: every page of the feed names the one that follows (RFC 5005), to the very first document.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

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
    """Absolute addresses that a feed speaks of."""

    feed: Callable[[SearchQuery], str]
    """Of the feed of a search; its cursor matters."""
    search: Callable[[SearchQuery], str]
    """Of the page that shows the same search."""
    document: Callable[[Hit], str]
    """Of a document that was found, at its best page."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed, ready to be sent."""

    body: bytes
    """XML, UTF-8."""
    etag: str
    """Strong validator, in quotes."""
    updated: datetime
    """When the newest of its documents was first seen."""


def feed_query(query: SearchQuery) -> SearchQuery:
    """Return the search whose answer makes a page of the feed: newest here first, answers only, whatever was asked for."""
    return replace(query, sort=Sort.FIRST_SEEN, limit=ENTRIES, near=0)


def make_feed(results: Results, *, words: str, addresses: FeedAddresses, lang: str = "en") -> Feed:
    """Return one page of the feed of a search.

    Args:
        results: answer to `feed_query`.
        words: the search in words, for the title; empty: all documents.
        addresses: of what the feed speaks of.
        lang: of its own words: en, es, fr or pt.
    """
    asked = results.asked
    first_page = replace(asked, cursor="")
    updated = max((hit.document.first_seen for hit in results.hits), default=_EMPTY_SINCE)
    feed = FeedGenerator()
    feed.id(search_id(asked))
    feed.title(_clean(f"Pushcart: {words or gettext('all documents', lang=lang)}"))
    feed.subtitle(gettext("Documents in the order in which they came here, newest first", lang=lang))
    feed.author({"name": "Pushcart"})
    feed.updated(updated)
    feed.link(href=addresses.feed(asked), rel="self", type="application/atom+xml")
    feed.link(href=addresses.search(first_page), rel="alternate", type="text/html")
    if asked.cursor:
        feed.link(href=addresses.feed(first_page), rel="first", type="application/atom+xml")
    if results.next:
        following = replace(asked, cursor=results.next)
        feed.link(href=addresses.feed(following), rel="next", type="application/atom+xml")
    feed.generator("Pushcart")
    for hit in results.hits:
        feed.add_entry(_entry(hit, address=addresses.document(hit), lang=lang), order="append")
    body = bytes(feed.atom_str(pretty=True))
    return Feed(body=body, etag=f'"{hashlib.sha256(body).hexdigest()[:24]}"', updated=updated)


def entry_id(document_id: str) -> str:
    """Return the id under which a document stands in every feed, for ever."""
    return f"tag:{TAG_AUTHORITY}:document/{document_id}"


def search_id(query: SearchQuery) -> str:
    """Return the id of a search's feed: the same for the same search, whatever page of it is read."""
    plain = replace(query, cursor="", sort=Sort.RELEVANCE)
    asked = tuple(each for each in plain.to_parameters() if each[0] not in ("limit", "near"))
    return f"tag:{TAG_AUTHORITY}:search/{hashlib.sha256(repr(asked).encode()).hexdigest()[:16]}"


def _entry(hit: Hit, *, address: str, lang: str) -> FeedEntry:
    document = hit.document
    entry = FeedEntry()
    entry.id(entry_id(document.id))
    entry.title(_clean(document.title))
    entry.link(href=address, rel="alternate", type="text/html")
    entry.updated(document.first_seen)
    entry.published(document.first_seen)
    for author in document.authors:
        entry.author({"name": _clean(author)})
    if not document.authors and document.publisher:
        entry.author({"name": _clean(document.publisher)})
    for tag in document.tags:
        if tag.about:
            entry.category(term=tag.concept, scheme=f"tag:{TAG_AUTHORITY}:{tag.facet}")
    entry.summary(_summary(hit, lang=lang))
    return entry


def _summary(hit: Hit, *, lang: str) -> str:
    """Return publisher, year and language in one line, then the abstract or what was found; plain text."""
    document = hit.document
    facts = (document.publisher, document.published[:4], document.lang if document.lang != "und" else "")
    line = ", ".join(fact for fact in facts if fact)
    if hit.pages:
        said = " ".join(
            gettext("p. {number}: {text}", number=page.number, text=_plain(page.snippet), lang=lang)
            for page in hit.pages[:1]
        )
    else:
        said = _plain(hit.abstract)
    sample = gettext("Sample document.", lang=lang) if document.is_sample else ""
    whole = _clean("\n\n".join(part for part in (line, sample, document.abstract or said) if part))
    return whole or gettext("No abstract.", lang=lang)


def _plain(snippet: Snippet) -> str:
    return "".join(text for text, _ in snippet)


def _clean(text: str) -> str:
    return _NOT_IN_XML.sub("", without_signs(text)).strip()

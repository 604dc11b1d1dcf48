"""The Atom feed of a search (RFC 4287, and RFC 5005 for its pages)."""

from __future__ import annotations

from dataclasses import replace

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from alerts.channels.feed.entries import (
    TAG_AUTHORITY,
    Feed,
    FeedAddresses,
    authors_of,
    clean,
    entry_id,
    feed_of,
    search_id,
    subtitle,
    summary_of,
    title_of,
    updated_at,
)
from search_api.answers.results import Hit, Results

MEDIA_TYPE = "application/atom+xml"


def atom_feed(results: Results, *, words: str, addresses: FeedAddresses, lang: str = "en") -> Feed:
    """Return one page of the Atom feed of a search.

    Args:
        results: answer to `feed_query`.
        words: the search in words, for the title; empty: all documents.
        addresses: of what the feed mentions.
        lang: of its own words: en, es, fr or pt.
    """
    asked = results.asked
    first_page = replace(asked, cursor="")
    feed = FeedGenerator()
    feed.id(search_id(asked))
    feed.title(title_of(words, lang=lang))
    feed.subtitle(subtitle(lang=lang))
    feed.author({"name": "Pushcart"})
    feed.updated(updated_at(results))
    feed.link(href=addresses.feed(asked), rel="self", type=MEDIA_TYPE)
    feed.link(href=addresses.search(first_page), rel="alternate", type="text/html")
    if asked.cursor:
        feed.link(href=addresses.feed(first_page), rel="first", type=MEDIA_TYPE)
    if results.next:
        following = replace(asked, cursor=results.next)
        feed.link(href=addresses.feed(following), rel="next", type=MEDIA_TYPE)
    feed.generator("Pushcart")
    for hit in results.hits:
        feed.add_entry(_entry(hit, address=addresses.document(hit), lang=lang), order="append")
    return feed_of(bytes(feed.atom_str(pretty=True)), media_type=MEDIA_TYPE, results=results)


def _entry(hit: Hit, *, address: str, lang: str) -> FeedEntry:
    document = hit.document
    entry = FeedEntry()
    entry.id(entry_id(document.id))
    entry.title(clean(document.title))
    entry.link(href=address, rel="alternate", type="text/html")
    entry.updated(document.first_seen)
    entry.published(document.first_seen)
    for name in authors_of(hit):
        entry.author({"name": name})
    for tag in document.tags:
        if tag.about:
            entry.category(term=tag.concept, scheme=f"tag:{TAG_AUTHORITY}:{tag.facet}")
    entry.summary(summary_of(hit, lang=lang))
    return entry

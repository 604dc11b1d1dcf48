"""The JSON Feed of a search (version 1.1, jsonfeed.org)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from alerts.channels.feed.entries import (
    Feed,
    FeedAddresses,
    authors_of,
    clean,
    entry_id,
    feed_of,
    subtitle,
    summary_of,
    title_of,
)
from search_api.answers.results import Hit, Results

MEDIA_TYPE = "application/feed+json"
VERSION = "https://jsonfeed.org/version/1.1"


def json_feed(results: Results, *, words: str, addresses: FeedAddresses, lang: str = "en") -> Feed:
    """Return one page of the JSON Feed of a search; arguments as of `atom_feed`."""
    asked = results.asked
    body: dict[str, Any] = {
        "version": VERSION,
        "title": title_of(words, lang=lang),
        "description": subtitle(lang=lang),
        "home_page_url": addresses.search(replace(asked, cursor="")),
        "feed_url": addresses.feed(asked),
        "language": lang,
        "authors": [{"name": "Pushcart"}],
        "items": [_item(hit, address=addresses.document(hit), lang=lang) for hit in results.hits],
    }
    if results.next:
        body["next_url"] = addresses.feed(replace(asked, cursor=results.next))
    written = json.dumps(body, ensure_ascii=False, indent=1).encode()
    return feed_of(written, media_type=MEDIA_TYPE, results=results)


def _item(hit: Hit, *, address: str, lang: str) -> dict[str, Any]:
    document = hit.document
    item: dict[str, Any] = {
        "id": entry_id(document.id),
        "url": address,
        "title": clean(document.title),
        "content_text": summary_of(hit, lang=lang),
        "date_published": document.first_seen.isoformat(),
        "authors": [{"name": name} for name in authors_of(hit)],
        "tags": [f"{tag.facet}:{tag.concept}" for tag in document.tags if tag.about],
    }
    if document.lang != "und":
        item["language"] = document.lang
    return {name: value for name, value in item.items() if value}

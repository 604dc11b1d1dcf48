"""Read a JSON Feed (https://www.jsonfeed.org/version/1.1/), also one that bends the rules."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from corpus.metadata.authors import without_addresses
from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Note, NoteKind
from corpus.text import clean_json
from corpus.types import Evidence, FieldEvidence
from corpus.urls import is_web_address
from crawler.pages.html_parts import fold, plain_text
from crawler.pages.listed_links import ListPage
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.days import day_of
from crawler.spiders.feed.entry_links import ABSTRACT_CHARACTERS_MAX, EntryLinks, absolute, gather


def is_json(body: bytes) -> bool:
    """Say whether a body begins as a JSON object does, whatever its media type."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def read_json_feed(body: bytes, rules: FeedRules, *, url: str) -> ListPage:
    """Return the leads of a JSON Feed. Never raises: what is none has no leads and `trouble` that says so."""
    try:
        feed = clean_json(json.loads(body.decode("utf-8-sig", errors="replace"), strict=False))
    except (ValueError, RecursionError) as error:
        return ListPage(records=0, trouble=Failure.of(FailureKind.FEED_MALFORMED, error=str(error)[:200]))
    items = feed.get("items")
    if not isinstance(items, list):
        return ListPage(records=0, trouble=Failure(FailureKind.NO_JSON_FEED))
    whole = [item if isinstance(item, dict) else {} for item in items]
    links, skipped = gather(((_links(item, base=url), _evidence(item, feed=feed)) for item in whole), rules)
    following = absolute(feed.get("next_url"), url)
    more = (following,) if following and following != url else ()
    note = None if items else Note(NoteKind.FEED_EMPTY)
    if feed.get("expired") is True:
        note = Note(NoteKind.FEED_ENDED)
    return ListPage(links=links, more=more, skipped=skipped, records=len(items), note=note)


def _links(item: dict[str, Any], *, base: str) -> EntryLinks:
    """Return where an item leads. `url` is its own page; `external_url` is that of another site which it speaks of."""
    page = absolute(item.get("url"), base) or absolute(item.get("external_url"), base)
    if not page and isinstance(identifier := item.get("id"), str) and is_web_address(identifier):
        page = absolute(identifier, base)
    attachments = [
        (absolute(each.get("url"), base), _text(each.get("mime_type")))
        for each in _dicts(item.get("attachments"))
        if each.get("url")
    ]
    return EntryLinks(page=page, enclosed=tuple(attachments), modified=_text(item.get("date_modified")))


def _evidence(item: dict[str, Any], *, feed: dict[str, Any]) -> FieldEvidence:
    found: dict[str, tuple[Evidence, ...]] = {}
    lang = _text(item.get("language")) or _text(feed.get("language"))
    for name, values in {
        "title": [plain_text(_text(item.get("title")))],
        "author": list(_authors(item) or _authors(feed)),
        "date": [
            day_of(_text(item.get("date_published")), lang=lang) or day_of(_text(item.get("date_modified")), lang=lang)
        ],
        "abstract": [plain_text(_text(item.get("summary")))[:ABSTRACT_CHARACTERS_MAX]],
        "lang": [lang],
        "keyword": [_text(tag) for tag in _listed(item.get("tags"))],
    }.items():
        if given := tuple(dict.fromkeys(value for value in values if value)):
            found[name] = tuple(Evidence(value=value, origin=Origin(OriginPlace.FEED)) for value in given)
    return found


def _authors(place: dict[str, Any]) -> tuple[str, ...]:
    """Return the names of authors: `authors` of version 1.1, else `author` of version 1.0."""
    named = _dicts(place.get("authors")) or _dicts([place.get("author")])
    return tuple(name for each in named if (name := without_addresses(_text(each.get("name")))))


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [each for each in _listed(value) if isinstance(each, dict)]


def _listed(value: Any) -> Iterator[Any]:
    yield from value if isinstance(value, list) else ()


def _text(value: Any) -> str:
    return fold(value) if isinstance(value, str) else ""

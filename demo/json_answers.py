"""What the sample publisher answers in JSON: its API, its JSON feed, and the parts of the listing that grows."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demo.entries import Entry
from demo.publication import PUBLISHER, SAMPLE_MARK


@dataclass(frozen=True, slots=True)
class ListPart:
    """One page of a long list."""

    entries: Sequence[Entry]
    number: int
    """1-based."""
    last: int
    """Number of the last page."""
    total: int
    """Entries on all pages."""
    origin: str
    per_page: int

    def address(self, path: str, *, more: str = "") -> str:
        """Return the absolute address of the page after this one; empty when this is the last. `more` follows it."""
        return f"{self.origin}{path}?page={self.number + 1}{more}" if self.number < self.last else ""


def api_answer(part: ListPart, *, more: str = "") -> bytes:
    """Return one page of the API; `more` is what the address of the next page repeats of the question."""
    return _json(
        {
            "total": part.total,
            "page": part.number,
            "pages": part.last,
            "per_page": part.per_page,
            "next": part.address("/api/publications", more=more) or None,
            "publications": [_api_record(entry, origin=part.origin) for entry in part.entries],
        }
    )


def _api_record(entry: Entry, *, origin: str) -> dict[str, object]:
    publication = entry.publication
    files = [{"url": f"{origin}{entry.pdf_path}", "format": "application/pdf", "language": publication.lang}]
    return {
        "id": entry.slug,
        "title": publication.full_title,
        "authors": [{"name": author} for author in publication.authors],
        "publisher": PUBLISHER,
        "published": publication.published.isoformat(),
        "updated": entry.stamp,
        "language": publication.lang,
        "type": publication.type,
        "series": publication.series_line or None,
        "abstract": publication.abstract,
        "keywords": list(publication.keywords),
        "licence": "Apache-2.0",
        "url": f"{origin}{entry.path}",
        "cover": f"{origin}/covers/{publication.slug}.svg",
        "files": files if entry.pdf_path else [],
    }


def json_feed(part: ListPart) -> bytes:
    """Return one page of a JSON feed (https://www.jsonfeed.org/version/1.1/), with `next_url` while there is more."""
    feed: dict[str, object] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": f"{PUBLISHER}: all publications",
        "description": SAMPLE_MARK["en"],
        "home_page_url": f"{part.origin}/publications",
        "feed_url": f"{part.origin}/feed.json",
    }
    if following := part.address("/feed.json"):
        feed["next_url"] = following
    feed["items"] = [_feed_item(entry, origin=part.origin) for entry in part.entries]
    return _json(feed)


def _feed_item(entry: Entry, *, origin: str) -> dict[str, object]:
    publication = entry.publication
    item: dict[str, object] = {
        "id": f"{origin}{entry.path}",
        "url": f"{origin}{entry.path}",
        "title": publication.full_title,
        "summary": publication.abstract,
        "content_text": publication.abstract,
        "date_published": f"{publication.published}T09:00:00Z",
        "date_modified": entry.stamp,
        "authors": [{"name": author} for author in publication.authors],
        "tags": list(publication.keywords),
        "language": publication.lang,
    }
    if entry.pdf_path:
        item["attachments"] = [{"url": f"{origin}{entry.pdf_path}", "mime_type": "application/pdf"}]
    return item


def grown_listing(part: ListPart, *, fragment: str) -> bytes:
    """Return what the button of the growing listing fetches: more entries as HTML, and where still more are."""
    return _json({"html": fragment, "page": part.number, "next": part.address("/publications/more") or None})


def _json(values: Mapping[str, object]) -> bytes:
    return json.dumps(values, ensure_ascii=False, indent=1).encode()

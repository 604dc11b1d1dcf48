"""DSpace 7 to 9: its REST API as public code and answers show it.

Shape: DSpace/RestContract (search-endpoint.md, items.md, bundles.md, bitstreams.md, projections.md, README.md for paging and
errors); answers of openknowledge.worldbank.org of 2026-10-03 in a public note (io-report-libraries.md) for the bundles of an
item (ORIGINAL with a PDF and a text beside it, LICENSE, THUMBNAIL) and their addresses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.publisher.houses.house import robots
from tests.publisher.world import Answer, Asked, pdf

DEFAULT_ROBOTS = """Sitemap: http://{host}/sitemap_index.xml
Sitemap: http://{host}/sitemap_index.html

User-agent: *
Disallow: /search
Disallow: /admin/*
Disallow: /processes
Disallow: /submit
Disallow: /workspaceitems
Disallow: /profile
Disallow: /workflowitems
Disallow: /entities/*?f
"""
"""As dspace-angular ships it (src/robots.txt.ejs; DSpace/dspace-angular#2710 and #3275 quote it): the REST API is not named."""
_SEARCH = "/server/api/discover/search/objects"
_MOST = 100
"""Records in one answer, whatever `size` asks for."""


@dataclass(frozen=True, slots=True)
class Item:
    """One record and its files."""

    number: int
    metadata: Mapping[str, str | Sequence[str]]
    files: tuple[str, ...] = ()
    """Names in the bundle ORIGINAL."""
    derived: tuple[str, ...] = ()
    """Names in TEXT and THUMBNAIL, made from the files."""
    entity: str = ""
    """dspace.entity.type: Publication, Person, ..."""
    withdrawn: bool = False
    bitstream_lang: str = ""

    @property
    def uuid(self) -> str:
        return str(UUID(int=self.number))


def content(host: str, item: int, file: int = 0) -> str:
    """Return the address of a file."""
    return f"http://{host}/server/api/core/bitstreams/{UUID(int=item * 1000 + file)}/content"


@dataclass(slots=True)
class Dspace:
    """A repository on one host."""

    host: str
    items: Sequence[Item]
    robots: str = DEFAULT_ROBOTS
    embeds: bool = True
    """Whether `embed` of a search brings bundles; false: only their own addresses do."""
    files: dict[str, Answer] = field(default_factory=dict)
    """Answers in place of PDFs, by address."""

    def __call__(self, asked: Asked) -> Answer | None:
        path = asked.path
        if path == "/robots.txt":
            return robots(self.robots.format(host=self.host))
        if path == _SEARCH:
            return self._search(asked)
        if path.startswith("/server/api/core/items/") and path.endswith("/bundles"):
            item = next((each for each in self.items if each.uuid in path), None)
            embeds = "bitstreams" in asked.query.get("embed", "")
            return said(self._bundles(item, with_files=embeds)) if item else _error(404, path)
        if path.startswith("/server/api/core/bitstreams/"):
            if asked.method == "HEAD":
                return Answer(status=405, headers={"Allow": "GET"})
            return self.files.get(asked.url, pdf(path))
        return _error(404, path)

    def _search(self, asked: Asked) -> Answer:
        size, page = min(int(asked.query.get("size", "20")), _MOST), int(asked.query.get("page", "0"))
        objects = self.items[page * size : (page + 1) * size]
        embed = "bundles" in asked.query.get("embed", "") and self.embeds
        pages = -(-len(self.items) // size)
        paging = {"number": page, "size": size, "totalPages": pages, "totalElements": len(self.items)}
        found = {"_embedded": {"indexableObject": None}, "hitHighlights": {}, "type": "discover"}
        results = [found | {"_embedded": {"indexableObject": self._item(each, embed=embed)}} for each in objects]
        result = {"page": paging, "_embedded": {"objects": results}, "_links": {"self": {"href": asked.url}}}
        return said({"query": asked.query.get("query"), "_embedded": {"searchResult": result}})

    def _item(self, item: Item, *, embed: bool) -> dict[str, Any]:
        metadata = dict(item.metadata) | ({"dspace.entity.type": item.entity} if item.entity else {})
        own = f"http://{self.host}/server/api/core/items/{item.uuid}"
        shown = {
            "id": item.uuid,
            "uuid": item.uuid,
            "name": _first(metadata.get("dc.title", metadata.get("dspace.entity.type", ""))),
            "handle": f"123456789/{item.number}",
            "metadata": {name: _values(given) for name, given in metadata.items()},
            "inArchive": True,
            "discoverable": True,
            "withdrawn": item.withdrawn,
            "lastModified": "2026-01-05T10:00:00.000+00:00",
            "entityType": item.entity or None,
            "type": "item",
            "_links": {"self": {"href": own}, "bundles": {"href": f"{own}/bundles"}},
        }
        return shown | ({"_embedded": {"bundles": self._bundles(item, with_files=True)}} if embed else {})

    def _bundles(self, item: Item, *, with_files: bool) -> dict[str, Any]:
        given = {"ORIGINAL": item.files, "LICENSE": ("license.txt",)}
        given |= {"TEXT": tuple(each for each in item.derived if each.endswith(".txt"))}
        given |= {"THUMBNAIL": tuple(each for each in item.derived if each.endswith(".jpg"))}
        bundles = []
        for place, (name, files) in enumerate((name, files) for name, files in given.items() if files):
            bundle: dict[str, Any] = {"name": name, "type": "bundle", "_links": {}}
            uuid = UUID(int=item.number * 1000 + 900 + place)
            bundle["_links"]["bitstreams"] = {"href": f"http://{self.host}/server/api/core/bundles/{uuid}/bitstreams"}
            if with_files:
                shown = [self._bitstream(item, each, place * 100 + number) for number, each in enumerate(files)]
                bundle["_embedded"] = {"bitstreams": {"_embedded": {"bitstreams": shown}}}
            bundles.append(bundle)
        return {"_embedded": {"bundles": bundles}, "page": {"totalElements": len(bundles)}}

    def _bitstream(self, item: Item, name: str, number: int) -> dict[str, Any]:
        metadata = {"dc.title": _values(name)}
        if item.bitstream_lang:
            metadata["bitstream.language"] = _values(item.bitstream_lang)
        href = content(self.host, item.number, number)
        return {"name": name, "metadata": metadata, "type": "bitstream", "_links": {"content": {"href": href}}}


def said(value: Any) -> Answer:
    """Return a HAL answer with the cookie that DSpace gives everybody."""
    cookie = {"Set-Cookie": "DSPACE-XSRF-COOKIE=0e3f; Path=/server; Secure; HttpOnly; SameSite=None"}
    return Answer(json.dumps(value), type="application/hal+json;charset=UTF-8", headers=cookie)


def _error(status: int, path: str) -> Answer:
    body = {"timestamp": "2026-01-05T10:00:00Z", "status": status, "error": "Not Found", "message": "", "path": path}
    return Answer(json.dumps(body), status=status, type="application/json")


def _first(given: str | Sequence[str]) -> str:
    return given if isinstance(given, str) else given[0]


def _values(given: str | Sequence[str]) -> list[dict[str, Any]]:
    values = [given] if isinstance(given, str) else list(given)
    return [
        {"value": each, "language": None, "authority": None, "confidence": -1, "place": place}
        for place, each in enumerate(values)
    ]

"""Read the JSON-LD of a page: the publications it describes, as (field, value) pairs."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

from scrapy.http import TextResponse

from corpus.text import clean_json
from crawler.pages.fields import FIELDS

_BEST_TYPES = frozenset(
    {
        *("article", "scholarlyarticle", "medicalscholarlyarticle", "techarticle", "newsarticle", "blogposting"),
        *("report", "book", "chapter", "thesis", "publicationissue", "publicationvolume", "dataset", "policy"),
        *("digitaldocument", "textdigitaldocument", "presentationdigitaldocument", "legislation"),
    }
)
"""Types of schema.org, in small letters, that are publications."""
_TYPES = _BEST_TYPES | {"webpage", "itempage", "aboutpage", "creativework"}
"""A page that also describes itself as a WebPage is asked for that only when it has nothing better."""

_FIELDS = FIELDS["json-ld"]


def publications_of(response: TextResponse) -> Iterator[tuple[str, str]]:
    """Return (field, value) of every publication that a page's JSON-LD describes; broken JSON-LD gives nothing."""
    nodes = [node for node in _nodes(response) if _types(node) & _TYPES]
    best = [node for node in nodes if _types(node) & _BEST_TYPES]
    for node in best or nodes:
        for kind in sorted(node_type for node_type in _types(node) if node_type in _BEST_TYPES):
            yield "type", kind
        for key, field in _FIELDS.items():
            for value in _values(node.get(key)):
                yield field, value
        for doi in _identifiers(node.get("identifier")) + _identifiers(node.get("sameAs")):
            yield "doi", doi


def site_names(response: TextResponse) -> Iterator[str]:
    """Return what the site of a page calls itself in its JSON-LD, and the names of its house."""
    for node in _nodes(response):
        if _types(node) & {"website", "organization", "newsmediaorganization", "ngo", "governmentorganization"}:
            yield from _values(node.get("name"))


def declared_files(response: TextResponse) -> tuple[str, ...]:
    """Return the addresses of PDFs that JSON-LD declares as the encoding of the publication, as written there."""
    found: dict[str, None] = {}
    for node in _nodes(response):
        for key in ("encoding", "associatedMedia", "distribution"):
            for media in _listed(node.get(key)):
                if isinstance(media, dict):
                    form = str(media.get("encodingFormat") or media.get("fileFormat") or "")
                    url = media.get("contentUrl") or media.get("url")
                    if isinstance(url, str) and (form == "application/pdf" or url.casefold().endswith(".pdf")):
                        found[url] = None
    return tuple(found)


def _nodes(response: TextResponse) -> Iterator[dict[str, Any]]:
    for script in response.xpath("//script[contains(@type, 'ld+json')]/text()").getall():
        try:
            # Pages put comments around it, and raw line breaks into its texts.
            yield from _flattened(
                clean_json(json.loads(re.sub(r"^\s*(<!--|//<!\[CDATA\[)|(-->|//\]\]>)\s*$", "", script), strict=False))
            )
        except (ValueError, RecursionError):
            continue


def _flattened(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 5:
        return
    if isinstance(value, list):
        for each in value:
            yield from _flattened(each, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _flattened(value.get(key), depth + 1)


def is_publication_type(names: Iterable[object]) -> bool:
    """Say whether a thing of these types of schema.org is a publication, or a page that may describe one."""
    return bool(_plain_types(names) & _TYPES)


def is_best_type(names: Iterable[object]) -> bool:
    """Say whether a thing of these types of schema.org is a publication."""
    return bool(_plain_types(names) & _BEST_TYPES)


def _types(node: dict[str, Any]) -> frozenset[str]:
    return _plain_types(_listed(node.get("@type")))


def _plain_types(names: Iterable[object]) -> frozenset[str]:
    return frozenset(str(each).rpartition("/")[2].removeprefix("schema:").casefold() for each in names)


def _values(value: Any) -> Iterator[str]:
    """Return the texts of a JSON-LD value: a text, a thing with a name, or a list of these."""
    for each in _listed(value):
        if isinstance(each, dict):
            named = each.get("name") or each.get("@value") or each.get("alternateName")
            if isinstance(named, str):
                yield named
        elif isinstance(each, (str, int)) and not isinstance(each, bool):
            yield str(each)


def _identifiers(value: Any) -> list[str]:
    texts = [str(each.get("value") or "") if isinstance(each, dict) else str(each) for each in _listed(value) if each]
    return [found[0] for text in texts if (found := re.search(r"10\.\d{4,9}/\S+", text))]


def _listed(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]

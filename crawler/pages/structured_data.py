"""JSON-LD, microdata and RDFa of a page: the publications that it describes, as (field, value) pairs."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from parsel import Selector
from scrapy.http import TextResponse

from corpus.text import clean_json
from crawler.pages.html_parts import element_text, is_in_chrome


def fields_of(vocabulary: str) -> Mapping[str, Any]:
    """Return the names of the elements of a vocabulary, and the field of evidence that each gives."""
    return _tables()[vocabulary]


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return tomllib.loads((files("crawler") / "pages" / "fields.toml").read_text("utf-8"))


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


def publications_of(response: TextResponse) -> Iterator[tuple[str, str]]:
    """Return (field, value) of every publication that a page's JSON-LD describes; broken JSON-LD gives nothing."""
    nodes = [node for node in _nodes(response) if _node_types(node) & _TYPES]
    best = [node for node in nodes if _node_types(node) & _BEST_TYPES]
    for node in best or nodes:
        for kind in sorted(node_type for node_type in _node_types(node) if node_type in _BEST_TYPES):
            yield "type", kind
        for key, field in fields_of("json-ld").items():
            for value in _values(node.get(key)):
                yield field, value
        for doi in _identifiers(node.get("identifier")) + _identifiers(node.get("sameAs")):
            yield "doi", doi


def site_names(response: TextResponse) -> Iterator[str]:
    """Return what the site of a page calls itself in its JSON-LD, and the names of its organisation."""
    for node in _nodes(response):
        if _node_types(node) & {"website", "organization", "newsmediaorganization", "ngo", "governmentorganization"}:
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


def _node_types(node: dict[str, Any]) -> frozenset[str]:
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


_DESCRIBING = "//*[@itemprop or (@property and not(self::meta[contains(@property, ':')]))]"
"""RDFa without the properties of Open Graph, which stand in meta elements."""
_OF_SCHEMA = re.compile(r"(?:schema:|https?://schema\.org/)?\w+")
_THINGS = "//*[@itemscope or @typeof]"
_VALUES_MAX = 200
"""Elements of a page that are looked at; a hostile page has millions."""


def described_by_microdata(response: TextResponse) -> Iterator[tuple[str, str]]:
    """Return (field, value) of the publication that a page describes with `itemprop` or RDFa, in the order of the page.

    What stands in no thing (`itemscope`) counts, and what stands in the first thing that is a publication; what describes a
    comment, an event, or an item of a list of other publications does not.
    """
    scope = _best_scope(response)
    created = ""
    is_dated = False
    for element in response.xpath(_DESCRIBING)[:_VALUES_MAX]:
        if not _is_of(scope, element) or _is_elsewhere(element):
            continue
        for name in _names(element):
            plain = re.split(r"[/:]", name)[-1].casefold()
            field = fields_of("itemprop").get(plain)
            if field and (value := _value(element, is_address=field == "licence")):
                is_dated |= field == "date"
                yield field, value
            elif plain == "datecreated":
                created = created or _value(element, is_address=False)
    if created and not is_dated:
        yield "date", created


def _names(element: Selector) -> list[str]:
    if given := element.attrib.get("itemprop"):
        return given.split()
    # RDFa names people and visitors with other words too (foaf:name).
    return [name for name in element.attrib.get("property", "").split() if _OF_SCHEMA.fullmatch(name)]


def _is_elsewhere(element: Selector) -> bool:
    """Say whether an element stands in what surrounds the page; a date in the head of the page or at its foot does not."""
    if not is_in_chrome(element):
        return False
    is_dated = any("date" in name.casefold() for name in _names(element))
    return not is_dated or bool(
        element.xpath("ancestor::aside | ancestor::nav | ancestor::*[contains(@class, 'related')]")
    )


def _best_scope(response: TextResponse) -> Selector | None:
    scopes = [each for each in response.xpath(_THINGS)[:_VALUES_MAX] if _types_of(each) & _TYPES]
    best = [each for each in scopes if _types_of(each) & _BEST_TYPES]
    return next(iter(best or scopes), None)


def _types_of(scope: Selector) -> frozenset[str]:
    return _plain_types((scope.attrib.get("itemtype") or scope.attrib.get("typeof") or "").split())


def _is_of(scope: Selector | None, element: Selector) -> bool:
    """Say whether an element speaks of a thing; its own `itemscope` is that of its value."""
    nearest = element.xpath("ancestor::*[@itemscope or (@typeof and not(self::body or self::html))][1]")
    return not nearest or (scope is not None and nearest[0].root is scope.root)


def _value(element: Selector, *, is_address: bool) -> str:
    if "itemscope" in element.attrib or "typeof" in element.attrib:
        named = element.xpath(".//*[@itemprop='name' or @property='name' or @property='schema:name']")
        return _value(named[0], is_address=False) if named else element_text(element)
    if content := element.attrib.get("content", ""):
        return content
    if element.root.tag in ("data", "abbr") and (given := element.attrib.get("value") or element.attrib.get("title")):
        return given
    if element.root.tag == "time" and (moment := element.attrib.get("datetime", "")):
        return moment
    if is_address and (href := element.attrib.get("href", "")):
        return href
    return element_text(element)

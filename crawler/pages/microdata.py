"""Read the microdata and RDFa of a page (`itemprop`, `property`): the publication that it describes, as (field, value) pairs."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsel import Selector
from scrapy.http import TextResponse

from crawler.pages.fields import FIELDS
from crawler.pages.html_parts import element_text, is_in_chrome
from crawler.pages.json_ld import is_best_type, is_publication_type

_FIELDS = FIELDS["itemprop"]
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
            field = _FIELDS.get(plain)
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
    scopes = [each for each in response.xpath(_THINGS)[:_VALUES_MAX] if is_publication_type(_types(each))]
    best = [each for each in scopes if is_best_type(_types(each))]
    return next(iter(best or scopes), None)


def _types(scope: Selector) -> list[str]:
    return (scope.attrib.get("itemtype") or scope.attrib.get("typeof") or "").split()


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

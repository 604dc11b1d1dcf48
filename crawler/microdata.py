"""Read the microdata of a page (`itemprop`): the publication that it describes, as (field, value) pairs."""

from __future__ import annotations

from collections.abc import Iterator

from parsel import Selector
from scrapy.http import TextResponse

from crawler.html_parts import element_text, is_in_chrome
from crawler.json_ld import is_best_type, is_publication_type

_FIELDS = {
    "headline": "title",
    "name": "title",
    "alternativeheadline": "title",
    "author": "author",
    "creator": "author",
    "datepublished": "date",
    "publisher": "publisher",
    "inlanguage": "lang",
    "abstract": "abstract",
    "description": "abstract",
    "license": "licence",
    "ispartof": "series",
    "isbn": "isbn",
    "issn": "issn",
    "keywords": "keyword",
}
_VALUES_MAX = 200
"""Elements of a page that are looked at; a hostile page has millions."""


def described_by_microdata(response: TextResponse) -> Iterator[tuple[str, str]]:
    """Return (field, value) of the publication that a page describes with `itemprop`, in the order of the page.

    What stands in no thing (`itemscope`) counts, and what stands in the first thing that is a publication; what describes a
    comment, an event, or an item of a list of other publications does not.
    """
    scope = _best_scope(response)
    for element in response.xpath("//*[@itemprop]")[:_VALUES_MAX]:
        if not _is_of(scope, element) or is_in_chrome(element):
            continue
        for name in element.attrib["itemprop"].split():
            field = _FIELDS.get(name.rpartition("/")[2].casefold())
            if field and (value := _value(element, is_address=field == "licence")):
                yield field, value


def _best_scope(response: TextResponse) -> Selector | None:
    scopes = [each for each in response.xpath("//*[@itemscope]")[:_VALUES_MAX] if is_publication_type(_types(each))]
    best = [each for each in scopes if is_best_type(_types(each))]
    return next(iter(best or scopes), None)


def _types(scope: Selector) -> list[str]:
    return scope.attrib.get("itemtype", "").split()


def _is_of(scope: Selector | None, element: Selector) -> bool:
    """Say whether an element speaks of a thing; its own `itemscope` is that of its value."""
    nearest = element.xpath("ancestor::*[@itemscope][1]")
    return not nearest or (scope is not None and nearest[0].root is scope.root)


def _value(element: Selector, *, is_address: bool) -> str:
    if "itemscope" in element.attrib:
        named = element.xpath(".//*[@itemprop='name']")
        return _value(named[0], is_address=False) if named else element_text(element)
    if content := element.attrib.get("content", ""):
        return content
    if element.root.tag == "time" and (moment := element.attrib.get("datetime", "")):
        return moment
    if is_address and (href := element.attrib.get("href", "")):
        return href
    return element_text(element)

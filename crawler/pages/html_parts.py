"""The parts of a web page: main part, what is chrome around it, and text as a person sees it."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING

from lxml.html.defs import block_tags, tags
from parsel import Selector, SelectorList

from corpus.text import clean_line

if TYPE_CHECKING:  # source files are read without Scrapy, which takes seconds to load
    from scrapy.http import TextResponse

_MAIN = ("//main | //*[@role='main']", "//article", "//*[@id='content' or @id='main' or @id='main-content']")

CHROME = (
    "self::nav or self::header[not(ancestor::article or ancestor::main)] or self::footer or self::aside "
    "or @role='navigation' or @role='banner' or @role='contentinfo' or @role='complementary' or @role='search' "
    "or contains(concat(' ', @class, ' '), ' menu ') or contains(@class, 'sidebar') or contains(@class, 'breadcrumb') "
    "or contains(@class, 'related') or contains(@class, 'relacionad') or contains(@class, 'also-like') "
    "or contains(@class, 'see-also') or contains(@class, 'similar-') or contains(@class, 'recommended-') "
    "or contains(@class, 'cookie') or contains(@class, 'footer') "
    "or contains(@id, 'sidebar') or contains(@id, 'footer') or contains(@id, 'related') or contains(@id, 'cookie')"
)
"""XPath condition: elements whose links and text belong to the site and not to the page. The elements `html`, `body` and
the main part itself carry such words in their classes too (`has-sidebar`) and are never meant."""

_OUTSIDE_CHROME = f"not(ancestor::*[not(self::html or self::body or self::main or self::article)][{CHROME}])"
_UNSEEN = ("script", "style", "noscript", "template", "svg")


_ESCAPED_TIMES_MAX = 3
_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_TAG = re.compile(r"</?(?P<name>[A-Za-z][\w:.-]{0,40})(?:\s[\w:.-]{1,40}\s?=[^<>]{0,500})?\s?/?>")
_UNSEEN_ELEMENT = re.compile(r"<!--|<(?:script|style)\b", re.IGNORECASE)
_BREAKS = block_tags | {"br", "td", "th", "tr", "li", "dd", "dt"}
"""Elements whose ends are ends of words."""


def fold(text: str | None) -> str:
    """Return text cleaned, with its white space folded to single blanks."""
    return clean_line(text or "")


def plain_text(markup: str | None) -> str:
    """Return the text of a value that may hold HTML or JATS, also escaped once or twice; folded. Touches nothing.

    What only looks like markup stays: `children <5 years`, `R&D`, `a <b and c> d`.
    """
    text = markup or ""
    for _ in range(_ESCAPED_TIMES_MAX):
        if "&" not in text or (once := _ENTITY.sub(lambda entity: unescape(entity[0]), text)) == text:
            break
        text = once
    if "<" in text:
        text = text.replace("<![CDATA[", "").replace("]]>", "")
        if _UNSEEN_ELEMENT.search(text):
            page = Selector(text=text.replace("\0", " "), type="html")
            text = " ".join(page.xpath("//text()[not(ancestor::script or ancestor::style)]").getall())
        text = _TAG.sub(_without_tag, text)
    return fold(text)


def _without_tag(tag: re.Match[str]) -> str:
    name = tag["name"].casefold()
    if ":" in name:  # JATS, MathML
        return " " if name.rpartition(":")[2] in ("p", "title", "sec") else ""
    if name not in tags:
        return tag[0]
    return " " if name in _BREAKS else ""


def element_text(element: Selector | None) -> str:
    """Return the text of an element as a person sees it, folded: a line break parts words as a blank does."""
    if element is None:
        return ""
    return plain_text("".join(element.xpath(".//text()[not(ancestor::script or ancestor::style)] | .//br").getall()))


def main_parts(response: TextResponse) -> SelectorList[Selector]:
    """Return the elements that hold what the page is about; the body when nothing says so."""
    for path in _MAIN:
        parts = response.xpath(f"({path})[not(ancestor::main or ancestor::article)]")
        if any(part.xpath(".//a[@href] or string-length(normalize-space(.)) > 200").get() == "1" for part in parts):
            return parts
    return response.xpath("//body") or response.xpath("/*")


def is_in_chrome(element: Selector) -> bool:
    """Say whether an element stands in navigation, header, footer, side column or a list of related things."""
    return element.xpath(f"boolean(self::*[{_OUTSIDE_CHROME}])").get() != "1"


def seen_text(response: TextResponse) -> str:
    """Return all text of a page that a person sees, folded; two pages with equal text differ only in their machinery."""
    body = response.xpath("//body") or response.xpath("/*")
    return fold(" ".join(_texts(part) for part in body))


def main_text_length(response: TextResponse) -> int:
    """Return how many characters of text the main part has, chrome left out."""
    pieces = (
        fold(piece)
        for part in main_parts(response)
        for piece in part.xpath(
            f".//text()[not(ancestor::script or ancestor::style or ancestor::noscript) and {_OUTSIDE_CHROME}]"
        ).getall()
    )
    return sum(len(piece) for piece in pieces)


def _texts(part: Selector) -> str:
    unseen = " and ".join(f"not(ancestor::{name})" for name in _UNSEEN)
    return " ".join(part.xpath(f".//text()[{unseen}]").getall())

"""The pager of a listing: which link leads to the next page, by its marks, its words in four languages, or its numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsel import Selector
from scrapy.http import TextResponse

from corpus.urls import is_same_address
from crawler.pages.html_parts import fold
from crawler.pages.links import link_address, said_text

MARKED_NEXT = (
    "//link[contains(concat(' ', normalize-space(@rel), ' '), ' next ')]/@href",
    "//a[contains(concat(' ', normalize-space(@rel), ' '), ' next ')]/@href",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' next ')]/descendant-or-self::a/@href",
    "//*[contains(@class, 'pager__item--next') or contains(@class, 'pagination-next') or contains(@class, 'pager-next')"
    " or contains(@class, 'page-next') or contains(@class, 'next-page')]/descendant-or-self::a/@href",
)
"""Where pagers mark their next link, surest first."""
_NEXT_WORDS = re.compile(
    r"(go to |ir a |ir a la |ir para a |aller à |aller à la )?"
    r"(next|next page|next results|older (posts|entries)|more results|siguientes?|(la )?p[áa]gina siguiente|siguiente p[áa]gina|"
    r"(la )?pr[óo]xima p[áa]gina|(la )?p[áa]gina pr[óo]xima|suivante?s?|(la )?page suivante|r[ée]sultats suivants|"
    r"pr[óo]xim[ao]s?|(p[áa]gina )?seguintes?|entradas (antiguas|anteriores)|articles plus anciens)",
    re.IGNORECASE,
)
_ARROWS = " \t\xa0‹›«»<>→←❯≫⟩▸▶…."
_SYMBOLS = ("›", ">", "→", "❯", "⟩", "▸", "▶", "»", ">>", "≫")
"""Texts of next links without words. `»` comes late: where `›` stands beside it, it leads to the last page."""
_NUMBER = re.compile(r"(?:page|p[áa]gina|p[áa]g\.?)?\s*(\d{1,4})", re.IGNORECASE)
_IS_PAGER = (
    "contains(@class, 'pagin') or contains(@class, 'pager') or contains(@class, 'page-numbers') or contains(@class, 'page-nav')"
    " or contains(@class, 'pagenav') or contains(@class, 'nav-links') or contains(@id, 'pagin') or contains(@id, 'pager')"
    " or contains(@aria-label, 'agination') or contains(@aria-label, 'aginaci') or contains(@aria-label, 'aginaç')"
)
_IN_PAGER = f"ancestor-or-self::*[not(self::html or self::body or self::main)][{_IS_PAGER}]"
_CURRENT = (
    "descendant::*[@aria-current[.='page' or .='true'] or contains(concat(' ', @class, ' '), ' current ')"
    " or contains(concat(' ', @class, ' '), ' active ') or contains(@class, 'is-active') or contains(@class, '--current')"
    " or contains(@class, 'is-current')]"
)
_GROUP = "ancestor::*[self::ul or self::ol or self::nav or self::table or self::div or self::p][1]"


def next_address(response: TextResponse) -> str:
    """Return the address of the next page of a listing; empty when the page names none. Touches nothing."""
    for found in (_marked(response), _worded(response), _signed(response), _numbered(response)):
        for href in found:
            url = page_address(response, href)
            if url and not is_same_address(url, response.url):
                return url
    return ""


def page_address(response: TextResponse, href: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    return link_address(response, fold(href))


def is_in_pager(link: Selector) -> bool:
    """Say whether a link belongs to a pager, and so leads to no publication."""
    return bool(link.xpath(f"boolean({_IN_PAGER})").get() == "1") or _says_next(link)


def _marked(response: TextResponse) -> Iterator[str]:
    for path in MARKED_NEXT:
        yield from response.xpath(path).getall()


def _worded(response: TextResponse) -> Iterator[str]:
    """Return links that say `Next` in one of four languages, those inside pagers first."""
    links = [link for link in response.xpath("//a[@href]") if _says_next(link)]
    for link in sorted(links, key=lambda link: not _stands_in_pager(link)):
        yield link.attrib["href"]


def _says_next(link: Selector) -> bool:
    texts = (said_text(link), link.attrib.get("aria-label", ""), link.attrib.get("title", ""))
    return any(_NEXT_WORDS.fullmatch(fold(text).strip(_ARROWS)) for text in texts if text and len(text) < 60)


def _signed(response: TextResponse) -> Iterator[str]:
    """Return links that are an arrow to the right; only in pagers, since breadcrumbs and galleries have arrows too."""
    arrows = [(text, link) for link in response.xpath("//a[@href]") if (text := said_text(link)) in _SYMBOLS]
    for symbol in _SYMBOLS:
        for text, link in arrows:
            is_beside_numbers = any(_number_links(group) for group in link.xpath(_GROUP))
            if text == symbol and (_stands_in_pager(link) or is_beside_numbers):
                yield link.attrib["href"]


def _numbered(response: TextResponse) -> Iterator[str]:
    """Return the link whose number follows that of the page we are on."""
    seen: list[object] = []
    for link in response.xpath("//a[@href]"):
        if _number_of(said_text(link)) is None:
            continue
        for group in link.xpath(_GROUP):
            if group.root not in seen:
                seen.append(group.root)
                links = _number_links(group)
                current = _current_number(group, links, is_pager=_stands_in_pager(link))
                if current is not None and current + 1 in links:
                    yield links[current + 1]


def _current_number(group: Selector, links: dict[int, str], *, is_pager: bool) -> int | None:
    """Return the number of the page we are on: the marked one, or in a pager the one that is no link."""
    for element in group.xpath(_CURRENT):
        number = _number_of(fold(element.xpath("string(.)").get()))
        if number is not None:
            return number
    texts = [fold(text) for text in group.xpath(".//text()[not(ancestor::a)]").getall()]
    plain = [number for text in texts if (number := _number_of(text)) is not None]
    return plain[0] if len(plain) == 1 and (is_pager or len(links) > 1) else None


def _number_links(group: Selector) -> dict[int, str]:
    found: dict[int, str] = {}
    for link in group.xpath(".//a[@href]"):
        number = _number_of(said_text(link))
        if number is not None:
            found.setdefault(number, link.attrib["href"])
    return found


def _number_of(text: str) -> int | None:
    """Return the number of a page that a text is; None when it is none, or a year."""
    given = _NUMBER.fullmatch(text)
    number = int(given[1]) if given else None
    return None if number is None or 1900 <= number <= 2100 else number


def _stands_in_pager(link: Selector) -> bool:
    return bool(link.xpath(f"boolean({_IN_PAGER})").get() == "1")

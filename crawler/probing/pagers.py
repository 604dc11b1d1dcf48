"""Where a listing goes on, as a source file says it: nothing, `next`, or `page_address`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from corpus.urls import is_same_address
from crawler.net.addresses import site_of
from crawler.pages.links import link_address, said_text
from crawler.spiders.listing.page import next_pages
from crawler.spiders.listing.rules import ListingRules

_NEXT_WORDS = re.compile(
    r"(next( page)?|siguiente|p[aá]gina siguiente|suivante?|page suivante|pr[oó]xim[ao]|older( posts| entries)?|more results|"
    r"load more|show more|ver m[aá]s|voir plus|[>›»→]|>>)",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"([?&](?:page|p|paged|pg|pagina|seite|_page)=|/page/|/pagina/|/p/)(\d{1,5})(?=[/&#]|$)", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Pager:
    """How a listing goes on. All empty: the usual marks are there and need no key, or the page is the whole list."""

    next: str = ""
    """Selector for `next`, with its prefix; empty: none is needed."""
    page_address: str = ""
    """With `{page}`; empty: none is needed."""
    first_page: int = 1
    """Number of the page after the first."""
    last: int = 1
    """How many pages the links name; 1: none is named, though there may be a next one."""
    goes_on: bool = False
    """There is a next page."""


def pager_of(page: TextResponse) -> Pager:
    """Return how a listing goes on. Touches nothing."""
    numbered = _numbered(page)
    numbers = [number for _, number in numbered]
    # Where counting begins at 0, the page after the first is 1 and there is one page more than the highest number.
    last = max(numbers, default=1) + (1 if 1 in numbers and _says(numbered, 1) == 2 else 0)
    if next_pages(page, ListingRules()):
        return Pager(last=last, goes_on=True)
    if words := _next_words(page):
        return Pager(next=f"xpath://a[normalize-space(.)={_quoted(words)}]", last=last, goes_on=True)
    if numbered:
        address, number = min(numbered, key=lambda each: each[1])
        pattern = _NUMBERED.sub(lambda found: f"{found[1]}{{page}}", address, count=1)
        return Pager(page_address=pattern, first_page=number, last=last, goes_on=True)
    return Pager()


def _numbered(page: TextResponse) -> list[tuple[str, int]]:
    """Return the further pages of this listing that links name, with their numbers."""
    found: dict[str, int] = {}
    for link in page.xpath("//a[@href]"):
        url = _address(page, link)
        number = _NUMBERED.search(url)
        if number and site_of(url) == site_of(page.url) and _stem(url) == _stem(page.url) and int(number[2]) > 0:
            is_own = _NUMBERED.search(page.url)
            if not is_own or is_own[2] != number[2]:
                found[url] = int(number[2])
    return sorted(found.items(), key=lambda each: each[1])


def _says(numbered: list[tuple[str, int]], number: int) -> int:
    """Return as which page the lowest number counts: 2, when no link names page 0 or the page itself as 1."""
    return 2 if min(value for _, value in numbered) == number else 1


def _stem(url: str) -> str:
    """Return the path of a listing without the number of its page."""
    return _NUMBERED.sub("", unquote(urlsplit(url).path) + "/").strip("/")


def _next_words(page: TextResponse) -> str:
    """Return the words of a link that says that it leads to the next page, when only one address is meant by them."""
    for link in page.xpath("//a[@href]"):
        words = " ".join(link.xpath("string(.)").get("").split())
        if _NEXT_WORDS.fullmatch(words) and '"' not in words and "'" not in words:
            url = _address(page, link)
            if url and not is_same_address(url, page.url) and site_of(url) == site_of(page.url) and said_text(link):
                return words
    return ""


def _address(page: TextResponse, link: Selector) -> str:
    return link_address(page, link.attrib["href"])


def _quoted(words: str) -> str:
    return f"'{words}'"

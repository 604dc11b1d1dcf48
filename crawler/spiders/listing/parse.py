"""Read one page of an HTML list, or an answer of its load-more endpoint: links to publications, and where the list goes on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from html import escape
from typing import Any
from urllib.parse import quote

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.types import Evidence
from corpus.urls import is_malformed_link, is_same_address
from crawler.items import Link, LinkKind, ListPage
from crawler.net.addresses import site_of
from crawler.pages.html_parts import fold, is_in_chrome, main_parts, plain_text
from crawler.pages.links import base_of, file_kind, language_of_link, link_address, said_text, said_title
from crawler.sources.fields import Unreadable
from crawler.sources.rules import ListingRules
from crawler.spiders.api.parse import parse_json, texts_of

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
"""Texts of next links without words. `»` comes late: where `›` stands beside it, it links to the last page."""
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
    """Say whether a link belongs to a pager, and so links to no publication."""
    is_related = bool(_PAGER_RELATIONS & set(link.attrib.get("rel", "").split()))
    return is_related or _stands_in_pager(link) or _says_next(link)


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


_PAGER_RELATIONS = frozenset({"next", "prev", "first", "last"})


def read_more(body: bytes, rules: ListingRules, *, url: str) -> ListPage:
    """Return the links of an answer of a load-more endpoint, and the next answer where it names one. Touches nothing.

    Args:
        url: of the page into which a browser would put what came; relative addresses are completed with it.
    """
    load_more = rules.load_more
    answer, trouble = parse_json(body)
    if trouble:
        return ListPage(records=0, trouble=trouble)
    try:
        cursor = load_more.cursor.value_in(answer) if load_more.cursor else None
        following = next(iter(texts_of(cursor)), "")
        more = (load_more.address.replace("{cursor}", quote(following, safe="")),) if following else ()
        if load_more.html is None:
            return replace(_read_records(answer, rules, url=url), more=more)
        pieces = load_more.html.value_in(answer)
    except Unreadable as error:
        return ListPage(records=0, trouble=Failure.of(FailureKind.JSON_NOT_BY_RULES, error=str(error)))
    html = "\n".join(each for each in (pieces if isinstance(pieces, list) else [pieces]) if isinstance(each, str))
    found = read_listing(HtmlResponse(url=url, body=html.encode(), encoding="utf-8"), rules)
    if not found.links and not found.skipped and "href" in html:
        return ListPage(records=0, trouble=Failure(FailureKind.NO_LINK_FITS))
    return replace(found, more=more, records=len(found.links) + sum(found.skipped.values()))


def _read_records(answer: Any, rules: ListingRules, *, url: str) -> ListPage:
    """Read a list of records as the links that a page would make of them. Raises Unreadable: there is no list."""
    load_more = rules.load_more
    given = load_more.records.value_in(answer) if load_more.records else answer
    records = given if isinstance(given, list) else []
    links, unlinked = [], 0
    for record in records:
        try:
            address = load_more.link.value_in(record) if load_more.link else None
            title = load_more.title.value_in(record) if load_more.title else None
        except Unreadable:
            address = None
        if isinstance(address, str) and address:
            links.append(
                f'<p><a href="{escape(address)}">{escape(plain_text(title if isinstance(title, str) else ""))}</a>'
            )
        else:
            unlinked += 1
    page = HtmlResponse(url=url, body="".join(links).encode(), encoding="utf-8")
    found = read_listing(page, rules.model_copy(update={"links": "//p"}))
    skipped = +(Counter(found.skipped) + Counter({Skip(SkipKind.ENTRY_WITHOUT_LINK): unlinked}))
    return replace(found, skipped=dict(skipped), records=len(records))


def read_listing(response: TextResponse, rules: ListingRules) -> ListPage:
    """Return the links of one page of a listing and the address of its next page. Touches nothing.

    Without `links` in the rules, only addresses of the same site that an `allow` rule or the main part of the page
    offers are followed; links to the page itself are not.
    """
    links: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    own_site = site_of(response.url)
    more = next_pages(response, rules)
    for link in _links(response, rules):
        href = link.attrib.get("href", "")
        url = page_address(response, href)
        skipped[Skip(SkipKind.ADDRESS_MALFORMED)] += is_malformed_link(href, base=base_of(response))
        if not url or is_same_address(url, response.url) or url in more:
            continue
        if not rules.admit(url):
            skipped[Skip(SkipKind.ADDRESS_DENIED)] += 1
            continue
        kind = file_kind(url, declared=link.attrib.get("type", ""))
        if kind and kind != "pdf":
            skipped[Skip(SkipKind.IGNORED_KIND, kind)] += 1
            continue
        if not kind and site_of(url) != own_site:
            skipped[Skip(SkipKind.OTHER_SITE)] += 1
            continue
        new = _link(url, link, is_file=bool(kind) or not rules.landing)
        known = links.get(url)
        if known is None or len(_title(new)) > len(_title(known)):
            # A picture and a heading often link to the same page; the heading says more.
            links[url] = new
    return ListPage(links=tuple(links.values()), more=more, skipped=dict(+skipped))


def next_pages(response: TextResponse, rules: ListingRules) -> tuple[str, ...]:
    """Return the address of the next page of a listing, as one or no address."""
    if not rules.next:
        address = next_address(response)
        return (address,) if address else ()
    for found in response.xpath(rules.next):
        is_element = not isinstance(found.root, str)
        hrefs = found.xpath("descendant-or-self::*/@href").getall() if is_element else [found.get()]
        url = page_address(response, hrefs[0]) if hrefs else ""
        if url and not is_same_address(url, response.url):
            return (url,)
    return ()


def _links(response: TextResponse, rules: ListingRules) -> Iterator[Selector]:
    if rules.links:
        for element in response.xpath(rules.links):
            yield from element.xpath("descendant-or-self::a[@href]")
        return
    for part in main_parts(response):
        for link in part.xpath(".//a[@href]"):
            if not is_in_chrome(link) and not is_in_pager(link):
                yield link


def _link(url: str, link: Selector, *, is_file: bool) -> Link:
    evidence: dict[str, tuple[Evidence, ...]] = {}
    if title := said_title(link):
        evidence["title"] = (Evidence(value=title, origin=Origin(OriginPlace.LINK)),)
    if lang := language_of_link(link):
        evidence["lang"] = (Evidence(value=lang, origin=Origin(OriginPlace.LINK)),)
    return Link(url=url, kind=LinkKind.FILE if is_file else LinkKind.LANDING, evidence=evidence)


def _title(link: Link) -> str:
    values = link.evidence.get("title", ())
    return values[0].value if values else ""

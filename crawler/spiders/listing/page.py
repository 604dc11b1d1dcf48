"""Read one page of an HTML list, or an answer of its load-more endpoint: which links lead to publications, and where it goes on."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.text import clean_json
from corpus.types import Evidence
from corpus.urls import is_malformed_link, is_same_address
from crawler.links import Link, LinkKind, ListPage
from crawler.net.addresses import site_of
from crawler.pages.html_parts import fold, is_in_chrome, main_parts, plain_text
from crawler.pages.links import base_of, file_kind, language_of_link, said_title
from crawler.sources.expressions import Unreadable
from crawler.sources.rules import ListingRules, LoadMore
from crawler.spiders.listing.pager import is_in_pager, next_address, page_address


def is_json(body: bytes) -> bool:
    """Say whether a body begins as JSON does, whatever its media type."""
    return body[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"{", b"["))


@dataclass(frozen=True, slots=True)
class MoreAnswer:
    """What one JSON answer holds."""

    html: str = ""
    records: tuple[Any, ...] = ()
    following: str = ""
    """Address of the next answer, by its cursor; empty: none is named."""
    trouble: Failure | None = None


def read_answer(body: bytes, rules: LoadMore) -> MoreAnswer:
    """Return what a JSON answer holds. Never raises: what cannot be read is `trouble`."""
    try:
        answer = clean_json(json.loads(body.decode("utf-8-sig", errors="replace"), strict=False))
        pieces = rules.html.value_in(answer) if rules.html else None
        records = (rules.records.value_in(answer) if rules.records else answer) if rules.link else None
        cursor = rules.cursor.value_in(answer) if rules.cursor else None
    except (ValueError, RecursionError) as error:
        return MoreAnswer(trouble=Failure.of(FailureKind.JSON_MALFORMED, error=fold(str(error))[:200]))
    except Unreadable as error:
        return MoreAnswer(trouble=Failure.of(FailureKind.JSON_NOT_BY_RULES, error=str(error)))
    texts = [piece for piece in (pieces if isinstance(pieces, list) else [pieces]) if isinstance(piece, str)]
    is_named = isinstance(cursor, (str, int)) and not isinstance(cursor, bool) and str(cursor) != ""
    return MoreAnswer(
        html="\n".join(texts),
        records=tuple(records) if isinstance(records, list) else (),
        following=rules.address.replace("{cursor}", quote(str(cursor), safe="")) if is_named else "",
    )


def record_links(answer: MoreAnswer, rules: LoadMore, *, url: str, landing: bool) -> ListPage:
    """Return the leads of the records of an answer; addresses are completed with `url`."""
    page = HtmlResponse(url=url, body=b"")
    leads: dict[str, Link] = {}
    skipped: Counter[Skip] = Counter()
    for address, title in _record_links(answer, rules):
        absolute = page_address(page, address) if address else ""
        if not absolute:
            skipped[Skip(SkipKind.ENTRY_WITHOUT_LINK)] += 1
            continue
        is_file = not landing or file_kind(absolute) == "pdf"
        evidence = {"title": (Evidence(value=title, origin=Origin(OriginPlace.LISTING)),)} if title else {}
        kind = LinkKind.FILE if is_file else LinkKind.LANDING
        leads.setdefault(absolute, Link(url=absolute, kind=kind, evidence=evidence))
    return ListPage(links=tuple(leads.values()), skipped=dict(skipped), records=len(answer.records))


def _record_links(answer: MoreAnswer, rules: LoadMore) -> Iterator[tuple[str, str]]:
    for record in answer.records:
        try:
            address = rules.link.value_in(record) if rules.link else None
            title = rules.title.value_in(record) if rules.title else None
        except Unreadable:
            address = title = None
        yield address if isinstance(address, str) else "", plain_text(title) if isinstance(title, str) else ""


_PAGER_RELATIONS = frozenset({"next", "prev", "first", "last"})


def read_more(body: bytes, rules: ListingRules, *, url: str) -> ListPage:
    """Return the leads of an answer of a load-more endpoint, and the next answer where it names one. Touches nothing.

    Args:
        url: of the page into which a browser would put what came; relative addresses are completed with it.
    """
    answer = read_answer(body, rules.load_more)
    more = (answer.following,) if answer.following else ()
    if answer.trouble:
        return ListPage(records=0, trouble=answer.trouble)
    if rules.load_more.html is not None:
        found = read_listing(HtmlResponse(url=url, body=answer.html.encode(), encoding="utf-8"), rules)
        if not found.links and not found.skipped and "href" in answer.html:
            return ListPage(records=0, trouble=Failure(FailureKind.NO_LINK_FITS))
        return replace(found, more=more, records=len(found.links) + sum(found.skipped.values()))
    found = record_links(answer, rules.load_more, url=url, landing=rules.landing)
    admitted = tuple(lead for lead in found.links if rules.admit(lead.url))
    own = tuple(lead for lead in admitted if lead.kind is LinkKind.FILE or site_of(lead.url) == site_of(url))
    skipped = Counter(found.skipped)
    skipped[Skip(SkipKind.ADDRESS_DENIED)] += len(found.links) - len(admitted)
    skipped[Skip(SkipKind.OTHER_SITE)] += len(admitted) - len(own)
    return replace(found, links=own, more=more, skipped=dict(+skipped))


def read_listing(response: TextResponse, rules: ListingRules) -> ListPage:
    """Return the leads of one page of a listing and the address of its next page. Touches nothing.

    Without `links` in the rules, only addresses of the same site that an `allow` rule or the main part of the page
    offers are followed; links to the page itself are not.
    """
    leads: dict[str, Link] = {}
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
        lead = _link(url, link, is_file=bool(kind) or not rules.landing)
        known = leads.get(url)
        if known is None or len(_title(lead)) > len(_title(known)):
            # A picture and a heading often link to the same page; the heading says more.
            leads[url] = lead
    return ListPage(links=tuple(leads.values()), more=more, skipped=dict(+skipped))


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
            is_pager = _PAGER_RELATIONS & set(link.attrib.get("rel", "").split()) or is_in_pager(link)
            if not is_in_chrome(link) and not is_pager:
                yield link


def _link(url: str, link: Selector, *, is_file: bool) -> Link:
    evidence: dict[str, tuple[Evidence, ...]] = {}
    if title := said_title(link):
        evidence["title"] = (Evidence(value=title, origin=Origin(OriginPlace.LINK)),)
    if lang := language_of_link(link):
        evidence["lang"] = (Evidence(value=lang, origin=Origin(OriginPlace.LINK)),)
    return Link(url=url, kind=LinkKind.FILE if is_file else LinkKind.LANDING, evidence=evidence)


def _title(lead: Link) -> str:
    values = lead.evidence.get("title", ())
    return values[0].value if values else ""

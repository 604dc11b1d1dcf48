"""Read one page of an HTML listing: which links lead to publications, and where the listing goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.types import Evidence
from corpus.urls import is_malformed_link, is_same_address
from crawler.net.addresses import site_of
from crawler.pages.html_parts import is_in_chrome, main_parts
from crawler.pages.links import base_of, file_kind, language_of_link, said_title
from crawler.pages.listed_links import Link, LinkKind, ListPage
from crawler.sources.rules import ListingRules
from crawler.spiders.listing.load_more import read_answer, record_links
from crawler.spiders.listing.pager import is_in_pager, next_address, page_address

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

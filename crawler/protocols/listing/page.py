"""Read one page of an HTML listing: which links lead to publications, and where the listing goes on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from urllib.parse import urldefrag, urlsplit

from parsel import Selector
from scrapy.http import TextResponse

from corpus.types import Evidence
from crawler.addresses import site_of
from crawler.html_parts import fold, is_in_chrome, main_parts
from crawler.leads import Found, Lead, LeadKind
from crawler.links import file_kind, language_of_link, said_title
from crawler.protocols.listing.rules import ListingRules

NEXT_LINKS = (
    "//link[contains(concat(' ', normalize-space(@rel), ' '), ' next ')]/@href",
    "//a[contains(concat(' ', normalize-space(@rel), ' '), ' next ')]/@href",
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' next ')]/descendant-or-self::a/@href",
    "//*[contains(@class, 'pager__item--next') or contains(@class, 'pagination-next')]//a/@href",
)
"""Where pagers put their next link, surest first; the first that is there counts."""
_PAGER_RELATIONS = frozenset({"next", "prev", "first", "last"})


def read_listing(response: TextResponse, rules: ListingRules) -> Found:
    """Return the leads of one page of a listing and the address of its next page. Touches nothing.

    Without `links` in the rules, only addresses of the same site that an `allow` rule or the main part of the page
    offers are followed; links to the page itself are not.
    """
    leads: dict[str, Lead] = {}
    skipped: Counter[str] = Counter()
    own_site = site_of(response.url)
    more = next_pages(response, rules)
    for link in _links(response, rules):
        url = _absolute(response, link)
        if not url or url == urldefrag(response.url).url or url in more:
            continue
        if not rules.addresses.admit(url):
            skipped["address denied"] += 1
            continue
        kind = file_kind(url, declared=link.attrib.get("type", ""))
        if kind and kind != "pdf":
            skipped[f"kind: {kind}"] += 1
            continue
        if not kind and site_of(url) != own_site:
            skipped["other site"] += 1
            continue
        lead = _lead(url, link, is_file=bool(kind) or not rules.landing)
        known = leads.get(url)
        if known is None or len(_title(lead)) > len(_title(known)):
            # A picture and a heading often link to the same page; the heading says more.
            leads[url] = lead
    return Found(leads=tuple(leads.values()), more=more, skipped=dict(skipped))


def next_pages(response: TextResponse, rules: ListingRules) -> tuple[str, ...]:
    """Return the address of the next page of a listing, as one or no address."""
    for path in (rules.next,) if rules.next else NEXT_LINKS:
        for found in response.xpath(path):
            is_element = not isinstance(found.root, str)
            hrefs = found.xpath("descendant-or-self::*/@href").getall() if is_element else [found.get()]
            url = _join(response, hrefs[0]) if hrefs else ""
            if url and url != urldefrag(response.url).url:
                return (url,)
    return ()


def _links(response: TextResponse, rules: ListingRules) -> Iterator[Selector]:
    if rules.links:
        for element in response.xpath(rules.links):
            yield from element.xpath("descendant-or-self::a[@href]")
        return
    for part in main_parts(response):
        for link in part.xpath(".//a[@href]"):
            if not is_in_chrome(link) and not _PAGER_RELATIONS & set(link.attrib.get("rel", "").split()):
                yield link


def _lead(url: str, link: Selector, *, is_file: bool) -> Lead:
    evidence: dict[str, tuple[Evidence, ...]] = {}
    if title := said_title(link):
        evidence["title"] = (Evidence(value=title, origin="link"),)
    if lang := language_of_link(link):
        evidence["lang"] = (Evidence(value=lang, origin="link"),)
    return Lead(url=url, kind=LeadKind.FILE if is_file else LeadKind.LANDING, evidence=evidence)


def _title(lead: Lead) -> str:
    values = lead.evidence.get("title", ())
    return values[0].value if values else ""


def _absolute(response: TextResponse, link: Selector) -> str:
    return _join(response, link.attrib.get("href", ""))


def _join(response: TextResponse, href: str) -> str:
    """Return an absolute http(s) address without fragment; empty when it is none."""
    try:
        url = urldefrag(response.urljoin(fold(href))).url
        return url if urlsplit(url).scheme in ("http", "https") else ""
    except ValueError:
        return ""

"""Find feeds: those that pages declare or link to, else where the usual software has its own."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response, TextResponse

from crawler.items import ListPage
from crawler.net.addresses import site_of
from crawler.pages.links import link_address, said_text
from crawler.probing.site import HarvestCandidate, ProbedSite
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.parse import read_feed

_PATHS = {"WordPress": ("/feed/",), "Drupal": ("/rss.xml",), "": ("/feed/", "/rss.xml", "/feed.json")}
_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml")
_FEEDS_MAX = 3
_ENTRY_ADDRESS = re.compile(r"/\d{4}/\d{2}/|/\d{5,}|(?<!\w)(?:\w++-){3}\w")
"""An address of one entry, whose feed is that of its comments."""


def feed_in(answer: Response | None) -> ListPage | None:
    """Return the feed that an answer is; None when it is none."""
    if answer is None:
        return None
    content_type = (answer.headers.get(b"Content-Type") or b"").decode("latin-1")
    found = read_feed(answer.body, FeedRules(), url=answer.url, content_type=content_type)
    return found if found.links else None


async def probe(site: ProbedSite, *, feed: str = "") -> list[HarvestCandidate]:
    """Return the feeds of a site. `feed`: the address of one that is known to be there."""
    named = (feed,) if feed else tuple(url for page in site.pages for url in declared_feeds(page))
    named = tuple(dict.fromkeys(named or _linked_feeds(site.pages[0])))[:_FEEDS_MAX]
    usual = (urljoin(site.home, path) for path in _PATHS.get(site.software, _PATHS[""]))
    candidates = []
    for url in named or usual:
        if (found := feed_in(await site.get(url))) is not None:
            words = f"a feed with {len(found.links)} entries" + (", which goes on" if found.more else "")
            urls = tuple(link.url for link in found.links)
            candidates.append(HarvestCandidate("feed", (url,), len(urls), words, urls=urls, goes_on=bool(found.more)))
            if not named:
                break
    return candidates


def declared_feeds(page: TextResponse) -> tuple[str, ...]:
    """Return the feeds that a page declares, those of comments left out."""
    found = []
    own = page.url.rstrip("/") + "/"
    is_entry = len(own) > len(urljoin(own, "/")) and bool(_ENTRY_ADDRESS.search(urlsplit(own).path))
    for link in page.xpath("//link[@href][contains(concat(' ', @rel, ' '), ' alternate ')]"):
        url = link_address(page, link.attrib["href"])
        text = f"{link.attrib.get('title', '')} {link.attrib['href']}".casefold()
        is_own_comments = is_entry and url.startswith(own) and re.search(r"/feed/?$", url)
        is_feed = link.attrib.get("type", "").split(";")[0].strip().casefold() in _TYPES
        if url and is_feed and not is_own_comments and not re.search(r"comment|comentario|commentaire", text):
            found.append(url)
    return tuple(found)


def _linked_feeds(page: TextResponse) -> tuple[str, ...]:
    """Return what a page links to as its feeds in words, for pages that declare none."""
    found = []
    for link in page.xpath("//a[@href]"):
        url = link_address(page, link.attrib["href"])
        text = f"{said_text(link)} {urlsplit(url).path}"
        is_feed = re.search(r"(^|[\W_])(rss|atom|feed)([\W_]|$)", text, re.IGNORECASE)
        is_of_part = re.search(r"comment|author|/tags?/|/users?/", url, re.IGNORECASE)
        if url and is_feed and not is_of_part and site_of(url) == site_of(page.url):
            found.append(url)
    return tuple(found)

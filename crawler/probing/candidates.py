"""One way of getting at a publisher's records, and how the answers of a site are read as such ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from urllib.parse import urldefrag

from scrapy.http import TextResponse

from crawler.links import ListPage
from crawler.net.addresses import site_of
from crawler.probing.answers import ProbeAnswer
from crawler.probing.blocks import best_block
from crawler.probing.pagers import pager_of
from crawler.probing.templates import admits, allow_patterns
from crawler.probing.words import is_publication_address
from crawler.spiders.feed.entries import read_feed
from crawler.spiders.feed.rules import FeedRules
from crawler.spiders.oai.answer import read_answer
from crawler.spiders.sitemap.reader import MapScope, read_sitemap
from crawler.spiders.sitemap.rules import SitemapRules

_KEPT = 64
"""Answers are looked at again after each further one; so many are remembered with what they are."""

Value = str | int | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HarvestCandidate:
    """One way of getting at a publisher's records."""

    protocol: str
    start: tuple[str, ...]
    records: int
    """How many it would list, as far as was seen."""
    words: str
    """What was found, for a person: `a repository called A, with 312 records`."""
    is_all: bool = False
    """`records` is the publisher's own total, or the list was read to its end."""
    keys: Mapping[str, Value] = field(default_factory=dict)
    """Of the table that has the protocol's name."""
    urls: tuple[str, ...] = ()
    """Addresses of publications that it lists, as far as they were read."""
    goes_on: bool = False
    """It has further pages that were not read."""
    is_named: bool = True
    """Of a listing: something says that it lists publications, and not news or pages of another kind."""


@lru_cache(maxsize=_KEPT)
def feed_of(answer: ProbeAnswer) -> HarvestCandidate | None:
    """Return the feed that an answer is; None when it is none."""
    if answer.response is None:
        return None
    found = read_feed(answer.response.body, FeedRules(), url=answer.response.url, content_type=answer.content_type)
    if not found.links:
        return None
    return HarvestCandidate(
        protocol="feed",
        start=(answer.question.url,),
        records=len(found.links),
        words=f"a feed with {len(found.links)} entries" + (", which goes on" if found.more else ""),
        urls=tuple(link.url for link in found.links),
        goes_on=bool(found.more),
    )


@lru_cache(maxsize=_KEPT)
def is_repository(answer: ProbeAnswer) -> bool:
    """Say whether an answer to `?verb=Identify` is that of a repository."""
    return answer.response is not None and read_answer(answer.response.body).repository is not None


def oai_of(identify: ProbeAnswer, count: ProbeAnswer | None) -> HarvestCandidate | None:
    """Return the repository that answered to Identify; None when it is none.

    Args:
        count: its answer to `?verb=ListIdentifiers&metadataPrefix=oai_dc`; None when it was not asked.
    """
    if identify.response is None or (repository := read_answer(identify.response.body).repository) is None:
        return None
    base = urldefrag(identify.question.url).url.partition("?")[0]
    listed = read_answer(count.response.body) if count is not None and count.response is not None else None
    first = len(listed.records) if listed else 0
    token = listed.token if listed and listed.token and listed.token.value else None
    total = token.list_size if token else first
    said = f"{total:,} records" if total is not None else f"more than {first:,} records"
    deleted = ", tells which are deleted" if repository.deleted in ("persistent", "transient") else ""
    return HarvestCandidate(
        protocol="oai",
        start=(base,),
        records=total if total is not None else first,
        words=f"an OAI-PMH repository called {repository.name or 'nothing'!r}, with {said}{deleted}",
        is_all=total is not None,
        goes_on=token is not None,
    )


@dataclass(frozen=True, slots=True)
class SeenMap:
    """One sitemap that was read."""

    url: str
    found: ListPage

    @property
    def urls(self) -> tuple[str, ...]:
        """Return the addresses of pages and files that it names."""
        return tuple(link.url for link in self.found.links)


@lru_cache(maxsize=_KEPT)
def sitemap_of(answer: ProbeAnswer) -> SeenMap | None:
    """Return the sitemap, or the index of sitemaps, that an answer is; None when it is none."""
    response = answer.response
    if response is None:
        return None
    scope = MapScope(sites=frozenset({site_of(response.url)}))
    found = read_sitemap(response.body, SitemapRules(), url=response.url, scope=scope, today=datetime.now(UTC).date())
    is_feed = bool(found.links) and found.records is None
    return SeenMap(answer.question.url, found) if (found.links or found.more) and not is_feed else None


def sitemap_candidate(root: SeenMap, read: tuple[SeenMap, ...], *, like: tuple[str, ...]) -> HarvestCandidate | None:
    """Return a sitemap as a way to the publications; None when none of its addresses looks like one.

    Args:
        root: the sitemap to begin at: an index, or the map itself.
        read: those of its maps that were read.
        like: addresses of publications that a listing of the same site names; what looks like them is one.
    """
    every = tuple(dict.fromkeys(url for seen in (root, *read) for url in seen.urls))
    known = set(like) & set(every)
    patterns = allow_patterns([url for url in every if url in known or (not known and is_publication_address(url))])
    publications = tuple(url for url in every if admits(patterns, url))
    if not publications:
        return None
    unread = len(set(root.found.more) - {seen.url for seen in read})
    of_all = f"; {unread} further sitemaps were not read" if unread else ""
    return HarvestCandidate(
        protocol="sitemap",
        start=(root.url,),
        records=len(publications),
        words=f"a sitemap that names {len(publications)} publications among {len(every)} pages{of_all}",
        is_all=not unread,
        keys={"allow": patterns},
        urls=publications,
    )


def listing_of(page: TextResponse) -> HarvestCandidate | None:
    """Return the listing of publications that a page is; None when it is none."""
    block = best_block(page)
    if block is None:
        return None
    pager = pager_of(page)
    keys: dict[str, Value] = {}
    if block.links:
        keys["links"] = f"css:{block.links}"
    if patterns := allow_patterns(block.urls):
        keys["allow"] = patterns
    if pager.next:
        keys["next"] = pager.next
    if pager.page_address:
        keys |= {"page_address": pager.page_address, "first_page": pager.first_page}
    records = len(block.urls) * pager.last
    pages = (
        f" on each of {pager.last} pages or more" if pager.last > 1 else ", and a next page" if pager.goes_on else ""
    )
    return HarvestCandidate(
        protocol="listing",
        start=(page.url,),
        records=records,
        words=f"a listing with {len(block.urls)} links to publications{pages}",
        keys=keys,
        urls=block.urls,
        goes_on=pager.goes_on,
        is_named=block.is_named,
    )

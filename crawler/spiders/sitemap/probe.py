"""Find the sitemap that names the publications: those that robots.txt names, else where sitemaps usually are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from crawler.items import ListPage
from crawler.net.addresses import site_of
from crawler.probing.patterns import admits, allow_regexes, is_publication_address, publication_score
from crawler.probing.site import HarvestCandidate, ProbedSite
from crawler.sources.rules import SitemapRules
from crawler.spiders.sitemap.parse import MapScope, read_sitemap

_PATHS = {
    "WordPress": ("/wp-sitemap.xml", "/sitemap_index.xml", "/sitemap.xml"),
    "": ("/sitemap.xml", "/sitemap_index.xml"),
}
_MAPS_MAX, _CHILD_MAPS_MAX = 3, 3


def map_in(answer: Response | None) -> ListPage | None:
    """Return the sitemap, or the index of sitemaps, that an answer is; None when it is none."""
    if answer is None:
        return None
    scope = MapScope(sites=frozenset({site_of(answer.url)}))
    found = read_sitemap(answer.body, SitemapRules(), url=answer.url, scope=scope, today=datetime.now(UTC).date())
    is_feed = bool(found.links) and found.records is None
    return found if (found.links or found.more) and not is_feed else None


async def probe(site: ProbedSite, *, like: Sequence[str] = (), root: str = "") -> list[HarvestCandidate]:
    """Return the sitemaps of a site that name publications.

    Args:
        like: addresses of publications that a listing of the site names: what looks like them is one.
        root: a sitemap that is known to be there.
    """
    robots = None if root else map_in(await site.get(urljoin(site.home, "/robots.txt")))
    named = (root,) if root else robots.more[:_MAPS_MAX] if robots else ()
    usual = (urljoin(site.home, path) for path in _PATHS.get(site.software, _PATHS[""]))
    maps: dict[str, ListPage] = {}
    for url in named or usual:
        if (found := map_in(await site.get(url))) is not None:
            maps[url] = found
            for child in _likeliest(found.more):
                if (below := map_in(await site.get(child))) is not None:
                    maps[child] = below
            if not named:
                break
    children = {url for found in maps.values() for url in found.more}
    candidates = (_candidate(url, maps, like=like) for url in maps if url not in children)
    return [each for each in candidates if each is not None]


def _candidate(root: str, maps: dict[str, ListPage], *, like: Sequence[str]) -> HarvestCandidate | None:
    """Return a sitemap as a way to the publications; None when none of its addresses looks like one."""
    read = [url for url in maps[root].more if url in maps]
    every = tuple(dict.fromkeys(link.url for url in (root, *read) for link in maps[url].links))
    known = set(like) & set(every)
    regexes = allow_regexes([url for url in every if url in known or (not known and is_publication_address(url))])
    publications = tuple(url for url in every if admits(regexes, url))
    if not publications:
        return None
    unread = len(set(maps[root].more) - set(read))
    more = f"; {unread} further sitemaps were not read" if unread else ""
    words = f"a sitemap that names {len(publications)} publications among {len(every)} pages{more}"
    return HarvestCandidate("sitemap", (root,), len(publications), words, keys={"allow": regexes}, urls=publications)


def _likeliest(urls: tuple[str, ...]) -> list[str]:
    """Return the sitemaps of an index that most likely name publications."""

    def rank(url: str) -> tuple[int, int]:
        name = re.sub(r"[-_.\d]+", " ", urlsplit(url).path.rpartition("/")[2])
        is_plain = bool(re.search(r"\b(posts?|pages?)\b", name))
        is_other = bool(re.search(r"\b(tag|category|author|taxonom\w*|users?|images?|videos?|news)\b", name))
        return (is_other - publication_score(name) * 2 - is_plain, urls.index(url))

    return sorted(urls, key=rank)[:_CHILD_MAPS_MAX]

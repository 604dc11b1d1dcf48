"""The spider for publishers that name their pages in sitemaps."""

from __future__ import annotations

from datetime import UTC, datetime

from scrapy.http import Response

from corpus.run_reasons import Note, NoteKind
from corpus.urls import canonical_url
from crawler.items import ListPage
from crawler.net.addresses import site_of
from crawler.sources.rules import SitemapRules
from crawler.spiders.sitemap.parse import MapScope, read_sitemap
from crawler.spiders.source_spider import SourceSpider

DEPTH_MAX = 5
"""Most levels of sitemaps, robots.txt and indexes included. sitemaps.org allows one level of index; sites nest them."""


class SitemapSpider(SourceSpider):
    """Read sitemaps, the sitemaps that they name, and follow what these lead to.

    Each sitemap is asked for in each run, only whether it has changed. That of an index says when a sitemap changed last
    would save this request; but then nothing would say which of its pages are still listed.
    """

    name = "sitemap"
    rules: SitemapRules
    barren_pages_max = None
    ends_with_404 = False  # a sitemap that its index names and that is not there is a fault

    def read(self, response: Response) -> ListPage:
        """Return the links of one sitemap."""
        source = self.job.source
        addresses = (*source.start, *filter(None, (source.homepage,)))
        scope = MapScope(
            sites=frozenset(map(site_of, addresses)),
            hosts=frozenset(source.files.hosts),
            languages=source.languages,
        )
        return read_sitemap(response.body, self.rules, url=response.url, scope=scope, today=datetime.now(UTC).date())

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the sitemaps that an index names, up to the most that are allowed; `number` is the level."""
        fresh = tuple(url for url in found.more if canonical_url(url) not in self._listings_seen)
        if fresh and number >= DEPTH_MAX:
            self.stats.cut_short(Note.of(NoteKind.SITEMAPS_TOO_DEEP, limit=DEPTH_MAX))
            return ()
        room = max(0, self.rules.maps_max - len(self._listings_seen))
        if len(fresh) > room:
            self.stats.cut_short(Note.of(NoteKind.SITEMAPS_TOO_MANY, limit=self.rules.maps_max))
        return fresh[:room]

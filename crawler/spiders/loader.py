"""Scrapy's spiders are the declared sources: `scrapy list` names them, `scrapy crawl SLUG` harvests one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

from scrapy import Request
from scrapy.settings import BaseSettings

from corpus.settings import read_settings
from crawler.net.addresses import site_of
from crawler.sources.load import load_sources
from crawler.sources.model import SourceFile
from crawler.spiders.addresses import AddressesSpider
from crawler.spiders.api.spider import ApiSpider
from crawler.spiders.feed.spider import FeedSpider
from crawler.spiders.listing.spider import ListingSpider
from crawler.spiders.oai.spider import OaiSpider
from crawler.spiders.sitemap.spider import SitemapSpider
from crawler.spiders.source_spider import SourceSpider

_SPIDERS = (ListingSpider, FeedSpider, SitemapSpider, OaiSpider, ApiSpider, AddressesSpider)
SPIDERS: dict[str, type[SourceSpider]] = {spider.name: spider for spider in _SPIDERS}
"""By protocol."""


def spider_of(source: SourceFile) -> type[SourceSpider]:
    """Return the spider of a source: that of its protocol, under the source's own name."""
    protocol = SPIDERS[source.protocol]
    return type(protocol.__name__, (protocol,), {"name": source.slug, "source": source})


class SourceLoader:
    """Scrapy's SPIDER_LOADER_CLASS over the source files, the built-in ones and a person's own."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._sources = {source.slug: source for source in sources}

    @classmethod
    def from_settings(cls, _settings: BaseSettings) -> Self:
        """Load the source files. Raises BadSource: one of them cannot be used."""
        return cls(load_sources(read_settings()))

    def load(self, spider_name: str) -> type[SourceSpider]:
        """Return the spider of a source. Raises KeyError: there is no such source."""
        return spider_of(self._sources[spider_name])

    def find_by_request(self, request: Request) -> list[str]:
        """Return the sources whose lists are on the site of a request."""
        site = site_of(request.url)
        return [slug for slug, source in self._sources.items() if site in map(site_of, source.start)]

    def list(self) -> list[str]:
        """Return the slugs of all sources."""
        return list(self._sources)

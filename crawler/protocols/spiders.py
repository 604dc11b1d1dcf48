"""The spider of each protocol."""

from __future__ import annotations

from crawler.protocols.addresses.spider import AddressesSpider
from crawler.protocols.api.spider import ApiSpider
from crawler.protocols.feed.spider import FeedSpider
from crawler.protocols.listing.spider import ListingSpider
from crawler.protocols.oai.spider import OaiSpider
from crawler.protocols.sitemap.spider import SitemapSpider
from crawler.protocols.source_spider import SourceSpider

SPIDERS: dict[str, type[SourceSpider]] = {
    "listing": ListingSpider,
    "feed": FeedSpider,
    "sitemap": SitemapSpider,
    "oai": OaiSpider,
    "api": ApiSpider,
    "addresses": AddressesSpider,
}

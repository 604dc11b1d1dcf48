"""The spider of each protocol."""

from __future__ import annotations

from crawler.spiders.addresses.spider import AddressesSpider
from crawler.spiders.api.spider import ApiSpider
from crawler.spiders.base import SourceSpider
from crawler.spiders.feed.spider import FeedSpider
from crawler.spiders.listing.spider import ListingSpider
from crawler.spiders.oai.spider import OaiSpider
from crawler.spiders.sitemap.spider import SitemapSpider

SPIDERS: dict[str, type[SourceSpider]] = {
    "listing": ListingSpider,
    "feed": FeedSpider,
    "sitemap": SitemapSpider,
    "oai": OaiSpider,
    "api": ApiSpider,
    "addresses": AddressesSpider,
}

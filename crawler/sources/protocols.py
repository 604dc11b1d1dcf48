"""Which protocols a source file can name, and who reads the table of each. Loads neither Scrapy nor any spider."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.sources.toml_table import TomlTable
from crawler.spiders.addresses import rules as addresses
from crawler.spiders.addresses.rules import NoRules
from crawler.spiders.api import rules as api
from crawler.spiders.api.rules import ApiRules
from crawler.spiders.feed import rules as feed
from crawler.spiders.feed.rules import FeedRules
from crawler.spiders.listing import rules as listing
from crawler.spiders.listing.rules import ListingRules
from crawler.spiders.oai import rules as oai
from crawler.spiders.oai.rules import OaiRules
from crawler.spiders.sitemap import rules as sitemap
from crawler.spiders.sitemap.rules import SitemapRules

ProtocolRules = ListingRules | FeedRules | SitemapRules | OaiRules | ApiRules | NoRules

RULES_OF: Mapping[str, Callable[[TomlTable], ProtocolRules]] = {
    "listing": listing.read_rules,
    "feed": feed.read_rules,
    "sitemap": sitemap.read_rules,
    "oai": oai.read_rules,
    "api": api.read_rules,
    "addresses": addresses.read_rules,
}
"""By protocol: the reader of the table that has the protocol's name."""

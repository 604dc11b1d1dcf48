"""Which protocols a source file can name, and who reads the table of each. Loads neither Scrapy nor any spider."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from crawler.protocols.addresses import rules as addresses
from crawler.protocols.addresses.rules import NoRules
from crawler.protocols.api import rules as api
from crawler.protocols.api.rules import ApiRules
from crawler.protocols.feed import rules as feed
from crawler.protocols.feed.rules import FeedRules
from crawler.protocols.listing import rules as listing
from crawler.protocols.listing.rules import ListingRules
from crawler.protocols.oai import rules as oai
from crawler.protocols.oai.rules import OaiRules
from crawler.protocols.sitemap import rules as sitemap
from crawler.protocols.sitemap.rules import SitemapRules
from crawler.toml_table import TomlTable

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

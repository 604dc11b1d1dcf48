"""The ways in which the sample publisher can be harvested, as the source files that a librarian would write."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from crawler.sources.load import parse_source
from crawler.sources.model import SourceFile


@dataclass(frozen=True, slots=True)
class Way:
    """One protocol with its rules, for one slug."""

    protocol: str
    start: str
    """Path and query of the address to begin at."""
    rules: str
    """TOML of the protocol's table."""
    list_path: str
    """Path at which the list is, where a fault of the list is switched on."""

    def source(self, url: str, *, slug: str, timeout_seconds: float = 60.0, more: str = "") -> SourceFile:
        """Return the declaration for the publisher that is served at `url`; `more` is TOML of further tables."""
        text = _SOURCE.format(
            slug=slug,
            protocol=self.protocol,
            start=f"{url}{self.start}",
            timeout=timeout_seconds,
            rules=self.rules.replace("{site}", url),
        )
        return parse_source(f"{text}\n{more}", path=Path(f"{slug}.toml"))


_SOURCE = """
slug = "{slug}"
name = "Pushcart Samples"
protocol = "{protocol}"
start = ["{start}"]
languages = ["en", "es", "fr", "pt"]
sample = true
{rules}
[polite]
delay_seconds = 0
requests_at_once = 4
retries = 1
retry_gap_seconds = 0.05
timeout_seconds = {timeout}
allow_private = true
"""

_API = """
[api]
records = "publications"
id = "id"
modified = "updated"
total = "total"
files = "files"
landing_page = "url"
paging = "next"
next = "next"
since = ["since={time}"]

[api.fields]
title = "title"
author = "authors[].name"
publisher = "publisher"
date = "published"
lang = "language"
type = "type"
series = "series"
abstract = "abstract"
keyword = "keywords[]"
licence = "licence"
"""

_LISTING = """
[listing]
links = "ol.publications h2"
"""

_LOAD_MORE = """
[listing]
links = "li.publication h2"

[listing.load_more]
address = "{site}/publications/more?page={page}"
html = "html"
"""

WAYS: Mapping[str, Way] = {
    "listing": Way("listing", "/publications", _LISTING, "/publications"),
    "load-more": Way("listing", "/more", _LOAD_MORE, "/publications/more"),
    "oai-dc": Way("oai", "/oai", '[oai]\nformat = "oai_dc"', "/oai"),
    "oai-mods": Way("oai", "/oai", '[oai]\nformat = "mods"', "/oai"),
    "oai-xoai": Way("oai", "/oai", '[oai]\nformat = "xoai"', "/oai"),
    "api": Way("api", "/api/publications", _API, "/api/publications"),
    "json-feed": Way("feed", "/feed.json", "", "/feed.json"),
    "sitemap": Way("sitemap", "/sitemap.xml", "", "/sitemap.xml"),
    "packed-sitemaps": Way("sitemap", "/sitemap_index.xml", "", "/sitemap-1.xml.gz"),
}
"""By slug of the source. Each leads to every publication."""

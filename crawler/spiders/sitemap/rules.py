"""How sitemaps are read: the table `[sitemap]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.sources.address_rules import AddressRules, read_address_rules
from crawler.sources.patterns import Pattern
from crawler.sources.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class SitemapRules:
    """Which addresses of a sitemap are publications (`[sitemap]`)."""

    addresses: AddressRules = field(default_factory=AddressRules)
    """Which addresses of pages and files count."""
    maps: tuple[Pattern, ...] = ()
    """Of the sitemaps that an index names, those are read in whose address one of these is found; empty: all."""
    maps_max: int = 500
    """Most sitemaps read in one run, indexes included."""
    landing: bool = True
    """True: addresses lead to landing pages. False: each is itself the text (a PDF always is)."""


def read_rules(table: TomlTable) -> SitemapRules:
    """Read the table `[sitemap]`. Raises BadSource."""
    return SitemapRules(
        addresses=read_address_rules(table),
        maps=table.patterns("maps"),
        maps_max=table.whole("maps_max", default=500, least=1),
        landing=table.flag("landing", default=True),
    )

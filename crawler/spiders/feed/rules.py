"""How a feed is read: the table `[feed]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.sources.address_rules import AddressRules, read_address_rules
from crawler.sources.page_address import read_page_address
from crawler.sources.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class FeedRules:
    """How a feed is read (`[feed]`)."""

    addresses: AddressRules = field(default_factory=AddressRules)
    page_address: str = ""
    """Address of one page of the feed with `{page}` for its number, such as WordPress's `?paged={page}`, which ends with a
    404; empty: follow what the feed itself names (RFC 5005, `next_url`)."""
    first_page: int = 2
    """Number of the page after the start address, when `page_address` is given."""
    pages_max: int = 50
    """Most pages of one feed, the first included."""
    landing: bool = True
    """True: an entry leads to a landing page. False: the page that it leads to is itself the text."""


def read_rules(table: TomlTable) -> FeedRules:
    """Read the table `[feed]`. Raises BadSource."""
    return FeedRules(
        addresses=read_address_rules(table),
        page_address=read_page_address(table),
        first_page=table.whole("first_page", default=2),
        pages_max=table.whole("pages_max", default=50, least=1),
        landing=table.flag("landing", default=True),
    )

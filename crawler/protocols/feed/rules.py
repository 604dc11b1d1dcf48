"""How an RSS or Atom feed is read: the table `[feed]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.address_rules import AddressRules, read_address_rules
from crawler.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class FeedRules:
    """How an RSS or Atom feed is read (`[feed]`)."""

    addresses: AddressRules = field(default_factory=AddressRules)
    pages_max: int = 50
    """Most documents of one paged feed (RFC 5005), the first included."""
    landing: bool = True
    """True: an entry leads to a landing page. False: the page that it leads to is itself the text."""


def read_rules(table: TomlTable) -> FeedRules:
    """Read the table `[feed]`. Raises BadSource."""
    return FeedRules(
        addresses=read_address_rules(table),
        pages_max=table.whole("pages_max", default=50, least=1),
        landing=table.flag("landing", default=True),
    )

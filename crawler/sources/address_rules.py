"""Which addresses a table of a source file lets count: `allow` and `deny`."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.sources.patterns import Pattern
from crawler.sources.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class AddressRules:
    """Which addresses count. Patterns are searched for in the whole absolute address."""

    allow: tuple[Pattern, ...] = ()
    """At least one must be found; empty: every address counts."""
    deny: tuple[Pattern, ...] = ()
    """None may be found."""

    def admit(self, url: str) -> bool:
        """Say whether an address counts."""
        if self.allow and not any(pattern.is_in(url) for pattern in self.allow):
            return False
        return not any(pattern.is_in(url) for pattern in self.deny)


def read_address_rules(table: TomlTable) -> AddressRules:
    """Read `allow` and `deny` of any table. Raises BadSource."""
    return AddressRules(allow=table.patterns("allow"), deny=table.patterns("deny"))

"""How a JSON API is asked and read: the table `[api]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.address_rules import AddressRules, read_address_rules
from crawler.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class ApiRules:
    """How a JSON API is asked and read (`[api]`). `start` holds the addresses of first pages."""

    kind: str = ""
    """Name of a built-in mapping; empty: the mapping is written out in the source file."""
    addresses: AddressRules = field(default_factory=AddressRules)
    """Which of the addresses in a record count."""
    pages_max: int = 20_000
    """Most answers of one list."""
    landing: str = "when_needed"
    """Whether the landing page of a record is read: `when_needed` (the record names no file), `always`, `never`."""


def read_rules(table: TomlTable) -> ApiRules:
    """Read the table `[api]`. Raises BadSource."""
    return ApiRules(
        kind=table.word("kind", default=""),
        addresses=read_address_rules(table),
        pages_max=table.whole("pages_max", default=20_000, least=1),
        landing=table.one_of("landing", ("when_needed", "always", "never"), default="when_needed"),
    )

"""How an OAI-PMH repository is asked: the table `[oai]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from crawler.address_rules import AddressRules, read_address_rules
from crawler.toml_table import TomlTable

FORMATS = ("oai_dc", "qdc", "mods", "xoai", "marcxml")
"""Metadata formats that are read, by their usual prefixes."""


@dataclass(frozen=True, slots=True)
class OaiRules:
    """Which records of an OAI-PMH repository are asked for (`[oai]`). `start` holds base addresses, without a verb."""

    sets: tuple[str, ...] = ()
    """setSpec of the sets to ask for, one after the other; empty: the whole repository."""
    format: str = "oai_dc"
    """One of FORMATS."""
    addresses: AddressRules = field(default_factory=AddressRules)
    """Which of the addresses in a record count."""
    pages_max: int = 20_000
    """Most answers of one list."""
    window_days: int = 0
    """Records are asked for so many days at a time, for repositories that answer longer spans with an error; 0: all at once."""
    overlap_hours: int = 48
    """A later run asks from so many hours before the last one on: repositories index late, many once a night."""
    landing: str = "when_needed"
    """Whether the landing page of a record is read: `when_needed` (the record names no file), `always`, `never`."""


def read_rules(table: TomlTable) -> OaiRules:
    """Read the table `[oai]`. Raises BadSource."""
    return OaiRules(
        sets=table.words("sets"),
        format=table.one_of("format", FORMATS, default="oai_dc"),
        addresses=read_address_rules(table),
        pages_max=table.whole("pages_max", default=20_000, least=1),
        window_days=table.whole("window_days", default=0),
        overlap_hours=table.whole("overlap_hours", default=48),
        landing=table.one_of("landing", ("when_needed", "always", "never"), default="when_needed"),
    )

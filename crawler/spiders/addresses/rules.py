"""What a plain list of addresses can declare: nothing of its own."""

from __future__ import annotations

from dataclasses import dataclass

from crawler.sources.toml_table import TomlTable


@dataclass(frozen=True, slots=True)
class NoRules:
    """What addresses that a person typed need."""


def read_rules(_table: TomlTable) -> NoRules:
    """Read the table `[addresses]`, which has no keys."""
    return NoRules()

"""How a JSON API is asked and read: the table `[api]`."""

from __future__ import annotations

from dataclasses import dataclass, field

from corpus.origins import Origin, OriginPlace
from crawler.sources.address_rules import AddressRules, read_address_rules
from crawler.sources.toml_table import TomlTable
from crawler.spiders.api.mapping import ApiMapping, built_in_kinds, built_in_mapping, read_mapping


@dataclass(frozen=True, slots=True)
class ApiRules:
    """How a JSON API is asked and read (`[api]`). `start` holds the addresses of first pages."""

    kind: str = ""
    """Name of a built-in mapping; empty: the mapping is written out in the source file."""
    mapping: ApiMapping = field(default_factory=ApiMapping)
    """The built-in mapping of that kind, with what the source file says otherwise."""
    addresses: AddressRules = field(default_factory=AddressRules)
    """Which of the addresses in a record count."""
    pages_max: int = 20_000
    """Most answers of one list."""
    landing: str = "when_needed"
    """Whether the landing page of a record is read: `when_needed` (the record names no file), `always`, `never`."""

    @property
    def origin(self) -> Origin:
        """Return the origin of the evidence that its records give."""
        return Origin(OriginPlace.RECORD, self.kind or "api")


def read_rules(table: TomlTable) -> ApiRules:
    """Read the table `[api]`. Raises BadSource."""
    kind = table.one_of("kind", ("", *built_in_kinds()), default="")
    return ApiRules(
        kind=kind,
        mapping=read_mapping(table, base=built_in_mapping(kind) if kind else ApiMapping()),
        addresses=read_address_rules(table),
        pages_max=table.whole("pages_max", default=20_000, least=1),
        landing=table.one_of("landing", ("when_needed", "always", "never"), default="when_needed"),
    )

"""What the reader of a document asked for: words to mark, and the search they come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AskedFor:
    """What the reader asked for."""

    text: str
    """Words to mark; empty: none."""
    came_from: str
    """Filters of the search one comes from, as the query of an address."""
    back: str
    """Address of that search; empty: none."""

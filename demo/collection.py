"""What the publisher shows: its entries, as they were published."""

from __future__ import annotations

from collections.abc import Sequence

from demo.entries import Entry, entries_of
from demo.publication import Publication


class SampleCollection:
    """The entries of the site and their state."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        self._entries = entries_of(publications)

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Return what the listing shows, newest publication first."""
        return tuple(entry for entry in self.everything if not entry.is_withdrawn)

    @property
    def everything(self) -> tuple[Entry, ...]:
        """Return all entries, withdrawn ones too, in the same order."""
        return self._entries

    @property
    def withdrawn(self) -> frozenset[str]:
        """Return the slugs of publications that are withdrawn."""
        return frozenset(entry.publication.slug for entry in self.everything if entry.is_withdrawn)

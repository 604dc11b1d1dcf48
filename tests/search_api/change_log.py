"""Changes in a list, as a rebuild draws them from a store."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from corpus.types import Change
from search_api.engines.base import BuiltIndex


class ChangeLog:
    """Fulfils Records; compares counts of documents only."""

    def __init__(self, changes: Iterable[Change]) -> None:
        self.changes = list(changes)

    def changes_after(self, sequence: int) -> Iterator[Change]:
        return (each for each in self.changes if each.sequence > sequence)

    def fault_of(self, built: BuiltIndex) -> str:
        newest = {each.document_id: each for each in self.changes}
        expected = sum(1 for each in newest.values() if each.document is not None)
        return "" if built.counts()[0] == expected else f"{built.counts()[0]} documents, not {expected}"

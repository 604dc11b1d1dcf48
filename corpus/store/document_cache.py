"""Documents as lists show them, kept in the process as long as nothing in the records changes."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from threading import Lock

from corpus.types import Document

DOCUMENTS_MAX = 1_000
"""Of some kilobytes each, without pages and evidence."""


class DocumentCache:
    """The documents that were shown last. Threads may share it."""

    def __init__(self, *, documents_max: int = DOCUMENTS_MAX) -> None:
        """Keep this many documents; the least recently used one is dropped."""
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._stamp: object = None
        self._documents_max = documents_max
        self._lock = Lock()

    def __len__(self) -> int:
        return len(self._kept)

    def held(self, ids: Sequence[str], *, stamp: object) -> dict[str, Document]:
        """Return those documents that are kept.

        Args:
            ids: of documents.
            stamp: says which change of the records is the newest; with another than before, nothing is kept any more.
        """
        with self._lock:
            if stamp != self._stamp:
                self._kept.clear()
                self._stamp = stamp
            found = {each: self._kept[each] for each in ids if each in self._kept}
            for each in found:
                self._kept.move_to_end(each)
            return found

    def keep(self, documents: Mapping[str, Document], *, stamp: object) -> None:
        """Keep documents that were read after the newest change was requested."""
        with self._lock:
            if stamp != self._stamp:  # another thread has seen a newer change meanwhile
                return
            self._kept.update(documents)
            while len(self._kept) > self._documents_max:
                self._kept.popitem(last=False)

"""Publications that are revised, withdrawn and restored while the site is served, in all protocols at once."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from demo.collection import SampleCollection
from demo.entries import Entry
from demo.publication import Publication


class ChangingCollection(SampleCollection):
    """A collection whose publications change. May be used by several threads."""

    def __init__(self, publications: Sequence[Publication]) -> None:
        super().__init__(publications)
        self._lock = threading.Lock()

    @property
    def everything(self) -> tuple[Entry, ...]:
        """Return all entries, withdrawn ones too, newest publication first."""
        with self._lock:
            return self._entries

    def revise(self, slug: str) -> None:
        """Replace a publication and its copies by the second, corrected edition. Once revised, only its date moves.

        Raises KeyError: no publication has this slug.
        """
        self._change(slug, lambda entry: replace(entry, is_revised=True))

    def withdraw(self, slug: str) -> None:
        """Take a publication and its copies off the site. Raises KeyError: no publication has this slug."""
        self._change(slug, lambda entry: replace(entry, is_withdrawn=True))

    def restore(self, slug: str) -> None:
        """Put a withdrawn publication back, as it was. Raises KeyError: no publication has this slug."""
        self._change(slug, lambda entry: replace(entry, is_withdrawn=False))

    def _change(self, slug: str, change: Callable[[Entry], Entry]) -> None:
        with self._lock:
            if slug not in {entry.publication.slug for entry in self._entries}:
                raise KeyError(slug)
            self._entries = tuple(
                replace(change(entry), changed_at=_moment_after(entry)) if entry.publication.slug == slug else entry
                for entry in self._entries
            )


def _moment_after(entry: Entry) -> datetime:
    """Return now in whole seconds, but always later than the last change, so that each change shows in the date."""
    return max(datetime.now(UTC).replace(microsecond=0), entry.modified + timedelta(seconds=1))

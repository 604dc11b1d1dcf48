"""Who may export now: one list an address, a few at once."""

from __future__ import annotations

import threading

from corpus.errors import AsksTooOften, Busy
from corpus.messages import sentence
from corpus.networks import network_of

RETRY_SECONDS = 30
"""When to come back: most exports are done by then."""


class ExportPlace:
    """A place that is held while an export is written."""

    def __init__(self, places: ExportPlaces, who: str) -> None:
        self._places = places
        self._who = who

    def free(self) -> None:
        """Give the place back. May be repeated."""
        places, self._places = self._places, _NOWHERE
        places.give_back(self._who)


class ExportPlaces:
    """The places of one process. Threads may share it."""

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._taken: set[str] = set()
        self._lock = threading.Lock()

    @property
    def taken(self) -> int:
        """Return how many exports are written now."""
        return len(self._taken)

    def take(self, address: str) -> ExportPlace:
        """Return a place, to be given back.

        Args:
            address: of the asker; empty when it is not known.

        Raises AsksTooOften: an export of this address is being written. Busy: as many are as may be at once.
        """
        who = network_of(address) or address
        with self._lock:
            if who in self._taken:
                raise AsksTooOften(
                    sentence("An export for your address is already running."),
                    try_next=sentence("Each address can run one export at a time. Wait until it ends, or stop it."),
                    retry_seconds=RETRY_SECONDS,
                )
            if len(self._taken) >= self._at_once:
                raise Busy(
                    sentence("The limit of simultaneous exports has been reached."),
                    try_next=sentence("Try again in half a minute."),
                    retry_seconds=RETRY_SECONDS,
                )
            self._taken.add(who)
        return ExportPlace(self, who)

    def give_back(self, who: str) -> None:
        """Let the next one export."""
        with self._lock:
            self._taken.discard(who)


_NOWHERE = ExportPlaces(0)

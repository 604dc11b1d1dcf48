"""When a host may be asked next. Times are seconds of one clock that never goes back (`time.monotonic`)."""

from __future__ import annotations

from corpus.reasons import Failure
from crawler.net.addresses import host_of

_LONG_AGO = float("-inf")
_JITTER_SECONDS = 0.02
"""What a network and a busy server may take from the distance between two requests on their way (measured: 8 ms)."""


def server_of(url: str) -> str:
    """Return whose turn a request takes: its host, with and without `www.` the same, whatever the port."""
    return host_of(url).removeprefix("www.")


class Turns:
    """The turns of one run: two requests to one server are never closer than its delay, whoever asks and why.

    A request takes its turn twice: `reserve` before it connects, and `sent` in the moment in which it is written, since
    connecting takes longer once than another time and the server counts what arrives.
    """

    def __init__(self, *, delay_seconds: float) -> None:
        self._own_delay = delay_seconds
        self._delays: dict[str, float] = {}
        self._reserved: dict[str, float] = {}
        self._sent: dict[str, float] = {}
        self._quiet_until: dict[str, float] = {}
        self._left: dict[str, Failure] = {}

    def delay_of(self, server: str) -> float:
        """Return the shortest time between two requests to a server."""
        return self._delays.get(server, self._own_delay)

    def lengthen(self, server: str, *, seconds: float) -> None:
        """Keep at least this distance from now on."""
        self._delays[server] = max(seconds, self.delay_of(server))

    def keep_quiet(self, server: str, *, until: float) -> None:
        """Ask a server nothing before a moment."""
        self._quiet_until[server] = max(until, self.quiet_until(server))

    def quiet_until(self, server: str) -> float:
        """Return the moment until which a server is asked nothing; it may have passed."""
        return self._quiet_until.get(server, _LONG_AGO)

    def leave(self, server: str, *, failure: Failure) -> None:
        """Ask a server nothing more in this run, and say why."""
        self._left.setdefault(server, failure)

    def why_left(self, server: str) -> Failure | None:
        """Return why a server is asked nothing more; None when it is."""
        return self._left.get(server)

    def reserve(self, server: str, *, now: float) -> float:
        """Take the next turn and return its moment; the turn after it comes a delay later."""
        after_the_last = self._reserved.get(server, _LONG_AGO) + self.delay_of(server)
        turn = max(now, after_the_last, self.quiet_until(server))
        self._reserved[server] = turn
        return turn

    def seconds_to_send(self, server: str, *, now: float) -> float:
        """Return how many seconds a request that is about to be written must still wait; 0 or less: none."""
        delay = self.delay_of(server)
        return self._sent.get(server, _LONG_AGO) + delay + min(delay, _JITTER_SECONDS) - now

    def sent(self, server: str, *, now: float) -> None:
        """Note that a request is being written."""
        self._sent[server] = now
        self._reserved[server] = max(now, self._reserved.get(server, _LONG_AGO))

"""How many messages go at once: in all, to one relay, and to one host of webhooks."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from datetime import timedelta

MAIL = "mail"
"""The lane of all e-mails: they go to one relay."""
_REST = timedelta(seconds=5)
_REST_MAX = timedelta(minutes=1)


class Lanes:
    """Counts what is under way. A slow or broken host holds up its own messages, and no others'."""

    def __init__(
        self, *, in_all: int, to_relay: int, to_host: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin with nothing under way.

        Args:
            in_all: messages at once.
            to_relay: e-mails at once.
            to_host: webhooks to one host at once.
            clock: seconds that never jump.
        """
        self._in_all, self._to_relay, self._to_host = in_all, to_relay, to_host
        self._clock = clock
        self._under_way: Counter[str] = Counter()
        self._resting: dict[str, float] = {}
        self._failures: Counter[str] = Counter()

    @property
    def room(self) -> int:
        """Return how many more messages there is room for in all."""
        return self._in_all - self._under_way.total()

    def enter(self, lane: str) -> bool:
        """Take a place; False: there is none, or the lane rests."""
        most = self._to_relay if lane == MAIL else self._to_host
        if self.room <= 0 or self._under_way[lane] >= most or self._resting.get(lane, 0) > self._clock():
            return False
        self._under_way[lane] += 1
        self._resting.pop(lane, None)
        return True

    def leave(self, lane: str) -> None:
        """Give a place back."""
        self._under_way[lane] -= 1
        if not self._under_way[lane]:
            del self._under_way[lane]

    def rest(self, lane: str, wait: timedelta) -> None:
        """Let nothing enter a lane for a time."""
        self._resting[lane] = max(self._resting.get(lane, 0), self._clock() + wait.total_seconds())

    def note_failure(self, lane: str) -> None:
        """Rest, longer each time in a row, because everything that goes there fails."""
        self._failures[lane] += 1
        self.rest(lane, min(_REST * 2 ** min(self._failures[lane] - 1, 10), _REST_MAX))

    def note_success(self, lane: str) -> None:
        """Forget the failures of a lane."""
        self._failures.pop(lane, None)

    def opens_in(self) -> float | None:
        """Return after how many seconds the first lane that rests opens again; None: none rests."""
        now = self._clock()
        self._resting = {lane: until for lane, until in self._resting.items() if until > now}
        return min(self._resting.values()) - now if self._resting else None

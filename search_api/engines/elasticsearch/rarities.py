"""How rare tokens are, kept for a moment: one search asks for the same tokens up to five times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field

from search_api.engines.elasticsearch.compile import Rarity

Pair = tuple[str, str]
"""A field and a token."""
AskRarity = Callable[[Sequence[Pair]], Rarity]


@dataclass(slots=True)
class _Kept:
    """What one index said of its tokens."""

    state: Hashable
    until: float
    """On the clock of time.monotonic."""
    records: int
    held: dict[Pair, int] = field(default_factory=dict)


class KeptRarities:
    """Keeps what indexes said of their tokens while their state is the same. Threads may share it."""

    def __init__(self, *, seconds: float) -> None:
        """Keep it for so many seconds at most: another process may write, and tells so only at its end."""
        self._seconds = seconds
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def rarity(self, index: str, pairs: Sequence[Pair], *, state: Hashable, ask: AskRarity) -> Rarity:
        """Return how rare tokens are.

        Args:
            index: its name.
            pairs: fields and tokens, none twice.
            state: what is kept is dropped when another one is given.
            ask: asks the index for those that are not kept.
        """
        kept = self._of(index, state)
        missing = [pair for pair in pairs if kept is None or pair not in kept.held]
        if kept is not None and not missing:
            return Rarity(records=kept.records, held={pair: kept.held[pair] for pair in pairs})
        answer = ask(missing)
        if kept is not None and answer.records != kept.records:  # written to since: all have to be of one moment
            kept, answer = None, ask(pairs)
        with self._lock:
            if kept is None:
                kept = _Kept(state, until=time.monotonic() + self._seconds, records=answer.records)
                self._kept[index] = kept
            kept.held.update(answer.held)
        return Rarity(records=kept.records, held={pair: kept.held[pair] for pair in pairs})

    def _of(self, index: str, state: Hashable) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(index)
            if kept is not None and kept.state == state and time.monotonic() < kept.until:
                return kept
            return None

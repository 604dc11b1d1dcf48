"""How rare tokens are, kept for a moment: one search asks for the same tokens up to four times."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field

from search_api.engines.elasticsearch.compile import Rarity

Pair = tuple[str, str]
"""A field and a token."""
Wanted = Mapping[str, Sequence[Pair]]
"""Pairs by the name of an index, none twice."""
AskRarities = Callable[[Wanted], Mapping[str, Rarity]]


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
        """Keep it for this many seconds at most: another process may write, and says so only at its end."""
        self._seconds = seconds
        self._kept: dict[str, _Kept] = {}
        self._lock = threading.Lock()

    def of(self, wanted: Wanted, *, state: Hashable, ask: AskRarities) -> dict[str, Rarity]:
        """Return how rare tokens are, by index.

        Args:
            wanted: what is asked.
            state: what is kept is dropped when another one is given.
            ask: asks the indexes, all at once, for what is not kept.
        """
        kept = {index: self._of(index, state) for index in wanted}
        missing = {index: _missing(pairs, kept[index]) for index, pairs in wanted.items()}
        answers = dict(ask(unknown)) if (unknown := {index: pairs for index, pairs in missing.items() if pairs}) else {}
        stale = [
            index
            for index, answer in answers.items()
            if (old := kept[index]) is not None and old.records != answer.records
        ]
        if stale:  # written to since: all that is known of an index has to be of one moment
            kept |= dict.fromkeys(stale)
            answers |= ask({index: wanted[index] for index in stale})
        return {
            index: self._kept_with(index, kept[index], answers.get(index), pairs, state)
            for index, pairs in wanted.items()
        }

    def _kept_with(
        self, index: str, kept: _Kept | None, answer: Rarity | None, pairs: Sequence[Pair], state: Hashable
    ) -> Rarity:
        """Keep what an index answered, and return what was asked of it."""
        with self._lock:
            if kept is None:
                records = answer.records if answer is not None else 0
                kept = _Kept(state, until=time.monotonic() + self._seconds, records=records)
                if answer is not None:
                    self._kept[index] = kept
            if answer is not None:
                kept.held.update(answer.held)
            return Rarity(records=kept.records, held={pair: kept.held[pair] for pair in pairs})

    def _of(self, index: str, state: Hashable) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(index)
            if kept is not None and kept.state == state and time.monotonic() < kept.until:
                return kept
            return None


def _missing(pairs: Sequence[Pair], kept: _Kept | None) -> list[Pair]:
    return [pair for pair in pairs if kept is None or pair not in kept.held]

"""The order of the first hits: by the whole document and by its best page.

By its words as a whole, a report that answers on page 41 is not read from one that scatters the same words over 300 pages. The
first hits are therefore ordered once more, with the score of their best page. The others follow in their old order, below all
of these: what is added is never below 0. Searches, walks, exports and feeds go through this one function, so that their order is
the same, on both engines.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from search_api.engines.base import EngineHit
from search_api.engines.cursor import Cursor
from search_api.query import boosts

FIRST_HITS = 100
"""So many hits are ordered once more, fewer where the next one scores as the last of them do."""
_ALIKE = 1e-4
"""Two scores that differ by less than this part of them are taken for the same."""

PageScores = Callable[[Sequence[str]], Mapping[str, float]]
"""Gives the score of the best page of each document by its id; those without one are absent."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the list of hits."""

    hits: tuple[EngineHit, ...]
    total: int
    last: Cursor | None
    """Where the list continues; None at its end."""


FindStretch = Callable[[Cursor | None, int], Stretch]
"""Gives so many hits after a place, by the score of the whole document alone, ties by id."""


def in_final_order(hits: Sequence[EngineHit], page_scores: PageScores, *, most: int) -> list[EngineHit]:
    """Return the first hits, best first, ties by id.

    Args:
        hits: by the score of the whole document alone, ties by id: one more than `most` where there are so many.
        page_scores: of the engine that found them.
        most: how many are returned.
    """
    # Engines add in another order, and their scores differ in the last digit: where many hits score alike, the cut between
    # first hits and others falls between others in one engine than in the other. So all that score alike are on one side.
    least = hits[most].score * (1 + _ALIKE) if len(hits) > most else -1.0
    first = [hit for hit in hits[:most] if hit.score > least]
    pages = page_scores([hit.id for hit in first])
    # What has no page with its words, but a title, counts as its page would: it is no worse than a text of one page.
    raised = [
        EngineHit(hit.id, hit.score + boosts.BEST_PAGE * pages.get(hit.id, hit.score), hit.others) for hit in first
    ]
    return [*sorted(raised, key=_place), *hits[len(first) : most]]


def stretch_of(find: FindStretch, page_scores: PageScores, *, after: Cursor | None, limit: int) -> Stretch:
    """Return hits in their final order.

    Args:
        find: what the engine finds.
        page_scores: of the same engine.
        after: the last hit that was given; None: from the first one on.
        limit: hits wanted, 1 or more.
    """
    if after is not None and after.position >= FIRST_HITS:
        return find(after, limit)
    found = find(None, FIRST_HITS + 1)
    ordered = in_final_order(found.hits, page_scores, most=FIRST_HITS)
    # The index may have changed since the place was given: the list continues with what comes after it now.
    start = sum(_place(hit) <= (-after.score, after.key) for hit in ordered) if after is not None else 0
    hits = ordered[start : start + limit]
    reached = start + len(hits)
    if reached < len(ordered):
        return Stretch(tuple(hits), found.total, last=_cursor(hits[-1], position=reached))
    if len(found.hits) <= FIRST_HITS:
        return Stretch(tuple(hits), found.total, last=None)
    last = _cursor(found.hits[FIRST_HITS - 1], position=FIRST_HITS)
    if len(hits) == limit:
        return Stretch(tuple(hits), found.total, last=last)
    rest = find(last, limit - len(hits))
    return Stretch((*hits, *rest.hits), found.total, last=rest.last)


def every_hit_of(found: Generator[EngineHit, None, None], page_scores: PageScores) -> Generator[EngineHit, None, None]:
    """Yield all hits in their final order.

    Args:
        found: all hits by the score of the whole document alone, ties by id; closed at the end.
        page_scores: of the same engine.
    """
    with closing(found):
        first = list(islice(found, FIRST_HITS + 1))
        yield from in_final_order(first, page_scores, most=FIRST_HITS)
        yield from first[FIRST_HITS:]
        yield from found


def _cursor(hit: EngineHit, *, position: int) -> Cursor:
    return Cursor(position=position, key=hit.id, score=hit.score)


def _place(hit: EngineHit) -> tuple[float, str]:
    return -hit.score, hit.id

"""Hits in an order that is the same every time: ties by document id, any stretch of the list."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Generator, Sequence
from itertools import groupby
from operator import itemgetter

from tantivy import DocAddress, Order, Query, Searcher

from search_api.engines.base import EngineHit
from search_api.engines.cursor import Cursor
from search_api.engines.first_hits import Stretch


def by_score(searcher: Searcher, query: Query, after: Cursor | None, limit: int) -> Stretch:
    """Return hits by score, ties by id.

    tantivy breaks ties by chance and has no search-after, so the list is fetched from its beginning up to the end of the
    last tie, and ids are looked up for the stretch alone: 100,000 hits deep this costs some tenths of a second, and there
    is no wall.
    """
    most = max(1, searcher.num_docs)  # tantivy allocates memory for the requested number of hits
    start = min(after.position, most) if after else 0
    wanted = min(start + limit + 1, most)
    found = searcher.search(query, wanted, count=True)
    total, hits = _count(found), found.hits
    while len(hits) < total and hits[-1][0] == hits[min(start + limit, len(hits)) - 1][0]:
        wanted = min(2 * wanted, total)
        hits = searcher.search(query, wanted, count=False).hits
    scores = [-score for score, _ in hits]
    if after is not None:
        start = _position_after(searcher, hits, scores, after)
    ordered = _with_ids(searcher, hits, scores, start=start, limit=limit)
    more = start + len(ordered) < total and bool(ordered)
    last = Cursor(position=start + len(ordered), key=ordered[-1].id, score=ordered[-1].score) if more else None
    return Stretch(hits=tuple(ordered), total=total, last=last)


def _position_after(
    searcher: Searcher, hits: Sequence[tuple[float, DocAddress]], scores: Sequence[float], after: Cursor
) -> int:
    """Return where the list continues after a hit, also when the index has changed since."""
    first, last = _tie(scores, -after.score)
    before = sum(1 for _, address in hits[first:last] if _id(searcher, address) <= after.key)
    return first + before


def _tie(scores: Sequence[float], score: float) -> tuple[int, int]:
    # Scores are 32-bit; as 64-bit numbers in a cursor they come back exactly.
    last = bisect_right(scores, score)
    first = last
    while first > 0 and scores[first - 1] == score:
        first -= 1
    return first, last


def _with_ids(
    searcher: Searcher,
    hits: Sequence[tuple[float, DocAddress]],
    scores: Sequence[float],
    *,
    start: int,
    limit: int,
) -> list[EngineHit]:
    ordered: list[EngineHit] = []
    position = start
    while position < len(hits) and len(ordered) < limit:
        first, last = _tie(scores, scores[position])
        tied = sorted(_id(searcher, address) for _, address in hits[first:last])
        score = hits[position][0]
        ordered += [EngineHit(id=each, score=score) for each in tied[position - first :]]
        position = last
    return ordered[:limit]


def by_key(searcher: Searcher, query: Query, *, key: str, after: Cursor | None, limit: int) -> Stretch:
    """Return hits by a sort key that ends in the id, so that there are no ties."""
    start = min(after.position, searcher.num_docs) if after else 0
    offset = max(0, start - 1)
    found = searcher.search(query, limit + 2, count=True, order_by_field=key, order=Order.Asc, offset=offset)
    total, hits = _count(found), found.hits
    if after is not None:
        if hits and hits[0][0] == after.key:
            hits = hits[1:]
        else:  # the index has changed since: look the place up in the whole list
            hits = searcher.search(query, max(1, total), count=False, order_by_field=key, order=Order.Asc).hits
            start = bisect_right([each for each, _ in hits], after.key)
            hits = hits[start:]
    ordered = tuple(EngineHit(id=_id(searcher, address), score=0.0) for _, address in hits[:limit])
    more = start + len(ordered) < total and bool(ordered)
    last = Cursor(position=start + len(ordered), key=str(hits[len(ordered) - 1][0]), score=0.0) if more else None
    return Stretch(hits=ordered, total=total, last=last)


def every_hit(searcher: Searcher, query: Query, *, key: str) -> Generator[EngineHit, None, None]:
    """Return all hits by score, ties by id, or by a sort key. What the searcher sees never changes.

    Args:
        key: empty: by score.
    """
    most = max(1, searcher.num_docs)
    if key:
        addresses = searcher.search(query, most, count=False, order_by_field=key, order=Order.Asc).hits
        return (EngineHit(id=_id(searcher, address), score=0.0) for _, address in addresses)
    return _in_ties(searcher, searcher.search(query, most, count=False).hits)


def _in_ties(searcher: Searcher, hits: Sequence[tuple[float, DocAddress]]) -> Generator[EngineHit, None, None]:
    for score, tied in groupby(hits, key=itemgetter(0)):
        yield from (EngineHit(id=each, score=score) for each in sorted(_id(searcher, place) for _, place in tied))


def _count(found: object) -> int:
    return int(found.count)  # type: ignore[attr-defined]  # the stub leaves it out


def _id(searcher: Searcher, address: DocAddress) -> str:
    return str(searcher.doc(address)["id"][0])

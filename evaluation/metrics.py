"""How good one ranking is: the measures of trec_eval, as BEIR reports them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

DEPTH = 100
"""Hits of a query that are looked at."""
FIRST_PAGE = 10

MEASURES = ("ndcg@10", "map", "recall@100", "success@1", "unjudged@10")
"""All from 0 to 1; more is better, but for unjudged@10, which says how far the others can be trusted."""


def measures_of(ranking: Sequence[str], grades: Mapping[str, int]) -> dict[str, float]:
    """Return every measure of one ranking, by name.

    Args:
        ranking: ids of texts, best first; what stands after DEPTH is not counted.
        grades: by text, at least one above 0.
    """
    hits = list(ranking[:DEPTH])
    return {
        "ndcg@10": ndcg(hits, grades),
        "map": average_precision(hits, grades),
        "recall@100": recall(hits, grades),
        "success@1": float(bool(hits) and grades.get(hits[0], 0) > 0),
        "unjudged@10": unjudged(hits, grades),
    }


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], *, depth: int = FIRST_PAGE) -> float:
    """Return the discounted gain of the first hits as a share of the best that could be had.

    The gain is the grade itself, as in trec_eval and BEIR, not 2^grade - 1.
    """
    best = _gain(sorted(grades.values(), reverse=True)[:depth])
    return _gain([grades.get(each, 0) for each in ranking[:depth]]) / best if best else 0.0


def _gain(grades: Sequence[int]) -> float:
    return sum(grade / math.log2(place + 1) for place, grade in enumerate(grades, start=1))


def average_precision(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the mean precision at each relevant text; those that were not found count 0."""
    found, total = 0, 0.0
    for place, each in enumerate(ranking, start=1):
        if grades.get(each, 0) > 0:
            found += 1
            total += found / place
    return total / _relevant(grades)


def recall(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the share of the relevant texts that are in the ranking."""
    return sum(grades.get(each, 0) > 0 for each in ranking) / _relevant(grades)


def _relevant(grades: Mapping[str, int]) -> int:
    return max(1, sum(grade > 0 for grade in grades.values()))


def unjudged(ranking: Sequence[str], grades: Mapping[str, int], *, depth: int = FIRST_PAGE) -> float:
    """Return the share of the first hits that have no judgement; 0 when there are none."""
    hits = ranking[:depth]
    return sum(each not in grades for each in hits) / len(hits) if hits else 0.0

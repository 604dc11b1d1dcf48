"""How sure a difference is: paired bootstrap over queries."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

RESAMPLES = 2000
SEED = 20260101
"""The same figures give the same interval."""
CONFIDENCE = 0.95


def mean_interval(differences: Sequence[float]) -> tuple[float, float]:
    """Return the 95 % interval of the mean of paired differences; (nan, nan) of fewer than two.

    Queries are drawn again with replacement, RESAMPLES times; the interval is that of the percentiles of their means.
    """
    count = len(differences)
    if count < 2:
        return math.nan, math.nan
    generator = random.Random(SEED)
    means = sorted(math.fsum(generator.choices(differences, k=count)) / count for _ in range(RESAMPLES))
    tail = round((1 - CONFIDENCE) / 2 * RESAMPLES)
    return means[tail], means[-1 - tail]

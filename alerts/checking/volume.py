"""How much a search would have brought lately, for whoever thinks of following it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from alerts.checking.answering import in_batches
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

PERIODS = (30, 365)
"""Days."""
_BATCH = 500


def brought_lately(
    query: SearchQuery,
    *,
    engine: SearchEngine,
    store: Store,
    vocabulary: Vocabulary,
    now: datetime,
    days: Sequence[int] = PERIODS,
) -> Mapping[int, int]:
    """Return how many works a search would have brought in the last so many days, by days.

    Copies and translations that answer count once, when the first of them came.

    Raises EngineUnavailable: the index does not answer.
    """
    tree = parse(query.text, vocabulary=vocabulary, off=query.off, strict=query.strict).tree
    newest_first = replace(query, sort=Sort.FIRST_SEEN, cursor="", near=0)
    begins = {each: now - timedelta(days=each) for each in days}
    counts = dict.fromkeys(days, 0)
    with closing(engine.walk(newest_first, tree=tree, batch=_BATCH)) as hits:
        for ids in in_batches((hit.id for hit in hits), _BATCH):
            seen = [event.first_seen for event in store.alert_checks.events(ids).values()]
            for each, begin in begins.items():
                counts[each] += sum(at >= begin for at in seen)
            if seen and max(seen) < min(begins.values()):
                break
    return counts

"""The index shown what a person changed, soon after they did."""

from __future__ import annotations

import structlog

from corpus.errors import PushcartError
from corpus.store import Store
from search_api.engines.base import SearchEngine
from search_api.fitness import fitness_of
from search_api.indexing import bring_up_to_date

CHANGES_MAX = 200
"""Changes that a server takes into the index on its own; more are for `pushcart index`, which may take minutes."""

_log = structlog.get_logger(__name__)


def catch_up(engine: SearchEngine, store: Store) -> None:
    """Bring the index up to date where that is little work; never raises what is the index's own trouble.

    Where it cannot be, because another process writes, this one may only read, or the index has to be rebuilt, the next
    indexing does it.
    """
    try:
        behind = store.changes.last_sequence() - engine.applied_sequence()
        if 0 < behind <= CHANGES_MAX and fitness_of(engine, store).misfit is None:
            bring_up_to_date(engine, store)
    except PushcartError as error:
        _log.warning("index_not_brought_up_to_date", reason=error.message, next="Run `pushcart index`.")

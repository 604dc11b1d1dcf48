"""Taking back what workers had claimed that have died. How a life is held: corpus.store.worker_lives."""

from __future__ import annotations

from datetime import datetime

import structlog

from alerts.sending.metrics import CLAIMS_TAKEN_BACK
from corpus.store import Store, WorkerLives

_log = structlog.get_logger(__name__)


def take_back_from_the_dead(store: Store, lives: WorkerLives, *, now: datetime) -> int:
    """Take back the claims of all workers that have died, and return how many there were.

    Claims are not given up by time: a worker that lives and waits for an answer keeps its claims.
    """
    taken = 0
    for worker in store.messages.workers():
        if lives.is_alive(worker):
            continue
        number = store.messages.take_back(worker, at=now)
        if number:
            _log.warning("claims_taken_back", worker=worker, messages=number)
            CLAIMS_TAKEN_BACK.inc(number)
        taken += number
    return taken

"""Searches that found nothing are counted for the librarian, after the answer is sent."""

from __future__ import annotations

from datetime import UTC, datetime

import structlog
from starlette.background import BackgroundTask

from corpus.errors import PushcartError
from search_api.answers.failed import FailedSearch, failed_search
from search_api.answers.results import Results
from search_api.api.state import AppState

_log = structlog.get_logger(__name__)


def count_failed(results: Results, *, state: AppState) -> BackgroundTask | None:
    """Return what is done after the answer is sent: the search is counted. None when it is not one to be counted."""
    if not state.settings.count_failed_searches:
        return None
    failed = failed_search(results)
    return None if failed is None else BackgroundTask(_count, failed, state)


def _count(failed: FailedSearch, state: AppState) -> None:
    try:
        state.store.failed_searches.add(failed.words, filters=failed.filters, day=datetime.now(UTC).date())
    except PushcartError as error:  # nobody waits for it, and the search was answered
        _log.warning("A search that found nothing was not counted", reason=str(error))

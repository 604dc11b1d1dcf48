"""Which search someone wants to follow: that of an address, or a frozen one from its moment on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from alerts.stored_searches import stored_query
from alerts.subscribing.asking import followed_query
from alerts.subscribing.state import AlertsState
from corpus.alerts import Subscription
from corpus.errors import BadQuery
from search_api.answers.frozen import find_frozen, query_of
from search_api.query.parameters import PARAMETERS, SearchQuery

FROZEN = "frozen"
"""Parameter with the link of a frozen search, owner's or readers'."""


@dataclass(frozen=True, slots=True)
class WantedSearch:
    """A search that someone wants to follow."""

    query: SearchQuery
    since: int | None = None
    """Sequence number after which documents are new; None: from now on."""
    frozen: str = ""
    """The link of the frozen search that it is; empty: it is none."""

    @property
    def parameters(self) -> tuple[tuple[str, str], ...]:
        """Return the parameters that `wanted_search` reads back."""
        return ((FROZEN, self.frozen),) if self.frozen else self.query.to_parameters()


def wanted_search(
    parameters: Sequence[tuple[str, str]], *, state: AlertsState, now: datetime, is_strict: bool
) -> WantedSearch:
    """Return the search that the parameters of a request ask for. With a frozen one, the others play no part.

    Args:
        parameters: names and values.
        state: reads them.
        now: UTC.
        is_strict: refuse names that are none; else they are passed over.

    Raises BadQuery: a value is not allowed. NotFound: there is no such frozen search.
    """
    app = state.app
    if frozen := next((value for name, value in parameters if name == FROZEN and value), ""):
        search, link = find_frozen(frozen, store=app.store, now=now)
        query = query_of(search, vocabulary=app.vocabulary, settings=app.settings)
        return WantedSearch(followed_query(query), search.sequence, link.reading)
    query = SearchQuery.from_parameters(
        [each for each in parameters if each[0] != FROZEN and (is_strict or each[0] in PARAMETERS)],
        vocabulary=app.vocabulary,
        characters_max=app.settings.query_characters_max,
        sources=set(app.store.sources.names()),
    )
    return WantedSearch(followed_query(query))


def query_of_subscription(subscription: Subscription, *, state: AlertsState) -> SearchQuery | None:
    """Return the search of a subscription; None: the vocabulary no longer has one of its values."""
    try:
        return stored_query(subscription, vocabulary=state.app.vocabulary)
    except BadQuery:
        return None

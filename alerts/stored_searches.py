"""The search of a subscription, read from its parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpus.alerts import Subscription
from search_api.query.parameters import SearchQuery

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

CHARACTERS_MAX = 100_000
"""Of the text of a search that is kept: it was within the limit of its day."""


def stored_query(subscription: Subscription, *, vocabulary: Vocabulary) -> SearchQuery:
    """Return the search of a subscription.

    Raises BadQuery: the vocabulary no longer has one of its values.
    """
    return SearchQuery.from_parameters(subscription.query, vocabulary=vocabulary, characters_max=CHARACTERS_MAX)

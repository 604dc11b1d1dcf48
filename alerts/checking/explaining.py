"""What a document lacks of a search, determined from the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alerts.matching import SavedSearch, in_words
from alerts.matching import why as why_not
from alerts.stored_searches import stored_query
from corpus.alerts import Subscription

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary


class RecordsExplain:
    """Says what a document lacks of a search, with the rules by which it would have matched. Fulfils Explains."""

    def __init__(self, store: Store, *, vocabulary: Vocabulary) -> None:
        self._store = store
        self._vocabulary = vocabulary

    def __call__(self, subscription: Subscription, document_id: str, *, lang: str) -> tuple[str, ...]:
        """See Explains."""
        query = stored_query(subscription, vocabulary=self._vocabulary)
        document = self._store.documents.get(document_id, with_pages=True)
        search = SavedSearch(subscription.id, query, since=-1)  # whether it is new was asked before
        return in_words(why_not(search, document, vocabulary=self._vocabulary), vocabulary=self._vocabulary, lang=lang)

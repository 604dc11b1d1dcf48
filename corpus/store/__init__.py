"""The record store: the truth, of which the search index is a copy. Use `open_store`."""

from corpus.source_health import SourceHealth
from corpus.store.failed import FailedSearchCount
from corpus.store.harvested import FetchedState
from corpus.store.marks import Kinship
from corpus.store.published import WaitingDocument
from corpus.store.status import FileOutcome, ReadPages, StoreStatus
from corpus.store.store import Store, open_store
from corpus.store.unindexed import UnindexedDocument
from corpus.store.untagged import TaggingFault, UntaggedDocument

__all__ = [
    "FailedSearchCount",
    "FetchedState",
    "FileOutcome",
    "Kinship",
    "ReadPages",
    "SourceHealth",
    "Store",
    "StoreStatus",
    "TaggingFault",
    "UnindexedDocument",
    "UntaggedDocument",
    "WaitingDocument",
    "open_store",
]

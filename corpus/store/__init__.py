"""The record store: the truth, of which the search index is a copy. Use `open_store`."""

from corpus.source_health import SourceHealth
from corpus.store.changes import Kinship
from corpus.store.failed_searches import FailedSearchCount
from corpus.store.files import FetchedState, FileOutcome
from corpus.store.frozen import FrozenDocument, FrozenSearch, NoRoom
from corpus.store.matches import MatchedDocument, MatchTotals, UnmatchedDocument
from corpus.store.message_rows import DueMessage, Pulse
from corpus.store.pages import ReadPages, StoredPage
from corpus.store.queue import TaggingFault, UntaggedDocument, WaitingDocument
from corpus.store.status import StoreStatus
from corpus.store.store import Store, look_into_store, open_store
from corpus.store.subscription_rows import NewSubscriber, SubscriptionLimits, TooManySubscriptions
from corpus.store.unindexed import UnindexedDocument
from corpus.store.worker_lives import WorkerLife, WorkerLives, open_worker_lives

__all__ = [
    "DueMessage",
    "FailedSearchCount",
    "FetchedState",
    "FileOutcome",
    "FrozenDocument",
    "FrozenSearch",
    "Kinship",
    "MatchTotals",
    "MatchedDocument",
    "NewSubscriber",
    "NoRoom",
    "Pulse",
    "ReadPages",
    "SourceHealth",
    "Store",
    "StoreStatus",
    "StoredPage",
    "SubscriptionLimits",
    "TaggingFault",
    "TooManySubscriptions",
    "UnindexedDocument",
    "UnmatchedDocument",
    "UntaggedDocument",
    "WaitingDocument",
    "WorkerLife",
    "WorkerLives",
    "look_into_store",
    "open_store",
    "open_worker_lives",
]

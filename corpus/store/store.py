"""The one way to the records."""

from __future__ import annotations

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Self

from sqlalchemy.engine import Engine

from corpus.settings import Settings
from corpus.store.alert_checks import AlertChecks
from corpus.store.alert_links import LinksOfMessages
from corpus.store.audit import AuditLog
from corpus.store.changes import Changes
from corpus.store.checks import Checks
from corpus.store.corrections import Corrections
from corpus.store.documents import Documents
from corpus.store.failed_searches import FailedSearches
from corpus.store.files import Files
from corpus.store.frozen import FrozenSearches
from corpus.store.matches import Matches
from corpus.store.messages import Messages
from corpus.store.opening import open_engine, open_read_only_engine, refuse_half_restored, schema_version
from corpus.store.pages import PageTexts
from corpus.store.people import People, Sessions
from corpus.store.queue import Queue
from corpus.store.readings import Readings
from corpus.store.relations import Relations
from corpus.store.runs import Runs
from corpus.store.sources import Sources
from corpus.store.status import HeldCounts, StoreStatus, held_counts, status
from corpus.store.subscriptions import Subscriptions
from corpus.store.transactions import Database, remembered
from corpus.store.unindexed import Unindexed
from corpus.store.watching import Watching


def open_store(settings: Settings) -> Store:
    """Open the record store, making or migrating its database where needed.

    Raises StoreUnavailable, BadSettings: it cannot be opened; the message says why.
    """
    refuse_half_restored(settings)
    return Store(open_engine(settings))


def look_into_store(settings: Settings) -> Store:
    """Open the record store without changing anything: no database is made or migrated, and no file's mode is changed.

    What it returns can only be read, and its tables may be of another version: `schema_version` says so.

    Raises StoreUnavailable: there is no database, or it cannot be read. BadSettings: its address or driver.
    """
    return Store(open_read_only_engine(settings))


class Store:
    """Records of sources, files, readings, documents, tags and changes: one group of methods for each group of tables.

    Each method of a group is one transaction; what it promised is on disk when it returns. Safe to share between threads.
    Readers never wait; writers wait for one another and raise StoreBusy after a minute.
    """

    def __init__(self, engine: Engine) -> None:
        self._database = Database(engine)
        self.sources = Sources(self._database)
        """Sources as they were declared, and what each has brought."""
        self.runs = Runs(self._database)
        """Reports of harvests."""
        self.files = Files(self._database)
        """What each address of a source holds and held."""
        self.readings = Readings(self._database)
        """The result of reading files."""
        self.pages = PageTexts(self._database)
        """The text of pages."""
        self.queue = Queue(self._database)
        """What has to be read and tagged, and what could not be tagged."""
        self.documents = Documents(self._database)
        """Documents with their tags."""
        self.relations = Relations(self._database)
        """Copies, translations, editions and extracts, and what people decided on them."""
        self.changes = Changes(self._database)
        """The log of changes, which an index follows."""
        self.unindexed = Unindexed(self._database)
        """Documents that the index refused."""
        self.failed_searches = FailedSearches(self._database)
        """Searches that found nothing."""
        self.frozen = FrozenSearches(self._database)
        """Searches whose answers are kept."""
        self.corrections = Corrections(self._database)
        """What people corrected on documents."""
        self.people = People(self._database)
        """People who may change what everyone reads, and what is kept of their tokens."""
        self.sessions = Sessions(self._database)
        """Who is signed in on the pages."""
        self.audit = AuditLog(self._database)
        """Who changed what, and why."""
        self.subscriptions = Subscriptions(self._database)
        """Who is notified of new documents, and the searches that they follow."""
        self.alert_links = LinksOfMessages(self._database)
        """Links in messages."""
        self.matches = Matches(self._database)
        """Which new documents answered those searches."""
        self.messages = Messages(self._database)
        """What is sent to subscribers, and every attempt."""
        self.checks = Checks(self._database)
        """What `pushcart verify` asks of the records."""
        self.alert_checks = AlertChecks(self._database)
        """What checks of alerts ask of documents, matches and messages together."""
        self.watching = Watching(self._database)
        """What monitoring counts."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def snapshot(self) -> AbstractContextManager[None]:
        """Let what this thread reads within the `with` be of one transaction, and so of one moment: quicker, and consistent.

        For some reads in a row, not for work between them: it holds a connection, of which there are fifteen. What is
        written meanwhile, also by this thread, is not seen until the end. Not for code that awaits.
        """
        return self._database.snapshot()

    def held_counts(self) -> HeldCounts:
        """Count what an answer to a search says of the collection."""
        with self._database.reads() as connection:
            return held_counts(connection)

    def together(self) -> AbstractContextManager[None]:
        """Let what this thread writes within the `with` be one transaction: all of it is on disk at the end, or nothing.

        For a few writes in a row: other writers wait meanwhile. Reads within see what was written before them. Not within a
        snapshot, and not for code that awaits.
        """
        return self._database.together()

    def schema_version(self) -> str:
        """Return the version of the tables now; another than NEWEST_MIGRATION: another Pushcart has migrated them."""
        with self._database.reads() as connection:
            return remembered(connection, "schema version", schema_version)

    def status(self) -> StoreStatus:
        """Count everything."""
        with self._database.reads() as connection:
            return status(connection)

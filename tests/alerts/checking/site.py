"""A small site whose documents come, are matched (or missed) and are searched, without the worker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from alerts.checking.audit import AuditReport, audit
from alerts.checking.newest import newest_from_engine
from alerts.checking.sweep import Sweep, SweptSearch, followed_searches
from corpus.alerts import (
    AttemptOutcome,
    Channel,
    FoundMatch,
    Frequency,
    MatchOutcome,
    Message,
    Subscriber,
    Subscription,
)
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.store.tables import documents
from corpus.types import Document
from corpus.vocabulary import Vocabulary, load_vocabulary
from nlp.works import relate
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import make_document, make_source
from tests.web.library import keep, settings_in

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
LIMITS = SubscriptionLimits(in_all=1000, per_subscriber=1000, unconfirmed_per_network=1000)
TEXT = (
    "Street vendors in Lima sell fruit and clothes near the central market, and pay a daily fee to the municipality. "
    "Most of them have no written contract and no health insurance."
)


def now_at(*, plus: timedelta = timedelta()) -> datetime:
    """Return a moment near the present: changes are dated by the clock of the machine."""
    return datetime.now(UTC) + plus


@contextmanager
def opened_site(folder: Path) -> Iterator[AlertSite]:
    """Open an empty site whose data folder is `folder`."""
    settings, vocabulary = settings_in(folder), load_vocabulary()
    with open_store(settings) as store, closing(open_engine(settings, vocabulary=vocabulary)) as engine:
        store.sources.save(make_source("sample"))
        yield AlertSite(settings, store, engine, vocabulary)


@dataclass
class AlertSite:
    """Records, index and what is followed."""

    settings: Settings
    store: Store
    plain_engine: SearchEngine
    """Of the index as it is."""
    vocabulary: Vocabulary
    is_behind: bool = False

    def document(self, name: str, *, text: str = TEXT, is_related: bool = True, **others: Any) -> Document:
        """Let a document come, be related; it waits to be matched."""
        pages = (text,) if text else ()
        document = make_document(name, **({"pages": pages, "title": f"Study {name}"} | others))
        keep(self.store, document, sha256=open_files(self.settings).put(f"{name}{text}".encode()))
        if is_related:
            relate(self.store, [document])
        self.is_behind = True
        return self.store.documents.get(name)

    @property
    def engine(self) -> SearchEngine:
        """Return the engine, after the index was brought up to date."""
        if self.is_behind:
            bring_up_to_date(self.plain_engine, self.store)
            self.is_behind = False
        return self.plain_engine

    def same_work(self, *names: str, copies: bool = False) -> None:
        """Put documents into one fold, as copies or as translations of each other."""
        values = {"fold": f"f-{names[0]}", "copies": f"c-{names[0]}" if copies else ""}
        with self.store._database.writes() as connection:
            connection.execute(sa.update(documents).where(documents.c.id.in_(names)).values(values))

    def follow(
        self,
        text: str = "vendors",
        *,
        address: str = "rosa@example.org",
        frequency: Frequency = Frequency.AT_ONCE,
        is_confirmed: bool = True,
        since: int | None = None,
        filters: Iterable[tuple[str, str]] = (),
    ) -> Subscription:
        """Follow a search."""
        who = NewSubscriber(Channel.EMAIL, address, "en", timezone="America/Lima")
        query = ((("q", text),) if text else ()) + tuple(filters)
        _, made = self.store.subscriptions.add(who, query, frequency=frequency, at=now_at(), limits=LIMITS, since=since)
        if is_confirmed:
            self.store.subscriptions.confirm(made.id, at=now_at())
        return self.again(made)

    def again(self, subscription: Subscription) -> Subscription:
        """Return a subscription as it is now."""
        found = self.store.subscriptions.get(subscription.id)
        assert found is not None
        return found

    def owner(self, subscription: Subscription) -> Subscriber:
        """Return whose it is."""
        found = self.store.subscriptions.subscriber(subscription.subscriber)
        assert found is not None
        return found

    def match(self, *found: FoundMatch, at: datetime | None = None) -> None:
        """Match everything that waits as the worker does: with these matches, and no others."""
        waiting, revision = self.store.matches.unmatched(limit=1000), self.store.subscriptions.revision()
        assert self.store.matches.keep(found, waiting, revision=revision, at=at or now_at())

    def found(self, subscription: Subscription, document: str, **others: Any) -> FoundMatch:
        """Return a match of a document that is here."""
        sequence = self.store.documents.get(document).first_sequence
        return FoundMatch(subscription.id, document, sequence, **others)

    def send(
        self,
        subscription: Subscription,
        *,
        at: datetime | None = None,
        outcome: AttemptOutcome | None = AttemptOutcome.ACCEPTED,
        answer: str = "250 OK",
        again_in: timedelta | None = None,
        public_id: str = "m1",
    ) -> Message:
        """Put what waits into a message, and try to send it; None: do not try."""
        moment = at or now_at()
        made = self.store.messages.gather(subscription.subscriber, [subscription.id], public_id=public_id, at=moment)
        assert made is not None
        if outcome is None:
            return made
        (claimed,) = self.store.messages.claim("w1", now=moment)
        attempt = self.store.messages.begin_attempt(claimed, worker="w1", at=moment)
        assert attempt is not None
        self.store.messages.end_attempt(attempt, outcome, answer=answer, at=moment, again_in=again_in)
        sent = self.store.messages.get(made.id)
        assert sent is not None
        return sent

    def sweep(self, subscription: Subscription, *, at: datetime | None = None, **others: Any) -> SweptSearch:
        """Sweep a search."""
        sweep = Sweep(self.store, self.engine, vocabulary=self.vocabulary, **others)
        return sweep.one(self.again(subscription), now=at or now_at())

    def audited(self, *, at: datetime | None = None) -> AuditReport:
        """Audit everything."""
        newest = newest_from_engine(self.engine, limit=500)
        return audit(
            newest,
            followed_searches(self.store),
            store=self.store,
            engine=self.engine,
            vocabulary=self.vocabulary,
            now=at or now_at(),
        )

    def outcomes(self, subscription: Subscription) -> dict[str, tuple[MatchOutcome, str]]:
        """Return what came of the matches of a search, and because of which document, by document."""
        found = self.store.matches.of_subscription(subscription.id)
        return {each.found.document: (each.found.outcome, each.found.because_of) for each in found}

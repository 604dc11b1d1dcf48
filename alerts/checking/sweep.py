"""The sweep: compares the stored matches of searches with a fresh search, and keeps what is missing.

It also brings what came between subscribing and confirming, and what came since a frozen search that someone follows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from alerts.checking.answering import FollowedSearch, answers_among, in_batches, read_search
from alerts.checking.unreadable import note_readable, note_unreadable
from corpus.alerts import FoundMatch, MatchOutcome, Subscription, SubscriptionState
from corpus.errors import BadQuery, EngineUnavailable
from corpus.store.alert_checks import DocumentEvent
from search_api.answers.walk import every_document
from search_api.engines.base import SearchEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

GRACE = timedelta(days=1)
"""How long a document may wait to be related and matched before a sweep does it instead. A document that was matched longer than
this before a sweep was compared by that sweep too: if it answers only now, it was changed, and does not become new by that."""
BATCH = 1_000
"""Hits whose documents are looked at together: what a sweep holds in memory."""
NAMED_MAX = 20
"""Documents that are named of each search."""
FOUND_BY = "sweep"

Reasons = Callable[[SearchQuery, Sequence[str]], Mapping[str, Mapping[str, Any]]]
"""Gives the reasons of documents that answer a search, by document, as matches keep them."""


@dataclass(slots=True)
class SweptSearch:
    """What the sweep of one search found."""

    subscription: int
    answers: int = 0
    """Documents that answer it today, whenever they came."""
    added: int = 0
    """Documents that were missing and of which its owner is notified next."""
    known: int = 0
    """Documents that were missing; its owner knows them already as another copy or translation."""
    joined: int = 0
    """Documents that answer it only since they, or the vocabulary, were changed: nobody is notified of them."""
    left: int = 0
    """Documents that the worker is about to match."""
    named: list[str] = field(default_factory=list)
    """Ids of documents that were missing, at most NAMED_MAX."""
    error: str = ""
    """Why it cannot be read any more, in words; empty: it can."""


@dataclass(slots=True)
class SweepReport:
    """What a sweep found."""

    searches: list[SweptSearch] = field(default_factory=list)
    """Those with something to say; that others were compared counts in `swept`."""
    swept: int = 0
    stopped: EngineUnavailable | None = None
    """Why it ended before the last search; None: it did not."""

    @property
    def added(self) -> int:
        """Return how many matches were missing of which someone is notified next."""
        return sum(each.added for each in self.searches)

    @property
    def known(self) -> int:
        """Return how many matches were missing that are only kept."""
        return sum(each.known for each in self.searches)


def followed_searches(store: Store) -> Iterator[Subscription]:
    """Yield every search that is followed, by id, a thousand at a time."""
    after = 0
    while some := store.subscriptions.all(after=after):
        after = some[-1].id
        yield from (each for each in some if each.state is not SubscriptionState.UNCONFIRMED)


class Sweep:
    """Compares searches with what was kept of them. May be interrupted and repeated: what is kept stays as it is."""

    def __init__(
        self,
        store: Store,
        engine: SearchEngine,
        *,
        vocabulary: Vocabulary,
        reasons: Reasons | None = None,
        grace: timedelta = GRACE,
    ) -> None:
        """Take what it works with.

        Args:
            store: the records.
            engine: of the index, which is asked.
            vocabulary: the present one.
            reasons: gives why documents answer; None: the best page of each.
            grace: as GRACE.
        """
        self._store = store
        self._engine = engine
        self._vocabulary = vocabulary
        self._reasons = reasons or self._best_pages
        self._grace = grace

    def run(self, subscriptions: Iterable[Subscription], *, now: datetime) -> SweepReport:
        """Sweep searches one by one, those first that never were; ends early when the index does not answer."""
        report = SweepReport()
        for subscription in subscriptions:
            try:
                swept = self.one(subscription, now=now)
            except EngineUnavailable as error:
                report.stopped = error
                break
            report.swept += 1
            if swept.added or swept.known or swept.joined or swept.left or swept.error:
                report.searches.append(swept)
        return report

    def due(self, *, before: datetime, now: datetime, limit: int = 100) -> SweepReport:
        """Sweep at most `limit` searches that were not swept since a time, those first that never were."""
        return self.run(self._store.subscriptions.unswept(before=before, now=now, limit=limit), now=now)

    def one(self, subscription: Subscription, *, now: datetime) -> SweptSearch:
        """Sweep one search. A search that cannot be read is noted, and its owner told once.

        Raises EngineUnavailable: the index does not answer; the search counts as not swept.
        """
        swept = SweptSearch(subscription.id)
        try:
            search = read_search(subscription, vocabulary=self._vocabulary)
        except BadQuery as error:
            note_unreadable(subscription, error, store=self._store, now=now)
            self._store.subscriptions.note_swept(subscription.id, at=now)
            swept.error = str(error)
            return swept
        note_readable(subscription, store=self._store)
        with closing(self._engine.walk(search.query, tree=search.tree)) as hits:
            for ids in in_batches(every_document(hits), BATCH):
                swept.answers += len(ids)
                self._compare(subscription, search, ids, swept=swept, now=now)
        self._store.subscriptions.note_swept(subscription.id, at=now)
        return swept

    def _compare(
        self, subscription: Subscription, search: FollowedSearch, ids: list[str], *, swept: SweptSearch, now: datetime
    ) -> None:
        """Keep what is missing of some documents that answer a search."""
        held = self._store.alert_checks.held(subscription.id, ids)
        events = self._store.alert_checks.events([each for each in ids if each not in held])
        missing: list[DocumentEvent] = []
        for event in events.values():
            if event.sequence <= subscription.since:
                continue
            if event.waits and abs(now - event.changed_at) < self._grace:
                swept.left += 1
            elif self._was_compared(event, subscription, now=now):
                swept.joined += 1
            else:
                missing.append(event)
        if not missing:
            return
        found = self._found(subscription, search, missing)
        swept.known += sum(each.outcome is MatchOutcome.KNOWN for each in found)
        swept.added += sum(each.outcome is MatchOutcome.NEW for each in found)
        swept.named += [each.document for each in found][: NAMED_MAX - len(swept.named)]
        self._store.matches.add_missing(found, at=now)

    def _was_compared(self, event: DocumentEvent, subscription: Subscription, *, now: datetime) -> bool:
        """Say whether an earlier sweep looked at a document, and found that it did not answer then."""
        if event.waits or event.matched_at is None or subscription.swept_at is None or subscription.swept_at > now:
            return False  # a sweep of the future: the clock was set back, so its time is unknown
        return event.matched_at < subscription.swept_at - self._grace

    def _found(
        self, subscription: Subscription, search: FollowedSearch, missing: list[DocumentEvent]
    ) -> list[FoundMatch]:
        folds = self._store.alert_checks.in_folds_of(missing)
        others = {member.id for members in folds.values() for member in members if len(members) > 1}
        answering = answers_among(search, sorted(others), engine=self._engine)
        told = self._store.alert_checks.held(subscription.id, sorted(others))
        reasons = self._reasons(search.query, [each.id for each in missing])
        found: list[FoundMatch] = []
        for event in missing:
            because_of = known_by(event, folds.get(event.fold, ()), answering=answering, told=told)
            found.append(
                FoundMatch(
                    subscription.id,
                    event.id,
                    event.sequence,
                    reason=reasons.get(event.id, {}),
                    outcome=MatchOutcome.KNOWN if because_of else MatchOutcome.NEW,
                    because_of=because_of,
                    found_by=FOUND_BY,
                )
            )
        return found

    def _best_pages(self, query: SearchQuery, document_ids: Sequence[str]) -> Mapping[str, Mapping[str, Any]]:
        tree = parse(query.text, vocabulary=self._vocabulary, off=query.off, strict=query.strict).tree
        pages = self._engine.pages(tree, documents=document_ids, limit=1)
        return {document: {"page": matches.best[0].number} for document, matches in pages.items() if matches.best}


def known_by(
    event: DocumentEvent,
    fold: Sequence[DocumentEvent],
    *,
    answering: frozenset[str],
    told: Mapping[str, MatchOutcome],
) -> str:
    """Return by which other document of its fold someone knows a document that answers; empty: by none. Touches nothing.

    That is one of which they are notified already, or one that was new before it and answers too. Of documents that are all
    missing, the one that came first is known by none.

    Args:
        event: of the document.
        fold: all documents of its fold.
        answering: those of them that answer.
        told: those of them with a match, and its outcome.
    """
    others = sorted((each for each in fold if each.id != event.id), key=lambda each: (each.sequence, each.id))
    for each in others:
        if told.get(each.id) is MatchOutcome.NEW:
            return each.id
    for each in others:
        if (each.sequence, each.id) < (event.sequence, event.id) and each.id in answering:
            return each.id
    return ""

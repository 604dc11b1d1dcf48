"""Following new documents: each is compared once with all searches that are followed, and the matches are kept.

There is no cursor that could be lost or run ahead: what is to be matched follows from the records (`store.matches.unmatched`),
and matches are kept in the transaction that notes their documents as matched.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from alerts.checking.unreadable import note_readable, note_unreadable
from alerts.matching import Matcher, SavedSearch, SearchMatch
from alerts.stored_searches import stored_query
from corpus.alerts import FoundMatch, MatchOutcome, Subscription
from corpus.errors import BadQuery, StoreBusy, StoreUnavailable
from corpus.types import Document

if TYPE_CHECKING:
    from corpus.settings import Settings
    from corpus.store import Store, UnmatchedDocument
    from corpus.vocabulary import Vocabulary

KEPT_TEXTS = Path("alerts") / "texts.json"
"""In the data folder: what the texts of searches ask for, which takes a millisecond each to find out."""
BATCH = 64
"""Documents that are compared with all searches at once: bits of one number."""
_log = structlog.get_logger(__name__)
_ALWAYS = 2**62
"""Later than every change: whatever a subscription was begun after, the document counts."""


@dataclass(frozen=True, slots=True)
class FollowReport:
    """The result of looking for new documents."""

    documents: int = 0
    new: int = 0
    """Matches that subscribers are notified of."""
    known: int = 0
    """Matches with copies and translations of what they know already."""


class Follower:
    """Compares new documents with the searches of one store. One thread uses it; several processes may each have one."""

    def __init__(self, store: Store, *, vocabulary: Vocabulary, settings: Settings) -> None:
        """Load nothing yet; the searches are loaded with the first document.

        Args:
            store: of subscriptions and documents.
            vocabulary: reads the searches; with another one make another follower.
            settings: limits of a search.
        """
        self._store = store
        self._vocabulary = vocabulary
        self._settings = settings
        self._matcher = Matcher(vocabulary=vocabulary)
        self._revision = -1
        self._ids: frozenset[int] = frozenset()

    def follow(self) -> FollowReport:
        """Match every document that is to be matched, and return how many there were.

        A document that cannot be compared, because of a bug of ours, is left for later and holds up no other one.
        """
        documents = new = known = 0
        failed: set[str] = set()
        while waiting := self._waiting(failed):
            self._load()
            found, compared = self._compared(waiting, failed=failed)
            if not self._store.matches.keep(found, compared, revision=self._revision, at=datetime.now(UTC)):
                continue  # someone subscribed meanwhile
            documents += len(compared)
            new += sum(each.outcome is MatchOutcome.NEW for each in found)
            known += sum(each.outcome is MatchOutcome.KNOWN for each in found)
        return FollowReport(documents, new, known)

    def _waiting(self, failed: Collection[str]) -> list[UnmatchedDocument]:
        waiting = self._store.matches.unmatched(limit=BATCH + len(failed))
        return [each for each in waiting if each.id not in failed][:BATCH]

    def _compared(
        self, waiting: Sequence[UnmatchedDocument], *, failed: set[str]
    ) -> tuple[list[FoundMatch], list[UnmatchedDocument]]:
        """Return the matches of documents, and those of them that could be compared; put the others into `failed`."""
        try:
            return self._found(waiting), list(waiting)
        except (StoreBusy, StoreUnavailable):
            raise
        except Exception:
            if len(waiting) == 1:
                _log.exception("document_not_compared", document=waiting[0].id)
                failed.add(waiting[0].id)
                return [], []
        # One by one: a failure of one does not stop the others.
        return self._compared(waiting[:1], failed=failed)

    # ------------------------------------------------------------------ searches

    def _load(self) -> None:
        """Take over what changed of the list of searches."""
        if self._store.subscriptions.revision() == self._revision:
            return
        revision, changed = self._store.subscriptions.followed(after_revision=max(0, self._revision))
        ids = self._store.subscriptions.followed_ids()
        searches, unreadable = self._read(changed)
        if self._revision < 0:
            kept = self._settings.data_dir / KEPT_TEXTS
            self._matcher = Matcher(searches, vocabulary=self._vocabulary, kept=kept)
        else:
            self._matcher.remove(self._ids - ids)
            self._matcher.add(searches)
        unreadable |= {each: error for each, error in self._matcher.unreadable.items() if each in ids}
        for each in changed:
            if each.id in unreadable:
                self._matcher.remove([each.id])
                note_unreadable(each, unreadable[each.id], store=self._store, now=datetime.now(UTC))
            else:
                note_readable(each, store=self._store)
        self._revision, self._ids = revision, ids

    def _read(self, subscriptions: Sequence[Subscription]) -> tuple[list[SavedSearch], dict[int, BadQuery]]:
        """Return the searches that can be read, and why the others cannot."""
        searches: list[SavedSearch] = []
        unreadable: dict[int, BadQuery] = {}
        for each in subscriptions:
            try:
                searches.append(SavedSearch(each.id, stored_query(each, vocabulary=self._vocabulary), each.since))
            except BadQuery as error:
                unreadable[each.id] = error
        return searches, unreadable

    # ------------------------------------------------------------------ documents

    def _found(self, waiting: Sequence[UnmatchedDocument]) -> list[FoundMatch]:
        """Return the matches of documents, in the order in which these came."""
        ids = [each.id for each in waiting]
        documents = self._store.documents.get_many(ids, with_pages=True)
        sequences = {each.id: each.sequence for each in waiting}
        found = self._matcher.match(tuple(documents.values()), event_of=lambda document: sequences[document.id])
        by_document: dict[str, list[SearchMatch]] = {}
        for each in found:
            by_document.setdefault(each.document, []).append(each)
        matches: list[FoundMatch] = []
        told: dict[tuple[int, str], str] = {}
        for document in documents.values():
            own = by_document.get(document.id, [])
            known = self._known(document, own, before=ids[: ids.index(document.id)], told=told) if document.fold else {}
            for each in own:
                because_of = known.get(each.search, "")
                matches.append(
                    FoundMatch(
                        subscription=each.search,
                        document=document.id,
                        sequence=sequences[document.id],
                        reason=each.reason.to_json(),
                        outcome=MatchOutcome.KNOWN if because_of else MatchOutcome.NEW,
                        because_of=because_of,
                    )
                )
                if document.fold and not because_of:
                    told[each.search, document.fold] = document.id
        return matches

    def _known(
        self,
        document: Document,
        found: Sequence[SearchMatch],
        *,
        before: Sequence[str],
        told: Mapping[tuple[int, str], str],
    ) -> dict[int, str]:
        """Return, by search, the copy or translation of a document that its subscriber knows already.

        That is one that came before and answers the same search: they were notified of it, or could find it when they subscribed.

        Args:
            document: is in a fold.
            found: its matches.
            before: documents of the same batch that came before it.
            told: matches of the same batch that subscribers are notified of, by search and fold.
        """
        known = {
            each.search: told[each.search, document.fold] for each in found if (each.search, document.fold) in told
        }
        others = [each for each in self._store.relations.folded(document.fold) if each != document.id]
        earlier = self._store.matches.matched(others).keys() | (set(others) & set(before))
        rest = [each.search for each in found if each.search not in known]
        if not rest or not earlier:
            return known
        members = self._store.documents.get_many([each for each in others if each in earlier], with_pages=True)
        for search, member in self._matcher.pairs(tuple(members.values()), event_of=lambda _: _ALWAYS):
            if search in rest:
                known.setdefault(search, member)
        return known

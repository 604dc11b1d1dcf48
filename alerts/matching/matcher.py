"""Which saved searches new documents answer: all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from alerts.matching.batch import BATCH_MAX, RecordBatch
from alerts.matching.conditions import Conditions, Masks
from alerts.matching.groups import groups_of
from alerts.matching.reasons import Reason, ReasonFinder
from alerts.matching.rows import NewRows, NumberedGroups, SearchRows, numbered
from alerts.matching.searches import SavedSearch, TextKey, check_values, text_key, text_plan
from corpus.errors import BadQuery
from corpus.types import Document
from search_api.engines.records import records_of
from search_api.query.plan import Plan
from search_api.query.planning import filter_plans

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class SearchMatch:
    """A new document that answers a saved search."""

    search: int
    """Id of the search."""
    document: str
    """Id of the document."""
    sequence: int
    """Of the change that made the document new."""
    reason: Reason


@dataclass(frozen=True, slots=True)
class _Text:
    """What the text of one or more searches asks for."""

    groups: NumberedGroups
    plan: Plan | None
    """Checked where the groups hold; None: they say it all."""


class Matcher:
    """Holds saved searches, and says which of them new documents answer: exactly those that either engine would find.

    Nothing is stored here, and nothing is remembered of documents. It is not safe from several threads.
    """

    def __init__(self, searches: Iterable[SavedSearch] = (), *, vocabulary: Vocabulary) -> None:
        """Take the searches that there are; see `add`."""
        self._vocabulary = vocabulary
        self._conditions = Conditions()
        self._quick, self._slow = SearchRows(), SearchRows()
        self._searches: dict[int, SavedSearch] = {}
        self._plans: dict[int, Plan] = {}
        self._troubled: dict[int, BadQuery] = {}
        self._reasons = ReasonFinder(vocabulary)
        self.add(searches)

    @property
    def troubled(self) -> Mapping[int, BadQuery]:
        """Return the searches that match nothing because they cannot be read, by id, and what is wrong with each."""
        return self._troubled

    @property
    def array_bytes(self) -> int:
        """Return how much memory the arrays take."""
        return self._quick.bytes + self._slow.bytes

    def __len__(self) -> int:
        """Return how many searches are held, without troubled ones."""
        return len(self._searches)

    def add(self, searches: Iterable[SavedSearch]) -> None:
        """Add searches; one with the id of a search that is there takes its place. What cannot be read is in `troubled`."""
        wanted = {search.id: search for search in searches}
        self.remove(wanted)
        texts: dict[TextKey, _Text | BadQuery] = {}
        quick, slow = NewRows(), NewRows()
        for search in wanted.values():
            try:
                check_values(search.query, vocabulary=self._vocabulary)
                text = self._text(search, texts)
            except BadQuery as error:
                self._troubled[search.id] = error
                continue
            filters = [numbered(groups_of(each), self._conditions) for each in filter_plans(search.query)]
            is_slow = text.groups.takes_long or text.plan is not None
            (slow if is_slow else quick).add(search.id, since=search.since, parts=(text.groups, *filters))
            self._searches[search.id] = search
            if text.plan is not None:
                self._plans[search.id] = text.plan
        self._quick.append(quick)
        self._slow.append(slow)

    def _text(self, search: SavedSearch, texts: dict[TextKey, _Text | BadQuery]) -> _Text:
        """Return what the text of a search asks for. Raises BadQuery: it cannot be read."""
        key = text_key(search.query)
        if key not in texts:
            try:
                plan = text_plan(search.query, vocabulary=self._vocabulary)
                groups = groups_of(plan)
                texts[key] = _Text(numbered(groups, self._conditions), None if groups.is_exact else plan)
            except BadQuery as error:
                texts[key] = error
        found = texts[key]
        if isinstance(found, BadQuery):
            raise found
        return found

    def remove(self, ids: Collection[int]) -> None:
        """Forget searches; ids that are not there are passed over."""
        known = [each for each in ids if each in self._searches or each in self._troubled]
        if not known:
            return
        self._quick.remove(known)
        self._slow.remove(known)
        for each in known:
            for held in (self._searches, self._plans, self._troubled):
                held.pop(each, None)

    def match(
        self, documents: Sequence[Document], *, event_of: Callable[[Document], int] | None = None
    ) -> list[SearchMatch]:
        """Return which searches new documents answer, and why; in the order of the documents, then of the searches' ids.

        Args:
            documents: with tags and pages, any number of them.
            event_of: gives the sequence number of the change that made a document new; a search matches documents after its
                `since` only. None: Document.first_sequence.
        """
        found: list[SearchMatch] = []
        for part in _in_batches(documents):
            batch, sequences = self.batch_of(part), [_event(each, event_of) for each in part]
            reasons = self._reasons.of_documents(part, batch)
            for number, search in self.pairs_of(batch, sequences):
                reason = reasons.reason(self._searches[search].query, number)
                found.append(SearchMatch(search, part[number].id, sequences[number], reason))
        return found

    def pairs(
        self, documents: Sequence[Document], *, event_of: Callable[[Document], int] | None = None
    ) -> list[tuple[int, str]]:
        """Return which searches (by id) new documents (by id) answer, without reasons. Arguments are those of `match`."""
        found: list[tuple[int, str]] = []
        for part in _in_batches(documents):
            batch, sequences = self.batch_of(part), [_event(each, event_of) for each in part]
            found += [(search, part[number].id) for number, search in self.pairs_of(batch, sequences)]
        return found

    def batch_of(self, documents: Sequence[Document]) -> RecordBatch:
        """Return up to 64 documents as they are matched: with the tokens that both engines index."""
        return RecordBatch([records_of(each, sequence=0, vocabulary=self._vocabulary)[0] for each in documents])

    def pairs_of(self, batch: RecordBatch, sequences: Sequence[int]) -> list[tuple[int, int]]:
        """Return which searches the records of documents answer: number of the record (0-based) and id of the search, in order.

        Args:
            batch: of records of documents.
            sequences: of the changes that made them new.
        """
        masks = self._conditions.masks(batch)
        quick = self._quick.hits(masks) & self._quick.new_for(sequences)
        slow = self._checked(self._slow.hits(masks) & self._slow.new_for(sequences), batch, masks=masks)
        found: list[tuple[int, int]] = []
        for rows, hits in ((self._quick, quick), (self._slow, slow)):
            for number in range(batch.everything.bit_length()):
                ids = rows.ids[(hits >> np.uint64(number)) & np.uint64(1) == 1]
                found += [(number, search) for search in ids.tolist()]
        return sorted(found)

    def _checked(self, hits: Masks, batch: RecordBatch, *, masks: Masks) -> Masks:
        """Return what is left of the hits of searches that masks do not decide alone."""
        hits &= np.uint64(batch.everything)
        if not hits.any():
            return hits
        self._conditions.look_for(self._slow.conditions_of(hits != 0).tolist(), batch, masks=masks)
        hits &= self._slow.hits(masks)
        known: dict[int, int] = {}  # by identity: searches with the same text share their plan
        for row in np.flatnonzero(hits).tolist():
            plan = self._plans.get(int(self._slow.ids[row]))
            if plan is not None:
                if id(plan) not in known:
                    known[id(plan)] = batch.mask(plan)
                hits[row] &= np.uint64(known[id(plan)])
        return hits


def _event(document: Document, event_of: Callable[[Document], int] | None) -> int:
    return document.first_sequence if event_of is None else event_of(document)


def _in_batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for first in range(0, len(documents), BATCH_MAX):
        yield documents[first : first + BATCH_MAX]

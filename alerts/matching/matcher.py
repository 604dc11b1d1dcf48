"""Which saved searches new documents answer: all of them at once."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from alerts.matching.batch import BATCH_MAX, RecordBatch
from alerts.matching.conditions import Conditions, Masks
from alerts.matching.groups import groups_of
from alerts.matching.known_texts import digest_of, load_known, save_known
from alerts.matching.reasons import DocumentReasons, Reason
from alerts.matching.rows import NewRows, NumberedGroups, SearchRows, numbered
from alerts.matching.searches import SavedSearch, TextKey, check_values, text_key, text_plan
from corpus.errors import BadQuery
from corpus.types import Document
from search_api.engines.records import records_of
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Plan
from search_api.query.planning import filter_plans

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_PLANS_MAX = 2_000
"""Plans that are kept, of searches that masks alone do not decide."""


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


class Matcher:
    """Holds saved searches, and says which of them new documents answer: exactly those that either engine would find.

    There is one difference: `"street a"*`, which an engine refuses when its last word begins too many words, is answered here.
    Nothing is stored here, and nothing is remembered of documents. It is not safe from several threads.
    """

    def __init__(
        self, searches: Iterable[SavedSearch] = (), *, vocabulary: Vocabulary, kept: Path | None = None
    ) -> None:
        """Take the searches that there are; see `add`.

        Args:
            searches: any number of them.
            vocabulary: the present one.
            kept: a file in which what their texts ask for is looked up, and written when some were not in it; None: all
                texts are read, which takes about a second for a thousand.
        """
        self._vocabulary = vocabulary
        self._conditions = Conditions()
        self._quick, self._slow = SearchRows(), SearchRows()
        self._searches: dict[int, SavedSearch] = {}
        self._inexact: set[int] = set()
        self._plan = lru_cache(maxsize=_PLANS_MAX)(self._plan_of)
        self._unreadable: dict[int, BadQuery] = {}
        known = load_known(kept, vocabulary=vocabulary, conditions=self._conditions) if kept else {}
        used = self._add(searches, known=known)
        if kept and used.keys() != known.keys():
            save_known(kept, used, vocabulary=vocabulary, conditions=self._conditions)

    @property
    def unreadable(self) -> Mapping[int, BadQuery]:
        """Return the searches that match nothing because they cannot be read, by id, and what is wrong with each."""
        return self._unreadable

    @property
    def array_bytes(self) -> int:
        """Return how much memory the arrays take."""
        return self._quick.bytes + self._slow.bytes

    def __len__(self) -> int:
        """Return how many searches are held, without unreadable ones."""
        return len(self._searches)

    def add(self, searches: Iterable[SavedSearch]) -> None:
        """Add searches; one with the id of a search that is there takes its place. What cannot be read is in `troubled`."""
        self._add(searches, known={})

    def _add(
        self, searches: Iterable[SavedSearch], *, known: Mapping[str, NumberedGroups]
    ) -> dict[str, NumberedGroups]:
        """Add searches, and return what their texts ask for by digest.

        Args:
            known: what some texts ask for.
        """
        wanted = {search.id: search for search in searches}
        self.remove(wanted)
        reading = _TextReading(self._conditions, vocabulary=self._vocabulary, known=known)
        quick, slow = NewRows(), NewRows()
        for search in wanted.values():
            try:
                text, filters = reading.text(search.query), reading.filters(search.query)
            except BadQuery as error:
                self._unreadable[search.id] = error
                continue
            is_slow = text.takes_long or not text.is_exact
            (slow if is_slow else quick).add(search.id, since=search.since, parts=(text, *filters))
            self._searches[search.id] = search
            if not text.is_exact:
                self._inexact.add(search.id)
        self._quick.append(quick)
        self._slow.append(slow)
        return reading.used

    def remove(self, ids: Collection[int]) -> None:
        """Forget searches; ids that are not there are passed over."""
        known = [each for each in ids if each in self._searches or each in self._unreadable]
        if not known:
            return
        self._quick.remove(known)
        self._slow.remove(known)
        for each in known:
            self._searches.pop(each, None)
            self._unreadable.pop(each, None)
            self._inexact.discard(each)

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
            pairs = self.pairs_of(batch, sequences)
            reasons = self._reasons(pairs, DocumentReasons(part, batch, vocabulary=self._vocabulary))
            for number, search in pairs:
                reason = reasons[number, search]
                found.append(SearchMatch(search, part[number].id, sequences[number], reason))
        return found

    def _reasons(self, pairs: Sequence[tuple[int, int]], of: DocumentReasons) -> dict[tuple[int, int], Reason]:
        """Return the reasons of matches (number of the document, id of the search), found text by text."""
        queries = {search: self._searches[search].query for _, search in pairs}
        by_text = sorted(pairs, key=lambda pair: text_key(queries[pair[1]]))
        return {(number, search): of.reason(queries[search], number) for number, search in by_text}

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
        known: dict[TextKey, int] = {}
        for row in np.flatnonzero(hits).tolist():
            search = int(self._slow.ids[row])
            if search in self._inexact:
                key = text_key(self._searches[search].query)
                if key not in known:
                    known[key] = batch.mask(self._plan(key))
                hits[row] &= np.uint64(known[key])
        return hits

    def _plan_of(self, key: TextKey) -> Plan:
        text, off, strict, about = key
        query = SearchQuery(text=text, off=off, strict=strict, about=about)
        return text_plan(query, vocabulary=self._vocabulary)


class _TextReading:
    """Reads the searches of one call of `add`, equal texts once."""

    def __init__(self, conditions: Conditions, *, vocabulary: Vocabulary, known: Mapping[str, NumberedGroups]) -> None:
        self._conditions = conditions
        self._vocabulary = vocabulary
        self._known = known
        self._filters: dict[tuple[Plan, ...], list[NumberedGroups]] = {}
        self._refused: dict[str, BadQuery] = {}
        self.used: dict[str, NumberedGroups] = {}

    def text(self, query: SearchQuery) -> NumberedGroups:
        """Return what the text of a search asks for. Raises BadQuery: it cannot be read."""
        digest = digest_of(text_key(query))
        if digest in self._refused:
            raise self._refused[digest]
        found = self.used.get(digest) or self._known.get(digest)
        if found is None:
            try:
                found = numbered(groups_of(text_plan(query, vocabulary=self._vocabulary)), self._conditions)
            except BadQuery as error:
                self._refused[digest] = error
                raise
        self.used[digest] = found
        return found

    def filters(self, query: SearchQuery) -> list[NumberedGroups]:
        """Return what the filters of a search ask for. Raises BadQuery: one has a value that the vocabulary does not have."""
        if not query.has_filters:
            return []
        plans = filter_plans(query)
        if plans not in self._filters:
            check_values(query, vocabulary=self._vocabulary)
            self._filters[plans] = [numbered(groups_of(each), self._conditions) for each in plans]
        return self._filters[plans]


def _event(document: Document, event_of: Callable[[Document], int] | None) -> int:
    return document.first_sequence if event_of is None else event_of(document)


def _in_batches(documents: Sequence[Document]) -> Iterator[Sequence[Document]]:
    for first in range(0, len(documents), BATCH_MAX):
        yield documents[first : first + BATCH_MAX]

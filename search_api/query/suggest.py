"""What someone may be typing: concepts of the vocabulary first, then titles."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from search_api.analysis import exact
from search_api.engines.base import SearchEngine
from search_api.query.labels import labels_of
from search_api.query.parameters import SearchQuery
from search_api.query.tree import And, Everything, Or, Phrase, Prefix

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

LIMIT_DEFAULT = 8
LIMIT_MAX = 20
CHARACTERS_MAX = 200
"""Longer texts are no beginnings of anything; they get no suggestion."""
WORDS_MAX = 10
_BEGINNING_MIN = 2
COUNTS_SECONDS = 2.0
"""How long counts are good while the index changes under them: a harvest changes it with each commit."""
_BEGINNINGS_MAX = 5000
"""Beginnings whose titles are kept, some 2 kB each; most people begin with the same ones."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that the typed words may be meant for."""

    text: str
    """A label in the language in which it was found, or a title."""
    facet: str
    """Facet of a concept; empty: it is a document."""
    id: str
    """Of the concept or the document."""
    count: int
    """Documents with the concept; 1 for a document."""
    lang: str
    """ISO 639-1 of the text; `und`: unknown."""


@dataclass(frozen=True, slots=True)
class _ConceptCounts:
    """Documents by concept, as of one state of index and records."""

    stamp: tuple[int, int]
    until: float
    """On the clock of time.monotonic."""
    counts: Mapping[str, Mapping[str, int]]


@dataclass(frozen=True, slots=True)
class _Titles:
    """Titles that were looked up, as of one state of index and records."""

    stamp: tuple[int, int]
    found: dict[tuple[tuple[str, ...], int], tuple[Completion, ...]] = field(default_factory=dict)


class Suggester:
    """Answers each key that is pressed; keeps what was counted and found until index or records change.

    Threads may share it: at worst two of them look up the same thing.
    """

    def __init__(
        self,
        engine: SearchEngine,
        *,
        store: Store,
        vocabulary: Vocabulary,
        counts_seconds: float = COUNTS_SECONDS,
    ) -> None:
        """Keep the resources: the engine counts concepts and finds titles, the store gives titles, the vocabulary labels."""
        self._counts_seconds = counts_seconds
        self._engine = engine
        self._store = store
        self._labels = labels_of(vocabulary)
        self._counted: _ConceptCounts | None = None
        self._titles = _Titles((-1, -1))

    def suggest(self, text: str, *, lang: str = "en", limit: int = LIMIT_DEFAULT) -> tuple[Completion, ...]:
        """Return concepts that some document has, then documents by title; nothing for a text without two letters.

        Concepts take at most half of the list while there are titles to show.

        Args:
            text: as typed so far; the last word may continue.
            lang: in which a label is shown if it fits in several.
            limit: most suggestions.

        Raises EngineUnavailable: the index does not answer.
        """
        words = tuple(exact(text[: CHARACTERS_MAX + 1]))
        if len(text) > CHARACTERS_MAX or not words or len(words) > WORDS_MAX or len("".join(words)) < _BEGINNING_MIN:
            return ()
        stamp = (self._engine.applied_sequence(), self._store.changes.last_sequence())
        named = self._labels.named(words, lang=lang)
        counts = self._counts(stamp) if named else {}
        concepts = [
            Completion(text=label.text, facet=label.facet.value, id=label.concept, count=held, lang=label.lang)
            for label in named
            if (held := counts.get(label.facet.value, {}).get(label.concept, 0))
        ]
        titles = self._titles_with(words, limit=limit, stamp=stamp)
        room = max(limit - len(titles), (limit + 1) // 2)
        return (*concepts[:room], *titles)[:limit]

    def _counts(self, stamp: tuple[int, int]) -> Mapping[str, Mapping[str, int]]:
        kept = self._counted
        if kept is None or (kept.stamp != stamp and time.monotonic() > kept.until):
            counts = self._engine.search(SearchQuery(limit=1), tree=Everything()).counts
            kept = self._counted = _ConceptCounts(stamp, time.monotonic() + self._counts_seconds, counts)
        return kept.counts

    def _titles_with(self, words: tuple[str, ...], *, limit: int, stamp: tuple[int, int]) -> tuple[Completion, ...]:
        kept = self._titles
        if kept.stamp != stamp or len(kept.found) >= _BEGINNINGS_MAX:
            kept = self._titles = _Titles(stamp)
        if (words, limit) not in kept.found:
            kept.found[words, limit] = self._look_up(words, limit=limit)
        return kept.found[words, limit]

    def _look_up(self, words: tuple[str, ...], *, limit: int) -> tuple[Completion, ...]:
        *whole, last = words
        # Beginnings have one score for all: a title with the very word comes before one with a longer word.
        begun = Or((Prefix(last, field="title"), Phrase(last, field="title")))
        tree = And((*(Phrase(word, field="title") for word in whole), begun)) if whole else begun
        hits = self._engine.search(SearchQuery(limit=limit), tree=tree, counted=False).hits
        documents = self._store.documents.get_many([hit.id for hit in hits])
        return tuple(
            Completion(text=found.title, facet="", id=found.id, count=1, lang=found.lang)
            for hit in hits
            if (found := documents.get(hit.id)) is not None
        )

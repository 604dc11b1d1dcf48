"""The index follows the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING

from corpus.store import Kinship
from corpus.types import Change
from search_api.analysis import has_words
from search_api.engines.base import BuiltIndex, HeldDocument, Refused, SearchEngine
from search_api.fitness import Fitness, Misfit, fitness_of, is_mostly_changed

if TYPE_CHECKING:
    from corpus.store import Store

BATCH_DOCUMENTS = 50
"""Documents read from the store at a time: 50 long reports are some tens of megabytes of text."""


@dataclass(frozen=True, slots=True)
class IndexingProgress:
    """How far an indexing has come."""

    sequence: int
    """Of the change that was last handed to the engine."""
    last_sequence: int
    """Of the newest change when the indexing began."""
    documents: int
    """Changes handed over so far."""


@dataclass(frozen=True, slots=True)
class IndexingResult:
    """What an indexing did."""

    documents: int
    """Changes applied."""
    applied_sequence: int
    rebuilt: bool
    """True: the index was built from the beginning."""
    refused: tuple[Refused, ...] = ()
    """Documents that the engine would not take, and why."""
    misfit: Misfit | None = None
    """Why it was built from the beginning; None: someone asked for it, or it was not."""


SAMPLE_DOCUMENTS = 200
"""So many documents of a new index are compared one by one. Were one in a hundred wrong, 87 of 100 rebuilds would notice."""

OnProgress = Callable[[IndexingProgress], None]
OnMisfit = Callable[[Fitness], None]


def bring_up_to_date(
    engine: SearchEngine, store: Store, *, on_progress: OnProgress | None = None, on_misfit: OnMisfit | None = None
) -> IndexingResult:
    """Apply every change that the index does not show yet; rebuild it when it does not fit the records.

    It does not fit when another version made it, when it shows other records or newer ones than there are (a backup was
    restored), or when most of its documents changed. May be repeated and interrupted at any moment: continuing costs at
    most one commit's work.

    Args:
        engine: of the index.
        store: the records.
        on_progress: told after each change.
        on_misfit: told why the index is rebuilt, before that begins.

    Raises EngineUnavailable: another process is writing, or the disk refuses.
    """
    fitness = fitness_of(engine, store)
    if fitness.misfit is None and is_mostly_changed(fitness.shown, store):
        fitness = replace(fitness, misfit=Misfit.MOSTLY_CHANGED)
    if fitness.misfit is not None:
        if on_misfit is not None:
            on_misfit(fitness)
        return replace(rebuild(engine, store, on_progress=on_progress), misfit=fitness.misfit)
    draining = _Draining(store, on_progress)
    before = engine.applied_sequence()
    applied = engine.apply(draining.changes_after(before), on_refused=draining.refuse)
    gone_over = [each.document_id for each in store.unindexed.all() if before < each.sequence <= applied]
    store.unindexed.remove([each for each in gone_over if each not in draining.refused])
    return draining.result(applied_sequence=applied, rebuilt=False)


def rebuild(engine: SearchEngine, store: Store, *, on_progress: OnProgress | None = None) -> IndexingResult:
    """Rebuild the index beside the old one, which answers until the new one takes its place.

    Raises EngineUnavailable: as SearchEngine.rebuild.
    """
    draining = _Draining(store, on_progress)
    applied = engine.rebuild(draining, on_refused=draining.refuse)
    store.unindexed.remove([each for each in draining.taken if each not in draining.refused])
    return draining.result(applied_sequence=applied, rebuilt=True)


class _Draining:
    """Reads changes in batches, also those that are written meanwhile, and says how far it is. Fulfils Records."""

    def __init__(self, store: Store, on_progress: OnProgress | None) -> None:
        self._store = store
        self._on_progress = on_progress
        self.documents = 0
        self.refused: dict[str, Refused] = {}
        """By document."""
        self.taken: frozenset[str] = frozenset()
        """Documents that an earlier index refused, and the one that was compared has."""

    def refuse(self, refused: Refused) -> None:
        """Keep at once what an engine refused: what this process knows is lost when it is killed."""
        if refused.document not in self.refused:  # a document may be refused for each of its pages
            self.refused[refused.document] = refused
            self._store.unindexed.save(refused.document, sequence=refused.sequence, reason=refused.reason)

    def result(self, *, applied_sequence: int, rebuilt: bool) -> IndexingResult:
        """Say what was done."""
        return IndexingResult(self.documents, applied_sequence, rebuilt=rebuilt, refused=tuple(self.refused.values()))

    def are_shown_by(self, marks: Sequence[str]) -> bool:
        return all(self._store.changes.kinship(each) is Kinship.KNOWN for each in marks)

    def changes_after(self, sequence: int) -> Iterator[Change]:
        last_sequence = self._store.changes.last_sequence()
        while batch := self._store.changes.after(sequence, limit=BATCH_DOCUMENTS):
            for change in batch:
                yield change
                self.documents += 1
                if self._on_progress is not None:
                    self._on_progress(
                        IndexingProgress(change.sequence, max(last_sequence, change.sequence), self.documents)
                    )
            sequence = batch[-1].sequence

    def fault_of(self, built: BuiltIndex) -> str:
        """See Records. Compares counts, and a sample document by document; what is newer than the index is no fault of it."""
        refused = {each.document_id for each in self._store.unindexed.all()} | self.refused.keys()
        # Refused by an index before this one, or with one of its pages: such a document is there anyway.
        there = built.held(sorted(refused)).keys()
        every = self._store.documents.ids()
        expected = [each for each in every if each not in refused or each in there]
        documents, pages = built.counts()
        moved = self._store.changes.last_sequence() - built.applied_sequence
        if abs(documents - len(expected)) > moved:
            return f"it has {documents:,} documents where the records have {len(expected):,}"
        if moved == 0 and pages > (most := self._store.status().pages):
            return f"it has {pages:,} pages where the records have {most:,}"
        whole = [each for each in expected if each not in refused]
        sample = Random(built.applied_sequence).sample(whole, min(SAMPLE_DOCUMENTS, len(whole)))
        held = built.held(sample)
        for start in range(0, len(sample), BATCH_DOCUMENTS):
            if fault := self._fault_in(sample[start : start + BATCH_DOCUMENTS], held, applied=built.applied_sequence):
                return fault
        self.taken = self._taken_of(sorted(there), built)
        return ""

    def _taken_of(self, documents: Sequence[str], built: BuiltIndex) -> frozenset[str]:
        """Return those documents that an index has as they are now, with all their pages."""
        held = built.held(documents)
        return frozenset(each for each in documents if not self._fault_in([each], held, applied=built.applied_sequence))

    def _fault_in(self, sample: Sequence[str], held: Mapping[str, HeldDocument], *, applied: int) -> str:
        documents = self._store.documents.get_many(sample, with_pages=True)
        newest = self._store.changes.newest_of(sample)  # after the documents: a change between the two is seen
        for each, document in documents.items():
            if newest[each] > applied:
                continue
            pages = sum(has_words(page.text) for page in document.pages)
            if each not in held:
                return f"document {each} is not in it"
            if held[each].version != f"{each}@{newest[each]}":
                return f"document {each} is not in it as the last change has it"
            if held[each].pages != pages:
                return f"it has {held[each].pages:,} pages of document {each}, which has {pages:,} with words"
        return ""

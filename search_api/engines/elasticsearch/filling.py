"""What fills a generation: changes applied to the one that counts, and a rebuild beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.messages import sentence
from corpus.types import Change
from search_api.engines.base import OnRefused, Records
from search_api.engines.elasticsearch.errors import index_is_foreign, index_is_gone, of_another_version
from search_api.engines.elasticsearch.generations import Built, Generations
from search_api.engines.elasticsearch.mapping import FORMAT
from search_api.engines.elasticsearch.rebuilding import Lease
from search_api.engines.elasticsearch.state import IndexNames, IndexState, StateRecord
from search_api.engines.elasticsearch.writing import Batch, GenerationGoneError, Writer, batches
from search_api.engines.records import hierarchy_fingerprint

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True)
class Told:
    """Callbacks while a generation is filled."""

    on_state: Callable[[IndexState], object]
    """Each state that was written."""
    on_commit: Callable[[int], object]
    """The applied sequence after each commit."""
    on_refused: OnRefused


class Filling:
    """One run of indexing."""

    def __init__(
        self,
        client: Elasticsearch,
        names: IndexNames,
        *,
        record: StateRecord,
        generations: Generations,
        vocabulary: Vocabulary,
        where: str,
        tell: Told,
    ) -> None:
        self._client = client
        self._names = names
        self._record = record
        self._generations = generations
        self._vocabulary = vocabulary
        self._hierarchy = hierarchy_fingerprint(vocabulary)
        self._where = where
        self._tell = tell

    # --- the generation that counts -------------------------------------------------------------------------------

    def apply(self, changes: Iterable[Change]) -> int:
        """Write changes to the generation that counts, which is made if there is none; return the applied sequence."""
        state = self._to_write_to()
        begun, applied = state.generation, state.applied_sequence

        def written(batch: Batch) -> Change:
            nonlocal state
            newest = newest_of(batch)
            self._record.change(partial(_begun_with, generation=begun, newest=newest))
            state = self._write_where_it_counts(batch, state)
            return newest

        for last in one_behind(batches(changes, vocabulary=self._vocabulary), written):
            if state.generation == begun:
                applied = max(applied, last.sequence)
                state = self._record_applied(begun, last)
            self._tell.on_commit(applied)
        # Under a swap the sequence is raised by the rebuild only: what this one wrote to the old generation
        # before is not in the new one by its doing.
        return max(applied, state.applied_sequence) if state.generation == begun else state.applied_sequence

    def _to_write_to(self) -> IndexState:
        state = self._record.read_to_write()
        if not state.generation:
            self._make(1)
            return self._generations.first(hierarchy=self._hierarchy)
        if not state.fits(self._hierarchy):
            raise of_another_version(self._where)
        self._refuse_foreign(state.generation)
        self._generations.settle(state)
        return state

    def _write_where_it_counts(self, batch: Batch, state: IndexState) -> IndexState:
        """Write a batch, again if another generation was put in place meanwhile; return the state that it was written under."""
        while True:
            is_gone = False
            try:
                self._writer(state.generation).write(batch)
            except GenerationGoneError:
                is_gone = True
            now = self._record.read()
            if now.generation == state.generation:
                if is_gone:  # no rebuild took its place: someone dropped it
                    raise index_is_gone(self._names.of(now.generation)[0], where=self._where)
                return now
            state = now

    def _record_applied(self, generation: int, newest: Change) -> IndexState:
        def raised(now: IndexState) -> IndexState:
            if now.generation != generation or now.applied_sequence >= newest.sequence:
                return now
            return replace(now, applied_sequence=newest.sequence, applied_mark=newest.mark)

        changed = self._record.change(raised)
        self._tell.on_state(changed)
        return changed

    # --- another generation beside it -----------------------------------------------------------------------------

    def rebuild(self, records: Records, *, lease: Lease) -> int:
        """Fill a new generation, or continue with one, and put it in place; return the applied sequence."""
        with lease.held() as state:
            if not records.are_shown_by(state.building_marks):
                state = self._begin_again(state, lease=lease)
            number, applied = state.building, state.building_sequence
            if applied and not self._generations.are_there(number):
                applied = 0
            self._make(number)
            applied = self._fill(number, records, applied, lease=lease)
            self._generations.pack(number)
            self._generations.open_for_searches(number)
            applied = self._fill(number, records, applied, lease=lease)
            self._compare(number, records, applied, lease=lease)
            self._swap(number, applied, lease=lease)
            # What others wrote to the old one after the last look, and before they saw the swap.
            return self.apply(records.changes_after(applied))

    def _begin_again(self, state: IndexState, *, lease: Lease) -> IndexState:
        """Throw away what an interrupted rebuild made of other records, and give the state with another one to fill."""
        fresh = lease.change(lambda now: nothing_built(replace(now, building=now.building + 1)))
        self._generations.drop(self._names.of(state.building))
        return fresh

    def _fill(self, number: int, records: Records, applied: int, *, lease: Lease) -> int:
        writer = self._writer(number)

        def written(batch: Batch) -> Change:
            newest = newest_of(batch)
            lease.change(partial(_building_with, newest=newest))
            writer.write(batch)
            return newest

        for last in one_behind(batches(records.changes_after(applied), vocabulary=self._vocabulary), written):
            if last.sequence > applied:
                applied = last.sequence
                lease.change(partial(_filled_to, newest=last))
            self._tell.on_commit(applied)
        return applied

    def _compare(self, number: int, records: Records, applied: int, *, lease: Lease) -> None:
        documents, pages = self._names.of(number)
        fault = records.fault_of(Built(self._client, documents=documents, pages=pages, applied_sequence=applied))
        if not fault:
            return
        lease.change(lambda now: nothing_built(replace(now, building=0)))
        self._generations.drop([documents, pages])
        raise EngineUnavailable(
            sentence("The new search index was discarded: {fault}. The old one stays in place.", fault=fault),
            try_next=sentence("Run `pushcart index --rebuild` again; if the error persists, report it."),
        )

    def _swap(self, number: int, applied: int, *, lease: Lease) -> None:
        state = lease.change(
            lambda now: nothing_built(
                replace(
                    now,
                    generation=number,
                    format=FORMAT,
                    hierarchy=self._hierarchy,
                    applied_sequence=applied,
                    applied_mark=now.building_mark,
                    begun_sequence=now.building_begun_sequence,
                    begun_mark=now.building_begun_mark,
                    building=0,
                )
            )
        )
        self._tell.on_state(state)
        self._generations.settle(state)

    def _make(self, generation: int) -> None:
        self._generations.make(generation)
        self._refuse_foreign(generation)

    def _refuse_foreign(self, generation: int) -> None:
        """Raises EngineUnavailable: an index of our name is not as Pushcart makes it."""
        for name in self._generations.foreign(generation):
            raise index_is_foreign(name, where=self._where)

    def _writer(self, generation: int) -> Writer:
        documents, pages = self._names.of(generation)
        return Writer(
            self._client, documents=documents, pages=pages, where=self._where, on_refused=self._tell.on_refused
        )


def one_behind(batches: Iterable[Batch], write: Callable[[Batch], Answer]) -> Iterator[Answer]:
    """Write batches in their order, and give what each writing answered.

    While one is written, the next is prepared: the server works, and so does this process. The batches are drawn in the
    caller's thread, because what they are made of may belong to it. When drawing fails, what is under way still counts.
    """
    drawn = iter(batches)
    with ThreadPoolExecutor(max_workers=1, thread_name_prefix="elasticsearch-writing") as pool:
        under_way: Future[Answer] | None = None
        while True:
            batch, failed = None, None
            try:
                batch = next(drawn, None)
            except Exception as error:
                failed = error
            if under_way is not None:
                yield under_way.result()
            if failed is not None:
                raise failed
            if batch is None:
                return
            under_way = pool.submit(write, batch)


def pass_over(_: object) -> None:
    """Nobody wants to be told."""


def newest_of(batch: Batch) -> Change:
    """Return the change with the highest sequence number of a batch, which has one."""
    assert batch.newest is not None
    return batch.newest


def nothing_built(state: IndexState) -> IndexState:
    """Return a state whose generation beside the one that counts is empty."""
    return replace(state, building_sequence=0, building_mark="", building_begun_sequence=0, building_begun_mark="")


def _begun_with(now: IndexState, *, generation: int, newest: Change) -> IndexState:
    if now.generation != generation or now.begun_sequence >= newest.sequence:
        return now
    return replace(now, begun_sequence=newest.sequence, begun_mark=newest.mark)


def _building_with(now: IndexState, *, newest: Change) -> IndexState:
    if now.building_begun_sequence >= newest.sequence:
        return now
    return replace(now, building_begun_sequence=newest.sequence, building_begun_mark=newest.mark)


def _filled_to(now: IndexState, *, newest: Change) -> IndexState:
    return replace(now, building_sequence=newest.sequence, building_mark=newest.mark)

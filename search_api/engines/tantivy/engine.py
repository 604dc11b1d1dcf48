"""The embedded engine."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import tantivy
from tantivy import Query, Searcher

from corpus.types import Change
from search_api.engines.base import (
    WALK_BATCH,
    EngineHit,
    EngineResults,
    EngineStatistics,
    FoundPage,
    Frequencies,
    HeldDocument,
    Nearly,
    OnRefused,
    PageMatches,
    Records,
    Shown,
)
from search_api.engines.cursor import Cursors
from search_api.engines.records import hierarchy_fingerprint
from search_api.engines.tantivy.best_pages import best_pages, count_by_document, find_pages
from search_api.engines.tantivy.errors import (
    IndexDamaged,
    drawn_from_the_caller,
    not_what_the_store_says,
    of_another_version,
    of_the_caller,
    tantivy_errors,
)
from search_api.engines.tantivy.folders import GenerationState, IndexFolder
from search_api.engines.tantivy.ordering import by_score
from search_api.engines.tantivy.schema import (
    FORMAT,
    TANTIVY_VERSION,
    documents_schema,
    is_readable,
    make_index,
    pages_schema,
)
from search_api.engines.tantivy.segments import fault_of_segments
from search_api.engines.tantivy.view import IndexView
from search_api.engines.tantivy.writing import write_changes
from search_api.query.facets import FACETS
from search_api.query.parameters import SearchQuery
from search_api.query.plan import Field, Plan
from search_api.query.planning import (
    DOCUMENTS,
    PAGES,
    plan_of,
    plan_of_any_word,
    sort_key,
    with_filters,
)
from search_api.query.tree import Node, text_only

if TYPE_CHECKING:
    from corpus.vocabulary import Vocabulary

_IDS_MAX = 2000
"""Documents that one query names."""


class TantivyEngine:
    """Searches and writes the index in one folder. Fulfils SearchEngine.

    Any number of processes may search while one writes; what it commits is seen by the next search.
    """

    def __init__(self, root: Path, *, vocabulary: Vocabulary, cursors: Cursors | None = None) -> None:
        self._folder = IndexFolder(root)
        self._cursors = cursors or Cursors()
        self._vocabulary = vocabulary
        self._hierarchy = hierarchy_fingerprint(vocabulary)
        self._lock = threading.Lock()
        self._indexes: tuple[Path, tantivy.Index, tantivy.Index] | None = None
        self._seen: tuple[tuple[int, ...], IndexView | None] | None = None

    # --- searching ------------------------------------------------------------------------------------------------

    def search(
        self, query: SearchQuery, *, tree: Node, counted: bool = True, nearly: Nearly | None = None
    ) -> EngineResults:
        """See SearchEngine."""
        after = self._cursors.read(query)
        view = self._view()
        if view is None:
            return EngineResults(total=0, hits=(), counts={facet: {} for facet in FACETS} if counted else {})
        words, key = plan_of(tree, shape=DOCUMENTS, about=query.about), sort_key(query, tree)
        plan = with_filters(words, query)
        with tantivy_errors(self._folder.root):
            folding = view.folding(plan, is_ranked=not key)
            stretch = view.stretch(folding.applied(plan), tree, key=key, after=after, limit=query.limit)
            counts = view.counts(words, query) if counted else {}
            near = view.near(nearly, tree, answers=plan) if nearly else ()
        return EngineResults(
            total=stretch.total,
            hits=folding.hits(stretch.hits),
            counts=counts,
            next=self._cursors.write(stretch.last, query=query) if stretch.last else "",
            near=near,
            folded=len(folding.left_out),
        )

    def walk(self, query: SearchQuery, *, tree: Node, batch: int = WALK_BATCH) -> Generator[EngineHit, None, None]:
        """See SearchEngine. All places are found at once, 16 bytes each; their ids are looked up as they are drawn."""
        view = self._view()
        if view is None:
            return
        key = sort_key(query, tree)
        with tantivy_errors(self._folder.root):
            plan = with_filters(plan_of(tree, shape=DOCUMENTS, about=query.about), query)
            folding = view.folding(plan, is_ranked=not key)
            hits = view.every_hit(folding.applied(plan), tree, key=key)
        for hit in hits:
            yield folding.hit(hit)

    def best(self, plan: Plan, *, limit: int) -> tuple[EngineHit, ...]:
        """See SearchEngine."""
        view = self._view()
        if view is None:
            return ()
        with tantivy_errors(self._folder.root):
            return by_score(view.documents, view.documents_query(plan), None, limit).hits

    def frequencies(self, tokens: Sequence[tuple[Field, str]]) -> Frequencies:
        """See SearchEngine."""
        view = self._view()
        if view is None:
            return Frequencies(documents=0, held=dict.fromkeys(tokens, 0))
        held: dict[tuple[Field, str], int] = {}
        with tantivy_errors(self._folder.root):
            for field, token in tokens:
                # doc_freq would count removed documents until their segments merge.
                term = Query.term_query(documents_schema(), field, token, "basic")
                held[field, token] = view.documents.search(term, 1, count=True).count  # type: ignore[attr-defined]
        return Frequencies(documents=view.documents.num_docs, held=held)

    def pages(self, tree: Node, *, documents: Sequence[str], limit: int) -> Mapping[str, PageMatches]:
        """See SearchEngine."""
        view = self._view()
        text = text_only(tree)
        if view is None or text is None or not documents:
            return {}
        with tantivy_errors(self._folder.root):
            whole = view.pages_query(plan_of(text, shape=PAGES))
            ranked = view.pages_query(plan_of_any_word(text))
            return best_pages(view.pages, documents, ranked=ranked, whole=whole, limit=limit)

    def find_pages(self, plan: Plan, *, limit: int) -> tuple[FoundPage, ...]:
        """See SearchEngine."""
        view = self._view()
        if view is None:
            return ()
        with tantivy_errors(self._folder.root):
            return find_pages(view.pages, view.pages_query(plan), limit=limit)

    def page_scores(self, tree: Node, *, documents: Sequence[str]) -> Mapping[str, float]:
        """See SearchEngine."""
        view = self._view()
        with tantivy_errors(self._folder.root):
            return view.page_scores(tree, documents) if view else {}

    def indexed_pages(self, documents: Sequence[str]) -> Mapping[str, int]:
        """See SearchEngine."""
        view = self._view()
        if view is None:
            return {}
        found: dict[str, int] = {}
        with tantivy_errors(self._folder.root):
            for start in range(0, len(documents), _IDS_MAX):
                some = documents[start : start + _IDS_MAX]
                counts = count_by_document(view.pages, Query.all_query(), some)
                found |= {document: counts.get(document, 0) for document in _present(view.documents, some)}
        return found

    # --- writing --------------------------------------------------------------------------------------------------

    def apply(
        self,
        changes: Iterable[Change],
        *,
        on_commit: Callable[[int], None] | None = None,
        on_refused: OnRefused | None = None,
    ) -> int:
        """See SearchEngine. This engine refuses no document."""
        folder = self._folder
        with folder.lock(), tantivy_errors(folder.root):
            generation = folder.current()
            if generation is None:
                generation = folder.new_generation()
                folder.write_state(generation, self._state(0))
                folder.put_in_place(generation)
            elif self._is_outdated(generation):
                raise of_another_version(folder.root)
            return self._write(generation, changes, on_commit=on_commit)

    def rebuild(
        self, records: Records, *, on_commit: Callable[[int], None] | None = None, on_refused: OnRefused | None = None
    ) -> int:
        """See SearchEngine."""
        folder = self._folder
        with folder.rebuild_lock(), tantivy_errors(folder.root):
            generation = folder.unfinished(
                lambda path, state: self._fits(state) and records.are_shown_by(folder.marks(path))
            )
            if generation is None:
                generation = folder.new_generation()
                folder.write_state(generation, self._state(0))
            applied = self._catch_up(generation, records, on_commit=on_commit)
            if fault := records.fault_of(_Built(generation, applied_sequence=applied)):
                folder.drop(generation)
                raise not_what_the_store_says(fault)
            with folder.lock():
                # Others write to the old one until here, and to the new one afterwards.
                self._catch_up(generation, records, on_commit=on_commit)
                old = folder.current_if_named()
                folder.put_in_place(generation)
            folder.drop(old)
            with folder.lock():
                return self._catch_up(generation, records, on_commit=on_commit)

    def _catch_up(self, generation: Path, records: Records, *, on_commit: Callable[[int], None] | None) -> int:
        state = self._folder.read_state(generation)
        begun = state.applied_sequence if state else 0
        return self._write(generation, records.changes_after(begun), on_commit=on_commit)

    def _write(self, generation: Path, changes: Iterable[Change], *, on_commit: Callable[[int], None] | None) -> int:
        state = self._folder.read_state(generation)
        applied = state.applied_sequence if state else 0

        def begin(newest: Change) -> None:
            self._folder.note_begun(generation, newest.sequence, newest.mark)

        def record(newest: Change) -> None:
            if newest.sequence > applied:
                self._folder.write_state(generation, self._state(newest.sequence, mark=newest.mark))
            if on_commit is not None:
                with of_the_caller():
                    on_commit(max(applied, newest.sequence))

        drawn = drawn_from_the_caller(changes)
        return write_changes(
            generation, drawn, applied=applied, vocabulary=self._vocabulary, begin=begin, record=record
        )

    def _state(self, sequence: int, *, mark: str = "") -> GenerationState:
        return GenerationState(format=FORMAT, hierarchy=self._hierarchy, applied_sequence=sequence, applied_mark=mark)

    # --- about the index ------------------------------------------------------------------------------------------

    def applied_sequence(self) -> int:
        """See SearchEngine."""
        generation = self._folder.current_if_named()
        if generation is None or self._is_outdated(generation):
            return 0
        state = self._folder.read_state(generation)
        return state.applied_sequence if state else 0

    def shown(self) -> Shown:
        """See SearchEngine."""
        folder = self._folder
        beside = folder.built_beside()
        shown = Shown(
            is_being_rebuilt=folder.is_being_rebuilt(), rebuilt_sequence=beside.applied_sequence if beside else 0
        )
        try:
            generation = folder.current()
        except IndexDamaged:
            return replace(shown, is_there=True, is_damaged=True, is_readable=False)
        if generation is None:
            return shown
        state = folder.read_state(generation)
        return replace(
            shown,
            is_there=True,
            applied_sequence=state.applied_sequence if state else 0,
            marks=folder.marks(generation),
            is_damaged=state is None,
            is_of_another_version=state is not None and not self._fits(state),
            is_readable=self._is_readable(generation),
        )

    def fault_of_files(self) -> str:
        """See SearchEngine."""
        generation = self._folder.current_if_named()
        if generation is None:
            return ""
        with tantivy_errors(self._folder.root):
            return fault_of_segments(generation / "documents") or fault_of_segments(generation / "pages")

    def statistics(self) -> EngineStatistics:
        """See SearchEngine."""
        generation = self._folder.current()
        outdated = generation is not None and self._is_outdated(generation)
        readable = generation is not None and self._is_readable(generation)
        view = self._view() if readable else None
        return EngineStatistics(
            engine=f"tantivy {TANTIVY_VERSION}",
            documents=view.documents.num_docs if view else 0,
            pages=view.pages.num_docs if view else 0,
            bytes=_bytes_in(generation) if generation else 0,
            applied_sequence=self.applied_sequence(),
            outdated=outdated,
        )

    def close(self) -> None:
        """See SearchEngine."""
        with self._lock:
            self._indexes = None
            self._seen = None

    def _is_readable(self, generation: Path) -> bool:
        """Say whether its fields are ours: what was prepared in another way can be searched until the new one is there."""
        state = self._folder.read_state(generation)
        return state is not None and is_readable(state.format)

    def _is_outdated(self, generation: Path) -> bool:
        state = self._folder.read_state(generation)
        return state is None or not self._fits(state)

    def _fits(self, state: GenerationState) -> bool:
        return (state.format, state.hierarchy) == (FORMAT, self._hierarchy)

    def _view(self) -> IndexView | None:
        """Return what counts now, None when there is no index; opened or read again only when something was committed."""
        stamp = self._folder.stamp()
        seen = self._seen
        if seen is not None and seen[0] == stamp:
            return seen[1]
        with self._lock, tantivy_errors(self._folder.root):
            view = self._look()
            self._seen = (stamp, view)
            return view

    def _look(self) -> IndexView | None:
        generation = self._folder.current()
        if generation is None:
            return None
        if not self._is_readable(generation):
            raise of_another_version(self._folder.root)
        if self._indexes is None or self._indexes[0] != generation:
            documents = make_index(generation / "documents", documents_schema())
            pages = make_index(generation / "pages", pages_schema())
            self._indexes = (generation, documents, pages)
        _, documents, pages = self._indexes
        documents.reload()
        pages.reload()
        return IndexView(documents.searcher(), pages.searcher())


class _Built:
    """A generation that does not count yet. Fulfils BuiltIndex."""

    def __init__(self, generation: Path, *, applied_sequence: int) -> None:
        self.applied_sequence = applied_sequence
        documents = make_index(generation / "documents", documents_schema())
        pages = make_index(generation / "pages", pages_schema())
        documents.reload()
        pages.reload()
        self._documents, self._pages = documents.searcher(), pages.searcher()

    def counts(self) -> tuple[int, int]:
        return self._documents.num_docs, self._pages.num_docs

    def held(self, documents: Sequence[str]) -> dict[str, HeldDocument]:
        if not documents:
            return {}
        pages = count_by_document(self._pages, Query.all_query(), documents)
        asked = Query.term_set_query(documents_schema(), "id", list(documents))
        hits = [address for _, address in self._documents.search(asked, len(documents), count=False).hits]
        found: dict[str, HeldDocument] = {}
        for address in hits:
            row = self._documents.doc(address)
            document = str(row["id"][0])
            found[document] = HeldDocument(version=str(row["version"][0]), pages=pages.get(document, 0))
        return found


def _present(searcher: Searcher, documents: Sequence[str]) -> list[str]:
    """Return those ids of documents that the index has."""
    asked = Query.term_set_query(documents_schema(), "id", list(documents))
    hits = searcher.search(asked, len(documents), count=False).hits
    return [str(searcher.doc(address)["id"][0]) for _, address in hits]


def _bytes_in(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())

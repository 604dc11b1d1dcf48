"""What every search engine promises of a rebuild. Inherit, give the fixture `open_another`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from corpus.errors import EngineUnavailable
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Change
from search_api.engines.base import BuiltIndex, SearchEngine
from search_api.indexing import IndexingProgress, bring_up_to_date, rebuild
from tests.builders import make_document
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import ACCRA, EVERYONE, LIMA, ask, changed, found, pages_of, removed
from tests.search_api.test_api import save

OpenAnother = Callable[[], SearchEngine]


class Stopped(Exception):
    """Ends a rebuild where a test wants it."""


class Watched(ChangeLog):
    """Calls back while its changes are drawn, and after the comparison."""

    def __init__(self, changes: list[Change], *, before: Callable[[Change], None] = lambda change: None) -> None:
        super().__init__(changes)
        self.before = before
        self.drawn: list[int] = []
        self.compared: Callable[[], None] = lambda: None

    def changes_after(self, sequence: int) -> Iterator[Change]:
        for change in super().changes_after(sequence):
            self.before(change)
            self.drawn.append(change.sequence)
            yield change

    def fault_of(self, built: BuiltIndex) -> str:
        fault = super().fault_of(built)
        self.compared()
        return fault


class RebuildContract:
    """Each engine's own test class inherits this."""

    @pytest.fixture
    def open_another(self) -> OpenAnother:
        """Return a function that opens an engine on the same index, as another process would."""
        raise NotImplementedError

    @pytest.fixture
    def engine(self, open_another: OpenAnother) -> SearchEngine:
        return open_another()

    @pytest.fixture
    def store(self, settings: Settings) -> Iterator[Store]:
        with open_store(settings) as opened:
            for document in EVERYONE:
                save(opened, document)
            yield opened

    def test_what_another_applies_meanwhile_is_seen_at_once_and_is_in_the_new_index(
        self, engine: SearchEngine, open_another: OpenAnother
    ) -> None:
        engine.apply(changed(EVERYONE))
        other, retitled = open_another(), changed([replace(ACCRA, title="Bazaars")], first=6)
        log = Watched(changed(EVERYONE))

        def meanwhile(change: Change) -> None:
            if change.sequence == 5:
                other.apply([*retitled, removed("d2", sequence=7)])
                assert found(other, "title:bazaars") == {"d3"}
                assert found(other, "trabajadoras") == set()
                log.changes += [*retitled, removed("d2", sequence=7)]

        log.before = meanwhile
        assert engine.rebuild(log) == 7
        for each in (engine, open_another()):
            assert found(each, "title:bazaars") == {"d3"}
            assert found(each) == {"d1", "d3", "d4", "d5"}
            assert each.applied_sequence() == 7

    def test_what_another_applies_after_the_comparison_is_in_the_new_index(
        self, engine: SearchEngine, open_another: OpenAnother
    ) -> None:
        engine.apply(changed(EVERYONE))
        other, log = open_another(), Watched(changed(EVERYONE))
        late = [*changed([replace(LIMA, title="Late")], first=6), removed("d5", sequence=7)]

        def meanwhile() -> None:
            other.apply(late)
            log.changes += late

        log.compared = meanwhile
        engine.rebuild(log)
        assert found(engine, "title:late") == {"d1"}
        assert found(engine) == {"d1", "d2", "d3", "d4"}

    def test_a_rebuild_that_does_not_match_keeps_the_old_index_and_says_why(
        self, engine: SearchEngine, open_another: OpenAnother
    ) -> None:
        engine.apply(changed(EVERYONE))

        class Short(ChangeLog):
            def fault_of(self, built: BuiltIndex) -> str:
                return f"it has {built.counts()[0]} documents"

        with pytest.raises(EngineUnavailable, match=r"it has 2 documents.*old one stays"):
            engine.rebuild(Short(changed(EVERYONE[:2])))
        assert found(engine) == {"d1", "d2", "d3", "d4", "d5"}
        assert engine.rebuild(ChangeLog(changed(EVERYONE))) == 5

    def test_an_index_that_lacks_a_page_or_has_an_old_version_does_not_match(
        self, engine: SearchEngine, store: Store
    ) -> None:
        bring_up_to_date(engine, store)
        faults: list[str] = []

        class Tampered(ChangeLog):
            def fault_of(self, built: BuiltIndex) -> str:
                from search_api.indexing import _Draining

                faults.append(_Draining(store, None).fault_of(built))
                return faults[-1]

        good = list(store.changes.after(0))
        lacking = [replace(each, document=replace(each.document, pages=each.document.pages[1:])) for each in good]  # type: ignore[arg-type,union-attr]
        with pytest.raises(EngineUnavailable, match="pages of document"):
            engine.rebuild(Tampered(lacking))
        shifted = [replace(each, sequence=max(1, each.sequence - 1)) for each in good[1:]]
        with pytest.raises(EngineUnavailable, match="documents where the records have"):
            engine.rebuild(Tampered([*shifted, removed("d1", sequence=5)]))
        old = [replace(good[1], sequence=1), *[replace(each, sequence=each.sequence) for each in (good[0], *good[2:])]]
        with pytest.raises(EngineUnavailable, match="as the last change has it"):
            engine.rebuild(Tampered(old))
        assert engine.rebuild(Tampered(good)) == 5
        assert (len(faults), faults[-1]) == (4, "")

    def test_a_second_rebuild_is_refused_while_one_is_at_work(
        self, engine: SearchEngine, open_another: OpenAnother
    ) -> None:
        engine.apply(changed(EVERYONE))
        refusals: list[str] = []

        def meanwhile(change: Change) -> None:
            if change.sequence == 3 and not refusals:
                with pytest.raises(EngineUnavailable, match="Another process is rebuilding") as refused:
                    open_another().rebuild(ChangeLog(changed(EVERYONE)))
                refusals.append(refused.value.message)

        engine.rebuild(Watched(changed(EVERYONE), before=meanwhile))
        assert len(refusals) == 1
        assert ask(engine).total == 5

    def test_an_interrupted_rebuild_goes_on_where_it_was(self, engine: SearchEngine, open_another: OpenAnother) -> None:
        many = changed([make_document(f"d{number}", title=f"Vendors {number}") for number in range(1200)])
        engine.apply(changed(EVERYONE[:1]))

        def stop(change: Change) -> None:
            if change.sequence == 1150:
                raise Stopped

        with pytest.raises(Stopped):
            engine.rebuild(Watched(many, before=stop))
        assert ask(engine).total == 1
        again = Watched(many)
        assert open_another().rebuild(again) == 1200
        assert again.drawn[0] >= 1000
        assert ask(open_another(), "vendors").total == 1200
        assert open_another().statistics().documents == 1200

    def test_sizes_are_those_of_the_index_that_counts(self, engine: SearchEngine) -> None:
        engine.apply(changed(EVERYONE))
        before, seen = engine.statistics(), []
        engine.rebuild(Watched(changed(EVERYONE), before=lambda change: seen.append(engine.statistics())))
        assert [(each.documents, each.pages) for each in seen[:5]] == [(before.documents, before.pages)] * 5
        assert all(each.bytes <= before.bytes * 1.5 for each in seen[:5])

    def test_progress_is_told_and_the_store_agrees(self, engine: SearchEngine, store: Store) -> None:
        told: list[IndexingProgress] = []
        result = rebuild(engine, store, on_progress=told.append)
        assert (result.documents, result.rebuilt, result.refused) == (5, True, ())
        assert [each.documents for each in told] == [1, 2, 3, 4, 5]
        assert bring_up_to_date(engine, store).documents == 0

    def test_a_late_older_version_changes_nothing(self, engine: SearchEngine) -> None:
        engine.apply([*changed(EVERYONE), *changed([replace(LIMA, pages=LIMA.pages[:1])], first=6)])
        engine.apply([removed("d2", sequence=7)])
        before = engine.statistics()
        engine.apply(changed(EVERYONE[:2]) if "Elastic" in before.engine else [])
        assert pages_of(engine, "income OR street", "d1") == {"d1": (1,)}
        assert found(engine) == {"d1", "d3", "d4", "d5"}
        assert (engine.statistics().documents, engine.statistics().pages) == (before.documents, before.pages)

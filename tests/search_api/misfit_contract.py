"""What every search engine promises when its index does not fit the records. Inherit, give `open_another` and `age`."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.errors import EngineUnavailable
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Change
from search_api import fitness
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import writing as elasticsearch_writing
from search_api.engines.tantivy import writing as tantivy_writing
from search_api.fitness import Misfit, fitness_of
from search_api.indexing import _Draining, bring_up_to_date, rebuild
from tests.builders import make_document
from tests.search_api.engine_contract import ACCRA, EVERYONE, ask, found
from tests.search_api.rebuild_contract import OpenAnother, Stopped
from tests.search_api.test_api import save

Age = Callable[[str], None]


class Records:
    """The database of a data folder, which can be saved and put back as a person would do it."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._path = settings.data_dir / "pushcart.sqlite3"
        self.store = open_store(settings)

    def back_up(self, to: Path) -> None:
        with closing(sqlite3.connect(self._path)) as source, closing(sqlite3.connect(to)) as target:
            source.backup(target)

    def put_back(self, backup: Path | None) -> None:
        """Put a backup in the place of the database; None: begin with an empty one."""
        self.store.close()
        for path in self._path.parent.glob("pushcart.sqlite3*"):
            path.unlink()
        if backup is not None:
            self._path.write_bytes(backup.read_bytes())
        self.store = open_store(self._settings)


class Killed(_Draining):
    """Records whose drawing ends in the middle, as that of a process that is killed."""

    def __init__(self, store: Store, *, after: int) -> None:
        super().__init__(store, None)
        self._after = after

    def changes_after(self, sequence: int) -> Iterator[Change]:
        for number, change in enumerate(super().changes_after(sequence)):
            if number == self._after:
                raise Stopped
            yield change


class MisfitContract:
    """Each engine's own test class inherits this."""

    @pytest.fixture
    def open_another(self) -> OpenAnother:
        raise NotImplementedError

    @pytest.fixture
    def age(self) -> Age:
        """Return a function that makes the index one of another version: `analysis` or `fields` differ."""
        raise NotImplementedError

    @pytest.fixture
    def engine(self, open_another: OpenAnother) -> SearchEngine:
        return open_another()

    @pytest.fixture
    def records(self, settings: Settings) -> Iterator[Records]:
        records = Records(settings)
        for document in EVERYONE:
            save(records.store, document)
        yield records
        records.store.close()

    def test_a_restored_backup_that_went_on_by_itself_is_noticed(
        self, engine: SearchEngine, records: Records, tmp_path: Path
    ) -> None:
        bring_up_to_date(engine, records.store)
        records.back_up(tmp_path / "backup")
        save(records.store, make_document("d6", title="Porters"))
        save(records.store, replace(ACCRA, title="Bazaars"))
        bring_up_to_date(engine, records.store)
        assert found(engine, "title:porters OR title:bazaars") == {"d6", "d3"}
        records.put_back(tmp_path / "backup")
        for number in range(3):  # so many that the numbers of the lost changes are used again, and passed
            save(records.store, make_document(f"d{7 + number}", title="Weavers"))
        told: list[Misfit | None] = []
        result = bring_up_to_date(engine, records.store, on_misfit=lambda each: told.append(each.misfit))
        assert (result.misfit, result.rebuilt, told) == (Misfit.AHEAD, True, [Misfit.AHEAD])
        assert found(engine, "title:weavers") == {"d7", "d8", "d9"}
        assert found(engine, "title:porters OR title:bazaars") == set()
        assert found(engine, "accra") == {"d3"}
        assert fitness_of(engine, records.store).misfit is None

    def test_a_restored_backup_that_has_fewer_changes_is_noticed(
        self, engine: SearchEngine, records: Records, tmp_path: Path
    ) -> None:
        records.back_up(tmp_path / "backup")
        save(records.store, make_document("d6", title="Porters"))
        bring_up_to_date(engine, records.store)
        records.put_back(tmp_path / "backup")
        assert bring_up_to_date(engine, records.store).misfit is Misfit.AHEAD
        assert found(engine) == {"d1", "d2", "d3", "d4", "d5"}

    @pytest.mark.parametrize("documents", [0, 9])
    def test_other_records_are_noticed_however_many_changes_they_have(
        self, engine: SearchEngine, records: Records, documents: int
    ) -> None:
        bring_up_to_date(engine, records.store)
        records.put_back(None)
        others = [make_document(f"n{number}", title="Weavers") for number in range(documents)]
        for each in others:
            save(records.store, each)
        assert fitness_of(engine, records.store).misfit is Misfit.OTHER_RECORDS
        assert found(engine, "vendors") == {"d1"}  # the old one is used until the new one is there
        assert bring_up_to_date(engine, records.store).misfit is Misfit.OTHER_RECORDS
        assert found(engine) == {each.id for each in others}

    def test_what_a_killed_writing_may_have_left_of_lost_changes_is_noticed(
        self, engine: SearchEngine, records: Records, tmp_path: Path
    ) -> None:
        bring_up_to_date(engine, records.store)
        records.back_up(tmp_path / "backup")
        save(records.store, make_document("d6", title="Porters"))

        self._forget_the_end_of_a_commit(engine, records)
        records.put_back(tmp_path / "backup")
        assert fitness_of(engine, records.store).misfit is Misfit.AHEAD
        bring_up_to_date(engine, records.store)
        assert found(engine, "porters") == set()

    def _forget_the_end_of_a_commit(self, engine: SearchEngine, records: Records) -> None:
        """Write what waits, and leave the index as a process that is killed before it notes how far it came."""
        raise NotImplementedError

    def test_an_index_that_is_only_behind_fits(self, engine: SearchEngine, records: Records) -> None:
        assert fitness_of(engine, records.store).misfit is None
        bring_up_to_date(engine, records.store)
        save(records.store, make_document("d6", title="Porters"))
        result = bring_up_to_date(engine, records.store)
        assert (result.rebuilt, result.documents, found(engine, "porters")) == (False, 1, {"d6"})

    def test_another_analysis_is_built_beside_the_index_that_answers(
        self, engine: SearchEngine, open_another: OpenAnother, records: Records, age: Age
    ) -> None:
        bring_up_to_date(engine, records.store)
        age("analysis")
        old = open_another()
        now = fitness_of(old, records.store)
        assert (now.misfit, "is used until" in now.words) == (Misfit.OTHER_VERSION, True)
        assert found(old, "vendors") == {"d1"}
        save(records.store, make_document("d6", title="Porters"))
        assert bring_up_to_date(old, records.store).misfit is Misfit.OTHER_VERSION
        assert found(old, "vendors OR porters") == {"d1", "d6"}
        assert fitness_of(old, records.store).misfit is None

    def test_an_index_with_other_fields_is_not_searched_and_built_anew(
        self, engine: SearchEngine, open_another: OpenAnother, records: Records, age: Age
    ) -> None:
        bring_up_to_date(engine, records.store)
        age("fields")
        old = open_another()
        assert "searching is not possible until" in fitness_of(old, records.store).words
        with pytest.raises(EngineUnavailable, match="another version") as refused:
            ask(old, "vendors")
        assert "being rebuilt" in refused.value.for_readers
        bring_up_to_date(old, records.store)
        assert found(old, "vendors") == {"d1"}

    def test_a_rebuild_that_was_killed_goes_on_and_the_old_index_answers_meanwhile(
        self,
        engine: SearchEngine,
        open_another: OpenAnother,
        records: Records,
        age: Age,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setattr(tantivy_writing, "COMMIT_DOCUMENTS", 2)
        monkeypatch.setattr(elasticsearch_writing, "BATCH_CHANGES", 2)
        bring_up_to_date(engine, records.store)
        age("analysis")
        with pytest.raises(Stopped):
            open_another().rebuild(Killed(records.store, after=4))
        again = open_another()
        assert found(again, "vendors") == {"d1"}
        assert again.shown().rebuilt_sequence == 4
        result = bring_up_to_date(again, records.store)
        assert (result.rebuilt, result.documents) == (True, 1)
        assert ask(again).total == 5
        assert again.shown().rebuilt_sequence == 0

    def test_what_was_rebuilt_of_lost_changes_is_thrown_away(
        self, engine: SearchEngine, open_another: OpenAnother, records: Records, tmp_path: Path
    ) -> None:
        bring_up_to_date(engine, records.store)
        records.back_up(tmp_path / "backup")
        for number in range(3):
            save(records.store, make_document(f"m{number}", title="Porters"))
        with pytest.raises(Stopped):
            open_another().rebuild(Killed(records.store, after=7))
        records.put_back(tmp_path / "backup")
        for number in range(3):
            save(records.store, make_document(f"m{number}", title="Weavers"))
        rebuild(open_another(), records.store)
        assert found(engine, "weavers") == {"m0", "m1", "m2"}
        assert found(engine, "porters") == set()

    def test_most_documents_made_anew_are_shown_at_once(
        self, engine: SearchEngine, records: Records, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(fitness, "MOSTLY_CHANGED_FROM", 4)
        bring_up_to_date(engine, records.store)
        for document in EVERYONE[:3]:
            save(records.store, replace(document, title="Tagged anew"))
        assert bring_up_to_date(engine, records.store).misfit is Misfit.MOSTLY_CHANGED
        assert found(engine, "title:tagged") == {"d1", "d2", "d3"}
        for number in range(9):  # new documents are no reason: they are shown as they come
            save(records.store, make_document(f"n{number}", title="Weavers"))
        assert bring_up_to_date(engine, records.store).misfit is None

"""An index that does not fit the records, on both engines."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.elasticsearch.state import IndexNames, StateRecord
from search_api.engines.tantivy import TantivyEngine
from search_api.engines.tantivy.folders import IndexFolder
from search_api.fitness import Misfit, fitness_of
from search_api.indexing import bring_up_to_date
from tests.search_api.engine_contract import ask, found
from tests.search_api.misfit_contract import Age, MisfitContract, Records
from tests.search_api.rebuild_contract import OpenAnother


def older(made_in: str, what: str) -> str:
    """Return the format of an index whose analysis or fields are those of another version."""
    parts = {"analysis": ("analysis ", "analysis 0"), "fields": (", records", "0, records")}
    return made_in.replace(*parts[what])


class TestMisfitOnTantivy(MisfitContract):
    @pytest.fixture
    def open_another(self, tmp_path: Path) -> OpenAnother:
        return lambda: TantivyEngine(tmp_path / "index", vocabulary=load_vocabulary())

    @pytest.fixture
    def age(self, tmp_path: Path) -> Age:
        def age(what: str) -> None:
            folder = IndexFolder(tmp_path / "index")
            current = folder.current()
            assert current is not None
            state = folder.read_state(current)
            assert state is not None
            folder.write_state(current, replace(state, format=older(state.format, what)))

        return age

    def _forget_the_end_of_a_commit(self, engine: SearchEngine, records: Records) -> None:
        assert isinstance(engine, TantivyEngine)
        folder = IndexFolder(engine._folder.root)
        current = folder.current()
        assert current is not None
        before = folder.read_state(current)
        bring_up_to_date(engine, records.store)
        assert before is not None
        folder.write_state(current, before)

    @pytest.mark.parametrize("content", [b"\xff\xfe", b"../../elsewhere", b"g1/../g1", b"", b"g1\x00", b"/etc"])
    def test_a_damaged_name_of_what_counts_is_said_and_mended(
        self, open_another: OpenAnother, records: Records, tmp_path: Path, content: bytes
    ) -> None:
        bring_up_to_date(open_another(), records.store)
        (tmp_path / "index" / "CURRENT").write_bytes(content)
        engine = open_another()
        with pytest.raises(EngineUnavailable, match=r"CURRENT.*pushcart index"):
            ask(engine, "vendors")
        assert engine.applied_sequence() == 0
        assert bring_up_to_date(engine, records.store).misfit is Misfit.DAMAGED
        assert found(engine, "vendors") == {"d1"}
        assert len(list((tmp_path / "index").glob("g*"))) == 1

    def test_a_generation_that_is_gone_is_built_anew(
        self, open_another: OpenAnother, records: Records, tmp_path: Path
    ) -> None:
        bring_up_to_date(open_another(), records.store)
        (tmp_path / "index" / "CURRENT").write_text("g7\n")
        assert bring_up_to_date(open_another(), records.store).misfit is Misfit.DAMAGED
        assert found(open_another(), "vendors") == {"d1"}

    def test_an_index_of_a_version_that_kept_no_marks_is_built_anew(
        self, open_another: OpenAnother, records: Records, tmp_path: Path
    ) -> None:
        bring_up_to_date(open_another(), records.store)
        state = tmp_path / "index" / "g1" / "state.json"
        state.write_text(json.dumps({k: v for k, v in json.loads(state.read_text()).items() if k != "applied_mark"}))
        assert fitness_of(open_another(), records.store).misfit is Misfit.OTHER_VERSION
        assert found(open_another(), "vendors") == {"d1"}


class TestMisfitOnElasticsearch(MisfitContract):
    @pytest.fixture
    def open_another(self, client: Elasticsearch, prefix: str) -> OpenAnother:
        return lambda: ElasticsearchEngine(
            client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix, lease_seconds=2.0
        )

    @pytest.fixture
    def state(self, client: Elasticsearch, prefix: str) -> StateRecord:
        return StateRecord(client, IndexNames(prefix))

    @pytest.fixture
    def age(self, state: StateRecord) -> Age:
        def age(what: str) -> None:
            state.change(lambda now: replace(now, format=older(now.format, what)))

        return age

    def _forget_the_end_of_a_commit(self, engine: SearchEngine, records: Records) -> None:
        assert isinstance(engine, ElasticsearchEngine)
        before = engine._record.read()
        bring_up_to_date(engine, records.store)
        engine._record.change(
            lambda now: replace(now, applied_sequence=before.applied_sequence, applied_mark=before.applied_mark)
        )

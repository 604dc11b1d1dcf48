"""The embedded engine: the contract, and what only it has: files, locks, processes."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from corpus.errors import BadQuery, EngineUnavailable
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.cursor import Cursor, Cursors
from search_api.engines.tantivy import TantivyEngine, folders
from search_api.query.parameters import SearchQuery, Sort
from tests.builders import make_document
from tests.search_api.change_log import ChangeLog
from tests.search_api.engine_contract import EVERYONE, EngineContract, ask, changed, found, ids

ROOT = Path(__file__).resolve().parents[2]


def engine_in(folder: Path) -> TantivyEngine:
    return TantivyEngine(folder, vocabulary=load_vocabulary())


class TestTantivyEngine(EngineContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> SearchEngine:
        return engine_in(tmp_path / "index")


def test_another_engine_on_the_same_folder_sees_what_was_committed(tmp_path: Path) -> None:
    writing, reading = engine_in(tmp_path), engine_in(tmp_path)
    assert found(reading, "vendors") == set()
    writing.apply(changed(EVERYONE))
    assert found(reading, "vendors") == {"d1"}
    writing.rebuild(ChangeLog(changed(EVERYONE[1:])))
    assert found(reading, "vendors") == set()
    assert ask(reading).total == 4


@pytest.mark.parametrize("sort", [Sort.RELEVANCE, Sort.NEWEST])
def test_a_position_is_never_taken_for_more_than_there_are_documents(tmp_path: Path, sort: Sort) -> None:
    cursors = Cursors()
    engine = TantivyEngine(tmp_path, vocabulary=load_vocabulary(), cursors=cursors)
    engine.apply(changed(EVERYONE))
    query = SearchQuery(text="vendors OR market OR informale", sort=sort)
    cursor = cursors.write(Cursor(position=2**32 - 1, key="d1", score=0.5), query=query)
    assert ask(engine, query.text, sort=sort, cursor=cursor).total == 3


def test_a_phrase_that_may_go_on_in_too_many_ways_is_refused_in_words(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    words = [f"mar{number}" for number in range(1025)]
    engine.apply(changed([make_document("d1", pages=(" ".join(("street", *words)),))]))
    with pytest.raises(BadQuery, match="Too many words begin with mar "):
        ask(engine, '"street mar"*')
    assert found(engine, '"street mar0"*') == {"d1"}
    assert found(engine, "mar*") == {"d1"}


def test_an_index_of_another_format_is_refused_and_built_anew(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    engine.apply(changed(EVERYONE))
    state = next(tmp_path.glob("g*/state.json"))
    state.write_text(state.read_text().replace("schema", "older schema"))
    engine = engine_in(tmp_path)
    assert engine.statistics().outdated
    assert engine.applied_sequence() == 0
    with pytest.raises(EngineUnavailable, match="another version"):
        ask(engine, "vendors")
    with pytest.raises(EngineUnavailable, match="another version"):
        engine.apply(changed(EVERYONE))
    engine.rebuild(ChangeLog(changed(EVERYONE)))
    assert found(engine, "vendors") == {"d1"}
    assert not engine.statistics().outdated


def test_a_changed_vocabulary_is_noticed_while_searching_goes_on(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    engine.apply(changed(EVERYONE))
    state = next(tmp_path.glob("g*/state.json"))
    state.write_text(state.read_text().replace('"hierarchy": "', '"hierarchy": "0'))
    engine = engine_in(tmp_path)
    assert engine.statistics().outdated
    assert found(engine, "vendors") == {"d1"}


def test_an_interrupted_apply_keeps_nothing_half_done(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)

    def interrupted():  # type: ignore[no-untyped-def]
        yield from changed(EVERYONE)[:2]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        engine.apply(interrupted())
    assert engine.applied_sequence() == 0
    engine.apply(changed(EVERYONE))
    assert ask(engine).total == 5


def test_a_second_writer_waits_and_then_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "LOCK_SECONDS", 0.2)
    engine = engine_in(tmp_path)
    with folders.IndexFolder(tmp_path).lock(), pytest.raises(EngineUnavailable, match="Another process"):
        engine.apply(changed(EVERYONE))
    engine.apply(changed(EVERYONE))


def test_a_damaged_index_says_what_to_do(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    engine.apply(changed(EVERYONE))
    for path in tmp_path.glob("g*/documents/meta.json"):
        path.write_text("{")
    with pytest.raises(EngineUnavailable, match="rebuild"):
        ask(engine_in(tmp_path), "vendors")


WRITER = """
import sys
sys.path.insert(0, {root!r})
from pathlib import Path
from search_api.engines.tantivy import writing
from tests.search_api.test_tantivy_engine import engine_in, many
writing.COMMIT_DOCUMENTS = 7
engine = engine_in(Path({folder!r}))
done = engine.applied_sequence()
print("started", flush=True)
engine.apply(change for change in many() if change.sequence > done)
print("finished", flush=True)
"""


def many():  # type: ignore[no-untyped-def]
    """Return changes of 120 documents that share words."""
    words = ["vendor", "market", "street", "tax", "home", "wage"]
    return changed(
        [
            make_document(
                f"d{number:03}", title=f"Title {words[number % 6]}", pages=(" ".join(words[: number % 5 + 1]),) * 3
            )
            for number in range(120)
        ]
    )


def everything_in(engine: SearchEngine) -> object:
    answers = [
        [(hit.id, hit.score) for hit in ask(engine, text, limit=100).hits] for text in ("vendor", "market tax", "")
    ]
    return answers, engine.statistics().documents, engine.statistics().pages


@pytest.mark.slow
def test_kill_at_any_moment_costs_nothing(tmp_path: Path) -> None:
    undisturbed = engine_in(tmp_path / "calm")
    undisturbed.apply(many())
    dice = random.Random(5)
    kills = 0
    folder = tmp_path / "index"
    for _ in range(12):
        script = WRITER.format(root=str(ROOT), folder=str(folder))
        with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "started\n"
            time.sleep(dice.uniform(0.01, 0.1))  # the whole of it takes about a second, kept from round to round
            os.kill(process.pid, signal.SIGKILL)
            kills += process.stdout.readline() != "finished\n"
        engine = engine_in(folder)
        assert ask(engine, limit=100).total >= engine.applied_sequence() // 7 * 7
    engine = engine_in(folder)
    engine.apply(change for change in many() if change.sequence > engine.applied_sequence())
    assert everything_in(engine) == everything_in(undisturbed)
    assert kills >= 2


def _search_for_a_while(folder: str, seconds: float, failures) -> None:  # type: ignore[no-untyped-def]
    engine = engine_in(Path(folder))
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        results = ask(engine, "vendor", limit=100)
        if len(ids(results)) != min(100, results.total):
            failures.put(results.total)


@pytest.mark.slow
def test_searching_goes_on_while_another_process_writes_and_rebuilds(tmp_path: Path) -> None:
    engine = engine_in(tmp_path)
    engine.apply(many())
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    reader = context.Process(target=_search_for_a_while, args=(str(tmp_path), 2.0, failures))
    reader.start()
    for _ in range(4):
        engine.rebuild(ChangeLog([*many(), *changed(EVERYONE, first=200)]))
        engine.apply(changed(EVERYONE, first=200))
    reader.join(30)
    assert reader.exitcode == 0
    assert failures.empty()

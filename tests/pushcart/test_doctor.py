"""`pushcart doctor` says what is wrong here and what to do, and changes nothing."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from pushcart import doctor as checks
from pushcart.cli import run
from pushcart.doctor import EXTRAS
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import make_document
from tests.house.house import ROOT

Found = dict[str, tuple[str, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a data folder with one document that is indexed."""
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    settings = Settings(data_dir=tmp_path / "data")
    with open_store(settings) as store, closing(open_engine(settings)) as engine:
        store.documents.save(make_document("d1"))
        bring_up_to_date(engine, store)
    return settings.data_dir


@pytest.fixture
def ask(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    """Return what asks the doctor; loading the tagger takes seconds, so one test does it."""

    def asked(*options: str, code: int = 0, with_tagger: bool = False) -> Found:
        with monkeypatch.context() as patch:
            if not with_tagger:
                patch.setattr(checks, "_pipeline_check", lambda: checks.Check("pipeline", checks.Health.SKIPPED, ""))
            assert run(["doctor", "--json", *options]) == code
        body: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
        return {each["name"]: (each["health"], each["words"]) for each in body}

    return asked


def state_of(folder: Path) -> dict[str, tuple[int, int]]:
    found = sorted(folder.rglob("*"))
    return {str(each): (each.stat().st_mtime_ns, each.stat().st_mode) for each in (folder, *found)}


def test_all_is_well_and_nothing_is_changed(folder: Path, ask) -> None:
    before = state_of(folder.parent)
    found = ask(with_tagger=True)
    assert {name for name, (health, _) in found.items() if health == "failed"} == set()
    for name in (
        "data_folder",
        "disk",
        "temporary",
        "database",
        "schema",
        "clock",
        "waiting",
        "index",
        "index_content",
    ):
        assert found[name][0] == "good", found[name]
    assert found["index"][1].startswith("tantivy")
    assert (found["pipeline"][0], found["mail"][0]) == ("good", "skipped")
    assert found["contact"][0] == "warning"
    assert state_of(folder.parent) == before


def test_the_same_is_said_in_lines_for_a_person(folder: Path, ask, capsys, monkeypatch) -> None:
    monkeypatch.setattr(checks, "_pipeline_check", lambda: checks.Check("pipeline", checks.Health.SKIPPED, ""))
    assert run(["doctor"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert any(line.startswith("good ") and "database" in line for line in lines)
    assert any(line.startswith("warning ") and "PUSHCART_CONTACT" in line for line in lines)


def test_without_a_data_folder_it_says_so_and_makes_none(tmp_path: Path, ask, monkeypatch) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "nowhere"))
    found = ask(code=1)
    assert found["data_folder"][0] == "failed"
    assert "pushcart add" in found["data_folder"][1]
    assert found["database"][0] == "skipped"
    assert not (tmp_path / "nowhere").exists()


def test_a_setting_that_cannot_be_used_is_the_one_finding(ask, monkeypatch) -> None:
    monkeypatch.setenv("PUSHCART_WORKRS", "2")
    found = ask(code=1)
    assert list(found) == ["settings"]
    assert "PUSHCART_WORKRS" in found["settings"][1]


def test_settings_are_named_without_their_values(folder: Path, ask, monkeypatch) -> None:
    monkeypatch.setenv("PUSHCART_SECRET_KEY", "a-very-secret-key-indeed")
    found = ask()
    assert "PUSHCART_SECRET_KEY" in found["settings"][1]
    assert "very-secret" not in str(found)


def test_a_folder_that_others_can_enter_is_named(folder: Path, ask) -> None:
    folder.chmod(0o755)
    found = ask()
    assert found["data_folder"][0] == "warning"
    assert folder.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize(("version", "health", "code"), [("0001", "warning", 0), ("9999", "failed", 1)])
def test_another_version_of_the_tables_is_named_and_stays(
    folder: Path, ask, version: str, health: str, code: int
) -> None:
    with closing(sqlite3.connect(folder / "pushcart.sqlite3")) as database, database:
        database.execute("UPDATE alembic_version SET version_num = ?", (version,))
    found = ask(code=code)
    assert found["schema"][0] == health
    assert version in found["schema"][1]
    assert "index" not in found
    assert ask(code=code)["schema"] == found["schema"]


def test_a_damaged_database_is_named_with_what_to_do(folder: Path, ask) -> None:
    path = folder / "pushcart.sqlite3"
    path.write_bytes(b"no database " * (path.stat().st_size // 12))
    found = ask(code=1)
    assert found["database"][0] == "failed"
    assert "backup" in found["database"][1]


def test_changes_that_are_not_indexed_are_counted(folder: Path, ask) -> None:
    with open_store(Settings(data_dir=folder)) as store:
        store.documents.save(make_document("d2"))
    found = ask()
    assert found["index_content"] == ("warning", "1 change is not in the index yet: `pushcart index`.")


def test_an_index_without_a_document_of_the_records_is_named(folder: Path, ask) -> None:
    with closing(sqlite3.connect(folder / "pushcart.sqlite3")) as database, database:
        database.execute("DELETE FROM documents")
    found = ask(code=1)
    assert found["index_content"][0] == "failed"
    assert "--rebuild" in found["index_content"][1]


def test_a_clock_that_was_set_back_is_noticed(folder: Path, ask) -> None:
    later = datetime.now(UTC) + timedelta(days=1)
    with open_store(Settings(data_dir=folder)) as store:
        store.runs.save(HarvestRun("wiego", later, later, RunState.FINISHED, Verdict.told("")))
    assert ask(code=1)["clock"][0] == "failed"


def test_a_disk_that_is_nearly_full_is_named(folder: Path, ask, monkeypatch) -> None:
    usage = checks.shutil._ntuple_diskusage
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage(1000, 950, 50))
    assert ask()["disk"][0] == "warning"
    monkeypatch.setattr(checks.shutil, "disk_usage", lambda _: usage(1000, 990, 10))
    assert ask(code=1)["disk"][0] == "failed"


def test_a_temporary_folder_that_cannot_be_written_is_named(folder: Path, ask, monkeypatch) -> None:
    monkeypatch.setattr(checks.tempfile, "tempdir", str(folder / "none"))
    assert ask(code=1)["temporary"][0] == "failed"


def test_a_mail_server_that_does_not_answer_is_named_unless_it_is_not_asked(folder: Path, ask, monkeypatch) -> None:
    for name, value in {"HOST": "127.0.0.1", "PORT": "1", "SECURITY": "none"}.items():
        monkeypatch.setenv(f"PUSHCART_SMTP_{name}", value)
    monkeypatch.setenv("PUSHCART_MAIL_FROM", "alerts@example.org")
    assert ask(code=1)["mail_server"][0] == "failed"
    found = ask("--offline")
    assert "mail_server" not in found
    assert found["mail_sender"][0] == "good"


def test_the_extras_are_those_of_the_package() -> None:
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    assert sorted(EXTRAS) == sorted(declared.keys() - {"dev"})

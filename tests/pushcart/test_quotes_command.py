"""`pushcart quotes`: a text from a file or from standard input."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from corpus.settings import Settings
from pushcart.cli import run
from tests.builders import make_document, make_source
from tests.web.library import index, keep

SENTENCE = "Street vendors of the old market pay 12 per cent of what they earn"


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    from corpus.store import open_store

    settings = Settings(data_dir=tmp_path / "data")
    with open_store(settings) as store:
        store.sources.save(make_source())
        document = make_document("d1", title="Markets", pages=("First.", f"{SENTENCE}. It is a lot."))
        keep(store, document, sha256=document.sha256)
    index(settings)
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    return tmp_path


def test_a_file_is_checked_and_differences_are_printed(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    draft = library / "draft.txt"
    draft.write_text(f"He says “{SENTENCE}”. She says “{SENTENCE.replace('12', '21')}”.", encoding="utf-8")
    assert run(["quotes", str(draft)]) == 0
    said = capsys.readouterr()
    assert "FOUND" in said.out
    assert "Markets, page 2" in said.out
    assert "figure: 21 → 12" in said.out
    assert "2 quotations: 1 found, 1 different, 0 unknown." in said.err


def test_standard_input_is_checked_and_answered_as_json(
    library: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(SENTENCE))
    assert run(["quotes", "-", "--json"]) == 0
    (quote,) = json.loads(capsys.readouterr().out)["quotes"]
    assert quote["verdict"] == "found"
    assert quote["place"]["page"] == 2


def test_a_file_that_is_not_there_is_named(library: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["quotes", "nowhere.txt"]) == 1
    assert "nowhere.txt" in capsys.readouterr().err

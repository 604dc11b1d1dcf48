"""`pushcart people`, `audit` and `works`, as a person types them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.store import Store, open_store
from curation import authorised
from pushcart.cli import run
from tests.builders import make_document, make_source
from tests.web.library import index, keep


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """Return the records of the data folder that the commands use."""
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    with open_store(Settings(data_dir=tmp_path / "data")) as store:
        yield store


def test_the_token_of_a_new_person_stands_alone_on_standard_output(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["people", "add", "Ana Torres"]) == 0
    printed = capsys.readouterr()
    assert re.fullmatch(r"pushcart_\w{10}_\w{49}\n", printed.out)
    assert "cannot be shown again" in printed.err
    person = authorised(printed.out, store=store)
    assert person is not None
    assert person.name == "Ana Torres"


def test_the_list_names_persons_and_tokens_and_shows_no_token_whole(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["people", "add", "Ana [b]Torres", "--expires", "30"])
    token = capsys.readouterr().out.strip()
    assert run(["people", "list"]) == 0
    listed = capsys.readouterr().out
    assert "Ana [b]Torres" in listed
    assert f"{token[:19]}…" in listed
    assert "never used, expires" in listed
    assert run(["people", "list", "--json"]) == 0
    listed += capsys.readouterr().out
    assert json.loads(listed.partition("\n[")[2].join(["[", ""]))[0]["tokens"][0]["last_used"] is None
    assert token[20:] not in listed


def test_a_rotated_token_and_a_removed_person_are_said_in_words(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    run(["people", "add", "Ana"])
    old = capsys.readouterr().out
    assert run(["people", "rotate", "ana", "--overlap", "0"]) == 0
    printed = capsys.readouterr()
    assert "no longer valid" in printed.err
    assert authorised(old, store=store) is None
    assert authorised(printed.out, store=store) is not None
    assert run(["people", "remove", "ANA"]) == 0
    assert "Removed Ana" in capsys.readouterr().out
    assert authorised(printed.out, store=store) is None


@pytest.mark.parametrize("words", [["rotate", "Bob"], ["remove", "Bob"]])
def test_nobody_of_that_name_ends_with_words(
    store: Store, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["people", *words]) == 1
    assert "no person called Bob" in capsys.readouterr().err


def test_documents_are_joined_split_listed_and_parted_by_command(
    store: Store, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    store.sources.save(make_source())
    for document in (make_document("d1"), make_document("d2")):
        keep(store, document, sha256=document.sha256)
    index(Settings(data_dir=tmp_path / "data"))
    assert run(["works", "join", "d1", "d2", "--as", "copy", "--reason", "The same [b]file"]) == 0
    assert store.documents.get("d1").fold == store.documents.get("d2").fold != ""
    assert run(["works", "split", "d1", "d2", "--reason", "Not so", "--person", "Ana"]) == 0
    capsys.readouterr()
    assert run(["works", "decisions", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [each["kind"] for each in listed] == ["join", "split"]
    assert run(["works", "undo", str(listed[1]["id"]), "--reason", "It is"]) == 0
    assert run(["works", "decisions"]) == 0
    assert "The same [b]file" in capsys.readouterr().out
    assert run(["audit", "--document", "d1", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)["entries"]
    assert [each["action"] for each in entries] == ["undone", "works_split", "works_joined"]
    assert {each["channel"] for each in entries} == {"command"}
    assert entries[1]["person"] == "Ana" != entries[0]["person"] != ""
    assert run(["audit"]) == 0
    assert "Undone by no. 3" in capsys.readouterr().out


@pytest.mark.parametrize("words", [["join", "d1", "d2", "--as", "copy"], ["split", "d1", "d2"], ["undo", "1"]])
def test_a_decision_by_command_asks_for_a_reason(store: Store, words: list[str]) -> None:
    assert run(["works", *words]) == 2


def test_an_empty_audit_log_is_said(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit"]) == 0
    assert "No changes by people yet" in capsys.readouterr().out

"""What is printed on a terminal, and what each command says of a damaged database."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.settings import read_settings
from corpus.store import open_store
from pushcart import console
from pushcart.cli import run
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import make_document
from tests.search_api.test_api import save

HOSTILE = "Vendors \x1b]0;owned\x07\x1b[2J\u202e :cop: [bold red]x[/] \x9b1A \ud800"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "data"


def signs_in(text: str) -> set[str]:
    return {each for each in text if each in "\x1b\x07\x9b\u202e" or "\ud800" <= each <= "\udfff"}


@pytest.mark.parametrize("print_it", [console.note, lambda text: console.out.print(console.escape(text))])
def test_a_strangers_text_neither_moves_the_cursor_nor_is_read_as_markup(print_it, capsys) -> None:  # type: ignore[no-untyped-def]
    print_it(HOSTILE)
    printed = "".join(capsys.readouterr())
    assert signs_in(printed) == set()
    assert ":cop: [bold red]x[/]" in printed


def test_json_of_the_command_has_no_such_sign_either(capsys: pytest.CaptureFixture[str]) -> None:
    console.print_json({"title": HOSTILE})
    console.print_json_line({"title": HOSTILE, "url": "file:///home/me/a.pdf"})
    whole = capsys.readouterr().out
    assert signs_in(whole) == set()
    line = json.loads(whole.splitlines()[-1])
    assert signs_in(line["title"]) == set()
    assert line["url"] == "file:///home/me/a.pdf"  # the person's own command line may show the person's own folder


@pytest.mark.parametrize("command", [["search", "vendors"], ["search", "--all"], ["show", "d1"], ["status"]])
def test_a_hostile_title_is_harmless_in_every_view(
    folder: Path, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    settings = read_settings()
    with open_store(settings) as store:
        save(store, make_document("d1", title=HOSTILE.replace("\ud800", ""), pages=("vendors \x1b[2J",)))
        bring_up_to_date(open_engine(settings), store)
    assert run(command) == 0
    printed = "".join(capsys.readouterr())
    assert signs_in(printed) == set()
    assert "Vendors" in printed or command == ["status"]


DAMAGES = {
    "not a database": lambda content: b"not a database at all" * 500,
    "truncated": lambda content: content[: len(content) // 3],
    "malformed": lambda content: content[:4096] + b"\xde\xad" * ((len(content) - 4096) // 2),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize(
    "command",
    [["search", "vendors"], ["show", "d1"], ["status"], ["files"], ["sources"], ["index"], ["remove", "d1"], ["serve"]],
    ids=lambda command: command[0],
)
def test_a_damaged_database_is_named_with_what_to_do(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, damage: str, command: list[str]
) -> None:
    settings = read_settings()
    with open_store(settings) as store:
        save(store, make_document("d1", title="Vendors"))
        bring_up_to_date(open_engine(settings), store)
    database = folder / "pushcart.sqlite3"
    database.write_bytes(DAMAGES[damage](database.read_bytes()))
    monkeypatch.setattr("pushcart.commands.serving.is_free", lambda host, port: True)
    assert run(command) == 1
    said = capsys.readouterr().err
    assert "is damaged" in said
    assert "backup" in said


def test_a_database_that_lost_all_its_bytes_does_not_begin_anew(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from corpus.files import open_files

    settings = read_settings()
    open_files(settings).put(b"bytes")
    with open_store(settings):
        pass
    (folder / "pushcart.sqlite3").write_bytes(b"")
    assert run(["status"]) == 1
    assert "it is empty" in capsys.readouterr().err


def test_a_restored_backup_is_told_by_status_and_mended_by_the_next_indexing(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings, database = read_settings(), folder / "pushcart.sqlite3"
    with open_store(settings) as store:
        save(store, make_document("d1", title="Vendors"))
        bring_up_to_date(open_engine(settings), store)
    backup = database.read_bytes()
    with open_store(settings) as store:
        save(store, make_document("d2", title="Porters"))
        bring_up_to_date(open_engine(settings), store)
    database.write_bytes(backup)
    with open_store(settings) as store:
        save(store, make_document("d3", title="Weavers"))
    run(["status"])
    assert "backup was restored" in capsys.readouterr().err
    assert run(["index"]) == 0
    assert "rebuilt" in capsys.readouterr().err
    run(["search", "weavers OR porters"])
    assert "d3" in (found := capsys.readouterr().out)
    assert "d2" not in found
    run(["status", "--json"])
    assert json.loads(capsys.readouterr().out)["index_misfit"] == ""

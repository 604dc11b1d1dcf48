"""The command as a person types it: what it says, how it ends, and what Ctrl-C leaves."""

from __future__ import annotations

import json
import shutil
import signal
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from corpus.store.opening import database_url
from tests.end_to_end.conftest import Shell
from tests.end_to_end.servers import copy_folder, in_the_data_folder, settings_of

pytestmark = pytest.mark.slow


@dataclass(frozen=True, slots=True)
class Added:
    """A data folder to which the sample PDFs were added, and what the command said."""

    data_dir: Path
    said: Any


@pytest.fixture(scope="module")
def added(sample_pdfs: Path, tmp_path_factory: pytest.TempPathFactory) -> Added:
    data_dir = tmp_path_factory.mktemp("added") / "data"
    data_dir.mkdir()
    return Added(data_dir, Shell(data_dir).ask("add", sample_pdfs))


@pytest.fixture
def filled(added: Added, tmp_path: Path) -> Shell:
    """Return a shell whose data folder has the sample PDFs already, as a copy of its own."""
    return Shell(copy_folder(added.data_dir, tmp_path / "filled"))


def test_status_of_an_empty_folder_has_every_promised_name(shell: Shell) -> None:
    status = shell.look("status")
    assert (status["documents"], status["pages"], status["indexed"], status["outcomes"]) == (0, 0, 0, {})


def test_a_search_in_an_empty_folder_finds_nothing_and_is_no_error(shell: Shell) -> None:
    body = shell.look("search", "street vendors")
    assert (body["total"], body["hits"]) == (0, [])


@in_the_data_folder
@pytest.mark.parametrize(
    "words", [["search", "vendors"], ["status"], ["files"], ["serve"], ["index"], ["show", "d1"], ["works", "list"]]
)
def test_a_command_that_reads_makes_no_data_folder_and_says_where_it_looked(
    shell: Shell, tmp_path: Path, words: list[str]
) -> None:
    shell.data_dir.rmdir()
    done = shell.type_here(*words)
    assert (done.returncode, done.stdout) == (1, "")
    assert f"There is no data folder {shell.data_dir}." in done.stderr
    assert "pushcart add" in done.stderr
    assert not shell.data_dir.exists()


def test_sources_are_listed_without_a_data_folder_and_none_is_made(shell: Shell) -> None:
    shell.data_dir.rmdir()
    assert "sample" in {each["slug"] for each in shell.look("sources")}
    assert not shell.data_dir.exists()


@in_the_data_folder
def test_a_command_that_adds_says_which_folder_it_makes(shell: Shell, sample_pdfs: Path) -> None:
    shell.data_dir.rmdir()
    first, again = (shell.type("add", sorted(sample_pdfs.glob("*.pdf"))[0]) for _ in range(2))
    assert f"Creating the data folder {shell.data_dir}." in first.stderr
    assert "Creating the data folder" not in again.stderr


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["add", "no-such-folder"], "no-such-folder"),
        (["harvest", "no-such-source"], "no-such-source"),
        (["show", "d0000000000000000"], "d0000000000000000"),
        (["search", "vendors", "--year", "20x5"], "20x5"),
        (["search", "vendors", "--country", "Peruu"], "Peruu"),
        (["search", "vendors", "--limit", "0"], "limit"),
        (["search", "vendors", "--sort", "size"], "size"),
        (["search", "vendors", "--cursor", "nonsense"], "cursor"),
        (["files", "--outcome", "lost"], "lost"),
        (["remove", "d0000000000000000"], "d0000000000000000"),
    ],
)
def test_what_cannot_be_used_is_named_in_one_plain_message(shell: Shell, words: list[str], said: str) -> None:
    done = shell.type_here(*words)
    assert done.returncode == 1
    assert said.lower() in done.stderr.lower()
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    "words", [["no-such-command"], ["search", "--no-such-option"], ["add"], ["serve", "--port", "99999"]]
)
def test_a_command_that_is_typed_wrongly_ends_with_2(shell: Shell, words: list[str]) -> None:
    done = shell.type_here(*words)
    assert done.returncode == 2
    assert "Usage" in done.stderr


def test_a_misspelt_setting_stops_every_command_and_is_named(shell: Shell) -> None:
    done = shell.type("status", PUSHCART_WORKER="2")
    assert done.returncode == 1
    assert "PUSHCART_WORKER" in done.stderr


def test_help_names_every_command(shell: Shell) -> None:
    shown = shell.type("--help").stdout
    for name in (
        "harvest",
        "add",
        "process",
        "index",
        "search",
        "show",
        "serve",
        "sources",
        "status",
        "demo",
        "alerts",
    ):
        assert name in shown


def test_added_documents_are_searchable_and_adding_them_again_changes_nothing(
    added: Added, filled: Shell, sample_pdfs: Path
) -> None:
    count = len(list(sample_pdfs.glob("*.pdf")))
    assert (added.said["new"], added.said["unchanged"]) == (count, 0)
    before = filled.look("search", "")
    assert before["documents"] == count  # two of them are one work in two languages

    again = filled.ask("add", sample_pdfs)
    assert (again["new"], again["changed"], again["unchanged"]) == (0, 0, count)
    assert (again["pages_read"], again["documents_made"], again["changes_indexed"]) == (0, 0, 0)
    assert filled.look("search", "")["hits"] == before["hits"]


def test_every_file_that_is_added_has_an_outcome_or_a_place_in_the_index(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "empty.pdf").write_bytes(b"")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is not what it says\n%%EOF")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + b"\0" * 64)
    (folder / "note.html").write_text(
        "<html lang=en><title>Market traders</title><body><article><h1>Market traders</h1>"
        + "<p>Market traders in Accra pay daily tolls to the assembly and organise in associations.</p>" * 5
        + "</article></body></html>"
    )
    shell.ask("add", folder)
    outcomes = {Path(each["url"]).name: each["outcome"] for each in shell.look("files")}
    assert outcomes == {"empty.pdf": "empty", "broken.pdf": "broken", "picture.png": "unsupported", "note.html": "read"}
    assert [hit["title"] for hit in shell.look("search", "tolls Accra")["hits"]] == ["Market traders"]
    assert sum(shell.look("status")["outcomes"].values()) == 4


def test_a_table_beside_the_files_gives_titles_authors_and_dates(
    shell: Shell, sample_pdfs: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "mine"
    folder.mkdir()
    shutil.copyfile(next(iter(sorted(sample_pdfs.glob("*.pdf")))), folder / "report.pdf")
    (folder / "metadata.csv").write_text("file;title;authors;date\nreport.pdf;A title of mine;Rosa Quispe; 2011-05\n")
    shell.ask("add", folder)
    (hit,) = shell.look("search", "title:mine")["hits"]
    assert (hit["title"], hit["year"]) == ("A title of mine", 2011)
    assert shell.look("show", hit["id"])["authors"] == ["Rosa Quispe"]


def test_a_table_with_an_unknown_column_is_refused_before_anything_is_added(
    shell: Shell, sample_pdfs: Path, tmp_path: Path
) -> None:
    table = tmp_path / "table.csv"
    table.write_text("file,titel\nreport.pdf,Mine\n")
    done = shell.type_here("add", sample_pdfs, "--metadata", table)
    assert done.returncode == 1
    assert "titel" in done.stderr
    assert shell.look("status")["files"] == 0


def test_the_text_of_a_page_can_be_shown(filled: Shell) -> None:
    hit = filled.look("search", "")["hits"][0]
    assert len(filled.look("show", hit["id"], "--page", "1")["text"]) > 200
    missing = filled.type_here("show", hit["id"], "--page", "900")
    assert missing.returncode == 1
    assert "900" in missing.stderr


def test_a_removed_document_is_found_no_more(filled: Shell) -> None:
    before = filled.look("search", "", "--limit", "100")
    gone = before["hits"][0]["id"]
    assert filled.type("remove", gone).returncode == 0
    after = filled.look("search", "", "--limit", "100")
    assert after["documents"] == before["documents"] - 1
    assert gone not in {hit["id"] for hit in after["hits"]}
    assert filled.type_here("show", gone).returncode == 1


def test_a_result_is_printed_for_people_without_control_characters_when_it_is_no_terminal(filled: Shell) -> None:
    shown = filled.type("search", "workers", "--limit", "3").stdout
    assert "1. " in shown
    assert "p. " in shown
    assert "\x1b" not in shown


def test_every_document_is_printed_one_a_line_to_the_very_end(filled: Shell) -> None:
    hits = filled.look("search", "work", "--limit", "100")["hits"]
    expected = [(hit["id"], hit["score"]) for hit in hits if not hit["missing"]]
    lines = filled.type("search", "work", "--all", "--json").stdout.splitlines()
    assert [(each["id"], each["score"]) for each in map(json.loads, lines)] == expected
    assert expected
    shown = filled.type_here("search", "work", "--all")
    assert [line.split()[0] for line in shown.stdout.splitlines()] == [each for each, _ in expected]
    assert "all that matched" in shown.stderr
    assert filled.type_here("search", "work", "--all", "--cursor", "x").returncode == 1


def _readings(shell: Shell) -> int:
    url = database_url(settings_of(shell.data_dir))
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return 0
    engine = sa.create_engine(url)
    try:
        with engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM readings").scalar_one())
    except (sa.exc.OperationalError, sa.exc.ProgrammingError):
        return 0  # the tables are being made
    finally:
        engine.dispose()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_stopping_in_the_middle_says_so_and_loses_nothing(
    shell: Shell, sample_pdfs: Path, stop: signal.Signals
) -> None:
    running = shell.start("add", sample_pdfs)
    until = time.monotonic() + 60
    while not _readings(shell) and running.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    running.send_signal(stop)
    _, said = running.communicate(timeout=30)
    assert running.returncode == 130, said
    assert "Stopped" in said
    assert "Traceback" not in said
    kept = _readings(shell)
    count = len(list(sample_pdfs.glob("*.pdf")))
    assert kept >= 1

    again = shell.ask("add", sample_pdfs)
    assert sum(again["read"].values()) == count - kept
    assert shell.look("search", "")["documents"] == count


def test_two_at_once_wait_for_each_other_and_both_end_well(shell: Shell, sample_pdfs: Path) -> None:
    first, second = shell.start("add", sample_pdfs), shell.start("add", sample_pdfs)
    for running in (first, second):
        _, said = running.communicate(timeout=120)
        assert running.returncode == 0, said
    status = shell.look("status")
    assert status["documents"] == status["indexed"] == len(list(sample_pdfs.glob("*.pdf")))


def test_every_answer_for_programs_is_json_and_nothing_else(filled: Shell, sample_pdfs: Path) -> None:
    for words in (["status"], ["sources"], ["files"], ["process"], ["index"], ["search", "work"], ["add", sample_pdfs]):
        assert json.dumps(filled.ask(*words))

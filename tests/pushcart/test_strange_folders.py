"""Adding a folder in which something is strange: it ends, each strange thing is said, and the rest is added."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time

import pytest

from corpus.errors import BadInput
from corpus.files import open_files
from corpus.store import FetchedState, open_store
from corpus.types import LOCAL_SOURCE
from pushcart.add_remarks import RemarkKind
from pushcart.adding import NotAdded, OwnFile, add_file, find_files
from pushcart.plain_files import shown
from pushcart.remark_messages import LINES_MAX, left_out_in_words, lines_of, remark_in_words
from tests.pushcart.strange_folders import A_TITLE, GOOD, LINKS, OTHERS, ROWS, make_table


def named(cases):
    return [pytest.param(case, id=case.name) for case in cases]


def add_all(found, settings):
    """Add files as the command does; returns names of the added, and all remarks."""
    added, remarks = [], list(found.remarks)
    with open_store(settings) as store:
        for own in found.files:
            try:
                add_file(own, store=store, files=open_files(settings))
                added.append(own.path.name)
            except NotAdded as error:
                remarks.append(error.remark)
        assert len(store.files.outcomes(source=LOCAL_SOURCE)) == len(added)
    return sorted(added), remarks


@pytest.mark.parametrize("strange", named((*LINKS, *OTHERS)))
def test_what_is_strange_is_said_and_the_rest_is_added(strange, settings, tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / GOOD).write_text("A good text.")
    strange.make(folder)
    began = time.monotonic()
    added, remarks = add_all(find_files([folder]), settings)
    assert time.monotonic() - began < 5
    assert added == sorted((GOOD, *strange.more))
    assert sorted(remark.kind.value for remark in remarks) == sorted(strange.remarks)
    for remark in remarks:
        json.dumps(remark.path).encode()
        assert "passwd:" not in remark_in_words(remark).message


def test_a_folder_of_fifteen_files_and_two_links_to_itself_is_fifteen_files(tmp_path):
    for number in range(15):
        (tmp_path / f"{number}.txt").write_text("text")
    for name in ("one", "two"):
        (tmp_path / name).symlink_to(".")
    found = find_files([tmp_path])
    assert len(found.files) == 15
    assert left_out_in_words(found.remarks) == "2 symbolic links"


def test_a_link_that_a_person_names_is_followed(settings, tmp_path):
    (tmp_path / "papers").mkdir()
    (tmp_path / "papers" / "a.txt").write_text("A text.")
    (tmp_path / "folder-link").symlink_to("papers")
    (tmp_path / "file-link.txt").symlink_to("papers/a.txt")
    for name in ("folder-link", "file-link.txt"):
        assert add_all(find_files([tmp_path / name]), settings)[1] == []
    found = find_files([tmp_path / "folder-link", tmp_path / "file-link.txt", tmp_path / "papers"])
    assert len(found.files) == 1


def test_a_pipe_that_a_person_names_is_said_and_not_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (remark,) = find_files([tmp_path / "pipe"]).remarks
    assert remark.kind is RemarkKind.NO_FILE


@pytest.mark.parametrize("name", ["missing.pdf", "n" * 300, "a\0b", "file.txt/below"])
def test_a_path_that_is_mistyped_is_said_before_anything_is_added(tmp_path, name):
    (tmp_path / "file.txt").write_text("text")
    with pytest.raises(BadInput, match="There is no file or folder"):
        find_files([tmp_path / "file.txt", tmp_path / name])


@pytest.mark.parametrize("as_json", [False, True], ids=["csv", "json"])
@pytest.mark.parametrize("row", [pytest.param(row, id=ascii(row.row)[:40]) for row in ROWS])
def test_a_row_speaks_of_its_file_or_the_report_says_that_it_is_not_there(tmp_path, row, as_json):
    make_table(tmp_path, row, as_json=as_json)
    found = find_files([tmp_path])
    (own,) = found.files
    titles = [each.value for each in own.evidence.get("title", ())]
    assert titles == ([A_TITLE] if row.is_matched else [])
    assert [remark.kind for remark in found.remarks] == ([] if row.is_matched else [RemarkKind.UNMATCHED])
    for remark in found.remarks:
        assert ("Did you mean" in remark_in_words(remark).try_next) == bool(row.meant)
        assert row.meant in remark_in_words(remark).try_next


def test_a_decomposed_name_has_its_own_json_file_too(tmp_path):
    (tmp_path / "économie.txt").write_text("text")
    (tmp_path / "économie.txt.json").write_text(json.dumps({"title": A_TITLE}))
    (own,) = find_files([tmp_path]).files
    assert own.evidence["title"][0].value == A_TITLE


def test_rows_of_the_table_that_a_person_names_are_said_when_no_added_file_is_theirs(tmp_path):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "table.csv").write_text("file,title\na.txt,A\nb.txt,B\n")
    found = find_files([tmp_path / "a.txt"], table=tmp_path / "table.csv")
    (remark,) = found.remarks
    assert "line 3 describes b.txt" in remark_in_words(remark).message


@pytest.mark.parametrize("content", ["file,titel\na.txt,x\n", "title\nx\n", "file,title\n,x\n"])
def test_the_table_that_a_person_names_stops_before_anything_is_added_when_it_is_wrong(tmp_path, content):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "table.csv").write_text(content)
    with pytest.raises(BadInput):
        find_files([tmp_path / "a.txt"], table=tmp_path / "table.csv")


def test_a_thousand_rows_without_files_are_said_in_little_time(tmp_path):
    for number in range(300):
        (tmp_path / f"report-{number}.txt").write_text("text")
    (tmp_path / "metadata.csv").write_text("file\n" + "".join(f"raport-{number}.pdf\n" for number in range(3_000)))
    began = time.monotonic()
    found = find_files([tmp_path])
    assert time.monotonic() - began < 5
    assert len(found.remarks) == 3_000
    lines = list(lines_of(found.remarks))
    assert len(lines) == LINES_MAX + 1
    assert lines[-1].startswith("... and 2,980 more of this kind (unmatched)")


def test_a_file_that_vanishes_or_turns_into_a_link_while_adding_is_said(settings, tmp_path):
    (tmp_path / "gone.txt").write_text("text")
    (tmp_path / "turned.txt").write_text("text")
    (tmp_path / "kept.txt").write_text("text")
    found = find_files([tmp_path])
    (tmp_path / "gone.txt").unlink()
    (tmp_path / "turned.txt").unlink()
    (tmp_path / "turned.txt").symlink_to("/etc/passwd")
    added, remarks = add_all(found, settings)
    assert added == ["kept.txt"]
    assert [remark.kind for remark in remarks] == [RemarkKind.VANISHED, RemarkKind.NO_FILE]
    assert remarks[0].is_failure


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_what_may_not_be_read_is_said_and_the_rest_is_added(settings, tmp_path):
    (tmp_path / "good.txt").write_text("text")
    (tmp_path / "locked").mkdir(mode=0)
    (tmp_path / "locked.txt").write_text("text")
    (tmp_path / "locked.txt").chmod(0)
    added, remarks = add_all(find_files([tmp_path]), settings)
    (tmp_path / "locked").chmod(0o700)
    assert added == ["good.txt"]
    assert [remark.kind for remark in remarks] == [RemarkKind.UNREADABLE] * 2


def test_a_path_is_shown_without_what_could_move_the_cursor(tmp_path):
    assert shown("a\n\x1b[31m\u202e\udcff") == "a\ufffd\ufffd[31m\ufffd\ufffd"


def test_adding_a_file_twice_is_known_also_through_a_link(settings, tmp_path):
    (tmp_path / "a.txt").write_text("text")
    (tmp_path / "link.txt").symlink_to("a.txt")
    with open_store(settings) as store:
        files = open_files(settings)
        assert add_file(OwnFile(tmp_path / "a.txt"), store=store, files=files) is FetchedState.NEW
        assert add_file(OwnFile(tmp_path / "link.txt"), store=store, files=files) is FetchedState.UNCHANGED


@pytest.mark.slow
def test_the_command_reports_every_strange_thing_of_one_folder_and_adds_the_rest(tmp_path):
    folder = tmp_path / "papers"
    folder.mkdir()
    (folder / GOOD).write_text("Street vendors in Lima sell food and clothes in the markets of the city.")
    expected = set()
    for number, strange in enumerate((*LINKS, *OTHERS)):
        (folder / str(number)).mkdir()
        strange.make(folder / str(number))
        expected |= set(strange.remarks)
    # Metadata of a file that is not in these folders is a file of its own, and so is a link in its place.
    done = subprocess.run(
        [sys.executable, "-m", "pushcart", "add", "--json", str(folder)],
        env={**os.environ, "PUSHCART_DATA_DIR": str(tmp_path / "data")},
        capture_output=True,
        check=False,
        timeout=120,
    )
    assert done.returncode == 1, done.stderr
    report = json.loads(done.stdout)
    assert report["documents_made"] >= 1
    kinds = {remark["kind"] for remark in report["remarks"]}
    assert {"link", "no_file", "empty", "unreadable"} <= kinds <= expected
    assert b"Traceback" not in done.stderr

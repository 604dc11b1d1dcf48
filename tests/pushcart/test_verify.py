# ruff: noqa: E501  tables of damages
"""`pushcart verify`: each kind of damage is named with what to do, and nothing whole is."""

from __future__ import annotations

import json
import os
import resource
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from corpus.backup import back_up, newest_backup
from corpus.errors import BadBackup
from corpus.settings import Settings
from corpus.store import open_store
from corpus.store.opening import RESTORING
from pushcart.cli import run
from pushcart.verifying import verify
from search_api.engines.tantivy.segments import fault_of_segments
from tests import kept_collection as kept


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Path:
    settings = Settings(data_dir=tmp_path_factory.mktemp("pattern") / "data")
    kept.fill(settings)
    with closing(sqlite3.connect(settings.data_dir / "pushcart.sqlite3")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return settings.data_dir


@pytest.fixture
def data(pattern: Path, tmp_path: Path) -> Path:
    """Return a copy of a whole data folder that is the test's own."""
    return shutil.copytree(pattern, tmp_path / "data")


# ------------------------------------------------------------------ ways to damage a data folder

Damage = Callable[[Path], object]


def stored(data: Path) -> Path:
    return next((data / "files").glob("??/*"))


def cut(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


def overwrite(path: Path, start: int, length: int) -> None:
    with path.open("r+b") as file:
        file.seek(start)
        file.write(b"\xa5" * length)


def sql(*statements: str) -> Damage:
    def execute(data: Path) -> None:
        with closing(sqlite3.connect(data / "pushcart.sqlite3", isolation_level=None)) as connection:
            for statement in statements:
                connection.execute(statement)

    return execute


def page_of_table(data: Path, table: str) -> int:
    """Return the byte at which the first page of a table begins."""
    with closing(sqlite3.connect(data / "pushcart.sqlite3")) as connection:
        (page,) = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = ?", [table]).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    return (int(page) - 1) * int(size)


def part_of_index(data: Path, pattern: str) -> Path:
    return max((data / "index").glob(f"g*/{pattern}"), key=lambda path: path.stat().st_size)


def lose_the_log(data: Path) -> None:
    """Add and index a document, and lose SQLite's log, which alone has it: as `rm *-wal` after a crash does."""
    settings = Settings(data_dir=data)
    database = data / "pushcart.sqlite3"
    before = database.read_bytes()
    with open_store(settings) as store:
        kept.add_document(store, settings, "d9")
    kept.index(settings)
    database.write_bytes(before)
    for ending in ("-wal", "-shm"):
        database.with_name(database.name + ending).unlink(missing_ok=True)


def index_of_other_records(data: Path) -> None:
    other = Settings(data_dir=data.with_name("other"))
    kept.fill(other)
    shutil.rmtree(data / "index")
    shutil.copytree(other.data_dir / "index", data / "index")


def index_without_a_document(data: Path) -> None:
    import tantivy

    for part, field in (("documents", "id"), ("pages", "document")):
        folder = next((data / "index").glob("g*")) / part
        writer = tantivy.Index.open(str(folder)).writer()
        writer.delete_documents_by_term(field, "d2")
        writer.commit()
        writer.wait_merging_threads()


def unindexed_change(data: Path) -> None:
    settings = Settings(data_dir=data)
    with open_store(settings) as store:
        kept.add_document(store, settings, "d9")


DAMAGES: list[tuple[str, Damage, str, str, str]] = [
    # what happened, how, kind, words of the message, words of the advice
    ("file truncated", lambda data: cut(stored(data)), "file_damaged", "is damaged: its SHA-256", "copy it from a backup"),
    ("file with a flipped bit", lambda data: flip(stored(data)), "file_damaged", "is damaged", "copy it from a backup"),
    ("file emptied", lambda data: stored(data).write_bytes(b""), "file_damaged", "is damaged", "copy it from a backup"),
    ("file missing", lambda data: stored(data).unlink(), "file_missing", "in the records, and missing", "backup"),
    ("folder of files missing", lambda data: shutil.rmtree(data / "files"), "file_missing", "missing", "backup"),
    ("a folder in place of a file", lambda data: (stored(data).unlink(), (data / "files" / "aa").mkdir(exist_ok=True)), "file_missing", "missing", "backup"),
    ("database missing", lambda data: (data / "pushcart.sqlite3").unlink(), "database_missing", "missing or empty, while files are kept", "pushcart restore"),
    ("database emptied", lambda data: os.truncate(data / "pushcart.sqlite3", 0), "database_missing", "missing or empty", "pushcart restore"),
    ("database truncated", lambda data: cut(data / "pushcart.sqlite3"), "database_damaged", "is damaged", "pushcart restore"),
    ("header of the database", lambda data: overwrite(data / "pushcart.sqlite3", 0, 100), "database_damaged", "not a database", "pushcart restore"),
    ("page of a table", lambda data: overwrite(data / "pushcart.sqlite3", page_of_table(data, "pages"), 4096), "database_damaged", "is damaged", "pushcart restore"),
    ("page of an index of the database", lambda data: overwrite(data / "pushcart.sqlite3", page_of_table(data, "ix_changes_document_id"), 64), "database_damaged", "is damaged", "pushcart restore"),
    ("database without right to read", lambda data: _replace_by_folder(data / "pushcart.sqlite3"), "database_unreadable", "cannot be read", "permission"),
    ("log of the database lost", lose_the_log, "index_other", "`pushcart.sqlite3-wal`", "restore a backup"),
    ("schema of a newer version", sql("UPDATE alembic_version SET version_num = '9999'"), "schema_newer", "9999, newer than this Pushcart", "Install the newer"),
    ("schema without a version", sql("DROP TABLE alembic_version"), "database_damaged", "no table `alembic_version`", "pushcart restore"),
    ("row without its owner", sql("DELETE FROM subscribers"), "records_contradict", "belongs to a row of subscribers", "Restore a backup"),
    ("page text missing", sql("DELETE FROM pages WHERE number = 2"), "pages_missing", "should have 3 pages in the records, and has 2", "Restore a backup"),
    ("index folder gone", lambda data: shutil.rmtree(data / "index"), "index_missing", "no search index", "pushcart index"),
    ("index that names no part", lambda data: (data / "index" / "CURRENT").write_text("?"), "index_damaged", "damaged", "pushcart index"),
    ("index without its state", lambda data: part_of_index(data, "state.json").unlink(), "index_damaged", "damaged", "pushcart index"),
    ("index of other records", index_of_other_records, "index_other", "belongs to other records", "pushcart index"),
    ("index of another version", lambda data: _change_json(part_of_index(data, "state.json"), format="0"), "index_other", "another version", "pushcart index"),
    ("index without a document", index_without_a_document, "index_document_missing", "d2 is not in the search index", "pushcart index --rebuild"),
    ("index with a document too many", sql("PRAGMA foreign_keys = ON", "DELETE FROM documents WHERE id = 'd3'"), "index_document_surplus", "1 documents that the records do not have", "--rebuild"),
    ("flipped bit in the index", lambda data: overwrite(part_of_index(data, "pages/*.store"), 5, 1), "index_damaged", "checksum", "--rebuild"),
    ("file of the index missing", lambda data: part_of_index(data, "documents/*.term").unlink(), "index_damaged", "is missing", "--rebuild"),
    ("file of the index truncated", lambda data: cut(part_of_index(data, "documents/*.idx")), "index_damaged", "truncated", "--rebuild"),
    ("head of the index damaged", lambda data: cut(part_of_index(data, "pages/meta.json")), "index_damaged", "meta.json", "--rebuild"),
    ("subscription to what the vocabulary does not have", sql("""UPDATE subscriptions SET query = '[["group", "no_such_group"]]'"""), "subscription_unreadable", "subscription 1 cannot be read", "vocabulary"),
    ("subscription whose row is damaged", sql("UPDATE subscriptions SET query = '[[broken'"), "subscription_unreadable", "subscription 1 cannot be read", "backup"),
    ("frozen search whose row is damaged", sql("UPDATE frozen_searches SET documents = x'00'"), "frozen_unreadable", "cannot be read", "backup"),
    ("key of the site damaged", lambda data: cut(data / "secret-key"), "key_damaged", "secret-key", "from a backup"),
    ("restore interrupted", lambda data: (data / RESTORING).write_text("{}"), "restore_unfinished", "was interrupted", "pushcart restore"),
]  # fmt: skip

REMARKS: list[tuple[str, Damage, str, str, str]] = [
    ("file that no record names", lambda data: _put(data, b"orphan"), "file_orphan", "No record names", "deleted"),
    ("strange file", lambda data: (data / "files" / "notes.txt").write_text("x"), "file_strange", "notes.txt", "Move it"),
    ("index behind", unindexed_change, "index_behind", "behind the records", "pushcart index"),
    ("page cache damaged", lambda data: overwrite(data / "harvest" / "sample.sqlite", 0, 100), "cache_damaged", "sample.sqlite", "Delete it"),
    ("schema of an older version", sql("UPDATE alembic_version SET version_num = '0001'"), "schema_older", "older than this Pushcart", "backup first"),
]  # fmt: skip


def _replace_by_folder(path: Path) -> None:
    # Tests may run as root, whom no mode keeps out: a folder cannot be opened by anyone.
    path.unlink()
    (path / "in it").mkdir(parents=True)


def _change_json(path: Path, **values: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | values))


def _put(data: Path, content: bytes) -> None:
    from corpus.files import open_files

    open_files(Settings(data_dir=data)).put(content)


def told(data: Path) -> list[tuple[str, str, str]]:
    return [(str(each.kind), each.message, each.try_next) for each in verify(Settings(data_dir=data))]


@pytest.mark.parametrize(
    ("damage", "kind", "message", "advice"), [each[1:] for each in DAMAGES], ids=[each[0] for each in DAMAGES]
)
def test_damage_is_named_with_what_to_do(data: Path, damage: Damage, kind: str, message: str, advice: str) -> None:
    damage(data)
    findings = [each for each in verify(Settings(data_dir=data)) if each.is_damage]
    assert {str(each.kind) for each in findings} == {kind}, findings
    assert message in findings[0].message
    assert advice in findings[0].try_next


@pytest.mark.parametrize(
    ("damage", "kind", "message", "advice"), [each[1:] for each in REMARKS], ids=[each[0] for each in REMARKS]
)
def test_what_mends_itself_is_a_remark(data: Path, damage: Damage, kind: str, message: str, advice: str) -> None:
    damage(data)
    findings = list(verify(Settings(data_dir=data)))
    assert [(str(each.kind), each.is_damage) for each in findings] == [(kind, False)], findings
    assert message in findings[0].message
    assert advice in findings[0].try_next


def test_a_whole_folder_has_no_findings_and_is_not_changed(data: Path) -> None:
    before = {path: path.read_bytes() for path in sorted(data.rglob("*")) if path.is_file()}
    assert told(data) == []
    after = {path: path.read_bytes() for path in before}
    assert after == before


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_right_to_read_is_named(data: Path) -> None:
    stored(data).chmod(0)
    ((kind, message, advice),) = told(data)
    assert kind == "file_unreadable"
    assert "Permission denied" in message
    assert "right to read" in advice


def test_a_file_that_the_disk_does_not_give_is_named(data: Path) -> None:
    path = stored(data)
    path.unlink()
    path.symlink_to(path.name)  # a loop: the system refuses to open it, also for root
    assert [kind for kind, _, _ in told(data)] in (["file_unreadable"], ["file_missing"])


def test_of_many_findings_of_one_kind_some_are_named_and_all_are_counted(data: Path) -> None:
    for number in range(60):
        (data / "files" / f"{number}.txt").write_text("x")
    findings = told(data)
    assert len(findings) == 51
    assert findings[-1][1].startswith("10 more findings")


def test_the_command_tells_damage_by_its_exit_code(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(data))
    assert run(["verify"]) == 0
    assert "Everything is whole." in capsys.readouterr().out
    stored(data).unlink()
    assert run(["verify", "--json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["kind"], found["is_damage"]) == ("file_missing", True)


def test_every_file_of_an_index_counts(data: Path) -> None:
    folder = part_of_index(data, "documents")
    assert fault_of_segments(folder) == ""
    for path in sorted(folder.iterdir()):
        if path.suffix in (".store", ".term", ".idx", ".pos", ".fast", ".fieldnorm"):
            whole = path.read_bytes()
            overwrite(path, 3, 1)
            assert path.name in fault_of_segments(folder)
            path.write_bytes(whole)


def test_a_full_disk_makes_no_backup_and_spoils_none(data: Path, tmp_path: Path) -> None:
    settings = Settings(data_dir=data)
    first = back_up(settings, tmp_path / "backups")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))  # the records have more
    try:
        with pytest.raises(BadBackup, match="cannot be written"):
            back_up(settings, tmp_path / "backups", keep=1)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert newest_backup(tmp_path / "backups") == first.folder
    assert back_up(settings, tmp_path / "backups").folder != first.folder

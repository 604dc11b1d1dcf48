"""`pushcart backup` and `restore`: what comes back, what is refused, and what an interrupted one leaves."""

from __future__ import annotations

import errno
import json
import os
import resource
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.backup import back_up, making, newest_backup, read_manifest, restore, restoring
from corpus.backup.manifest import write_manifest
from corpus.errors import BadBackup, StoreUnavailable
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from corpus.store.opening import NEWEST_MIGRATION, RESTORING
from pushcart.cli import run
from tests import kept_collection as kept
from tests.corpus.older_database import take_back
from tests.new_databases import new_postgresql_database
from tests.postgresql import postgresql_server


@pytest.fixture(scope="module")
def pattern(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return a collection that no test changes."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("pattern") / "data")
    kept.fill(settings)
    return settings


@pytest.fixture(scope="module")
def backups(pattern: Settings, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with one backup of it, that no test changes."""
    folder = tmp_path_factory.mktemp("backups") / "all"
    back_up(pattern, folder)
    return folder


@pytest.fixture
def own(pattern: Settings, tmp_path: Path) -> Settings:
    """Return a copy of the collection that is the test's own."""
    shutil.copytree(pattern.data_dir, tmp_path / "own")
    return Settings(data_dir=tmp_path / "own")


@pytest.fixture
def new(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "new")


def parts_of(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file() and path.name != "backup.lock")


# ------------------------------------------------------------------ what comes back


def test_all_comes_back(pattern: Settings, backups: Path, new: Settings) -> None:
    restore(new, backups)
    kept.index(new)
    assert set(kept.found(new)) == {"d0", "d1", "d2", "d3"}
    assert kept.state(new) == kept.state(pattern)
    for name in ("secret-key", "sources/own.toml", "harvest/sample.sqlite"):
        assert (new.data_dir / name).exists(), name


def test_a_correction_by_a_person_survives(backups: Path, new: Settings) -> None:
    restore(new, backups)
    with open_store(new) as store:
        assert "waste_pickers" in {tag.concept for tag in store.documents.get("d1").tags}
        (logged,) = store.audit.newest(limit=9)
        assert logged.entry.actor.name == "Ana Torres"
        # and it counts when the tagger sees the document again
        document = store.documents.get("d1")
        store.documents.save(replace(document, tags=tuple(t for t in document.tags if t.concept != "waste_pickers")))
        assert "waste_pickers" in {tag.concept for tag in store.documents.get("d1").tags}


def test_the_index_may_be_older_newer_or_away(own: Settings, tmp_path: Path) -> None:
    older = shutil.copytree(own.data_dir / "index", tmp_path / "older")
    with open_store(own) as store:
        kept.add_document(store, own, "d8")
    back_up(own, tmp_path / "backups")
    kept.index(own)
    expected = kept.state(own)
    with open_store(own) as store:
        kept.add_document(store, own, "d9")
    kept.index(own)
    for number, index in enumerate((older, own.data_dir / "index", None)):
        into = Settings(data_dir=tmp_path / f"into{number}")
        if index is not None:
            shutil.copytree(index, into.data_dir / "index")
        restore(into, tmp_path / "backups")
        kept.index(into)
        assert kept.state(into) == expected


def test_an_older_backup_is_migrated(own: Settings, new: Settings, tmp_path: Path) -> None:
    take_back(own, revision="0017")
    back_up(own, tmp_path / "backups")
    done = restore(new, tmp_path / "backups")
    assert done.migrated_from == "0017"
    with open_store(new) as store:
        assert len(store.documents.ids()) == 4


def test_a_database_that_is_being_written_is_copied_as_of_one_moment(
    own: Settings, new: Settings, tmp_path: Path
) -> None:
    with open_store(own) as store, closing(sqlite3.connect(own.data_dir / "pushcart.sqlite3")) as writer:
        kept.add_document(store, own, "d7")  # it is in the log of SQLite, beside the file
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM tags")
        back_up(own, tmp_path / "backups")
        writer.rollback()
    restore(new, tmp_path / "backups")
    assert kept.all_rows(new) == kept.all_rows(own)


def test_an_object_store_is_copied_from_and_to(own: Settings, tmp_path: Path) -> None:
    files = open_files(own)
    with open_store(own) as store:
        names = store.checks.named_files()
    away = replace(own, files_url=f"memory://{tmp_path.name}/files")
    for each in names:
        open_files(away).put(files.read(each))
    back_up(away, tmp_path / "backups")
    into = Settings(data_dir=tmp_path / "new", files_url=f"memory://{tmp_path.name}/restored")
    restore(into, tmp_path / "backups")
    assert all(open_files(into).read(each) == files.read(each) for each in names)


# ------------------------------------------------------------------ what a backup is


def test_the_second_backup_copies_no_file_again(own: Settings, tmp_path: Path) -> None:
    first = back_up(own, tmp_path / "backups")
    with open_store(own) as store:
        kept.add_document(store, own, "d9")
    second = back_up(own, tmp_path / "backups")
    assert (first.new_files, second.new_files, second.manifest.files) == (4, 1, 5)
    assert first.folder.exists()
    assert newest_backup(tmp_path / "backups") == second.folder


def test_files_are_linked_and_otherwise_copied(own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert back_up(own, tmp_path / "linked").linked == 4

    def refuse(*_: object) -> None:
        raise OSError(errno.EXDEV, "another disk")

    monkeypatch.setattr(os, "link", refuse)
    done = back_up(own, tmp_path / "copied")
    assert (done.linked, done.new_files) == (0, 4)
    restore(Settings(data_dir=tmp_path / "new"), tmp_path / "copied")


def test_older_backups_are_removed_with_the_files_that_only_they_need(own: Settings, tmp_path: Path) -> None:
    first = back_up(own, tmp_path / "backups")
    with open_store(own) as store:
        store.documents.remove("d0")
        gone = store.sources.remove_files("sample").digests
        kept.add_document(store, own, "d9")
    last = back_up(own, tmp_path / "backups", keep=1)
    assert last.removed == (first.folder.name,)
    assert {path.name for path in (tmp_path / "backups" / "files").glob("??/*")}.isdisjoint(gone)
    restore(Settings(data_dir=tmp_path / "new"), tmp_path / "backups")


def test_settings_are_kept_without_secrets(own: Settings, tmp_path: Path) -> None:
    given = replace(
        own, smtp_password="pass-1", secret_key="k" * 20, public_url="https://example.org",
        rate_limit_storage="redis://user:pass-2@host", elasticsearch_api_key="pass-3",
    )  # fmt: skip
    manifest = back_up(given, tmp_path / "backups").manifest
    assert manifest.settings["PUSHCART_PUBLIC_URL"] == "https://example.org"
    assert "pass-" not in json.dumps(dict(manifest.settings))
    assert "kkk" not in json.dumps(dict(manifest.settings))


def test_others_may_not_read_a_backup(backups: Path) -> None:
    assert all(path.stat().st_mode & 0o077 == 0 for path in (backups, *parts_of(newest_backup(backups))))


def test_a_damaged_file_is_left_out_and_named(own: Settings, tmp_path: Path) -> None:
    damaged = next((own.data_dir / "files").glob("??/*"))
    damaged.chmod(0o600)
    damaged.write_bytes(b"other bytes")
    done = back_up(own, tmp_path / "backups")
    assert done.manifest.missing == (damaged.name,)
    assert done.manifest.files == 3
    restore(Settings(data_dir=tmp_path / "new"), tmp_path / "backups")


def test_a_file_that_was_damaged_since_is_restored_from_an_earlier_backup(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "link_or_copy", lambda source, target: shutil.copyfile(source, target) is None)
    back_up(own, tmp_path / "backups")
    damaged = next((own.data_dir / "files").glob("??/*"))
    damaged.write_bytes(b"other bytes")
    assert back_up(own, tmp_path / "backups").manifest.missing == ()


@pytest.mark.parametrize("place", ["", "backups", "files/backups"])
def test_a_backup_in_the_data_folder_is_refused(own: Settings, place: str) -> None:
    with pytest.raises(BadBackup, match="is in the data folder"):
        back_up(own, own.data_dir / place)


def test_without_records_there_is_no_backup(new: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="no records to back up"):
        back_up(new, tmp_path / "backups")
    assert not new.data_dir.exists()


def test_a_damaged_database_makes_no_backup(own: Settings, tmp_path: Path) -> None:
    first = back_up(own, tmp_path / "backups")
    with (own.data_dir / "pushcart.sqlite3").open("r+b") as file:
        file.seek(4096 * 20)
        file.write(b"\xff" * 4096 * 60)
    with pytest.raises(StoreUnavailable, match="is damaged"):
        back_up(own, tmp_path / "backups", keep=1)
    assert newest_backup(tmp_path / "backups") == first.folder


# ------------------------------------------------------------------ what is interrupted


class Killed(BaseException):
    pass


def break_off(monkeypatch: pytest.MonkeyPatch, module: object, name: str) -> None:
    def die(*_: object, **__: object) -> None:
        raise Killed

    monkeypatch.setattr(module, name, die)


@pytest.mark.parametrize(
    "at", ["_copy_caches", "copy_records", "_copy_files", "_copy_small_files", "write_file_list", "write_manifest"]
)
def test_an_interrupted_backup_is_never_taken_for_a_whole_one(
    own: Settings, new: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    with monkeypatch.context() as patched:
        break_off(patched, making, at)
        with pytest.raises(Killed):
            back_up(own, tmp_path / "backups")
    with pytest.raises(BadBackup, match="interrupted"):
        restore(new, tmp_path / "backups")
    done = back_up(own, tmp_path / "backups")
    assert [path.name for path in (tmp_path / "backups").glob("2*")] == [done.folder.name]
    restore(new, tmp_path / "backups")


@pytest.mark.parametrize(
    "at", ["_restore_files", "_restore_caches", "_restore_small_files", "read_sqlite", "open_engine", "_restore_sqlite"]
)
def test_an_interrupted_restore_is_continued(
    pattern: Settings, backups: Path, new: Settings, monkeypatch: pytest.MonkeyPatch, at: str
) -> None:
    with monkeypatch.context() as patched:
        break_off(patched, restoring, at)
        with pytest.raises(Killed):
            restore(new, backups)
    with pytest.raises(StoreUnavailable, match="is being restored"):
        open_store(new)
    assert restore(new, backups).continued
    assert kept.all_rows(new) == kept.all_rows(pattern)


def test_a_restore_that_died_after_its_last_step_is_finished(backups: Path, new: Settings) -> None:
    restore(new, backups)
    (new.data_dir / RESTORING).write_text(json.dumps({"backup": newest_backup(backups).name}))
    assert restore(new, backups).continued
    with open_store(new) as store:
        assert len(store.documents.ids()) == 4


def test_a_restore_onto_a_full_disk_continues_when_there_is_room(backups: Path, new: Settings) -> None:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, before[1]))  # the records have more
    try:
        with pytest.raises(BadBackup, match="cannot be written") as refused:
            restore(new, backups)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert "it continues" in refused.value.try_next
    assert restore(new, backups).continued


def test_another_backup_does_not_continue_it(
    own: Settings, new: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = back_up(own, tmp_path / "backups"), back_up(own, tmp_path / "backups")
    with monkeypatch.context() as patched:
        break_off(patched, restoring, "_restore_files")
        with pytest.raises(Killed):
            restore(new, first.folder)
    with pytest.raises(BadBackup, match="restore of another backup"):
        restore(new, second.folder)
    restore(new, first.folder)


# ------------------------------------------------------------------ what is refused


@pytest.mark.parametrize("there", ["pushcart.sqlite3", "pushcart.sqlite3-wal"])
def test_a_restore_replaces_nothing(backups: Path, new: Settings, there: str) -> None:
    new.data_dir.mkdir()
    (new.data_dir / there).write_bytes(b"something")
    with pytest.raises(BadBackup, match="does not replace anything") as refused:
        restore(new, backups)
    assert "move what is there elsewhere" in refused.value.try_next
    assert [path.name for path in new.data_dir.iterdir()] == [there]


def test_files_that_are_there_are_used_and_page_caches_are_replaced(
    pattern: Settings, own: Settings, backups: Path
) -> None:
    for path in own.data_dir.glob("pushcart.sqlite3*"):
        path.unlink()
    (own.data_dir / "harvest" / "newer.sqlite").write_bytes(b"knows files that the records do not")
    damaged = next((own.data_dir / "files").glob("??/*"))
    damaged.write_bytes(b"other bytes")
    (own.data_dir / "secret-key").write_text("ab" * 32)
    done = restore(own, backups)
    assert done.kept == (str(own.data_dir / "secret-key"),)
    assert [path.name for path in (own.data_dir / "harvest").iterdir()] == ["sample.sqlite"]
    assert damaged.read_bytes() == (pattern.data_dir / "files" / damaged.parent.name / damaged.name).read_bytes()
    assert kept.all_rows(own) == kept.all_rows(pattern)


def changed(backups: Path, tmp_path: Path, **values: object) -> Path:
    folder = shutil.copytree(backups, tmp_path / "changed")
    backup = newest_backup(folder)
    write_manifest(backup, replace(read_manifest(backup), **values))  # type: ignore[arg-type]
    return folder


def test_a_newer_backup_is_refused(backups: Path, new: Settings, tmp_path: Path) -> None:
    newer = changed(backups, tmp_path, schema="9999", pushcart="7.0")
    with pytest.raises(BadBackup, match=f"made by Pushcart 7.0.*9999.*{NEWEST_MIGRATION}") as refused:
        restore(new, newer)
    assert "Install that Pushcart" in refused.value.try_next
    assert not new.data_dir.exists()


def test_a_backup_of_another_kind_of_database_is_refused(backups: Path, new: Settings, tmp_path: Path) -> None:
    with pytest.raises(BadBackup, match="is of postgresql, and the settings name sqlite"):
        restore(new, changed(backups, tmp_path, database="postgresql"))


def flip(path: Path) -> None:
    whole = bytearray(path.read_bytes())
    whole[len(whole) // 2] ^= 1
    path.write_bytes(whole)


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("manifest.json", flip),
        ("manifest.json", lambda path: path.write_bytes(path.read_bytes()[:40])),
        ("manifest.json", lambda path: path.write_text("[]")),
        ("manifest.json", Path.unlink),
        ("records.sqlite3", flip),
        ("records.sqlite3", Path.unlink),
        ("files.txt", flip),
        ("files.txt", Path.unlink),
        ("secret-key", flip),
        ("../files/??/*", flip),
        ("../files/??/*", Path.unlink),
        ("../files/??/*", lambda path: path.write_bytes(b"")),
    ],
)
def test_a_damaged_backup_is_refused_and_verify_says_so(
    backups: Path, new: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, damage
) -> None:
    folder = tmp_path / "damaged"
    shutil.copytree(backups, folder)
    damage(next(newest_backup(folder).glob(name)))
    with pytest.raises(BadBackup):
        restore(new, folder)
    assert not (new.data_dir / "pushcart.sqlite3").exists()
    assert run(["verify", str(folder)]) == 1
    assert str(folder) in capsys.readouterr().out


# ------------------------------------------------------------------ the commands


def test_the_commands_go_the_whole_way(
    own: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(own.data_dir))
    assert run(["backup", str(tmp_path / "backups"), "--keep", "3"]) == 0
    assert run(["verify", str(tmp_path / "backups")]) == 0
    assert run(["restore", str(tmp_path / "backups")]) == 1
    assert "does not replace anything" in capsys.readouterr().err
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "new"))
    assert run(["restore", str(tmp_path / "backups"), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["documents"], told["files"], told["indexed"]) == (4, 4, 4)
    assert run(["verify", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize("command", [["backup", "elsewhere"], ["verify"]])
def test_without_a_data_folder_none_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path / "none"))
    assert run(command) == 1
    assert "There is no data folder" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


# ------------------------------------------------------------------ PostgreSQL


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgresql_server() as url:
        yield url


def test_postgresql_is_dumped_and_loaded_into_an_empty_database(server: str, tmp_path: Path) -> None:
    with new_postgresql_database(server) as one, new_postgresql_database(server) as other:
        settings = Settings(data_dir=tmp_path / "one", database_url=one)
        kept.fill(settings)
        back_up(settings, tmp_path / "backups")
        into = Settings(data_dir=tmp_path / "other", database_url=other)
        with pytest.raises(BadBackup, match="does not replace anything"):
            restore(into, tmp_path / "backups")
        _empty(other)
        restore(into, tmp_path / "backups")
        kept.index(into)
        assert kept.state(into) == kept.state(settings)


def _empty(url: str) -> None:
    import sqlalchemy as sa

    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    engine.dispose()

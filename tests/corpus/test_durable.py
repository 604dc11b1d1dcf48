"""What is on disk when a command says so: SQLite waits for the disk, and so do stored files and their folders."""

from __future__ import annotations

import importlib.util
import os
from pathlib import Path

import pytest

from corpus import durable
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import opening
from corpus.store.opening import open_engine


def test_every_commit_waits_for_the_disk(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Tests run without waiting: what counts is what the module says before they change it.
    spec = importlib.util.find_spec("corpus.store.opening")
    assert spec is not None
    assert spec.loader is not None
    fresh = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(fresh)
    assert fresh.SYNCHRONOUS == "FULL"
    monkeypatch.setattr(opening, "SYNCHRONOUS", fresh.SYNCHRONOUS)
    engine = open_engine(settings)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    engine.dispose()


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of what was synced, in order, and what was renamed meanwhile."""
    told: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        told.append(f"sync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def rename(self: Path, target: Path) -> Path:
        told.append(f"rename {Path(target).name}")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(Path, "replace", rename)
    return told


def test_a_stored_file_is_synced_before_it_has_its_name_and_its_folder_after(
    settings: Settings, synced: list[str]
) -> None:
    files = open_files(settings)
    sha256 = files.put(b"bytes")
    assert synced[0].endswith(".part")
    assert synced[1:] == [f"rename {sha256}", f"sync {sha256[:2]}", "sync files"]
    synced.clear()
    files.put(b"bytes")
    assert synced == []


def test_a_whole_file_replaces_another_in_one_step(tmp_path: Path, synced: list[str]) -> None:
    path = tmp_path / "manifest.json"
    durable.write_whole(path, b"one")
    durable.write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [each.split()[0] for each in synced] == ["sync", "rename", "sync"] * 2
    assert synced[-1] == f"sync {tmp_path.name}"
    assert list(tmp_path.iterdir()) == [path]

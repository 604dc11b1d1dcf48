"""What is kept is its owner's alone, also under a lax umask, also when it was open before."""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from corpus.files import open_files
from corpus.private import close_to_others, make_private
from corpus.settings import Settings
from corpus.store import open_store
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import make_document
from tests.search_api.test_api import save


@pytest.fixture(autouse=True)
def lax_umask() -> Iterator[None]:
    before = os.umask(0)
    yield
    os.umask(before)


def rights(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def keep_something(settings: Settings) -> None:
    open_files(settings).put(b"bytes")
    with open_store(settings) as store:
        save(store, make_document("d1"))
        bring_up_to_date(open_engine(settings), store)


def test_nobody_else_can_enter_the_data_folder(settings: Settings) -> None:
    keep_something(settings)
    assert rights(settings.data_dir) == 0o700
    assert rights(settings.index_dir) == 0o700
    assert rights(settings.data_dir / "files") == 0o700
    assert rights(settings.data_dir / "pushcart.sqlite3") == 0o600


def test_what_was_open_to_others_is_closed_and_that_is_said(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    keep_something(settings)
    settings.data_dir.chmod(0o755)
    (settings.data_dir / "pushcart.sqlite3").chmod(0o644)
    with caplog.at_level(logging.WARNING), open_store(settings) as store:
        assert (rights(settings.data_dir), rights(settings.data_dir / "pushcart.sqlite3")) == (0o700, 0o600)
        save(store, make_document("d2"))
        beside = list(settings.data_dir.glob("pushcart.sqlite3-*"))
        assert beside
        assert {rights(each) for each in beside} == {0o600}
    assert "restricted to its owner" in caplog.text


def test_folders_that_hold_more_than_ours_are_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shared, work = tmp_path / "shared", tmp_path / "work" / "below"
    shared.mkdir()
    shared.chmod(0o1777)
    make_private(shared)
    work.mkdir(parents=True)
    monkeypatch.chdir(work)
    for folder in (work, work.parent):
        folder.chmod(0o755)
        make_private(folder)
        assert rights(folder) == 0o755
    assert rights(shared) == 0o1777


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_text("x")
    target.chmod(0o644)
    link.symlink_to(target)
    close_to_others(link)
    assert rights(target) == 0o644

"""The key that cursors are signed with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from corpus.errors import BadSettings
from corpus.secret_key import NAME, passing_key, secret_key_of
from corpus.settings import Settings


def test_a_key_is_made_once_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "new")
    first, second = secret_key_of(settings)(), secret_key_of(settings)()
    assert first == second
    assert len(first) == 32
    assert (settings.data_dir / NAME).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in settings.data_dir.iterdir()] == [NAME]


def test_processes_that_start_at_once_read_one_key(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from corpus.settings import Settings; from corpus.secret_key import secret_key_of;"
        "print(secret_key_of(Settings(data_dir=Path(sys.argv[1])))().hex())"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    keys = {process.communicate(timeout=60)[0] for process in running}
    assert len(keys) == 1
    assert len(keys.pop().strip()) == 64


def test_a_key_of_the_settings_is_the_same_on_every_machine(tmp_path: Path) -> None:
    made = [secret_key_of(Settings(data_dir=tmp_path / name, secret_key="sixteen letters."))() for name in "ab"]
    assert made[0] == made[1]
    assert not (tmp_path / "a").exists()


def test_a_short_key_is_refused() -> None:
    with pytest.raises(BadSettings, match="16 characters"):
        Settings(secret_key="secret")


def test_a_damaged_key_does_not_stop_the_site(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("zz")
    key = secret_key_of(Settings(data_dir=tmp_path))
    assert len(key()) == 32
    assert key() == key()


def test_a_folder_that_cannot_be_written_does_not_stop_the_site(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert len(secret_key_of(Settings(data_dir=tmp_path / "file" / "below"))()) == 32


def test_a_passing_key_is_one_of_its_own() -> None:
    assert passing_key()() != passing_key()()

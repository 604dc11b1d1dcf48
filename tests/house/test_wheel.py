"""What is installed without the checkout is whole."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.house import PACKAGES, ROOT, tracked_files


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a wheel made of what git keeps."""
    folder = tmp_path_factory.mktemp("wheel")
    for path in tracked_files():
        (folder / "checkout" / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / "checkout" / path).write_bytes((ROOT / path).read_bytes())
    build = [sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet", "--no-deps"]
    build += ["--no-build-isolation", "--no-index", "--wheel-dir", str(folder), str(folder / "checkout")]
    subprocess.run(build, check=True, capture_output=True, timeout=240)
    (made,) = folder.glob("*.whl")
    return made


@pytest.mark.slow
def test_a_wheel_holds_every_file_of_the_packages_and_nothing_else(wheel: Path) -> None:
    """Templates, source files, vocabulary and migrations are data: one that is forgotten is missed by an installed copy only."""
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
    assert packed == {path.as_posix() for path in tracked_files() if path.parts[0] in PACKAGES}


@pytest.mark.slow
def test_what_is_installed_from_it_adds_and_finds_a_document_outside_the_checkout(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "installed")
    (tmp_path / "papers").mkdir()
    text = "Street vendors in Lima work without social protection. " * 5
    (tmp_path / "papers" / "vendors.txt").write_text(text, encoding="utf-8")

    def ask(*arguments: str) -> str:
        # -P: not from the current folder; the installed copy comes before the checkout, which tests have installed.
        where = {"PYTHONPATH": str(tmp_path / "installed"), "PUSHCART_DATA_DIR": str(tmp_path / "data")}
        command = [sys.executable, "-P", "-m", "pushcart", *arguments]
        ended = subprocess.run(
            command, cwd=tmp_path, env=os.environ | where, capture_output=True, text=True, timeout=120, check=False
        )
        assert ended.returncode == 0, ended.stderr
        return ended.stdout

    where = "import pushcart, corpus; print(pushcart.__file__, corpus.__file__)"
    places = subprocess.run(
        [sys.executable, "-P", "-c", where],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path / "installed")},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert all(each.startswith(str(tmp_path / "installed")) for each in places)
    assert ask("--version").startswith("pushcart ")
    ask("add", "papers")
    assert json.loads(ask("search", "ambulantes", "--json"))["total"] == 1

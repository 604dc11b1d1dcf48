"""What is installed without the checkout is whole."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.house import PACKAGES, ROOT, tracked_files


@pytest.mark.slow
def test_a_wheel_holds_every_file_of_the_packages_and_nothing_else(tmp_path: Path) -> None:
    """Templates, source files, vocabulary and migrations are data: one that is forgotten is missed by an installed copy only."""
    copy = tmp_path / "checkout"
    for path in tracked_files():
        (copy / path).parent.mkdir(parents=True, exist_ok=True)
        (copy / path).write_bytes((ROOT / path).read_bytes())
    build = [
        sys.executable,
        "-m",
        "pip",
        "--disable-pip-version-check",
        "wheel",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
    ]
    subprocess.run([*build, "--no-index", "--wheel-dir", tmp_path, copy], check=True, capture_output=True, timeout=240)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if not name.split("/")[0].endswith(".dist-info")}
    assert packed == {path.as_posix() for path in tracked_files() if path.parts[0] in PACKAGES}

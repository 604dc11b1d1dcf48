"""How long it takes until one's own PDFs can be searched, beside Recoll's indexer on the same folder in the same run.

    python -m benchmarks.adding FOLDER [--rounds 2]

FOLDER is read only. Recoll (Debian's `recollcmd`, with `pdftotext` of poppler-utils) reads texts and indexes them; it knows nothing
of titles, tables, tags and copies. Shown are wall-clock and processor seconds of each, and Pushcart's as a multiple of Recoll's.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Spent:
    """What a command took, with all processes that it started."""

    wall: float
    """Seconds."""
    processor: float
    """Seconds, of all cores."""


def spent_by(command: Sequence[str], *, more: Mapping[str, str]) -> Spent:
    """Run a command to its end.

    Raises subprocess.CalledProcessError: it failed.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def with_recoll(folder: Path, scratch: Path) -> Spent:
    """Index a folder with Recoll, from nothing."""
    settings = scratch / "recoll"
    settings.mkdir()
    (settings / "recoll.conf").write_text(f"topdirs = {folder}\nskippedNames =\n", encoding="utf-8")
    return spent_by(["recollindex", "-c", str(settings), "-z"], more={})


def with_pushcart(folder: Path, scratch: Path) -> Spent:
    """Add a folder to Pushcart, from nothing, until all of it can be searched."""
    data = {"PUSHCART_DATA_DIR": str(scratch / "data")}
    return spent_by([sys.executable, "-m", "pushcart", "add", str(folder)], more=data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rounds", type=int, default=2)
    asked = parser.parse_args()
    if shutil.which("recollindex") is None:
        sys.exit("recollindex is not installed: it comes with Debian's package recollcmd.")
    for number in range(1, asked.rounds + 1):
        with tempfile.TemporaryDirectory() as scratch:
            recoll = with_recoll(asked.folder.resolve(), Path(scratch))
            pushcart = with_pushcart(asked.folder.resolve(), Path(scratch))
        load = os.getloadavg()[0]
        print(f"round {number}, load {load:.1f}")
        print(f"  recollindex   {recoll.wall:7.1f} s  {recoll.processor:7.1f} s of processor")
        print(f"  pushcart add  {pushcart.wall:7.1f} s  {pushcart.processor:7.1f} s of processor")
        print(f"  ratio         {pushcart.wall / recoll.wall:7.2f}    {pushcart.processor / recoll.processor:7.2f}")


if __name__ == "__main__":
    main()

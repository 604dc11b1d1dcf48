"""How long it takes until one's own PDFs can be searched, beside Recoll's indexer on the same folder in the same run.

    python -m benchmarks.adding FOLDER [--rounds 2]

FOLDER is read only. Recoll (Debian's `recollcmd`, with `pdftotext` of poppler-utils) reads texts and indexes them; it knows nothing
of titles, tables, tags and copies. Shown are wall-clock and processor seconds of each, and Pushcart's as a multiple of Recoll's:
until the first documents can be searched, until all can be, and until all are related too.
"""

from __future__ import annotations

import argparse
import contextlib
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

import psutil


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


@dataclass(frozen=True, slots=True)
class Added:
    """What `pushcart add` took until three moments."""

    first: Spent
    """The first documents could be searched."""
    searchable: Spent
    """All documents could be searched, with their tags."""
    done: Spent
    """They were related too, and the command had ended."""


def with_pushcart(folder: Path, scratch: Path) -> Added:
    """Add a folder to Pushcart, from nothing.

    Raises subprocess.CalledProcessError: it failed.
    """
    more = {"PUSHCART_DATA_DIR": str(scratch / "data"), "PUSHCART_LANGUAGE": "en"}
    command = [sys.executable, "-m", "pushcart", "add", str(folder)]
    moments: list[Spent] = []
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    with subprocess.Popen(
        command, env=os.environ | more, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stderr is not None
        for line in running.stderr:
            if "can be searched now" in line:
                moments.append(Spent(time.perf_counter() - began, _processor_seconds(running.pid)))
    if running.returncode:
        raise subprocess.CalledProcessError(running.returncode, command)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = Spent(time.perf_counter() - began, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    first, *_, last = (
        [*moments, done, done] if len(moments) < 2 else moments
    )  # of a few documents nothing is said between
    return Added(first, last, done)


def _processor_seconds(pid: int) -> float:
    """Return what a process and all below it have taken so far, those included that have ended."""
    top = psutil.Process(pid)
    total = 0.0
    for process in (top, *top.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess):
            total += sum(process.cpu_times()[:4])
    return total


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
        print("  pushcart add, until")
        for what, spent in (
            ("the first can be searched", pushcart.first),
            ("all can be searched", pushcart.searchable),
            ("all is done", pushcart.done),
        ):
            print(
                f"    {what:<26} {spent.wall:7.1f} s  {spent.processor:7.1f} s of processor"
                f"  ratio {spent.wall / recoll.wall:6.2f} {spent.processor / recoll.processor:6.2f}"
            )


if __name__ == "__main__":
    main()

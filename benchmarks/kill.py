"""Kill `pushcart add`, `process` and `index` with signal 9 at random moments, run them again, and compare with an undisturbed run.

    .venv/bin/python -m benchmarks.kill --rounds 10 --files 24

Compared are the whole record store (times, sequence numbers and row numbers aside), the bytes in the file store, and the
answers of `pushcart search --json`. tests/end_to_end runs two rounds of the same.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psutil
import sqlalchemy as sa

from corpus.files import open_files
from corpus.store import open_store
from corpus.store.opening import database_url
from corpus.store.tables import metadata
from pushcart.adding import OWN, add_file, find_files
from pushcart.cli import run as run_here
from tests.end_to_end.servers import copy_folder, remove_folder, services_of, settings_of

COMMAND = Path(sys.executable).with_name("pushcart")
QUERIES = (
    ["child labour"],
    ["street vendors", "--limit", "50"],
    ["domestic workers OR agriculture"],
    ['"informal economy"'],
    ["", "--sort", "oldest", "--limit", "100"],
)
STEPS = ("add", "process", "index")

_NOT_COMPARED = {
    "fetched_files": {"id", "first_seen", "fetched_at", "last_seen"},
    "file_versions": {"id", "fetched_at"},
    "readings": {"seconds"},
    "documents": {"first_seen", "first_sequence"},
    "changes": {"sequence", "at"},
    "counters": {"value"},
    "runs": {"id", "started", "report"},
    "work_profiles": {"number"},
}
"""Columns that say when or in which order, by table. A column that is not named here is compared."""
_BY_DOCUMENT = {"work_keys": "profile"}
"""Columns that name a document by the number of its profile, which is given in order."""

_ORDER_OF_RUNS = {"score", "seconds", "indexed", "first_seen", "first_sequence", "next"}
"""Keys of an answer that may differ between two runs: times, sequence numbers, and what depends on how the index is cut up."""


@dataclass(frozen=True, slots=True)
class Kept:
    """What a data folder holds, in a form in which two can be compared."""

    tables: dict[str, list[str]]
    """Rows as JSON, sorted."""
    files: list[str]
    answers: list[Any]


@dataclass(slots=True)
class Round:
    """One kill."""

    step: str
    at_seconds: float
    was_running: bool
    """False: the command had ended before the signal."""
    rerun_code: int = -1
    left_behind: int = 0
    """Processes of the killed command that were still there ten seconds later."""
    differences: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Say whether the second run repaired everything."""
        return self.rerun_code == 0 and not self.differences and not self.left_behind


def environment(data_dir: Path) -> dict[str, str]:
    """Return the environment of a command that works on a data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
    return kept | {"PUSHCART_DATA_DIR": str(data_dir), "PUSHCART_WORKERS": "2"} | services_of(data_dir)


def run(arguments: Sequence[str], *, data_dir: Path) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [COMMAND, *arguments],
        env=environment(data_dir),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=600,
        check=False,
    )


def kill_during(arguments: Sequence[str], *, data_dir: Path, at_seconds: float) -> tuple[bool, int]:
    """Start a command, kill its main process after so many seconds.

    Returns whether it was still running, and how many of its other processes were there ten seconds later.
    """
    process = subprocess.Popen(
        [COMMAND, *arguments],
        env=environment(data_dir),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(at_seconds)
        return False, 0
    except subprocess.TimeoutExpired:
        family = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGKILL)
        process.wait()
        _, left = psutil.wait_procs(family, timeout=10)
        for each in left:
            each.kill()
        return True, len(left)


def kept_in(data_dir: Path) -> Kept:
    """Return what a data folder holds."""
    return Kept(tables=_tables(data_dir), files=list(_files(data_dir)), answers=[_answer(q, data_dir) for q in QUERIES])


def _tables(data_dir: Path) -> dict[str, list[str]]:
    engine = sa.create_engine(database_url(settings_of(data_dir)))
    with engine.connect() as connection:
        found = {}
        profiles = dict(connection.execute(sa.text("SELECT number, document_id FROM work_profiles")).tuples().all())
        for table in metadata.sorted_tables:
            if table.name == "identity":  # made at random with each database
                continue
            columns = [column for column in table.c if column.name not in _NOT_COMPARED.get(table.name, ())]
            rows = [dict(row) for row in connection.execute(sa.select(*columns)).mappings()]
            if (numbered := _BY_DOCUMENT.get(table.name)) is not None:
                rows = [{**row, numbered: profiles[row[numbered]]} for row in rows]
            found[table.name] = sorted(json.dumps(row, sort_keys=True, default=str) for row in rows)
    engine.dispose()
    # A document may be updated once more by a second run, but it is added once.
    found["changes"] = [row for row in found["changes"] if '"added"' in row or '"removed"' in row]
    return found


def _files(data_dir: Path) -> Iterator[str]:
    """Yield every file of the file store, and whether its bytes are those that its name promises."""
    for path in sorted((data_dir / "files").rglob("*")):
        if path.is_file():
            is_whole = hashlib.sha256(path.read_bytes()).hexdigest() == path.name
            yield f"{path.relative_to(data_dir)}{'' if is_whole else ' IS NOT WHOLE'}"


def _answer(query: Sequence[str], data_dir: Path) -> Any:
    """Return what `pushcart search` answers, asked in this process: five new ones for each look take longer than the kills."""
    answer, said = io.StringIO(), io.StringIO()
    with patch.dict(os.environ, environment(data_dir), clear=True), redirect_stdout(answer), redirect_stderr(said):
        code = run_here(["search", *query, "--json"])
    if code != 0:
        return f"search {query} ended with {code}: {said.getvalue().strip()[-300:]}"
    return _plain(json.loads(answer.getvalue()))


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items() if name not in _ORDER_OF_RUNS}
    return [_plain(each) for each in value] if isinstance(value, list) else value


def differences(found: Kept, *, expected: Kept) -> list[str]:
    """Say in lines what is missing, too much, or answered otherwise; empty when nothing is."""
    lines = []
    for name, rows in expected.tables.items():
        for word, some in (
            ("missing", set(rows) - set(found.tables[name])),
            ("too much", set(found.tables[name]) - set(rows)),
        ):
            lines += [f"{name}: {word}: {row[:300]}" for row in sorted(some)[:3]]
        if not lines and len(rows) != len(found.tables[name]):
            lines.append(f"{name}: {len(found.tables[name])} rows, {len(rows)} expected")
    if found.files != expected.files:
        lines.append(f"files: {sorted(set(found.files) ^ set(expected.files))[:4]}")
    for query, answer, wanted in zip(QUERIES, found.answers, expected.answers, strict=True):
        if answer != wanted:
            lines.append(f"search {query}: {_first_difference(answer, wanted)}")
    return lines


def _first_difference(found: Any, wanted: Any, *, at: str = "") -> str:
    if isinstance(found, dict) and isinstance(wanted, dict):
        for name in sorted(found.keys() | wanted.keys()):
            if found.get(name) != wanted.get(name):
                return _first_difference(found.get(name), wanted.get(name), at=f"{at}.{name}")
    if isinstance(found, list) and isinstance(wanted, list):
        for place, (one, other) in enumerate(zip(found, wanted, strict=False)):
            if one != other:
                return _first_difference(one, other, at=f"{at}[{place}]")
    return f"at {at or 'the top'} {str(found)[:200]!r} instead of {str(wanted)[:200]!r}"


class Harness:
    """Prepared data folders for each step, and what an undisturbed run makes of them."""

    def __init__(self, documents: Path, *, scratch: Path) -> None:
        self._documents = documents
        self.scratch = scratch
        self._prepared: dict[str, Path | None] = {
            "add": None,
            "process": scratch / "added",
            "index": scratch / "processed",
        }
        self.seconds: dict[str, float] = {}
        """What each step takes undisturbed."""
        self.expected = self._undisturbed()

    def _undisturbed(self) -> Kept:
        self._time("add", self.scratch / "undisturbed")
        self._keep_only(self.scratch / "added")
        processed = self._copy("process", "processed-undisturbed")
        self._time("process", processed)
        copy_folder(processed, self.scratch / "processed", with_index=False)
        self._time("index", self._copy("index", "indexed-undisturbed"))
        return kept_in(self.scratch / "undisturbed")

    def _keep_only(self, data_dir: Path) -> None:
        """Add the documents without reading them: what a harvest leaves for `pushcart process`."""
        settings = settings_of(data_dir)
        with open_store(settings) as store:
            files = open_files(settings)
            store.sources.save(OWN)
            for own in find_files([self._documents]).files:
                add_file(own, store=store, files=files)

    def _time(self, step: str, data_dir: Path) -> None:
        started = time.monotonic()
        done = run(self.arguments(step), data_dir=data_dir)
        self.seconds[step] = time.monotonic() - started
        if done.returncode != 0:
            raise SystemExit(f"pushcart {step} failed undisturbed: {done.stderr.strip()}")

    def arguments(self, step: str) -> list[str]:
        """Return what is typed after `pushcart`."""
        return ["add", str(self._documents)] if step == "add" else [step]

    def _copy(self, step: str, name: str) -> Path:
        target = self.scratch / name
        remove_folder(target)
        if prepared := self._prepared[step]:
            copy_folder(prepared, target, with_index=False)
        return target

    def round(self, step: str, *, at_seconds: float) -> Round:
        """Kill a step once, run it again, and compare."""
        data_dir = self._copy(step, "killed")
        was_running, left = kill_during(self.arguments(step), data_dir=data_dir, at_seconds=at_seconds)
        ended = Round(step, at_seconds, was_running, left_behind=left)
        again = run(self.arguments(step), data_dir=data_dir)
        ended.rerun_code = again.returncode
        if again.returncode != 0:
            ended.differences.append(f"the second run: {again.stderr.strip()[-300:]}")
        if step == "process":
            run(["index"], data_dir=data_dir)
        ended.differences += differences(kept_in(data_dir), expected=self.expected)
        return ended


def moments(seconds: float, *, rounds: int, chance: random.Random) -> list[float]:
    """Return moments spread over a duration: one at random in each of `rounds` equal parts."""
    return [seconds * (part + chance.random()) / rounds for part in range(rounds)]


def choose_documents(folder: Path, target: Path, *, count: int) -> Path:
    """Copy `count` PDFs of a folder, evenly chosen by name, with some of their paths kept apart; returns `target`."""
    found = sorted(folder.rglob("*.pdf"))
    chosen = found[:: max(1, len(found) // count)][:count]
    for path in chosen:
        place = target / path.parent.name / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    if chosen:  # the same bytes under a second name: one document, two copies
        shutil.copyfile(chosen[0], target / "the same again.pdf")
    return target


def main() -> int:
    """Kill every step `--rounds` times and print a table; returns 0 when every round ended as it should."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument(
        "folder", type=Path, nargs="?", default=Path("../shared/data/pdf-policy"), help="folder of PDFs"
    )
    options.add_argument("--rounds", type=int, default=10, help="kills of each step")
    options.add_argument("--files", type=int, default=24, help="PDFs of the folder that are used")
    options.add_argument("--seed", type=int, default=20261123)
    options.add_argument("--step", choices=STEPS, action="append", help="only this step")
    given = options.parse_args()
    if not given.folder.is_dir():
        print(f"There is no folder {given.folder}. Name a folder of PDFs.")
        return 2
    chance = random.Random(given.seed)
    with tempfile.TemporaryDirectory(prefix="pushcart-kill-") as name:
        scratch = Path(name)
        documents = choose_documents(given.folder, scratch / "documents", count=given.files)
        harness = Harness(documents, scratch=scratch)
        print(f"{given.files} PDFs, {len(harness.expected.tables['documents'])} documents, seed {given.seed}")
        rounds = []
        for step in given.step or STEPS:
            print(f"{step}: {harness.seconds[step]:.1f} s undisturbed")
            for at_seconds in moments(harness.seconds[step], rounds=given.rounds, chance=chance):
                rounds.append(harness.round(step, at_seconds=at_seconds))
                _print_round(rounds[-1])
    good = sum(each.is_good for each in rounds)
    print(
        f"{good} of {len(rounds)} rounds ended like the undisturbed run; {sum(each.was_running for each in rounds)} were killed"
    )
    return 0 if good == len(rounds) else 1


def _print_round(ended: Round) -> None:
    killed = "killed" if ended.was_running else "had ended"
    print(f"  {ended.at_seconds:6.2f} s  {killed:9}  {'the same' if ended.is_good else 'DIFFERENT'}", flush=True)
    for line in ended.differences:
        print(f"      {line}")
    if ended.left_behind:
        print(f"      {ended.left_behind} processes were left behind")


if __name__ == "__main__":
    sys.exit(main())

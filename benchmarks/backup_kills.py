"""Kill `pushcart backup` and `restore` with signal 9 at random moments, run them again, and compare; then back up under load.

    .venv/bin/python -m benchmarks.backup_kills --kills 30
    .venv/bin/python -m benchmarks.backup_kills --kills 30 --database postgresql
    .venv/bin/python -m benchmarks.backup_kills --kills 0 --load 60

After each kill of a backup, every folder that would be taken for a whole backup is verified and one of them is restored. After
each kill of a restore, other commands must refuse or see everything, and the same command must finish it. Under load, a harvest,
searches, new followers and the matching of alerts go on while backups are made, and each of them is restored and verified.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.kill import COMMAND, moments
from corpus.alerts import Frequency
from corpus.backup import back_up, restore
from corpus.backup.manifest import newest_backup, whole_backups
from corpus.errors import BadBackup
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import load_vocabulary
from nlp.works import relate_waiting
from pushcart.lock import only_one
from pushcart.verifying import verify, verify_backup
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests import kept_collection as kept
from tests.alerts.sending.receivers import mail_catcher
from tests.postgresql import postgresql_server


@dataclass(slots=True)
class Tally:
    """What came of the kills."""

    counts: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)


def environment(settings: Settings) -> dict[str, str]:
    """Return the environment of a command with these settings."""
    kept_names = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
    given = {"PUSHCART_DATA_DIR": str(settings.data_dir), "PUSHCART_DATABASE_URL": settings.database_url}
    return kept_names | given


def run(arguments: Sequence[str], settings: Settings, *, kill: tuple[Path, str, float] | None = None) -> int | None:
    """Run a command, and return its exit code; None: it was killed.

    Args:
        kill: folder, pattern and seconds: it is killed so many seconds after a file of that pattern is in the folder, because
            most of its time goes by before it does anything.
    """
    process = subprocess.Popen(
        [COMMAND, *arguments],
        env=environment(settings),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    if kill is None:
        return process.wait(600)
    folder, pattern, seconds = kill
    while process.poll() is None and not any(folder.glob(pattern)):
        time.sleep(0.002)
    try:
        return process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGKILL)  # it alone: pg_dump and pg_restore are left to themselves
        process.wait()
        return None


def seconds_of(arguments: Sequence[str], settings: Settings, *, folder: Path, pattern: str) -> float:
    """Run a command undisturbed, and return how long it took after a file of a pattern was in a folder."""
    began: list[float] = []

    def watch() -> None:
        while not any(folder.glob(pattern)):
            time.sleep(0.002)
        began.append(time.monotonic())

    watching = threading.Thread(target=watch, daemon=True)
    watching.start()
    if (code := run(arguments, settings)) != 0:
        raise SystemExit(f"pushcart {arguments} ended with {code}")
    return time.monotonic() - began[0]


class Databases:
    """Makes settings with an empty database each."""

    def __init__(self, scratch: Path, server: str) -> None:
        self._scratch, self._server, self._number = scratch, server, 0

    def new(self) -> Settings:
        """Return settings of an empty data folder, and an empty database with PostgreSQL."""
        self._number += 1
        folder = self._scratch / f"data{self._number}"
        if not self._server:
            return Settings(data_dir=folder)
        name = f"kills_{self._number}"
        engine = sa.create_engine(self._server, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        engine.dispose()
        url = sa.make_url(self._server).set(database=name).render_as_string(hide_password=False)
        return Settings(data_dir=folder, database_url=url)

    def drop(self, settings: Settings) -> None:
        """Remove a data folder; its database stays until the server ends."""
        shutil.rmtree(settings.data_dir, ignore_errors=True)


def comparable(settings: Settings) -> dict[str, Any]:
    """Return rows and files."""
    return {"rows": kept.all_rows(settings), "files": kept.all_files(settings)}


def kill_backups(source: Settings, folder: Path, databases: Databases, *, kills: int, chance: random.Random) -> Tally:
    """Kill backups, and restore what is whole after each kill."""
    tally, expected = Tally(), comparable(source)
    whole = folder / "undisturbed"
    first = seconds_of(["backup", str(whole)], source, folder=whole, pattern="*.unfinished")
    second = seconds_of(["backup", str(whole)], source, folder=whole, pattern="*.unfinished")
    print(f"backup: {first:.2f} s undisturbed, without the start; {second:.2f} s into the same folder")
    number = 0
    while tally.counts["killed"] < kills:
        number += 1
        target = folder / f"kills{number % 2}"
        if number % 2:  # the other folder has backups, or halves of them
            shutil.rmtree(target, ignore_errors=True)
        at = chance.uniform(0, first if number % 2 else second)
        code = run(["backup", str(target), "--keep", "3"], source, kill=(target, "*.unfinished", at))
        tally.counts["killed" if code is None else "ended before"] += 1
        tally.counts["left a half"] += any(target.glob("*.unfinished"))
        if not whole_backups(target):
            try:
                restore(databases.new(), target)
                tally.faults.append(f"half a backup was restored after kill {number}")
            except BadBackup:
                tally.counts["half refused"] += 1
        for backup in whole_backups(target):
            tally.faults += [f"whole backup after kill {number}: {each.message}" for each in verify_backup(backup)]
        back_up(source, target, keep=3)
        if any(target.glob("*.unfinished")):
            tally.faults.append(f"the backup after kill {number} left half a backup")
        into = databases.new()
        restore(into, target)
        if comparable(into) != expected:
            tally.faults.append(f"after kill {number} the restored records or files are others")
        databases.drop(into)
    return tally


def kill_restores(source: Settings, backups: Path, databases: Databases, *, kills: int, chance: random.Random) -> Tally:
    """Kill restores, look what other commands see, and run them again."""
    tally, expected, found = Tally(), comparable(source), kept.found(source)
    probe = databases.new()
    seconds = seconds_of(["restore", str(backups)], probe, folder=probe.data_dir, pattern="restoring.json")
    databases.drop(probe)
    print(f"restore with index: {seconds:.1f} s undisturbed, without the start")
    for number, at in enumerate(moments(seconds, rounds=kills, chance=chance)):
        into = databases.new()
        code = run(["restore", str(backups)], into, kill=(into.data_dir, "restoring.json", at))
        tally.counts["killed" if code is None else "ended before"] += 1
        half = (into.data_dir / "restoring.json").exists()
        tally.counts["left a half"] += half
        if half and run(["status"], into) != 1:
            tally.faults.append(f"after kill {number} `status` opened half a restore")
        if code is None:
            again = run(["restore", str(backups)], into)
            # all was in place, and only the index was missing: the command says that something exists
            if again == 1 and not half:
                tally.counts["killed while indexing"] += 1
                again = run(["index"], into)
            if again != 0:
                tally.faults.append(f"the restore after kill {number} ended with {again}")
        if comparable(into) != expected or kept.found(into) != found:
            tally.faults.append(f"after kill {number} records, files or answers are others")
        tally.faults += [f"after kill {number}: {each.message}" for each in verify(into)]
        databases.drop(into)
    return tally


# ---------------------------------------------------------------------- under load


@contextmanager
def load(settings: Settings, done: Counter[str]) -> Iterator[None]:
    """Harvest, add, index, search and follow while the block runs, each on its own, and let the worker of alerts run."""
    stop = threading.Event()
    vocabulary = load_vocabulary()

    def harvest(store: Store) -> None:
        kept.add_document(store, settings, f"n{done['documents']}")
        done["documents"] += 1
        stop.wait(0.05)

    def add(_: Store) -> None:
        folder = settings.data_dir.with_name("papers") / str(done["added"])
        folder.mkdir(parents=True)
        for number in range(10):
            words = " ".join(f"{random.getrandbits(40):x}" for _ in range(60))
            (folder / f"paper{number}.txt").write_text(f"Street vendors and waste pickers in Lima, {words}.")
        done["added"] += run(["add", str(folder)], settings) == 0

    def index(store: Store) -> None:
        with only_one(settings.data_dir, "process"):
            relate_waiting(store)
        with only_one(settings.data_dir, "index"), closing(open_engine(settings, vocabulary=vocabulary)) as engine:
            bring_up_to_date(engine, store)
        done["indexings"] += 1

    def search(_: Store) -> None:
        kept.found(settings, vocabulary=vocabulary)
        done["searches"] += 1

    def follow(store: Store) -> None:
        kept.follow(store, f"vendors n{done['followers']}", frequency=Frequency.AT_ONCE)
        kept.freeze(store, f"frozen {done['followers']}")
        done["followers"] += 1
        stop.wait(0.2)

    def repeat(work: Any) -> None:
        with open_store(settings) as store:
            while not stop.is_set():
                work(store)

    threads = [threading.Thread(target=repeat, args=(each,)) for each in (harvest, add, index, search, follow)]
    with mail_catcher() as mail:
        worker = subprocess.Popen(
            [COMMAND, "alerts", "run"],
            env=environment(settings)
            | {
                "PUSHCART_SMTP_HOST": "127.0.0.1",
                "PUSHCART_SMTP_PORT": str(mail.port),
                "PUSHCART_SMTP_SECURITY": "none",
                "PUSHCART_MAIL_FROM": "alerts@example.org",
            },
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for each in threads:
            each.start()
        try:
            yield
        finally:
            stop.set()
            for each in threads:
                each.join()
            worker.terminate()
            worker.wait()
            done["messages sent"] = len(mail.caught)


def not_of_one_moment(there: dict[str, Any], everything: dict[str, Any]) -> Iterator[str]:
    """Yield what a backup has that was never there, and what it lacks of that which came before its last change."""
    for table in ("changes", "file_versions", "frozen_searches"):
        if extra := set(there["rows"][table]) - set(everything["rows"][table]):
            yield f"{len(extra)} rows of {table} that were never there"
    numbers = {json.loads(row)["sequence"] for row in there["rows"]["changes"]}
    before = {row for row in everything["rows"]["changes"] if json.loads(row)["sequence"] <= max(numbers)}
    if lost := before - set(there["rows"]["changes"]):
        yield f"{len(lost)} changes are missing"
    if extra := set(there["files"].items()) - set(everything["files"].items()):
        yield f"{len(extra)} files that were never kept"


def back_up_under_load(source: Settings, folder: Path, databases: Databases, *, seconds: float) -> Tally:
    """Make backups while everything goes on, then restore and verify each of them."""
    tally, done, took = Tally(), Counter[str](), []
    with load(source, done):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            began = time.monotonic()
            if (code := run(["backup", str(folder)], source)) != 0:
                tally.faults.append(f"a backup under load ended with {code}")
            took.append(time.monotonic() - began)
    run(["index"], source)
    everything = comparable(source)
    for backup in whole_backups(folder):
        into = databases.new()
        run(["restore", str(backup)], into)
        tally.faults += [f"{backup.name}: {each.message}" for each in verify(into) if each.kind != "file_orphan"]
        there = comparable(into)
        tally.faults += [f"{backup.name}: {each}" for each in not_of_one_moment(there, everything)]
        tally.counts["backups restored"] += 1
        tally.counts["documents in the last"] = len(there["rows"]["documents"])
        databases.drop(into)
    print(f"load: {dict(done)}; a backup took {min(took):.1f} to {max(took):.1f} s")
    return tally


def told(what: str, tally: Tally) -> list[str]:
    """Print what came of the kills, and return the faults."""
    print(f"{what}: {dict(tally.counts)}, faults: {len(tally.faults)}", flush=True)
    return tally.faults


def main() -> int:
    """Kill and compare; returns 0 when nothing was lost."""
    options = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    options.add_argument("--kills", type=int, default=30, help="of each command")
    options.add_argument("--command", nargs="+", choices=("backup", "restore"), default=["backup", "restore"])
    options.add_argument("--documents", type=int, default=400)
    options.add_argument("--load", type=float, default=0.0, metavar="SECONDS", help="back up under load for so long")
    options.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    options.add_argument("--seed", type=int, default=20261130)
    given = options.parse_args()
    chance = random.Random(given.seed)
    server = postgresql_server() if given.database == "postgresql" else nullcontext("")
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="pushcart-backup-") as name, server as url:
        scratch = Path(name)
        databases = Databases(scratch, url)
        source = replace(databases.new(), workers=1)
        kept.fill(source, documents=given.documents)
        print(f"{given.database}, {given.documents} documents, seed {given.seed}")
        folder = scratch / "b"
        if given.kills and "backup" in given.command:
            faults += told("backup", kill_backups(source, folder, databases, kills=given.kills, chance=chance))
        if given.kills and "restore" in given.command:
            back_up(source, folder / "whole")
            backup = newest_backup(folder / "whole")
            faults += told("restore", kill_restores(source, backup, databases, kills=given.kills, chance=chance))
        if given.load:
            faults += told("under load", back_up_under_load(source, scratch / "load", databases, seconds=given.load))
    for each in faults[:20]:
        print(each)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Harvest a simulated publisher of 20,000 records and 5,000 PDFs over loopback: speed, memory, kills, requests per second.

    .venv/bin/python -m benchmarks.harvest_big --records 20000 --files 5000 --kills 20

Three harvests with the `pushcart harvest` command: one undisturbed, the same again (what a second run costs), and one into
another data folder that is killed with signal 9 at random moments and started again. The site logs each request: what was
sent twice, and the most requests within any second, are counted there. The baseline is the same 20,000 landing pages and
5,000 PDFs fetched one after the other by a plain loop (urllib3's kept connection, nothing kept on disk), in the same run.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path

import psutil

from corpus.settings import Settings
from corpus.store import open_store

COMMAND = Path(sys.executable).with_name("pushcart")
SOURCE = """
slug = "big"
name = "A Big Publisher"
protocol = "{protocol}"
start = ["http://127.0.0.1:{port}/{start}"]
{rules}
[polite]
delay_seconds = {delay}
requests_at_once = {at_once}
allow_private = true
"""
PROTOCOLS = {
    "oai": {"start": "oai", "rules": '[oai]\nlanding = "always"'},
    "sitemap": {"start": "sitemap.xml", "rules": ""},
}
"""What the source file says for each protocol; each record has a landing page to be read either way."""


@dataclass(frozen=True, slots=True)
class Logged:
    """One request that the site answered."""

    at: float
    """Seconds of the machine's monotonic clock."""
    target: str
    status: int
    size: int
    """Bytes of the body."""


@dataclass(slots=True)
class Memory:
    """Resident memory of the harvesting process, MiB, once a second."""

    samples: list[float]

    @property
    def start(self) -> float:
        """Return the memory when a tenth of the run was over: everything is loaded by then."""
        return self.samples[len(self.samples) // 10] if self.samples else 0.0

    @property
    def end(self) -> float:
        """Return the memory at the end."""
        return self.samples[-1] if self.samples else 0.0


@contextmanager
def big_site(records: int, files: int, log: Path) -> Iterator[int]:
    """Serve the site; gives the port. The log is whole when the context has ended."""
    server = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "benchmarks.big_site",
            "--records",
            str(records),
            "--files",
            str(files),
            "--log",
            str(log),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout is not None
    try:
        yield int(server.stdout.readline())
    finally:
        server.terminate()
        server.wait()


def read_log(log: Path) -> list[Logged]:
    """Return the requests in the order of their answers."""
    rows = (line.split("\t") for line in log.read_text().splitlines())
    return [Logged(float(at), target, int(status), int(size)) for at, target, status, size in rows]


class Bench:
    """The data folders, the source file and the site's port of one measurement."""

    def __init__(self, folder: Path, port: int, *, protocol: str, delay: float, at_once: int) -> None:
        self._folder = folder
        self._sources = folder / "sources"
        self._sources.mkdir(exist_ok=True)
        (self._sources / "big.toml").write_text(
            SOURCE.format(port=port, protocol=protocol, delay=delay, at_once=at_once, **PROTOCOLS[protocol])
        )

    def settings(self, name: str) -> Settings:
        """Return the settings of a data folder."""
        return Settings(data_dir=self._folder / name, sources_dir=self._sources)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Start the command on a data folder."""
        environment = os.environ | {
            "PUSHCART_DATA_DIR": str(self._folder / name),
            "PUSHCART_SOURCES_DIR": str(self._sources),
        }
        return subprocess.Popen(
            [COMMAND, "harvest", "big", "--fetch-only"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def undisturbed(self, name: str) -> tuple[float, Memory]:
        """Harvest to the end; return the seconds that it took and its memory."""
        memory, began, process = Memory([]), time.monotonic(), self.start(name)
        watcher = threading.Thread(target=_watch, args=(process.pid, memory))
        watcher.start()
        process.wait()
        watcher.join()
        return time.monotonic() - began, memory

    def killed(self, name: str, *, kills: int, seconds: float, chance: random.Random) -> list[float]:
        """Harvest with so many kills spread over about `seconds` of work, then to the end; return when each kill was."""
        moments = []
        for _ in range(kills):
            process = self.start(name)
            time.sleep(2.0 + chance.uniform(0.2, 2.0) * seconds / (kills + 1))  # it takes two seconds to begin
            moments.append(time.monotonic())
            kill_all(process)
        self.start(name).wait()
        return moments

    def addresses(self, name: str) -> dict[str, str]:
        """Return what a data folder holds: SHA-256 by path."""
        with open_store(self.settings(name)) as store:
            return {"/" + each.url.split("/", 3)[3]: each.sha256 for each in store.files.outcomes()}


def kill_all(process: subprocess.Popen[bytes]) -> None:
    """Kill a command and everything that it started, with signal 9."""
    try:
        family = [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]
    except psutil.NoSuchProcess:
        return
    for member in family:
        try:
            member.send_signal(signal.SIGKILL)
        except psutil.NoSuchProcess:
            continue
    process.wait()


def _watch(pid: int, memory: Memory) -> None:
    while psutil.pid_exists(pid):
        try:
            if psutil.Process(pid).status() == psutil.STATUS_ZOMBIE:
                return
            children = psutil.Process(pid).children(recursive=True)
            memory.samples += [
                child.memory_info().rss / 2**20 for child in children if "corpus.process_child" in child.cmdline()
            ]
        except psutil.Error:
            continue
        time.sleep(1.0)


def plain_loop(port: int, *, records: int, files: int) -> float:
    """Fetch the same landing pages and PDFs one after the other over one connection; return the seconds."""
    began, connection = time.monotonic(), HTTPConnection("127.0.0.1", port)
    for path in (
        *(f"/item/{number}" for number in range(records)),
        *(f"/files/{number}.pdf" for number in range(files)),
    ):
        connection.request("GET", path)
        connection.getresponse().read()
    return time.monotonic() - began


def most_in_a_second(moments: list[float]) -> int:
    """Return the most requests within any span of one second."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moments[first] <= moment - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def report_kills(
    requests: list[Logged], moments: list[float], *, expected: dict[str, str], held: dict[str, str]
) -> None:
    """Print what was sent twice, and what is missing."""
    sent: dict[str, list[float]] = {}
    for each in requests:
        if each.status == 200 and each.target != "/robots.txt":
            sent.setdefault(each.target, []).append(each.at)
    twice = {target: times for target, times in sent.items() if len(times) > 1}
    # What the site had just sent when the process died was never saved, and nobody could have saved it.
    on_its_way = [
        target
        for target, times in twice.items()
        if all(any(0 <= kill - at < 0.5 for kill in moments) for at in times[:-1])
    ]
    kinds = Counter(target.split("/")[1].split("?")[0] for target in twice)
    missing = [path for path, sha256 in expected.items() if held.get(path) != sha256]
    print(
        f"killed {len(moments)} times: sent twice {len(twice)} of {len(sent)} addresses ({dict(kinds)}), "
        f"{len(on_its_way)} of them within half a second before a kill; missing or other bytes {len(missing)}, "
        f"too many {len(held.keys() - expected.keys())}"
    )


def main() -> None:
    """Measure, and print one line for each harvest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--records", type=int, default=2_000)
    parser.add_argument("--files", type=int, default=500)
    parser.add_argument("--kills", type=int, default=5)
    parser.add_argument("--protocol", choices=sorted(PROTOCOLS), default="oai")
    parser.add_argument("--delay", type=float, default=0.0, help="declared seconds between two requests")
    parser.add_argument("--at-once", type=int, default=8)
    parser.add_argument("--seed", type=int, default=4)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        logs = {step: folder / f"{step}.log" for step in ("plain", "first", "second", "killed")}
        with big_site(given.records, given.files, logs["plain"]) as port:
            plain = plain_loop(port, records=given.records, files=given.files)
        # One port for all that follows: addresses must stay what they are.
        with big_site(given.records, given.files, logs["first"]) as port:
            bench = Bench(folder, port, protocol=given.protocol, delay=given.delay, at_once=given.at_once)
            seconds, memory = bench.undisturbed("undisturbed")
            after_first = time.monotonic()
            again, _ = bench.undisturbed("undisturbed")
            after_second = time.monotonic()
            moments = bench.killed("killed", kills=given.kills, seconds=seconds, chance=random.Random(given.seed))
            expected, held = bench.addresses("undisturbed"), bench.addresses("killed")
        requests = read_log(logs["first"])
        first = [each for each in requests if each.at < after_first]
        second = [each for each in requests if after_first <= each.at < after_second]
        killed = [each for each in requests if each.at >= after_second]
        print(f"plain loop     {plain:.1f} s, {(given.records + given.files) / plain:.0f} requests/s")
        print(
            f"first harvest  {given.records} records and {len(expected)} files in {seconds:.1f} s: {given.records / seconds:.0f} "
            f"records/s, {len(first) / seconds:.0f} requests/s, {seconds / plain:.1f} times the plain loop; memory "
            f"{memory.start:.0f} MiB at a tenth, {max(memory.samples, default=0):.0f} at most, {memory.end:.0f} at the end"
        )
        sizes = [sum(each.size for each in requests) for requests in (first, second)]
        print(
            f"second harvest {again:.1f} s: {len(second)} requests ({len(second) / len(first):.1%} of the first), "
            f"{sizes[1]} bytes ({sizes[1] / sizes[0]:.2%})"
        )
        report_kills(killed, moments, expected=expected, held=held)
        limit = f"{1 / given.delay:.0f} declared" if given.delay else "none declared"
        print(
            f"most requests within a second: {most_in_a_second(sorted(each.at for each in first))} undisturbed, "
            f"{most_in_a_second(sorted(each.at for each in killed))} with kills ({limit})"
        )


if __name__ == "__main__":
    main()

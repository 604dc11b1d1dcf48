"""A server of Pushcart as its own process on loopback, watched from outside: does it live, what does a request cost."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.attack.asking import Answer, ask

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
SMALL = """
import sys
from pathlib import Path
from tests.web.library import fill, settings_in
fill(settings_in(Path(sys.argv[1])))
"""
"""Fills a data folder with the hand-made library of the page tests (34 documents), in the checkout's own code."""
LARGE = """
import sys
from pathlib import Path
from benchmarks.synthetic import fill, invent_words
from corpus.settings import Settings
from corpus.store import open_store
from corpus.vocabulary import load_vocabulary
from search_api.indexing import bring_up_to_date
try:
    from search_api.engines.opening import open_engine
except ImportError:  # the version beside may be one before search_api/engines
    from search_api.opening import open_engine
settings, vocabulary = Settings(data_dir=Path(sys.argv[1])), load_vocabulary()
with open_store(settings) as store:
    fill(store, int(sys.argv[2]), words=invent_words(), vocabulary=vocabulary)
    engine = open_engine(settings, vocabulary=vocabulary)
    bring_up_to_date(engine, store)
    engine.close()
"""
"""The same with so many invented documents of 12 pages."""


@dataclass(slots=True)
class Cost:
    """What one request took of the server."""

    cpu_seconds: float
    """Processor time of all its processes and threads, from the request to the end of the answer."""
    mebibytes: float
    """How far the request raised the memory above what the server held before it, at its highest."""


@dataclass(slots=True)
class Served:
    """A running server. `start` may be called again when a request has killed it."""

    checkout: Path
    data_dir: Path
    log: Path
    port: int = 0
    kills: int = 0
    """How often it was found dead."""
    process: subprocess.Popen[bytes] | None = None
    settings: dict[str, str] = field(default_factory=dict)

    def start(self) -> None:
        """Start the server and wait until it answers. Raises RuntimeError: it does not."""
        self.port = _free_port()
        kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
        command = [python_of(self.checkout), "-m", "pushcart", "serve", "--port", str(self.port)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=self.checkout,
                env=kept | {"PUSHCART_DATA_DIR": str(self.data_dir)} | self.settings,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError, ValueError):
                if self.get("/healthz", seconds=2).status == 200:
                    return
            time.sleep(0.05)
        raise RuntimeError(f"The server did not start; the end of its log: {self.log.read_text()[-2000:]}")

    def stop(self) -> None:
        """End it and everything that it started."""
        if self.process is None:
            return
        for each in self._processes():
            with suppress(psutil.Error):
                each.kill()
        self.process.wait()

    def lives(self) -> bool:
        """Say whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self, *, wait: float = 0) -> bool:
        """Start the server anew where it has died, count that, and say so.

        Args:
            wait: seconds within which it may still die; a process that aborts closes its connections first.
        """
        if self.process is not None:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(wait)
        if self.lives():
            return False
        self.kills += 1
        self.start()
        return True

    def get(self, target: str, *, seconds: float = 30, method: str = "GET", headers: str = "") -> Answer:
        """Ask for a target as it stands. Raises OSError or ValueError: there is no whole answer."""
        return ask(self.port, target, seconds=seconds, method=method, headers=headers)

    def weigh(self, target: str, *, seconds: float = 60) -> tuple[Answer, Cost]:
        """Ask, and measure what it cost. Raises as `get`; dead servers are for the caller to see."""
        processes = self._processes()
        began, resident = _cpu(processes), _resident(processes)
        _forget_peak(processes)
        try:
            answer = self.get(target, seconds=seconds)
        finally:
            cost = Cost(_cpu(processes) - began, _peak(processes) - resident)
        return answer, cost

    def mebibytes(self) -> float:
        """Return the memory that its processes hold now, in MiB."""
        return _resident(self._processes())

    def _processes(self) -> list[psutil.Process]:
        assert self.process is not None
        try:
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        except psutil.Error:
            return []


@contextmanager
def served(checkout: Path, folder: Path, *, documents: int = 0, **settings: str) -> Iterator[Served]:
    """Run a server of a checkout over a new library: the small one of the page tests, or so many invented documents."""
    fill_library(checkout, folder / "data", documents=documents)
    server = Served(checkout, folder / "data", folder / "server.log", settings=settings)
    server.start()
    try:
        yield server
    finally:
        server.stop()


def python_of(checkout: Path) -> str:
    """Return the interpreter that has what a checkout needs: for this one, the interpreter that runs."""
    return sys.executable if checkout == ROOT else str(checkout / ".venv/bin/python")


def fill_library(checkout: Path, folder: Path, *, documents: int) -> None:
    """Make the library with the code of the checkout whose server will show it."""
    folder.mkdir(parents=True, exist_ok=True)
    code, rest = (LARGE, [str(documents)]) if documents else (SMALL, [])
    command = [python_of(checkout), "-c", code, str(folder), *rest]
    subprocess.run(command, cwd=checkout, check=True, stdout=subprocess.DEVNULL, timeout=600)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _cpu(processes: list[psutil.Process]) -> float:
    total = 0.0
    for each in processes:
        with suppress(psutil.Error):
            times = each.cpu_times()
            total += times.user + times.system
    return total


def _resident(processes: list[psutil.Process]) -> float:
    total = 0.0
    for each in processes:
        with suppress(psutil.Error):
            total += each.memory_info().rss / 2**20
    return total


def _forget_peak(processes: list[psutil.Process]) -> None:
    for each in processes:
        with suppress(OSError):  # not on this system: the peak then is that of the whole life
            Path(f"/proc/{each.pid}/clear_refs").write_text("5")


def _peak(processes: list[psutil.Process]) -> float:
    total = 0.0
    for each in processes:
        with suppress(OSError):
            for line in Path(f"/proc/{each.pid}/status").read_text().splitlines():
                if line.startswith("VmHWM:"):
                    total += int(line.split()[1]) / 1024
    return total

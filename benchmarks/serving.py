"""What a search through the API costs: processor time, waiting, requests a second and memory of a serving process.

    python -m benchmarks.serving FOLDER [--before CHECKOUT --before-folder FOLDER]
        [--engine both|tantivy|elasticsearch] [--elasticsearch-url URL]

FOLDER is a data folder that is indexed already, such as one that `pushcart add` has filled. Each version is started as a
person starts it, with `pushcart serve`, and asked over HTTP for 20 hits of each of the texts below. CHECKOUT is another
version of Pushcart with a virtual environment of its own, and needs a data folder of its own: versions have different tables.

Processor time is that of the whole serving process, HTTP included, by request; it hardly depends on what else the machine
does, while milliseconds and requests a second do. The row `first` is of texts that were not asked for before, by one client;
the others are of texts that were, whose snippets may be kept. Versions are asked in turns. Beside them stands the plainest
query for the same words: in tantivy an OR in the words of title and text, in Elasticsearch a `match`, top 10, nothing counted
or shown.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from benchmarks.engines import ELASTICSEARCH, add_engine_arguments, settings_of

TEXTS = (
    "street vendors",
    "child labour",
    "informal economy",
    "informal employment social protection",
    "domestic workers",
    "waste pickers Latin America",
    "hazardous work mining",
    "minimum age compulsory education",
    "labour inspection agriculture",
    "Convention 182",
    "classification of occupations",
    "vendedores ambulantes",
    "trabajo infantil",
    "economía informal",
    "ocupaciones",
    "activités économiques",
    "travail des enfants",
    "diplômes",
    "trabalho infantil",
    '"forced labor"',
)
CLIENTS = (1, 8)
LOADING = "wages"
"""A text that is no one of them: what is loaded at the first search is not counted."""
START_SECONDS_MAX = 120.0
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A serving process."""

    name: str
    port: int
    process: subprocess.Popen[bytes]

    def cpu_seconds(self) -> float:
        """Return the processor time that it has used."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def private_megabytes(self) -> float:
        """Return the memory that no other process shares."""
        text = Path(f"/proc/{self.process.pid}/smaps_rollup").read_text(encoding="ascii")
        return sum(int(size) for size in re.findall(r"Private_\w+:\s+(\d+) kB", text)) / 1024


@dataclass(slots=True)
class Measured:
    """What rounds of searches cost."""

    seconds: list[float]
    """Of each search, as the client waits."""
    cpu: float = 0.0
    """Of the server."""
    wall: float = 0.0
    bytes: int = 0
    """Of the bodies."""

    def percentile(self, percent: int) -> float:
        """Return milliseconds."""
        return 1000 * sorted(self.seconds)[min(len(self.seconds) - 1, len(self.seconds) * percent // 100)]


def main() -> None:
    """Measure every version and print what each costs."""
    asked = _arguments()
    chosen = settings_of(asked, folder=asked.folder)
    here = Path(__file__).parent.parent
    versions: dict[str, tuple[Path, Path, dict[str, str]]] = {}
    if asked.before:
        versions["before"] = (asked.before, asked.before_folder, {})
    for name, settings in chosen.items():
        more = {}
        if name == ELASTICSEARCH:
            more = {
                "PUSHCART_ELASTICSEARCH_URL": settings.elasticsearch_url,
                "PUSHCART_ELASTICSEARCH_PREFIX": settings.elasticsearch_prefix,
            }
        versions[name] = (here, asked.folder, more)
    with ExitStack() as started:
        servers = [
            started.enter_context(serving(name, checkout, folder=folder, more=more))
            for name, (checkout, folder, more) in versions.items()
        ]
        for server in servers:
            _ask(server, [LOADING])
        print(f"load {os.getloadavg()[0]:.1f}; {len(TEXTS)} texts, 20 hits; milliseconds")
        print("version        clients   cpu a search      p50      p95  requests/s  kB a body  private MB")
        for server in servers:  # nothing is kept of any of them yet
            _print_row(server, "first", _ask_all(server, clients=1, rounds=1))
        for clients in CLIENTS:
            measured = {server.name: Measured([]) for server in servers}
            for turn in range(asked.rounds):
                for server in servers[:: -1 if turn % 2 else 1]:
                    _add(measured[server.name], _ask_all(server, clients=clients, rounds=1 if clients == 1 else 4))
            for server in servers:
                _print_row(server, clients, measured[server.name])
            _print_ratios(measured)
    _print_plainest(chosen, folder=asked.folder, rounds=asked.rounds)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--before", type=Path, help="a checkout of another version, with .venv")
    parser.add_argument("--before-folder", type=Path, help="its data folder")
    parser.add_argument("--rounds", type=int, default=5, help="times that every text is asked for (%(default)s)")
    add_engine_arguments(parser, prefix="pushcart")
    asked = parser.parse_args()
    if bool(asked.before) != bool(asked.before_folder):
        parser.error("--before and --before-folder go together")
    return asked


@contextmanager
def serving(name: str, checkout: Path, *, folder: Path, more: Mapping[str, str]) -> Iterator[Server]:
    """Start a version and lend it until it answers; end it afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    others = {key: value for key, value in os.environ.items() if not key.startswith("PUSHCART_")}
    environment = {**others, "PUSHCART_DATA_DIR": str(folder.absolute()), **more}
    command = [str(checkout / ".venv" / "bin" / "pushcart"), "serve", "--port", str(port)]
    with subprocess.Popen(command, cwd=checkout, env=environment, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_until_ready(port, process)
            yield Server(name, port, process)
        finally:
            process.send_signal(signal.SIGINT)


def _wait_until_ready(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline and process.poll() is None:
        try:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=START_SECONDS_MAX)
            connection.request("GET", "/api/v1/status")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.1)
    sys.exit("The server did not start; `pushcart serve` in that checkout and folder says why.")


def _ask_all(server: Server, *, clients: int, rounds: int) -> Measured:
    """Ask for every text, by so many clients at once."""
    texts = [text for _ in range(rounds) for text in TEXTS]
    cpu, began = server.cpu_seconds(), time.perf_counter()
    with ThreadPoolExecutor(clients) as pool:
        parts = list(pool.map(lambda at: _ask(server, texts[at::clients]), range(clients)))
    wall = time.perf_counter() - began
    found = Measured([], cpu=server.cpu_seconds() - cpu, wall=wall)
    for part in parts:
        found.seconds += part.seconds
        found.bytes += part.bytes
    return found


def _ask(server: Server, texts: Sequence[str]) -> Measured:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
    found = Measured([])
    for text in texts:
        began = time.perf_counter()
        connection.request("GET", f"/api/v1/search?{urlencode({'q': text, 'limit': 20})}")
        answer = connection.getresponse()
        body = answer.read()
        found.seconds.append(time.perf_counter() - began)
        found.bytes += len(body)
        if answer.status != 200:
            sys.exit(f"{server.name}: {text!r} was answered with {answer.status}: {json.loads(body)}")
    connection.close()
    return found


def _add(total: Measured, part: Measured) -> None:
    total.seconds += part.seconds
    total.cpu += part.cpu
    total.wall += part.wall
    total.bytes += part.bytes


def _print_row(server: Server, clients: int | str, measured: Measured) -> None:
    count = len(measured.seconds)
    print(
        f"{server.name:<14} {clients:>7} {1000 * measured.cpu / count:>14.1f} {measured.percentile(50):>8.1f}"
        f" {measured.percentile(95):>8.1f} {count / measured.wall:>11.1f} {measured.bytes / count / 1000:>10.1f}"
        f" {server.private_megabytes():>11.0f}",
        flush=True,
    )


def _print_ratios(measured: Mapping[str, Measured]) -> None:
    before = measured.get("before")
    for name, each in measured.items():
        if before is not None and each is not before:
            print(
                f"  {name} is to before as 1 to: processor {before.cpu / each.cpu:.1f},"
                f" p50 {before.percentile(50) / each.percentile(50):.1f},"
                f" p95 {before.percentile(95) / each.percentile(95):.1f}, bytes {before.bytes / each.bytes:.1f}"
            )


def _print_plainest(chosen: Mapping[str, object], *, folder: Path, rounds: int) -> None:
    from benchmarks.search import plainest
    from corpus.settings import Settings

    settings = {name: each for name, each in chosen.items() if isinstance(each, Settings)}
    with plainest(settings) as plain:
        for name, ask in plain.items():
            times = _timed(ask, rounds=rounds)
            measured = Measured(times)
            print(
                f"plainest query of {name}, in this process: p50 {measured.percentile(50):.2f}, p95 {measured.percentile(95):.2f}"
            )


def _timed(ask: Callable[[str], None], *, rounds: int) -> list[float]:
    times: list[float] = []
    for _ in range(rounds):
        for text in TEXTS:
            began = time.perf_counter()
            ask(text)
            times.append(time.perf_counter() - began)
    return times


if __name__ == "__main__":
    main()

"""The search server is killed (`kill -9`) and started while `pushcart harvest` is at work: what is saved, and what catches up.

    ES=/var/tmp/es8 W=/var/tmp/es-work/outage; T="python3 ../shared/tools/es_server.py"
    $T start --home $ES --work $W --port 9330
    python -m benchmarks.outage --url http://localhost:9330 --kill "$T stop --work $W --kill" \\
        --start "$T start --home $ES --work $W --port 9330"

Each case harvests the same simulated publisher (benchmarks/big_site.py) into a folder of its own: undisturbed; with the server
killed when half of the files are there, and started when the harvest has ended; killed then and started at once; killed
when the first documents are in the index. Afterwards `pushcart index` is run until it ends with 0. Compared are the
documents in the records with those of the undisturbed harvest, and those in the index with those in the records.
"""

from __future__ import annotations

import argparse
import os
import shlex
import subprocess
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import ELASTICSEARCH, drop_indexes
from benchmarks.harvest_big import COMMAND, PROTOCOLS, SOURCE, big_site
from benchmarks.rebuild import VOCABULARY, compare
from corpus.errors import EngineUnavailable
from corpus.settings import Settings
from corpus.store import open_store
from search_api.engines.opening import open_engine

PREFIX = "pushcart-bench-outage"


@dataclass(frozen=True, slots=True)
class Server:
    """The server that is killed."""

    url: str
    kill_command: str
    start_command: str

    def kill(self) -> None:
        _run(self.kill_command)

    def start(self) -> None:
        _run(self.start_command)


def _run(command: str) -> None:
    subprocess.run(shlex.split(command), check=True, stdout=subprocess.DEVNULL)


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a server is away."""

    name: str
    is_time: Callable[[Settings, int], bool] | None
    """Whether the server is to be killed now; None: never."""
    starts_at_once: bool = False
    """False: after the harvest has ended."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--kill", required=True, help="command that kills the server")
    parser.add_argument("--start", required=True, help="command that starts it again, and returns when it answers")
    parser.add_argument("--files", type=int, default=1200)
    asked = parser.parse_args()
    server = Server(asked.url, kill_command=asked.kill, start_command=asked.start)
    cases = (
        Case("undisturbed", None),
        Case("killed half way through fetching, back after the end", _half_is_fetched),
        Case("killed half way through fetching, back at once", _half_is_fetched, starts_at_once=True),
        Case("killed while it indexes, back after the end", _some_is_indexed),
    )
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with big_site(asked.files, asked.files, folder / "site.log") as port:
            sources = folder / "sources"
            sources.mkdir()
            rules = SOURCE.format(port=port, protocol="oai", delay=0.0, at_once=8, **PROTOCOLS["oai"])
            (sources / "big.toml").write_text(rules)
            expected = -1
            for number, case in enumerate(cases):
                settings = Settings(
                    data_dir=folder / str(number),
                    sources_dir=sources,
                    elasticsearch_url=asked.url,
                    elasticsearch_prefix=f"{PREFIX}-{number}",
                )
                found = measure(case, server, settings=settings, files=asked.files)
                expected = found if expected < 0 else expected
                print(f"   documents in the records: {found} of {expected}", flush=True)
                drop_indexes({ELASTICSEARCH: settings})


def measure(case: Case, server: Server, *, settings: Settings, files: int) -> int:
    """Harvest once, catch up, print; return how many documents are in the records."""
    began = time.monotonic()
    harvest = _start("harvest", "big", settings=settings)
    away = ""
    if case.is_time is not None:
        while harvest.poll() is None and not case.is_time(settings, files):
            time.sleep(0.05)
        away = f", server killed after {time.monotonic() - began:.0f} s"
        if harvest.poll() is not None:
            away = ", and it ended before the server could be killed"
        server.kill()
        if case.starts_at_once:
            server.start()
            away += f", back after {time.monotonic() - began:.0f} s"
    code = harvest.wait()
    print(f"{case.name}: harvest ended with {code} after {time.monotonic() - began:.0f} s{away}", flush=True)
    if case.is_time is not None and not case.starts_at_once:
        server.start()
    began = time.monotonic()
    codes: list[int] = []
    while not codes or (codes[-1] and len(codes) < 5):
        codes.append(_start("index", settings=settings).wait())
    with open_store(settings) as store:
        engine = open_engine(settings, vocabulary=VOCABULARY)
        missing, doubled = compare(engine, store)
        engine.close()
        print(
            f"   `pushcart index` ended with {codes}, caught up in {time.monotonic() - began:.1f} s: {missing} documents missing"
            f" in the index, {doubled} doubled or unknown"
        )
        return store.status().documents


def _start(*words: str, settings: Settings) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "PUSHCART_DATA_DIR": str(settings.data_dir),
        "PUSHCART_SOURCES_DIR": str(settings.sources_dir),
        "PUSHCART_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "PUSHCART_ELASTICSEARCH_PREFIX": settings.elasticsearch_prefix,
    }
    return subprocess.Popen([COMMAND, *words], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def _half_is_fetched(settings: Settings, files: int) -> bool:
    if not (settings.data_dir / "pushcart.sqlite3").exists():
        return False
    with open_store(settings) as store:
        return store.status().files * 2 >= files


def _some_is_indexed(settings: Settings, _: int) -> bool:
    engine = open_engine(settings, vocabulary=VOCABULARY)
    try:
        return engine.statistics().documents > 0
    except EngineUnavailable:
        return False
    finally:
        engine.close()


if __name__ == "__main__":
    main()

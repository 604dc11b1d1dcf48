"""Harvest the sample publisher with every fault that it can be switched to, and again once it is healed.

Each run is a process of its own, so that its peak memory is its own. For each fault: how the run ended and what its report
says, requests, seconds, peak memory, files kept; and after the fault is gone, whether every file is there.

Run: .venv/bin/python -m benchmarks.faults [WORD]     only cases with WORD in their name
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.files import open_files
from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import run_in_words
from corpus.settings import Settings
from corpus.store import open_store
from crawler.harvest import harvest_source
from tests.publisher import Fault, FaultKind, SamplePublisher
from tests.publisher.ways import WAYS

TIMEOUT_SECONDS = 3.0
FILE_MEBIBYTES_MAX = 4
RUN_SECONDS_MAX = 240
"""A run that takes longer counts as one that does not end."""
_METADATA = "http://169.254.169.254/latest/meta-data/"
_FILE = "/files/en-ghana-kayayei.pdf"
_LANDING = "/publications/en-ghana-kayayei"


@dataclass(frozen=True, slots=True)
class Case:
    """One fault, where it is, and by which way the site is harvested."""

    name: str
    way: str
    """Key of WAYS."""
    path: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Outcome:
    """One run, as its own process saw it."""

    state: str
    words: str
    reason: str
    """The first failure's; empty: there was none."""
    requests: int
    bytes: int
    seconds: float
    mebibytes: float
    """Peak memory of the process."""
    files: int
    """Files of the source that are in the store, with their bytes."""
    files_expected: int


_OF_ANY_LIST: Mapping[str, Fault] = {
    "404": Fault(FaultKind.NOT_FOUND),
    "500 once": Fault(FaultKind.SERVER_ERROR, times=1),
    "500": Fault(FaultKind.SERVER_ERROR),
    "429, in 1 s": Fault(FaultKind.TOO_MANY_REQUESTS, times=1, seconds=1),
    "429, in a day": Fault(FaultKind.TOO_MANY_REQUESTS, seconds=86_400),
    "503, until a date a year away": Fault(FaultKind.UNAVAILABLE_UNTIL, seconds=365 * 86_400),
    "too slow": Fault(FaultKind.SLOW, seconds=TIMEOUT_SECONDS * 3),
    "a byte a second": Fault(FaultKind.DRIP, seconds=1),
    "cut off": Fault(FaultKind.CUT_OFF),
    "redirect to itself": Fault(FaultKind.REDIRECT_LOOP),
    "redirect to new addresses": Fault(FaultKind.REDIRECT_CHAIN),
    "redirect to cloud metadata": Fault(FaultKind.REDIRECT, location=_METADATA),
    "redirect to a file: address": Fault(FaultKind.REDIRECT, location="file:///etc/passwd"),
    "empty": Fault(FaultKind.EMPTY),
    "web page instead": Fault(FaultKind.WEB_PAGE),
    "web page, called what it is not": Fault(FaultKind.NOT_WHAT_IT_SAYS),
    "wrong content type": Fault(FaultKind.WRONG_TYPE),
    "gzip bomb, 2 GB": Fault(FaultKind.GZIP_BOMB, megabytes=2000),
    "deflate bomb, 2 GB": Fault(FaultKind.DEFLATE_BOMB, megabytes=2000),
    "endless body": Fault(FaultKind.ENDLESS_BODY, megabytes=100),
}
_OF_TEXT: Mapping[str, Fault] = {
    "broken off": Fault(FaultKind.BROKEN_OFF),
    "wrong charset": Fault(FaultKind.WRONG_CHARSET),
}
_OF_TOKENS: Mapping[str, Fault] = {
    "token expires": Fault(FaultKind.TOKEN_EXPIRES),
    "token expires once": Fault(FaultKind.TOKEN_EXPIRES, after=2, times=1),
    "token repeats": Fault(FaultKind.TOKEN_REPEATS),
    "third answer broken off": Fault(FaultKind.BROKEN_OFF, after=3),
}


def cases() -> Iterator[Case]:
    """Yield every fault where it makes sense."""
    for title, fault in {**_OF_ANY_LIST, "promised larger than is allowed": _huge()}.items():
        yield Case(f"file: {title}", "sitemap", _FILE, fault)
    for title, fault in _OF_ANY_LIST.items():
        yield Case(f"landing page: {title}", "sitemap", _LANDING, fault)
    for name in ("listing", "oai-dc", "api", "json-feed", "sitemap"):
        for title, fault in {**_OF_ANY_LIST, **_OF_TEXT}.items():
            yield Case(f"{name}: {title}", name, WAYS[name].list_path, fault)
    for title, fault in _OF_TOKENS.items():
        yield Case(f"oai-dc: {title}", "oai-dc", "/oai", fault)
    for name in ("listing", "api", "json-feed"):
        yield Case(f"{name}: endless", name, WAYS[name].list_path, Fault(FaultKind.ENDLESS_LISTING))
    packed = Fault(FaultKind.GZIP_BOMB, megabytes=2000)
    yield Case("packed sitemap: gzip bomb, 2 GB", "packed-sitemaps", "/sitemap-1.xml.gz", packed)
    yield Case("robots.txt: refuses all", "sitemap", "/robots.txt", Fault(FaultKind.REFUSE_ALL))
    yield Case("robots.txt: 500", "sitemap", "/robots.txt", Fault(FaultKind.SERVER_ERROR))
    yield Case("robots.txt: gzip bomb, 2 GB", "sitemap", "/robots.txt", packed)


def _huge() -> Fault:
    return Fault(FaultKind.HUGE_LENGTH, megabytes=50)


def run_once(way: str, url: str, *, data_dir: Path) -> Outcome:
    """Harvest in this process, and say what came of it."""
    settings = Settings(data_dir=data_dir, file_mebibytes_max=FILE_MEBIBYTES_MAX)
    more = "[expect]\ndocuments_per_run = { at_least = 40 }"
    source = WAYS[way].source(url, slug=way, timeout_seconds=TIMEOUT_SECONDS, more=more)
    began = time.monotonic()
    run = harvest_source(source, settings=settings)
    seconds = time.monotonic() - began
    with open_store(settings) as store:
        kept = open_files(settings)
        saved = [file.sha256 for file in store.files.outcomes() if file.source == way]
    return Outcome(
        state=run.state.value,
        words=run_in_words(run),
        reason=reason_in_words(run.failures[0].reason) if run.failures else "",
        requests=run.requests,
        bytes=run.bytes,
        seconds=seconds,
        mebibytes=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        files=sum(kept.has(sha256) for sha256 in saved),
        files_expected=len(saved),
    )


def _run_apart(case: Case, url: str, *, data_dir: Path) -> Outcome | None:
    """Harvest in a process of its own; None when it does not end."""
    command = [sys.executable, "-m", "benchmarks.faults", "--once", case.way, url, str(data_dir)]
    try:
        ended = subprocess.run(command, capture_output=True, text=True, timeout=RUN_SECONDS_MAX, check=True)
    except subprocess.TimeoutExpired:
        return None
    return Outcome(**json.loads(ended.stdout.splitlines()[-1]))


def measure(case: Case, *, pdf_folder: Path) -> None:
    """Print how a faulty run ended, and how one after the fault."""
    with (
        tempfile.TemporaryDirectory() as folder,
        SamplePublisher(faults={case.path: case.fault}, pdf_folder=pdf_folder) as site,
    ):
        faulty = _run_apart(case, site.url, data_dir=Path(folder))
        site.switch({})
        healed = _run_apart(case, site.url, data_dir=Path(folder))
        all_files = len(site.site.entries)
    if faulty is None or healed is None:
        print(f"{case.name:48} DOES NOT END")
        return
    lost = faulty.files_expected - faulty.files + healed.files_expected - healed.files
    print(
        f"{case.name:48} {faulty.state:9} {faulty.files:3} files {faulty.requests:4} requests {faulty.bytes / 1e6:6.2f} MB "
        f"{faulty.seconds:5.1f} s {faulty.mebibytes:4.0f} MiB  healed: {healed.files}/{all_files}, lost {lost}\n"
        f"{'':10}{faulty.words} {f'[{faulty.reason}]' if faulty.reason else ''}",
        flush=True,
    )


def main() -> None:
    """Measure the cases that are asked for; with --once, one run of one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("word", nargs="?", default="")
    parser.add_argument("--once", nargs=3, metavar=("WAY", "URL", "FOLDER"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.once:
        way, url, folder = given.once
        print(json.dumps(asdict(run_once(way, url, data_dir=Path(folder)))))
        return
    chosen = [case for case in cases() if given.word in case.name]
    with tempfile.TemporaryDirectory() as pdfs:
        for case in chosen:
            measure(case, pdf_folder=Path(pdfs))
    print(f"{len(chosen)} faults")


if __name__ == "__main__":
    main()

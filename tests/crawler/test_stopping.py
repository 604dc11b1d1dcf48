"""A harvest that hangs is stopped: by Ctrl-C, by SIGTERM, by the clock. What it had fetched is kept, and the next run goes on."""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import textwrap
import threading
import time

import pytest
from told import told

from corpus.runs import RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.run import harvest, minutes_max_of
from tests.crawler.hanging import LoopsInC, LoopsInPython, hanging
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.polite_site import ALLOW_ALL, PoliteSite, answer, listing, pdf

HARVEST = """
    import pickle, sys
    from crawler.run import harvest
    sources, settings = pickle.load(sys.stdin.buffer)

    def tell(progress):
        print(progress.source, progress.listings, progress.new, flush=True)

    harvest(sources, settings=settings, on_progress=tell)
"""


class Dripping:
    """Answers that begin and never end, until they are told to end."""

    def __init__(self) -> None:
        self.ends = threading.Event()

    def __call__(self, send) -> None:
        body = b"%PDF-1.4\n" + b"x" * 8192
        if self.ends.is_set():
            send(pdf("whole"))
            return
        send(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\nContent-Length: 99999999\r\n\r\n")
        while not self.ends.wait(0.05):
            send(body)


def dripping_site(drip: Dripping) -> PoliteSite:
    answers = {"/robots.txt": answer(ALLOW_ALL), "/list": listing("/one.pdf", "/drip.pdf"), "/one.pdf": pdf("one")}
    return PoliteSite({**answers, "/drip.pdf": drip})


def start(sources, settings: Settings) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HARVEST)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(pickle.dumps((sources, settings)))
    process.stdin.close()
    return process


def wait_for(process: subprocess.Popen[bytes], *lines: str) -> None:
    """Wait until the harvest has said each of these."""
    missing = set(lines)
    assert process.stdout is not None
    for line in process.stdout:
        missing.discard(line.decode().strip())
        if not missing:
            return
    raise AssertionError(f"the harvest ended before it said {missing}")


def runs_of(settings: Settings, *slugs: str):
    with open_store(settings) as store:
        return [store.runs.newest(slug)[0] for slug in slugs]


@pytest.mark.slow
def test_sigterm_ends_a_hanging_harvest_and_an_endless_answer_within_the_grace(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", harvest_grace_seconds=2)
    drip = Dripping()
    with dripping_site(drip) as site:
        endless = sample_source(f"{site.url}/list", slug="endless")
        hangs = hanging(sample_source(f"{site.url}/list", slug="hangs"), LoopsInC())
        process = start([hangs, endless], settings)
        wait_for(process, "hangs 1 0", "endless 1 1")
        asked_at = time.monotonic()
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
        took = time.monotonic() - asked_at
        killed, stopped = runs_of(settings, "hangs", "endless")
        drip.ends.set()
        asked_before = len(site.asked)
        again = harvested(endless, settings)
        asked_again = [each.path for each in site.asked[asked_before:]]
    assert took < 2 + 3
    assert killed.state is stopped.state is RunState.INTERRUPTED
    assert "did not stop and was killed. It had reached http" in told(killed)
    assert (stopped.new, stopped.failed) == (1, 0)
    assert "was killed" not in told(stopped)
    assert again.state is RunState.FINISHED
    assert (again.new, again.unchanged) == (1, 1)
    assert "/one.pdf" not in asked_again


@pytest.mark.slow
def test_a_second_ctrl_c_ends_a_hanging_harvest_at_once(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", harvest_grace_seconds=100)
    with dripping_site(Dripping()) as site:
        process = start([hanging(sample_source(f"{site.url}/list", slug="hangs"), LoopsInPython())], settings)
        wait_for(process, "hangs 1 0")
        process.send_signal(signal.SIGINT)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=5) == 0
    (run,) = runs_of(settings, "hangs")
    assert run.state is RunState.INTERRUPTED


@pytest.mark.slow
def test_a_harvest_ends_at_its_longest_time_in_order_when_it_can_and_by_force_when_it_hangs(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", harvest_grace_seconds=3)
    with dripping_site(Dripping()) as site:
        sources = [
            sample_source(f"{site.url}/list", slug="endless"),
            hanging(sample_source(f"{site.url}/list", slug="hangs"), LoopsInC()),
        ]
        short = [
            each.model_copy(update={"polite": each.polite.model_copy(update={"minutes_max": 0.05})}) for each in sources
        ]
        endless, hangs = harvest(short, settings=settings, on_progress=lambda progress: None)
    assert endless.state is RunState.PAUSED
    assert endless.new == 1
    assert told(endless).startswith("The run reached its limit of 0.05 minutes.")
    assert hangs.state is RunState.CRASHED
    assert told(hangs).startswith("The run reached its limit of 0.05 minutes. Its process did not stop and was killed.")
    assert hangs.listings == 1
    assert runs_of(settings, "endless", "hangs") == [endless, hangs]


def test_a_source_file_says_how_long_its_runs_may_take_and_else_the_settings_do():
    settings = Settings(harvest_minutes_max=90)
    plain = sample_source("http://127.0.0.1/list")
    own = plain.model_copy(update={"polite": plain.polite.model_copy(update={"minutes_max": 5})})
    assert (minutes_max_of(plain, settings), minutes_max_of(own, settings)) == (90, 5)


def test_the_system_ends_a_process_that_never_comes_back_to_python():
    code = (
        "from corpus.process_child import end_at_last; end_at_last(0.2); import re; re.search('(a+)+$', 'a' * 60 + '!')"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=20).returncode == -signal.SIGALRM

"""Reading in processes that can be killed: whatever a file does, it has an outcome and the others are read."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
from told import told

from corpus.settings import Settings
from corpus.types import Outcome, Reading
from nlp.reading import ReadRequest, read_files
from tests.nlp.pdf_press import bomb, press, written

SENTENCE = "Street vendors in Lima pay for the space in which they work."
_ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def request_for(tmp_path: Path) -> Callable[[bytes], ReadRequest]:
    def make(content: bytes) -> ReadRequest:
        sha256 = hashlib.sha256(content).hexdigest()
        path = tmp_path / sha256
        path.write_bytes(content)
        return ReadRequest(sha256, path)

    return make


def good(number: int) -> bytes:
    return press(written(SENTENCE, f"This is file {number}."))


def readers_below(process_id: int) -> list[psutil.Process]:
    below = psutil.Process(process_id).children(recursive=True)
    return [
        each for each in below if each.status() != psutil.STATUS_ZOMBIE and "corpus.process_child" in each.cmdline()
    ]


def until(condition: Callable[[], object], *, seconds: float = 10) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_every_request_has_one_reading(settings: Settings, request_for: Callable[[bytes], ReadRequest]) -> None:
    requests = [request_for(good(number)) for number in range(12)]
    readings = list(read_files(requests, settings=settings))
    assert sorted(reading.sha256 for reading in readings) == sorted(request.sha256 for request in requests)
    assert {reading.outcome for reading in readings} == {Outcome.READ}
    assert all(reading.pages[0].text.startswith(SENTENCE) for reading in readings)


def test_nothing_to_read_starts_nothing(settings: Settings) -> None:
    assert list(read_files([], settings=settings)) == []


def test_a_bomb_ends_with_its_file_and_the_others_are_read(
    settings: Settings, request_for: Callable[[bytes], ReadRequest]
) -> None:
    small = dataclasses.replace(settings, read_memory_mebibytes_max=300)
    hostile = request_for(bomb(700))
    requests = [request_for(good(1)), hostile, request_for(good(2)), request_for(good(3))]
    readings = {reading.sha256: reading for reading in read_files(requests, settings=small)}
    assert readings.pop(hostile.sha256).outcome is Outcome.OUT_OF_MEMORY
    assert [reading.outcome for reading in readings.values()] == [Outcome.READ] * 3


def test_a_file_that_takes_too_long_keeps_the_pages_read_until_then(
    settings: Settings, request_for: Callable[[bytes], ReadRequest]
) -> None:
    short = dataclasses.replace(settings, read_seconds_max=1.0, workers=1)
    long = request_for(press(*[written(*[SENTENCE] * 50)] * 4000))
    other = request_for(good(1))
    readings = {reading.sha256: reading for reading in read_files([long, other], settings=short)}
    stopped = readings[long.sha256]
    assert stopped.outcome is Outcome.TIMED_OUT
    assert 0 < len(stopped.pages) < 4000
    assert stopped.pages[0].text.startswith(SENTENCE)
    assert "are kept" in told(stopped.reason)
    assert readings[other.sha256].outcome is Outcome.READ


@pytest.mark.parametrize(
    ("sign", "outcome"), [(signal.SIGSEGV, Outcome.BROKEN), (signal.SIGKILL, Outcome.OUT_OF_MEMORY)]
)
def test_a_process_that_dies_takes_only_its_file_along(
    settings: Settings, request_for: Callable[[bytes], ReadRequest], sign: signal.Signals, outcome: Outcome
) -> None:
    alone = dataclasses.replace(settings, workers=1)
    long = request_for(press(*[written(*[SENTENCE] * 50)] * 2500))
    requests = [long, *(request_for(good(number)) for number in range(3))]

    def asked() -> Iterator[ReadRequest]:
        yield from requests

    readings: dict[str, Reading] = {}
    reader = read_files(asked(), settings=alone)
    killer = subprocess.Popen([sys.executable, "-c", _KILL_WHEN_BUSY, str(os.getpid()), str(int(sign))], cwd=_ROOT)
    for reading in reader:
        readings[reading.sha256] = reading
    killer.wait(20)
    assert readings[long.sha256].outcome is outcome
    assert [reading.outcome for sha256, reading in readings.items() if sha256 != long.sha256] == [Outcome.READ] * 3


_KILL_WHEN_BUSY = """
import os, sys, time, psutil
ends = time.monotonic() + 15
while time.monotonic() < ends:
    for each in psutil.Process(int(sys.argv[1])).children(recursive=True):
        try:
            # What processes are forked from is a child of ours, they are children of that.
            is_reading = sys.platform != "linux" or each.ppid() != int(sys.argv[1])
            if is_reading and "corpus.process_child" in each.cmdline() and sum(each.cpu_times()[:2]) > 0.8:
                os.kill(each.pid, int(sys.argv[2]))
                sys.exit(0)
        except psutil.Error:
            pass
    time.sleep(0.01)
"""


def test_requests_are_taken_only_some_files_ahead(
    settings: Settings, request_for: Callable[[bytes], ReadRequest]
) -> None:
    taken = 0

    def asked() -> Iterator[ReadRequest]:
        nonlocal taken
        for number in range(40):
            taken += 1
            yield request_for(good(number))

    reader = read_files(asked(), settings=settings)
    next(reader)
    assert taken <= 3 * settings.worker_count
    reader.close()


def test_stopping_early_leaves_no_process(settings: Settings, request_for: Callable[[bytes], ReadRequest]) -> None:
    others = readers_below(os.getpid())  # a site of other tests may keep a reader of its own
    reader = read_files([request_for(good(number)) for number in range(6)], settings=settings)
    next(reader)
    assert set(readers_below(os.getpid())) > set(others)
    reader.close()
    assert set(readers_below(os.getpid())) <= set(others)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_when_the_caller_dies_the_processes_die(
    tmp_path: Path, request_for: Callable[[bytes], ReadRequest], sign: signal.Signals
) -> None:
    long = request_for(press(*[written(*[SENTENCE] * 50)] * 2500))
    script = (
        "import sys; from pathlib import Path; from corpus.settings import Settings; from nlp.reading import *\n"
        "list(read_files([ReadRequest(sys.argv[1], Path(sys.argv[2]))], settings=Settings(workers=1)))"
    )
    caller = subprocess.Popen(
        [sys.executable, "-c", script, long.sha256, str(long.path)], cwd=_ROOT, stderr=subprocess.DEVNULL
    )
    try:
        assert until(lambda: readers_below(caller.pid))
        readers = readers_below(caller.pid)
        time.sleep(0.3)
        caller.send_signal(sign)
        caller.wait(10)
        assert until(lambda: not any(each.is_running() and each.status() != psutil.STATUS_ZOMBIE for each in readers))
    finally:
        caller.kill()
        caller.wait()


def test_an_error_of_the_caller_s_requests_is_not_swallowed(settings: Settings) -> None:
    def asked() -> Iterator[ReadRequest]:
        raise OSError("the store is gone")
        yield

    with pytest.raises(OSError, match="the store is gone"):
        list(read_files(asked(), settings=settings))


def test_a_file_that_is_gone_is_broken_with_its_reason(settings: Settings, tmp_path: Path) -> None:
    (reading,) = read_files([ReadRequest("0" * 64, tmp_path / "nowhere")], settings=settings)
    assert reading.outcome is Outcome.BROKEN
    assert "No such file" in told(reading.reason)

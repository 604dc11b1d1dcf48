"""Child processes that can be killed: every task has a result, and nothing outlives the parent. Forked and spawned alike."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from corpus.processes import CAN_FORK, ChildWork, ProcessPool, Result, TaskEnding, TaskLimits, run_tasks

WORK = ChildWork(
    "tests.corpus.work_of_children:do",
    warm="tests.corpus.work_of_children:warm",
    learn="tests.corpus.work_of_children:learn",
)
_ROOT = Path(__file__).resolve().parents[2]
ROOMY = TaskLimits(20.0, 600)

pytestmark = pytest.mark.parametrize(
    "forks", [pytest.param(True, marks=pytest.mark.skipif(not CAN_FORK, reason="no fork here")), False]
)


def results(*orders: str, forks: bool, limits: TaskLimits = ROOMY, size: int = 1) -> dict[str, Result[str]]:
    tasks = [(order, order.encode()) for order in orders]
    return {each.key: each for each in run_tasks(tasks, work=WORK, limits=limits, size=size, forks=forks)}


def test_every_task_has_its_answer(forks: bool) -> None:
    orders = [f"echo {number}" for number in range(25)]
    found = results(*orders, forks=forks, size=2)
    assert {key: each.answer.decode() for key, each in found.items()} == {order: order[5:] for order in orders}


def test_a_task_that_dies_hangs_fills_the_memory_or_raises_ends_alone(forks: bool) -> None:
    limits = TaskLimits(1.0, 300)
    orders = ("hang", "die SIGSEGV", "die SIGKILL", "leave", "fill 400", "raise", "deep", "echo good")
    found = results(*orders, forks=forks, limits=limits)
    assert {key: each.ending for key, each in found.items()} == {
        "hang": TaskEnding.TIMED_OUT,
        "die SIGSEGV": TaskEnding.CRASHED,
        "die SIGKILL": TaskEnding.OUT_OF_MEMORY,
        "leave": TaskEnding.CRASHED,
        "fill 400": TaskEnding.OUT_OF_MEMORY,
        "raise": TaskEnding.FAILED,
        "deep": TaskEnding.OUT_OF_MEMORY,
        "echo good": TaskEnding.DONE,
    }
    assert found["hang"].sent == found["die SIGSEGV"].sent == (b"first part",)
    assert found["die SIGSEGV"].detail == "SIGSEGV"
    assert "ValueError" in found["raise"].detail


@pytest.mark.skipif(not CAN_FORK, reason="only Linux tells how long a process waited")
def test_a_task_on_a_busy_machine_is_not_timed_out_for_the_time_that_others_took(forks: bool) -> None:
    everywhere = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(everywhere)})  # the children and the busy ones share one processor
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    try:
        found = results("work 0.5", "sleep 9", forks=forks, limits=TaskLimits(1.0, 300))
    finally:
        os.sched_setaffinity(0, everywhere)
        for each in busy:
            each.kill()
            each.wait()
    assert (found["work 0.5"].ending, found["sleep 9"].ending) == (TaskEnding.DONE, TaskEnding.TIMED_OUT)
    assert found["work 0.5"].seconds > 1.0


def test_later_children_begin_with_what_earlier_ones_learned(forks: bool) -> None:
    with ProcessPool[int](WORK, limits=ROOMY, size=1, forks=forks) as pool:
        answers = []
        for number, order in enumerate((b"learn fr", b"die SIGKILL", b"warmed")):
            pool.submit(number, order)
            answers.append(pool.take())
    warmed = answers[-1].answer.decode().split()
    assert warmed[0] == "warm"
    assert ("fr" in warmed) is forks  # a spawned child loads what it needs when it meets it


def test_a_child_that_is_forked_after_a_kill_is_not_warmed_again(forks: bool) -> None:
    with ProcessPool[int](WORK, limits=ROOMY, size=1, forks=forks) as pool:
        places = []
        for order in (b"warmed", b"die SIGKILL", b"warmed"):
            pool.submit(0, order)
            places.append(pool.take().answer)
    assert (places[0] == places[2]) is forks


def test_closing_the_pool_leaves_no_process(forks: bool) -> None:
    before = children_of(os.getpid())  # a site that other tests share may keep its readers
    with ProcessPool[int](WORK, limits=ROOMY, size=2, forks=forks) as pool:
        for number in range(4):
            pool.submit(number, b"hang")
        time.sleep(0.5)
        assert len(children_of(os.getpid())) > len(before)
    assert set(children_of(os.getpid())) <= set(before)


@pytest.mark.parametrize("sign", [signal.SIGKILL, signal.SIGINT])
def test_when_the_parent_dies_its_children_die(forks: bool, sign: signal.Signals) -> None:
    script = (
        "from corpus.processes import *; from tests.corpus.test_processes import WORK\n"
        f"list(run_tasks([(1, b'hang'), (2, b'hang')], work=WORK, limits=TaskLimits(60, 600), size=2, forks={forks}))"
    )
    parent = subprocess.Popen([sys.executable, "-c", script], cwd=_ROOT, stderr=subprocess.DEVNULL)
    try:
        ends = time.monotonic() + 15
        while len(children_of(parent.pid)) < 2 + forks and time.monotonic() < ends:
            time.sleep(0.05)
        children = children_of(parent.pid)
        assert len(children) == 2 + forks
        parent.send_signal(sign)
        parent.wait(10)
        _gone, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []
    finally:
        parent.kill()
        parent.wait()


def children_of(process_id: int) -> list[psutil.Process]:
    below = psutil.Process(process_id).children(recursive=True)
    return [
        each for each in below if each.status() != psutil.STATUS_ZOMBIE and "corpus.process_child" in each.cmdline()
    ]

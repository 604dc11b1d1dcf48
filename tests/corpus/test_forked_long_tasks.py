"""Long tasks, such as a harvest: forked from one process that has loaded what they need, which is kept, and always with an end."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from corpus.processes import CAN_FORK, Child, ChildWork, Result, TaskEnding, let_go

WORK = ChildWork("tests.corpus.work_of_children:do", seconds_max=60.0)

pytestmark = pytest.mark.skipif(not CAN_FORK, reason="no fork here: each is started afresh")


def done(order: str, *, work: ChildWork = WORK) -> Result[None]:
    return Child(work, seconds=30.0, grace_seconds=1.0).run(order.encode(), on_sent=lambda _sent: None)


def parent_of_a_task() -> int:
    """Return the id of the process that a task was forked from."""
    return int(done("parent").answer)


def test_all_are_forked_from_one_process_whatever_their_function_and_time() -> None:
    other = ChildWork("tests.corpus.work_of_children:do_backwards", seconds_max=50.0)
    first = parent_of_a_task()
    assert done("echo good", work=other).answer == b"doog"
    assert parent_of_a_task() == first
    assert psutil.Process(first).ppid() == os.getpid()


def test_a_change_of_the_environment_or_the_folder_is_seen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    first = parent_of_a_task()
    monkeypatch.setenv("PUSHCART_OF_A_TEST", "seen\nin two lines, and an é")
    assert done("environment PUSHCART_OF_A_TEST").answer.decode() == "seen\nin two lines, and an é"
    monkeypatch.setenv("PUSHCART_OF_A_TEST", "long " * 20_000)
    assert len(done("environment PUSHCART_OF_A_TEST").answer) == 100_000
    monkeypatch.chdir(tmp_path)
    assert done("folder").answer.decode() == str(tmp_path)
    assert parent_of_a_task() == first


def test_what_python_heeds_when_it_starts_needs_another_process_to_fork_from(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    first = parent_of_a_task()
    with monkeypatch.context() as changed:
        changed.setenv("PYTHONPATH", str(tmp_path))
        assert parent_of_a_task() != first
    assert parent_of_a_task() == first


def test_what_a_task_logs_goes_where_it_would_go_now(capfd: pytest.CaptureFixture[str]) -> None:
    assert done("log of a test").ending is TaskEnding.DONE
    assert "of a test" in capfd.readouterr().err


def test_when_the_process_to_fork_from_was_killed_the_next_task_has_another() -> None:
    first = parent_of_a_task()
    os.kill(first, signal.SIGKILL)
    while psutil.pid_exists(first) and psutil.Process(first).status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert parent_of_a_task() != first


def test_what_is_let_go_ends_and_the_next_task_has_another() -> None:
    first = parent_of_a_task()
    let_go()
    assert not psutil.pid_exists(first)
    assert parent_of_a_task() != first


def test_a_task_of_another_thread_ends_as_well() -> None:
    answers: list[Result[None]] = []
    for order in ("echo one", "echo two"):
        thread = threading.Thread(target=lambda order=order: answers.append(done(order)))  # type: ignore[misc]
        thread.start()
        thread.join()
    assert [each.answer for each in answers] == [b"one", b"two"]


def test_tasks_of_several_threads_at_once_each_have_their_own_answer() -> None:
    children = [Child(WORK, seconds=30.0, grace_seconds=1.0) for _ in range(4)]
    answers: dict[int, bytes] = {}

    def one(number: int) -> None:
        result = children[number].run(f"echo {number}".encode(), on_sent=lambda _sent: None)
        answers[number] = result.answer

    threads = [threading.Thread(target=one, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == {number: str(number).encode() for number in range(4)}


@pytest.mark.parametrize(("order", "ending"), [("die SIGSEGV", TaskEnding.CRASHED), ("raise", TaskEnding.FAILED)])
def test_a_task_that_dies_takes_no_other_with_it(order: str, ending: TaskEnding) -> None:
    first = parent_of_a_task()
    assert done(order).ending is ending
    assert parent_of_a_task() == first


def test_a_task_that_hangs_is_stopped_and_the_process_to_fork_from_stays() -> None:
    first = parent_of_a_task()
    child = Child(WORK, seconds=30.0, grace_seconds=1.0)
    threading.Timer(0.5, child.stop).start()
    assert child.run(b"hang", on_sent=lambda _sent: None).ending is TaskEnding.STOPPED
    assert parent_of_a_task() == first


def test_the_system_ends_a_task_that_nobody_waits_for() -> None:
    work = ChildWork("tests.corpus.work_of_children:do", seconds_max=1.0)
    result = done("hang", work=work)
    assert (result.ending, result.detail) == (TaskEnding.CRASHED, str(-signal.SIGALRM))

"""A child process for one long task: it is heard while it works, asked to end in order, and killed when it does not."""

from __future__ import annotations

import threading
import time

import pytest

from corpus.processes import Child, ChildWork, TaskEnding

WORK = ChildWork("tests.corpus.work_of_children:do", seconds_max=60.0)


def child(*, seconds: float = 30.0, grace_seconds: float = 30.0) -> Child:
    return Child(WORK, seconds=seconds, grace_seconds=grace_seconds)


def test_a_long_task_has_its_answer():
    result = child().run(b"echo well", on_sent=lambda part: None)
    assert (result.ending, result.answer) == (TaskEnding.DONE, b"well")


def test_what_a_long_task_sends_is_heard_and_its_time_ends_it():
    heard: list[bytes] = []
    result = child(seconds=0.3).run(b"hang", on_sent=heard.append)
    assert (result.ending, heard) == (TaskEnding.TIMED_OUT, [b"first part"])


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_a_long_task_that_is_stopped_ends(how: str):
    hanging = child()
    began = time.monotonic()
    threading.Timer(1.5, getattr(hanging, how)).start()
    assert hanging.run(b"hang", on_sent=lambda part: None).ending is TaskEnding.STOPPED
    assert time.monotonic() - began < 25


def test_a_long_task_that_dies_or_raises_says_how():
    assert child().run(b"die SIGSEGV", on_sent=lambda part: None).detail == "-11"
    assert "ValueError" in child().run(b"raise", on_sent=lambda part: None).detail

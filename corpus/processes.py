"""Child processes that can be killed: each task has a limit of time and of memory, and always a result.

The one kind of child process for all that touches what strangers wrote. Work is a function, named by its module path;
what goes in and comes back is bytes (JSON, never pickles: a file that takes a child over must not run code here). On Linux
children are forked from one process that has loaded libraries and data (`corpus.process_child`), so that a kill does
not cost the loading again; elsewhere each is started afresh.

An own pool, because Pebble's knows no limit of memory and forgets what a killed task had done: here what a child sent
before it was killed is kept.
"""

from __future__ import annotations

import contextlib
import queue
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path
from types import TracebackType
from typing import Generic, Self, TypeVar

from corpus.process_start import (
    CAN_FORK,
    ChildWork,
    Forked,
    ForkServer,
    Spawned,
    Spawner,
    Starter,
    let_go,
    starter_of_long_tasks,
)

__all__ = ["CAN_FORK", "Child", "ChildWork", "ProcessPool", "Result", "TaskEnding", "TaskLimits", "let_go", "run_tasks"]

Key = TypeVar("Key")

_LOOK_AHEAD = 3
"""Tasks a process that are taken from the caller before their turn, those counted that are finished and wait for him."""
_LOOK_SECONDS = 0.1
"""How often a process of one long task is looked at."""
_START_SECONDS_MAX = 600.0
"""A process that is not ready after this never will be. It takes some seconds, and minutes on a machine that is very busy."""
_WAITED_SHARE_MAX = 20.0
"""Waiting for a processor is forgiven up to so many times the limit; then the task ends, whatever the machine does."""


class TaskEnding(Enum):
    """How a task ended."""

    DONE = "done"
    FAILED = "failed"
    """The function raised; `detail` says what."""
    TIMED_OUT = "timed_out"
    STOPPED = "stopped"
    """It was asked to end before its time, and did not do so in order."""
    OUT_OF_MEMORY = "out_of_memory"
    CRASHED = "crashed"
    """The process died; `detail` names the signal where it was one."""


@dataclass(frozen=True, slots=True)
class TaskLimits:
    """How much one task may take."""

    seconds: float
    """By the clock. Time in which it was ready to go on and other processes had the processors does not count, where the
    system tells it (Linux)."""
    memory_mebibytes: int
    """Of the process that does it, all in all."""


@dataclass(frozen=True, slots=True)
class Result(Generic[Key]):
    """The result of a task."""

    key: Key
    ending: TaskEnding
    answer: bytes = b""
    """What the function returned; empty unless it ended with DONE."""
    sent: tuple[bytes, ...] = ()
    """What it had sent until then, in order."""
    detail: str = ""
    seconds: float = 0.0


def run_tasks(
    tasks: Iterable[tuple[Key, bytes]], *, work: ChildWork, limits: TaskLimits, size: int, forks: bool = CAN_FORK
) -> Iterator[Result[Key]]:
    """Yield the result of every task, as they are finished: not in the order of the tasks.

    Takes tasks only some ahead of what was yielded, so memory does not grow with their number. Whatever a task does (hang,
    crash, fill the memory), it has a result, and the others are done. When the caller stops early, is interrupted or is
    killed, the processes end too.

    Raises RuntimeError: processes cannot be started at all.
    """
    waiting = iter(tasks)
    with ProcessPool[Key](work, limits=limits, size=size, forks=forks) as pool:
        is_more = True
        while True:
            while is_more and pool.has_room:
                task = next(waiting, None)
                is_more = task is not None
                if task is not None:
                    pool.submit(task[0], task[1])
            if not pool.outstanding:
                return
            yield pool.take()


class ProcessPool(Generic[Key]):
    """Some processes and a thread that serves them, so that they continue while the caller works on a result.

    For one thread of the caller. Nothing is started before the first task.
    """

    def __init__(self, work: ChildWork, *, limits: TaskLimits, size: int, forks: bool = CAN_FORK) -> None:
        self._server = _PoolThread[Key](work, limits=limits, size=size, forks=forks)
        self._size = size
        self.outstanding = 0
        """Tasks that were submitted and not taken."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def has_room(self) -> bool:
        """Say whether another task would be started soon; more than that would only fill the memory."""
        return self.outstanding < _LOOK_AHEAD * self._size

    def submit(self, key: Key, payload: bytes) -> None:
        """Have a task done. `key` comes back with its result, and may be anything."""
        self.outstanding += 1
        self._server.submit(key, payload)

    def take(self) -> Result[Key]:
        """Return the next result; waits for it."""
        result = self._server.results.get()
        if isinstance(result, BaseException):
            raise result
        self.outstanding -= 1
        return result

    def ready(self) -> Iterator[Result[Key]]:
        """Yield the results that are there now; never waits."""
        while not self._server.results.empty():
            yield self.take()

    def close(self) -> None:
        """End all processes, in the middle of a task too. May be repeated."""
        self._server.close()


class _Process(Generic[Key]):
    """A child, the task that it is on, and what it has sent of it."""

    def __init__(self, starter: Starter, learned: Iterable[str]) -> None:
        ours, theirs = Pipe(duplex=True)
        try:
            self._handle: Forked | Spawned = starter.start(theirs.fileno(), learned)
        finally:
            theirs.close()
        self.connection: Connection = ours
        self.is_ready = False
        self.task: tuple[Key, bytes] | None = None
        self.sent: list[bytes] = []
        self.started = time.monotonic()
        self.ends_at = self.started + _START_SECONDS_MAX
        self._pid = 0
        self._waited_before = 0.0

    def is_up(self, pid: bytes) -> None:
        """Note that it can do tasks now."""
        self.is_ready, self._pid = True, int(pid)

    @property
    def is_timed(self) -> bool:
        """Say whether a limit of time runs."""
        return self.task is not None or not self.is_ready

    def begin(self, task: tuple[Key, bytes], *, seconds: float) -> None:
        """Hand it a task. A process that has just died is noticed when it is listened to."""
        self.task, self.sent, self.started = task, [], time.monotonic()
        self.ends_at = self.started + seconds
        self._waited_before = _seconds_waited(self._pid)
        with contextlib.suppress(OSError):
            self.connection.send_bytes(task[1])

    def forgive_waiting(self, *, seconds: float) -> None:
        """Put its end off by the time that it waited for a processor: a busy machine is not a hanging file."""
        waited = _seconds_waited(self._pid) - self._waited_before
        self.ends_at = self.started + seconds + min(max(0.0, waited), _WAITED_SHARE_MAX * seconds)

    def receive(self) -> bytes:
        """Return the message that waits; empty: it has died."""
        try:
            return self.connection.recv_bytes()
        except (EOFError, OSError):
            return b""

    def end(self, *, at_once: bool = False) -> int:
        """Kill it and return how it had ended: 0 or more on its own, less than 0 by that signal."""
        code = self._handle.end(seconds=0.0 if at_once else 0.2)  # its pipe ends a moment before it does
        self.connection.close()
        return code

    def result(self, ending: TaskEnding, *, answer: bytes = b"", detail: str = "") -> Result[Key]:
        """Return the result of its task, and be free for another."""
        assert self.task is not None
        seconds = round(time.monotonic() - self.started, 4)
        result = Result(self.task[0], ending, answer, tuple(self.sent), detail, seconds)
        self.task, self.sent = None, []
        return result


class _PoolThread(Generic[Key]):
    """The thread that starts, feeds, hears and kills the processes."""

    def __init__(self, work: ChildWork, *, limits: TaskLimits, size: int, forks: bool) -> None:
        self.results: queue.SimpleQueue[Result[Key] | BaseException] = queue.SimpleQueue()
        self._starter = (ForkServer if forks else Spawner)(work, memory_mebibytes=limits.memory_mebibytes)
        self._limits = limits
        self._size = size
        self._processes: list[_Process[Key]] = []
        self._tasks: deque[tuple[Key, bytes]] = deque()
        self._learned: dict[str, None] = {}
        self._hear_caller, self._wake = Pipe(duplex=False)
        self._is_closed = False
        self._thread: threading.Thread | None = None

    def submit(self, key: Key, payload: bytes) -> None:
        self._tasks.append((key, payload))
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="process pool", daemon=True)
            self._thread.start()
        with contextlib.suppress(OSError):
            self._wake.send_bytes(b".")

    def close(self) -> None:
        self._is_closed = True
        with contextlib.suppress(OSError):
            self._wake.send_bytes(b".")
        if self._thread is not None:
            self._thread.join()
        self._wake.close()
        self._hear_caller.close()

    def _run(self) -> None:
        try:
            while not self._is_closed:
                self._assign()
                self._listen()
                self._hold_to_time()
        except BaseException as error:  # the caller waits for a result: it gets the bug instead of waiting forever
            self.results.put(error)
        finally:
            for process in self._processes:
                process.end(at_once=True)
            self._starter.close()

    def _assign(self) -> None:
        """Give waiting tasks to idle processes; start processes while there is work for them."""
        for process in self._processes:
            if self._tasks and process.is_ready and process.task is None:
                process.begin(self._tasks.popleft(), seconds=self._limits.seconds)
        starting = sum(not process.is_ready for process in self._processes)
        while len(self._tasks) > starting and len(self._processes) < self._size:
            self._processes.append(_Process(self._starter, self._learned))
            starting += 1

    def _listen(self) -> None:
        """Wait until a process or the caller has something to say, or the next limit of time is reached."""
        by_connection = {process.connection: process for process in self._processes}
        now = time.monotonic()
        ends = [process.ends_at - now for process in self._processes if process.is_timed]
        for ready in wait([self._hear_caller, *by_connection], timeout=max(0.0, min(ends, default=3600.0))):
            if ready is self._hear_caller:
                self._hear_caller.recv_bytes()
            else:
                assert isinstance(ready, Connection)
                self._hear(by_connection[ready])

    def _hear(self, process: _Process[Key]) -> None:
        message = process.receive()
        match message[:1], process.task is not None:
            case b"R", _:
                process.is_up(message[1:])
            case b"P", True:
                process.sent.append(message[1:])
            case b"D", True:
                head, _, answer = message[2:].partition(b"\n")
                self._learned |= dict.fromkeys(head.decode("utf-8", "replace").split())
                self._finish(process, process.result(TaskEnding.DONE, answer=answer), retires=message[1:2] == b"1")
            case b"E", True:
                detail = message[1:].decode("utf-8", "replace")
                self._finish(process, process.result(TaskEnding.FAILED, detail=detail), retires=False)
            case b"M", True:
                self._finish(process, process.result(TaskEnding.OUT_OF_MEMORY), retires=True)
            case _:
                self._bury(process)

    def _finish(self, process: _Process[Key], result: Result[Key], *, retires: bool) -> None:
        self.results.put(result)
        if retires:
            process.end()
            self._processes.remove(process)

    def _bury(self, process: _Process[Key]) -> None:
        """Say what became of the task of a process that has died."""
        code = process.end()
        self._processes.remove(process)
        if process.task is not None:
            ending, detail = _ending_of_death(code)
            self.results.put(process.result(ending, detail=detail))
        elif not process.is_ready:
            raise RuntimeError(f"A child process could not be started (exit code {code}).")

    def _hold_to_time(self) -> None:
        now = time.monotonic()
        for process in [each for each in self._processes if each.is_timed and now >= each.ends_at]:
            if process.connection.poll():  # it has something to say after all; it is heard first
                continue
            if process.task is not None:
                process.forgive_waiting(seconds=self._limits.seconds)
                if now < process.ends_at:
                    continue
            process.end(at_once=True)
            self._processes.remove(process)
            if process.task is None:
                raise RuntimeError(f"A child process did not start within {_START_SECONDS_MAX:g} seconds.")
            self.results.put(process.result(TaskEnding.TIMED_OUT))


def _seconds_waited(pid: int) -> float:
    """Return how long a process was ready to run and did not, since it began; 0.0 where the system does not tell.

    Its main thread only, from the second number of /proc/PID/schedstat (nanoseconds), see Linux's sched-stats.
    """
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


class Child:
    """One process for one long task: it is heard while it works, asked to end in order, and killed when it does not.

    `stop` and `kill` may be called by another thread, and by a handler of a signal.
    """

    def __init__(self, work: ChildWork, *, seconds: float, grace_seconds: float) -> None:
        """Begin; nothing of the task is started yet.

        Args:
            seconds: longest time of the task, from the moment in which it first sends something.
            grace_seconds: how long it may take to end in order when it is asked to.
        """
        self._starter = starter_of_long_tasks(work)
        self._seconds = seconds
        self._grace_seconds = grace_seconds
        self._handle: Forked | Spawned | None = None
        self._is_stopped = False
        self._ends = float("inf")

    def run(self, payload: bytes, *, on_sent: Callable[[bytes], None]) -> Result[None]:
        """Do the task and return its result, whatever becomes of it; `on_sent` gets what it sends meanwhile."""
        connection, theirs = Pipe(duplex=True)
        with connection:
            self._end_by(time.monotonic() + _START_SECONDS_MAX)
            self._handle = self._starter.start(theirs.fileno(), ())
            theirs.close()
            if self._is_stopped:
                self._handle.interrupt()
            has_sent = False
            while time.monotonic() < self._ends:
                if not connection.poll(_LOOK_SECONDS):
                    continue
                try:
                    message = connection.recv_bytes()
                except (EOFError, OSError):
                    return self._buried()
                match message[:1]:
                    case b"R":
                        self._begin(_START_SECONDS_MAX + self._seconds)
                        connection.send_bytes(payload)
                    case b"P":
                        if not has_sent:
                            self._begin(self._seconds)
                        has_sent = True
                        on_sent(message[1:])
                    case b"D":
                        self._handle.end(seconds=_START_SECONDS_MAX)
                        return Result(None, TaskEnding.DONE, message[2:].partition(b"\n")[2])
                    case kind:
                        self._handle.end(seconds=0.2)
                        ending = TaskEnding.OUT_OF_MEMORY if kind == b"M" else TaskEnding.FAILED
                        return Result(None, ending, detail=message[1:].decode("utf-8", "replace"))
            self._handle.end(seconds=0.0)
        return Result(None, TaskEnding.STOPPED if self._is_stopped else TaskEnding.TIMED_OUT)

    def stop(self) -> None:
        """Ask it to end in order, and kill it when it takes too long."""
        self._is_stopped = True
        self._end_by(time.monotonic() + self._grace_seconds)
        if self._handle is not None:
            self._handle.interrupt()

    def kill(self) -> None:
        """End it at once."""
        self._is_stopped, self._ends = True, 0.0

    def _begin(self, seconds: float) -> None:
        if not self._is_stopped:
            self._ends = time.monotonic() + seconds

    def _end_by(self, moment: float) -> None:
        self._ends = min(self._ends, moment)

    def _buried(self) -> Result[None]:
        assert self._handle is not None
        code = self._handle.end(seconds=1.0)
        if self._is_stopped and code == -signal.SIGTERM:  # it had not begun
            return Result(None, TaskEnding.STOPPED)
        return Result(None, TaskEnding.CRASHED, detail=str(code))


def _ending_of_death(code: int) -> tuple[TaskEnding, str]:
    """Return how a task ended whose process died on its own, and the name of the signal."""
    if code == -signal.SIGKILL:  # not by us: the system's own guard of memory
        return TaskEnding.OUT_OF_MEMORY, ""
    if code < 0:
        with contextlib.suppress(ValueError):
            return TaskEnding.CRASHED, signal.Signals(-code).name
    return TaskEnding.CRASHED, ""

"""Read files in processes that can be killed: each file has a limit of time and of memory, and always an outcome.

An own pool, because Pebble's knows no limit of memory and forgets what a killed task had done: here the pages that were
read before a time-out or a crash are kept. Processes are started afresh (no fork): the parent may hold threads and locks.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection, Pipe, wait
from pathlib import Path

from corpus.settings import Settings
from corpus.types import Reading
from nlp.reading import outcomes
from nlp.reading.messages import Done, Message, Progress, Ready, pack_request, pages_of, reading_of, unpack
from nlp.reading.outcomes import Ending
from nlp.reading.requests import Limits, ReadRequest

_LOOK_AHEAD = 3
"""Files a process that are taken from the caller before their turn, those that were read and wait for him counted."""
_START_SECONDS_MAX = 60.0
"""A process that is not ready after this never will be."""
_ROOT = str(Path(__file__).resolve().parents[2])


def read_files(requests: Iterable[ReadRequest], *, settings: Settings) -> Iterator[Reading]:
    """Yield the reading of every request, as they are finished: not in the order of the requests.

    Takes requests only some files ahead of what was yielded, so memory does not grow with their number. Whatever a file
    does (hang, crash, fill the memory), it has an outcome, and the others are read. When the caller stops early, is
    interrupted or is killed, the processes end too.

    Raises RuntimeError: reading processes cannot be started at all.
    """
    pool = _Pool(Limits.of(settings), size=settings.worker_count)
    waiting = iter(requests)
    try:
        outstanding, is_more = 0, True
        while True:
            while is_more and outstanding < _LOOK_AHEAD * settings.worker_count:
                request = next(waiting, None)
                is_more = request is not None
                if request is not None:
                    pool.submit(request)
                    outstanding += 1
            if not outstanding:
                return
            yield pool.take()
            outstanding -= 1
    finally:
        pool.close()


class _Process:
    """A reading process, the file that it reads, and what it has told of it."""

    def __init__(self) -> None:
        ours, theirs = Pipe(duplex=True)
        path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
        self._process = subprocess.Popen(  # noqa: S603  our own module
            # -P: the folder we are in must not shadow modules
            [sys.executable, "-P", "-m", "nlp.reading.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            pass_fds=(theirs.fileno(),),
            env=os.environ | {"PYTHONPATH": path},
        )
        theirs.close()
        self.connection: Connection = ours
        self.is_ready = False
        self.request: ReadRequest | None = None
        self.texts: list[str] = []
        self.page_total = 0
        self.started = time.monotonic()

    def begin(self, request: ReadRequest, limits: Limits) -> None:
        """Hand it a file. A process that has just died is noticed when it is listened to."""
        self.request, self.texts, self.page_total, self.started = request, [], 0, time.monotonic()
        with contextlib.suppress(OSError):
            self.connection.send_bytes(pack_request(request, limits))

    def receive(self) -> Message | None:
        """Return the message that waits; None: it has died, or talks nonsense."""
        try:
            return unpack(self.connection.recv_bytes())
        except (EOFError, OSError, ValueError):
            return None

    def end(self) -> int:
        """Kill it and return how it had ended: 0 or more by itself, less than 0 by that signal."""
        if self._process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(0.2)  # its pipe ends a moment before it does
        self._process.kill()
        code = self._process.wait()
        self.connection.close()
        return code

    def kill(self) -> None:
        """Kill it at once."""
        self._process.kill()
        self._process.wait()
        self.connection.close()

    def reading(self, ending: Ending) -> Reading:
        """Return what it had read when it ended."""
        assert self.request is not None
        return Reading(
            sha256=self.request.sha256,
            outcome=ending.outcome,
            reason=ending.reason,
            pages=pages_of(self.texts),
            page_total=max(self.page_total, len(self.texts)),
            seconds=round(time.monotonic() - self.started, 4),
        )


class _Pool:
    """Some processes and a thread that serves them, so that they go on while the caller works on a reading."""

    def __init__(self, limits: Limits, *, size: int) -> None:
        self._limits = limits
        self._size = size
        self._processes: list[_Process] = []
        self._requests: deque[ReadRequest] = deque()
        self._results: queue.SimpleQueue[Reading | BaseException] = queue.SimpleQueue()
        self._hear_caller, self._wake = Pipe(duplex=False)
        self._is_closed = False
        self._thread = threading.Thread(target=self._run, name="reading pool", daemon=True)
        self._thread.start()

    def submit(self, request: ReadRequest) -> None:
        """Have a file read."""
        self._requests.append(request)
        self._wake.send_bytes(b".")

    def take(self) -> Reading:
        """Return the next reading that is finished; waits for it."""
        result = self._results.get()
        if isinstance(result, BaseException):
            raise result
        return result

    def close(self) -> None:
        """End all processes, in the middle of a file too. May be repeated."""
        self._is_closed = True
        with contextlib.suppress(OSError):
            self._wake.send_bytes(b".")
        self._thread.join()
        self._wake.close()
        self._hear_caller.close()

    def _run(self) -> None:
        try:
            while not self._is_closed:
                self._assign()
                self._listen()
                self._hold_to_time()
        except BaseException as error:  # the caller waits for a result: it gets the bug instead of waiting for ever
            self._results.put(error)
        finally:
            for process in self._processes:
                process.kill()

    def _assign(self) -> None:
        """Give waiting files to idle processes; start processes while there is work for them."""
        for process in self._processes:
            if self._requests and process.is_ready and process.request is None:
                process.begin(self._requests.popleft(), self._limits)
        starting = sum(not process.is_ready for process in self._processes)
        while len(self._requests) > starting and len(self._processes) < self._size:
            self._processes.append(_Process())
            starting += 1

    def _listen(self) -> None:
        """Wait until a process or the caller has something to say, or the next limit of time is reached."""
        by_connection = {process.connection: process for process in self._processes}
        now = time.monotonic()
        ends = [self._ends_at(process) - now for process in self._processes if self._is_timed(process)]
        for ready in wait([self._hear_caller, *by_connection], timeout=max(0.0, min(ends, default=3600.0))):
            if ready is self._hear_caller:
                self._hear_caller.recv_bytes()
            else:
                assert isinstance(ready, Connection)
                self._hear(by_connection[ready])

    def _hear(self, process: _Process) -> None:
        match process.receive():
            case Ready():
                process.is_ready = True
            case Progress(texts, page_total) if process.request is not None:
                process.texts += texts
                process.page_total = page_total
            case Done(values, retires) if process.request is not None:
                self._finish(process, values)
                if retires:
                    self._remove(process)
            case _:
                self._bury(process)

    def _finish(self, process: _Process, values: dict[str, object]) -> None:
        try:
            reading = reading_of(values, earlier=process.texts)
        except (ValueError, KeyError, TypeError):
            reading = process.reading(outcomes.crashed("it gave no sensible answer"))
        self._results.put(reading)
        process.request, process.texts = None, []

    def _bury(self, process: _Process) -> None:
        """Say what became of the file of a process that has died."""
        code = process.end()
        self._processes.remove(process)
        if process.request is not None:
            self._results.put(process.reading(_ending_of_death(code, len(process.texts), limits=self._limits)))
        elif not process.is_ready:
            raise RuntimeError(f"A reading process could not be started (exit code {code}).")

    def _remove(self, process: _Process) -> None:
        process.end()
        self._processes.remove(process)

    def _is_timed(self, process: _Process) -> bool:
        return process.request is not None or not process.is_ready

    def _ends_at(self, process: _Process) -> float:
        return process.started + (self._limits.seconds if process.is_ready else _START_SECONDS_MAX)

    def _hold_to_time(self) -> None:
        now = time.monotonic()
        for process in [each for each in self._processes if self._is_timed(each) and now >= self._ends_at(each)]:
            if process.connection.poll():  # it has something to say after all; it is heard first
                continue
            process.kill()
            self._processes.remove(process)
            if process.request is None:
                raise RuntimeError(f"A reading process did not start within {_START_SECONDS_MAX:g} seconds.")
            self._results.put(process.reading(outcomes.timed_out(self._limits.seconds, pages_read=len(process.texts))))


def _ending_of_death(code: int, pages_read: int, *, limits: Limits) -> Ending:
    """Return how a file ended whose process died by itself."""
    if code == -signal.SIGKILL:  # not by us: the system's own guard of memory
        return outcomes.out_of_memory(limits.memory_mebibytes, pages_read=pages_read)
    if code < 0:
        with contextlib.suppress(ValueError):
            return outcomes.crashed(signal.Signals(-code).name)
    return outcomes.crashed("it ended without an answer")

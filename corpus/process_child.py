"""The child's side of corpus.processes: `python -m corpus.process_child serve|fork DESCRIPTOR CONFIG`.

`serve` does one task after the other until its pipe ends. `fork` loads what the work needs, then forks children that
serve. They can hang, run out of memory or crash; corpus.processes sees to it. They end when their parent does, however
that ends.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import importlib
import json
import logging
import os
import resource
import select
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any, NoReturn

_GROWN_SHARE = 0.35
"""A process that took more of its memory limit than this beyond what it began with is replaced: freed memory is not always
given back."""
_PR_SET_PDEATHSIG = 1  # prctl(2)
_ORDERS = {"kill": signal.SIGKILL, "stop": signal.SIGTERM}


class ParentPipe:
    """How a function that does a task speaks to the pool."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.keys: dict[str, None] = {}

    def send(self, payload: bytes) -> None:
        """Send a part of the result: it survives this process."""
        self._connection.send_bytes(b"P" + payload)

    def learned(self, key: str) -> None:
        """Tell that something was loaded which later children had better begin with. A key is a word without blanks."""
        self.keys[key] = None


Function = Callable[[bytes, ParentPipe], bytes]


def guard_cpu(seconds: float) -> None:
    """End this process after so much time of the processor; 0 takes the guard away.

    A second guard beside the parent's clock, for when the parent is stopped or gone. Waiting until the parent takes what was
    sent must not count.
    """
    signal.setitimer(signal.ITIMER_PROF, seconds)


def end_at_last(seconds: float) -> None:
    """Let the system end this process after a time, whatever it is doing then; the last means, for when the parent is gone.

    No handler of ours takes SIGALRM, so that it ends even a process which never comes back to Python.
    """
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, seconds)


def main(how: str, descriptor: int, config: dict[str, Any]) -> None:
    """Serve the pipe, or fork on demand, until the receiving server ends it."""
    is_long = config["seconds_max"] > 0
    _die_with_parent(config["parent"], by=signal.SIGTERM if is_long and how == "serve" else signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # see guard_cpu: ends the process
    if is_long and how == "serve":
        end_at_last(config["seconds_max"])
    elif not is_long:
        logging.disable(logging.CRITICAL)  # libraries comment on every oddity of a file
    if config["warm"]:
        _resolved(config["warm"])()
    _resolved(config["function"])
    gc.collect()
    gc.freeze()
    if how == "fork":
        _Forking(socket.socket(fileno=descriptor), config).run()
    _serve(Connection(descriptor), config)


def _resolved(name: str) -> Any:
    module, _, function = name.partition(":")
    return getattr(importlib.import_module(module), function)


def _serve(connection: Connection, config: dict[str, Any]) -> None:
    function: Function = _resolved(config["function"])
    begun_with = _peak_mebibytes()
    connection.send_bytes(b"R%d" % os.getpid())
    is_long = config["seconds_max"] > 0
    if not is_long:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # C libraries print on files they dislike
    limit = config["memory_mebibytes"]
    learned: set[str] = set()
    while True:
        try:
            payload = connection.recv_bytes()
            if limit:
                _limit_memory(limit)
            channel = ParentPipe(connection)
            answer, is_whole = _do(function, payload, channel, is_long=is_long)
            if channel.keys.keys() - learned:  # what was loaded stays: going through it after each task takes long
                learned |= channel.keys.keys()
                gc.freeze()
            if is_whole:
                retires = is_long or _peak_mebibytes() - begun_with > _GROWN_SHARE * limit
                head = b"D1" if retires else b"D0"
                answer = head + " ".join(channel.keys).encode() + b"\n" + answer
            connection.send_bytes(answer)
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return
        if answer[:1] == b"M" or answer[:2] == b"D1":
            return


def _do(function: Function, payload: bytes, channel: ParentPipe, *, is_long: bool) -> tuple[bytes, bool]:
    """Return the answer and True, or a message that says what went wrong and False."""
    if not is_long:
        gc.disable()  # a third of the time of many files; what is circular goes with `collect` below
    try:
        return function(payload, channel), True
    except (MemoryError, RecursionError):
        return b"M", False
    except (EOFError, BrokenPipeError, ConnectionResetError):
        raise
    except Exception as error:  # one bad document stops nothing: the pool says which, and continues
        return b"E" + f"{type(error).__name__}: {error}"[:500].encode("utf-8", "replace"), False
    finally:
        guard_cpu(0)
        gc.enable()
        gc.collect()


class _Forking:
    """Forks a child for each line `fork NUMBER WORDS...`, signals one for `kill NUMBER` and `stop NUMBER`, and tells
    `NUMBER CODE` when one has ended.

    The words are what was learned. Of a long task there is one, a `corpus.process_start.LongTask` as JSON in hexadecimal digits,
    and a second descriptor is where it logs.
    """

    def __init__(self, server: socket.socket, config: dict[str, Any]) -> None:
        self._server = server
        self._config = config
        self._is_long = config["seconds_max"] > 0
        self._own = os.getpid()
        self._numbers: dict[int, int] = {}
        self._descriptors: deque[int] = deque()
        self._known: set[str] = set()
        self._hear, self._wake = os.pipe()

    def run(self) -> NoReturn:
        """Obey until the other end of the socket is closed."""
        for end in (self._hear, self._wake):
            os.set_blocking(end, False)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        unread = b""
        while True:
            ready = select.select([self._server.fileno(), self._hear], [], [])[0]
            if self._hear in ready:
                with contextlib.suppress(BlockingIOError):
                    os.read(self._hear, 4096)
                self._tell_ended()
            if self._server.fileno() not in ready:
                continue
            got, new, _flags, _address = socket.recv_fds(self._server, 65536, 64)
            if not got:
                self._end()
            self._descriptors += new
            *lines, unread = (unread + got).split(b"\n")
            for line in lines:
                order, number, *words = line.decode().split()
                if order == "fork":
                    self._fork(int(number), words)
                else:
                    self._signal(int(number), _ORDERS[order])

    def _fork(self, number: int, words: list[str]) -> None:
        config, task, descriptors = self._config, None, [self._descriptors.popleft()]
        if self._is_long:
            descriptors.append(self._descriptors.popleft())
            task = json.loads(bytes.fromhex(words[0]))
            config = config | {"function": task["function"], "seconds_max": task["seconds_max"]}
        elif config["learn"]:
            for key in set(words) - self._known:
                self._known.add(key)
                _resolved(config["learn"])(key)
        process = os.fork()
        if process == 0:
            others = [*self._descriptors, self._hear, self._wake, self._server.detach()]
            _begin_child(descriptors, others, config, task=task, parent=self._own)
        self._numbers[process] = number
        for each in descriptors:
            os.close(each)

    def _signal(self, number: int, by: signal.Signals) -> None:
        for process in [each for each, name in self._numbers.items() if name == number]:
            os.kill(process, by)

    def _end(self) -> NoReturn:
        for process in self._numbers:
            os.kill(process, signal.SIGTERM if self._is_long else signal.SIGKILL)
        os._exit(0)

    def _tell_ended(self) -> None:
        while self._numbers:
            process, status = os.waitpid(-1, os.WNOHANG)
            if not process:
                return
            number = self._numbers.pop(process)
            with contextlib.suppress(OSError):
                self._server.sendall(f"{number} {os.waitstatus_to_exitcode(status)}\n".encode())


def _begin_child(
    descriptors: list[int], others: list[int], config: dict[str, Any], *, task: dict[str, Any] | None, parent: int
) -> NoReturn:
    """Serve as a child that was just forked; with a long task, see what it is to see."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    code = 1
    try:
        for each in others:
            os.close(each)
        _die_with_parent(parent, by=signal.SIGTERM if task else signal.SIGKILL)
        if task:
            end_at_last(config["seconds_max"])
            os.dup2(descriptors[1], 2)
            os.environ.clear()
            os.environ.update(task["environment"])
            os.chdir(task["folder"])
        _serve(Connection(descriptors[0]), config)
        code = 0
    finally:
        os._exit(code)


def _limit_memory(mebibytes: int) -> None:
    """Let allocations beyond the limit fail; systems that know no such limit (macOS) go without."""
    limit = mebibytes * 2**20
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        # The address space also holds what is only mapped: it gets room for libraries on top.
        soft = limit if kind == resource.RLIMIT_DATA else limit + 2**30
        _old, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or soft < hard:
            with contextlib.suppress(ValueError, OSError):
                resource.setrlimit(kind, (soft, hard))


def _peak_mebibytes() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux, bytes on macOS
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def _die_with_parent(parent: int, *, by: signal.Signals) -> None:
    """Ask the kernel to send this process a signal when its parent dies, even in the middle of a task (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, by, 0, 0, 0)
    if os.getppid() != parent:  # it died before we asked
        os._exit(1)


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]))

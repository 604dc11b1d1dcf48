"""Starting child processes: forked from a warm one (`ForkServer`), or each afresh (`Spawner`).

`starter_of_long_tasks` keeps a fork server until `let_go` or the end of this process: loading Scrapy takes more than a second, and
a harvest of many sources would do it for each.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import select
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal, Protocol

CAN_FORK = sys.platform == "linux"
"""Elsewhere a forked process may not use the system's libraries (macOS), or there is no fork at all."""
_ROOT = str(Path(__file__).resolve().parents[1])
_KILLED = -9
_END_SECONDS_MAX = 10.0
_LISTEN_SECONDS_MAX = 0.05
"""So long one thread may listen to a fork server before another has its turn."""


@dataclass(frozen=True, slots=True)
class ChildWork:
    """What children do. Functions are named as `package.module:function`."""

    function: str
    """Called with (payload: bytes, channel: corpus.process_child.ParentPipe) for each task; returns bytes."""
    warm: str = ""
    """Called without arguments before the first task: loads libraries and data. Empty: nothing is to be loaded."""
    learn: str = ""
    """Called with each key that `ParentPipe.learned` named, before later children are forked."""
    seconds_max: float = 0.0
    """More than 0: a long task of our own libraries, such as a harvest. It logs, its memory has no limit, its garbage is
    collected as usual, it is asked to end in order when its parent dies, and the system ends it after so long."""


class Starter(Protocol):
    """Starts children that serve a pipe."""

    def start(self, descriptor: int, learned: Iterable[str]) -> Forked | Spawned:
        """Start a child that serves the pipe; it tells there when it is ready. The caller closes the descriptor."""

    def close(self) -> None:
        """Let go of what was needed for starting. Children that live may die."""


def _config(work: ChildWork, memory_mebibytes: int) -> str:
    return json.dumps(asdict(work) | {"memory_mebibytes": memory_mebibytes, "parent": os.getpid()})


def _environment() -> dict[str, str]:
    path = os.pathsep.join(filter(None, (_ROOT, os.environ.get("PYTHONPATH"))))
    # One thread for each child: the pool knows how many processors there are, and threads do not survive a fork.
    return os.environ | {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONPATH": path}


def _popen(arguments: list[str], descriptor: int, *, is_long: bool = False) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own module
        # -P: the folder we are in must not shadow modules
        [sys.executable, "-P", "-m", "corpus.process_child", *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=(descriptor,),
        start_new_session=is_long,  # Ctrl-C comes through us, once, and not from the terminal as well
        env=_environment(),
    )


class Spawned:
    """A child with an interpreter of its own."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process

    def end(self, *, seconds: float) -> int:
        """Wait so long for its end, then kill it; return its exit code, less than 0 when a signal ended it."""
        if seconds and self._process.poll() is None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        self._process.kill()
        return self._process.wait()

    def interrupt(self) -> None:
        """Ask it to end in order; nothing happens when it has ended."""
        self._process.terminate()


class Spawner:
    """Starts each child afresh."""

    def __init__(self, work: ChildWork, *, memory_mebibytes: int) -> None:
        self._is_long = work.seconds_max > 0
        self._config = _config(work, memory_mebibytes)

    def start(self, descriptor: int, learned: Iterable[str]) -> Spawned:
        """Start a child; see `Starter`."""
        return Spawned(_popen(["serve", str(descriptor), self._config], descriptor, is_long=self._is_long))

    def close(self) -> None:
        """Nothing is to be let go."""


class ForkServer:
    """Starts children as forks of one process that has loaded what they need; may be used by several threads.

    Linux ends the server with the thread that began it.
    """

    def __init__(self, work: ChildWork, *, memory_mebibytes: int) -> None:
        self._config = _config(work, memory_mebibytes)
        self._is_long = work.seconds_max > 0
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._number = 0
        self._codes: dict[int, int] = {}
        self._unread = b""
        self._lock = threading.RLock()

    def start(self, descriptor: int, learned: Iterable[str]) -> Forked:
        """Start a child, and the server before the first one and after it has died; see `Starter`."""
        with self._lock:
            self.begin()
            assert self._socket is not None
            self._number += 1
            line = f"fork {self._number} {' '.join(learned)}\n".encode()
            with contextlib.suppress(OSError):  # it has died just now: the child's pipe ends, and says so
                # A long task logs, and where to may have changed since the server began.
                sent = socket.send_fds(self._socket, [line], [descriptor, 2] if self._is_long else [descriptor])
                self._socket.sendall(line[sent:])
            return Forked(self, self._number)

    @property
    def process_id(self) -> int:
        """Return the id of the server; 0: none runs."""
        return self._process.pid if self._process is not None else 0

    @property
    def is_alive(self) -> bool:
        """Say whether the server runs."""
        return self._process is not None and self._process.poll() is None

    def begin(self) -> None:
        """Start the server, unless it lives."""
        if self.is_alive:
            return
        self.close()
        ours, theirs = socket.socketpair()
        self._unread = b""
        self._process = _popen(["fork", str(theirs.fileno()), self._config], theirs.fileno(), is_long=self._is_long)
        theirs.close()
        self._socket = ours

    def code_of(self, number: int, *, seconds: float) -> int | None:
        """Return the exit code of a child, waiting so long for it; None: it lives."""
        ends = time.monotonic() + seconds
        while True:
            with self._lock:
                left = max(0.0, ends - time.monotonic())
                is_alive = number in self._codes or self._listen(min(left, _LISTEN_SECONDS_MAX))
                code = self._codes.pop(number, None if is_alive else _KILLED)
                if code is not None:
                    return code
                if not left:
                    return None

    def _listen(self, seconds: float) -> bool:
        """Note which children have ended, waiting so long for one; False: the server has died, and its children with it."""
        if self._socket is None:
            return False
        if not select.select([self._socket], [], [], seconds)[0]:
            return True
        try:
            got = self._socket.recv(65536)
        except OSError:
            return False
        *lines, self._unread = (self._unread + got).split(b"\n")
        for line in lines:
            child, code = line.split()
            self._codes[int(child)] = int(code)
        return bool(got)

    def signal(self, number: int, order: Literal["kill", "stop"]) -> None:
        """Have a child killed, or asked to end in order; nothing happens when it is dead.

        The server does it: only it knows that the id is not another's.
        """
        with self._lock, contextlib.suppress(OSError):
            if self._socket is not None:
                self._socket.sendall(f"{order} {number}\n".encode())

    def close(self) -> None:
        """End the server and its children."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Forked:
    """A child of a fork server."""

    def __init__(self, server: ForkServer, number: int) -> None:
        self._server = server
        self._number = number

    def end(self, *, seconds: float) -> int:
        """Wait so long for its end, then kill it; return its exit code, less than 0 when a signal ended it."""
        code = self._server.code_of(self._number, seconds=seconds)
        if code is None:
            self._server.signal(self._number, "kill")
            code = self._server.code_of(self._number, seconds=_END_SECONDS_MAX)
        return _KILLED if code is None else code

    def interrupt(self) -> None:
        """Ask it to end in order; nothing happens when it has ended."""
        self._server.signal(self._number, "stop")


@dataclass(frozen=True, slots=True)
class LongTask:
    """What a child is to do, and what it is to see of this moment, and not of that in which its fork server began."""

    function: str
    seconds_max: float
    folder: str
    environment: Mapping[str, str]


class _ForkingLongTasks:
    """Starts children for one kind of long task from a fork server that is kept."""

    def __init__(self, server: ForkServer, work: ChildWork) -> None:
        self._server = server
        self._work = work

    def start(self, descriptor: int, learned: Iterable[str]) -> Forked:
        """Start a child; see `Starter`."""
        now = LongTask(self._work.function, self._work.seconds_max, str(Path.cwd()), _environment())
        return self._server.start(descriptor, (json.dumps(asdict(now)).encode().hex(),))

    def close(self) -> None:
        """Nothing is to be let go: the server is kept."""


kept: dict[tuple[str, ...], tuple[int, ForkServer]] = {}
"""By the module that was loaded and what Python heeds when it starts (PYTHONPATH ...), which no child can be told later: the
process that began the server, and the server."""


def starter_of_long_tasks(work: ChildWork) -> Starter:
    """Return what starts children for a long task: forks where a fork server may be had, else each afresh.

    A fork server is begun in the main thread only, because it would die with another one while its children live.
    """
    module = work.function.partition(":")[0]
    heeded = sorted(f"{name}={value}" for name, value in _environment().items() if name.startswith("PYTHON"))
    owner, server = kept.get((module, *heeded), (0, None))
    if server is None or owner != os.getpid() or not server.is_alive:
        if not CAN_FORK or threading.current_thread() is not threading.main_thread():
            return Spawner(work, memory_mebibytes=0)
        server = ForkServer(work, memory_mebibytes=0)
        server.begin()
        kept[module, *heeded] = os.getpid(), server
    return _ForkingLongTasks(server, work)


@atexit.register
def let_go() -> None:
    """End what was kept to fork long tasks from, and with it any that live; the next long task begins another."""
    for owner, server in kept.values():
        if owner == os.getpid():
            server.close()
    kept.clear()

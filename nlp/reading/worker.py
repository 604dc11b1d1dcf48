"""A reading process: `python -m nlp.reading.worker DESCRIPTOR`. Reads one file after the other until its pipe ends.

It can hang, run out of memory or crash; nlp.reading.pool sees to it. It ends when its parent does, however that ends.
"""

from __future__ import annotations

import ctypes
import gc
import logging
import os
import resource
import signal
import sys
import time
from multiprocessing.connection import Connection

from nlp.reading import outcomes
from nlp.reading.messages import Done, Progress, Ready, fields_of, pack, unpack_request
from nlp.reading.reader import read_file
from nlp.reading.requests import Limits, ReadRequest

_FLUSH_SECONDS = 0.25
"""Pages wait no longer than this before they are sent: what has been sent survives this process."""
_GROWN_SHARE = 0.35
"""A process that ever took more of its memory limit than this is replaced: freed memory is not always given back."""
_CPU_GRACE_SECONDS = 5.0
"""The parent's clock comes first; this much later the process ends by itself."""
_PR_SET_PDEATHSIG = 1  # prctl(2)


def main(descriptor: int) -> None:
    """Serve the pipe until it ends."""
    _die_with_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C goes to the whole group; the parent decides
    signal.signal(signal.SIGPROF, signal.SIG_DFL)  # see _serve: ends the process
    logging.disable(logging.CRITICAL)  # pdfminer comments on every oddity
    import nlp.reading.pdf  # noqa: F401  loaded before the limits, and before the first file's time begins

    gc.collect()
    gc.freeze()
    connection = Connection(descriptor)
    connection.send_bytes(pack(Ready()))
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # C libraries print on files they dislike
    while True:
        try:
            request, limits = unpack_request(connection.recv_bytes())
            done = _serve(request, limits, connection)
            connection.send_bytes(pack(done))
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return
        if done.retires:
            return


def _serve(request: ReadRequest, limits: Limits, connection: Connection) -> Done:
    """Read one file under its limits; pages are sent as they come."""
    sender = _PageSender(connection)
    _limit_memory(limits.memory_mebibytes)
    # A second guard beside the parent's clock, for when the parent is stopped or gone. It counts time of the processor:
    # waiting until the parent takes a page must not count.
    signal.setitimer(signal.ITIMER_PROF, limits.seconds + _CPU_GRACE_SECONDS)
    started = time.monotonic()
    gc.disable()  # a third of the time of many files; what is circular goes with `collect` below
    try:
        reading = read_file(request, limits=limits, on_page=sender.add)
        values = fields_of(reading, pages_sent=sender.sent)
        return Done(values, retires=_has_grown(limits))
    except (MemoryError, RecursionError):
        sender.texts.clear()
        ending = outcomes.out_of_memory(limits.memory_mebibytes, pages_read=sender.sent)
        values = {
            "sha256": request.sha256, "outcome": ending.outcome.value, "reason": ending.reason, "texts": [],
            "page_total": sender.page_total, "engine": "", "seconds": time.monotonic() - started, "evidence": {},
        }  # fmt: skip
        return Done(values, retires=True)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        gc.enable()
        gc.collect()


class _PageSender:
    """Sends pages in small heaps while they are read."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._flushed_at = time.monotonic()
        self.texts: list[str] = []
        self.sent = 0
        self.page_total = 0

    def add(self, text: str, page_total: int) -> None:
        self.texts.append(text)
        self.page_total = page_total
        if time.monotonic() - self._flushed_at >= _FLUSH_SECONDS:
            self._connection.send_bytes(pack(Progress(tuple(self.texts), page_total)))
            self.sent += len(self.texts)
            self.texts.clear()
            self._flushed_at = time.monotonic()


def _limit_memory(mebibytes: int) -> None:
    """Let allocations beyond the limit fail; systems that know no such limit (macOS) go without."""
    limit = mebibytes * 2**20
    for kind in (resource.RLIMIT_DATA, resource.RLIMIT_AS):
        # The address space also holds what is only mapped: it gets room for libraries on top.
        soft = limit if kind == resource.RLIMIT_DATA else limit + 2**30
        _old, hard = resource.getrlimit(kind)
        if hard == resource.RLIM_INFINITY or soft < hard:
            resource.setrlimit(kind, (soft, hard))


def _has_grown(limits: Limits) -> bool:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # KiB on Linux, bytes on macOS
    kibibytes = peak / 1024 if sys.platform == "darwin" else peak
    return kibibytes > _GROWN_SHARE * limits.memory_mebibytes * 1024


def _die_with_parent() -> None:
    """Ask the kernel to kill this process when its parent dies, even in the middle of a file (Linux)."""
    parent = os.getppid()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    if parent == 1 or os.getppid() != parent:  # it died before we asked
        sys.exit(1)


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""What a reading process does: one file after the other, its pages sent while they are read.

It can hang, run out of memory or crash; corpus.processes sees to it.
"""

from __future__ import annotations

import gc
import time

from corpus.process_child import ParentPipe, guard_cpu
from nlp.reading.messages import pack_progress, pack_reading, unpack_request
from nlp.reading.reader import read_file

_FLUSH_SECONDS = 0.25
"""Pages wait no longer than this before they are sent: what has been sent survives this process."""
_CPU_GRACE_SECONDS = 5.0
"""The parent's clock comes first; this much later the process ends on its own."""
_OBJECTS_BETWEEN_COLLECTIONS = 20_000
_LEARNED = {"trafilatura": "nlp.reading.html", "lxml": "nlp.reading.html", "text": "nlp.reading.plain"}
"""Modules that a file read by an engine has loaded, so that processes which take over need not load them again."""


def warm() -> None:
    """Load what reads PDF, before the first file's time begins."""
    import nlp.reading.pdf  # noqa: F401

    # Reading makes millions of small objects and few circles: collecting less often saves 5 % of the time.
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)


def learn(module: str) -> None:
    """Load the reader of another kind of file."""
    import importlib

    if module in _LEARNED.values():
        importlib.import_module(module)


def read(payload: bytes, channel: ParentPipe) -> bytes:
    """Read one file under its limits; pages are sent as they come."""
    request, limits = unpack_request(payload)
    guard_cpu(limits.seconds + _CPU_GRACE_SECONDS)
    sender = _PageSender(channel)
    reading = read_file(request, limits=limits, on_page=sender.add)
    if module := _LEARNED.get(reading.engine):
        channel.learned(module)
    return pack_reading(reading, pages_sent=sender.sent)


class _PageSender:
    """Sends pages in small heaps while they are read."""

    def __init__(self, channel: ParentPipe) -> None:
        self._channel = channel
        self._flushed_at = time.monotonic()
        self._texts: list[str] = []
        self.sent = 0

    def add(self, text: str, page_total: int) -> None:
        self._texts.append(text)
        if time.monotonic() - self._flushed_at >= _FLUSH_SECONDS:
            self._channel.send(pack_progress(self._texts, page_total))
            self.sent += len(self._texts)
            self._texts.clear()
            self._flushed_at = time.monotonic()

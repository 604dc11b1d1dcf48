"""What the children of test_processes.py and test_long_tasks.py do."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

from corpus.process_child import ParentPipe

WARMED: list[str] = []
SEEN: dict[str, Callable[[str], str]] = {
    "echo": lambda rest: rest,
    "warmed": lambda _rest: " ".join(WARMED),
    "parent": lambda _rest: str(os.getppid()),
    "environment": lambda name: os.environ[name],
    "folder": lambda _rest: str(Path.cwd()),
    "log": lambda rest: f"{os.write(2, rest.encode())} bytes",
}
"""What a child tells of itself."""


def warm() -> None:
    WARMED.append(f"warm in {os.getpid()}")


def learn(key: str) -> None:
    WARMED.append(key)


def do(payload: bytes, channel: ParentPipe) -> bytes:
    """Do what the payload says."""
    order, _, rest = payload.decode().partition(" ")
    if order in SEEN:
        return SEEN[order](rest).encode()
    match order:
        case "learn":
            channel.learned(rest)
            return b"learned"
        case "hang":
            channel.send(b"first part")
            while True:
                pass
        case "work" | "sleep":
            {"work": _work, "sleep": time.sleep}[order](float(rest))
        case "fill":
            return b"x" * (int(rest) * 2**20)
        case "die":
            channel.send(b"first part")
            os.kill(os.getpid(), getattr(signal, rest))
        case "leave":
            os._exit(3)
        case "raise":
            raise ValueError("a lone \ud800 surrogate")
        case "deep":
            return do(payload, channel)
    return b"?"


def do_backwards(payload: bytes, channel: ParentPipe) -> bytes:
    """Do the same, and turn the answer round."""
    return do(payload, channel)[::-1]


def _work(seconds: float) -> None:
    """Take so much time of a processor."""
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass

"""What the children of test_processes.py do."""

from __future__ import annotations

import os
import signal
import time

from corpus.process_child import ParentPipe

WARMED: list[str] = []


def warm() -> None:
    WARMED.append(f"warm in {os.getpid()}")


def learn(key: str) -> None:
    WARMED.append(key)


def do(payload: bytes, channel: ParentPipe) -> bytes:
    """Do what the payload says."""
    order, _, rest = payload.decode().partition(" ")
    match order:
        case "echo":
            return rest.encode()
        case "warmed":
            return " ".join(WARMED).encode()
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


def _work(seconds: float) -> None:
    """Take so much time of a processor."""
    ends = time.process_time() + seconds
    while time.process_time() < ends:
        pass

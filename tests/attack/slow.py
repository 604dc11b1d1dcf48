"""Clients that never finish their request: does the server still answer others, and does it hang up on them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from tests.attack.served import Served

DRIP_SECONDS = 0.5
"""Each client sends a byte so often."""


class Dripping:
    """So many open connections on which a request comes byte by byte and never ends."""

    def __init__(self, port: int, *, count: int) -> None:
        self._lines: list[socket.socket] = []
        self._ended = threading.Event()
        for number in range(count):
            line = socket.create_connection(("127.0.0.1", port), timeout=5)
            # Half stop inside the first line, half inside a header; nothing of it is wrong yet.
            line.sendall(b"GET /search?q=slow HTTP/1.1\r\nX-Slow: " if number % 2 else b"GET /search?q=")
            line.setblocking(False)
            self._lines.append(line)
        self.count = count
        self._thread = threading.Thread(target=self._drip, daemon=True)
        self._thread.start()

    def open(self) -> int:
        """Return how many connections the server still holds open."""
        return len(self._lines)

    def close(self) -> None:
        """Hang up."""
        self._ended.set()
        self._thread.join()
        for line in self._lines:
            line.close()

    def _drip(self) -> None:
        while not self._ended.wait(DRIP_SECONDS):
            for line in list(self._lines):
                if not _takes_a_byte(line):
                    self._lines.remove(line)
                    line.close()


def _takes_a_byte(line: socket.socket) -> bool:
    try:
        line.send(b"a")
        with suppress(BlockingIOError):
            return line.recv(4096) != b""
    except BlockingIOError:
        return True
    except OSError:
        return False
    return True


@contextmanager
def dripping(server: Served, *, count: int) -> Iterator[Dripping]:
    """Hold so many slow connections open at a server."""
    clients = Dripping(server.port, count=count)
    try:
        yield clients
    finally:
        clients.close()


def seconds_until_dropped(clients: Dripping, *, seconds: float) -> float | None:
    """Wait until the server has hung up on every one; None: it had not after so many seconds."""
    began = time.monotonic()
    while time.monotonic() - began < seconds:
        if clients.open() == 0:
            return time.monotonic() - began
        time.sleep(0.2)
    return None

"""Servers of a test's own that are not what one hopes for: silent, not Elasticsearch, too old, or away for a while."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

OF_ELASTICSEARCH = {"Content-Type": "application/json", "X-Elastic-Product": "Elasticsearch"}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a stand-in says."""

    status: int = 200
    body: object = ""
    """Text as it is, anything else as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of_elasticsearch(cls, body: object, *, status: int = 200) -> Answer:
        return cls(status, body, OF_ELASTICSEARCH)


def of_version(number: str) -> Answer:
    """Return what a server of a version says at its root."""
    return Answer.of_elasticsearch({"version": {"number": number}, "tagline": "You Know, for Search"})


@dataclass(frozen=True, slots=True)
class StandIn:
    """A server that answers each path in one way."""

    url: str
    asked: list[str]
    """Paths, in the order in which they were asked for."""


@contextmanager
def answering(answers: Mapping[str, Answer]) -> Iterator[StandIn]:
    """Run a server that answers by path; `*` is for all other paths."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            path = self.path.partition("?")[0]
            asked.append(path)
            given = answers.get(path, answers["*"])
            body = (given.body if isinstance(given.body, str) else json.dumps(given.body)).encode()
            self.send_response(given.status)
            for name, value in {**given.headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = answer  # noqa: N815  names that the library asks for

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield StandIn(f"http://127.0.0.1:{server.server_port}", asked)
        finally:
            server.shutdown()


@contextmanager
def silent_server() -> Iterator[str]:
    """Give the address of a server that takes requests and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


class Between:
    """A way to a real server that can be cut, blocked and opened again; its address stays the same."""

    def __init__(self, target: str) -> None:
        parts = urlsplit(target)
        self._target = (parts.hostname or "", parts.port or 9200)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = int(free.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self._listening: socket.socket | None = None
        self._open: list[socket.socket] = []
        self._is_blocked = False

    def open(self) -> None:
        """Let requests through."""
        self._is_blocked = False
        if self._listening is None:
            self._listening = socket.create_server(("127.0.0.1", self._port))
            threading.Thread(target=self._serve, args=(self._listening,), daemon=True).start()

    def block(self) -> None:
        """Take requests from now on, and never answer."""
        self.cut()
        self._is_blocked = True
        self._listening = socket.create_server(("127.0.0.1", self._port))
        threading.Thread(target=self._serve, args=(self._listening,), daemon=True).start()

    def cut(self) -> None:
        """Be away: connections end, and new ones are refused."""
        if self._listening is not None:
            with suppress(OSError):
                self._listening.shutdown(socket.SHUT_RDWR)
            self._listening.close()
            self._listening = None
        for each in self._open:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()
        self._open.clear()
        self._is_blocked = False

    def _serve(self, listening: socket.socket) -> None:
        while True:
            try:
                near, _ = listening.accept()
            except OSError:
                return
            self._open.append(near)
            if self._is_blocked:
                continue
            far = socket.create_connection(self._target)
            self._open.append(far)
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=_pour, args=(source, sink), daemon=True).start()


def _pour(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError):
        while piece := source.recv(65536):
            sink.sendall(piece)
    with suppress(OSError):
        sink.shutdown(socket.SHUT_RDWR)


@contextmanager
def between(target: str) -> Iterator[Between]:
    """Run a way to a server, open at first."""
    way = Between(target)
    way.open()
    try:
        yield way
    finally:
        way.cut()


@contextmanager
def nobody() -> Iterator[str]:
    """Give an address at which nothing listens."""
    with closing(socket.socket()) as held:
        held.bind(("127.0.0.1", 0))  # bound, never listening: refused, and nobody else gets the port
        yield f"http://127.0.0.1:{held.getsockname()[1]}"

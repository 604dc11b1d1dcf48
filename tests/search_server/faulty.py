"""A way to a real server on which requests of one kind meet the faults of a bad day, one after the other."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

_BUSY = {"error": {"type": "es_rejected_execution_exception", "reason": "queue capacity 1000"}}


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes back to the client."""

    status: int
    body: bytes
    declared: int | None = None
    """Content-Length, where it is not that of the body: the connection ends too soon."""


Forward = Callable[[bytes], Reply]
"""Sends a body to the real server and gives its answer."""
Fault = Callable[[bytes, Forward], Reply | None]
"""Makes a reply of a bulk's body; None: the connection is closed without a word."""


def refuse(status: int) -> Fault:
    """Refuse the whole request; nothing reaches the server."""
    return lambda body, forward: Reply(status, json.dumps(_BUSY | {"status": status}).encode())


def refuse_larger_than(most: int) -> Fault:
    """Refuse a request of more bytes with 413, as a proxy does."""
    return lambda body, forward: Reply(413, b"") if len(body) > most else forward(body)


def hang_up_after_writing(body: bytes, forward: Forward) -> None:
    """Let the server do everything, and close before its answer comes."""
    forward(body)


def cut_the_answer(body: bytes, forward: Forward) -> Reply:
    """Let the server do everything, and send half of its answer."""
    reply = forward(body)
    return Reply(reply.status, reply.body[: len(reply.body) // 2], declared=len(reply.body))


def busy_for_every_second_item(body: bytes, forward: Forward) -> Reply:
    """Keep every second record from the server, and say that it was too busy for them, as a full queue of one shard does."""
    records = _records(body)
    kept = b"".join(record for place, record in enumerate(records) if place % 2 == 0)
    answer = json.loads(forward(kept).body)
    taken = iter(answer["items"])
    refused = {"index": {"status": 429, **_BUSY}}
    items = [next(taken) if place % 2 == 0 else refused for place in range(len(records))]
    return Reply(200, json.dumps({"errors": True, "items": items}).encode())


def _records(body: bytes) -> list[bytes]:
    """Take a bulk apart: a line, and for all but removals a second one."""
    found: list[bytes] = []
    lines = iter(body.splitlines(keepends=True))
    for line in lines:
        found.append(line if b'"delete"' in line[:12] else line + next(lines))
    return found


@dataclass(frozen=True, slots=True)
class BadDay:
    """A way to a server, and what happens on it."""

    url: str
    faults: list[Fault] = field(default_factory=list)
    """For the next requests of that kind, the first one first; when there are none left, all goes well."""
    sent: list[int] = field(default_factory=list)
    """Records in each of them that came, where they are bulks."""


@contextmanager
def bad_day(target: str, *, on: str = "/_bulk") -> Iterator[BadDay]:
    """Run a way to a server; faults are met by requests whose path has `on` in it."""
    parts = urlsplit(target)
    day: BadDay

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            is_meant = on in self.path
            if is_meant:
                day.sent.append(len(_records(body)))
            fault = day.faults.pop(0) if is_meant and day.faults else None
            reply = fault(body, self.forward) if fault else self.forward(body)
            if reply is None:
                self.close_connection = True
                return
            self.send_response(reply.status)
            self.send_header("Content-Type", "application/vnd.elasticsearch+json;compatible-with=8")
            self.send_header("X-Elastic-Product", "Elasticsearch")
            self.send_header("Content-Length", str(len(reply.body) if reply.declared is None else reply.declared))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(reply.body)
            self.close_connection = self.close_connection or reply.declared is not None

        def forward(self, body: bytes) -> Reply:
            with closing(HTTPConnection(parts.hostname or "", parts.port, timeout=60)) as connection:
                kept = {name: self.headers[name] for name in ("Content-Type", "Accept") if name in self.headers}
                connection.request(self.command, self.path, body=body, headers=kept)
                answer = connection.getresponse()
                return Reply(answer.status, answer.read())

        do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = answer  # noqa: N815  names that the library asks for

        def log_message(self, *_: object) -> None:
            """Be quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        day = BadDay(f"http://127.0.0.1:{server.server_port}")
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield day
        finally:
            server.shutdown()

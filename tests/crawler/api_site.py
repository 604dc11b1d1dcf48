"""A publisher with a JSON API, for tests: answers by path and query, files as PDFs, and a record of what was asked."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    path: str
    query: dict[str, list[str]]
    accept: str

    def one(self, name: str, default: str = "") -> str:
        """Return the first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def number(self, name: str, default: int = 0) -> int:
        """Return a query parameter as a number."""
        return int(self.one(name, str(default)))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    body: bytes
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


def said(value: Any, *, status: int = 200, **headers: str) -> Answer:
    """Return a value as a JSON answer; `_` in names of headers stands for a hyphen."""
    given = {name.replace("_", "-"): text for name, text in headers.items()}
    return Answer(json.dumps(value).encode(), status=status, headers={"Content-Type": "application/json"} | given)


@dataclass(slots=True)
class ApiSite:
    """A running publisher. `answers` are functions by path; a path that ends in .pdf or /content is a file."""

    answers: dict[str, Callable[[Asked], Answer]] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    url: str = ""

    def paths(self) -> list[str]:
        """Return the paths that were asked for, in their order."""
        return [asked.path for asked in self.asked]

    def of(self, path: str) -> list[Asked]:
        """Return the requests for one path, in their order."""
        return [asked for asked in self.asked if asked.path == path]

    def answer(self, asked: Asked) -> Answer:
        """Return what is sent for a request."""
        if (given := self.answers.get(asked.path)) is not None:
            return given(asked)
        if asked.path.endswith((".pdf", "/content")):
            return Answer(PDF + asked.path.encode(), headers={"Content-Type": "application/pdf"})
        return Answer(b"", status=404)


@contextmanager
def open_api_site() -> Iterator[ApiSite]:
    """Serve on a free port of this machine."""
    site = ApiSite()
    handler = type("Handler", (_Handler,), {"site": site})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    server.block_on_close = False
    site.url = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()


def part_of(records: Sequence[Any], offset: int, size: int) -> list[Any]:
    """Return one page of records."""
    return list(records[offset : offset + size])


class _Handler(BaseHTTPRequestHandler):
    site: ApiSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = Asked(parts.path, parse_qs(parts.query, keep_blank_values=True), self.headers.get("Accept", ""))
        if parts.path != "/robots.txt":
            self.site.asked.append(asked)
        answer = self.site.answer(asked)
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        pass

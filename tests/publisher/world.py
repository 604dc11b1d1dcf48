"""Every host of the internet on one port of this machine: a proxy whose answers are functions, and a log of what was asked.

Requests come as to a proxy, with whole addresses. A child process uses it by the variables that `World.environment` names;
see names/sitecustomize.py for how it looks up hosts.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self
from urllib.parse import parse_qsl, urlsplit

_NAMES = Path(__file__).parent / "names"
_ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request."""

    host: str
    path: str
    query: Mapping[str, str]
    """The last value of each parameter, decoded."""
    target: str
    """Path and query as they were sent."""
    headers: Mapping[str, str]
    earlier: int
    """How often the same address was asked before."""
    method: str = "GET"
    at: float = 0.0
    """As time.monotonic."""

    @property
    def url(self) -> str:
        """Return the whole address."""
        return f"http://{self.host}{self.target}"


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent."""

    body: str | bytes = b""
    status: int = 200
    type: str = "text/html; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


Site = Callable[[Asked], Answer | None]
"""Answers for one host; None: there is nothing (404)."""


_PDF = """%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj
4 0 obj<</Length 400>>stream
BT /F1 12 Tf 20 100 Td (TEXT) Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj
trailer<</Root 1 0 R>>
%%EOF
"""


def pdf(text: str = "") -> Answer:
    """Return a PDF of one page; `text` makes it another file."""
    return Answer(_PDF.replace("TEXT", text.replace("(", "").replace(")", "") or "A page"), type="application/pdf")


def moved(url: str, *, status: int = 302) -> Answer:
    """Return a redirect."""
    return Answer(status=status, headers={"Location": url})


class World:
    """Answers while the context lasts. `sites` are by host; a host that is not there gives 502, as a proxy does."""

    def __init__(self, sites: Mapping[str, Site]) -> None:
        self.sites = dict(sites)
        self.asked: list[Asked] = []
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"world": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def environment(self) -> dict[str, str]:
        """Return the variables with which a child process sees this world and no other."""
        url = f"http://127.0.0.1:{self._server.server_address[1]}"
        return {"http_proxy": url, "https_proxy": url, "no_proxy": "", "PYTHONPATH": f"{_NAMES}:{_ROOT}"}

    def of(self, host: str) -> list[Asked]:
        """Return what one host was asked, in order."""
        return [asked for asked in self.asked if asked.host == host]

    def count(self, url: str) -> int:
        """Count a request; return how often it came before."""
        with self._lock:
            self._counts[url] += 1
            return self._counts[url] - 1

    def answer(self, asked: Asked) -> Answer:
        """Return what is sent."""
        with self._lock:
            self.asked.append(asked)
        site = self.sites.get(asked.host)
        if site is None:
            return Answer(status=502)
        return site(asked) or Answer("<!doctype html><title>404</title>", status=404)


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_GET(self) -> None:  # http.server's name
        parts = urlsplit(self.path)
        host = parts.netloc or self.headers.get("Host", "")
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        asked = Asked(
            host=host,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            target=target,
            headers=dict(self.headers),
            earlier=self.world.count(host + target),
            method=self.command,
            at=time.monotonic(),
        )
        answer = self.world.answer(asked)
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        self.send_response(answer.status)
        for name, value in answer.headers.items():
            self.send_header(name, value)
        if body:
            self.send_header("Content-Type", answer.type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    do_HEAD = do_GET  # noqa: N815  http.server's name

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        """Say nothing."""

"""A small site of one's own for tests of lists: each path answers what the test says, and every request is noted."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@dataclass(frozen=True)
class Told:
    """What the site answers to one request."""

    body: bytes
    content_type: str = "text/html; charset=utf-8"
    status: int = 200


def pdf(name: str) -> Told:
    """Return a PDF whose bytes are those of no other name."""
    return Told(PDF + f"% {name}\n".encode(), content_type="application/pdf")


def text_page(title: str, *, main: str = "", head: str = "") -> Told:
    """Return a landing page with a title and, unless `main` says otherwise, no text to speak of."""
    html = f"<html lang=en><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{main}</main></body></html>"
    return Told(html.encode())


class ListsSite:
    """Serve `answers` (by path and query) on a loopback port while the context lasts.

    An answer may be a function, called with the request's body; what is in no answer is 404. Everything has an ETag.
    """

    def __init__(self, answers: Mapping[str, Told | Callable[[str], Told]]) -> None:
        self.answers = dict(answers)
        self.asked: list[str] = []
        """`GET /path?query -> 200`, in the order of the answers."""
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return the address of the site, without a slash at the end."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def paths(self, *, status: int | None = None) -> list[str]:
        """Return what was asked, robots.txt aside, sorted; only requests answered with `status` when it is given."""
        lines = [line.split() for line in self.asked]
        return sorted(path for _, path, _, code in lines if path != "/robots.txt" and status in (None, int(code)))

    def answer(self, target: str, sent: str) -> Told:
        """Return what is answered to a request; `{site}` in a text stands for the site's address."""
        told = self.answers.get(target, Told(b"Not here.", status=404))
        told = told(sent) if callable(told) else told
        is_text = not told.content_type.startswith(("application/pdf", "application/x-gzip", "application/gzip"))
        body = told.body.replace(b"{site}", self.url.encode()) if is_text else told.body
        return Told(body, content_type=told.content_type, status=told.status)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: ListsSite

    def do_GET(self) -> None:
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        told = self.site.answer(self.path, sent)
        etag = f'"{sha256(told.body).hexdigest()[:16]}"'
        status = 304 if told.status == 200 and self.headers.get("If-None-Match") == etag else told.status
        self.site.asked.append(f"{self.command} {self.path} -> {status}")
        self.send_response(status)
        self.send_header("ETag", etag)
        self.send_header("Content-Type", told.content_type)
        self.send_header("Content-Length", "0" if status == 304 else str(len(told.body)))
        self.end_headers()
        if status != 304:
            self.wfile.write(told.body)

    do_POST = do_GET  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Say nothing."""

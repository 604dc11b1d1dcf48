"""A web site that a test writes as it goes: answers by path, changed between two harvests."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%"


@dataclass(slots=True)
class SmallSite:
    """Answers by path and query: text is HTML, `>/path` a redirect, bytes are a PDF, a number is a status without a body.

    with SmallSite({"/": links("/a.pdf"), "/a.pdf": PDF}) as site:
        site.url      # http://127.0.0.1:40213
        site.asked    # targets in the order in which they were asked, robots.txt left out
    """

    answers: dict[str, str | bytes | int]
    asked: list[str] = field(default_factory=list)
    _server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        handler = type("Handler", (_Handler,), {"site": self})
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._server.daemon_threads = True
        self._server.block_on_close = False
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Return the address of the site, without a slash at the end."""
        assert self._server is not None
        return f"http://127.0.0.1:{self._server.server_address[1]}"


def links(*paths: str) -> str:
    """Return a page that lists these paths."""
    return "<main><ul>" + "".join(f'<li><a href="{path}">Paper {path}</a></li>' for path in paths) + "</ul></main>"


class _Handler(BaseHTTPRequestHandler):
    site: SmallSite
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path != "/robots.txt":
            self.site.asked.append(self.path)
        answer = self.site.answers.get(self.path, 404)
        leads_on = isinstance(answer, str) and answer.startswith(">")
        status = answer if isinstance(answer, int) else 302 if leads_on else 200
        body = b"" if isinstance(answer, int) else answer.encode() if isinstance(answer, str) else answer
        self.send_response(status)
        if leads_on:
            self.send_header("Location", str(answer)[1:])
        self.send_header("Content-Type", "application/pdf" if isinstance(answer, bytes) else "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        """Say nothing on the terminal."""

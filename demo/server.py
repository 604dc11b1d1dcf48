"""The demonstration publisher on a port of this machine: its site, behind HTTP."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from demo.answers import SampleAnswer, SampleRequest
from demo.site import SampleSite

PORT = 8001
"""Where the site answers unless the port is taken, as crawler/sources/builtin/sample.toml says too."""
HOST = "samples.pushcart.example"
"""Host of the addresses of its publications. It has no address anywhere (RFC 2606): a harvest connects to PORT."""
_FORM_BYTES_MAX = 64 * 1024


class DemoPublisher:
    """The demonstration publisher's web site, served while the context lasts.

    with DemoPublisher(port=0) as publisher:
        publisher.url   # http://127.0.0.1:40213
    """

    def __init__(self, *, port: int = PORT, site: SampleSite | None = None) -> None:
        """Prepare the site; nothing is served before the context is entered.

        Args:
            port: on 127.0.0.1; 0 takes any free one. Entering raises OSError when it is taken.
            site: what is served; None: every publication.
        """
        self.site = site or SampleSite()
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = _SiteServer(("127.0.0.1", self._port), self.handler())
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            server, self._server = self._server, None  # first, so that answers that are under way notice it
            server.shutdown()
            server.server_close()

    @property
    def address(self) -> str:
        """Return host and port, such as 127.0.0.1:8001."""
        if self._server is None:
            raise RuntimeError("the publisher is not open: use it in a with statement")
        return f"127.0.0.1:{self._server.server_address[1]}"

    @property
    def url(self) -> str:
        """Return the address of the home page, without a slash at the end."""
        return f"http://{self.address}"

    @property
    def is_open(self) -> bool:
        """Return whether the site is served."""
        return self._server is not None

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return the class that answers the requests."""
        return type("Handler", (SiteHandler,), {"site": self.site})


class _SiteServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a reader that keeps a connection open must not hold up the end


class SiteHandler(BaseHTTPRequestHandler):
    """Answers GET, HEAD and POST from a SampleSite, with 304 for what the reader holds already."""

    protocol_version = "HTTP/1.1"
    server_version = "PushcartSamples/1"
    sys_version = ""
    timeout = 60
    site: SampleSite

    def do_GET(self) -> None:
        """Answer a request."""
        try:
            self.respond()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_HEAD(self) -> None:
        """Answer without a body."""
        self.do_GET()

    def do_POST(self) -> None:
        """Answer the repository's requests, which OAI-PMH allows to be posted; read the rest as if it were requested."""
        length = self.headers.get("Content-Length", "0")
        form = self.rfile.read(min(int(length), _FORM_BYTES_MAX) if length.isdecimal() else 0).decode(
            "ascii", "replace"
        )
        if form and urlsplit(self.path).path == "/oai":
            self.path = f"/oai?{form}"
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        """Say nothing on the terminal."""

    def respond(self) -> tuple[int, int]:
        """Answer, and return the status and how many bytes of body were sent."""
        return self.send(self.site.answer(self.asked()))

    def asked(self) -> SampleRequest:
        """Return the request as the site sees it. One that came as to a proxy has a whole address: path and query count."""
        parts = urlsplit(self.path)
        return SampleRequest(
            path=parts.path, query=parts.query, origin=f"http://{self.headers.get('Host', '127.0.0.1')}"
        )

    def send(self, answer: SampleAnswer) -> tuple[int, int]:
        """Send an answer; returns as `respond`."""
        status = 304 if answer.status == 200 and self._has_already(answer) else answer.status
        self.send_response(status)
        if answer.status == 200:
            self.send_header("ETag", answer.etag)
            if answer.last_modified:
                self.send_header("Last-Modified", answer.last_modified)
        if status == 304:
            self.end_headers()
            return status, 0
        self.send_header("Content-Type", answer.content_type)
        self.send_header("Content-Length", str(len(answer.body)))
        if answer.encoding:
            self.send_header("Content-Encoding", answer.encoding)
        self.end_headers()
        return status, 0 if self.command == "HEAD" else self.send_body(answer.body)

    def send_body(self, body: bytes) -> int:
        """Send the body of an answer, and return how many bytes went."""
        self.wfile.write(body)
        return len(body)

    def _has_already(self, answer: SampleAnswer) -> bool:
        """Tell whether the reader holds these bytes; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return answer.etag in tags or "*" in tags
        # Readers send back the date they were given, so equality is enough here.
        return bool(answer.last_modified) and self.headers.get("If-Modified-Since") == answer.last_modified

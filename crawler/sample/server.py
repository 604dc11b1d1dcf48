"""The sample publisher on a loopback port: the site, behind HTTP, with faults that can be switched on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from crawler.sample.answers import Answer, Asked
from crawler.sample.faults import Fault, FaultKind
from crawler.sample.site import Site
from crawler.sample.traffic import Request

_ENDLESS_PAGES = 10_000_000
_CHUNK = 64 * 1024
_REFUSAL = b"User-agent: *\nDisallow: /\n"
_MAINTENANCE = b"<!doctype html><title>One moment</title><h1>Down for maintenance</h1><p>Please come back later.</p>"
_STATUS = {
    FaultKind.NOT_FOUND: 404,
    FaultKind.VANISHED: 410,
    FaultKind.SERVER_ERROR: 500,
    FaultKind.TOO_MANY_REQUESTS: 429,
    FaultKind.REDIRECT_LOOP: 302,
}


class SamplePublisher:
    """The sample publisher's web site, served while the context lasts.

    with SamplePublisher(faults={"/robots.txt": Fault(FaultKind.REFUSE_ALL)}) as site:
        site.url        # http://127.0.0.1:40213
        site.requests   # what was asked and answered so far, oldest first
    """

    def __init__(
        self, *, faults: Mapping[str, Fault] | None = None, port: int = 0, pdf_folder: Path | None = None
    ) -> None:
        """Prepare the site; nothing is served before the context is entered.

        Args:
            faults: by path without query.
            port: 0 takes any free one.
            pdf_folder: where PDFs, once made, are kept; None: in memory only.
        """
        self.site = Site(pdf_folder=pdf_folder)
        self._faults = dict(faults or {})
        self._shown: dict[str, int] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", self._port), _handler_of(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    @property
    def url(self) -> str:
        """Return the address of the home page, without a slash at the end."""
        if self._server is None:
            raise RuntimeError("the sample publisher is not open: use it in a with statement")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def requests(self) -> tuple[Request, ...]:
        """Return what was asked and answered so far, in the order of the answers' ends."""
        with self._lock:
            return tuple(self._requests)

    def forget_requests(self) -> None:
        """Empty the log, as before a second harvest."""
        with self._lock:
            self._requests.clear()

    def switch(self, faults: Mapping[str, Fault]) -> None:
        """Put these faults in place of all earlier ones; an empty mapping heals the site."""
        with self._lock:
            self._faults = dict(faults)
            self._shown.clear()

    def note(self, request: Request) -> None:
        """Add to the log."""
        with self._lock:
            self._requests.append(request)

    def fault_of(self, path: str) -> Fault | None:
        """Return the fault that this request meets, and count it; None when the path is, or has become, sound."""
        with self._lock:
            fault = self._faults.get(path)
            shown = self._shown.get(path, 0)
            if fault is None or (fault.times is not None and shown >= fault.times):
                return None
            self._shown[path] = shown + 1
            return fault

    @property
    def has_calendar(self) -> bool:
        """Return whether the endless calendar is switched on."""
        with self._lock:
            return any(fault.kind is FaultKind.ENDLESS_CALENDAR for fault in self._faults.values())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False  # a reader that keeps a connection open must not hold up the end of a test


def _handler_of(publisher: SamplePublisher) -> type[BaseHTTPRequestHandler]:
    return type("Handler", (_Handler,), {"publisher": publisher})


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "PushcartSamples/1"
    sys_version = ""
    timeout = 60
    publisher: SamplePublisher

    def do_GET(self) -> None:
        """Answer, and note what was sent."""
        status, sent = 0, 0
        try:
            status, sent = self._respond()
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.publisher.note(
                Request(
                    method=self.command,
                    target=self.path,
                    status=status,
                    body_bytes=sent,
                    user_agent=self.headers.get("User-Agent", ""),
                    is_conditional="If-None-Match" in self.headers or "If-Modified-Since" in self.headers,
                    at=time.monotonic(),
                )
            )

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        """Say nothing on the terminal: `requests` is the log."""

    def _respond(self) -> tuple[int, int]:
        parts = urlsplit(self.path)  # a proxy's client sends the whole address; only path and query count
        fault = self.publisher.fault_of(parts.path)
        kind = fault.kind if fault else None
        if fault and kind is FaultKind.SLOW:
            time.sleep(fault.seconds)
        if fault and kind in _STATUS:
            return self._refuse(fault, location=parts.path)
        if fault and kind in (FaultKind.ENDLESS_BODY, FaultKind.HUGE_LENGTH):
            return self._flood(fault)
        asked = Asked(
            path=parts.path,
            query=parts.query,
            origin=f"http://{self.headers.get('Host', '127.0.0.1')}",
            corrected=kind is FaultKind.CHANGED,
            calendar=self.publisher.has_calendar,
            last_page=_ENDLESS_PAGES if kind is FaultKind.ENDLESS_LISTING else None,
            forgets_tokens=kind is FaultKind.TOKEN_EXPIRES,
            repeats_tokens=kind is FaultKind.TOKEN_REPEATS,
        )
        return self._send(_distorted(self.publisher.site.answer(asked), kind), cut_off=kind is FaultKind.CUT_OFF)

    def _send(self, answer: Answer, *, cut_off: bool) -> tuple[int, int]:
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
        self.end_headers()
        if self.command == "HEAD":
            return status, 0
        body = answer.body[: len(answer.body) // 2] if cut_off else answer.body
        self.wfile.write(body)
        if cut_off:
            self.close_connection = True
        return status, len(body)

    def _has_already(self, answer: Answer) -> bool:
        """Tell whether the reader holds these bytes; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return answer.etag in tags or "*" in tags
        # Readers send back the date they were given, so equality is enough here.
        return bool(answer.last_modified) and self.headers.get("If-Modified-Since") == answer.last_modified

    def _refuse(self, fault: Fault, *, location: str) -> tuple[int, int]:
        status = _STATUS[fault.kind]
        body = f"<!doctype html><title>{status}</title><h1>{status}</h1>".encode()
        self.send_response(status)
        if fault.kind is FaultKind.TOO_MANY_REQUESTS:
            self.send_header("Retry-After", str(math.ceil(fault.seconds)))
        if fault.kind is FaultKind.REDIRECT_LOOP:
            self.send_header("Location", location)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        return status, len(body)

    def _flood(self, fault: Fault) -> tuple[int, int]:
        total = fault.megabytes * 1_000_000
        self.send_response(200)
        self.send_header("Content-Type", "application/pdf")
        if fault.kind is FaultKind.HUGE_LENGTH:
            self.send_header("Content-Length", str(total))
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        sent = 0
        chunk = b"%PDF-1.4\n" + b"%" * (_CHUNK - 10) + b"\n"
        try:
            while sent < total:
                self.wfile.write(chunk[: total - sent])
                sent += min(_CHUNK, total - sent)
        except (BrokenPipeError, ConnectionResetError):
            pass  # the reader had enough, which is what is wanted of it; the log says how much it took
        return 200, sent


def _distorted(answer: Answer, kind: FaultKind | None) -> Answer:
    """Return the answer as a fault of its content changes it."""
    if kind is FaultKind.REFUSE_ALL:
        return Answer(_REFUSAL, content_type="text/plain; charset=utf-8")
    if kind is FaultKind.NOT_WHAT_IT_SAYS:
        return Answer(_MAINTENANCE, content_type=answer.content_type)
    if kind is FaultKind.WRONG_TYPE:
        wrong = "text/html; charset=utf-8" if answer.content_type == "application/pdf" else "application/octet-stream"
        return Answer(answer.body, content_type=wrong, modified=answer.modified)
    return answer

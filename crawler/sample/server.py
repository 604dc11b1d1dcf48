"""The sample publisher on a loopback port: the site, behind HTTP, with faults that can be switched on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from crawler.sample.answers import SampleAnswer, SampleRequest
from crawler.sample.collection import SampleCollection
from crawler.sample.distortion import distorted
from crawler.sample.faults import Fault, FaultKind
from crawler.sample.publication import Publication
from crawler.sample.site import SampleSite
from crawler.sample.traffic import Request

_ENDLESS_PAGES = 10_000_000
_CHUNK = 64 * 1024
_FORM_BYTES_MAX = 64 * 1024
_STATUS = {
    FaultKind.NOT_FOUND: 404,
    FaultKind.VANISHED: 410,
    FaultKind.SERVER_ERROR: 500,
    FaultKind.TOO_MANY_REQUESTS: 429,
    FaultKind.UNAVAILABLE_UNTIL: 503,
    FaultKind.REDIRECT_LOOP: 302,
    FaultKind.REDIRECT: 302,
    FaultKind.REDIRECT_CHAIN: 302,
}


class SamplePublisher:
    """The sample publisher's web site, served while the context lasts.

    with SamplePublisher(faults={"/robots.txt": Fault(FaultKind.REFUSE_ALL)}) as site:
        site.url        # http://127.0.0.1:40213
        site.requests   # what was asked and answered so far, oldest first
    """

    def __init__(
        self,
        *,
        faults: Mapping[str, Fault] | None = None,
        port: int = 0,
        pdf_folder: Path | None = None,
        publications: Sequence[Publication] | None = None,
    ) -> None:
        """Prepare the site; nothing is served before the context is entered.

        Args:
            faults: by path without query.
            port: 0 takes any free one.
            pdf_folder: where PDFs, once made, are kept; None: in memory only.
            publications: what it publishes; None: everything.
        """
        self.site = SampleSite(publications=publications, pdf_folder=pdf_folder)
        self._faults = dict(faults or {})
        self._asked: dict[str, int] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()
        self._port = port
        self._server: ThreadingHTTPServer | None = None

    def __enter__(self) -> Self:
        self._server = _SampleServer(("127.0.0.1", self._port), _handler_of(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            server, self._server = self._server, None  # first, so that answers that drip notice it
            server.shutdown()
            server.server_close()

    @property
    def url(self) -> str:
        """Return the address of the home page, without a slash at the end."""
        if self._server is None:
            raise RuntimeError("the sample publisher is not open: use it in a with statement")
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def is_open(self) -> bool:
        """Return whether the site is served."""
        return self._server is not None

    @property
    def collection(self) -> SampleCollection:
        """Return what the site shows, to revise, withdraw and restore publications."""
        return self.site.collection

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
            self._asked.clear()

    def note(self, request: Request) -> None:
        """Add to the log."""
        with self._lock:
            self._requests.append(request)

    def fault_of(self, path: str) -> Fault | None:
        """Return the fault that this request meets, and count it; None when the path is, or has become, sound."""
        with self._lock:
            fault = self._faults.get(path)
            if fault is None:
                return None
            earlier = self._asked[path] = self._asked.get(path, -1) + 1
            if earlier < fault.after or (fault.times is not None and earlier >= fault.after + fault.times):
                return None
            return fault

    @property
    def has_calendar(self) -> bool:
        """Return whether the endless calendar is switched on."""
        with self._lock:
            return any(fault.kind is FaultKind.ENDLESS_CALENDAR for fault in self._faults.values())


class _SampleServer(ThreadingHTTPServer):
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

    def do_POST(self) -> None:
        """Answer the repository's requests, which OAI-PMH allows to be posted; read the rest as if it were asked for."""
        length = self.headers.get("Content-Length", "0")
        form = self.rfile.read(min(int(length), _FORM_BYTES_MAX) if length.isdecimal() else 0).decode(
            "ascii", "replace"
        )
        if form and urlsplit(self.path).path == "/oai":
            self.path = f"/oai?{form}"
        self.do_GET()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  the standard library's name
        """Say nothing on the terminal: `requests` is the log."""

    def _respond(self) -> tuple[int, int]:
        parts = urlsplit(self.path)  # a proxy's client sends the whole address; only path and query count
        fault = self.publisher.fault_of(parts.path)
        kind = fault.kind if fault else None
        if fault and kind is FaultKind.SLOW:
            time.sleep(fault.seconds)
        if fault and kind in _STATUS:
            return self._refuse(fault)
        if fault and kind in (FaultKind.ENDLESS_BODY, FaultKind.HUGE_LENGTH):
            return self._flood(fault)
        asked = SampleRequest(
            path=parts.path,
            query=parts.query,
            origin=f"http://{self.headers.get('Host', '127.0.0.1')}",
            corrected=kind is FaultKind.CHANGED,
            calendar=self.publisher.has_calendar,
            last_page=_ENDLESS_PAGES if kind is FaultKind.ENDLESS_LISTING else None,
            forgets_tokens=kind is FaultKind.TOKEN_EXPIRES,
            repeats_tokens=kind is FaultKind.TOKEN_REPEATS,
        )
        answer = self.publisher.site.answer(asked)
        if fault is None:
            return self._send(answer)
        return self._send(distorted(answer, fault), fault=fault)

    def _send(self, answer: SampleAnswer, *, fault: Fault | None = None) -> tuple[int, int]:
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
        if self.command == "HEAD":
            return status, 0
        if fault and fault.kind is FaultKind.DRIP:
            return status, self._drip(answer.body, seconds=fault.seconds)
        is_cut = fault is not None and fault.kind is FaultKind.CUT_OFF
        body = answer.body[: len(answer.body) // 2] if is_cut else answer.body
        self.wfile.write(body)
        if is_cut:
            self.close_connection = True
        return status, len(body)

    def _drip(self, body: bytes, *, seconds: float) -> int:
        """Send a body byte by byte while somebody listens; return how many bytes went."""
        for sent in range(len(body)):
            time.sleep(seconds)
            if not self.publisher.is_open:
                return sent
            try:
                self.wfile.write(body[sent : sent + 1])
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True
                return sent
        return len(body)

    def _has_already(self, answer: SampleAnswer) -> bool:
        """Tell whether the reader holds these bytes; If-None-Match goes before If-Modified-Since (RFC 9110, 13.2.2)."""
        known = self.headers.get("If-None-Match")
        if known is not None:
            tags = {tag.strip().removeprefix("W/") for tag in known.split(",")}
            return answer.etag in tags or "*" in tags
        # Readers send back the date they were given, so equality is enough here.
        return bool(answer.last_modified) and self.headers.get("If-Modified-Since") == answer.last_modified

    def _refuse(self, fault: Fault) -> tuple[int, int]:
        status = _STATUS[fault.kind]
        body = f"<!doctype html><title>{status}</title><h1>{status}</h1>".encode()
        self.send_response(status)
        for name, value in _headers_of(fault, target=self.path):
            self.send_header(name, value)
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


def _headers_of(fault: Fault, *, target: str) -> Iterator[tuple[str, str]]:
    """Yield the headers that a refusal has beside the usual ones; `target` is path and query as they were asked."""
    parts = urlsplit(target)
    match fault.kind:
        case FaultKind.TOO_MANY_REQUESTS:
            yield "Retry-After", str(math.ceil(fault.seconds))
        case FaultKind.UNAVAILABLE_UNTIL:
            then = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=math.ceil(fault.seconds))
            yield "Retry-After", format_datetime(then, usegmt=True)
        case FaultKind.REDIRECT_LOOP:
            yield "Location", parts.path
        case FaultKind.REDIRECT:
            yield "Location", fault.location
        case FaultKind.REDIRECT_CHAIN:
            hops = parts.query.removeprefix("hop=")
            yield "Location", f"{parts.path}?hop={int(hops) + 1 if hops.isdecimal() else 1}"

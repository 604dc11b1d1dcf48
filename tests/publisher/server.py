"""The demonstration publisher for tests: a log of requests, publications that change, and faults to switch on."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from demo.publication import Publication
from demo.server import DemoPublisher, SiteHandler
from tests.publisher.collection import ChangingCollection
from tests.publisher.distortion import distorted
from tests.publisher.faults import Fault, FaultKind
from tests.publisher.site import FaultyRequest, FaultySite
from tests.publisher.traffic import Request

_CHUNK = 64 * 1024
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


class SamplePublisher(DemoPublisher):
    """The demonstration publisher, served while the context lasts.

    with SamplePublisher(faults={"/robots.txt": Fault(FaultKind.REFUSE_ALL)}) as site:
        site.url        # http://127.0.0.1:40213
        site.requests   # what was asked and answered so far, oldest first
    """

    site: FaultySite

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
        super().__init__(port=port, site=FaultySite(publications=publications, pdf_folder=pdf_folder))
        self._faults = dict(faults or {})
        self._asked: dict[str, int] = {}
        self._requests: list[Request] = []
        self._lock = threading.Lock()

    def handler(self) -> type[BaseHTTPRequestHandler]:
        """Return the class that answers the requests."""
        return type("Handler", (_FaultyHandler,), {"site": self.site, "publisher": self})

    @property
    def collection(self) -> ChangingCollection:
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


class _FaultyHandler(SiteHandler):
    publisher: SamplePublisher
    fault: Fault | None = None

    def do_GET(self) -> None:
        """Answer, and note what was sent."""
        status, sent = 0, 0
        try:
            status, sent = self.respond()
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

    def respond(self) -> tuple[int, int]:
        fault = self.fault = self.publisher.fault_of(urlsplit(self.path).path)
        if fault is None:
            return super().respond()
        if fault.kind is FaultKind.SLOW:
            time.sleep(fault.seconds)
        if fault.kind in _STATUS:
            return self._refuse(fault)
        if fault.kind in (FaultKind.ENDLESS_BODY, FaultKind.HUGE_LENGTH):
            return self._flood(fault)
        return self.send(distorted(self.site.answer(self.asked()), fault))

    def asked(self) -> FaultyRequest:
        asked = super().asked()
        return FaultyRequest(
            path=asked.path,
            query=asked.query,
            origin=asked.origin,
            fault=self.fault.kind if self.fault else None,
            has_calendar=self.publisher.has_calendar,
        )

    def send_body(self, body: bytes) -> int:
        kind = self.fault.kind if self.fault else None
        if self.fault and kind is FaultKind.DRIP:
            return self._drip(body, seconds=self.fault.seconds)
        if kind is FaultKind.CUT_OFF:
            self.close_connection = True
            return super().send_body(body[: len(body) // 2])
        return super().send_body(body)

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

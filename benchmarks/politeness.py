"""Measure how closely a harvest keeps to its declared delay, as the server sees it, over loopback.

Run: .venv/bin/python -m benchmarks.politeness [FILES]

The server notes when each request arrives, to the thread that reads it. A tenth of the files redirects, a tenth fails
once with 503, and robots.txt stands before all; each case says what it declares, and what the server saw: the closest
two requests, and the highest rate over ten in a row, which a busy machine's late clocks blur less. It fails on the latter.
"""

from __future__ import annotations

import itertools
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from corpus.messages.reasons import reason_in_words
from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.run import harvest
from crawler.sources.model import ListingSource, Politeness


@dataclass(frozen=True, slots=True)
class Case:
    """What is declared."""

    name: str
    delay_seconds: float
    requests_at_once: int
    crawl_delay: float = 0.0
    slow_seconds: float = 0.0
    """How long the server thinks about each answer."""

    @property
    def distance(self) -> float:
        """Return the promised distance between two requests, seconds."""
        return max(self.delay_seconds, self.crawl_delay)


CASES = (
    Case("one at a time", 0.1, 1),
    Case("eight at once", 0.1, 8),
    Case("eight at once, slow answers", 0.1, 8, slow_seconds=0.35),
    Case("Crawl-delay above our own", 0.05, 4, crawl_delay=0.25),
    Case("Crawl-delay below our own", 0.2, 4, crawl_delay=0.05),
)


IN_A_ROW = 10


def serve(case: Case, *, files: int, seen: list[float]) -> ThreadingHTTPServer:
    """Start a publisher of so many files; `seen` gets the moment of each request."""
    failed: set[str] = set()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            seen.append(time.monotonic())
            time.sleep(case.slow_seconds)
            status, headers, body = _answer(self.path, case, files=files, failed=failed)
            self.send_response(status)
            for name, value in ({"Content-Length": str(len(body))} | dict(headers)).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

    server = Server(("127.0.0.1", 0), Handler)
    server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def _answer(path: str, case: Case, *, files: int, failed: set[str]) -> tuple[int, Mapping[str, str], bytes]:
    if path == "/robots.txt":
        delay = f"Crawl-delay: {case.crawl_delay}\n" if case.crawl_delay else ""
        return 200, {"Content-Type": "text/plain"}, f"User-agent: *\n{delay}Disallow: /private/\n".encode()
    if path == "/":
        links = "".join(f"<h3><a href='/{number}.pdf'>Report {number}</a></h3>" for number in range(files))
        return 200, {"Content-Type": "text/html"}, f"<!doctype html><main>{links}</main>".encode()
    number = int("".join(filter(str.isdigit, path)) or 0)
    if number % 10 == 3 and not path.startswith("/moved"):
        return 302, {"Location": f"/moved{path}"}, b""
    if number % 10 == 7 and path not in failed:
        failed.add(path)
        return 503, {}, b""
    return 200, {"Content-Type": "application/pdf"}, f"%PDF-1.4\n% {path}\n%%EOF\n".encode()


def measure(case: Case, *, files: int) -> tuple[HarvestRun, list[float]]:
    """Harvest once; return the report and when the server saw each request, in order."""
    seen: list[float] = []
    server = serve(case, files=files, seen=seen)
    try:
        source = ListingSource(
            slug="a-publisher",
            name="A Publisher",
            start=(f"http://127.0.0.1:{server.server_address[1]}/",),
            polite=Politeness(
                delay_seconds=case.delay_seconds,
                requests_at_once=case.requests_at_once,
                retry_gap_seconds=case.distance,
                allow_private=True,
            ),
        )
        with tempfile.TemporaryDirectory() as folder:
            (run,) = harvest([source], settings=Settings(data_dir=Path(folder)), on_progress=lambda _: None)
    finally:
        server.shutdown()
    return run, sorted(seen)


def main() -> int:
    """Print a table; return 0 when no ten requests in a row were faster than declared."""
    files = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    broken = 0
    print(f"{'case':30} {'declared':>9} {'requests':>8} {'closest':>9} {'median':>9} {'limit/s':>8} {'most/s':>8}")
    for case in CASES:
        run, seen = measure(case, files=files)
        gaps = sorted(later - earlier for earlier, later in itertools.pairwise(seen))
        # Before robots.txt is read, its Crawl-delay is not known: the ten begin with the answer to it.
        most = max(IN_A_ROW / (later - earlier) for earlier, later in zip(seen[1:], seen[1 + IN_A_ROW :], strict=False))
        broken += most > 1 / case.distance
        print(
            f"{case.name:30} {case.distance:8.3f}s {run.requests:8} {gaps[0]:8.4f}s {gaps[len(gaps) // 2]:8.4f}s "
            f"{1 / case.distance:8.2f} {most:8.2f}   {run.new} of {files} files, {run.failed} failed"
        )
        for failure in run.failures[:3]:
            print(f"    {failure.url}: {reason_in_words(failure.reason)}")
    print(f"{broken} of {len(CASES)} cases were faster than declared")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())

"""A server for tests of politeness and of traps: it sends exactly the bytes it is told to, and notes when it was asked."""

from __future__ import annotations

import itertools
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Self

from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.harvest import harvest_source
from crawler.run import run_apart
from crawler.sources.model import SourceFile

Send = Callable[[bytes], None]
Say = bytes | Callable[[Send], None]
"""All bytes of an answer with its status and headers, or what sends them bit by bit; the connection is then closed."""

ALLOW_ALL = b"User-agent: *\nAllow: /\n"


def answer(
    body: bytes = b"", *, status: str = "200 OK", content_type: str = "text/html; charset=utf-8", more: str = ""
) -> bytes:
    """Return a whole answer; `more` is header lines."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *more.splitlines()]
    return "\r\n".join([*lines, "", ""]).encode() + body


def pdf(text: str) -> bytes:
    """Return an answer that is a PDF as far as a crawler looks."""
    return answer(f"%PDF-1.4\n% {text}\n%%EOF\n".encode(), content_type="application/pdf")


def listing(*paths: str) -> bytes:
    """Return an answer that links to these."""
    links = "".join(f"<h3><a href='{path}'>Report {number}</a></h3>" for number, path in enumerate(paths))
    return answer(f"<!doctype html><main>{links}</main>".encode())


@dataclass(slots=True)
class Asked:
    """One request that arrived."""

    path: str
    at: float
    """Seconds of `time.monotonic`."""
    host: str
    agent: str


@dataclass(slots=True)
class PoliteSite:
    """Answers on a loopback port while the context lasts; what it has no answer for is 404."""

    answers: Mapping[str, Say]
    address: str = "127.0.0.1"
    port: int = 0
    keep_alive: bool = False
    asked: list[Asked] = field(default_factory=list)
    _socket: socket.socket | None = None

    def __enter__(self) -> Self:
        family = socket.AF_INET6 if ":" in self.address else socket.AF_INET
        self._socket = socket.create_server((self.address, self.port), family=family, backlog=64)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._socket is not None
        self._socket.close()

    @property
    def url(self) -> str:
        """Return the address of the site, without a slash at the end."""
        return f"http://{self.address}:{self.port}"

    @property
    def paths(self) -> list[str]:
        """Return what was asked for, in order."""
        return [each.path for each in self.asked]

    def gaps(self) -> list[float]:
        """Return the seconds between each two requests."""
        times = sorted(each.at for each in self.asked)
        return [later - earlier for earlier, later in itertools.pairwise(times)]

    def _serve(self) -> None:
        assert self._socket is not None
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                while self._answer_one(connection):
                    pass
            except OSError:
                pass  # the crawler had enough, which some tests want of it

    def _answer_one(self, connection: socket.socket) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = connection.recv(65536)
            if not piece:
                return False
            head += piece
            if head.startswith(b"\x16\x03"):  # somebody wants a secure connection
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                return False
        lines = head.decode("latin-1").split("\r\n")
        fields = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        path = lines[0].split(" ")[1]
        self.asked.append(Asked(path, time.monotonic(), fields.get("host", ""), fields.get("user-agent", "")))
        say = self.answers.get(path, answer(b"nothing here", status="404 Not Found"))
        if callable(say):
            say(connection.sendall)
            return False
        connection.sendall(say)
        return self.keep_alive


@dataclass(frozen=True, slots=True)
class HarvestWithNames:
    """A task for crawler.run: a harvest for which names of hosts are what a test says."""

    source: SourceFile
    names: Mapping[str, tuple[tuple[str, ...], ...]]
    """What each look-up of a host answers, one after another; the last answer stays. Other hosts have no address."""

    def run(self, settings: Settings) -> HarvestRun:
        """Harvest, in the child process."""
        names = ToldNames(self.names)
        return harvest_source(self.source, settings=settings, look_up=names)


@dataclass(frozen=True, slots=True)
class HarvestUntil:
    """A task for crawler.run: a harvest of which the hours are over so many seconds after it has begun."""

    source: SourceFile
    seconds: float

    def run(self, settings: Settings) -> tuple[HarvestRun, datetime]:
        """Harvest, in the child process; returns the report and when the hours were over."""
        ends = datetime.now(UTC) + timedelta(seconds=self.seconds)
        hours = ((ends - timedelta(hours=1)).time(), ends.time())
        polite = self.source.polite.model_copy(update={"hours": hours})
        source = self.source.model_copy(update={"polite": polite})
        return harvest_source(source, settings=settings), ends


@dataclass(frozen=True, slots=True)
class HarvestStopped:
    """A task for crawler.run: a harvest that somebody stops so many seconds after it has begun."""

    source: SourceFile
    seconds: float

    def run(self, settings: Settings) -> HarvestRun:
        """Harvest, in the child process."""
        threading.Timer(self.seconds, os.kill, (os.getpid(), signal.SIGTERM)).start()
        return harvest_source(self.source, settings=settings)


class ToldNames:
    """A look-up of names whose answers are told beforehand; addresses are their own."""

    def __init__(self, names: Mapping[str, tuple[tuple[str, ...], ...]]) -> None:
        self._names = {host: list(answers) for host, answers in names.items()}

    def __call__(self, host: str, port: int, *others: Any) -> list[tuple[Any, ...]]:
        """Answer as `socket.getaddrinfo` does."""
        answers = self._names.get(host)
        if answers is None:
            return list(socket.getaddrinfo(host, port, *others, flags=socket.AI_NUMERICHOST))
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        return [(0, 0, 0, "", (address, port)) for address in found]


def harvested_with_names(
    source: SourceFile, settings: Settings, names: Mapping[str, tuple[tuple[str, ...], ...]]
) -> HarvestRun:
    """Harvest one source in a process of its own, with told names, and return its report."""
    return run_apart(HarvestWithNames(source, names).run, settings=settings)

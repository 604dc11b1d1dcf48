"""Try to lead a harvest to where it must not go: for real, with a canary on this machine that counts who comes.

Run: .venv/bin/python -m benchmarks.address_tricks

Each trick is an address that leads to the canary (or to a cloud's metadata) in disguise. It is tried as a start address,
as a link of a listing, as an entry of a feed, as an entry of a sitemap, and as what a harmless link redirects to: from a
source that may fetch nothing private, and from one that declares its own place on this machine, and so may fetch that.
Names are answered by a look-up of our own, since nobody here owns a real name that lies. A trick got through when the
canary was reached, or when its request was sent at all.
"""

from __future__ import annotations

import json
import socket
import sys
import tempfile
import threading
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from corpus.errors import BadSource
from corpus.messages.reasons import reason_in_words
from corpus.messages.skips import skips_in_words
from corpus.runs import HarvestRun
from corpus.settings import Settings
from crawler.harvest import harvest_source
from crawler.run import run_apart
from crawler.sources.load import parse_source
from crawler.sources.model import AddressesSource, FeedSource, ListingSource, Politeness, SitemapSource, SourceFile

NOBODY = "192.88.99.1"
"""A public address that was given back (RFC 7526) and at which nobody answers."""
NAMES: Mapping[str, tuple[tuple[str, ...], ...]] = {
    "127-0-0-1.names.example": (("127.0.0.1",),),
    "six.names.example": (("::1",),),
    "mapped.names.example": (("::ffff:127.0.0.1",),),
    "nat64.names.example": (("64:ff9b::7f00:1",),),
    "both.names.example": ((NOBODY, "127.0.0.1"),),
    "turning.names.example": ((NOBODY,), ("127.0.0.1",)),
    "cloud.names.example": (("169.254.169.254",),),
    "zero.names.example": (("0.0.0.0",),),
}
"""What each look-up of a name answers, one after another; the last answer stays."""
FORMS = (
    "http://127.0.0.1:{port}/{at}",
    "http://localhost:{port}/{at}",
    "http://LOCALHOST.:{port}/{at}",
    "http://localhost.localdomain:{port}/{at}",
    "http://x.localhost:{port}/{at}",
    "http://127.0.0.1.:{port}/{at}",
    "http://127.1:{port}/{at}",
    "http://127.0.1:{port}/{at}",
    "http://2130706433:{port}/{at}",
    "http://017700000001:{port}/{at}",
    "http://0x7f000001:{port}/{at}",
    "http://0177.0.0.1:{port}/{at}",
    "http://0x7f.0.0.1:{port}/{at}",
    "http://0x7f.1:{port}/{at}",
    "http://0:{port}/{at}",
    "http://0.0.0.0:{port}/{at}",
    "http://127.255.255.254:{port}/{at}",
    "http://[::1]:{port}/{at}",
    "http://[0:0:0:0:0:0:0:1]:{port}/{at}",
    "http://[::]:{port}/{at}",
    "http://[::ffff:127.0.0.1]:{port}/{at}",
    "http://[::ffff:7f00:1]:{port}/{at}",
    "http://[::127.0.0.1]:{port}/{at}",
    "http://[64:ff9b::127.0.0.1]:{port}/{at}",
    "http://[2002:7f00:1::]:{port}/{at}",
    "http://[fe80::1%25lo]:{port}/{at}",
    "http://１２７.０.０.１:{port}/{at}",
    "http://①②⑦.⓪.⓪.①:{port}/{at}",
    "http://127。0。0。1:{port}/{at}",
    "http://127．0．0．1:{port}/{at}",
    "http://ｌｏｃａｌｈｏｓｔ:{port}/{at}",
    "http://loc\u00adalhost:{port}/{at}",
    "http://xn--localhost-:{port}/{at}",
    "http://user:pass@127.0.0.1:{port}/{at}",
    "http://good.example@127.0.0.1:{port}/{at}",
    "http://good.example\\@127.0.0.1:{port}/{at}",
    "http://127.0.0.1:{port}\\@good.example/{at}",
    "http://good.example%2f@127.0.0.1:{port}/{at}",
    "http://good.example:80@127.0.0.1:{port}/{at}",
    "http://127.0.0.1%00.good.example:{port}/{at}",
    "http://127.0.0.1%09:{port}/{at}",
    "http://127.0\t.0.1:{port}/{at}",
    "http://127.0\n.0.1:{port}/{at}",
    "ht\ntp://127.0.0.1:{port}/{at}",
    " \x01http://127.0.0.1:{port}/{at}",
    "http:\\\\127.0.0.1:{port}\\{at}",
    "http:/127.0.0.1:{port}/{at}",
    "http:127.0.0.1:{port}/{at}",
    "//127.0.0.1:{port}/{at}",
    "///127.0.0.1:{port}/{at}",
    "HTTP://127.0.0.1:{port}/{at}",
    "https://127.0.0.1:{port}/{at}",
    "http://%31%32%37.0.0.1:{port}/{at}",
    "http://127.0.0.1#@good.example:{port}/{at}",
    "http://127.0.0.1:{port}?@good.example/{at}",
    *(f"http://{name}:{{port}}/{{at}}" for name in NAMES),
    "http://169.254.169.254/latest/meta-data/{at}",
    "http://0xa9fea9fe/latest/meta-data/{at}",
    "http://[::ffff:169.254.169.254]/latest/meta-data/{at}",
    "http://[fd00:ec2::254]/latest/meta-data/{at}",
    "http://metadata.google.internal/computeMetadata/v1/{at}",
    "http://100.100.100.200/latest/meta-data/{at}",
    "http://168.63.129.16/{at}",
    "file:///etc/passwd?{at}",
    "file://127.0.0.1/etc/passwd?{at}",
    "gopher://127.0.0.1:{port}/_GET%20/{at}",
    "ftp://127.0.0.1:{port}/{at}",
    "dict://127.0.0.1:{port}/{at}",
    "data:text/html,<a href='http://127.0.0.1:{port}/{at}'>x</a>",
    "javascript:fetch('http://127.0.0.1:{port}/{at}')",
    "s3://127.0.0.1:{port}/{at}",
    "view-source:http://127.0.0.1:{port}/{at}",
)
WAYS = ("start", "link", "feed", "sitemap", "redirect")


@dataclass(frozen=True, slots=True)
class Told:
    """A task for crawler.run: a harvest with told names."""

    source: SourceFile
    names: Mapping[str, tuple[tuple[str, ...], ...]]

    def run(self, settings: Settings) -> HarvestRun:
        """Harvest, in the child process."""
        answers = {host: list(some) for host, some in self.names.items()}

        def look_up(host: str, port: int, *others: Any) -> Sequence[tuple[Any, ...]]:
            if host not in answers:
                return socket.getaddrinfo(host, port, *others, flags=socket.AI_NUMERICHOST)
            some = answers[host].pop(0) if len(answers[host]) > 1 else answers[host][0]
            return [(0, 0, 0, "", (address, port)) for address in some]

        return harvest_source(self.source, settings=settings, look_up=look_up)


class Servers:
    """The attacker's site, and the canary on the same port of both loopback addresses; each notes what it is asked."""

    def __init__(self) -> None:
        self.came: list[str] = []
        """What was asked of the canary."""
        self.asked: list[str] = []
        """What was asked of the attacker's site."""
        self.pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        canary = _server("127.0.0.1", 0, self._canary())
        self.canary_port = canary.server_address[1]
        self._servers = [canary]
        for address in ("::1", "127.255.255.254"):
            try:
                self._servers.append(_server(address, self.canary_port, self._canary()))
            except OSError:
                print(f"(this machine has no {address}; no canary there)")
        self._servers.append(_server("127.0.0.1", 0, self._attacker()))
        self.port = self._servers[-1].server_address[1]

    def close(self) -> None:
        """Stop them all."""
        for server in self._servers:
            server.shutdown()

    def _canary(self) -> Any:
        def answer(path: str) -> tuple[int, dict[str, str], bytes]:
            self.came.append(path)
            return 200, {"Content-Type": "application/pdf"}, b"%PDF-1.4\nsecret\n%%EOF\n"

        return answer

    def _attacker(self) -> Any:
        def answer(path: str) -> tuple[int, dict[str, str], bytes]:
            self.asked.append(path)
            return self.pages.get(path, (404, {}, b""))

        return answer


def _server(address: str, port: int, answer: Any) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path)
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Say nothing."""

    class Server(ThreadingHTTPServer):
        address_family = socket.AF_INET6 if ":" in address else socket.AF_INET
        daemon_threads = True

    server = Server((address, port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def prepare(servers: Servers, way: str) -> tuple[Any, tuple[str, ...]]:
    """Lay the tricks out; return the model of its source, and where the harvest starts."""
    tricks = [form.format(port=servers.canary_port, at=f"{way}-{number}") for number, form in enumerate(FORMS)]
    site = f"http://attacker.example:{servers.port}"
    html = {"Content-Type": "text/html; charset=utf-8"}
    xml = {"Content-Type": "application/xml"}
    servers.pages = {"/robots.txt": (200, {"Content-Type": "text/plain"}, b"User-agent: *\nAllow: /\n")}
    if way == "start":
        return AddressesSource, (f"{site}/", *filter(_can_be_declared, tricks))
    if way == "redirect":
        # A header is bytes: what a hostile server would send is UTF-8, and line breaks cannot be sent.
        for number, trick in enumerate(tricks):
            location = trick.replace("\n", "").encode().decode("latin-1")
            servers.pages[f"/{number}"] = (302, {"Location": location}, b"")
        tricks = [f"{site}/{number}" for number in range(len(tricks))]
    if way in ("link", "redirect"):
        links = "".join(f'<h3><a href="{escape(trick, {chr(34): "&quot;"})}">Report</a></h3>' for trick in tricks)
        servers.pages["/"] = (200, html, f"<!doctype html><meta charset=utf-8><main>{links}</main>".encode())
        return ListingSource, (f"{site}/",)
    if way == "feed":
        entries = "".join(f"<item><title>R</title><link>{_xml(trick)}</link></item>" for trick in tricks)
        body = f"<?xml version='1.0'?><rss version='2.0'><channel><title>F</title>{entries}</channel></rss>"
        servers.pages["/"] = (200, xml, body.encode())
        return FeedSource, (f"{site}/",)
    entries = "".join(f"<url><loc>{_xml(trick)}</loc></url>" for trick in tricks)
    body = f"<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{entries}</urlset>"
    servers.pages["/"] = (200, xml, body.encode())
    return SitemapSource, (f"{site}/",)


def _can_be_declared(trick: str) -> bool:
    text = f'slug = "s"\nname = "S"\nprotocol = "addresses"\nstart = [{json.dumps(trick)}]'
    try:
        parse_source(text, path=Path("trick.toml"))
    except BadSource:
        return False
    return True


def _xml(text: str) -> str:
    return escape("".join(letter for letter in text if letter >= " " or letter in "\t\n"))


def try_way(servers: Servers, way: str) -> HarvestRun:
    """Harvest the attacker's site once, with all tricks of one way."""
    model, start = prepare(servers, way)
    # `attacker.example` is declared by the source, and so may lie on this machine; nothing else of this machine may.
    # Tricks that are themselves declared must not profit from that: their source may fetch nothing private.
    polite = Politeness(delay_seconds=0, requests_at_once=8, retries=1, retry_gap_seconds=0, timeout_seconds=2)
    polite = polite.model_copy(update={"allow_private": way != "start"})
    source = model(slug="attacker", name="Attacker", start=start, polite=polite)
    names = {**NAMES, "attacker.example": (("127.0.0.1",),)}
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder), contact="https://librarian.example")
        return run_apart(Told(source, names).run, settings=settings)


def control() -> int:
    """Return how often a source that declares the canary as its own reaches it: a canary that nobody can reach proves nothing."""
    servers = Servers()
    place = f"http://127.0.0.1:{servers.canary_port}/declared"
    polite = Politeness(delay_seconds=0, allow_private=True)
    source = AddressesSource(slug="canary", name="Own", start=(place,), polite=polite)
    try:
        with tempfile.TemporaryDirectory() as folder:
            run_apart(Told(source, {}).run, settings=Settings(data_dir=Path(folder)))
    finally:
        servers.close()
    return servers.came.count("/declared")


def main() -> int:
    """Print what was tried and what got through; return 0 when nothing did."""
    through = 0
    reached = control()
    print(f"control   the canary, declared as a source's own place, was reached {reached} times")
    for way in WAYS:
        servers = Servers()
        try:
            run = try_way(servers, way)
        finally:
            servers.close()
        reasons = Counter(_kind(reason_in_words(failure.reason)) for failure in run.failures)
        followed = sum(path.strip("/").isdigit() for path in servers.asked)
        came = [path for path in servers.came if path != "/robots.txt"]
        through += len(servers.came)
        print(f"{way:9} tried {len(FORMS)}, got through {len(servers.came)} {came[:5] or ''}")
        if way == "start":
            print(
                f"          {sum(not _can_be_declared(form) for form in FORMS):3} refused when the source file is read"
            )
        if way == "redirect":
            print(f"          {followed} redirects were given out")
        for reason, number in reasons.most_common():
            print(f"          {number:3} {reason}")
        if run.skipped:
            print(f"          {run.skipped:3} skipped: {skips_in_words(run.skipped_by)}")
    print(f"tried {len(FORMS) * len(WAYS)}, got through {through}")
    return 1 if through or not reached else 0


def _kind(reason: str) -> str:
    """Return a reason without the address that it names."""
    private = "an address of a private network or of this machine."
    if not reason.endswith(private):
        return reason
    return f"... {'leads to' if 'leads to' in reason else 'is'} {private}"


if __name__ == "__main__":
    # Under its importable name: the child process must find what is sent to it.
    from benchmarks.address_tricks import main as run_main

    sys.exit(run_main())

"""Requests that are hostile by their form: headers, methods, paths; and what no answer may show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from tests.attack.asking import Answer, ask, send
from tests.web.library import OWN_ID

SECONDS = 20.0
"""Longest wait for the answer to one hostile request."""
DATES = (
    "Mon, 01 Jan 99999999999 00:00:00 GMT", "Mon, 32 Foo 2020 25:61:61 GMT", "Thu, 01 Jan 0000 00:00:00 GMT",
    "Thu, 01 Jan 1970 00:00:00 +9999", "Thu, 31 Dec 9999 23:59:59 -2359", "Mon, 01 Jan 0001 00:00:00 +1400",
    "9" * 400, "-1", "\x01", "Mon, 01 Jan 2020 00:00:00 GMT" * 50, "é",
)  # fmt: skip
TAGS = ("*", '"', "W/", 'W/"', '"a",' * 2000, ",", '"\\"', '"' + "a" * 6000 + '"', "\x01", "é")
RANGES = (
    "bytes=0-0", "bytes=-1", "bytes=9999999999999999999999-", "bytes=5-2", "bytes=" + "0-0," * 1500, "bytes=--1",
    "bytes=a-b", "bytes=0-18446744073709551616", "bytes=-0", "lines=1-2", "bytes=", "bytes=0-," + "-1," * 500, "é",
)  # fmt: skip
HOSTS = (
    "evil.example", "evil.example:80", "127.0.0.1@evil.example", "evil.example/", "evil.example#", "[::1", "[evil]:1",
    "evil.example\\", "", "a" * 300, "evil.example:99999", "localhost.evil.example", "é.example", "<script>", '"', "..",
)  # fmt: skip
METHODS = (
    "POST", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "HEAD", "PROPFIND", "DEBUG", "get", "G", "M" * 300,
    "GET\t", "\x00",
)  # fmt: skip
SLASHED = ("/search/", "/documents/", "/sources/", "/api/v1/search/", "/api/v1", "/static/", "/feed.atom/",
           "//evil.example/", "//evil.example/..", "/\\evil.example", "/%5cevil.example/", "/%2f%2fevil.example/",
           "/search//", "http://evil.example/search/", "/.//evil.example/")  # fmt: skip
TRAVERSALS = (
    "/static/../../../../../../etc/passwd", "/static/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "/static/..%2f..%2f..%2f..%2f..%2fetc%2fpasswd", "/static/..%5c..%5c..%5cetc%5cpasswd", "/static//etc/passwd",
    "/static/%2fetc%2fpasswd", "/static/....//....//etc/passwd", "/static/%252e%252e%252fetc%252fpasswd",
    "/static/..%c0%af..%c0%afetc%c0%afpasswd", "/static/../app.py", "/static/%00", "/static/style.css%00.js",
    "/static/..;/app.py", "/documents/..%2f..%2f..%2fetc%2fpasswd/original", "/documents/%2e%2e/original",
    "/documents/%00/original", f"/documents/{OWN_ID}%2f..%2f..%2foriginal", "/documents//etc/passwd/original",
    "/api/v1/documents/..%2f..%2fetc%2fpasswd", "/api/v1/documents/%00", "/api/v1/documents/..%2fsources",
    "/sources/..%2f..%2fetc%2fpasswd", "/sources/%00", "/sources/wiego%2f..%2f..", "/sources/" + "a" * 5000,
    "/documents/" + "a" * 5000, "/documents/%ff%fe", "/documents/%ed%a0%80", "/../etc/passwd", "/..%2fpushcart.db",
    "/pushcart.db", "/files/", "/.git/config", "/.env", "/documents/{{7*7}}", "/documents/%0d%0aSet-Cookie:%20x=1",
    "/api/v1/documents/" + quote("\ud800".encode("utf-8", "surrogatepass")),
)  # fmt: skip
NUMBERS_IN_PATHS = ("0", "-1", "999999999999999999999", "1e400", "NaN", "%D9%A3", "1_0", "x", "%00", "1" * 5000)
SECURITY_HEADERS = ("content-security-policy", "x-content-type-options", "referrer-policy")
PASSWORDS = re.compile(rb"root:[^:]*:0:0:")
INSIDE = re.compile(rb"Traceback \(most recent call last\)|file:///|site-packages|\.venv/|sqlalchemy", re.IGNORECASE)
"""What tells a stranger about the server's inside."""
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
ESCAPED = re.compile(r"\\u(?:00[01][0-9a-f]|007f|00[89][0-9a-f]|202[a-e]|206[6-9])", re.IGNORECASE)
"""The same as JSON may write them."""


@dataclass(frozen=True, slots=True)
class Trick:
    """One hostile request."""

    kind: str
    target: str
    method: str = "GET"
    headers: str = ""
    raw: bytes = b""
    """Sent in place of all that, when not empty."""
    may_hang_up: bool = False
    """Whether closing the connection without an answer is right as well."""

    def send(self, port: int) -> Answer:
        """Send it. Raises OSError or ValueError: there is no whole answer."""
        if self.raw:
            return send(port, self.raw, seconds=SECONDS)
        return ask(port, self.target, seconds=SECONDS, method=self.method, headers=self.headers)

    def __str__(self) -> str:
        shown = self.raw or f"{self.method} {self.target} {self.headers}".encode("utf-8", "surrogatepass")
        return f"{self.kind}: {shown[:110]!r}"


def tricks() -> Iterator[Trick]:
    """Yield every one of them, in a fixed order."""
    file, page, answer = f"/documents/{OWN_ID}/original", "/search?q=vendors", "/api/v1/search?q=vendors"
    for target in (file, page, answer, "/feed.atom?q=vendors", "/healthz"):
        yield from (
            Trick("If-Modified-Since", target, headers=f"If-Modified-Since: {date}\r\n", may_hang_up=True)
            for date in DATES
        )
        yield from (
            Trick("If-None-Match", target, headers=f"If-None-Match: {tag}\r\n", may_hang_up=True) for tag in TAGS
        )
    for one in RANGES:
        yield Trick("Range", file, headers=f"Range: {one}\r\n")
        yield Trick("If-Range", file, headers=f'Range: {one}\r\nIf-Range: "{"a" * 500}"\r\n')
    for host in HOSTS:
        yield from (
            Trick("Host", target, headers=f"Host: {host}\r\n", may_hang_up=True)
            for target in ("/", page, "/feed.atom?q=vendors")
        )
        forwarded = f"X-Forwarded-Host: {host}\r\nX-Forwarded-Proto: javascript\r\nForwarded: host={host}\r\nX-Original-URL: /x\r\n"
        yield Trick("X-Forwarded-Host", page, headers=forwarded, may_hang_up=True)
    for target in SLASHED:
        yield Trick("redirect", target, headers="Host: evil.example\r\n", may_hang_up=True)
    for method in METHODS:
        yield from (
            Trick("method", target, method=method, may_hang_up=True) for target in ("/", page, answer, "/nothing")
        )
    yield from (Trick("path", target, may_hang_up=True) for target in TRAVERSALS)
    for number in NUMBERS_IN_PATHS:
        yield Trick("number", f"/documents/{OWN_ID}?page={number}")
        yield Trick("number", f"/documents/{OWN_ID}/pages/{number}")
        yield Trick("number", f"/api/v1/documents/{OWN_ID}/similar?limit={number}")
        yield Trick("number", f"/api/v1/suggest?q=ve&limit={number}")
        yield Trick("number", f"/api/v1/sources/wiego/runs?limit={number}&offset={number}")
    yield from _broken_http()


def _broken_http() -> Iterator[Trick]:
    """Yield what is no HTTP, or too much of it: an error or a closed connection is right, silence or a dead server is not."""
    host, close = b"Host: 127.0.0.1\r\n", b"Connection: close\r\n\r\n"
    posted = b"POST / HTTP/1.1\r\n" + host
    requests = {
        "a header of 1 MB": b"GET / HTTP/1.1\r\n" + host + b"X-Big: " + b"a" * 10**6 + b"\r\n\r\n",
        "50,000 headers": b"GET / HTTP/1.1\r\n" + host + b"".join(b"X-%d: a\r\n" % one for one in range(50_000)) + b"\r\n",
        "a target of 1 MB": b"GET /search?q=" + b"a" * 10**6 + b" HTTP/1.1\r\n" + host + b"\r\n",
        "a cookie of 60 kB": b"GET /search?q=a HTTP/1.1\r\n" + host + b"Cookie: " + b"a=b; " * 12_000 + b"\r\n" + close,
        "two lengths": posted + b"Content-Length: 1\r\nContent-Length: 5\r\n\r\nabcde",
        "a length and chunks": posted + b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
        "a length below nought": posted + b"Content-Length: -1\r\n\r\n",
        "a length without end": posted + b"Content-Length: " + b"9" * 400 + b"\r\n\r\n",
        "a chunk without end": posted + b"Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFFF\r\na",
        "no version": b"GET /\r\n\r\n",
        "version 9": b"GET / HTTP/9.9\r\n\r\n",
        "no host": b"GET / HTTP/1.1\r\n" + close,
        "a folded header": b"GET / HTTP/1.1\r\n" + host + b"X: a\r\n b\r\n" + close,
        "line feeds only": b"GET / HTTP/1.1\nHost: a\nConnection: close\n\n",
        "NUL bytes": b"GET /\x00 HTTP/1.1\r\nHo\x00st: a\r\n\r\n",
        "TLS": b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(200),
        "HTTP/2": b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(40),
        "WebSocket": b"GET / HTTP/1.1\r\n" + host + b"Upgrade: websocket\r\nConnection: Upgrade\r\n"
        b"Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n\r\n",
        "raw bytes": bytes(range(256)) * 40,
    }  # fmt: skip
    for kind, raw in requests.items():
        yield Trick(kind, "", raw=raw, may_hang_up=True)


def fault(trick: Trick, answer: Answer | Exception) -> str:
    """Say what is wrong about an answer, or the lack of one; empty: nothing."""
    if isinstance(answer, Exception):
        quiet = isinstance(answer, (ConnectionError, ValueError)) and trick.may_hang_up
        return "" if quiet else f"no answer ({type(answer).__name__}: {answer})"
    if answer.status >= 500 and answer.status != 501:
        return f"status {answer.status}"
    if answer.status == 200 and PASSWORDS.search(answer.body):
        return "a file of the system was handed out"
    if "evil.example" in answer.headers.get("location", ""):
        return f"redirected to {answer.headers['location'][:80]}"
    if "set-cookie" in answer.headers:
        return "a header was smuggled in"
    if trick.kind in ("Host", "X-Forwarded-Host") and b"evil.example" in answer.body:
        return "a foreign host is repeated in the page"
    if b"Traceback (most" in answer.body:
        return "a traceback is shown"
    return ""


def leaks(answer: Answer) -> str:
    """Say what an answer to a stranger tells and must not: folders, the server's inside, signs that act on a terminal."""
    if match := INSIDE.search(answer.text.encode()):
        return f"shows {match.group().decode()!r}"
    kind = answer.headers.get("content-type", "")
    if kind.startswith(("text/", "application/json", "application/atom", "application/problem")):
        if match := CONTROLS.search(answer.text):
            return f"holds the sign U+{ord(match.group()):04X}"
        if "openapi" not in answer.text[:20] and (match := ESCAPED.search(answer.text)):
            return f"holds the sign {match.group()}"
    missing = [name for name in SECURITY_HEADERS if name not in answer.headers]
    return f"lacks {', '.join(missing)}" if missing and answer.status != 304 else ""


OPEN_PAGES = (
    "/", "/search", "/search?q=notes", "/search?q=turningword", "/search?q=hostileword", "/feed.atom", "/feed.atom?q=turningword",
    f"/documents/{OWN_ID}", "/documents/dturning", "/documents/dhostile", "/sources", "/sources/own", "/sources/wiego",
    "/sources/office", "/sources/broken", "/nothing", "/search?q=%22", "/search?cursor=x", "/documents/none", "/sources/none",
    "/api/v1/search", "/api/v1/search?q=notes", "/api/v1/search?q=turningword", f"/api/v1/documents/{OWN_ID}",
    "/api/v1/documents/dturning", f"/api/v1/documents/{OWN_ID}/similar", "/api/v1/suggest?q=market", "/api/v1/suggest?q=notes",
    "/api/v1/sources", "/api/v1/sources/own", "/api/v1/sources/office", "/api/v1/nothing", "/api/v1/search?limit=x",
    "/api/v1/openapi.json", "/healthz", "/readyz", "/sign-in", "/sign-in?next=//evil.example", "/audit", "/api/v1/audit",
    "/api/v1/works/decisions",
)  # fmt: skip
"""What anybody may open in the small library."""

"""HTTP by hand: requests that no well-behaved client would send, and answers read whatever they are."""

from __future__ import annotations

import gzip
import re
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass

ANSWER_BYTES_MAX = 50_000_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case; of a name that comes twice, the last."""
    body: bytes

    @property
    def text(self) -> str:
        """Return the body as text, unpacked."""
        packed = self.headers.get("content-encoding") == "gzip"
        return (gzip.decompress(self.body) if packed else self.body).decode(errors="replace")


def ask(port: int, target: str, *, seconds: float, method: str = "GET", headers: str = "", host: str = "") -> Answer:
    """Send one request with a target and further header lines as they stand, and return the answer.

    Args:
        headers: whole lines, each with CRLF at its end. A line `Host:` there stands in place of the usual one.
    """
    named = any(line.lower().startswith("host:") for line in headers.split("\r\n"))
    first = "" if named else f"Host: {host or f'127.0.0.1:{port}'}\r\n"
    return send(port, f"{method} {target} HTTP/1.1\r\n{first}{headers}Connection: close\r\n\r\n", seconds=seconds)


def send(port: int, request: str | bytes, *, seconds: float) -> Answer:
    """Send bytes as they are, and read what comes until the answer is whole or the server closes.

    Raises OSError: the connection broke or the time is over. ValueError: what came is no HTTP answer, or none came.
    """
    end = time.monotonic() + seconds
    written = request.encode("utf-8", "surrogatepass") if isinstance(request, str) else request
    with socket.create_connection(("127.0.0.1", port), timeout=seconds) as line:
        broken: OSError | None = None
        try:
            line.sendall(written)
        except OSError as error:  # refused in the middle of a long request: there may be an answer all the same
            broken = error
        received = bytearray()
        while len(received) < ANSWER_BYTES_MAX:
            line.settimeout(max(0.01, end - time.monotonic()))
            try:
                piece = line.recv(2**16)
            except ConnectionResetError:
                break
            if not piece:
                break
            received += piece
            if _is_whole(received):
                break
    if not received and broken:
        raise broken
    return _read(bytes(received))


def _is_whole(received: bytes | bytearray) -> bool:
    """Say whether as many bytes came as were promised: not every hostile request lets the server close."""
    head, parted, body = bytes(received).partition(b"\r\n\r\n")
    promised = re.search(rb"\r\ncontent-length: *(\d+)", head, re.IGNORECASE)
    return bool(parted and promised and len(body) >= int(promised.group(1)))


def _read(received: bytes) -> Answer:
    head, parted, body = received.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    words = lines[0].split(" ")
    if not parted or len(words) < 2 or not words[0].startswith("HTTP/1") or not words[1].isdigit():
        raise ValueError(f"no HTTP answer: {received[:80]!r}")
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = _joined(body)
    elif int(headers.get("content-length", 0)) > len(body) and body:
        raise ValueError(f"{len(body)} of {headers['content-length']} bytes came")
    return Answer(int(words[1]), headers, body)


def _joined(chunked: bytes) -> bytes:
    whole = bytearray()
    while chunked:
        size, _, rest = chunked.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if length == 0:
            return bytes(whole)
        whole += rest[:length]
        chunked = rest[length + 2 :]
    raise ValueError("the answer ends in the middle")

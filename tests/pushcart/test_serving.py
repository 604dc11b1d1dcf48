"""What `pushcart serve` decides before it answers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from corpus.settings import Settings
from pushcart.cli import run
from pushcart.commands.serving import is_free, makes_licences_count
from tests.browser import free_port


@pytest.mark.parametrize(
    ("host", "setting", "counts"),
    [
        ("127.0.0.1", "auto", False),
        ("localhost", "auto", False),
        ("::1", "auto", False),
        ("0.0.0.0", "auto", True),
        ("::", "auto", True),
        ("192.168.1.5", "auto", True),
        ("0.0.0.0", "never", False),
        ("127.0.0.1", "always", False),  # the setting says so already
    ],
)
def test_licences_count_where_others_reach_the_address(host: str, setting: str, counts: bool) -> None:
    assert makes_licences_count(Settings(follow_licences=setting), host=host) is counts


def test_an_address_of_metrics_that_is_taken_is_refused_before_anything_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path))
        monkeypatch.setenv("PUSHCART_METRICS_ADDRESS", f"127.0.0.1:{taken.getsockname()[1]}")
        assert run(["serve", "--port", str(free_port())]) == 1
    assert "PUSHCART_METRICS_ADDRESS" in capsys.readouterr().err


@pytest.mark.slow
def test_a_request_under_way_is_answered_when_the_server_is_told_to_stop(tmp_path: Path) -> None:
    """As `systemctl restart` does it: new connections are refused, what has begun is finished, and the exit code is 0."""
    port = free_port()
    body = json.dumps(
        {"text": "He writes that \u201cstreet vendors in Lima work without social protection\u201d."}
    ).encode()
    head = "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with served(tmp_path, port) as server, socket.create_connection(("127.0.0.1", port), timeout=30) as connection:
        connection.sendall(head.encode() + body[:10])
        time.sleep(0.5)
        server.send_signal(signal.SIGTERM)
        wait_until(lambda: is_free("127.0.0.1", port))
        assert server.poll() is None
        connection.sendall(body[10:])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert json.loads(answer.split(b"\r\n\r\n", 1)[1])
        assert server.wait(30) == 0


@contextmanager
def served(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "pushcart", "serve", "--port", str(port)]
    settings = {"PUSHCART_DATA_DIR": str(folder), "PUSHCART_METRICS_ADDRESS": f"127.0.0.1:{free_port()}"}
    (folder / "log").touch()
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=os.environ | settings, stdout=log, stderr=log)
        try:
            wait_until(lambda: not is_free("127.0.0.1", port))
            yield server
        finally:
            server.kill()
            server.wait()


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for at most a minute."""
    ends = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < ends
        time.sleep(0.1)

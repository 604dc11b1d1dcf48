"""What `pushcart serve` decides before it answers."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from corpus.settings import Settings
from pushcart.cli import run
from pushcart.commands.serving import makes_licences_count
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
def test_a_restart_refuses_and_loses_no_request_and_answers_those_under_way(tmp_path: Path) -> None:
    """systemd holds the socket: who connects while the server restarts waits for the new one."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/api/v1/status"
        answers: list[int] = []
        ended = threading.Event()

        def ask() -> None:
            while not ended.is_set():
                answers.append(httpx.get(url, timeout=60).status_code)  # an error ends the thread, and is counted below
            answers.append(0)

        threads = [threading.Thread(target=ask) for _ in range(4)]
        with activated(tmp_path, listening) as server:
            wait_until(lambda: is_ready(url))
            for thread in threads:
                thread.start()
            wait_until(lambda: len(answers) > 20)
            server.send_signal(signal.SIGTERM)
            assert server.wait(40) == 0
        before = len(answers)
        with activated(tmp_path, listening) as server:
            wait_until(lambda: len(answers) > before + 20)
            ended.set()
            for thread in threads:
                thread.join()
            assert answered_while_stopping(server, listening.getsockname()) == 200
            assert server.wait(40) == 0
    assert answers.count(0) == len(threads)
    assert set(answers) == {0, 200}


def answered_while_stopping(server: subprocess.Popen[bytes], address: tuple[str, int]) -> int:
    """Send half a request, stop the server, send the rest, and return the status of the answer."""
    body = json.dumps({"text": "He writes that \u201cstreet vendors in Lima work\u201d."}).encode()
    head = "POST /api/v1/quotes HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    head += f"Content-Length: {len(body)}\r\n\r\n"
    with socket.create_connection(address, timeout=30) as connection:
        connection.sendall(head.encode() + body[:10])
        time.sleep(0.5)
        server.send_signal(signal.SIGTERM)
        time.sleep(1)
        assert server.poll() is None
        connection.sendall(body[10:])
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    assert json.loads(answer.split(b"\r\n\r\n", 1)[1])
    return int(answer.split()[1])


def is_ready(url: str) -> bool:
    try:
        return httpx.get(url, timeout=60).status_code == 200
    except httpx.HTTPError:
        return False


@contextmanager
def activated(folder: Path, listening: socket.socket) -> Iterator[subprocess.Popen[bytes]]:
    """Start the server as systemd does: the socket is file 3, and LISTEN_PID is the process itself."""
    start = (
        "import os, sys; os.dup2(int(sys.argv[1]), 3); os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS='1')"
    )
    start += "; os.execv(sys.executable, [sys.executable, '-m', 'pushcart', 'serve'])"
    command = [sys.executable, "-c", start, str(listening.fileno())]
    environment = os.environ | {"PUSHCART_DATA_DIR": str(folder)}
    with (folder / "log").open("ab") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, pass_fds=[listening.fileno()])
        try:
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

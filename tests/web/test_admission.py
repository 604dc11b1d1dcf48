"""Who is let in: searches at once, requests of one address, requests that never end."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi.testclient import TestClient
from limits.storage import MemoryStorage
from starlette.types import Receive, Scope, Send

from corpus.errors import BadSettings
from corpus.networks import is_public
from corpus.settings import Settings
from pushcart.http_protocol import timed_protocol
from web.app import make_app
from web.rate_limits import FILE_NAME, RateLimits, SqliteStorage, rate_limits_of

READER, OTHER = "198.51.100.7", "203.0.113.9"


def visitor(settings: Settings, *, address: str = READER) -> TestClient:
    return TestClient(make_app(settings), client=(address, 4000))


def test_who_asks_too_often_is_told_when_to_come_back(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, rate_limit="3/minute")
    client = visitor(settings)
    assert [client.get("/api/v1/search").status_code for _ in range(4)] == [200, 200, 200, 429]
    refused = client.get("/api/v1/search")
    assert refused.headers["content-type"] == "application/problem+json"
    assert 0 < int(refused.headers["retry-after"]) <= 60
    assert refused.json()["type"] == "urn:pushcart:problem:asks-too-often"
    assert "3 times a minute" in refused.json()["detail"]
    for address in ("/search?q=a", "/feed.atom", "/documents/d1"):
        page = client.get(address)
        assert page.status_code == 429
        assert "<h1" in page.text
        assert "retry-after" in page.headers
        assert page.headers["x-content-type-options"] == "nosniff"


def test_what_costs_nothing_is_never_refused(tmp_path: Path) -> None:
    client = visitor(Settings(data_dir=tmp_path, rate_limit="1/minute"))
    client.get("/")
    assert client.get("/").status_code == 429
    assert [client.get(each).status_code for each in ("/healthz", "/readyz", "/robots.txt")] == [200, 200, 200]


def test_addresses_are_counted_apart_and_processes_together(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, rate_limit="2/minute")
    one, same, other = visitor(settings), visitor(settings), visitor(settings, address=OTHER)
    assert [one.get("/").status_code, same.get("/").status_code, one.get("/").status_code] == [200, 200, 429]
    assert other.get("/").status_code == 200
    kept = (tmp_path / FILE_NAME).read_bytes()
    assert READER.encode() not in kept
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_household_of_ipv6_is_one_reader(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, rate_limit="1/minute")
    assert visitor(settings, address="2001:db8:1:2::7").get("/").status_code == 200
    assert visitor(settings, address="2001:db8:1:2:ffff::8").get("/").status_code == 429
    assert visitor(settings, address="2001:db8:1:3::7").get("/").status_code == 200


def test_only_a_trusted_proxy_is_believed_who_asks(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, rate_limit="1/minute", trusted_proxies="10.1.0.0/16")
    proxy, stranger = visitor(settings, address="10.1.2.3"), visitor(settings, address=OTHER)
    for reader in ("192.0.2.1", "192.0.2.2"):
        assert proxy.get("/", headers={"X-Forwarded-For": reader}).status_code == 200
        assert proxy.get("/", headers={"X-Forwarded-For": f"1.2.3.4, {reader}"}).status_code == 429
    assert stranger.get("/", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200
    assert stranger.get("/", headers={"X-Forwarded-For": "192.0.2.9"}).status_code == 429


def test_a_proxy_of_this_machine_that_does_not_say_who_asks_shuts_nobody_out(tmp_path: Path) -> None:
    client = visitor(Settings(data_dir=tmp_path, rate_limit="1/minute"), address="127.0.0.1")
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


def test_counting_that_fails_shuts_nobody_out(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).mkdir()
    client = visitor(Settings(data_dir=tmp_path, rate_limit="1/minute"))
    assert [client.get("/").status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize(
    ("url", "public"),
    [("https://search.example.org", True), ("http://localhost:8000", False), ("http://192.168.1.5:8000", False),
     ("http://[::1]:8000", False), ("http://203.0.114.1", True), ("http://office:8000", False)],
)  # fmt: skip
def test_rates_are_limited_by_themselves_where_strangers_come(url: str, public: bool, tmp_path: Path) -> None:
    assert is_public(url) is public
    assert (rate_limits_of(Settings(data_dir=tmp_path, public_url=url)) is not None) is public
    assert rate_limits_of(Settings(data_dir=tmp_path, public_url=url, rate_limit="off")) is None


@pytest.mark.parametrize(
    "wrong", [{"rate_limit": "often"}, {"rate_limit": "1/minute", "rate_limit_storage": "papyrus://"}]
)
def test_a_rate_that_is_none_is_said_when_the_server_starts(wrong: dict[str, str], tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="PUSHCART_RATE_LIMIT"):
        rate_limits_of(Settings(data_dir=tmp_path, **wrong))


def test_the_file_forgets_what_is_over(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / FILE_NAME)
    assert [storage.incr("a", 1), storage.incr("a", 1), storage.incr("b", 60, 5)] == [1, 2, 5]
    assert storage.get("a") == 2
    time.sleep(1.05)
    assert (storage.get("a"), storage.incr("a", 1), storage.get("b")) == (0, 1, 5)
    assert storage.get_expiry("b") > time.time() + 50
    assert storage.reset() == 2


def test_several_rates_hold_together() -> None:
    from limits import parse_many

    rates = RateLimits(MemoryStorage(), items=parse_many("5/second;6/minute"), key=lambda: b"key")
    waits = asyncio.run(_waits(rates, 8))
    assert waits[:5] == [0.0] * 5
    assert waits[-1] > 1.0


async def _waits(rates: RateLimits, count: int) -> list[float]:
    return [await rates.seconds_to_wait(READER) for _ in range(count)]


def test_a_search_that_waits_too_long_for_its_turn_is_refused_and_the_rest_goes_on(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, searches_at_once=1, search_wait_seconds_max=0.2)
    app = make_app(settings)
    begun, end = threading.Event(), threading.Event()

    @app.get("/slow")
    def slow() -> str:
        begun.set()
        end.wait(20)
        return "done"

    with served(app) as url, httpx.Client(base_url=url, timeout=20) as client:
        slow_one = threading.Thread(target=httpx.get, args=(f"{url}/slow",), kwargs={"timeout": 30})
        slow_one.start()
        assert begun.wait(10)
        refused = client.get("/api/v1/search")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["type"] == "urn:pushcart:problem:busy"
        assert client.get("/search").status_code == 503
        assert client.get("/healthz").status_code == 200
        end.set()
        slow_one.join()
        assert client.get("/api/v1/search").status_code == 200


def test_who_reads_an_answer_slowly_keeps_nobody_waiting(tmp_path: Path) -> None:
    app = make_app(Settings(data_dir=tmp_path, searches_at_once=1, search_wait_seconds_max=0.3))

    async def endless(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.sleep(2)
        await send({"type": "http.response.body", "body": b"done"})

    app.mount("/endless", endless)
    with served(app) as url:
        reader = threading.Thread(target=httpx.get, args=(f"{url}/endless/",))
        reader.start()
        time.sleep(0.3)
        assert httpx.get(f"{url}/api/v1/search").status_code == 200
        reader.join()


@contextmanager
def served(app: object, *, seconds_max: float = 10.0) -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    config = uvicorn.Config(app, port=port, log_level="critical", http=timed_protocol(seconds_max), proxy_headers=False)  # type: ignore[arg-type]
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        for _ in range(200):
            if server.started:
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


async def _app(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] != "http":
        return
    if scope["path"] == "/slow":
        await asyncio.sleep(1.5)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
    await send({"type": "http.response.body", "body": b"ok"})


def trickled(url: str, first: bytes, *, then: bytes = b"x", seconds: float = 4.0) -> tuple[bytes, float]:
    """Send a beginning, then some more bytes now and then; return what came back and when the connection ended."""
    host, port = url.removeprefix("http://").split(":")
    began = time.monotonic()
    with socket.create_connection((host, int(port))) as connection:
        connection.settimeout(0.1)
        connection.sendall(first)
        got = b""
        while time.monotonic() - began < seconds:
            try:
                more = connection.recv(1000)
                if not more:
                    break
                got += more
            except TimeoutError:
                pass
            except OSError:
                break
            try:
                if then:
                    connection.sendall(then)
            except OSError:
                break
    return got, time.monotonic() - began


@pytest.mark.parametrize(
    "first",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"G", id="a letter"),
        pytest.param(b"GET / HTTP/1.1\r\nX-A: ", id="headers"),
        pytest.param(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /", id="the next request"),
        pytest.param(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n", id="a body"),
    ],
)
def test_a_request_that_never_ends_is_ended(first: bytes) -> None:
    with served(_app, seconds_max=0.6) as url:
        _, seconds = trickled(url, first)
        assert seconds < 2.5


def test_a_slow_answer_to_a_whole_request_is_not_cut() -> None:
    with served(_app, seconds_max=0.4) as url:
        got, _ = trickled(url, b"GET /slow HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n", then=b"", seconds=5)
        assert got.endswith(b"ok")


def test_a_request_that_took_too_long_is_told_so() -> None:
    with served(_app, seconds_max=0.4) as url:
        assert trickled(url, b"GET / HTTP/1.1\r\n", then=b"")[0].startswith(b"HTTP/1.1 408")

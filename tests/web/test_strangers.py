"""What anybody can read or make the site do: no folders of the machine, no host but ours, headers on every answer."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from tests.web.library import OWN_ID, fill, settings_in
from web.app import make_app
from web.security import relative_to

POLICIES = ("content-security-policy", "x-content-type-options", "referrer-policy")
SIGNS = "\u202e\u2066\x1b\x9b"


@pytest.fixture
def failing(library_settings: Settings) -> TestClient:
    """Return a client of a site on which one page and one route of the API meet a bug."""
    app = make_app(library_settings)

    @app.get("/bug")
    def bug() -> None:
        raise RuntimeError("a bug")

    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.mark.parametrize(
    "address",
    [
        f"/api/v1/documents/{OWN_ID}",
        "/api/v1/search?limit=100",
        "/api/v1/sources/own",
        "/api/v1/sources",
        f"/documents/{OWN_ID}",
        f"/documents/{OWN_ID}.bib",
        f"/documents/{OWN_ID}.ris",
        f"/documents/{OWN_ID}.txt",
        "/sources/own",
        "/search?limit=100",
        "/feed.atom",
    ],
)
def test_nobody_reads_the_folder_of_a_persons_own_file_or_a_sign_that_turns_text(
    client: TestClient, address: str
) -> None:
    text = client.get(address).text
    assert "somebody" not in text
    assert "file:/" not in text
    assert not set(SIGNS) & set(text)
    if address.startswith("/api"):
        assert not set(SIGNS) & set(str(json.loads(text)))


def test_the_name_of_a_persons_own_file_is_shown(client: TestClient) -> None:
    body = client.get(f"/api/v1/documents/{OWN_ID}").json()
    assert body["url"] == "notes.pdf"


@pytest.mark.parametrize("address", ["/sources/", "/search/?q=lima", "/api/v1", "/api/v1/status/", "/search?q=&from=2"])
def test_a_redirect_never_leads_to_the_host_that_the_asker_writes(client: TestClient, address: str) -> None:
    answer = client.get(address, headers={"Host": "evil.example"})
    assert answer.status_code in (303, 307)
    assert answer.headers["location"].startswith("/")
    assert "evil" not in answer.headers["location"]


@pytest.mark.parametrize(
    ("host", "location", "wanted"),
    [
        ("a.example", "http://a.example/search?q=x", "/search?q=x"),
        ("a.example", "http://a.example//evil.example/x", "/evil.example/x"),
        ("a.example", "//evil.example/x", "/"),
        ("a.example", "http://a.example/\\evil.example", "/evil.example"),
        ("", "http://10.0.0.7:8000/search", "/search"),
        ("a.example/b", "http://a.example/b/search", "/"),
        ("[", "http://[/search", "/"),
        ("a.example", "/search?q=//x", "/search?q=//x"),
    ],
)
def test_where_a_redirect_leads(host: str, location: str, wanted: str) -> None:
    assert relative_to(host, location) == wanted


@pytest.mark.parametrize(
    ("method", "address", "status"),
    [
        ("GET", "/bug", 500),
        ("GET", "/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("POST", "/search", 405),
        ("POST", "/api/v1/search", 405),
        ("GET", "/api/v1/search?limit=x", 422),
        ("GET", "/api/v1", 307),
        ("GET", "/", 200),
    ],
)
def test_every_answer_has_the_headers(failing: TestClient, method: str, address: str, status: int) -> None:
    answer = failing.request(method, address)
    assert answer.status_code == status
    assert all(each in answer.headers for each in POLICIES)


@pytest.mark.parametrize("address", ["/search?q=lima", "/api/v1/search?q=lima", "/feed.atom"])
def test_an_answer_without_a_body_has_the_headers_too(client: TestClient, address: str) -> None:
    etag = client.get(address).headers["etag"]
    answer = client.get(address, headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert all(each in answer.headers for each in POLICIES)


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/search?q=lima",
        "/api/v1/documents/dlima",
        "/api/v1/status",
        "/api/v1/vocabulary/group",
        "/api/v1/openapi.json",
        "/api/v1/sources",
        "/api/v1/nothing",
        "/api/v1/search?limit=x",
    ],
)
def test_head_on_the_api_is_get_without_the_body(client: TestClient, address: str) -> None:
    asked, told = client.get(address), client.head(address)
    assert (told.status_code, told.content) == (asked.status_code, b"")
    assert told.headers["content-type"] == asked.headers["content-type"]


STRANGE = (
    "Fri, 31 Dec 99999999999 23:59:59 GMT",
    "Fri, 31 Dec 0000 23:59:59 GMT",
    "Fri, 99 Dec 2020 99:99:99 +99999999",
    "Mon, 01 Jan 0001 00:00:00 +2359",
    "never",
    "",
    "\xff\xfe",
    "1" * 5000,
)


@pytest.mark.parametrize(
    "address", ["/feed.atom", "/search?q=lima", "/api/v1/search?q=lima", f"/documents/{OWN_ID}/original"]
)
@pytest.mark.parametrize("header", ["If-Modified-Since", "If-None-Match", "If-Unmodified-Since", "If-Range", "Range"])
def test_strange_conditions_are_answered_as_if_nobody_had_set_them(
    client: TestClient, address: str, header: str
) -> None:
    for value in STRANGE:
        answer = client.get(address, headers={header: value.encode("latin-1"), "Range": b"bytes=0-3"})
        assert answer.status_code in (200, 206, 400, 416), value


def test_a_database_that_is_damaged_while_pages_are_served_is_said_to_nobody_but_the_log(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    fill(settings)
    with TestClient(make_app(settings), raise_server_exceptions=False) as client:
        assert client.get("/documents/dlima").status_code == 200
        database = settings.data_dir / "pushcart.sqlite3"
        with closing(sqlite3.connect(database)) as held:
            held.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        size = database.stat().st_size
        database.write_bytes(b"\xde\xad" * (size // 2))
        for address in ("/documents/dlima", "/api/v1/documents/dlima", "/search?q=lima", "/api/v1/status", "/readyz"):
            answer = client.get(address)
            assert answer.status_code == 503, address
            assert str(tmp_path) not in answer.text
            assert "Traceback" not in answer.text

"""Numbers, moments and texts of a stranger at the API, the pages and the feed: answered or refused, never an error of ours."""

from __future__ import annotations

import time
from urllib.parse import quote

import pytest
from fastapi.testclient import TestClient

FORGED = "WyIyYjdlNTViOSIsOTk5OTk5OTk5LCJ4IiwwLjBd"
"""A cursor of the version before signatures; it asked for an allocation of 48 GB."""
HUGE = "9" * 400
MOMENTS = ("00010101T000000.000000Z", "99991231T235959.999999Z")
SEARCHES = ("/api/v1/search", "/search", "/feed.atom")


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize("cursor", [FORGED, "A" * 400, "-", HUGE])
@pytest.mark.parametrize("sort", ["newest", "relevance", "first_seen"])
def test_a_forged_cursor_is_refused_in_words(client: TestClient, path: str, cursor: str, sort: str) -> None:
    answer = client.get(path, params={"q": "street", "sort": sort, "cursor": cursor})
    assert answer.status_code == 422
    assert "Start again from the first" in answer.text


def test_a_reader_with_an_old_cursor_is_led_to_the_first_documents(client: TestClient) -> None:
    html = client.get("/search", params={"q": "street", "cursor": FORGED}).text
    assert 'href="/search?q=street"' in html


@pytest.mark.parametrize("path", SEARCHES)
@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(
            ("limit", value)
            for value in ("0", "-1", "101", HUGE, "1e9", "²", "\u0661", "0x10", "1.5", "nan", "\x00", " 5 ")
        ),
        *(
            ("year", value)
            for value in ("0", HUGE, "-1", "2020..1990", f"{HUGE}..", "..", "0000", "9999..", "²⁰¹⁵", "\x00")
        ),
        *(("about", value) for value in (HUGE, "\x00", "2")),
        *(("sort", value) for value in (HUGE, "\x00", "_score", "id")),
        *(("lang", value) for value in (HUGE, "\x00", "e\u0301n")),
        *(("source", value) for value in (HUGE, "\x00", "../..", "\ud7ff")),
        *(("country", value) for value in (HUGE, "\x00", "x" * 4000)),
        *(
            ("q", value)
            for value in ("\x00", "\u202e", "\ufffe\uffff", "year:" + HUGE, '"a b"~' + HUGE, "a^" + HUGE, "x" * 2001)
        ),
    ],
)
def test_values_of_any_size_are_answered_or_refused(client: TestClient, path: str, name: str, value: str) -> None:
    answer = client.get(path, params={name: value})
    assert answer.status_code in (200, 422)
    if answer.status_code == 422 and path.startswith("/api/"):
        assert answer.json()["next"]


@pytest.mark.parametrize(
    "path",
    [
        *(f"/documents/dlima?page={value}" for value in ("0", "-1", HUGE, "%C2%B2", "%00", "1e3", "999999")),
        *(f"/documents/dlima?q={value}" for value in ("%00", "a," * 500, quote('"the the the"~50'), "a" * 5000)),
        *(f"/documents/dlima?from={value}" for value in ("%00", "a=b&" * 300, quote(f"cursor={FORGED}"), quote(f"limit={HUGE}"))),
        *(f"/documents/{value}" for value in ("%00", "x" * 64, "x" * 6000, "..%2f..", "%ed%a0%80")),
        *(f"/documents/{value}.bib" for value in ("%00", "x" * 60)),
        *(f"/api/v1/documents/dlima/pages/{value}" for value in ("0", "-1", HUGE, "%C2%B2", "%00", "1000000", "1000001")),
        *(f"/api/v1/documents/dlima/similar?limit={value}" for value in ("0", "51", HUGE, "%00")),
        *(f"/api/v1/documents/{value}" for value in ("%00", "%ed%a0%80", "x" * 6000)),
        *(f"/api/v1/suggest?q={value}" for value in ("%00", "%ed%a0%80", "a+" * 90, "a" * 201)),
        *(f"/api/v1/suggest?q=ab&limit={value}" for value in ("0", "21", HUGE)),
        *(f"/suggestions?q=street&{value}" for value in (f"limit={HUGE}", "year=99999", f"cursor={FORGED}", "country=zz")),
        *(f"/api/v1/sources/wiego/runs?limit={value}" for value in ("0", "101", HUGE)),
        *(f"/api/v1/sources/wiego/runs?cursor={value}" for value in (*MOMENTS, HUGE, "%00")),
        *(f"/api/v1/sources/wiego/runs/{value}" for value in (*MOMENTS, "%00")),
        *(f"/sources/wiego?before={value}" for value in (*MOMENTS, HUGE, "%00")),
        *(f"/sources/wiego/runs/{value}" for value in (*MOMENTS, "%00")),
        *(f"/api/v1/vocabulary/{value}" for value in ("%00", "x" * 41)),
    ],
)  # fmt: skip
def test_numbers_and_names_in_addresses_are_answered_or_refused(client: TestClient, path: str) -> None:
    assert client.get(path, follow_redirects=False).status_code in (200, 303, 404, 422)


@pytest.mark.parametrize(
    "path", ["/", "/feed.atom", "/search?q=street", "/api/v1/search?q=street", "/static/pushcart.css"]
)
@pytest.mark.parametrize(
    ("header", "value"),
    [
        *(("If-Modified-Since", f"Mon, {value}") for value in ("01 Jan 99999999999 00:00:00 GMT", "01 Jan 0001 00:00:00 +2359")),
        *(("If-Modified-Since", f"Mon, {value}") for value in ("31 Dec 9999 23:59:59 -2359", "99 Jan 2026 99:99:99 GMT", HUGE)),
        *(("If-None-Match", value) for value in ("*", HUGE, '",' * 3000, "W/")),
        *(("Range", value) for value in (f"bytes={HUGE}-", "bytes=-" + HUGE, "bytes=" + "0-," * 2000)),
        ("Accept-Encoding", "gzip;q=" + HUGE),
        ("X-Forwarded-For", "[" + "1" * 3000),
        ("Cookie", "a=" * 2000),
    ],
)  # fmt: skip
def test_headers_of_any_kind_are_answered(client: TestClient, path: str, header: str, value: str) -> None:
    assert client.get(path, headers={header: value}).status_code in (200, 206, 304, 404, 416)


@pytest.mark.parametrize("path", [*SEARCHES, "/documents/dlima"])
@pytest.mark.parametrize(
    "text", ["a," * 1000, " ".join(f"{a}{b}*" for a in "abcdefghijklmn" for b in "aeioubcdlmnprs"), '"' + "the " * 300 + '"~50',
             " ".join(f"street{a}{b}~2" for a in "abcdefghij" for b in "abcdefghij"), "country:" + "Xyzzyx," * 250]
)  # fmt: skip
def test_what_is_dear_is_answered_or_refused_soon(client: TestClient, path: str, text: str) -> None:
    began = time.process_time()
    answer = client.get(path, params={"q": text[:2000]})
    assert answer.status_code in (200, 422)
    assert time.process_time() - began < 2.0

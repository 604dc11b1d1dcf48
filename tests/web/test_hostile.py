"""What was harvested is a stranger's: it is shown, and can do nothing."""

from __future__ import annotations

import re

import pytest
from fastapi.testclient import TestClient

from corpus.rights import EVERYTHING
from corpus.types import Document
from tests.builders import make_document
from tests.web.histories import CHANGED_ID, LONG_ADDRESS, last_run_address
from tests.web.library import OWN_ID
from web.addresses import original_address, outside

HOSTILE = ("<script>", "<img src=x", "<b>Nobody", "<b>bold")


@pytest.mark.parametrize(
    "address", ["/", "/search?q=hostileword", "/search?source=wiego", "/documents/dhostile?q=hostileword", "/feed.atom"]
)
def test_markup_of_strangers_is_shown_as_text(client: TestClient, address: str) -> None:
    text = client.get(address).text
    for bad in HOSTILE:
        assert bad not in text
    assert "<mark>hostileword</mark>" in client.get("/documents/dhostile?q=hostileword").text


@pytest.mark.parametrize(
    "address",
    [
        "/documents/dhostile",
        "/sources/broken",
        "/search?q=hostileword",
        "/sources",
        "/sources/office",
        last_run_address(),
    ],
)
def test_only_web_addresses_of_strangers_become_links(client: TestClient, address: str) -> None:
    assert 'href="javascript' not in client.get(address).text


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        " javascript:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "http://",
        "http://[bad",
        'https://a.example/"onclick=x',
        "",
    ],
)
def test_an_address_that_is_not_plain_http_is_refused(address: str) -> None:
    assert outside(address) == ""


def test_what_strangers_put_into_a_run_report_is_shown_as_text(client: TestClient) -> None:
    html = client.get(last_run_address()).text
    assert "&lt;script&gt;alert(8)&lt;/script&gt;" in html
    assert "address &lt;b&gt;denied&lt;/b&gt;" in html
    for bad in ("<script>alert", "<img src=x", "<b>denied", "\u202e", 'href="javascript'):
        assert bad not in html
    assert "A Guessed &lt;b&gt;Source&lt;/b&gt;" in client.get("/sources").text
    page = client.get("/sources/office").text
    assert "It cannot be opened &lt;b&gt;at all&lt;/b&gt;." in page
    assert "plain.pdf" not in page
    assert "ministry &lt;script&gt;" in client.get(f"/documents/{CHANGED_ID}").text


def test_an_address_without_end_is_cut_where_it_is_shown_and_whole_where_it_leads(client: TestClient) -> None:
    html = client.get(last_run_address()).text
    shown = re.findall(r">(https://office\.example/calendar[^<]*)<", html)
    assert shown
    assert all(len(text) <= 301 for text in shown)
    assert f'href="{LONG_ADDRESS}"' in html


def test_a_plain_http_address_passes_as_it_is() -> None:
    assert outside("https://example.org/a.pdf?x=1&y=2#page=3") == "https://example.org/a.pdf?x=1&y=2#page=3"


def test_characters_that_turn_a_line_around_are_taken_out(client: TestClient) -> None:
    for address in ("/search?q=turningword", "/documents/dturning"):
        html = client.get(address).text
        assert "\u202e" not in html
        assert "Ledger folio fdp.exe" in html


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=1>', "{{ 7*7 }}", "\u202eabc"])
def test_what_a_reader_types_is_shown_as_text(client: TestClient, text: str) -> None:
    html = client.get("/search", params={"q": text}).text
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert "49" not in html.split("<main")[1].split("</form>")[0]


def test_nothing_written_into_a_page_can_run(client: TestClient) -> None:
    headers = client.get("/").headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_the_way_back_leads_nowhere_but_to_a_search(client: TestClient) -> None:
    html = client.get("/documents/dlima", params={"from": "country=PER&next=https://evil.example"}).text
    assert 'href="/search?country=PER"' in html
    assert "evil.example" not in html.split("<main")[1].split("doc-head")[0]


def test_a_persons_own_pdf_is_shown_by_the_browser_and_stays_a_pdf(client: TestClient) -> None:
    answer = client.get(f"/documents/{OWN_ID}/original")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"].startswith("inline")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.content.startswith(b"%PDF")


def test_a_stored_web_page_is_shown_in_a_sandbox(client: TestClient) -> None:
    answer = client.get("/documents/dpage/original")
    assert answer.status_code == 200
    assert "sandbox" in answer.headers["content-security-policy"]
    assert "allow-scripts" not in answer.headers["content-security-policy"]


def test_a_publishers_file_is_not_handed_out_but_linked(client: TestClient) -> None:
    assert client.get("/documents/dlima/original").status_code == 404
    for url, address in (("https://example.org/a.pdf", "https://example.org/a.pdf"), ("javascript:alert(1)", "")):
        assert original_address(_of(url), EVERYTHING.of(_of(url))) == address


def _of(url: str) -> Document:
    return make_document(source="wiego", url=url)

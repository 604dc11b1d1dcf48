"""Documents marked on results: kept in a cookie, sent to others as a link, and safe from other sites."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

import pytest
from fastapi.testclient import TestClient

from search_api.answers.selection import selection_text
from web.selection import COOKIE


@pytest.fixture
def reader(client: TestClient) -> Iterator[TestClient]:
    """Return a browser that holds nothing of other tests, and leaves nothing."""
    client.cookies.clear()
    yield client
    client.cookies.clear()


def ticked(text: str) -> list[str]:
    return re.findall(r'name="id" value="([^"]+)" checked', text)


def form_of(text: str) -> dict[str, str]:
    form = re.search(r'<form class="marks".*?</form>', text, re.DOTALL)
    assert form is not None
    return {name: unescape(value) for name, value in re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form[0])}


def mark(reader: TestClient, address: str, *ids: str) -> str:
    """Tick documents on a page of results, as a browser without script does, and return the page that it then shows."""
    form = form_of(reader.get(address).text)
    answer = reader.post("/selection", data={**form, "id": list(ids)})
    assert (answer.status_code, answer.headers["location"]) == (303, address)
    return reader.get(address).text


def test_marks_survive_other_searches_and_further_pages_and_are_taken_away_by_unticking(reader: TestClient) -> None:
    text = mark(reader, "/search?q=cooperative+study&near=0&limit=5", "dmany00", "dmany01")
    assert sorted(ticked(text)) == ["dmany00", "dmany01"]
    assert "2 documents in your selection" in text
    text = mark(reader, "/search?q=lima", "dlima")
    assert ticked(text) == ["dlima"]
    assert "3 documents in your selection" in text
    text = mark(reader, "/search?q=cooperative+study&near=0&limit=5", "dmany01")
    assert ticked(text) == ["dmany01"]
    listed = re.findall(r'<h2[^>]*><a href="/documents/(\w+)"', reader.get("/selection").text)
    assert listed == ["dmany01", "dlima"]


def test_a_browser_that_holds_the_page_is_told_of_new_marks(reader: TestClient) -> None:
    etag = reader.get("/search?q=lima").headers["etag"]
    assert reader.get("/search?q=lima", headers={"If-None-Match": etag}).status_code == 304
    mark(reader, "/search?q=lima", "dlima")
    assert reader.get("/search?q=lima", headers={"If-None-Match": etag}).status_code == 200


def test_documents_are_taken_out_one_by_one_or_all_at_once(reader: TestClient) -> None:
    mark(reader, "/search?q=vendedores", "dlima", "daccra")
    reader.post("/selection", data={"do": "remove", "id": ["dlima"]})
    assert reader.cookies[COOKIE].strip('"') == "daccra"
    reader.post("/selection", data={"do": "clear"})
    assert COOKIE not in reader.cookies
    assert "The selection is empty" in reader.get("/selection").text


def test_a_link_shows_it_to_others_without_touching_their_own(reader: TestClient) -> None:
    mark(reader, "/search?q=lima", "dlima")
    text = reader.get("/selection?ids=daccra.dlima").text
    assert "A selection shared with you" in text
    assert "https://pushcart.example/selection?ids=daccra.dlima" in text
    assert reader.cookies[COOKIE] == "dlima"
    reader.post("/selection", data={"do": "add", "ids": "daccra.dlima"})
    assert "https://pushcart.example/selection?ids=dlima.daccra" in reader.get("/selection").text
    assert "Your selection" in reader.get("/selection?ids=dlima.daccra").text


def test_what_is_not_here_any_more_is_named_and_can_be_taken_out(reader: TestClient) -> None:
    reader.post("/selection", data={"do": "add", "ids": "dlima.dgone.d0123456789abcdef"})
    text = reader.get("/selection").text
    assert "2 documents are no longer here:" in text
    assert "<code>dgone</code> <code>d0123456789abcdef</code>" in text
    reader.post("/selection", data={"do": "remove", "id": ["dgone", "d0123456789abcdef"]})
    assert "no longer here" not in reader.get("/selection").text


def test_it_is_exported_from_its_page(reader: TestClient) -> None:
    mark(reader, "/search?q=lima", "dlima")
    text = reader.get("/selection").text
    assert '<form class="export" action="/selection/export" method="get"' in text
    for address in ("/selection/export?format=ris", "/selection/export?ids=dlima&format=ris"):
        answer = reader.get(address)
        assert answer.headers["content-type"].startswith("application/x-research-info-systems")
        assert answer.text.count("TY  - ") == 1


def test_a_program_of_the_page_is_told_the_count_alone(reader: TestClient) -> None:
    form = form_of(reader.get("/search?q=lima").text)
    answer = reader.post("/selection", data={**form, "id": "dlima"}, headers={"Accept": "text/plain"})
    assert (answer.status_code, answer.text) == (200, "1 document in your selection")
    said = reader.post("/selection?locale=es", data={**form, "id": "dlima"}, headers={"Accept": "text/plain"})
    assert said.text == "1 documento en su selección"


def test_more_than_fit_are_refused_in_words_and_nothing_is_lost(reader: TestClient) -> None:
    full = selection_text(f"d{number:016x}" for number in range(300))
    reader.post("/selection", data={"do": "add", "ids": full})
    refused = reader.post("/selection", data={"do": "add", "ids": "dlima"})
    assert refused.status_code == 422
    assert "at most 300 documents" in refused.text
    assert reader.cookies[COOKIE].strip('"') == full
    assert len(reader.cookies[COOKIE]) < 4000


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil", "/search\r\nX: y", "javascript:1", ""]
)
def test_marking_never_leads_away_from_here(reader: TestClient, back: str) -> None:
    answer = reader.post("/selection", data={"shown": "dlima", "id": "dlima", "back": back})
    assert (answer.status_code, answer.headers["location"]) == (303, "/selection")


@pytest.mark.parametrize("where", ["cross-site", "same-site"])
def test_another_site_cannot_change_it(reader: TestClient, where: str) -> None:
    answer = reader.post("/selection", data={"do": "add", "ids": "dlima"}, headers={"Sec-Fetch-Site": where})
    assert answer.status_code == 422
    assert COOKIE not in reader.cookies


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(reader: TestClient) -> None:
    header = reader.post("/selection", data={"do": "add", "ids": "dlima"}).headers["set-cookie"]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= set(header.split("; "))
    assert "Secure" not in header


@pytest.mark.parametrize("bad", ["~~~", "a/b", "x" * 9000, "<script>"])
def test_a_cookie_that_is_none_of_ours_counts_as_none(reader: TestClient, bad: str) -> None:
    answer = reader.get("/search?q=lima", headers={"Cookie": f"{COOKIE}={bad}"})
    assert answer.status_code == 200
    assert "0 documents in your selection" in answer.text


def test_a_form_without_end_is_refused(reader: TestClient) -> None:
    assert reader.post("/selection", content=b"id=" + b"d" * 70_000).status_code == 413


def test_a_link_that_is_none_is_refused_in_words(reader: TestClient) -> None:
    answer = reader.get("/selection?ids=%3Cscript%3E")
    assert answer.status_code == 422
    assert "<script>" not in answer.text.partition("<body>")[2]

"""What a page and the API say of dates that are only the clock of a file, and the citations that they hand out."""

from __future__ import annotations

import sys

import pytest
from fastapi.testclient import TestClient

from corpus.types import Document
from search_api.api.document_bodies import DocumentBody
from tests.builders import make_document, offered
from web.format import facts_of


def dated(origin: str) -> Document:
    """Return a document whose date is from a place."""
    return make_document(published="2022-03-04", evidence={"date": (offered("2022-03-04", origin),)})


@pytest.mark.parametrize("lang", ["en", "es", "fr", "pt"])
def test_what_only_the_clock_of_the_file_tells_is_no_date_of_publication(lang: str) -> None:
    clocked, printed = dated("file:info"), dated("file:text")
    assert clocked.is_dated_by_file
    assert not printed.is_dated_by_file
    assert (
        len(facts_of(clocked, exact_date=True, lang=lang)[0])
        > len(facts_of(printed, exact_date=True, lang=lang)[0]) + 10
    )
    assert facts_of(clocked, exact_date=True, lang="en")[0] == "date unknown, file made 4 March 2022"


@pytest.mark.parametrize(("origin", "is_clock"), [("file:info", True), ("file:text", False)])
def test_the_api_says_when_a_date_is_the_file_s_own(origin: str, is_clock: bool) -> None:
    body = DocumentBody.of(
        dated(origin), tags=[], copies=[], same_work=[], related=[], reading=None, pages_indexed=None
    )
    assert body.published_is_file_date is is_clock
    assert body.published == "2022-03-04"


@pytest.mark.parametrize(
    ("ending", "media_type", "words"),
    [
        ("bib", "application/x-bibtex", "pages"),
        ("ris", "application/x-research-info-systems", "SP  - 2"),
        ("csl.json", "application/vnd.citationstyles.csl+json", '"page": "2"'),
        ("txt", "text/plain", "p. 2. https://"),
    ],
)
def test_a_page_is_cited_in_every_format(client: TestClient, ending: str, media_type: str, words: str) -> None:
    answer = client.get(f"/documents/dlima.{ending}?page=2")
    assert answer.headers["content-type"].partition(";")[0] == media_type
    assert words in answer.text
    assert "#page=2" in answer.text
    assert "#page=2" not in client.get(f"/documents/dlima.{ending}").text


@pytest.mark.parametrize("page", ["0", "999", "x", "-1"])
def test_a_page_that_is_not_there_is_not_cited(client: TestClient, page: str) -> None:
    assert client.get(f"/documents/dlima.bib?page={page}").status_code == 404


def test_the_page_of_a_document_offers_the_citation_of_the_page_that_is_read(client: TestClient) -> None:
    text = client.get("/documents/dlima?page=2").text
    assert "Cite page 2" in text
    for ending in ("bib", "ris", "csl.json", "txt"):
        assert f'href="/documents/dlima.{ending}"' in text
        assert f'href="/documents/dlima.{ending}?page=2"' in text


def test_a_style_is_offered_where_styles_are_installed(client: TestClient) -> None:
    pytest.importorskip("citeproc", reason="the extra `styles` is not installed")
    assert 'href="/documents/dlima.txt?page=2&amp;style=apa"' in client.get("/documents/dlima?page=2").text
    assert ", p. 2)" in client.get("/documents/dlima.txt?page=2&style=apa").text
    assert client.get("/documents/dlima.txt?style=mla").status_code == 404


def test_without_styles_plain_text_is_what_there_is(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "citeproc", None)
    assert "style=apa" not in client.get("/documents/dlima").text
    refused = client.get("/documents/dlima.txt?style=apa")
    assert refused.status_code == 404
    assert "pushcart[styles]" in refused.text
    assert client.get("/documents/dlima.txt").status_code == 200


def test_the_api_cites_a_document_and_a_page(client: TestClient) -> None:
    address = "/api/v1/documents/dlima/citation"
    assert client.get(address).json()[0]["type"] == "report"
    assert "#page=2" in client.get(f"{address}?format=ris&page=2").text
    assert client.get(f"{address}?format=bibtex").text.startswith("@techreport{")
    assert client.get(f"{address}?format=plain&page=99").status_code == 404
    assert client.get(f"{address}?format=endnote").status_code == 422

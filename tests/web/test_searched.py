"""Each answer to a search says what was searched, in the API and in one line of the page, in the language of the page."""

from __future__ import annotations

import re
import time
from html import unescape
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.store import open_store
from search_api.answers.collection import CollectionCoverage
from tests.builders import A_DAY, make_document
from tests.web.library import fill, index, keep, settings_in
from web.app import make_app
from web.views.coverage import coverage_in_words


def line_of(page: str) -> str:
    found = re.search(r'<p class="coverage[^>]*>(.*?)</p>', page, re.DOTALL)
    assert found
    return unescape(re.sub(r"<[^>]+>", "", found[1])).replace("\u00a0", " ")


def test_an_answer_of_the_api_says_what_was_searched(client: TestClient) -> None:
    body = client.get("/api/v1/search", params={"q": "vendors"}).json()
    coverage = body["coverage"]
    assert coverage.keys() == {
        "documents", "pages", "sources", "last_harvest", "pages_unread", "files_unread", "not_indexed", "other_languages",
    }  # fmt: skip
    assert coverage["documents"] == client.get("/api/v1/status").json()["documents"]
    assert coverage["other_languages"] == {"ar": 1}
    assert coverage == client.get("/api/v1/search", params={"q": "nothinglikethis"}).json()["coverage"]


def test_the_page_says_it_in_one_line_with_a_link_to_the_sources(client: TestClient) -> None:
    for query in ("vendors", "nothinglikethis"):
        page = client.get("/search", params={"q": query}).text
        assert line_of(page).startswith("Searched: ")
        assert 'class="coverage soft small"' in page
        assert '<a href="/sources">Sources</a></p>' in page


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Searched: 1,234 documents, 1 page, 3 sources; last harvest 23 November 2026; could not be read: 2 pages, "
         "1 whole file; not searchable yet: 5 documents; found by their words only, because of their language: 1 document."),
        ("es", "Se buscó en 1.234 documentos, 1 página, 3 fuentes; última recolección el 23 de noviembre de 2026; "),
        ("fr", "Recherche dans 1 234 documents, 1 page, 3 sources; dernière collecte le 23 novembre 2026; "),
        ("pt", "Busca em 1.234 documentos, 1 página, 3 fontes; última coleta em 23 de novembro de 2026; "),
    ],
)  # fmt: skip
def test_the_line_is_said_in_four_languages(lang: str, words: str) -> None:
    coverage = CollectionCoverage(1234, 1, 3, A_DAY, 2, 1, 5, (("ar", 1),))
    said = coverage_in_words(coverage, lang=lang).replace("\u202f", " ").replace("\u00a0", " ")
    assert said.startswith(words)


def test_what_is_not_missing_is_not_mentioned() -> None:
    coverage = CollectionCoverage(1, 2, 1, None, 0, 0, 0, ())
    assert coverage_in_words(coverage, lang="en") == "Searched: 1 document, 2 pages, 1 source."


def test_a_document_that_came_since_is_counted_and_said_to_be_not_searchable_yet(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    fill(settings)
    with TestClient(make_app(settings)) as client, open_store(settings) as store:
        before = client.get("/api/v1/search?q=vendors")
        keep(store, make_document("dnew", source="wiego"), sha256="0" * 64)
        after = client.get("/api/v1/search?q=vendors", headers={"If-None-Match": before.headers["etag"]})
        assert after.status_code == 200
        held = before.json()["coverage"]
        assert until(client, not_indexed=held["not_indexed"] + 1)["documents"] == held["documents"] + 1
        index(settings)
        assert until(client, not_indexed=0)["documents"] == held["documents"] + 1


def until(client: TestClient, *, not_indexed: int) -> dict[str, int]:
    """Return what an answer says once it says so; counting has its rests."""
    for _ in range(100):
        coverage: dict[str, int] = client.get("/api/v1/search?q=vendors").json()["coverage"]
        if coverage["not_indexed"] == not_indexed:
            return coverage
        time.sleep(0.1)
    raise AssertionError(coverage)

"""What the search box is offered, and the similar documents of a document's page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from tests.web.histories import CHANGED_ID
from tests.web.library import BAD_TITLE, fill, settings_in
from web.app import make_app


def offered(client: TestClient, q: str, **filters: str) -> list[dict[str, str]]:
    answer = client.get("/suggestions", params={"q": q, **filters})
    assert answer.status_code == 200
    lines: list[dict[str, str]] = answer.json()
    return lines


def test_a_concept_leads_to_its_documents_and_a_title_to_its_document(client: TestClient) -> None:
    lines = offered(client, "street ve")
    assert lines[0] == {
        "text": "Street vendors",
        "note": "Worker group, 2 documents",
        "href": "/search?group=street_vendors",
        "lang": "en",
    }
    assert lines[-1]["href"] == "/documents/daccra"
    assert lines[-1]["note"] == "Document"
    for line in lines:
        assert client.get(line["href"]).status_code == 200


def test_filters_that_are_on_stay_on_and_words_become_the_filter(client: TestClient) -> None:
    assert offered(client, "street ve", country="PER")[0]["href"] == "/search?country=PER&group=street_vendors"
    assert offered(client, "peru", country="PER")[0]["href"] == "/search?country=PER"


def test_labels_are_those_of_the_interface_where_they_fit_and_are_explained_where_not(client: TestClient) -> None:
    assert offered(client, "ve")[0]["text"] == "Street vendors"
    french = offered(client, "vendeuses")[0]
    assert (french["text"], french["lang"]) == ("Vendeuses et vendeurs de rue", "fr")
    assert french["note"] == "Worker group: Street vendors, 2 documents"


def test_a_title_in_another_language_says_so(client: TestClient) -> None:
    assert [line["lang"] for line in offered(client, "comercio ambu")] == ["es"]


@pytest.mark.parametrize("q", ["", "a", '"', "x" * 3000, "zzzz", "\x00", "-not OR", "<script>"])
def test_nothing_hostile_or_unknown_is_an_empty_list(client: TestClient, q: str) -> None:
    lines = offered(client, q)
    assert lines == [] or all(BAD_TITLE in line["text"] for line in lines)


def test_a_filter_that_is_none_leaves_the_box_alone(client: TestClient) -> None:
    assert offered(client, "street ve", country="nowhere") == []


def test_titles_of_strangers_stay_text(client: TestClient) -> None:
    answer = client.get("/suggestions", params={"q": "vendors script"})
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert [line["text"] for line in answer.json()] == [BAD_TITLE]


def similar_section(html: str) -> str:
    section = re.search(r'<section class="similar".*?</section>', html, re.S)
    return section[0] if section else ""


def similar_titles(html: str) -> list[str]:
    return re.findall(r"<a[^>]*>(.*?)</a>", similar_section(html))


def test_a_similar_document_stands_there_with_publisher_and_year(client: TestClient) -> None:
    section = similar_section(client.get(f"/documents/{CHANGED_ID}").text)
    assert 'href="/documents/daccra">Street vendors and social protection in Accra</a>' in section
    assert '<p class="facts"><span>WIEGO</span><span>2021</span></p>' in section


def test_a_document_names_at_most_five_like_it_and_never_itself(client: TestClient) -> None:
    html = client.get("/documents/dmany03").text
    assert len(similar_titles(html)) == 5
    assert "Cooperative study 3" not in similar_titles(html)
    html = client.get("/documents/dhostile").text
    assert "<script>alert" not in html


def test_a_document_like_no_other_has_no_such_heading(client: TestClient) -> None:
    assert "Similar documents" not in client.get("/documents/dturning").text


@pytest.fixture
def without_engine(tmp_path: Path) -> TestClient:
    """Return the pages of a full library whose search engine does not answer."""
    settings = settings_in(tmp_path)
    fill(settings)
    down = Settings(
        data_dir=settings.data_dir,
        public_url=settings.public_url,
        elasticsearch_url="http://127.0.0.1:9",
        elasticsearch_seconds_max=1,
    )
    return TestClient(make_app(down))


def test_without_the_engine_the_document_comes_without_similar_ones(without_engine: TestClient) -> None:
    answer = without_engine.get("/documents/dmany03")
    assert answer.status_code == 200
    assert "Cooperative study 3" in answer.text
    assert "Similar documents" not in answer.text
    assert offered(without_engine, "street ve") == []


def test_a_misspelt_search_is_offered_as_it_was_meant_with_what_it_finds(client: TestClient) -> None:
    html = client.get("/search", params={"q": "stret vendors"}).text
    assert '<a href="/search?q=street+vendors">did you mean: street vendors</a><span class="number">1</span>' in html
    assert "did you mean" not in client.get("/search", params={"q": "xyzzyq"}).text
    assert "did you mean" not in client.get("/search", params={"q": "street vendors hovercraft"}).text

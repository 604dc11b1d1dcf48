"""A report, its text twin elsewhere and its translation: one hit that names the others, on the page, in the API and in the feed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.store import open_store
from tests.builders import make_document, make_source, make_tag, sha256_of
from tests.web.library import index, keep, settings_in
from web.app import make_app

ENGLISH = make_document(
    "den",
    source="wiego",
    title="Street vendors in Lima",
    pages=("A summary.", "The street vendors of Lima pay fees.", "Annex."),
    tags=(make_tag("country", "PER"), make_tag("group", "street_vendors")),
    published="2019",
    fold="f1",
)
TWIN = make_document(
    "dtwin",
    source="mirror",
    url="https://mirror.example/a.txt",
    title="Street vendors in Lima",
    pages=("A summary. The street vendors of Lima pay fees. Annex.",),
    tags=ENGLISH.tags,
    published="2019",
    fold="f1",
)
SPANISH = make_document(
    "des",
    source="wiego",
    title="Vendedores ambulantes en Lima",
    lang="es",
    pages=("Resumen.", "Los vendedores ambulantes de Lima pagan tasas."),
    tags=(make_tag("country", "PER"), make_tag("group", "street_vendors")),
    published="2019",
    fold="f1",
)
OTHER = make_document("dother", source="wiego", title="Lima markets", pages=("Street vendors and markets of Lima.",))


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    settings = settings_in(tmp_path_factory.mktemp("folded"))
    fill(settings.data_dir)
    with TestClient(make_app(settings), follow_redirects=False) as client:
        yield client


def fill(folder: Path) -> None:
    settings = settings_in(folder)
    with open_store(settings) as store:
        store.sources.save(make_source("wiego", name="WIEGO publications"))
        store.sources.save(make_source("mirror", name="A mirror"))
        for number, document in enumerate((TWIN, ENGLISH, SPANISH, OTHER)):
            keep(store, document, sha256=sha256_of(document.id), minutes=number)
    index(settings)


def hits(client: TestClient, **parameters: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = client.get("/api/v1/search", params=parameters).json()["hits"]
    return found


def test_the_api_gives_one_hit_with_its_copies_and_translations(client: TestClient) -> None:
    body = client.get("/api/v1/search", params={"q": "lima"}).json()
    assert (body["total"], body["documents"]) == (2, 4)
    (work,) = [hit for hit in body["hits"] if hit["id"] != "dother"]
    others = {(each["id"], each["is_translation"]) for each in work["same_work"]}
    assert len(others) == 2
    assert {each for each, _ in others} | {work["id"]} == {"den", "dtwin", "des"}


def test_of_two_copies_the_one_with_pages_is_shown(client: TestClient) -> None:
    (work,) = [hit for hit in hits(client, q="vendors fees") if not hit["missing"]]
    assert work["id"] == "den"
    assert [page["number"] for page in work["pages"]] == [2]  # type: ignore[attr-defined]


def test_a_page_shows_a_work_in_the_language_of_its_reader_and_links_the_others(client: TestClient) -> None:
    english = client.get("/search", params={"q": "lima", "locale": "en"}).text
    spanish = client.get("/search", params={"q": "lima", "locale": "es"}).text
    assert ">Street vendors in Lima<" in english
    assert "Español<span" in english
    assert "copy: A mirror" in english
    assert ">Vendedores ambulantes en Lima<" in spanish
    assert "/documents/den" in spanish


def test_the_page_says_how_many_works_in_how_many_documents(client: TestClient) -> None:
    assert "2 works" in (page := client.get("/search", params={"q": "lima", "locale": "en"}).text)
    assert "in 4 documents" in page


def test_a_filter_shows_the_document_that_has_it(client: TestClient) -> None:
    (work,) = hits(client, q="lima", source="mirror")
    assert work["id"] == "dtwin"
    assert {hit["id"] for hit in hits(client, q="lima", lang="es")} == {"des"}


def test_a_feed_has_a_work_once_as_what_was_seen_of_it_first(client: TestClient) -> None:
    feed = client.get("/feed.atom", params={"q": "lima"}).text
    assert feed.count("<entry>") == 2
    assert "/documents/dtwin" in feed


def test_a_translation_is_new_for_a_feed_that_its_original_does_not_match(client: TestClient) -> None:
    feed = client.get("/feed.atom", params={"q": "lima", "lang": "es"}).text
    assert feed.count("<entry>") == 1
    assert "/documents/des" in feed

"""The JSON API as another program meets it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from schemathesis.specs.openapi.checks import positive_data_acceptance

from corpus.errors import EngineUnavailable, StoreBusy
from corpus.reasons import Failure
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, Outcome, Reading
from corpus.urls import document_id
from corpus.vocabulary import load_vocabulary
from search_api.api import AppState, make_api
from search_api.api.bodies import SearchBody
from search_api.api.problems import problem_of
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date, rebuild
from search_api.query.parameters import PARAMETERS
from tests.builders import A_DAY, make_fetched, make_source, offered, sha256_of
from tests.search_api.engine_contract import EVERYONE


def save(store: Store, document: Document) -> None:
    """Save a document as the chain does: file, reading, document."""
    store.files.save(make_fetched(document.url, source=document.source, sha256=document.sha256))
    reading = Reading(
        sha256=document.sha256, outcome=Outcome.READ, pages=document.pages, page_total=len(document.pages)
    )
    store.readings.save(reading, reader_version="1")
    store.documents.save(document)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("api"))
    vocabulary = load_vocabulary()
    engine = open_engine(settings, vocabulary=vocabulary)
    with open_store(settings) as store:
        for slug in ("sample", "other"):
            store.sources.save(make_source(slug, name=f"Publisher {slug}"))
        for document in EVERYONE:
            save(store, document)
        bring_up_to_date(engine, store)
        yield AppState(settings=settings, store=store, engine=engine, vocabulary=vocabulary)
    engine.close()


@pytest.fixture(scope="module")
def client(state: AppState) -> TestClient:
    app = FastAPI()
    app.mount("/api/v1", make_api(state))
    return TestClient(app, base_url="http://testserver/api/v1/")


def get(client: TestClient, path: str, **parameters: Any) -> Any:
    answer = client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


@pytest.mark.parametrize(
    "parameters",
    [{"q": "street vendors", "country": "PER"}, {"q": "vendrs", "year": "2010..2020"}, {"q": "zzzz"}, {"q": ""}],
)
def test_a_search_answers_with_just_the_fields_of_its_declared_body(
    client: TestClient, parameters: dict[str, str]
) -> None:
    body = get(client, "search", **parameters)
    assert SearchBody.model_validate(body).model_dump(mode="json") == body


def test_a_search_answers_with_the_names_that_stay(client: TestClient) -> None:
    body = get(client, "search", q="street vendors", country=["PER", "GHA"], year="2010..2020", about="true")
    assert body["total"] == 1
    hit = body["hits"][0]
    assert {"id", "title", "url", "lang", "year", "score", "pages"} <= hit.keys()
    assert (hit["id"], hit["title"], hit["lang"], hit["year"]) == ("d1", "Street vendors in Lima", "en", 2019)
    assert hit["pages"][0] == {
        "number": 1,
        "snippet": "The <mark>street vendors</mark> of Lima sell cooked food.",
    }
    countries = [
        {name: value for name, value in each.items() if name != "parents"} for each in body["facets"]["country"]
    ]
    assert countries == [
        {"value": "PER", "label": "Peru", "count": 1, "chosen": True},
        {"value": "GHA", "label": "Ghana", "count": 0, "chosen": True},
    ]
    assert "005" in body["facets"]["country"][0]["parents"]
    assert body["query"]["in_words"] == "street vendors"
    assert body["query"]["filters"] == {"country": ["PER", "GHA"], "year": ["2010..2020"]}
    assert body["next"] is None


def test_the_cursor_goes_through_all_hits(client: TestClient) -> None:
    first = get(client, "search", limit=3)
    rest = get(client, "search", limit=3, cursor=first["next"])
    assert len({hit["id"] for hit in first["hits"] + rest["hits"]}) == 5
    assert rest["next"] is None


def test_a_hit_without_matching_pages_still_has_something_to_read(client: TestClient) -> None:
    hit = get(client, "search", q="author:quispe")["hits"][0]
    assert hit["pages"] == []
    assert hit["abstract_html"].startswith("The street vendors of Lima")


def test_an_answer_that_is_still_right_is_not_sent_again(client: TestClient) -> None:
    tag = client.get("search", params={"q": "vendors"}).headers["etag"]
    assert client.get("search", params={"q": "vendors"}, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("search", params={"q": "market"}, headers={"If-None-Match": tag}).status_code == 200


def test_a_document_comes_with_tags_evidence_and_copies(client: TestClient) -> None:
    body = get(client, "documents/d1")
    tags = {tag["concept"]: tag for tag in body["tags"]}
    assert tags["PER"]["label"] == "Peru"
    assert tags["PER"]["evidence"][0]["page"] == 1
    assert tags["COL"]["about"] is False
    assert body["reading"]["outcome"] == "read"


def test_a_document_names_every_place_it_was_fetched_from(settings: Settings) -> None:
    url = "https://example.org/a.pdf"
    document = replace(EVERYONE[0], id=document_id("sample", url), url=url)
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        save(store, document)
        client = TestClient(make_api(AppState(settings, store, engine, load_vocabulary())))
        copies = get(client, f"documents/{document.id}")["copies"]
    assert [(each["url"], each["sha256"]) for each in copies] == [(url, document.sha256)]


def test_a_document_says_what_became_of_its_file_and_how_many_of_its_pages_can_be_found(settings: Settings) -> None:
    url, later = "https://example.org/a.pdf", sha256_of("later")
    document = replace(
        EVERYONE[0],
        id=document_id("sample", url),
        url=url,
        evidence={
            "title": (
                offered("Street vendors in Lima", "landing:citation_title"),
                offered("A study", "file:info"),
            )
        },
    )
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        save(store, document)
        client = TestClient(make_api(AppState(settings, store, engine, load_vocabulary())))
        assert get(client, f"documents/{document.id}")["pages_indexed"] is None
        bring_up_to_date(engine, store)
        store.files.save(make_fetched(url, sha256=later, record="oai:1", fetched_at=A_DAY + timedelta(days=1)))
        store.files.mark_gone(
            "sample", url, at=A_DAY + timedelta(days=9), reason=Failure.told("The server answered 404 (not found).")
        )
        body = get(client, f"documents/{document.id}")
    assert body["pages_indexed"] == 3
    assert [version["sha256"] for version in body["versions"]] == [document.sha256, later]
    (copy,) = body["copies"]
    assert (copy["record"], copy["gone_reason"]) == ("oai:1", "The server answered 404 (not found).")
    assert (copy["first_seen"][:10], copy["last_seen"][:10], copy["gone_at"][:10]) == (
        "2026-11-23",
        "2026-11-24",
        "2026-12-02",
    )
    (disagreement,) = body["disagreements"]
    assert (disagreement["field"], disagreement["others"][0]["value"]) == ("title", "A study")


def test_the_text_of_a_page(client: TestClient) -> None:
    body = get(client, "documents/d1/pages/2")
    assert (body["text"], body["page_count"], body["lang"]) == ("Their income is low.", 3, "en")


def test_the_vocabulary_with_labels_and_counts(client: TestClient) -> None:
    assert get(client, "vocabulary")["facets"]["country"] > 190
    groups = {concept["id"]: concept for concept in get(client, "vocabulary/group")["concepts"]}
    assert set(groups["street_vendors"]["labels"]) == {"en", "es", "fr", "pt"}
    assert groups["street_vendors"]["count"] == 1


def test_sources_and_status(client: TestClient) -> None:
    sources = {source["slug"]: source for source in get(client, "sources")["sources"]}
    assert sources["sample"]["documents"] == 4
    status = get(client, "status")
    assert (status["documents"], status["indexed"], status["behind"], status["pages"]) == (5, 5, 0, 8)
    assert get(client, "healthz") == {"status": "ok"}


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("search?country=Peruu", 422, "PER (Peru)"),
        ("search?limit=x", 422, "1 to 100"),
        ("search?contry=PER", 422, "country"),
        ("search?source=nobody", 422, "source"),
        ("search?cursor=abc", 422, "cursor"),
        ("documents/d99", 404, "d99"),
        ("documents/d1/pages/99", 404, "99"),
        ("documents/d1/pages/0", 422, "number"),
        ("documents/d1/pages/x", 422, "number"),
        ("vocabulary/colour", 404, "colour"),
        ("sources/nobody", 404, "nobody"),
        ("sources/nobody/runs", 404, "nobody"),
        ("sources/sample/runs?limit=0", 422, "limit"),
        ("sources/sample/runs?cursor=yesterday", 422, "cursor"),
        ("sources/sample/runs/20261123T120000.000000Z", 404, "20261123"),
        ("nothing", 404, "nothing"),
    ],
)
def test_every_refusal_is_a_problem_that_says_what_to_do(
    client: TestClient, path: str, status: int, words: str
) -> None:
    answer = client.get(path)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["type"].startswith("urn:pushcart:problem:")
    assert problem["next"]
    assert words in problem["detail"] + problem["next"]


def test_a_method_that_is_not_there_is_a_problem_too(client: TestClient) -> None:
    answer = client.post("search")
    assert answer.status_code == 405
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_index_that_does_not_answer_is_503_and_says_when_to_come_back(state: AppState, tmp_path: Path) -> None:
    broken = Settings(data_dir=tmp_path)
    engine = open_engine(broken, vocabulary=state.vocabulary)
    rebuild(engine, state.store)
    for path in tmp_path.glob("index/g*/documents/meta.json"):
        path.write_text("{")
    engine = open_engine(broken, vocabulary=state.vocabulary)
    client = TestClient(make_api(AppState(broken, state.store, engine, state.vocabulary)))
    answer = client.get("/search?q=vendors")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:pushcart:problem:index-unavailable")
    assert int(answer.headers["retry-after"]) > 0


def test_errors_have_one_status_wherever_they_are_met() -> None:
    assert problem_of(StoreBusy("a")).status == problem_of(EngineUnavailable("b")).status == 503


def test_the_description_names_every_parameter_and_gives_examples(client: TestClient) -> None:
    described = get(client, "openapi.json")
    assert described["servers"] == [{"url": "/api/v1"}]
    names = [each["name"] for each in described["paths"]["/search"]["get"]["parameters"]]
    assert names == list(PARAMETERS)
    assert "examples" in described["components"]["schemas"]["SearchBody"]
    problem = described["paths"]["/search"]["get"]["responses"]["422"]["content"]
    assert list(problem) == ["application/problem+json"]


def test_the_api_keeps_to_its_description(state: AppState) -> None:
    schema = schemathesis.openapi.from_asgi("/openapi.json", make_api(state))
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) == 25
    for operation in operations:
        answers: list[int] = []

        @trying(max_examples=12, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def holds(case: Any) -> None:
            response = case.call()
            # That a country must be one of the vocabulary is said in words, not by a list of 250 values.
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            answers.append(response.status_code)  # noqa: B023 - called before the next round

        holds()
        assert answers
        assert max(answers) < 500

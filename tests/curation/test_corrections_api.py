"""Corrections as a program meets them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given
from hypothesis import settings as trying
from schemathesis.specs.openapi.checks import positive_data_acceptance
from starlette.routing import Mount

from corpus.store import Store
from tests.curation.asking import Asker

Anybody = Callable[..., Asker]
Person = tuple[str, str]

ROUTES = (
    ("GET", "/corrections"),
    ("GET", "/corrections/1"),
    ("POST", "/documents/d0/corrections"),
    ("DELETE", "/corrections/1?reason=x"),
    ("DELETE", "/documents/d0/corrections/last?reason=x"),
)


def wanted(kind: str = "add", **others: Any) -> dict[str, Any]:
    return {"kind": kind, "reason": "I read it."} | others


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("header", [None, "Bearer pushcart_x"])
def test_without_a_token_that_counts_everything_is_refused(
    asker: Anybody, records: Store, method: str, path: str, header: str | None
) -> None:
    before = records.audit.newest(limit=1)
    headers = {} if header is None else {"Authorization": header}
    body = wanted(tag="topic:taxation") if method == "POST" else None
    answer = asker().request(method, f"/api/v1{path}", headers=headers, json=body)
    assert answer.status_code == 401
    assert answer.json()["type"] == "urn:pushcart:problem:not-authorised"
    assert records.audit.newest(limit=1) == before


def test_a_tag_is_added_shown_listed_and_undone(asker: Anybody, person: Person) -> None:
    somebody, token = asker(), person[1]
    made = somebody.ask("POST", "/documents/d0/corrections", token, json=wanted(tag="Waste pickers", about=True))
    assert made.status_code == 201
    body = made.json()
    assert (body["document"], body["kind"], body["tag"], body["about"], body["values"], body["person"]) == (
        "d0", "add", "group:waste_pickers", True, [], person[0],
    )  # fmt: skip
    assert somebody.ask("GET", made.headers["location"].removeprefix("/api/v1"), token).json() == body
    assert somebody.ask("GET", "/corrections?document=d0", token).json() == {"corrections": [body], "next": None}
    (tag,) = somebody.get("/api/v1/documents/d0").json()["tags"]
    assert tag["concept"] == "waste_pickers"
    assert tag["evidence"] == [
        {"page": 0, "sentence": "", "words": "", "rule": "added by a person", "kind": "added", "zone": ""}
    ]

    undone = somebody.ask("DELETE", f"/corrections/{body['id']}", token, params={"reason": "Read once more."})
    assert (undone.status_code, undone.json()["action"], undone.json()["reason"]) == (200, "undone", "Read once more.")
    assert somebody.get("/api/v1/documents/d0").json()["tags"] == []
    assert somebody.ask("GET", f"/corrections/{body['id']}", token).status_code == 404
    assert somebody.ask("DELETE", f"/corrections/{body['id']}?reason=x", token).status_code == 404
    entries = somebody.ask("GET", "/audit?document=d0", token).json()["entries"]
    assert [each["action"] for each in entries[:2]] == ["undone", "tag_added"]
    assert entries[1]["words"] == "added a tag"


def test_fields_are_corrected_with_their_evidence_and_the_last_is_undone(asker: Anybody, person: Person) -> None:
    somebody, token = asker(), person[1]
    for kind, values in (("date", ["2019-05"]), ("authors", ["Quispe, Rosa"]), ("country", ["Peru"])):
        answer = somebody.ask("POST", "/documents/d1/corrections", token, json=wanted(kind, values=values))
        assert answer.status_code == 201, answer.text
    body = somebody.get("/api/v1/documents/d1").json()
    assert (body["published"], body["authors"]) == ("2019-05", ["Quispe, Rosa"])
    assert body["evidence"]["date"] == [{"value": "2019-05", "origin": "person", "place": "person"}]
    assert [(each["concept"], each["primary"]) for each in body["tags"]] == [("PER", True)]
    for _ in range(3):
        answer = somebody.ask("DELETE", "/documents/d1/corrections/last", token, params={"reason": "No."})
        assert answer.status_code == 200
    assert somebody.get("/api/v1/documents/d1").json()["evidence"] == {}
    assert somebody.ask("DELETE", "/documents/d1/corrections/last?reason=x", token).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wanted("reject", tag="group:waste_pickers"), 404),
        (wanted(tag="nothing of the kind"), 404),
        (wanted(tag="Congo"), 422),
        (wanted("date", values=["yesterday"]), 422),
        (wanted("title", values=[]), 422),
        (wanted("country", values=["Atlantis"]), 422),
        (wanted("rename", values=["x"]), 422),
        (wanted(tag="topic:taxation", reason=""), 422),
        (wanted(tag="topic:taxation", weight=1), 422),
        (wanted("title", values=["a" * 501]), 422),
        ({}, 422),
    ],
)
def test_what_cannot_be_corrected_so_is_a_problem_in_words(
    asker: Anybody, person: Person, records: Store, body: dict[str, Any], status: int
) -> None:
    before = records.documents.get("d2")
    answer = asker().ask("POST", "/documents/d2/corrections", person[1], json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]
    assert records.documents.get("d2") == before


def test_a_document_that_is_not_there_is_a_problem(asker: Anybody, person: Person) -> None:
    answer = asker().ask("POST", "/documents/d99/corrections", person[1], json=wanted(tag="topic:taxation"))
    assert answer.status_code == 404


def test_many_corrections_are_listed_page_by_page(asker: Anybody, person: Person) -> None:
    somebody, token = asker(), person[1]
    for number in range(3):
        body = wanted("title", values=[f"Title {number}"])
        somebody.ask("POST", "/documents/d3/corrections", token, json=body)
    first = somebody.ask("GET", "/corrections?document=d3&limit=2", token).json()
    assert [each["values"] for each in first["corrections"]] == [["Title 2"], ["Title 1"]]
    rest = somebody.ask("GET", f"/corrections?document=d3&limit=2&before={first['next']}", token).json()
    assert ([each["values"] for each in rest["corrections"]], rest["next"]) == ([["Title 0"]], None)


def test_every_answer_to_odd_requests_is_as_the_schema_says(app: FastAPI, asker: Anybody, person: Person) -> None:
    somebody = asker()
    mounted = next(route for route in app.routes if isinstance(route, Mount) and route.path == "/api/v1")
    schema = schemathesis.openapi.from_asgi("/openapi.json", mounted.app).include(path_regex="corrections")
    operations = [each.ok() for each in schema.get_all_operations()]
    assert len(operations) == 5

    for operation in operations:

        @given(case=operation.as_strategy())
        @trying(
            max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck)
        )
        def ask(case: Any) -> None:
            case.headers = {**(case.headers or {}), "Authorization": f"Bearer {person[1]}"}
            answer = case.call(session=somebody)
            case.validate_response(answer, excluded_checks=[positive_data_acceptance])

        ask()

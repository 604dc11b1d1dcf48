"""Decisions and the audit log as a program meets them."""

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
    ("GET", "/audit"),
    ("GET", "/works/decisions"),
    ("GET", "/works/decisions/1"),
    ("POST", "/works/decisions"),
    ("DELETE", "/works/decisions/1?reason=x"),
)


def wanted(first: str = "d0", second: str = "d1", **others: Any) -> dict[str, Any]:
    return {"kind": "join", "first": first, "second": second, "relation": "translation", "reason": "The same."} | others


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer pushcart_x", "Token é"])
def test_without_a_token_that_counts_everything_is_refused_alike(
    asker: Anybody, method: str, path: str, header: str | None
) -> None:
    headers = {} if header is None else {"Authorization": header.encode()}
    answer = asker().request(method, f"/api/v1{path}", headers=headers, json=wanted() if method == "POST" else None)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"].startswith('Bearer realm="pushcart"')
    assert answer.json()["type"] == "urn:pushcart:problem:not-authorised"
    assert ("invalid_token" in answer.headers["www-authenticate"]) == (header == "Bearer pushcart_x")


def test_the_cookie_of_the_pages_does_not_open_the_api(asker: Anybody, person: Person) -> None:
    somebody = asker()
    somebody.sign_in(person[1])
    for method, path in ROUTES:
        body = wanted() if method == "POST" else None
        assert somebody.request(method, f"/api/v1{path}", json=body).status_code == 401


def test_two_documents_are_joined_listed_and_parted_again(asker: Anybody, person: Person, records: Store) -> None:
    somebody = asker()
    made = somebody.ask("POST", "/works/decisions", person[1], json=wanted("d0", "d1"))
    assert made.status_code == 201
    body = made.json()
    assert {name: body[name] for name in ("kind", "first", "second", "relation", "person", "reason")} == {
        "kind": "join", "first": "d0", "second": "d1", "relation": "translation", "person": person[0], "reason": "The same.",
    }  # fmt: skip
    assert somebody.ask("GET", made.headers["location"].removeprefix("/api/v1"), person[1]).json() == body
    assert somebody.ask("GET", "/works/decisions?document=d0", person[1]).json()["decisions"] == [body]
    assert records.documents.get("d0").fold == records.documents.get("d1").fold != ""

    undone = somebody.ask("DELETE", f"/works/decisions/{body['id']}", person[1], params={"reason": "Read once more."})
    assert undone.status_code == 200
    assert (undone.json()["action"], undone.json()["reason"]) == ("undone", "Read once more.")
    assert records.documents.get("d0").fold == ""
    assert somebody.ask("GET", f"/works/decisions/{body['id']}", person[1]).status_code == 404
    assert somebody.ask("DELETE", f"/works/decisions/{body['id']}?reason=x", person[1]).status_code == 404

    entries = somebody.ask("GET", "/audit?document=d0", person[1]).json()["entries"]
    assert [each["action"] for each in entries] == ["undone", "works_joined"]
    assert (entries[0]["undoes"], entries[1]["undone_by"]) == (entries[1]["number"], entries[0]["number"])
    assert entries[1]["person"] == person[0]
    assert entries[1]["channel"] == "api"


def test_searches_follow_a_decision_without_a_command(asker: Anybody, person: Person, records: Store) -> None:
    before = records.changes.last_sequence()
    asker().ask("POST", "/works/decisions", person[1], json=wanted("d6", "d7"))
    assert records.changes.last_sequence() > before
    assert asker().get("/api/v1/status").json()["behind"] == 0


def test_the_audit_log_is_read_in_pieces(asker: Anybody, person: Person) -> None:
    somebody = asker()
    for reason in ("One.", "Two.", "Three."):
        made = somebody.ask("POST", "/works/decisions", person[1], json=wanted("d2", "d3", reason=reason)).json()
        somebody.ask("DELETE", f"/works/decisions/{made['id']}?reason={reason}", person[1])
    numbers, before = [], ""
    for _ in range(4):
        body = somebody.ask("GET", f"/audit?document=d2&limit=2{before}", person[1]).json()
        numbers += [each["number"] for each in body["entries"]]
        if body["next"] is None:
            break
        before = f"&before={body['next']}"
    assert len(numbers) == 6
    assert numbers == sorted(numbers, reverse=True)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wanted(second="nothing"), 404),
        (wanted(second="d0"), 422),
        (wanted(kind="forget"), 422),
        (wanted(relation="cousin"), 422),
        (wanted(relation=None), 422),
        (wanted(kind="split"), 422),
        (wanted(reason=""), 422),
        (wanted(reason=" "), 422),
        (wanted(reason="a" * 1001), 422),
        (wanted(first=7), 422),
        (wanted(first="d0\x00"), 404),
        (wanted(person="Somebody else"), 422),
        ({}, 422),
        ([], 422),
    ],
)
def test_what_cannot_be_decided_is_refused_in_words_and_leaves_nothing(
    asker: Anybody, person: Person, records: Store, body: Any, status: int
) -> None:
    before = records.audit.newest(limit=1)
    answer = asker().ask("POST", "/works/decisions", person[1], json=body)
    assert answer.status_code == status
    assert answer.json()["detail"]
    assert records.audit.newest(limit=1) == before


@pytest.mark.parametrize(
    "content", [b"", b"{", b"\xff", b'{"kind": "join", "first": "\\ud800"}', b"[" * 50_000, b"a" * 70_000]
)
def test_a_body_that_is_no_json_of_ours_is_refused(asker: Anybody, person: Person, content: bytes) -> None:
    answer = asker().request(
        "POST",
        "/api/v1/works/decisions",
        content=content,
        headers={"Authorization": f"Bearer {person[1]}", "Content-Type": "application/json"},
    )
    assert answer.status_code in (400, 413, 422)
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_reading_decides_nothing(asker: Anybody, person: Person, records: Store, method: str) -> None:
    before = records.audit.newest(limit=1), records.changes.last_sequence()
    for path in ("/works/decisions?kind=join&first=d4&second=d5&relation=copy&reason=x", "/works/decisions/1?reason=x"):
        asker().ask(method, path, person[1])
    assert (records.audit.newest(limit=1), records.changes.last_sequence()) == before


def test_what_the_api_tells_persons_is_kept_by_no_cache(asker: Anybody, person: Person) -> None:
    for path in ("/audit", "/works/decisions"):
        assert asker().ask("GET", path, person[1]).headers["cache-control"] == "no-store"


def test_the_description_says_what_needs_a_token_and_gives_examples(asker: Anybody) -> None:
    described = asker().get("/api/v1/openapi.json").json()
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    post = described["paths"]["/works/decisions"]["post"]
    assert set(post["requestBody"]["content"]["application/json"]["examples"]) == {"join", "extract", "split"}
    for path, methods in described["paths"].items():
        needs_token = path.startswith(("/audit", "/works/decisions", "/alerts/bounces")) or "/corrections" in path
        for operation in methods.values():
            assert ("security" in operation) == needs_token
            assert ("401" in operation["responses"]) == needs_token


def test_every_example_of_the_description_can_be_sent(asker: Anybody, person: Person) -> None:
    described = asker().get("/api/v1/openapi.json").json()
    examples = described["paths"]["/works/decisions"]["post"]["requestBody"]["content"]["application/json"]["examples"]
    for each in examples.values():
        sent = each["value"] | {"first": "d4", "second": "d5"}
        assert asker().ask("POST", "/works/decisions", person[1], json=sent).status_code == 201


def test_the_api_keeps_to_its_description_for_persons_and_strangers(app: FastAPI, person: Person) -> None:
    api = next(route.app for route in app.routes if isinstance(route, Mount) and route.path == "/api/v1")
    schema = schemathesis.openapi.from_asgi("/openapi.json", api)
    operations = [each.ok() for each in schema.get_all_operations()]
    operations = [each for each in operations if each.path.startswith(("/audit", "/works"))]
    assert len(operations) == 5
    for operation in operations:
        answers: set[int] = set()

        @trying(max_examples=5, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(operation.as_strategy())
        def holds(case: Any) -> None:
            case.headers["Authorization"] = f"Bearer {person[1]}"
            response = case.call()
            case.validate_response(response, excluded_checks=[positive_data_acceptance])
            answers.add(response.status_code)  # noqa: B023 - called before the next round

        holds()
        assert answers
        assert max(answers) < 500

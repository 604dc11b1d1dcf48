"""What the API refuses, in the language that its caller asks for."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.errors import AsksTooOften, Busy, PushcartError
from search_api.api import problems
from search_api.api.problems import problem_of

REFUSED = (
    ("GET", "/api/v1/nothing", None),
    ("GET", "/api/v1/documents/dnone", None),
    ("GET", "/api/v1/documents/dlima/pages/99", None),
    ("GET", "/api/v1/search?country=Peruu", None),
    ("GET", "/api/v1/search?year=x", None),
    ("GET", "/api/v1/search?wrong=1", None),
    ("GET", "/api/v1/search?limit=1000", None),
    ("GET", "/api/v1/search?cursor=x", None),
    ("GET", "/api/v1/vocabulary/nothing", None),
    ("GET", "/api/v1/sources/none", None),
    ("GET", "/api/v1/audit", None),
    ("PUT", "/api/v1/search", None),
    ("POST", "/api/v1/quotes", {}),
    ("POST", "/api/v1/quotes", {"text": 5}),
    ("POST", "/api/v1/subscriptions", {"address": 5}),
)
DATA_OF_THE_CASE = {"type", "status", "parameter", "position", "retry_seconds"}


def refusal(client: TestClient, request: tuple[str, str, Any], accepted: str) -> dict[str, Any]:
    method, address, body = request
    answer = client.request(method, address, json=body, headers={"Accept-Language": accepted} if accepted else {})
    assert answer.headers["content-type"].startswith("application/problem+json"), address
    return dict(answer.json())


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
@pytest.mark.parametrize("request_", REFUSED, ids=lambda each: f"{each[0]} {each[1]}")
def test_a_refusal_is_said_in_the_language_that_is_asked_for(
    client: TestClient, request_: tuple[str, str, Any], lang: str
) -> None:
    english, said = refusal(client, request_, ""), refusal(client, request_, f"de, {lang};q=0.8, en;q=0.5")
    same = {name for name in english if english[name] == said[name] and english[name]}
    assert same <= DATA_OF_THE_CASE


def test_english_is_what_others_get(client: TestClient) -> None:
    assert refusal(client, REFUSED[0], "de, it")["title"] == "Nothing is found at this address"


@pytest.mark.parametrize("lang", ["es", "fr", "pt"])
def test_every_kind_of_error_has_a_title_in_every_language(lang: str) -> None:
    for kind in problems._KINDS:
        details: dict[str, Any] = {"retry_seconds": 1} if kind in (Busy, AsksTooOften) else {}
        error: PushcartError = kind("x", **details)
        assert problem_of(error, lang=lang).title != problem_of(error).title, kind

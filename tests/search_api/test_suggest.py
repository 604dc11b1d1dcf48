"""Suggestions and similar documents as another program meets them."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from corpus.vocabulary import load_vocabulary
from search_api.query.labels import labels_of
from tests.search_api.test_api import client, state

__all__ = ["client", "state"]


def texts(client: TestClient, q: str, **others: str) -> list[tuple[str, str]]:
    answer = client.get("suggest", params={"q": q, **others})
    assert answer.status_code == 200
    return [(each["facet"], each["text"]) for each in answer.json()["suggestions"]]


def test_concepts_come_before_titles(client: TestClient) -> None:
    found = texts(client, "street ve")
    assert found[0][0] == "group"
    assert found[-1] == ("", "Street vendors in Lima")


def test_accents_and_capitals_do_not_matter(client: TestClient) -> None:
    assert ("country", "México") in texts(client, "MÉXI", lang="es")
    assert texts(client, "mexi", lang="es") == texts(client, "MÉXI", lang="es")


def test_a_concept_that_no_document_has_is_not_suggested(client: TestClient) -> None:
    assert labels_of(load_vocabulary()).named(("mongolia",))
    assert not texts(client, "mongolia")


@pytest.mark.parametrize(
    "q", ["", " ", "a", '"', "(((", "title:", "*", "\x00", "x" * 200, "a " * 50, "-not OR AND", "<b>"]
)
def test_nothing_and_hostile_input_suggest_nothing(client: TestClient, q: str) -> None:
    assert texts(client, q) == []


def test_similar_documents_are_given_and_an_unknown_one_is_not_found(client: TestClient) -> None:
    answer = client.get("documents/d1/similar", params={"limit": 2})
    assert answer.status_code == 200
    assert "d1" not in [each["id"] for each in answer.json()["documents"]]
    assert client.get("documents/unknown/similar").status_code == 404
    assert client.get("documents/d1/similar", params={"limit": 0}).status_code == 422

"""What a page asks the database for: a new query on every search should be seen, not crept in."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.corpus.test_store_reads import statements

MOST = {
    "/": 3,
    "/search?q=vendors": 1,
    "/feed.atom?q=vendors": 1,
    "/sources": 4,
    "/sources/wiego": 12,
    "/documents/{document}?q=vendors": 10,
    "/api/v1/search?q=vendors": 1,
    "/api/v1/documents/{document}": 6,
    "/api/v1/sources": 4,
}
"""Queries of a page that was shown before, with SQLite. What is kept in the process is not asked for again."""


@pytest.mark.parametrize("address", MOST)
def test_a_page_asks_the_database_for_no_more_than_it_needs(client: TestClient, address: str) -> None:
    hits = client.get("/api/v1/search", params={"q": "vendors"}).json()["hits"]
    path = address.replace("{document}", hits[0]["id"])
    assert client.get(path).status_code == 200
    with statements() as sent:
        assert client.get(path).status_code == 200
    assert len(sent) <= MOST[address], "\n".join(sent)


def test_the_list_of_sources_is_read_at_most_once_for_a_page(client: TestClient) -> None:
    for path in (
        "/search?q=vendors&lang=en",
        "/search?q=nothinglikethis",
        "/api/v1/search?q=zzz",
        "/feed.atom?q=vendors",
    ):
        with statements() as sent:
            assert client.get(path).status_code == 200
        assert sum("FROM sources" in each for each in sent) <= 1, path

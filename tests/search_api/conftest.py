"""A real Elasticsearch for tests of engines; where none can be had, they are skipped, and the reason is loud."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch

from tests.search_server import elasticsearch_server

_HERE = Path(__file__).parent
_SERVERS = {"server", "node"}
"""Fixtures that start a real Elasticsearch."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what asks for a server, so that the quick checks can leave it out."""
    for item in items:
        if _HERE in item.path.parents and not _SERVERS.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.cluster)


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Return the address of the server."""
    with elasticsearch_server() as url:
        yield url


@pytest.fixture(scope="session")
def client(server: str) -> Iterator[Elasticsearch]:
    """Return the library's own client of the server."""
    with Elasticsearch(server, request_timeout=60) as opened:
        yield opened


@pytest.fixture
def prefix(client: Elasticsearch) -> Iterator[str]:
    """Lend names of indexes that no other test uses; the indexes are dropped."""
    name = f"test-{uuid4().hex[:12]}"
    yield name
    if names := list(client.indices.get(index=f"{name}-*")):
        client.indices.delete(index=names)

"""One library for all page tests; tests that change something make their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from tests.web.library import fill, settings_in
from web.app import make_app


@pytest.fixture(scope="session")
def library_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("library"))
    fill(settings)
    return settings


@pytest.fixture(scope="session")
def library_client(library_settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(library_settings), follow_redirects=False) as client:
        yield client


@pytest.fixture
def client(library_client: TestClient) -> TestClient:
    """Return a reader who has chosen no language and selected nothing before."""
    library_client.cookies.clear()
    return library_client


@pytest.fixture
def empty_client(tmp_path: Path) -> Iterator[TestClient]:
    with TestClient(make_app(settings_in(tmp_path)), raise_server_exceptions=False) as client:
        yield client

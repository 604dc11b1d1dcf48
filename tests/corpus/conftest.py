"""The two databases on which the record store keeps its promises."""

from __future__ import annotations

import dataclasses

import pytest

from corpus.settings import Settings
from tests.new_databases import new_postgresql_database
from tests.postgresql import postgresql_server


@pytest.fixture(scope="session")
def postgresql_url():
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def on_either(request, settings: Settings):
    """Both databases keep the same promises; this one has no records yet."""
    if request.param == "postgresql":
        with new_postgresql_database(request.getfixturevalue("postgresql_url")) as url:
            yield dataclasses.replace(settings, database_url=url)
    else:
        yield settings

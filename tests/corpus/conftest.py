"""The two databases on which the record store keeps its promises."""

from __future__ import annotations

import dataclasses

import pytest
import sqlalchemy as sa

from corpus.settings import Settings
from tests.postgresql import postgresql_server


@pytest.fixture(scope="session")
def postgresql_url():
    with postgresql_server() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def on_either(request, settings: Settings):
    """Both databases keep the same promises; this one is empty."""
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql_url")
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        engine.dispose()
        return dataclasses.replace(settings, database_url=url)
    return settings

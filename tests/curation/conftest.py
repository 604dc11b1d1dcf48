"""A site with a few documents, and persons with tokens who ask it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from fastapi import FastAPI

from corpus.audit import Actor, AuditChannel
from corpus.settings import Settings
from corpus.store import Store, open_store
from curation.people import add_person
from tests.builders import make_document, make_source
from tests.curation.asking import Asker
from tests.web.library import index, keep, settings_in
from web.app import make_app

OPERATOR = Actor("operator", AuditChannel.COMMAND)


@pytest.fixture(scope="module")
def site_settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = settings_in(tmp_path_factory.mktemp("curated"))
    with open_store(settings) as store:
        store.sources.save(make_source("wiego", name="WIEGO publications"))
        for number in range(8):
            document = make_document(f"d{number}", source="wiego", title=f"Vendors, part {number}")
            keep(store, document, sha256=document.sha256, minutes=number)
    index(settings)
    return settings


@pytest.fixture(scope="module")
def app(site_settings: Settings) -> FastAPI:
    return make_app(site_settings)


@pytest.fixture
def records(site_settings: Settings) -> Iterator[Store]:
    with open_store(site_settings) as store:
        yield store


_addresses = iter(range(1, 250))


@pytest.fixture
def asker(app: FastAPI) -> Callable[..., Asker]:
    """Return what makes somebody with a browser of their own, at an address of their own."""
    return lambda **others: Asker(app, address=f"192.0.2.{next(_addresses)}", **others)


_names = iter(range(1, 1000))


@pytest.fixture
def person(records: Store) -> tuple[str, str]:
    """Return name and token of a new person."""
    name = f"Person {next(_names)}"
    return name, add_person(name, store=records, by=OPERATOR).text

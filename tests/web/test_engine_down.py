"""Pages, API, commands and health while the search index is away, hangs, and comes back; nothing that was saved is lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
from elasticsearch import Elasticsearch
from fastapi.testclient import TestClient

from corpus.settings import Settings
from corpus.store import open_store
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.search_server import elasticsearch_server
from tests.search_server.stand_ins import Between, between
from tests.web.library import fill, settings_in
from web.app import make_app

COMMAND = Path(sys.executable).with_name("pushcart")
READ_WITHOUT_INDEX = ("/", "/documents/dlima?q=vendedores&page=2", "/sources", "/sources/wiego", "/help")


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with elasticsearch_server() as url:
        yield url


@pytest.fixture(scope="module")
def prefix(server: str) -> Iterator[str]:
    name = f"test-{uuid4().hex[:12]}"
    yield name
    with Elasticsearch(server) as client:
        if names := list(client.indices.get(index=f"{name}-*")):
            client.indices.delete(index=names)


@pytest.fixture(scope="module")
def way(server: str) -> Iterator[Between]:
    with between(server) as opened:
        yield opened


@pytest.fixture(scope="module")
def filled(way: Between, prefix: str, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a library that is indexed on the real server, over a way that can be cut."""
    settings = replace(
        settings_in(tmp_path_factory.mktemp("library")),
        elasticsearch_url=way.url,
        elasticsearch_prefix=prefix,
        elasticsearch_seconds_max=2.0,
    )
    fill(settings)
    return settings


@pytest.fixture
def client(filled: Settings, way: Between) -> Iterator[TestClient]:
    """Return a site that has answered a search before anything goes wrong."""
    way.open()
    with TestClient(make_app(filled), raise_server_exceptions=False) as opened:
        assert opened.get("/search?q=lima").status_code == 200
        assert opened.get("/readyz").json() == {"status": "ok"}
        yield opened
    way.cut()
    way.open()


def test_while_the_index_is_away_searching_says_so_and_everything_else_can_be_read(
    client: TestClient, way: Between
) -> None:
    way.cut()
    time.sleep(1.1)  # what was read of the state counts for a second
    page = client.get("/search?q=lima")
    assert page.status_code == 503
    assert int(page.headers["retry-after"]) > 0
    for words in ("search index does not answer", "Try again in a minute", "Documents and sources can still be read"):
        assert words in page.text
    problem = client.get("/api/v1/search?q=lima")
    assert problem.status_code == 503
    assert int(problem.headers["retry-after"]) > 0
    assert problem.headers["content-type"] == "application/problem+json"
    assert problem.json()["type"] == "urn:pushcart:problem:index-unavailable"
    for answer in (page, problem):
        assert "127.0.0.1" not in answer.text
        assert "PUSHCART_" not in answer.text
    assert {each: client.get(each).status_code for each in READ_WITHOUT_INDEX} == dict.fromkeys(READ_WITHOUT_INDEX, 200)
    assert "PUSHCART_" not in client.get("/").text
    assert client.get("/api/v1/documents/dlima").status_code == 200
    assert client.get("/api/v1/sources").status_code == 200
    assert client.get("/feed.atom?q=lima").status_code == 503
    way.open()
    assert client.get("/search?q=lima").status_code == 200


@pytest.mark.parametrize("where", ["", "/api/v1"])
def test_healthz_says_that_the_process_lives_and_readyz_which_part_is_away(
    client: TestClient, way: Between, where: str
) -> None:
    way.cut()
    time.sleep(1.1)
    assert client.get(f"{where}/healthz").json() == {"status": "ok"}
    away = client.get(f"{where}/readyz")
    assert away.status_code == 503
    assert away.headers["content-type"] == "application/problem+json"
    assert int(away.headers["retry-after"]) > 0
    assert (away.json()["type"], away.json()["parts"]) == ("urn:pushcart:problem:not-ready", ["index"])
    way.open()
    assert client.get(f"{where}/readyz").json() == {"status": "ok"}


def test_an_index_that_hangs_holds_up_neither_readers_nor_probes(client: TestClient, way: Between) -> None:
    way.block()
    time.sleep(1.1)
    began = time.monotonic()
    assert client.get("/readyz").json()["parts"] == ["index"]
    assert time.monotonic() - began < 4
    began = time.monotonic()
    assert client.get("/healthz").status_code == 200
    assert client.get("/documents/dlima").status_code == 200
    assert client.get("/search?q=lima").status_code == 503
    assert client.get("/").status_code == 200
    assert time.monotonic() - began < 4


def test_head_is_answered_by_both_for_balancers_that_ask_so(client: TestClient) -> None:
    assert client.head("/healthz").status_code == client.head("/readyz").status_code == 200


def test_the_description_names_both(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert list(paths["/readyz"]["get"]["responses"]["503"]["content"]) == ["application/problem+json"]
    assert "200" in paths["/healthz"]["get"]["responses"]


def test_records_that_cannot_be_read_are_named_by_readyz(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with TestClient(make_app(settings), raise_server_exceptions=False) as client:
        assert client.get("/readyz").status_code == 200
        for each in settings.data_dir.glob("*.sqlite*"):
            each.write_bytes(b"no database " * (each.stat().st_size // 12))
        assert client.get("/readyz").json()["parts"] == ["records"]
        assert client.get("/healthz").status_code == 200


def typed(*words: str, settings: Settings) -> subprocess.CompletedProcess[str]:
    """Type a command and return how it ended."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
    own = {
        "PUSHCART_DATA_DIR": str(settings.data_dir),
        "PUSHCART_ELASTICSEARCH_URL": settings.elasticsearch_url,
        "PUSHCART_ELASTICSEARCH_PREFIX": settings.elasticsearch_prefix,
        "PUSHCART_WORKERS": "1",
        "COLUMNS": "200",
    }
    return subprocess.run(
        [COMMAND, *words], env=kept | own, capture_output=True, text=True, timeout=120, check=False, stdin=subprocess.DEVNULL
    )  # fmt: skip


@pytest.fixture
def behind(way: Between, prefix: str, tmp_path: Path) -> Iterator[Settings]:
    """Return settings of commands whose index is away."""
    settings = settings_in(tmp_path / "data")
    way.cut()
    yield replace(settings, elasticsearch_url=way.url, elasticsearch_prefix=f"{prefix}-{uuid4().hex[:6]}")
    way.open()


def assert_saved_and_behind(done: subprocess.CompletedProcess[str]) -> None:
    assert done.returncode == 3, done.stderr
    assert "Everything is saved, but the search index is not up to date" in done.stderr
    assert "run `pushcart index`" in done.stderr
    assert "Traceback" not in done.stderr


def test_add_saves_and_goes_on_while_the_index_is_away_and_index_catches_up(
    behind: Settings, way: Between, tmp_path: Path
) -> None:
    (tmp_path / "vendors.txt").write_text("Street vendors in Lima sell food and have no social protection.")
    assert_saved_and_behind(typed("add", str(tmp_path / "vendors.txt"), settings=behind))
    status = typed("status", "--json", settings=behind)
    body = json.loads(status.stdout)
    assert status.returncode == 1
    assert (body["documents"], body["indexed"], body["up_to_date"]) == (1, None, False)
    assert "does not answer" in body["index_fault"]
    for words in (["index"], ["search", "vendors"]):
        refused = typed(*words, settings=behind)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "PUSHCART_ELASTICSEARCH_URL" in refused.stderr
        assert "Traceback" not in refused.stderr
    way.open()
    caught_up = typed("index", "--json", settings=behind)
    assert caught_up.returncode == 0, caught_up.stderr
    assert json.loads(caught_up.stdout)["indexed"] == 1


@pytest.mark.slow
def test_a_harvest_goes_on_while_the_index_is_away_and_the_change_log_brings_all_of_it(
    behind: Settings, way: Between
) -> None:
    assert_saved_and_behind(typed("harvest", "sample", settings=behind))
    with open_store(behind) as store:
        held = store.status()
        assert held.documents > 5
        way.open()
        engine = open_engine(behind)
        assert bring_up_to_date(engine, store).documents == held.documents
        assert engine.statistics().documents == held.documents
        assert engine.applied_sequence() == store.changes.last_sequence()
        engine.close()

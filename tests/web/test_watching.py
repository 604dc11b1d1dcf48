"""What a site tells monitoring of itself: metrics, the log of requests, and nothing of who asks for what."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from prometheus_client.parser import text_string_to_metric_families

from corpus.errors import BadSettings
from corpus.logs import REQUESTS_LOGGER, set_up_logs
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings, host_and_port
from corpus.store import open_store
from search_api import metrics as site_metrics
from search_api.metrics import PartsCollector, gauge
from tests.browser import free_port
from tests.builders import make_document
from tests.web.library import fill, settings_in
from web.app import make_app
from web.watching import served_metrics

Samples = dict[tuple[str, ...], float]


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Return settings of a library that is watched."""
    plain = settings_in(tmp_path_factory.mktemp("watched"))
    fill(plain)
    return replace(plain, metrics_address=f"127.0.0.1:{free_port()}")


@pytest.fixture
def client(watched: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    monkeypatch.setattr(site_metrics, "KEPT_SECONDS", 0.0)
    with TestClient(make_app(watched), raise_server_exceptions=False) as opened:
        yield opened


def scraped(settings: Settings) -> Samples:
    """Return every sample by name and the values of its labels, in the order of their names."""
    with urllib.request.urlopen(f"http://{settings.metrics_address}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    return {
        (each.name, *(value for _, value in sorted(each.labels.items()))): each.value
        for family in text_string_to_metric_families(text)
        for each in family.samples
    }


def test_requests_are_counted_by_route_and_status_and_not_by_address(client: TestClient, watched: Settings) -> None:
    for address in ("/documents/dlima", "/documents/daccra", "/documents/none", "/api/v1/documents/dlima", "/nowhere"):
        client.get(address)
    client.request("BREW", "/")
    found = scraped(watched)
    assert found["pushcart_http_requests_total", "GET", "/documents/{document_id}", "200"] == 2
    assert found["pushcart_http_requests_total", "GET", "/documents/{document_id}", "404"] == 1
    assert found["pushcart_http_requests_total", "GET", "/api/v1/documents/{document_id}", "200"] == 1
    assert found["pushcart_http_requests_total", "GET", "none", "404"] == 1
    assert any(name[:2] == ("pushcart_http_requests_total", "other") for name in found)
    assert found["pushcart_http_request_seconds_count", "/documents/{document_id}"] == 3
    assert found["pushcart_http_requests_under_way",] == 0


def test_searches_are_measured_by_engine_and_kind(client: TestClient, watched: Settings) -> None:
    before = scraped(watched)
    client.get("/search?q=vendedores")
    after = scraped(watched)
    for kind in ("search", "pages"):
        name = ("pushcart_search_seconds_count", "tantivy", kind)
        assert after[name] > before[name]
    assert after["pushcart_search_failures_total", "tantivy", "search"] == 0


def test_no_word_id_or_address_of_a_reader_is_in_the_metrics(client: TestClient, watched: Settings) -> None:
    client.get("/search?q=unmistakableword&country=PER", headers={"User-Agent": "unmistakableagent"})
    client.get("/documents/dlima?q=unmistakableword")
    told = " ".join(part for name in scraped(watched) for part in name)
    for secret in ("unmistakable", "dlima", "testclient", "PER"):
        assert secret not in told


def test_what_other_processes_did_is_read_from_the_records(client: TestClient, watched: Settings) -> None:
    before = scraped(watched)
    assert before["pushcart_index_documents_behind",] == before["pushcart_index_lag_seconds",] == 0
    now = datetime.now(UTC)
    with open_store(watched) as store:
        run = HarvestRun("wiego", now - timedelta(minutes=2), now, RunState.BROKEN, Verdict.told(""), new=4, failed=2)
        store.runs.save(run)
        store.documents.save(make_document("dnew"))
    found = scraped(watched)
    for name, more in ((("harvests", "wiego", "broken"), 1), (("harvest_records", "new", "wiego"), 4)):
        full = (f"pushcart_{name[0]}_total", *name[1:])
        assert found[full] == before.get(full, 0) + more
    assert found["pushcart_harvest_good", "wiego"] == 0
    assert found["pushcart_harvest_end_timestamp_seconds", "wiego"] == pytest.approx(now.timestamp(), abs=1)
    assert found["pushcart_documents",] == before["pushcart_documents",] + 1
    assert found["pushcart_index_documents_behind",] == 1
    assert found["pushcart_index_lag_seconds",] < 60
    assert (found["pushcart_up", "records"], found["pushcart_up", "index"], found["pushcart_up", "alerts"]) == (1, 1, 1)
    assert found["pushcart_queue", "read"] == found["pushcart_files", "waiting"]
    assert ("pushcart_alerts_messages", "sent") in found
    assert found["pushcart_alerts_workers",] == 0


def test_a_part_that_does_not_answer_is_told_and_the_others_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(site_metrics, "SECONDS_MAX", 0.2)

    def hang() -> list:
        raise_after.wait(5)
        return []

    def fail() -> list:
        raise OSError("away")

    raise_after = threading.Event()
    parts = {"hangs": hang, "fails": fail, "well": lambda: [gauge("pushcart_documents", "Documents.", 3)]}
    found = {
        (each.name, *each.labels.values()): each.value
        for family in PartsCollector(parts).collect()
        for each in family.samples
    }
    raise_after.set()
    assert found == {
        ("pushcart_up", "hangs"): 0,
        ("pushcart_up", "fails"): 0,
        ("pushcart_up", "well"): 1,
        ("pushcart_documents",): 3,
    }


def test_without_an_address_nothing_is_served_or_measured(tmp_path: Path) -> None:
    with TestClient(make_app(settings_in(tmp_path))) as client:
        assert client.get("/metrics").status_code == 404
        assert client.get("/").status_code == 200


def test_an_address_that_is_taken_is_refused_in_words(client: TestClient, watched: Settings) -> None:
    with pytest.raises(BadSettings) as caught, served_metrics(watched, CollectorRegistry()):
        pass
    assert watched.metrics_address in caught.value.message


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("127.0.0.1:9464", ("127.0.0.1", 9464)),
        ("[::1]:9464", ("::1", 9464)),
        ("localhost:1", ("localhost", 1)),
        ("9464", None),
        (":9464", None),
        ("::1:9464", None),
        ("127.0.0.1:0", None),
        ("127.0.0.1:65536", None),
        ("127.0.0.1:http", None),
    ],
)
def test_an_address_is_a_host_and_a_port(text: str, address: tuple[str, int] | None) -> None:
    assert host_and_port(text) == address
    if address is None:
        with pytest.raises(BadSettings):
            Settings(metrics_address=text)


def test_requests_are_logged_by_route_without_words_ids_and_addresses(watched: Settings) -> None:
    settings = replace(watched, metrics_address="", log_requests=True, log_format="json")
    log = io.StringIO()
    handlers = logging.getLogger().handlers[:]
    try:
        set_up_logs(settings, stream=log)
        with TestClient(make_app(settings)) as client:
            client.get("/documents/dlima?q=unmistakable", headers={"X-Forwarded-For": "203.0.113.9"})
            client.get("/search?q=unmistakable")
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger(REQUESTS_LOGGER).setLevel(logging.NOTSET)
    lines = [json.loads(line) for line in log.getvalue().splitlines() if '"event": "request"' in line]
    assert [(each["method"], each["route"], each["status"]) for each in lines] == [
        ("GET", "/documents/{document_id}", 200),
        ("GET", "/search", 200),
    ]
    assert set(lines[0]) == {"event", "level", "logger", "timestamp", "method", "route", "status", "seconds"}
    for secret in ("unmistakable", "dlima", "203.0.113.9", "testclient"):
        assert secret not in log.getvalue()


def test_requests_are_not_logged_unless_asked_for(tmp_path: Path) -> None:
    log = io.StringIO()
    handlers = logging.getLogger().handlers[:]
    try:
        set_up_logs(settings_in(tmp_path), stream=log)
        with TestClient(make_app(settings_in(tmp_path))) as client:
            client.get("/")
    finally:
        logging.getLogger().handlers[:] = handlers
    assert "request" not in log.getvalue()


def test_a_database_migrated_for_another_version_is_named_by_readyz(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with TestClient(make_app(settings)) as client:
        assert client.get("/readyz").json() == {"status": "ok"}
        with closing(sqlite3.connect(settings.data_dir / "pushcart.sqlite3")) as database, database:
            database.execute("UPDATE alembic_version SET version_num = '9999'")
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["parts"]) == (503, ["schema"])
        assert "another version of Pushcart" in answer.json()["detail"]

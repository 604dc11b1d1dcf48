"""What the API says of sources and their harvests: states, counts, failures, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from corpus.reasons import Failure, FailureKind, Skip, SkipKind
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunFailure, RunState
from corpus.settings import Settings
from corpus.source_health import Declared, SourceHealth
from corpus.store import open_store
from corpus.types import Document, Outcome, Reading
from corpus.vocabulary import load_vocabulary
from search_api.answers.coverage import coverage_of
from search_api.api import AppState, make_api
from search_api.api.run_names import run_name, started_of
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from tests.builders import A_DAY, make_document, make_fetched, make_source

FAILURE = RunFailure(
    "https://office.example/b.pdf", Failure.of(FailureKind.HTTP_STATUS, status=500), "https://office.example/list"
)


def make_run(day: int, state: RunState = RunState.FINISHED, **counts: Any) -> HarvestRun:
    started = A_DAY + timedelta(days=day, microseconds=7)
    return HarvestRun(
        "office", started, started + timedelta(minutes=4), state, Verdict.told(f"Words of day {day}."), **counts
    )


def declare(health: Sequence[SourceHealth]) -> tuple[SourceHealth, ...]:
    """Stand for the source files: `office` is declared with a schedule, and `planned` is only declared."""
    declared = Declared(every=timedelta(days=7), is_scheduled=True, due=A_DAY + timedelta(days=8), note="Ask Ana.")
    planned = SourceHealth(make_source("planned"), 0, 0, declared=Declared(verified=False))
    return (*(replace(each, declared=declared) for each in health), planned)


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[AppState]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("sources"))
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:
        store.sources.save(make_source("office"))
        for day in range(3):
            store.runs.save(make_run(day, offered=40, new=3, unchanged=37, held=40, expected=20, announced=41))
        counts = {
            "offered": 4,
            "new": 1,
            "failed": 2,
            "expected": 20,
            "skipped": 5,
            "skipped_by": {Skip(SkipKind.IGNORED_KIND, "video"): 5},
        }
        store.runs.save(make_run(3, RunState.BROKEN, **counts, failures=(FAILURE,)))
        document = make_document("d1", source="office", pages=("Words.", "", "More words."))
        store.files.save(make_fetched(document.url, source="office", sha256=document.sha256))
        store.readings.save(
            Reading(document.sha256, Outcome.TOO_LARGE, pages=document.pages, page_total=9), reader_version="1"
        )
        store.documents.save(document)
        bring_up_to_date(engine, store)
        yield AppState(settings, store, engine, load_vocabulary(), with_declared=declare)
    engine.close()


@pytest.fixture(scope="module")
def client(state: AppState) -> TestClient:
    return TestClient(make_api(state), base_url="http://testserver/")


def get(client: TestClient, path: str) -> Any:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_a_broken_source_says_so_and_what_to_do(client: TestClient) -> None:
    sources = {source["slug"]: source for source in get(client, "sources")["sources"]}
    office = sources["office"]
    assert (office["state"], office["last_run"]["words"]) == ("broken", "Words of day 3.")
    assert "`pushcart harvest office`" in office["what_next"]
    assert (office["every_days"], office["scheduled"], office["due"][:10]) == (7.0, True, "2026-12-01")
    assert (office["pages_read"], office["page_total"]) == (3, 9)


def test_a_source_that_is_only_declared_is_there_too(client: TestClient) -> None:
    sources = {source["slug"]: source for source in get(client, "sources")["sources"]}
    assert (sources["planned"]["state"], sources["planned"]["verified"]) == ("not_verified", False)
    assert sources["planned"]["last_run"] is None


def test_one_source_comes_with_every_count_every_failure_and_its_coverage(client: TestClient) -> None:
    body = get(client, "sources/office")
    report = body["last_report"]
    assert (report["offered"], report["new"], report["failed"], report["not_ended"]) == (4, 1, 2, 1)
    assert report["skipped_by"] == {"kind: video": 5}
    assert report["failures"] == [
        {
            "url": FAILURE.url,
            "reason": "The server answered 500 (internal server error).",
            "kind": "http_status",
            "detail": {"status": 500},
            "referrer": FAILURE.referrer,
        }
    ]
    assert report["failures_left_out"] == 0
    assert body["coverage"] == {
        "documents": 1,
        "documents_indexed": 1,
        "pages_read": 3,
        "page_total": 9,
        "pages_indexed": 2,
        "pages_without_words": 1,
        "pages_missing": 0,
        "changes_behind": 0,
    }


def test_runs_come_in_stretches_newest_first_each_once(client: TestClient) -> None:
    seen, cursor = [], ""
    while True:
        body = get(client, f"sources/office/runs?limit=3&cursor={cursor}")
        assert body["total"] == 4
        seen += [run["words"] for run in body["runs"]]
        cursor = body["next"]
        if not cursor:
            break
    assert seen == [f"Words of day {day}." for day in (3, 2, 1, 0)]


def test_a_run_has_an_address_of_its_own(client: TestClient) -> None:
    name = get(client, "sources/office/runs")["runs"][0]["name"]
    assert get(client, f"sources/office/runs/{name}") == get(client, "sources/office")["last_report"]


def test_the_records_are_shown_when_the_index_does_not_answer(state: AppState, tmp_path: Path) -> None:
    engine = open_engine(Settings(data_dir=tmp_path), vocabulary=state.vocabulary)
    bring_up_to_date(engine, state.store)
    for path in tmp_path.glob("index/g*/state.json"):
        path.write_text('{"format": "of another version"}')
    engine = open_engine(Settings(data_dir=tmp_path), vocabulary=state.vocabulary)
    client = TestClient(make_api(replace(state, engine=engine)))
    assert client.get("/search?q=words").status_code == 503
    assert get(client, "/sources/office")["coverage"] is None
    assert get(client, "/documents/d1")["pages_indexed"] is None


def test_a_run_is_named_by_its_start_and_by_nothing_else() -> None:
    moment = datetime(2026, 11, 23, 6, 45, 0, 120_000, tzinfo=UTC)
    assert run_name(moment) == "20261123T064500.120000Z"
    assert started_of("20261123T064500.120000Z") == moment
    for other in (
        "20261123T064500.12Z",
        "20261323T064500.120000Z",
        "20261123T064500Z",
        "",
        "a\0b",
        "٢0261123T064500.120000Z",
    ):
        assert started_of(other) is None


def test_what_the_index_does_not_have_is_missing_and_blank_pages_are_not(settings: Settings) -> None:
    engine = open_engine(settings, vocabulary=load_vocabulary())
    with open_store(settings) as store:

        def keep(document: Document) -> None:
            store.readings.save(
                Reading(document.sha256, Outcome.READ, pages=document.pages, page_total=len(document.pages)),
                reader_version="1",
            )
            store.documents.save(document)

        keep(make_document("d1", source="office", pages=("Words.", " . . . ", "")))
        bring_up_to_date(engine, store)
        whole = coverage_of(store.pages.read_counts("office"), engine=engine, store=store)
        assert (whole.pages_indexed, whole.pages_without_words, whole.pages_missing) == (1, 2, 0)
        assert whole.is_whole
        keep(make_document("d2", source="office", pages=("Later words.", "And more.")))
        behind = coverage_of(store.pages.read_counts("office"), engine=engine, store=store)
    assert (behind.documents, behind.documents_indexed) == (2, 1)
    assert (behind.pages_missing, behind.changes_behind) == (2, 1)
    assert not behind.is_whole

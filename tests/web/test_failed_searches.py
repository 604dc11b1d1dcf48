"""Searches that found nothing are counted for the librarian, without anything that tells who asked."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.settings import Settings
from corpus.store import Store, failed_searches, open_store
from pushcart.cli import run
from tests.web.library import settings_in
from web.app import make_app

TODAY = date(2026, 11, 30)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(settings)) as client:
        yield client


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with open_store(settings) as opened:
        yield opened


def kept(store: Store) -> list[tuple[str, str, int]]:
    return [(each.words, each.filters, each.count) for each in store.failed_searches.most_frequent(limit=50)]


def test_page_and_api_count_the_same_search_whatever_its_accents_and_capitals(client: TestClient, store: Store) -> None:
    client.get("/search", params={"q": "Cartoneros  en Perú"})
    client.get("/api/v1/search", params={"q": "cartoneros en peru"})
    client.get("/search", params={"q": "cartoneros", "country": "PER", "year": "2015"})
    assert kept(store) == [("cartoneros en peru", "", 2), ("cartoneros", "country year", 1)]


@pytest.mark.parametrize(
    "text",
    [
        "maria@example.org",
        "maria (at) example 5551234567",
        "+51 1 555 12 34",
        "https://example.org/maria",
        "dni 12345678",
        " ".join(["word"] * 13),
        "x" * 130,
        "?!",
    ],
)
def test_what_may_be_personal_is_not_remembered_at_all(client: TestClient, store: Store, text: str) -> None:
    assert client.get("/search", params={"q": text}).status_code == 200
    assert kept(store) == []


def test_years_are_no_long_numbers(client: TestClient, store: Store) -> None:
    client.get("/search", params={"q": "cartoneros 2015 2016"})
    client.get("/search", params={"q": "cartoneros 2015..2020"})
    assert kept(store) == [("cartoneros 2015 2016", "", 1), ("cartoneros 2015 2020", "", 1)]


def test_an_address_without_words_is_no_search(client: TestClient, store: Store) -> None:
    client.get("/search", params={"country": "PER"})
    assert kept(store) == []


def test_nothing_is_counted_where_the_setting_says_so(settings: Settings, store: Store) -> None:
    with TestClient(make_app(replace(settings, count_failed_searches=False))) as client:
        client.get("/search", params={"q": "cartoneros"})
    assert kept(store) == []


def test_the_rarest_make_room_when_there_are_too_many(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(failed_searches, "FAILED_MAX", 10)
    for _ in range(2):
        store.failed_searches.add("often", filters="", day=TODAY)
    for number in range(30):
        store.failed_searches.add(f"once {number:02}", filters="", day=TODAY)
    assert len(kept(store)) == 10
    assert kept(store)[0] == ("often", "", 2)


def test_the_last_day_is_kept(store: Store) -> None:
    store.failed_searches.add("cartoneros", filters="", day=date(2026, 1, 1))
    store.failed_searches.add("cartoneros", filters="", day=TODAY)
    assert [each.last_day for each in store.failed_searches.most_frequent(limit=1)] == [TODAY]


def test_the_command_lists_and_forgets_them(
    settings: Settings, store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(settings.data_dir))
    store.failed_searches.add("cartoneros", filters="country year", day=TODAY)
    assert run(["searches"]) == 0
    assert "1  2026-11-30  cartoneros  with a filter by country, year" in capsys.readouterr().out
    assert run(["searches", "--json"]) == 0
    (line,) = json.loads(capsys.readouterr().out)
    assert line == {"words": "cartoneros", "filters": "country year", "count": 1, "last_day": "2026-11-30"}
    assert run(["searches", "--forget"]) == 0
    assert kept(store) == []

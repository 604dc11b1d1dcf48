"""The feed of a search: nothing lost, nothing twice, whatever happens to documents after their first sight."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from fastapi.testclient import TestClient

from alerts.channels.feed.entries import entry_id, search_id
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import open_store
from search_api.query.parameters import SearchQuery, YearRange
from tests.builders import make_document, make_source, make_tag
from tests.web.library import index, keep, settings_in
from web.app import make_app


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def client(settings: Settings) -> Iterator[TestClient]:
    with TestClient(make_app(settings)) as client:
        yield client


def add(settings: Settings, *names: str, minutes: int = 0, **others: object) -> None:
    with open_store(settings) as store:
        store.sources.save(make_source("sample"))
        for number, name in enumerate(names):
            document = make_document(name, **({"title": f"Market study {name}"} | others))
            sha256 = open_files(settings).put(name.encode())
            keep(store, document, sha256=sha256, minutes=minutes + number - 2 * 24 * 60)
    index(settings)


def ids(answer: str) -> list[str]:
    return [entry.id for entry in feedparser.parse(answer).entries]


def test_a_feed_is_read_without_complaint_and_says_what_it_follows(client: TestClient, settings: Settings) -> None:
    add(settings, "d1", publisher="WIEGO", published="2020", abstract="What markets <earn> & spend.", authors=("A B",))
    answer = client.get("/feed.atom?q=market&lang=en")
    feed = feedparser.parse(answer.content)
    assert not feed.bozo
    assert "market" in feed.feed.title
    assert "language English" in feed.feed.title
    links = {link.rel: link.href for link in feed.feed.links}
    assert links["self"] == "https://pushcart.example/feed.atom?q=market&lang=en"
    (entry,) = feed.entries
    assert entry.link == "https://pushcart.example/documents/d1"
    assert "WIEGO, 2020, en" in entry.summary
    assert entry.published == "2026-11-21T12:00:00+00:00"


def test_what_came_last_comes_first(client: TestClient, settings: Settings) -> None:
    add(settings, "d1", "d2", "d3")
    assert ids(client.get("/feed.atom?q=market").text) == [entry_id(each) for each in ("d3", "d2", "d1")]


def test_tagging_or_correcting_a_document_does_not_make_it_new(client: TestClient, settings: Settings) -> None:
    add(settings, "d1", "d2")
    before = feedparser.parse(client.get("/feed.atom?q=market").content)
    add(settings, "d1", title="Market study corrected", tags=(make_tag("country", "PER"),), minutes=500)
    after = feedparser.parse(client.get("/feed.atom?q=market").content)
    assert [each.id for each in after.entries] == [each.id for each in before.entries]
    assert [each.updated for each in after.entries] == [each.updated for each in before.entries]
    assert after.feed.updated == before.feed.updated


def test_nothing_is_lost_between_two_visits_however_much_came(client: TestClient, settings: Settings) -> None:
    names = [f"d{number:03}" for number in range(230)]
    add(settings, *names)
    found: list[str] = []
    address = "/feed.atom?q=market"
    for _ in range(5):
        feed = feedparser.parse(client.get(address).content)
        found += [entry.id for entry in feed.entries]
        following = [link.href for link in feed.feed.links if link.rel == "next"]
        if not following:
            break
        address = following[0].removeprefix("https://pushcart.example")
    assert found == [entry_id(name) for name in reversed(names)]


def test_a_reader_that_holds_the_feed_is_answered_in_a_few_bytes(client: TestClient, settings: Settings) -> None:
    add(settings, "d1")
    answer = client.get("/feed.atom")
    etag, modified = answer.headers["etag"], answer.headers["last-modified"]
    assert client.get("/feed.atom", headers={"If-None-Match": etag}).status_code == 304
    assert client.get("/feed.atom", headers={"If-Modified-Since": modified}).status_code == 304
    add(settings, "d2", minutes=10)
    assert client.get("/feed.atom", headers={"If-None-Match": etag}).status_code == 200
    assert client.get("/feed.atom", headers={"If-Modified-Since": modified}).status_code == 200


def test_a_search_without_documents_has_a_feed_that_stays_the_same(client: TestClient) -> None:
    first, second = client.get("/feed.atom?q=nothing"), client.get("/feed.atom?q=nothing")
    assert not feedparser.parse(first.content).bozo
    assert first.content == second.content


def test_titles_of_strangers_cannot_break_the_feed(client: TestClient, settings: Settings) -> None:
    add(settings, "d1", title="A & B <script>alert(1)</script> \x01\x0c ]]> \ufffe", abstract="<b>\x00</b>")
    feed = feedparser.parse(client.get("/feed.atom").content)
    assert not feed.bozo
    assert feed.entries[0].title_detail.value.startswith("A & B <script>") or "&lt;script" in feed.entries[0].title
    assert "<script>" not in client.get("/feed.atom").text


def test_a_bad_filter_is_refused_with_a_reason(client: TestClient) -> None:
    assert client.get("/feed.atom?country=Peruu").status_code == 422


def test_the_id_of_a_feed_depends_on_the_search_alone() -> None:
    query = SearchQuery(text="market", years=YearRange(2010, None))
    assert search_id(query) == search_id(replace(query, cursor="abc"))
    assert search_id(query) != search_id(SearchQuery(text="market"))
    assert entry_id("d1") == "tag:pushcart,2026:document/d1"


# ------------------------------------------------------------------ JSON Feed


def test_a_json_feed_has_the_entries_of_the_atom_feed_under_the_same_ids(
    client: TestClient, settings: Settings
) -> None:
    tags = (make_tag("country", "PER"), make_tag("topic", "social_protection", about=False))
    add(settings, "d1", "d2", publisher="WIEGO", published="2020", abstract="What markets <earn> & spend.", tags=tags)
    answer = client.get("/feed.json?q=market&lang=en")
    assert answer.headers["content-type"] == "application/feed+json; charset=utf-8"
    feed = answer.json()
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == "https://pushcart.example/feed.json?q=market&lang=en"
    assert feed["home_page_url"].startswith("https://pushcart.example/search?q=market&lang=en")
    assert [item["id"] for item in feed["items"]] == ids(client.get("/feed.atom?q=market&lang=en").text)
    item = feed["items"][0]
    assert item["url"] == "https://pushcart.example/documents/d2"
    assert item["date_published"] == "2026-11-21T12:01:00+00:00"
    assert item["content_text"].startswith("WIEGO, 2020, en")
    assert "<earn> & spend" in item["content_text"]
    assert (item["authors"], item["tags"], item["language"]) == ([{"name": "WIEGO"}], ["country:PER"], "en")


def test_a_json_feed_names_its_next_page_to_the_very_first_document(client: TestClient, settings: Settings) -> None:
    names = [f"d{number:03}" for number in range(130)]
    add(settings, *names)
    first = client.get("/feed.json?q=market").json()
    second = client.get(first["next_url"].removeprefix("https://pushcart.example")).json()
    found = [item["id"] for page in (first, second) for item in page["items"]]
    assert found == [entry_id(name) for name in reversed(names)]
    assert "next_url" not in second


def test_a_reader_that_holds_the_json_feed_is_answered_in_a_few_bytes(client: TestClient, settings: Settings) -> None:
    add(settings, "d1")
    etag = client.get("/feed.json").headers["etag"]
    assert client.get("/feed.json", headers={"If-None-Match": etag}).status_code == 304
    assert (
        client.get("/feed.json", headers={"If-None-Match": client.get("/feed.atom").headers["etag"]}).status_code == 200
    )


def test_a_page_of_results_names_both_feeds(client: TestClient) -> None:
    page = client.get("/search?q=market&sort=newest").text
    for kind, address in (("atom+xml", "/feed.atom?q=market"), ("feed+json", "/feed.json?q=market")):
        assert f'type="application/{kind}"' in page
        assert f'href="{address}"' in page


def test_a_bad_filter_of_a_json_feed_is_refused_with_a_reason(client: TestClient) -> None:
    assert client.get("/feed.json?country=Peruu").status_code == 422

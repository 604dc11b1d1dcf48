"""From a publisher's web site to a reader's screen and into a feed: the sample publisher, harvested over HTTP."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from typing import Any

import feedparser
import pytest
from fastapi.testclient import TestClient

from demo.publication import Publication, SampleStanding, load_publications
from demo.server import PORT
from tests.end_to_end.conftest import Shell
from tests.end_to_end.servers import copy_folder, in_the_data_folder, settings_of
from web.app import make_app

pytestmark = pytest.mark.slow

LISTED = [each for each in load_publications() if each.standing is SampleStanding.LISTED]


class Harvested:
    """A data folder after the sample publisher was harvested, and ways to ask it."""

    def __init__(self, folder: Path) -> None:
        self.shell = Shell(folder)
        self.first: dict[str, Any] = self.shell.ask("harvest", "sample")
        self.client = TestClient(make_app(settings_of(folder)))

    def api(self, path: str, **parameters: Any) -> Any:
        """Return the JSON answer of an address below /api/v1."""
        answer = self.client.get(f"/api/v1{path}", params=parameters)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def feed(self, **parameters: Any) -> Any:
        """Return the feed that the results page of a search names."""
        answer = self.client.get("/feed.atom", params=parameters)
        assert answer.status_code == 200, answer.text
        return feedparser.parse(answer.content)


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Harvested:
    """Harvest, read, tag and index the sample publisher once, where `pushcart demo` keeps it."""
    return Harvested(tmp_path_factory.mktemp("chain") / "demo")


def test_the_harvest_ends_well_and_fails_nowhere(harvested: Harvested) -> None:
    (run,) = harvested.first["runs"]
    assert run["state"] == "finished", run["words"]
    assert (run["failed"], run["pages_failed"]) == (0, 0)
    assert run["new"] >= len(LISTED)


def test_every_listed_publication_is_a_document_once(harvested: Harvested) -> None:
    titles: list[str] = []
    cursor = ""
    while True:
        body = harvested.api("/search", limit=100, cursor=cursor)
        titles += [hit["title"] for hit in body["hits"]]
        titles += [
            harvested.api(f"/documents/{other['id']}")["title"] for hit in body["hits"] for other in hit["same_work"]
        ]
        if not (cursor := body.get("next") or ""):
            break
    assert body["documents"] == len(titles)
    for publication in LISTED:
        assert len([title for title in titles if title.startswith(publication.title)]) == 1, publication.slug


@pytest.mark.parametrize("publication", LISTED, ids=lambda publication: publication.slug)
def test_words_of_a_page_find_that_page(harvested: Harvested, publication: Publication) -> None:
    for phrase in publication.expect.phrases:
        body = harvested.api("/search", q=f'"{phrase.text}"', lang=publication.lang)
        found = [hit for hit in body["hits"] if hit["title"].startswith(publication.title)]
        assert found, f"{publication.slug}: {phrase.text!r} is not found; {body['query']}"
        assert phrase.page in [page["number"] for page in found[0]["pages"]], (
            publication.slug,
            phrase,
            found[0]["pages"],
        )
        assert "<mark>" in found[0]["pages"][0]["snippet"]


def test_command_and_api_give_the_same_answer(harvested: Harvested) -> None:
    def plain(body: Any) -> Any:
        return {name: value for name, value in body.items() if name not in ("seconds", "took_ms")}

    by_command = harvested.shell.look("search", "street vendors", "--lang", "en", "--year", "2000..2026")
    by_api = harvested.api("/search", q="street vendors", lang="en", year="2000..2026", limit=10)
    assert by_command["total"] > 0
    assert plain(by_command) == plain(by_api)


def test_status_adds_up(harvested: Harvested) -> None:
    status = harvested.shell.look("status")
    assert status["documents"] == status["indexed"]
    assert sum(status["outcomes"].values()) == status["files"]
    assert "waiting" not in status["outcomes"]


def test_samples_are_marked_as_samples(harvested: Harvested) -> None:
    (hit, *_) = harvested.api("/search", q="vendors")["hits"]
    assert harvested.shell.look("show", hit["id"])["is_sample"] is True


def test_facets_name_the_countries_that_the_publications_are_about(harvested: Harvested) -> None:
    facet = harvested.api("/search")["facets"]["country"]
    counted = {value["value"] for value in facet}
    about = {publication.expect.country for publication in LISTED if publication.expect.country}
    assert len(about & counted) >= 0.7 * len(about), sorted(about - counted)


def test_the_feed_of_a_search_has_its_documents_newest_sight_first(harvested: Harvested) -> None:
    feed = harvested.feed(q="vendors")
    assert not feed.bozo
    assert feed.entries
    first_seen = harvested.api("/search", q="vendors", sort="first_seen", limit=100)
    assert [entry.title for entry in feed.entries][:5] == [hit["title"] for hit in first_seen["hits"]][:5]


def test_the_second_harvest_downloads_nothing_and_changes_nothing(harvested: Harvested) -> None:
    before, ids = harvested.api("/search", limit=100), [entry.id for entry in harvested.feed().entries]
    second = harvested.shell.ask("harvest", "sample")
    (first_run,), (run,) = harvested.first["runs"], second["runs"]
    assert (run["new"], run["changed"]) == (0, 0)
    assert run["unchanged"] == first_run["new"] + first_run["unchanged"]
    assert run["not_modified"] > 0
    assert run["bytes"] < first_run["bytes"] / 20
    assert (second["pages_read"], second["documents_made"], second["changes_indexed"]) == (0, 0, 0)
    assert harvested.api("/search", limit=100)["hits"] == before["hits"]
    assert [entry.id for entry in harvested.feed().entries] == ids


@in_the_data_folder
def test_the_demonstration_brings_nothing_new_the_second_time_whatever_its_port(harvested: Harvested) -> None:
    before = harvested.shell.look("status")
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with suppress(OSError):  # somebody else has it, which is as good
            taken.bind(("127.0.0.1", PORT))
            taken.listen()
        done = Shell(harvested.shell.data_dir.parent).type("demo", "--no-serve")
    assert done.returncode == 0, done.stderr
    assert " 0 new, 0 changed," in done.stdout
    assert f"127.0.0.1:{PORT}/" not in done.stderr
    assert "Read 0 pages, tagged 0 documents" in done.stdout
    assert harvested.shell.look("status") == before


@in_the_data_folder
def test_the_samples_are_not_among_ones_own_documents(harvested: Harvested) -> None:
    own = Shell(harvested.shell.data_dir.parent).type("search", "vendors")
    assert own.returncode == 1
    assert "only the samples" in own.stderr
    assert str(harvested.shell.data_dir) in own.stderr


def test_a_removed_source_is_gone_everywhere_until_it_is_harvested_again(harvested: Harvested, tmp_path: Path) -> None:
    shell = Shell(copy_folder(harvested.shell.data_dir, tmp_path / "copy"))
    held = shell.look("status")
    asked = shell.type("remove", "--source", "sample")
    assert asked.returncode == 1
    assert "--yes" in asked.stderr
    assert shell.look("status") == held

    removed = shell.ask("remove", "--source", "sample", "--yes")
    assert (removed["documents"], removed["files"]) == (held["documents"], held["files"])
    assert removed["bytes"] > 100_000
    assert (shell.look("search", "vendors")["total"], shell.look("status")["files"], shell.look("files")) == (0, 0, [])
    assert [each for each in (shell.data_dir / "files").glob("??/*") if each.is_file()] == []

    (run,) = shell.ask("harvest", "sample", "--fetch-only")["runs"]
    assert (run["new"], run["unchanged"], run["not_modified"]) == (held["files"], 0, 0)


def test_the_pages_answer(harvested: Harvested) -> None:
    (hit, *_) = harvested.api("/search", q="vendors")["hits"]
    for address in ("/", "/search?q=vendors", f"/documents/{hit['id']}", "/sources"):
        answer = harvested.client.get(address)
        assert answer.status_code == 200, address
        assert "<h1" in answer.text, address

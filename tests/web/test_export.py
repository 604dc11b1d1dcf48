"""Whole results as files: from the page, from the API, one at a time for each address, and never a half that looks whole."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import rispy
from fastapi.testclient import TestClient

from corpus.settings import Settings
from search_api.answers.export.formats import ExportFormat
from search_api.answers.export.records import Batch, Exporter
from search_api.api.export_places import ExportPlaces
from tests.search_api.export_cases import READERS, lines_of
from tests.web.test_admission import OTHER, READER, served, visitor
from web.app import make_app, open_site

TODAY = datetime.now(UTC).date().isoformat()


@pytest.mark.parametrize("kind", ExportFormat)
def test_page_and_api_give_the_same_file(client: TestClient, kind: ExportFormat) -> None:
    asked = {"q": "cooperative study", "format": kind.value}
    api, page = client.get("/api/v1/search/export", params=asked), client.get("/search/export", params=asked)
    assert (api.status_code, page.status_code) == (200, 200)
    assert api.text == page.text
    assert len(READERS[kind](api.text)) == 25
    name = api.headers["content-disposition"]
    assert name.startswith(f'attachment; filename="pushcart-cooperative-study-{TODAY}.')
    assert api.headers["content-type"] == page.headers["content-type"]
    assert "content-length" not in api.headers
    assert api.headers["cache-control"] == "no-store"


def test_every_filter_of_the_search_holds(client: TestClient) -> None:
    for filters in (
        "country=PER",
        "lang=es&type=working_paper",
        "year=2019",
        "group=street_vendors&country=PER&about=false",
    ):
        found = lines_of(client.get(f"/api/v1/search/export?format=jsonl&{filters}").text)
        total = client.get(f"/api/v1/search?{filters}").json()["total"]
        assert [each["id"] for each in found] == ["dlima"] * total


def test_names_of_tags_are_in_the_language_of_the_page(client: TestClient) -> None:
    (line,) = lines_of(client.get("/search/export?country=PER&format=jsonl&locale=es").text)
    assert "Perú" in {tag["name"] for tag in line["tags"]}


def test_the_page_offers_it_with_the_parameters_of_the_search_and_leaves_what_is_of_one_page(
    client: TestClient,
) -> None:
    text = client.get("/search?q=cooperative&source=wiego&limit=5&near=0").text
    form = re.search(r'<form class="export".*?</form>', text, re.DOTALL)
    assert form is not None
    assert 'action="/search/export" method="get"' in form[0]
    assert re.findall(r'type="hidden" name="(\w+)"', form[0]) == ["q", "source"]
    assert re.findall(r'<option value="([^"]+)"', form[0]) == list(ExportFormat)
    assert "/search/export" not in client.get("/search?q=nothinglikethis").text


@pytest.mark.parametrize(
    ("address", "parameter"),
    [
        ("format=pdf", "format"),
        ("", "format"),
        ("format=ris&country=Peruu", "country"),
        ("format=ris&cursor=abc", "cursor"),
    ],
)
def test_what_cannot_be_exported_is_said_in_words(client: TestClient, address: str, parameter: str) -> None:
    refused = client.get(f"/api/v1/search/export?{address}")
    assert refused.status_code == 422
    assert refused.json()["parameter"] == parameter
    assert refused.json()["next"]
    page = client.get(f"/search/export?{address}")
    assert page.status_code == 422
    assert "<h1" in page.text


def test_head_tells_name_and_type_and_writes_nothing(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ExportPlaces, "take", lambda *_: pytest.fail("an export was begun"))
    for path in ("/api/v1/search/export", "/search/export"):
        told = client.head(f"{path}?format=bibtex&q=lima")
        assert (told.status_code, told.content) == (200, b"")
        assert told.headers["content-type"].startswith("application/x-bibtex")
        assert f"pushcart-lima-{TODAY}.bib" in told.headers["content-disposition"]


# ------------------------------------------------------------------------------------------------ one at a time


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Callable[[Settings], object]:
    """Return what makes an application whose exports draw one record each tenth of a second, and never end by themselves."""

    def drawn(exporter: Exporter, query: object) -> Generator[Batch, None, None]:
        while True:
            yield from exporter.documents(("dlima",))
            time.sleep(PAUSE[0])

    monkeypatch.setattr(Exporter, "search", drawn)
    return make_app


PAUSE = [0.05]
"""Seconds between two records."""
EXPORT = "/api/v1/search/export?format=jsonl"


def test_a_second_export_of_one_address_is_refused_and_its_place_is_free_when_the_client_goes(
    library_settings: Settings, slow: Callable[[Settings], object]
) -> None:
    with served(slow(library_settings)) as url, httpx.Client(base_url=url, timeout=20) as client:
        with httpx.stream("GET", url + EXPORT) as first:
            drawn = first.iter_lines()
            assert json.loads(next(drawn))["id"] == "dlima"
            for path in ("/api/v1/search/export", "/search/export"):
                refused = client.get(f"{path}?format=ris")
                assert (refused.status_code, refused.headers["retry-after"]) == (429, "30")
            assert "already" in client.get(EXPORT).json()["detail"]
            assert client.get("/api/v1/search?q=lima").status_code == 200  # searches go on
            json.loads(next(drawn))
        began = time.monotonic()
        while _taken(client, url):
            assert time.monotonic() - began < 2.0
            time.sleep(0.02)


def _taken(client: httpx.Client, url: str) -> bool:
    """Say whether the place of this address is still taken; lets go of it at once where it was free."""
    with client.stream("GET", url + EXPORT) as answer:
        return answer.status_code == 429


def test_only_a_few_are_written_at_once(library_settings: Settings, slow: Callable[[Settings], object]) -> None:
    settings = replace(library_settings, exports_at_once=1)
    from_reader, from_other = ({"X-Forwarded-For": each} for each in (READER, OTHER))
    with served(slow(settings)) as url, httpx.stream("GET", url + EXPORT, headers=from_reader) as first:
        drawn = first.iter_lines()  # the stream is closed with what draws from it
        next(drawn)
        refused = httpx.get(url + EXPORT, headers=from_other)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "30")
        assert refused.json()["type"] == "urn:pushcart:problem:busy"


def test_what_takes_too_long_breaks_the_transfer_after_a_record_that_says_so(
    library_settings: Settings, slow: Callable[[Settings], object]
) -> None:
    settings = replace(library_settings, export_seconds_max=0.5)
    with served(slow(settings)) as url:
        got: list[bytes] = []
        with httpx.stream("GET", url + EXPORT.replace("jsonl", "ris")) as answer:
            pieces = answer.iter_raw()
            with pytest.raises(httpx.RemoteProtocolError):
                got.extend(pieces)
        records = rispy.loads(b"".join(got).decode())
        assert "This export is not complete" in records[-1]["title"]
        assert len(records) > 1
        assert httpx.get(f"{url}/api/v1/export?ids=dlima&format=ris").status_code == 200


def test_a_client_that_takes_nothing_loses_its_place_in_time(
    library_settings: Settings, slow: Callable[[Settings], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("search_api.api.export_response._GRACE_SECONDS", 0.1)
    monkeypatch.setattr("tests.web.test_export.PAUSE", [0.0])
    settings = replace(library_settings, export_seconds_max=0.6)
    with served(slow(settings)) as url:
        host, port = url.removeprefix("http://").split(":")
        with socket.create_connection((host, int(port))) as connection:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.sendall(f"GET {EXPORT} HTTP/1.1\r\nHost: a\r\n\r\n".encode())
            began = time.monotonic()
            with httpx.Client() as client:
                while not _taken(client, url) and time.monotonic() - began < 0.3:
                    pass
                while _taken(client, url):
                    assert time.monotonic() - began < 5.0


def test_places_are_of_networks_and_given_back_once() -> None:
    places = ExportPlaces(2)
    one = places.take("2001:db8:1:2::7")
    with pytest.raises(Exception, match="already"):
        places.take("2001:db8:1:2:ffff::8")
    other = places.take("198.51.100.7")
    with pytest.raises(Exception, match="simultaneous"):
        places.take("203.0.113.9")
    one.free()
    one.free()
    places.take("203.0.113.9")
    assert places.taken == 2
    other.free()
    assert places.taken == 1


def test_an_export_that_fails_before_it_begins_gives_its_place_back(
    library_settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    from corpus.errors import EngineUnavailable

    def failing(exporter: Exporter, query: object) -> Generator[Batch, None, None]:
        raise EngineUnavailable("Away.")
        yield ()

    monkeypatch.setattr(Exporter, "search", failing)
    client = visitor(library_settings)
    for _ in range(3):
        assert client.get(EXPORT).status_code == 503


# ------------------------------------------------------------------------------------------------ selections


def test_a_selection_is_exported_in_its_order_and_what_is_not_here_is_named(client: TestClient) -> None:
    answer = client.get("/api/v1/export?ids=daccra,dgone,dlima&format=jsonl")
    assert answer.headers["pushcart-missing-ids"] == "dgone"
    assert [each["id"] for each in lines_of(answer.text)] == ["daccra", "dgone", "dlima"]
    assert lines_of(answer.text)[1] == {"id": "dgone", "gone": True}
    assert answer.headers["content-disposition"] == f'attachment; filename="pushcart-selection-{TODAY}.jsonl"'
    none = client.get("/api/v1/export?ids=dgone&format=ris")
    assert none.status_code == 404
    assert "dgone" in none.json()["detail"]


def test_words_choose_the_best_page_of_a_selection(client: TestClient) -> None:
    asked = "/api/v1/export?ids=dlima&format=jsonl"
    assert lines_of(client.get(asked).text)[0]["page"] is None
    (line,) = lines_of(client.get(f"{asked}&q=aporte").text)
    assert (line["page"], line["link"]) == (4, "https://pushcart.example/documents/dlima?page=4#page=4")


@pytest.mark.parametrize("kind", ExportFormat)
def test_nobody_reads_a_folder_or_a_sign_in_an_export(client: TestClient, kind: ExportFormat) -> None:
    text = client.get(f"/api/v1/search/export?format={kind}").text
    assert "somebody" not in text
    assert "file:/" not in text
    assert "javascript:" not in text
    assert not set("\u202e\u2066\x1b") & set(text)


def test_the_description_names_every_filter_and_shows_each_format(client: TestClient) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    described = paths["/search/export"]["get"]
    names = [each["name"] for each in described["parameters"]]
    assert names[0] == "format"
    assert {"q", "country", "year", "sort", "publisher", "off"} < set(names)
    assert not {"limit", "cursor", "near"} & set(names)
    assert all(each["example"] for each in described["responses"]["200"]["content"].values())
    assert {"429", "503"} <= set(described["responses"])
    assert "Pushcart-Missing-Ids" in paths["/export"]["get"]["responses"]["200"]["headers"]


def test_a_site_has_places_as_its_settings_say(tmp_path: Path) -> None:
    site = open_site(Settings(data_dir=tmp_path, exports_at_once=1))
    place = site.app.places.take(READER)
    with pytest.raises(Exception, match="simultaneous"):
        site.app.places.take(OTHER)
    place.free()
    site.app.engine.close()
    site.app.store.close()

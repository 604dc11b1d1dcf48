"""Proof of coverage as a librarian sees it: what came, what did not, why, and what of it was read and can be found."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from corpus.messages.origins import origin_in_words
from corpus.origins import origin_of
from corpus.reasons import Failure, FailureKind
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.source_health import Declared, SourceHealth
from corpus.store import open_store
from corpus.types import Copy, Outcome, Page, Reading
from corpus.vocabulary import load_vocabulary
from tests.builders import A_DAY, make_document, make_fetched, make_source, offered
from tests.web.histories import CHANGED_ID, RUNS, declare_sources, last_run_address
from tests.web.library import fill, settings_in
from web.app import make_app
from web.views.provenance import Known, provenance
from web.views.runs import history
from web.views.sources import due_in_words, sources_page


def words_of(html: str) -> str:
    """Return what a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", html.split("<main")[1]).split())


def make_run(day: int = 0, state: RunState = RunState.FINISHED, **counts: int) -> HarvestRun:
    started = A_DAY + timedelta(days=day)
    return HarvestRun("office", started, started, state, Verdict.told("Words."), **counts)


def test_broken_sources_stand_first_with_their_words_and_what_to_do(client: TestClient) -> None:
    words = words_of(client.get("/sources").text)
    assert words.index("A Statistics Office") < words.index("WIEGO")
    assert "30 or more are expected. Check the site and the source file." in words
    assert "See the reasons in its report" in words
    assert "2 broken" in words


def test_a_source_that_was_never_harvested_is_listed_and_has_a_page(client: TestClient) -> None:
    html = client.get("/sources").text
    places = ('id="never"', "A Planned Source", 'id="unverified"', "A Guessed")
    assert sorted(places, key=html.index) == list(places)
    assert "`" not in words_of(html)
    page = words_of(client.get("/sources/planned").text)
    assert "Never harvested" in page
    assert "Every 14 days. Due now." in page
    assert "Harvested by name only" in words_of(client.get("/sources/guessed").text)


def test_the_page_of_a_source_shows_every_count_of_its_last_run_and_when_it_is_due(client: TestClient) -> None:
    words = words_of(client.get("/sources/office").text)
    last_run = words.split("Its list moves")[0]
    for shown in ("Offered 240", "New 1", "Unchanged 1", "Changed 1", "Gone 1", "No longer listed 2", "Failed 230",
                  "Refused by robots.txt 6", "Skipped by rule 12", "Expected at least 30", "Announced –",
                  "In the collection 61"):  # fmt: skip
        assert shown in last_run
    assert "Its list moves every January." in words
    assert "Every 14 days." in words


def test_the_page_of_a_source_shows_what_was_read_and_what_is_indexed(client: TestClient) -> None:
    words = words_of(client.get("/sources/office").text)
    assert "Files read 1 of 4 files 25 %" in words
    assert "Pages read 4 of 10 pages 40 %" in words
    assert "Pages indexed 2 of 2 pages that have words 100 %" in words
    assert "1 page without text" in words
    assert "Locked with a password. It cannot be opened" in words
    assert "1 file that the publisher no longer has; it is kept here" in words


def test_all_runs_can_be_reached_and_each_has_a_page(client: TestClient) -> None:
    html = client.get("/sources/office").text
    addresses = re.findall(r'<th scope="row"><a href="([^"]+)"', html)
    older = re.search(r'href="(/sources/office\?before=[^"]+)"', html)
    assert older
    addresses += re.findall(r'<th scope="row"><a href="([^"]+)"', client.get(older[1].replace("&amp;", "&")).text)
    assert len(addresses) == len(set(addresses)) == RUNS
    assert {client.get(address).status_code for address in addresses[::6]} == {200}
    assert client.get("/sources/office/runs/20200101T000000.000000Z").status_code == 404
    assert client.get("/sources/office/runs/nonsense").status_code == 404
    assert client.get("/sources/office?before=nonsense").status_code == 200


def test_the_report_of_a_run_adds_up_and_names_each_failure(client: TestClient) -> None:
    html = client.get(last_run_address()).text
    words = words_of(html)
    ends = words.split("Outcome of the offered files")[1].split("Expected and actual")[0]
    numbers = [int(number) for number in re.findall(r"\d+", ends)]
    assert sum(numbers[:-1]) == numbers[-1] == 240
    assert "Full run, incomplete." in words
    assert "kind: video 9" in words
    assert "The server answered 404 (not found). 197" in words
    assert html.count('<li><a class="address"') + html.count('<li><span class="address"') == 200
    assert "37 more were counted; the report keeps the first 200." in words
    assert "Previous run" in words
    assert "Next run" not in words


def test_a_document_shows_its_pages_its_copy_its_versions_and_that_it_is_gone(client: TestClient) -> None:
    words = words_of(client.get(f"/documents/{CHANGED_ID}").text)
    assert "The publisher no longer has this file, since 26 November 2026. Pushcart keeps its copy." in words
    assert "Pages read 3 of 9 pages" in words
    assert "Pages indexed 2 of 3 pages. 1 page has no text: empty, or an image." in words
    assert "first seen 25 August 2026" in words
    assert "last seen 23 November 2026" in words
    assert "oai:office.example:7" in words
    assert "2 versions" in words
    assert "the text shown here" in words


def test_a_document_shows_who_says_what_and_where_places_disagree(client: TestClient) -> None:
    words = words_of(client.get(f"/documents/{CHANGED_ID}").text).split("According to")[1]
    assert "Sources disagree on 2 fields." in words
    assert "Survey of street trade 2024 a catalogue’s record (Dublin Core)" in words
    assert "the file itself (document information) disagrees" in words
    assert "2024-05-03 the publisher’s page (citation_publication_date)" in words


def test_a_document_says_which_reader_read_which_page_and_what_could_not_be_read() -> None:
    reading = Reading(
        "a" * 64,
        Outcome.READ,
        pages=tuple(Page(number, "Text.") for number in range(1, 10)),
        engine="pdfminer.six+pypdfium2",
        page_engines={"pdfminer.six": ((1, 2), (4, 6)), "pypdfium2": ((3, 3), (7, 9))},
        unreadable_pages=((8, 9),),
    )
    known = Known(reading=reading, sources={}, copies=(), coverage=None)
    words = provenance(make_document(), known=known, lang="en").read
    assert "Read with pypdfium2: pages 3, 7–9." in words
    assert words.endswith("Letters that could not be read, because the fonts do not identify them: on pages 8–9.")
    assert "Leído con pypdfium2: páginas 3, 7–9." in provenance(make_document(), known=known, lang="es").read


def test_a_document_that_one_of_its_publishers_still_has_is_not_gone() -> None:
    here = Copy(make_fetched(), A_DAY, A_DAY, ())
    gone = Copy(make_fetched(gone_at=A_DAY, gone_reason=Failure.told("404")), A_DAY, A_DAY, ())
    known = Known(reading=None, sources={}, copies=(here, gone), coverage=None)
    assert provenance(make_document(), known=known, lang="en").gone is None
    assert provenance(make_document(), known=replace(known, copies=(gone,)), lang="en").gone == ("404", A_DAY)
    assert provenance(make_document(), known=replace(known, copies=()), lang="en").gone is None


def test_why_a_document_is_gone_is_said_in_the_language_of_the_page() -> None:
    copy = make_fetched(gone_at=A_DAY, gone_reason=Failure(FailureKind.NO_LONGER_LISTED))
    known = Known(reading=None, sources={}, copies=(Copy(copy, A_DAY, A_DAY, ()),), coverage=None)
    assert provenance(make_document(), known=known, lang="fr").gone == (
        "L’éditeur ne le mentionne plus dans ses listes.",
        A_DAY,
    )


def test_the_authors_of_one_place_stand_together() -> None:
    offers = (
        offered("Ana", "record:oai_dc"),
        offered("Bo", "record:oai_dc"),
        offered("user1", "file:info"),
    )
    known = Known(reading=None, sources={}, copies=(), coverage=None)
    (field,) = provenance(make_document(evidence={"author": offers}), known=known, lang="en").fields
    assert (field.chosen.value, [each.value for each in field.others]) == ("Ana; Bo", ["user1"])
    assert not field.disagrees


@pytest.mark.parametrize(
    ("origin", "words"),
    [
        ("record:crossref", "a catalogue’s record (crossref)"),
        ("landing:og", "the publisher’s page (Open Graph)"),
        ("sidecar", "the list that was added with it"),
        ("link", "the text of the link to it"),
        ("something:new", "something:new"),
    ],
)
def test_every_place_has_words(origin: str, words: str) -> None:
    assert origin_in_words(origin_of(origin), lang="en") == words


def test_bars_are_as_high_as_their_runs_and_the_promise_is_a_line() -> None:
    runs = [make_run(2, new=5, unchanged=45), make_run(1, RunState.BROKEN), make_run(0, new=100)]
    shown = history(runs, expected=20, lang="en")
    assert shown is not None
    assert [(bar.confirmed, bar.fresh, bar.is_bad) for bar in shown.bars] == [
        (0, 100, False),
        (0, 2, True),
        (45, 5, False),
    ]
    assert (shown.highest, shown.expected) == (100, 20)
    assert "0 files" in shown.bars[1].label
    assert history(runs[:1], expected=20, lang="en") is None


@pytest.mark.parametrize(
    ("declared", "words"),
    [
        (None, ""),
        (Declared(is_scheduled=False), ""),
        (Declared(is_scheduled=True), "Due now"),
        (Declared(is_scheduled=True, due=A_DAY), "Due since 23 November 2026"),
        (Declared(is_scheduled=True, due=A_DAY + timedelta(days=3)), "Next on 26 November 2026"),
    ],
)
def test_a_schedule_is_said_in_words(declared: Declared | None, words: str) -> None:
    health = SourceHealth(make_source(), 0, 0, declared=declared)
    assert due_in_words(health, now=A_DAY + timedelta(hours=1), lang="en") == words


def test_the_summary_counts_each_source_once() -> None:
    health = [
        SourceHealth(make_source("a"), 3, 3, last_run=make_run()),
        SourceHealth(make_source("b"), 0, 0, last_run=make_run(0, RunState.BROKEN)),
        SourceHealth(make_source("c"), 0, 0, last_run=make_run(0, RunState.PAUSED)),
        SourceHealth(make_source("d"), 0, 0),
        SourceHealth(make_source("e"), 0, 0, declared=Declared(verified=False)),
    ]
    page = sources_page(health, vocabulary=load_vocabulary(), now=A_DAY, lang="en")
    assert page.summary == (
        "5 sources: 1 working, 1 broken, 1 continues with the next run, 1 never harvested and 1 not yet verified."
    )
    assert [(group.id, [line.slug for line in group.sources]) for group in page.groups] == [
        ("broken", ["b"]), ("harvested", ["a", "c"]), ("never", ["d"]), ("unverified", ["e"]),
    ]  # fmt: skip


def test_a_source_file_that_is_written_or_spoilt_is_noticed_without_a_restart(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with TestClient(make_app(settings)) as client:
        assert "A Planned Source" not in client.get("/sources").text
        declare_sources(settings)
        assert "A Planned Source" in client.get("/sources").text
        (tmp_path / "sources" / "planned.toml").write_text("slug = ", encoding="utf-8")
        html = client.get("/sources").text
        assert "A source file cannot be used" in html
        assert str(tmp_path) not in html
        assert client.get("/sources/planned").status_code == 404


def test_what_nobody_could_look_up_is_not_called_undeclared(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    with open_store(settings) as store:
        store.sources.save(make_source("office"))
    (tmp_path / "sources").mkdir()
    (tmp_path / "sources" / "bad.toml").write_text("slug = ", encoding="utf-8")
    with TestClient(make_app(settings)) as client:
        assert "no longer has a source file" not in client.get("/sources/office").text


def test_sources_are_shown_when_the_index_does_not_answer(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    fill(settings)
    for each in settings.index_dir.rglob("*"):
        if each.is_file():
            each.write_bytes(b"not an index")
    with TestClient(make_app(settings), raise_server_exceptions=False) as client:
        for address in ("/sources", "/sources/office", last_run_address(), f"/documents/{CHANGED_ID}"):
            assert client.get(address).status_code == 200, address
        assert "Pages indexed" not in client.get("/sources/office").text


def test_a_source_that_no_file_declares_any_more_says_so(client: TestClient) -> None:
    assert "It no longer has a source file." in client.get("/sources/broken").text
    assert "no longer has a source file" not in client.get("/sources/own").text


def test_api_and_page_show_the_same_sources(client: TestClient) -> None:
    body = client.get("/api/v1/sources").json()["sources"]
    html = client.get("/sources").text
    assert {f"/sources/{each['slug']}" for each in body} == set(re.findall(r'href="(/sources/[a-z0-9-]+)"', html))
    office = next(each for each in body if each["slug"] == "office")
    assert (office["state"], office["every_days"], office["note"]) == ("broken", 14, "Its list moves every January.")

"""`pushcart sources verify`: what it says of a publisher that is as its file says, and of each way in which one is not."""

from __future__ import annotations

import json
import time
from contextlib import redirect_stdout
from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from corpus.origins import Origin, OriginPlace
from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from corpus.types import Evidence
from crawler.sources.load import load_sources, parse_source
from crawler.trial import TrialFile, TrialRecord
from crawler.visit import REQUESTS_MAX, SeenFile, SeenPage, Visit
from pushcart.cli import run
from pushcart.verification import State, Verification, verification_of
from tests.publisher.declared import hurried
from tests.publisher.houses import wiego, worldbank_okr
from tests.publisher.houses.house import by_path, robots
from tests.publisher.houses.wordpress import entry, page, rss
from tests.publisher.secure import unsigned_server
from tests.publisher.world import Answer, Asked, Site, World, moved, pdf

_FEED = """slug = "{slug}"
name = "A Publisher"
protocol = "feed"
start = ["{start}"]
verified = false
licence = "Open"
[polite]
delay_seconds = 0.01
timeout_seconds = 1
"""
_PAPER = "http://s.example/paper.pdf"
_ORIGIN = Origin(OriginPlace.RECORD, "api")


def feed_site(host: str, **others: Answer) -> Site:
    """Return a site with a feed of one paper; others are by path without its slash, in place of what stands there."""
    link = f"http://{host}/a/"
    answers = {
        "/robots.txt": robots("User-agent: *\nDisallow: /private/\n"),
        "/feed": rss(
            "A Publisher",
            [
                entry(
                    "Work at home", link, date="Tue, 01 Mar 2022 08:00:00 +0000", category="Papers", content="<p>A</p>"
                )
            ],
        ),
        "/a/": page(
            "Work at home", site="A Publisher", lang="en", published="2022-03-01", body='<a href="/paper.pdf">PDF</a>'
        ),
        "/paper.pdf": pdf("paper"),
    }
    return by_path(answers | {f"/{name}": answer for name, answer in others.items()})


def slow(asked: Asked) -> Answer:
    time.sleep(3)
    return Answer("late")


_LOGIN = Answer('<html><title>Sign in</title><form action="/login"><input type="password" name="p"></form></html>')
_NEW_SITE = Answer("<!doctype html><html><title>Our new site</title><main><h1>Welcome</h1></main></html>")
_SITES: dict[str, Site] = {
    "good": feed_site("good.example"),
    "gone": feed_site("gone.example", feed=Answer("<h1>Gone</h1>", status=410)),
    "moved": feed_site("moved.example", feed=moved("http://good.example/feed", status=301)),
    "login": feed_site("login.example", feed=_LOGIN),
    "changed": feed_site("changed.example", feed=_NEW_SITE),
    "slow": slow,
}


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Return what is said of each publisher, from one run of the command, by slug; `exit` and `list` beside them."""
    folder = tmp_path_factory.mktemp("data")
    (folder / "sources").mkdir()
    for name in _SITES:
        text = _FEED.format(slug=name, start=f"http://{name}.example/feed")
        (folder / "sources" / f"{name}.toml").write_text(text, encoding="utf-8")
    houses = (wiego.HOUSE, worldbank_okr.HOUSE)
    for house in houses:
        (folder / "sources" / f"{house.slug}.toml").write_text(hurried(house.slug), encoding="utf-8")
    sites = {f"{name}.example": site for name, site in _SITES.items()}
    sites |= {host: site for house in houses for host, site in house.sites.items()}
    slugs = [*_SITES, *(house.slug for house in houses)]
    with World(sites) as world, pytest.MonkeyPatch.context() as patch:
        patch.setenv("PUSHCART_DATA_DIR", str(folder))
        patch.setenv("PUSHCART_CONTACT", "librarian@library.example")
        for name, value in world.environment.items():
            patch.setenv(name, value)
        code, printed = ran(["sources", "verify", *slugs, "--json"])
        listed = ran(["sources", "list"])[1]
        asked = world.asked
    said = {each["source"]: each for each in json.loads(printed)}
    return said | {"exit": code, "list": listed, "asked": asked, "folder": folder}


def ran(words: list[str]) -> tuple[int, str]:
    """Run a command, and return its exit code and what it printed."""
    with redirect_stdout(StringIO()) as printed:
        code = run(words)
    return code, printed.getvalue()


def wrong(said: dict) -> list[tuple[str, str]]:
    return [(point["name"], point["said"]) for point in said["points"] if point["state"] in ("wrong", "not_checked")]


@pytest.mark.parametrize("slug", ["good", "wiego"])
def test_a_publisher_that_is_as_its_file_says_is_verified_by_five_requests_at_most(told, slug: str):
    said = told[slug]
    assert (said["verified"], wrong(said)) == (True, [])
    assert [point["name"] for point in said["points"]] == [
        "robots", "address", "list", "paging", "metadata", "licence", "file",
    ]  # fmt: skip
    assert said["points"][-1]["said"].endswith("opens: 1 page.")


def test_no_publisher_is_asked_more_than_five_times(told):
    hosts = {asked.host for asked in told["asked"]}
    assert len(hosts) == len(_SITES) + 2
    asked = {host: sum(each.host == host for each in told["asked"]) for host in hosts - {"good.example"}}
    assert max(asked.values()) <= REQUESTS_MAX
    assert all(each["requests"] <= REQUESTS_MAX for each in told.values() if isinstance(each, dict))


@pytest.mark.parametrize(
    ("slug", "name", "words"),
    [
        ("gone", "address", "http://gone.example/feed: The server answered 410"),
        ("gone", "address", "The list is no longer there: open the site in a browser, and correct `start`."),
        (
            "moved",
            "address",
            "http://moved.example/feed has moved for good to http://good.example/feed. Put the new address into",
        ),
        ("login", "address", "The site sent a page to log in (Sign in) instead of the list: it is not open to all."),
        ("changed", "list", "The answer is not the list that the protocol feed expects."),
        ("slow", "robots", "robots.txt"),
        ("worldbank-okr", "robots", "robots.txt forbids the list. Pushcart does not go past it: ask the publisher"),
    ],
)
def test_each_way_to_fail_is_said_in_words(told, slug: str, name: str, words: str):
    (point,) = wrong(told[slug])
    assert point[0] == name
    assert words in point[1]
    assert not told[slug]["verified"]


def test_one_source_that_is_not_as_its_file_says_makes_the_exit_code_one(told):
    assert told["exit"] == 1


def test_the_list_shows_what_was_verified_and_when_and_what_was_not(told):
    verified, others = (line for line in told["list"].splitlines() if "erified" in line)
    assert verified.startswith("Verified live, never harvested (2): good (20")
    assert "wiego (20" in verified
    assert "gone" in others


def test_a_verified_source_counts_as_verified_until_its_rules_are_others(told):
    folder: Path = told["folder"]
    settings = Settings(data_dir=folder)
    path = folder / "sources" / "good.toml"
    text = path.read_text(encoding="utf-8")

    def good():
        return next(source for source in load_sources(settings) if source.slug == "good")

    assert good().verified
    assert good().verified_on is not None
    path.write_text(text.replace("A Publisher", "Another name").replace("0.01", "2.0"), encoding="utf-8")
    assert good().verified_on is not None
    path.write_text(text.replace("/feed", "/other-feed"), encoding="utf-8")
    assert (good().verified, good().verified_on) == (False, None)
    path.write_text(text, encoding="utf-8")


def test_a_certificate_that_nobody_signed_is_said(tmp_path, monkeypatch):
    (tmp_path / "sources").mkdir()
    monkeypatch.setenv("PUSHCART_DATA_DIR", str(tmp_path))
    with unsigned_server(tmp_path) as url:
        text = _FEED.format(slug="unsigned", start=f"{url}/feed") + "allow_private = true\n"
        (tmp_path / "sources" / "unsigned.toml").write_text(text, encoding="utf-8")
        code, printed = ran(["sources", "verify", "unsigned"])
    assert code == 1
    assert "certificate verify failed" in printed
    assert "Its certificate may have expired, or be for another name." in printed
    assert "Not verified." in printed


def judged(**seen) -> Verification:
    """Return what is said of a visit of which this is known beside what is usual."""
    source = parse_source(_FEED.format(slug="s", start="http://s.example/feed"), path=Path("s.toml"))
    title = {"title": (Evidence(value="Work at home", origin=_ORIGIN),)}
    file = TrialFile(url=_PAPER, kind="pdf", evidence=title)
    usual = Visit(
        requests=4,
        has_robots=True,
        pages=[SeenPage("http://s.example/feed")],
        lists=1,
        listed=10,
        record=TrialRecord(url="http://s.example/a", evidence=title, files=(file,)),
        file=SeenFile(_PAPER, "application/pdf", b"%PDF-1.4 broken"),
    )
    return verification_of(source, replace(usual, **seen), settings=Settings(workers=1))


def said_of(verification: Verification, name: str) -> tuple[State, str]:
    (point,) = (point for point in verification.points if point.name == name)
    return point.state, point.said


def test_a_delay_that_robots_txt_asks_for_is_a_remark():
    state, said = said_of(judged(crawl_delay=10.0), "robots")
    assert (state, said[:66]) == (State.REMARK, "robots.txt allows the list and asks for 10 seconds between request")


def test_a_list_that_should_go_on_and_does_not_is_wrong():
    state, said = said_of(judged(announced=300), "paging")
    assert state is State.WRONG
    assert said.startswith("The publisher announces 300 records and the list names no next page")


def test_a_record_without_a_title_is_wrong():
    file = TrialFile(url=_PAPER, kind="pdf", evidence={})
    state, said = said_of(judged(record=TrialRecord(url="http://s.example/a", files=(file,))), "metadata")
    assert (state, said) == (State.WRONG, "The first record has no title: its fields may have other names now.")


def test_a_file_that_does_not_open_or_does_not_come_is_wrong():
    assert said_of(judged(), "file")[0] is State.WRONG
    state, said = said_of(judged(file=None, file_failure=Failure.of(FailureKind.HTTP_STATUS, status=403)), "file")
    assert state is State.WRONG
    assert "did not come" in said


def test_what_five_requests_do_not_reach_is_not_verified_and_says_what_asks_for_more():
    verification = judged(file=None, requests=5)
    state, said = said_of(verification, "file")
    assert (state, verification.is_verified) == (State.UNKNOWN, False)
    assert "`pushcart sources try s` asks for more." in said


def test_a_repository_in_which_nothing_changed_lately_is_not_wrong():
    state, said = said_of(judged(record=None, listed=0, asked_lately=True), "list")
    assert state is State.UNKNOWN
    assert said.startswith("The repository answers; nothing changed there in the last twenty days.")

"""The decisions behind politeness, without a network: hours, budgets, turns, robots.txt, the words of failures."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from datetime import time as clock

import pytest
from OpenSSL import SSL
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, IgnoreRequest
from told import told
from twisted.python.failure import Failure
from twisted.web._newclient import ParseError, ResponseNeverReceived

from corpus.messages.runs import verdict_in_words
from crawler.net.cache import PageCache
from crawler.net.failures import failure_of
from crawler.net.robots import ROBOTS_BYTES_MAX, read_robots, rules_of_status
from crawler.net.throttle import Throttle, reason_to_pause, retry_after_seconds, server_of
from crawler.sources.model import Politeness
from crawler.sources.schedule import is_open

NIGHT = Politeness(hours=(clock(22), clock(6)), time_zone="Africa/Accra")  # UTC all year
OFFICE = "https://office.example"


def at(hour: int, minute: int = 0, *, month: int = 11, day: int = 23) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)


def test_a_source_without_hours_is_asked_at_any_time():
    assert is_open(Politeness(), at(12))


@pytest.mark.parametrize(("hour", "minute", "opened"), [(21, 59, False), (22, 0, True), (3, 0, True), (6, 0, False)])
def test_hours_go_across_midnight(hour, minute, opened):
    assert is_open(NIGHT, at(hour, minute)) is opened


def test_hours_of_one_day():
    noon = NIGHT.model_copy(update={"hours": (clock(12), clock(13, 30))})
    assert [is_open(noon, at(*moment)) for moment in ((11, 59), (12, 0), (13, 29), (13, 30))] == [
        False,
        True,
        True,
        False,
    ]


def test_hours_are_those_of_the_publishers_own_clock():
    lima = NIGHT.model_copy(update={"time_zone": "America/Lima"})  # five hours behind UTC
    assert not is_open(lima, at(23))
    assert is_open(lima, at(4))


def test_summer_time_moves_the_hours_with_the_clock_on_the_wall():
    madrid = NIGHT.model_copy(update={"time_zone": "Europe/Madrid"})
    assert is_open(madrid, at(20, 30, month=7))  # 22:30 in summer
    assert not is_open(madrid, at(20, 30, month=1))  # 21:30 in winter
    # The night in which 02:00 becomes 03:00 and the one in which 03:00 becomes 02:00 stay open from end to end.
    for day, month in ((29, 3), (25, 10)):
        assert all(is_open(madrid, at(hour, minute, month=month, day=day)) for hour in range(4) for minute in (0, 30))


SPENT = {"requests": 10, "size": 10, "seconds": 10.0}


def test_a_run_within_its_budget_goes_on():
    assert reason_to_pause(Politeness(), **SPENT, now=at(12)) is None


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        ({"requests_max": 10}, "The run reached its limit of 10 requests."),
        ({"mebibytes_max": 0}, "The run reached its limit of 0 MiB."),
        ({"minutes_max": 0}, "The run reached its limit of 0 minutes."),
    ],
)
def test_a_run_pauses_when_its_budget_is_used_up(limit, words):
    assert verdict_in_words(reason_to_pause(Politeness().model_copy(update=limit), **SPENT, now=at(12))) == words


def test_a_run_that_begins_outside_its_hours_says_so_and_one_that_outlives_them_too():
    begun = reason_to_pause(NIGHT, **SPENT | {"requests": 0}, now=at(12))
    assert (
        verdict_in_words(begun)
        == "The source may be harvested between 22:00-06:00 Africa/Accra only; nothing was requested."
    )
    assert "are over (22:00-06:00 Africa/Accra)" in verdict_in_words(reason_to_pause(NIGHT, **SPENT, now=at(12)))


def test_turns_of_one_server_are_a_delay_apart_and_those_of_two_are_not():
    turns = Throttle(delay_seconds=2.0)
    assert [turns.reserve("a", now=100.0) for _ in range(3)] == [100.0, 102.0, 104.0]
    assert turns.reserve("b", now=100.0) == 100.0


def test_a_server_is_the_same_with_and_without_www_and_whatever_the_port():
    assert server_of("https://www.office.example/a") == server_of("http://OFFICE.example:8080/b") == "office.example"
    assert server_of("https://files.office.example/") != server_of("https://office.example/")


def test_what_took_long_to_connect_does_not_bring_the_next_request_closer():
    turns = Throttle(delay_seconds=2.0)
    assert turns.seconds_to_send("a", now=103.0) <= 0
    turns.sent("a", now=103.0)  # its turn was at 100, and connecting took three seconds
    assert turns.seconds_to_send("a", now=103.5) == pytest.approx(1.5, abs=0.05)
    assert turns.reserve("a", now=103.5) == 105.0


def test_a_crawl_delay_lengthens_the_distance_and_never_shortens_it():
    turns = Throttle(delay_seconds=2.0)
    turns.reserve("a", now=100.0)
    turns.lengthen("a", seconds=30.0)
    turns.lengthen("a", seconds=1.0)
    assert turns.reserve("a", now=101.0) == 130.0


def test_a_pause_counts_for_the_whole_server_and_the_longest_wins():
    turns = Throttle(delay_seconds=0.0)
    turns.keep_quiet("a", until=160.0)
    turns.keep_quiet("a", until=120.0)
    assert turns.reserve("a", now=100.0) == 160.0


def test_retry_after_that_is_nonsense_counts_as_none():
    for header in (b"soon", b"-5", b"", b"1e9", "٣٠".encode(), b"Mon, 99 Nov 2026 12:00:30 GMT"):
        assert retry_after_seconds(header, now=at(12)) is None


def robots(*lines: str, path: str = "/a") -> bool:
    return read_robots("\n".join(lines).encode()).allows(OFFICE + path)


def test_the_longest_rule_decides_and_allow_wins_a_draw():
    rules = ("User-agent: *", "Disallow: /reports/", "Allow: /reports/public/", "Disallow: /same", "Allow: /same")
    assert not robots(*rules, path="/reports/1")
    assert robots(*rules, path="/reports/public/1")
    assert robots(*rules, path="/same")


def test_wildcards_and_ends_of_addresses_are_understood():
    rules = ("User-agent: *", "Disallow: /*.pdf$", "Disallow: /*?print=")
    assert not robots(*rules, path="/x/a.pdf")
    assert robots(*rules, path="/x/a.pdf?x=1")
    assert not robots(*rules, path="/x?print=1")


def test_a_group_for_us_counts_instead_of_the_one_for_all():
    rules = ("User-agent: *", "Disallow: /", "", "User-agent: pushCart", "User-agent: other", "Disallow: /drafts/")
    assert robots(*rules)
    assert not robots(*rules, path="/drafts/1")


@pytest.mark.parametrize("agent", ["Pushcart/1.0", "pushcart", "Pushcart (bot)"])
def test_our_name_is_read_in_the_spellings_that_people_use(agent):
    assert not robots(f"User-agent: {agent}", "Disallow: /")


@pytest.mark.parametrize("agent", ["Push", "p", "cart", "Pushcarter", "GPTBot", "a*"])
def test_a_group_for_another_robot_is_not_ours(agent):
    assert robots(f"User-agent: {agent}", "Disallow: /")


def test_a_byte_order_mark_and_utf_16_do_not_hide_the_first_group():
    assert not read_robots(b"\xef\xbb\xbfUser-agent: *\nDisallow: /").allows(OFFICE)
    assert not read_robots("User-agent: *\nDisallow: /".encode("utf-16")).allows(OFFICE)


def test_a_web_page_in_place_of_robots_has_no_rules():
    assert robots("<!doctype html><pre>", "User-agent: *", "Disallow: /", "</pre>")


def test_what_stands_behind_500_kib_of_robots_is_not_read():
    padding = "#" * ROBOTS_BYTES_MAX
    assert robots(padding, "User-agent: *", "Disallow: /")
    assert not robots("User-agent: *", "Disallow: /", padding)


def test_robots_with_thousands_of_names_and_rules_is_read_in_little_time():
    names = [f"User-agent: robot-{number}" for number in range(12_000)]
    rules = [f"Disallow: /{number}" for number in range(12_000)]
    started = time.process_time()
    assert robots(*names, "User-agent: *", *rules, path="/nowhere") is True
    assert robots(*names, "User-agent: *", *rules, path="/11999") is False
    assert time.process_time() - started < 5


def test_a_crawl_delay_is_ours_or_that_of_all_and_has_an_end():
    assert read_robots(b"User-agent: *\nCrawl-delay: 10").crawl_delay == 10
    assert read_robots(b"User-agent: Other\nCrawl-delay: 10").crawl_delay == 0
    assert read_robots(b"User-agent: *\nCrawl-delay: 86400").crawl_delay == 120
    assert read_robots(b"User-agent: *\nCrawl-delay: nan").crawl_delay == 0


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 451])
def test_a_robots_txt_that_is_not_there_allows_everything(status):
    assert rules_of_status(status, b"User-agent: *\nDisallow: /").allows(OFFICE)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_robots_txt_that_the_server_cannot_give_now_forbids_everything(status):
    rules = rules_of_status(status, b"")
    assert not rules.allows(OFFICE)
    assert f"The server answered {status}" in told(rules.trouble)


@pytest.mark.shared
def test_every_saved_robots_txt_is_read(shared_data):
    files = sorted((shared_data / "harvest" / "robots").iterdir())
    rules = [read_robots(path.read_bytes()) for path in files]
    assert len(rules) > 800
    refused = sum(not each.allows(f"https://{path.name}/") for each, path in zip(rules, files, strict=True))
    assert 0 < refused < len(rules) / 4


def test_a_run_that_is_paused_each_night_is_gone_on_with_for_weeks_but_not_for_ever(tmp_path):
    cache = PageCache(tmp_path / "pages.sqlite")
    began = at(22)
    assert cache.begin_run(began) is None
    assert [cache.begin_run(began + timedelta(days=night)) for night in range(1, 59)] == [began] * 58
    assert cache.begin_run(began + timedelta(days=60)) is None
    assert cache.begin_run(began + timedelta(days=61)) == began + timedelta(days=60)


def test_a_run_with_which_nobody_went_on_for_a_week_is_over(tmp_path):
    cache = PageCache(tmp_path / "pages.sqlite")
    cache.begin_run(at(22))
    assert cache.begin_run(at(22) + timedelta(days=8)) is None


def test_what_lies_behind_a_failure_is_said_in_words():
    broken = DownloadFailedError("broken")
    broken.__cause__ = ResponseNeverReceived([Failure(SSL.Error([("SSL routines", "", "certificate has expired")]))])
    assert told(failure_of(broken)) == "A secure connection could not be established (certificate has expired)."
    nonsense = DownloadFailedError("nonsense")
    nonsense.__cause__ = ResponseNeverReceived([Failure(ParseError("no HTTP", b"SSH-2.0"))])
    assert told(failure_of(nonsense)) == "The server does not follow the HTTP protocol."
    assert told(failure_of(DownloadTimeoutError())) == "The server did not answer in time."
    assert told(failure_of(IgnoreRequest("max redirections reached"))) == "It redirects in a circle, or too often."


OTHER_LINES = (
    "Noindex: /x",
    "Request-rate: 1/5",
    "Visit-time: 0100-0200",
    "Host: office.example",
    "Clean-param: ref /",
    "Sitemap: https://office.example/map.xml",
    "Content-Signal: search=yes",
    "X-Robots-Tag: none",
    "Made up : yes",
    "unknown_field: 1",
    "# a comment",
    "",
)


@pytest.mark.parametrize("line", OTHER_LINES)
def test_a_line_that_the_standard_does_not_know_parts_no_group(line):
    rules = read_robots(f"User-agent: Pushcart\n{line}\nUser-agent: *\nDisallow: /\n".encode())
    assert not rules.allows("https://office.example/x")


def test_a_crawl_delay_below_our_name_is_a_group_of_our_own():
    rules = read_robots(b"User-agent: Pushcart\nCrawl-delay: 5\n\nUser-agent: *\nDisallow: /\n")
    assert rules.allows("https://office.example/x")
    assert rules.crawl_delay == 5


def test_a_server_that_answers_slowly_is_asked_less_often_and_more_often_again_when_it_recovers():
    throttle = Throttle(delay_seconds=1.0)
    throttle.answered("a", seconds=9.0, is_sound=True)
    assert throttle.of("a").delay == 9.0
    throttle.answered("a", seconds=0.1, is_sound=False)  # errors come fast
    assert throttle.of("a").delay == 9.0
    for _ in range(9):
        throttle.answered("a", seconds=0.1, is_sound=True)
    assert throttle.of("a").delay == 1.0
    assert throttle.of("b").delay == 1.0

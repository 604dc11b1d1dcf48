"""The quick half of the attack on a running server; `make attack` tries more of everything, and for longer."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from tests.attack import parts
from tests.attack.parts import Found
from tests.attack.queries import COSTLY, PLACES, fuzzed, quoted
from tests.attack.served import ROOT, Served, served


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with served(ROOT, tmp_path_factory.mktemp("attacked")) as server:
        yield server


def in_time(seconds: float = 60) -> float:
    """Return when a part gives up: only reached where requests kill the server or cost far too much."""
    return time.monotonic() + seconds


def assert_nothing_got_through(found: Found) -> None:
    """Fail with what got through, and with what was not even tried."""
    assert not found.through, "\n".join([f"{found.part}: {found.figures}", *found.through])
    assert found.tried >= found.wanted


def test_a_forged_cursor_is_refused_and_costs_nothing(server: Served) -> None:
    assert_nothing_got_through(parts.cursors(server, until=in_time()))


def test_the_costliest_searches_cost_less_than_two_seconds_and_200_mib(server: Served) -> None:
    requests = [f"{PLACES[number % 3]}?q={quoted(text)}" for number, text in enumerate(COSTLY)]
    requests += [f"/report?q={quoted(text)}" for text in COSTLY[::8]]
    found = Found("costly searches", wanted=len(requests))
    assert_nothing_got_through(parts.weigh_all(server, requests, found, until=in_time()))


def test_fuzzed_searches_are_answered_or_refused_in_words(server: Served) -> None:
    found = Found("fuzzed searches", wanted=150)
    assert_nothing_got_through(parts.weigh_all(server, fuzzed(150, seed=7), found, until=in_time()))


def test_hostile_headers_methods_and_paths_get_nothing(server: Served) -> None:
    assert_nothing_got_through(parts.forms(server, until=in_time()))


def test_strangers_are_told_no_folders_and_sent_no_signs_that_act(server: Served) -> None:
    assert_nothing_got_through(parts.shown(server))


def test_a_search_is_answered_while_slow_clients_hold_their_requests_open(server: Served) -> None:
    assert_nothing_got_through(parts.slow_clients(server, count=60, seconds=0, must_be_dropped=False))


def test_the_server_was_never_killed(server: Served) -> None:
    assert server.kills == 0
    assert server.get("/readyz").status == 200

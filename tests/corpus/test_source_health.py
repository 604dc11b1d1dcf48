"""A source's state in a word, and what a librarian does about it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from corpus.reasons import Failure
from corpus.run_reasons import Verdict
from corpus.runs import FAILURES_KEPT, HarvestRun, RunFailure, RunState
from corpus.source_health import Declared, SourceHealth, SourceState, what_next
from corpus.types import LOCAL_SOURCE
from tests.builders import A_DAY, make_source


def make_run(state: RunState = RunState.FINISHED, **counts: Any) -> HarvestRun:
    return HarvestRun("sample", A_DAY, A_DAY + timedelta(minutes=1), state, Verdict.told("Words."), **counts)


def make_health(run: HarvestRun | None = None, *, slug: str = "sample", **others: Any) -> SourceHealth:
    return SourceHealth(**{"source": make_source(slug), "documents": 0, "files": 0, "last_run": run} | others)


@pytest.mark.parametrize(
    ("health", "state"),
    [
        (make_health(make_run()), SourceState.WELL),
        (make_health(make_run(RunState.BROKEN)), SourceState.BROKEN),
        (make_health(make_run(RunState.CRASHED)), SourceState.CRASHED),
        (make_health(make_run(RunState.PAUSED)), SourceState.PAUSED),
        (make_health(make_run(RunState.INTERRUPTED)), SourceState.INTERRUPTED),
        (make_health(), SourceState.NEVER),
        (make_health(declared=Declared()), SourceState.NEVER),
        (make_health(declared=Declared(verified=False)), SourceState.UNVERIFIED),
        (make_health(make_run(), declared=Declared(verified=False)), SourceState.WELL),
        (make_health(slug=LOCAL_SOURCE, documents=2), SourceState.WELL),
        (make_health(slug=LOCAL_SOURCE), SourceState.NEVER),
    ],
)
def test_a_source_is_in_one_state(health: SourceHealth, state: SourceState) -> None:
    assert health.state is state
    assert health.needs_a_look == (state in (SourceState.BROKEN, SourceState.CRASHED))


@pytest.mark.parametrize(
    ("counts", "words"),
    [
        ({"pages_failed": 1}, "correct `start`"),
        ({"listings": 1, "offered": 10, "refused": 5}, "robots.txt"),
        ({"listings": 1, "offered": 10, "failed": 6}, "could not be fetched"),
        ({"listings": 1, "offered": 10, "new": 10, "announced": 90, "records": 10}, "is incomplete"),
        ({"listings": 1, "offered": 3, "new": 3, "expected": 20}, "`at_least`"),
        ({"listings": 1, "offered": 90, "new": 90, "expected": 20}, "`[expect]`"),
    ],
)
def test_a_broken_source_says_what_to_look_at_first(counts: dict[str, int], words: str) -> None:
    advice = what_next(make_health(make_run(RunState.BROKEN, **counts)))
    assert words in advice
    assert advice.endswith("Then `pushcart harvest sample`.")


@pytest.mark.parametrize("state", [RunState.CRASHED, RunState.PAUSED, RunState.INTERRUPTED])
def test_a_run_that_did_not_end_says_that_the_next_one_goes_on(state: RunState) -> None:
    assert "continues" in what_next(make_health(make_run(state)))


def test_nothing_is_to_be_done_for_what_works_and_for_ones_own_documents() -> None:
    assert what_next(make_health(make_run())) == ""
    assert what_next(make_health(make_run(RunState.BROKEN), slug=LOCAL_SOURCE)) == ""
    assert what_next(make_health()) == ""


def test_a_source_that_nobody_tried_is_tried_first() -> None:
    assert "sources try" in what_next(make_health(declared=Declared(verified=False)))
    assert "harvest sample" in what_next(make_health(declared=Declared()))


def test_a_run_says_how_many_failures_it_counted_beyond_those_it_lists() -> None:
    few = (RunFailure("https://example.org/a.pdf", Failure.told("404")),)
    assert make_run(failed=9, failures=few).failures_left_out == 0
    assert make_run(failed=350, refused=20, failures=few * FAILURES_KEPT).failures_left_out == 170


def test_a_run_says_how_many_offers_it_did_not_come_to() -> None:
    assert make_run(offered=10, new=2, changed=1, unchanged=1, gone=1, refused=1, failed=1).not_ended == 3

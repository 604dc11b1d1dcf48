"""When a source is due."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from corpus.errors import BadSource
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from crawler.sources.load import parse_source
from crawler.sources.schedule import due_at, due_sources

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def source(slug: str = "a", *, schedule: str = "every_days = 7"):
    text = f"""
slug = "{slug}"
name = "A"
protocol = "feed"
start = ["https://example.org/feed"]
[schedule]
{schedule}
"""
    return parse_source(text, path=Path("a.toml"))


def run(state: RunState = RunState.FINISHED, *, ago: timedelta) -> HarvestRun:
    return HarvestRun(source="a", started=NOON - ago, ended=NOON - ago, state=state, verdict=Verdict.told(""))


def test_a_source_that_was_never_harvested_is_due_at_once():
    assert due_at(source(), None) is None


def test_a_finished_source_is_due_when_its_time_has_passed():
    assert due_at(source(), run(ago=2 * DAY)) == NOON + 5 * DAY
    assert due_at(source(schedule="every_days = 0.5"), run(ago=DAY)) == NOON - DAY / 2


def test_a_broken_source_is_tried_again_the_next_day_and_never_later_than_its_schedule():
    assert due_at(source(), run(RunState.BROKEN, ago=timedelta(0))) == NOON + DAY
    assert due_at(source(schedule="every_days = 0.25"), run(RunState.BROKEN, ago=timedelta(0))) == NOON + DAY / 4


@pytest.mark.parametrize("state", [RunState.INTERRUPTED, RunState.PAUSED, RunState.CRASHED])
def test_a_run_that_did_not_come_to_its_end_is_gone_on_with_at_once(state):
    assert due_at(source(), run(state, ago=timedelta(0))) is None


def test_what_waits_longest_goes_first():
    sources = [source("a"), source("b"), source("c"), source("d")]
    last_runs = {"a": run(ago=8 * DAY), "b": run(ago=20 * DAY), "c": run(ago=DAY)}
    assert [each.slug for each in due_sources(sources, last_runs=last_runs, now=NOON)] == ["d", "b", "a"]


def test_a_source_is_not_due_outside_its_hours():
    by_night = source(schedule='every_days = 7\n[polite]\nhours = "22:00-06:00"')
    assert due_sources([by_night], last_runs={}, now=NOON) == ()
    assert due_sources([by_night], last_runs={}, now=NOON.replace(hour=23)) == (by_night,)


@pytest.mark.parametrize(
    ("schedule", "words"),
    [("every_days = 0", "`every_days` is 0"), ('every_days = "weekly"', "must be a number"), ("daily = true", "daily")],
)
def test_a_schedule_that_makes_no_sense_is_refused_with_its_line(schedule, words):
    with pytest.raises(BadSource, match=r"a\.toml, line 7") as refused:
        source(schedule=schedule)
    assert words in refused.value.message

"""Runs of a harvest in words, rows and bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import run_in_words
from corpus.runs import HarvestRun, RunFailure, RunState
from corpus.types import Source
from search_api.api.run_names import run_name
from web.addresses import outside
from web.contexts import Link
from web.source_contexts import Amount, FailureLine, History, RunBar, RunLine, RunPage
from web.wording import (
    RUN_STATE_WORDS,
    counted,
    day_in_words,
    duration_in_words,
    grouped,
    moment_in_words,
    size_in_words,
    without_controls,
)

ADDRESS_CHARACTERS = 300
"""Of an address that is shown; a link leads to the whole of it."""
REASONS_SHOWN = 8
BARS_MIN = 12
"""A few runs are no reason for fat bars."""
MOODS: Mapping[RunState, str] = {
    RunState.FINISHED: "good",
    RunState.BROKEN: "poor",
    RunState.CRASHED: "poor",
    RunState.PAUSED: "idle",
    RunState.INTERRUPTED: "idle",
}
UNKNOWN = "–"


def run_address(run: HarvestRun) -> str:
    """Return where the report of a run stands, for ever."""
    return f"/sources/{run.source}/runs/{run_name(run.started)}"


def amounts_of(run: HarvestRun) -> tuple[Amount, ...]:
    """Return what a librarian looks at first, in one order everywhere."""
    return (
        amount("Offered", run.offered),
        amount("New", run.new),
        amount("Unchanged", run.unchanged),
        amount("Changed", run.changed),
        amount("Gone", run.gone),
        amount("No longer listed", run.unlisted),
        amount("Refused by robots.txt", run.refused),
        amount("Failed", run.failed, is_bad=10 * run.failed > run.offered),
        amount("Skipped by rule", run.skipped),
        amount("Expected at least", run.expected, is_bad=is_less_than_expected(run)),
        amount("Announced", run.announced),
        amount("Held", run.held),
    )


def is_less_than_expected(run: HarvestRun) -> bool:
    """Say whether a run that went through brought less than its source promises."""
    return run.state is RunState.BROKEN and run.expected is not None and run.documents < run.expected


def amount(words: str, number: int | None, *, is_bad: bool = False) -> Amount:
    """Return a count in words; a dash where nobody knows."""
    return Amount(words, UNKNOWN if number is None else grouped(number), is_nil=not number, is_bad=is_bad)


def run_line(run: HarvestRun) -> RunLine:
    """Return a run as one row."""
    return RunLine(
        href=run_address(run),
        started=run.started,
        state=RUN_STATE_WORDS[run.state],
        mood=MOODS[run.state],
        amounts=amounts_of(run),
    )


def history(runs: Sequence[HarvestRun], *, expected: int | None) -> History | None:
    """Return runs as bars; None when there are too few to compare.

    Args:
        runs: newest first.
        expected: how many files the source promises; a line is drawn there.
    """
    if len(runs) < 2:
        return None
    ordered = tuple(reversed(runs))
    highest = max([run.documents for run in ordered] + [expected or 0]) or 1
    step = 100 / max(len(ordered), BARS_MIN)
    return History(
        bars=tuple(
            RunBar(
                x=round(position * step, 2),
                width=round(step * 0.8, 2),
                confirmed=round(100 * run.unchanged / highest, 1),
                fresh=round(max(100 * (run.new + run.changed) / highest, 0 if run.unchanged else 2), 1),
                label=_bar_in_words(run),
                is_bad=run.state in (RunState.BROKEN, RunState.CRASHED),
            )
            for position, run in enumerate(ordered)
        ),
        highest=highest,
        expected=round(100 * (expected or 0) / highest, 1),
        first=ordered[0].started,
        last=ordered[-1].started,
    )


def _bar_in_words(run: HarvestRun) -> str:
    fresh = run.new + run.changed
    files = counted(run.documents, "file", "files")
    return f"{day_in_words(run.started)}: {files}, {grouped(fresh)} new or changed. {RUN_STATE_WORDS[run.state]}."


def run_page(run: HarvestRun, *, source: Source, earlier: HarvestRun | None, later: HarvestRun | None) -> RunPage:
    """Return the report of a run.

    Args:
        earlier: the run before it; None: it is the first.
        later: the run after it; None: it is the last.
    """
    return RunPage(
        source=Link(without_controls(source.name), f"/sources/{source.slug}"),
        started=run.started,
        ended=run.ended,
        duration=duration_in_words(run.seconds),
        state=RUN_STATE_WORDS[run.state],
        mood=MOODS[run.state],
        words=without_controls(run_in_words(run)),
        asked=_asked(run),
        ends=_ends(run),
        offered=grouped(run.offered),
        promises=(
            amount("Expected at least", run.expected, is_bad=is_less_than_expected(run)),
            amount("Brought or confirmed", run.documents),
            amount("Records announced by the publisher", run.announced),
            amount("Records that its lists named", run.records),
            amount("No longer listed", run.unlisted),
            amount("Held after the run", run.held),
        ),
        traffic=(
            amount("Lists looked at", run.listings),
            amount("Lists that could not be read", run.pages_failed, is_bad=run.pages_failed > 0),
            amount("Landing pages looked at", run.landing_pages),
            amount("Requests", run.requests),
            amount("Answered “not modified”", run.not_modified),
            Amount("Fetched", size_in_words(run.bytes)),
        ),
        skipped=tuple(
            (without_controls(reason_in_words(rule)), count)
            for rule, count in sorted(run.skipped_by.items(), key=lambda each: (-each[1], each[0]))
        ),
        skipped_total=run.skipped,
        reasons=tuple(
            (without_controls(reason_in_words(reason)), count)
            for reason, count in Counter(each.reason for each in run.failures).most_common(REASONS_SHOWN)
        ),
        failures=tuple(_failure(each) for each in run.failures),
        failures_left_out=run.failures_left_out,
        earlier=run_address(earlier) if earlier else "",
        later=run_address(later) if later else "",
        api=f"/api/v1/sources/{run.source}/runs/{run_name(run.started)}",
    )


def _asked(run: HarvestRun) -> str:
    asked = (
        "It asked for everything"
        if run.since is None
        else f"It asked for what changed since {moment_in_words(run.since)}"
    )
    return f"{asked}, and saw all of it." if run.is_complete else f"{asked}, and did not see all of it."


def _ends(run: HarvestRun) -> tuple[Amount, ...]:
    """Return how the offers ended; the amounts add up to what was offered."""
    ends = (
        amount("New", run.new),
        amount("Unchanged", run.unchanged),
        amount("Changed: the new version is kept beside the old", run.changed),
        amount("Gone: the publisher no longer has them, they are kept here", run.gone),
        amount("Refused by robots.txt", run.refused),
        amount("Failed", run.failed, is_bad=run.failed > 0),
    )
    return (*ends, amount("Not come to, because it did not go to its end", run.not_ended)) if run.not_ended else ends


def _failure(failure: RunFailure) -> FailureLine:
    return FailureLine(
        address=shortened(failure.url),
        href=outside(failure.url),
        reason=without_controls(reason_in_words(failure.reason)),
        referrer=shortened(failure.referrer),
        referrer_href=outside(failure.referrer),
    )


def shortened(address: str) -> str:
    """Return an address as it is shown: a trap of 2,000 characters is not the page's main matter."""
    plain = without_controls(address)
    return plain if len(plain) <= ADDRESS_CHARACTERS else f"{plain[:ADDRESS_CHARACTERS]}…"

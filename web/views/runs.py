"""Runs of a harvest in words, rows and bars."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from corpus.messages import gettext, ngettext
from corpus.messages.dates import written_moment
from corpus.messages.formats import grouped
from corpus.messages.reasons import reason_in_words
from corpus.messages.runs import run_in_words
from corpus.runs import HarvestRun, RunFailure, RunState
from corpus.types import Source
from search_api.api.run_names import run_name
from web.addresses import outside
from web.contexts import TextLink
from web.format import RUN_STATE_WORDS, day_in_words, duration_in_words, size_in_words, without_controls
from web.source_contexts import Amount, FailureLine, History, RunBar, RunLine, RunPage

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
    """Return where the report of a run stands, forever."""
    return f"/sources/{run.source}/runs/{run_name(run.started)}"


def amounts_of(run: HarvestRun, *, lang: str) -> tuple[Amount, ...]:
    """Return what a librarian looks at first, in one order everywhere."""
    return (
        amount(gettext("Offered", lang=lang), run.offered, lang=lang),
        amount(gettext("New", lang=lang), run.new, lang=lang),
        amount(gettext("Unchanged", lang=lang), run.unchanged, lang=lang),
        amount(gettext("Changed", lang=lang), run.changed, lang=lang),
        amount(gettext("Gone", lang=lang), run.gone, lang=lang),
        amount(gettext("No longer listed", lang=lang), run.unlisted, lang=lang),
        amount(gettext("Refused by robots.txt", lang=lang), run.refused, lang=lang),
        amount(gettext("Failed", lang=lang), run.failed, lang=lang, is_bad=10 * run.failed > run.offered),
        amount(gettext("Skipped by rule", lang=lang), run.skipped, lang=lang),
        amount(gettext("Expected at least", lang=lang), run.expected, lang=lang, is_bad=is_less_than_expected(run)),
        amount(gettext("Announced", lang=lang), run.announced, lang=lang),
        amount(gettext("In the collection", lang=lang), run.held, lang=lang),
    )


def is_less_than_expected(run: HarvestRun) -> bool:
    """Say whether a run that went through brought less than its source promises."""
    return run.state is RunState.BROKEN and run.expected is not None and run.documents < run.expected


def amount(words: str, number: int | None, *, lang: str, is_bad: bool = False) -> Amount:
    """Return a count with its words, which are in the language already; a dash if it is unknown."""
    return Amount(words, UNKNOWN if number is None else grouped(number, lang=lang), is_nil=not number, is_bad=is_bad)


def run_line(run: HarvestRun, *, lang: str) -> RunLine:
    """Return a run as one row."""
    return RunLine(
        href=run_address(run),
        started=run.started,
        state=gettext(RUN_STATE_WORDS[run.state], lang=lang),
        mood=MOODS[run.state],
        amounts=amounts_of(run, lang=lang),
    )


def history(runs: Sequence[HarvestRun], *, expected: int | None, lang: str) -> History | None:
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
                label=_bar_in_words(run, lang=lang),
                is_bad=run.state in (RunState.BROKEN, RunState.CRASHED),
            )
            for position, run in enumerate(ordered)
        ),
        highest=highest,
        expected=round(100 * (expected or 0) / highest, 1),
        first=ordered[0].started,
        last=ordered[-1].started,
    )


def _bar_in_words(run: HarvestRun, *, lang: str) -> str:
    return gettext(
        "{day}: {files}, {fresh} new or changed. {state}.",
        day=day_in_words(run.started, lang=lang),
        files=ngettext("{count} file", "{count} files", run.documents, lang=lang),
        fresh=grouped(run.new + run.changed, lang=lang),
        state=gettext(RUN_STATE_WORDS[run.state], lang=lang),
        lang=lang,
    )


def run_page(
    run: HarvestRun, *, source: Source, earlier: HarvestRun | None, later: HarvestRun | None, lang: str
) -> RunPage:
    """Return the report of a run.

    Args:
        earlier: the run before it; None: it is the first.
        later: the run after it; None: it is the last.
        lang: of the page: en, es, fr or pt.
    """
    return RunPage(
        source=TextLink(without_controls(source.name), f"/sources/{source.slug}"),
        started=run.started,
        ended=run.ended,
        duration=duration_in_words(run.seconds),
        state=gettext(RUN_STATE_WORDS[run.state], lang=lang),
        mood=MOODS[run.state],
        words=without_controls(run_in_words(run, lang=lang)),
        asked=_asked(run, lang=lang),
        ends=_ends(run, lang=lang),
        offered=grouped(run.offered, lang=lang),
        promises=(
            amount(gettext("Expected at least", lang=lang), run.expected, lang=lang, is_bad=is_less_than_expected(run)),
            amount(gettext("New or confirmed", lang=lang), run.documents, lang=lang),
            amount(gettext("Records announced by the publisher", lang=lang), run.announced, lang=lang),
            amount(gettext("Records in its lists", lang=lang), run.records, lang=lang),
            amount(gettext("No longer listed", lang=lang), run.unlisted, lang=lang),
            amount(gettext("In the collection after the run", lang=lang), run.held, lang=lang),
        ),
        traffic=(
            amount(gettext("Lists read", lang=lang), run.listings, lang=lang),
            amount(
                gettext("Lists that could not be read", lang=lang),
                run.pages_failed,
                lang=lang,
                is_bad=run.pages_failed > 0,
            ),
            amount(gettext("Landing pages read", lang=lang), run.landing_pages, lang=lang),
            amount(gettext("Requests", lang=lang), run.requests, lang=lang),
            amount(gettext("Answered “not modified”", lang=lang), run.not_modified, lang=lang),
            Amount(gettext("Fetched", lang=lang), size_in_words(run.bytes, lang=lang)),
        ),
        skipped=tuple(
            (without_controls(reason_in_words(rule, lang=lang)), count)
            for rule, count in sorted(run.skipped_by.items(), key=lambda each: (-each[1], each[0]))
        ),
        skipped_total=run.skipped,
        reasons=tuple(
            (without_controls(reason_in_words(reason, lang=lang)), count)
            for reason, count in Counter(each.reason for each in run.failures).most_common(REASONS_SHOWN)
        ),
        failures=tuple(_failure(each, lang=lang) for each in run.failures),
        failures_left_out=run.failures_left_out,
        earlier=run_address(earlier) if earlier else "",
        later=run_address(later) if later else "",
        api=f"/api/v1/sources/{run.source}/runs/{run_name(run.started)}",
    )


def _asked(run: HarvestRun, *, lang: str) -> str:
    if run.since is None:
        if run.is_complete:
            return gettext("Full run, complete.", lang=lang)
        return gettext("Full run, incomplete.", lang=lang)
    since = written_moment(run.since, lang=lang)
    if run.is_complete:
        return gettext("Run for changes since {moment}, complete.", moment=since, lang=lang)
    return gettext("Run for changes since {moment}, incomplete.", moment=since, lang=lang)


def _ends(run: HarvestRun, *, lang: str) -> tuple[Amount, ...]:
    """Return how the offers ended; the amounts add up to what was offered."""
    ends = (
        amount(gettext("New", lang=lang), run.new, lang=lang),
        amount(gettext("Unchanged", lang=lang), run.unchanged, lang=lang),
        amount(gettext("Changed: the new version is kept beside the old", lang=lang), run.changed, lang=lang),
        amount(gettext("Gone: no longer at the publisher, kept here", lang=lang), run.gone, lang=lang),
        amount(gettext("Refused by robots.txt", lang=lang), run.refused, lang=lang),
        amount(gettext("Failed", lang=lang), run.failed, lang=lang, is_bad=run.failed > 0),
    )
    return (
        (*ends, amount(gettext("Not reached, because the run ended early", lang=lang), run.not_ended, lang=lang))
        if run.not_ended
        else ends
    )


def _failure(failure: RunFailure, *, lang: str) -> FailureLine:
    return FailureLine(
        address=shortened(failure.url),
        href=outside(failure.url),
        reason=without_controls(reason_in_words(failure.reason, lang=lang)),
        referrer=shortened(failure.referrer),
        referrer_href=outside(failure.referrer),
    )


def shortened(address: str) -> str:
    """Return an address as it is shown: a trap of 2,000 characters is not the page's main matter."""
    plain = without_controls(address)
    return plain if len(plain) <= ADDRESS_CHARACTERS else f"{plain[:ADDRESS_CHARACTERS]}…"

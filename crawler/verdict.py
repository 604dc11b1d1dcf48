"""Say how a run ended. A source that brings less than it promises is broken, not quiet."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from crawler.sources.model import RunExpectation

ANNOUNCED_SHARE_MIN = 0.9
"""Publishers' own counts are often a little off; fewer records than this share of them is a list that broke off."""


def judge(
    run: HarvestRun,
    *,
    expect: RunExpectation,
    earlier: Sequence[HarvestRun] = (),
    stopped: bool = False,
    pause: Verdict | None = None,
) -> tuple[RunState, Verdict]:
    """Say in which state a run ended, and why. Touches nothing.

    A run that asked only for what changed is judged by what the source holds after it.

    Args:
        run: its counts; state and verdict are not looked at.
        earlier: runs of the same source, newest first.
        stopped: a person or the system ended it before its time.
        pause: why it pauses until the next run, None when it does not.
    """
    if stopped:
        return RunState.INTERRUPTED, Verdict(VerdictKind.STOPPED)
    if pause is not None:
        return RunState.PAUSED, pause
    if run.pages_failed and not run.listings:
        return RunState.BROKEN, Verdict(VerdictKind.NO_LIST_READ)
    documents = run.documents if run.since is None else run.held
    if documents < expect.at_least:
        return RunState.BROKEN, Verdict.of(VerdictKind.TOO_FEW, at_least=expect.at_least)
    if expect.at_most is not None and documents > expect.at_most:
        return RunState.BROKEN, Verdict.of(VerdictKind.TOO_MANY, at_most=expect.at_most)
    if run.announced is not None and run.records < ANNOUNCED_SHARE_MIN * run.announced:
        fewer = Verdict.of(VerdictKind.FEWER_THAN_ANNOUNCED, announced=run.announced, records=run.records)
        return RunState.BROKEN, fewer
    if dropped := _drop(run, expect=expect, earlier=earlier):
        return RunState.BROKEN, dropped
    return RunState.FINISHED, Verdict(VerdictKind.AS_EXPECTED)


def _drop(run: HarvestRun, *, expect: RunExpectation, earlier: Sequence[HarvestRun]) -> Verdict | None:
    """Return how much more the last full run brought, when this one brought suspiciously little; else None."""
    if run.since is not None:
        return None
    before = next((each for each in earlier if is_full(each)), None)
    if before is None or run.documents >= expect.drop_share_max * before.documents:
        return None
    return Verdict.of(VerdictKind.DROPPED, day=f"{before.started:%Y-%m-%d}", documents=before.documents)


def is_full(run: HarvestRun) -> bool:
    """Say whether a run asked for everything, saw it all, and brought what was promised."""
    return run.state is RunState.FINISHED and run.since is None and run.is_complete

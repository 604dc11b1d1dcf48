"""Say how a run ended. A source that brings less than it promises is broken, not quiet."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.runs import HarvestRun, RunState
from crawler.declaration import Expectation

ANNOUNCED_SHARE_MIN = 0.9
"""Publishers' own counts are often a little off; fewer records than this share of them is a list that broke off."""


def judge(
    run: HarvestRun, *, expect: Expectation, earlier: Sequence[HarvestRun] = (), stopped: bool = False, pause: str = ""
) -> tuple[RunState, str]:
    """Say in which state a run ended, and why, in words. Touches nothing.

    A run that asked only for what changed is judged by what the source holds after it.

    Args:
        run: its counts; state and words are not looked at.
        earlier: runs of the same source, newest first.
        stopped: a person or the system ended it before its time.
        pause: why it pauses until the next run, as a sentence; empty when it does not.
    """
    brought = _sentence(run)
    if stopped:
        return RunState.INTERRUPTED, f"Stopped before the end. {brought} The next run goes on."
    if pause:
        return RunState.PAUSED, f"{pause} {brought} The next run goes on."
    if run.pages_failed and not run.listings:
        return RunState.BROKEN, f"{brought} No list could be read: the site or the source file needs a look."
    documents = run.documents if run.since is None else run.held
    if documents < expect.at_least:
        promise = f"{expect.at_least} or more {'is' if expect.at_least == 1 else 'are'} expected"
        return RunState.BROKEN, f"{brought} {promise}: the site or the source file needs a look."
    if expect.at_most is not None and documents > expect.at_most:
        return RunState.BROKEN, f"{brought} {expect.at_most} at most are expected: the rules may let too much in."
    if run.announced is not None and run.records < ANNOUNCED_SHARE_MIN * run.announced:
        return RunState.BROKEN, f"{brought} The publisher announced {run.announced} records, {run.records} came."
    if words := _drop(run, expect=expect, earlier=earlier):
        return RunState.BROKEN, f"{brought} {words}"
    return RunState.FINISHED, brought


def _drop(run: HarvestRun, *, expect: Expectation, earlier: Sequence[HarvestRun]) -> str:
    """Return how much more the last full run brought, when this one brought suspiciously little; else nothing."""
    if run.since is not None:
        return ""
    before = next((each for each in earlier if is_full(each)), None)
    if before is None or run.documents >= expect.drop_share_max * before.documents:
        return ""
    return (
        f"The last full run, of {before.started:%Y-%m-%d}, brought {before.documents}: the site or the source file needs a"
        " look. If it is right, lower `drop_share_max` in [expect]."
    )


def is_full(run: HarvestRun) -> bool:
    """Say whether a run asked for everything, saw it all, and brought what was promised."""
    return run.state is RunState.FINISHED and run.since is None and run.is_complete


def _sentence(run: HarvestRun) -> str:
    documents = run.documents
    amounts = [(run.new, "new"), (run.changed, "changed"), (run.unchanged, "unchanged")]
    kinds = ", ".join(f"{number} {word}" for number, word in amounts if number)
    sentence = f"Brought {documents} {'file' if documents == 1 else 'files'}{f': {kinds}' if kinds else ''}."
    if run.since is not None:
        sentence = f"Asked for what changed since {run.since:%Y-%m-%d}. {sentence}"
    troubles = [
        (run.gone, "no longer there"),
        (run.unlisted, "no longer listed"),
        (run.refused, "refused by robots.txt"),
        (run.failed, "failed"),
        (run.pages_failed, "of the lists could not be read"),
    ]
    trouble = ", ".join(f"{number} {words}" for number, words in troubles if number)
    return f"{sentence} {trouble[:1].upper()}{trouble[1:]}." if trouble else sentence

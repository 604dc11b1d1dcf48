"""Count what a run does, while it does it, and say at the end what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corpus.runs import HarvestRun, RunFailure, RunState
from crawler.declaration import Expectation

FAILURES_KEPT = 200


class OfferOutcome(StrEnum):
    """How an offer ended; the values are the names of HarvestRun's counts."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    GONE = "gone"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class HarvestProgress:
    """Where a running harvest stands; all counts as in HarvestRun."""

    source: str
    """Slug."""
    listings: int
    landing_pages: int
    offered: int
    new: int
    changed: int
    unchanged: int
    gone: int
    refused: int
    failed: int
    skipped: int
    requests: int
    bytes: int
    at: str = ""
    """The address that was looked at last."""

    @property
    def done(self) -> int:
        """Return how many offers have ended, one way or another."""
        return self.new + self.changed + self.unchanged + self.gone + self.refused + self.failed


@dataclass(slots=True)
class Tally:
    """The counts of one run of one source. Mutable; one event loop writes to it."""

    source: str
    started: datetime
    on_event: Callable[[HarvestProgress], None]
    outcomes: Counter[OfferOutcome] = field(default_factory=Counter)
    skipped_by: Counter[str] = field(default_factory=Counter)
    failures: list[RunFailure] = field(default_factory=list)
    notes: dict[str, None] = field(default_factory=dict)
    offered: int = 0
    listings: int = 0
    landing_pages: int = 0
    pages_failed: int = 0
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0

    def offer(self) -> None:
        """Count an offer that will end in one of the outcomes."""
        self.offered += 1

    def end_offer(self, outcome: OfferOutcome, *, url: str, reason: str = "", referrer: str = "") -> None:
        """Count how an offer ended; a reason makes it one of the listed failures."""
        self.outcomes[outcome] += 1
        if reason:
            self._remember(url, reason=reason, referrer=referrer)
        self.tell(url)

    def fail_page(self, url: str, *, reason: str, referrer: str = "") -> None:
        """Count a listing or feed that could not be fetched or read."""
        self.pages_failed += 1
        self._remember(url, reason=reason, referrer=referrer)
        self.tell(url)

    def skip(self, rules: Mapping[str, int]) -> None:
        """Count what rules leave out."""
        self.skipped_by.update(rules)

    def note(self, words: str) -> None:
        """Remember something that the report must say, once."""
        if words and len(self.notes) < 5:
            self.notes[words] = None

    def tell(self, url: str) -> None:
        """Send the counts as they are now to whoever follows the run."""
        self.on_event(self.progress(at=url))

    def progress(self, *, at: str = "") -> HarvestProgress:
        """Return the counts as they are now."""
        return HarvestProgress(
            source=self.source,
            listings=self.listings,
            landing_pages=self.landing_pages,
            offered=self.offered,
            skipped=self.skipped_by.total(),
            requests=self.requests,
            bytes=self.bytes,
            at=at,
            **{outcome.value: self.outcomes[outcome] for outcome in OfferOutcome},
        )

    def report(self, *, ended: datetime, expect: Expectation, stopped: bool) -> HarvestRun:
        """Return the run report. `stopped`: a person or the system ended the run before its time."""
        counts = {outcome.value: self.outcomes[outcome] for outcome in OfferOutcome}
        state, words = judge(counts, expect=expect, stopped=stopped, pages_failed=self.pages_failed)
        return HarvestRun(
            source=self.source,
            started=self.started,
            ended=ended,
            state=state,
            words=" ".join((words, *self.notes)),
            offered=self.offered,
            skipped=self.skipped_by.total(),
            pages_failed=self.pages_failed,
            landing_pages=self.landing_pages,
            listings=self.listings,
            requests=self.requests,
            not_modified=self.not_modified,
            bytes=self.bytes,
            skipped_by=dict(sorted(self.skipped_by.items())),
            failures=tuple(self.failures),
            **counts,
        )

    def _remember(self, url: str, *, reason: str, referrer: str) -> None:
        if len(self.failures) < FAILURES_KEPT:
            self.failures.append(RunFailure(url=url, reason=reason, referrer=referrer))


def judge(
    counts: Mapping[str, int], *, expect: Expectation, stopped: bool, pages_failed: int = 0
) -> tuple[RunState, str]:
    """Say in which state a run ended, and why, in words. Touches nothing.

    A source that brings less than it promises is broken, not quiet: the site has changed, or the source file is wrong.
    """
    documents = counts["new"] + counts["changed"] + counts["unchanged"]
    brought = _sentence(counts, documents=documents, pages_failed=pages_failed)
    if stopped:
        return RunState.INTERRUPTED, f"Stopped before the end. {brought} The next run goes on."
    if documents < expect.at_least:
        promise = f"{expect.at_least} or more {'is' if expect.at_least == 1 else 'are'} expected"
        return RunState.BROKEN, f"{brought} {promise}: the site or the source file needs a look."
    if expect.at_most is not None and documents > expect.at_most:
        return RunState.BROKEN, f"{brought} {expect.at_most} at most are expected: the rules may let too much in."
    return RunState.FINISHED, brought


def _sentence(counts: Mapping[str, int], *, documents: int, pages_failed: int) -> str:
    amounts = [
        (counts["new"], "new"),
        (counts["changed"], "changed"),
        (counts["unchanged"], "unchanged"),
    ]
    kinds = ", ".join(f"{number} {word}" for number, word in amounts if number)
    sentence = f"Brought {documents} {'file' if documents == 1 else 'files'}{f': {kinds}' if kinds else ''}."
    troubles = [
        (counts["gone"], "no longer there"),
        (counts["refused"], "refused by robots.txt"),
        (counts["failed"], "failed"),
        (pages_failed, "of the listings or feeds failed"),
    ]
    trouble = ", ".join(f"{number} {words}" for number, words in troubles if number)
    return f"{sentence} {trouble[:1].upper()}{trouble[1:]}." if trouble else sentence

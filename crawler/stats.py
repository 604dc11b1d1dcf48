"""Count what a run does, while it does it, and say at the end what it came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note, Verdict, VerdictKind
from corpus.runs import FAILURES_KEPT, HarvestRun, RunFailure, RunState
from crawler.pages.listed_links import ListPage

_ADDRESS_CHARACTERS_MAX = 120
NOTES_MAX = 5
"""Most remarks on lists in one report."""


class FileOutcome(StrEnum):
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
class HarvestStats:
    """The counts of one run of one source. Mutable; one event loop writes to it."""

    source: str
    started: datetime
    on_event: Callable[[HarvestProgress], None]
    outcomes: Counter[FileOutcome] = field(default_factory=Counter)
    skipped_by: Counter[Skip] = field(default_factory=Counter)
    failures: list[RunFailure] = field(default_factory=list)
    notes: dict[Note, None] = field(default_factory=dict)
    offered: int = 0
    listings: int = 0
    landing_pages: int = 0
    pages_failed: int = 0
    records: int = 0
    announced: int | None = None
    is_cut_short: bool = False
    """A list could not be read to its end, so that the run has not seen everything."""
    pause: Verdict | None = None
    """Why the run pauses; None while it does not."""
    requests: int = 0
    not_modified: int = 0
    bytes: int = 0

    def count(self, found: ListPage, *, url: str) -> None:
        """Count what one page of a list named."""
        self.skip(found.skipped)
        self.records += len(found.links) if found.records is None else found.records
        if found.announced is not None:
            self.announced = max(self.announced or 0, found.announced)
        if found.trouble:
            self.fail_page(url, reason=found.trouble)
        self.note(found.note, at=url)

    def cut_short(self, note: Note) -> None:
        """Note that a list goes on where this run does not."""
        self.is_cut_short = True
        self.note(note)

    def offer(self) -> None:
        """Count an offer that will end in one of the outcomes."""
        self.offered += 1

    def end_offer(self, outcome: FileOutcome, *, url: str, reason: Failure | None = None, referrer: str = "") -> None:
        """Count how an offer ended; a reason makes it one of the listed failures."""
        self.outcomes[outcome] += 1
        if reason:
            self._remember(url, reason=reason, referrer=referrer)
        self.tell(url)

    def fail_page(self, url: str, *, reason: Failure, referrer: str = "") -> None:
        """Count a listing or feed that could not be fetched or read."""
        self.pages_failed += 1
        self._remember(url, reason=reason, referrer=referrer)
        self.tell(url)

    def skip(self, rules: Mapping[Skip, int]) -> None:
        """Count what rules leave out."""
        self.skipped_by.update(rules)

    def take_back(self, rules: Mapping[Skip, int]) -> None:
        """Count as not left out what is followed after all."""
        self.skipped_by = +(self.skipped_by - Counter(rules))

    def note(self, note: Note | None, *, at: str = "") -> None:
        """Remember something that the report must say, once, with the address that it is about."""
        if note is not None and len(self.notes) < NOTES_MAX:
            self.notes[replace(note, at=_shortened(at)) if at else note] = None

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
            **{outcome.value: self.outcomes[outcome] for outcome in FileOutcome},
        )

    def report(self, *, ended: datetime, since: datetime | None, expected: int) -> HarvestRun:
        """Return the counts as a run report that nobody has judged yet."""
        return HarvestRun(
            source=self.source,
            started=self.started,
            ended=ended,
            state=RunState.FINISHED,
            verdict=Verdict(VerdictKind.AS_EXPECTED),
            notes=tuple(self.notes),
            offered=self.offered,
            skipped=self.skipped_by.total(),
            pages_failed=self.pages_failed,
            landing_pages=self.landing_pages,
            listings=self.listings,
            records=self.records,
            announced=self.announced,
            since=since,
            expected=expected,
            requests=self.requests,
            not_modified=self.not_modified,
            bytes=self.bytes,
            skipped_by=dict(sorted(self.skipped_by.items())),
            failures=tuple(self.failures),
            new=self.outcomes[FileOutcome.NEW],
            changed=self.outcomes[FileOutcome.CHANGED],
            unchanged=self.outcomes[FileOutcome.UNCHANGED],
            gone=self.outcomes[FileOutcome.GONE],
            refused=self.outcomes[FileOutcome.REFUSED],
            failed=self.outcomes[FileOutcome.FAILED],
        )

    def _remember(self, url: str, *, reason: Failure, referrer: str) -> None:
        if len(self.failures) < FAILURES_KEPT:
            self.failures.append(RunFailure(url=url, reason=reason, referrer=referrer))


def _shortened(url: str) -> str:
    """Return an address as a remark shows it: resumption tokens have hundreds of characters."""
    return url if len(url) <= _ADDRESS_CHARACTERS_MAX else f"{url[: _ADDRESS_CHARACTERS_MAX - 1]}…"

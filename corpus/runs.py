"""What one harvest of one source came to: the run report that a librarian reads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note, Verdict
from corpus.text import clean

FAILURES_KEPT = 200
"""How many failures a report lists; all of them are counted."""


class RunState(StrEnum):
    """How a run ended."""

    FINISHED = "finished"
    """It went through to the end, and brought what the source promises. Single files may have failed."""
    BROKEN = "broken"
    """It went through to the end but brought less (or more) than the source promises: look at the source file."""
    PAUSED = "paused"
    """It used up its budget of requests, bytes or time, or its hours of the day; the next run continues."""
    INTERRUPTED = "interrupted"
    """A person or the system stopped it; the next run continues."""
    CRASHED = "crashed"
    """The process died or met an error of ours; what it had saved is kept."""


@dataclass(frozen=True, slots=True)
class RunFailure:
    """One address that could not be fetched or used, and why."""

    url: str
    reason: Failure
    referrer: str = ""
    """The page on which the address was found; empty for a start address."""

    def __post_init__(self) -> None:
        for name in ("url", "referrer"):
            object.__setattr__(self, name, clean(getattr(self, name)))


@dataclass(frozen=True, slots=True)
class HarvestRun:
    """One harvest of one source. `source` and `started` name it: saving it again replaces what was saved before.

    Every offer ends in exactly one of new, changed, unchanged, gone, refused, or failed; a run that is interrupted or
    crashed may have offers that ended in none of them. What a rule leaves out is counted beside, in `skipped`.
    """

    source: str
    """Slug."""
    started: datetime
    ended: datetime
    state: RunState
    verdict: Verdict
    """Why it ended in its state."""
    offered: int = 0
    """Files (PDFs, HTML texts) that listings, feeds and landing pages offered, and landing pages that could not be read:
    a publication each, as far as anyone can tell."""
    new: int = 0
    """Files at an address that was never seen before."""
    changed: int = 0
    """Files whose bytes are others than at the last sighting; both versions are kept."""
    unchanged: int = 0
    """Files of which the server (304), their SHA-256, or the text of an HTML page says that they are what we hold."""
    gone: int = 0
    """Files that we hold and that the server no longer has (404, 410); kept, never deleted."""
    refused: int = 0
    """Offers that robots.txt does not let us fetch."""
    skipped: int = 0
    """Links and records that a rule leaves out, such as a cover, another site, an ignored kind; `skipped_by` says which."""
    failed: int = 0
    """Offers that could not be fetched or used. All are counted, the first of them are in `failures`."""
    pages_failed: int = 0
    """Listings and feeds that could not be fetched or read, also because robots.txt refused; in `failures` too."""
    landing_pages: int = 0
    """Landing pages and feed entries that were looked at, also those that did not change."""
    listings: int = 0
    """Pages of listings, and feeds, that were looked at, also those that did not change."""
    requests: int = 0
    """Requests sent, with those for robots.txt, redirects and repeated tries."""
    not_modified: int = 0
    """Answers 304: the server sent no body."""
    bytes: int = 0
    """Bytes of answers' bodies that came over the wire."""
    records: int = 0
    """Records and entries that listings, feeds, sitemaps and catalogues named, the deleted ones too."""
    announced: int | None = None
    """How many records the publisher itself says that it has (or has changed since `since`); None: it does not say."""
    since: datetime | None = None
    """The run asked only for what changed since then; None: it asked for everything."""
    unlisted: int = 0
    """Files that we hold and that the publisher no longer lists, told by a complete run; kept, never deleted."""
    expected: int | None = None
    """How many files the source promises at least; None: nothing was declared."""
    held: int = 0
    """Files of the source that are there after the run, as far as we know: all but the gone ones."""
    is_complete: bool = False
    """True: it saw everything there is to see (since `since`), so that what it did not see is no longer listed."""
    skipped_by: Mapping[Skip, int] = field(default_factory=dict)
    """How many were left out, by rule."""
    notes: tuple[Note, ...] = ()
    """What a librarian should know of its lists; the first five."""
    failures: tuple[RunFailure, ...] = ()
    """The first FAILURES_KEPT, in the order in which they were met."""

    def __post_init__(self) -> None:
        if self.started.tzinfo is None or self.ended.tzinfo is None:
            raise ValueError("the times of a run must be aware (UTC)")

    @property
    def documents(self) -> int:
        """Return how many files the source has brought or confirmed in this run."""
        return self.new + self.changed + self.unchanged

    @property
    def seconds(self) -> float:
        """Return how long the run took."""
        return (self.ended - self.started).total_seconds()

    @property
    def failures_left_out(self) -> int:
        """Return how many were counted beyond those that are listed."""
        if len(self.failures) < FAILURES_KEPT:
            return 0
        return max(0, self.failed + self.pages_failed + self.refused + self.gone - len(self.failures))

    @property
    def not_ended(self) -> int:
        """Return how many offers ended in nothing, because the run did not go through to the end."""
        return max(0, self.offered - self.documents - self.gone - self.refused - self.failed)

"""`crawler.stats`: what a run has done so far, as Scrapy's stats, and as the report that the store keeps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from scrapy.crawler import Crawler
from scrapy.statscollectors import StatsCollector

from corpus.reasons import Failure, Skip
from corpus.run_reasons import Note, Verdict, VerdictKind
from corpus.runs import FAILURES_KEPT, HarvestRun, RunFailure, RunState
from crawler.items import ItemOutcome, ListPage
from crawler.job import job_of
from crawler.run import HarvestProgress

_ADDRESS_CHARACTERS_MAX = 120
NOTES_MAX = 5
"""Most remarks on lists in one report."""
_COUNTS = ("offered", *ItemOutcome, "pages_failed", "landing_pages", "listings", "records", "requests", "not_modified")
"""Stats that are counts of HarvestRun."""
_PROGRESS = ("offered", *ItemOutcome, "landing_pages", "listings", "requests")


class HarvestStats(StatsCollector):
    """Scrapy's stats (`STATS_CLASS`) with the reasons beside the counts. Mutable; one event loop writes to it."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self.on_progress: Callable[[HarvestProgress], None] = lambda _progress: None
        """Called after each step of the run."""
        self.skipped: Counter[Skip] = Counter()
        self.failures: list[RunFailure] = []
        self.notes: dict[Note, None] = {}
        self.announced: int | None = None
        self.is_cut_short = False
        """A list could not be read to its end, so that the run has not seen everything."""
        self.pause: Verdict | None = None
        """Why the run pauses; None while it does not."""

    def count(self, name: str) -> int:
        """Return a count; 0 when nothing was counted."""
        return int(self.get_value(name, 0))

    def read_list(self, page: ListPage, *, url: str) -> None:
        """Count what one page of a list named."""
        self.skip(page.skipped)
        self.inc_value("records", len(page.links) if page.records is None else page.records)
        if page.announced is not None:
            self.announced = max(self.announced or 0, page.announced)
        if page.trouble:
            self.fail_page(url, reason=page.trouble)
        self.note(page.note, at=url)

    def cut_short(self, note: Note) -> None:
        """Note that a list goes on where this run does not."""
        self.is_cut_short = True
        self.note(note)

    def end_file(self, outcome: ItemOutcome, *, url: str, reason: Failure | None = None, referrer: str = "") -> None:
        """Count what came of a file that was offered; a reason makes it one of the listed failures."""
        self.inc_value(outcome.value)
        self._end(url, reason=reason, referrer=referrer)

    def fail_page(self, url: str, *, reason: Failure, referrer: str = "") -> None:
        """Count a list that could not be fetched or read."""
        self.inc_value("pages_failed")
        self._end(url, reason=reason, referrer=referrer)

    def skip(self, rules: Mapping[Skip, int]) -> None:
        """Count what rules leave out."""
        self.skipped.update(rules)

    def take_back(self, rules: Mapping[Skip, int]) -> None:
        """Count as not left out what is followed after all."""
        self.skipped = +(self.skipped - Counter(rules))

    def note(self, note: Note | None, *, at: str = "") -> None:
        """Remember something that the report must say, once, with the address that it is about."""
        if note is not None and len(self.notes) < NOTES_MAX:
            # Resumption tokens have hundreds of characters.
            short = at if len(at) <= _ADDRESS_CHARACTERS_MAX else f"{at[: _ADDRESS_CHARACTERS_MAX - 1]}…"
            self.notes[replace(note, at=short) if at else note] = None

    def tell(self, url: str) -> None:
        """Send the counts as they are now to the listener; `url` was looked at last."""
        self.on_progress(
            HarvestProgress(
                source=job_of(self._crawler.spider).source.slug,
                skipped=self.skipped.total(),
                bytes=self.count("bytes"),
                at=url,
                **{str(name): self.count(name) for name in _PROGRESS},
            )
        )

    def report(self, source: str, *, started: datetime, ended: datetime, **others: Any) -> HarvestRun:
        """Return the counts as a run report without a verdict yet; `others` are fields of HarvestRun."""
        return HarvestRun(
            source=source,
            started=started,
            ended=ended,
            state=RunState.FINISHED,
            verdict=Verdict(VerdictKind.AS_EXPECTED),
            notes=tuple(self.notes),
            announced=self.announced,
            bytes=self.count("bytes"),
            skipped=self.skipped.total(),
            skipped_by=dict(sorted(self.skipped.items())),
            failures=tuple(self.failures),
            **others | {str(name): self.count(name) for name in _COUNTS},
        )

    def _end(self, url: str, *, reason: Failure | None, referrer: str) -> None:
        if reason and len(self.failures) < FAILURES_KEPT:
            self.failures.append(RunFailure(url=url, reason=reason, referrer=referrer))
        self.tell(url)

"""Run a trial: the spider of the source's protocol, stopped after its first records and kept from files."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.settings import Settings
from crawler.one_off import crawl, run_apart, throwaway_job
from crawler.sources.model import SourceFile
from crawler.spiders.loader import SPIDERS
from crawler.trying.report import TrialReport
from crawler.trying.spider import Trial, trial_of

REQUESTS_BESIDE_RECORDS = 20
"""Most requests beside one for each record: robots.txt, pages of lists, repetitions, redirects."""


def try_source(source: SourceFile, *, settings: Settings, records_max: int = 10) -> TrialReport:
    """Return the first records of a source as a harvest would see them. Fetches lists and landing pages, keeps nothing.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    """
    return run_apart(TrialTask(source, records_max=records_max), settings=settings)


@dataclass(frozen=True, slots=True)
class TrialTask:
    """A trial, as it goes to the child process."""

    source: SourceFile
    records_max: int

    def run(self, settings: Settings) -> TrialReport:
        """Try the source in this process."""
        polite = self.source.polite.model_copy(update={"requests_max": self.records_max + REQUESTS_BESIDE_RECORDS})
        source = self.source.model_copy(update={"polite": polite})
        trial = Trial(self.records_max)
        with throwaway_job(source, settings) as job:
            crawl(trial_of(SPIDERS[source.protocol]), job, trial=trial)
        tally = job.tally
        return TrialReport(
            slug=source.slug,
            name=source.name,
            protocol=source.protocol,
            records=tuple(trial.records.values()),
            skipped=dict(sorted(tally.skipped_by.items())),
            lists=tally.listings,
            listed=tally.records,
            announced=tally.announced,
            failures=tuple(tally.failures),
            notes=tuple(tally.notes),
            requests=tally.requests,
            bytes=tally.bytes,
        )

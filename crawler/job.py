"""Everything that one harvest of one source works with, in one value."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from scrapy import Spider

from corpus.files import FileStore
from corpus.settings import Settings
from corpus.store import Store
from crawler.net.kept_pages import PageCache
from crawler.sources.model import SourceFile
from crawler.stats import HarvestStats


@dataclass(frozen=True, slots=True)
class HarvestJob:
    """One harvest of one source: what to fetch, where to keep it, where to count."""

    source: SourceFile
    settings: Settings
    store: Store
    files: FileStore
    cache: PageCache
    tally: HarvestStats
    resumed_since: datetime | None = None
    """When the killed run began that this one goes on with; None for a run of its own."""
    since: datetime | None = None
    """Ask only for what changed since then; None: for everything. Only protocols that can do so get a moment."""

    @property
    def minutes_max(self) -> int:
        """Return the longest time that the harvest may take, minutes."""
        return minutes_max_of(self.source, self.settings)


def minutes_max_of(source: SourceFile, settings: Settings) -> int:
    """Return the longest time that a harvest of a source may take, minutes: its own, or that of the settings."""
    return source.polite.minutes_max or settings.harvest_minutes_max


def job_of(spider: Spider | None) -> HarvestJob:
    """Return the job of a spider; only spiders of crawler.spiders are asked."""
    job = getattr(spider, "job", None)
    assert isinstance(job, HarvestJob), f"{spider!r} has no job"
    return job

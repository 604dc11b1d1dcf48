"""Everything that one harvest of one source works with, in one value: `spider.job`. The counts are in `crawler.stats`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self

from scrapy import Spider
from scrapy.crawler import Crawler
from scrapy.exceptions import NotConfigured

from corpus.files import FileStore
from corpus.settings import Settings
from corpus.store import Store
from crawler.sources.model import SourceFile

if TYPE_CHECKING:
    from crawler.net.cache import PageCache


@dataclass(frozen=True, slots=True)
class HarvestJob:
    """One harvest of one source: what to fetch and where to keep it."""

    source: SourceFile
    settings: Settings
    store: Store
    files: FileStore
    cache: PageCache
    resumed_since: datetime | None = None
    """When the killed run began that this one goes on with; None for a run of its own."""
    since: datetime | None = None
    """Ask only for what changed since then; None: for everything. Only protocols that can do so get a moment."""


class CrawlComponent:
    """Base of the middlewares, extensions and pipelines that are made for the crawl of one source."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler: Any = crawler
        self.job = job_of(crawler.spider)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Begin; Scrapy calls this."""
        return cls(crawler)


def job_of(spider: Spider | None) -> HarvestJob:
    """Return the job of a spider. Raises NotConfigured: it has none, as that of `scrapy shell`; Scrapy then does without."""
    job = getattr(spider, "job", None)
    if not isinstance(job, HarvestJob):
        raise NotConfigured("only for the spiders of sources")
    return job

"""Harvest one source in this process. Twisted's reactor runs once a process: for several sources see crawler.harvest."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import structlog
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from corpus.files import open_files
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.store import open_store
from crawler.declaration import SourceFile
from crawler.job import HarvestJob
from crawler.kept_pages import PageCache
from crawler.scrapy_settings import scrapy_settings
from crawler.spiders.addresses import AddressesSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.listing import ListingSpider
from crawler.spiders.source_spider import SourceSpider
from crawler.tally import HarvestProgress, Tally

_log = structlog.get_logger(__name__)

SPIDERS: dict[str, type[SourceSpider]] = {"listing": ListingSpider, "feed": FeedSpider, "addresses": AddressesSpider}
"""The spider of each protocol."""


def harvest_in_this_process(
    source: SourceFile, *, settings: Settings, on_event: Callable[[HarvestProgress], None]
) -> HarvestRun:
    """Harvest a source and return its run report, which the store keeps too.

    Everything is kept as soon as it has come: a process that is killed loses nothing, and the next run goes on. SIGINT
    and SIGTERM end the run early and in order, with a report, when this is the main thread.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    Raises StoreUnavailable, StoreBusy: the database cannot be used.
    """
    options = scrapy_settings(source, settings)
    started = datetime.now(UTC)
    tally = Tally(source=source.slug, started=started, on_event=on_event)
    cache = PageCache(settings.data_dir / "harvest" / f"{source.slug}.sqlite")
    try:
        with open_store(settings) as store:
            store.save_source(source.as_source())
            job = HarvestJob(
                source=source,
                settings=settings,
                store=store,
                files=open_files(settings),
                cache=cache,
                tally=tally,
                resumed_since=cache.begin_run(started),
            )
            stopped = _crawl(job, options) == "shutdown"
            run = tally.report(ended=datetime.now(UTC), expect=source.expect, stopped=stopped)
            store.save_run(run)
            _log.info("source harvested", source=run.source, state=run.state.value, offered=run.offered, new=run.new)
            if not stopped:
                cache.end_run()
            return run
    finally:
        cache.close()


def _crawl(job: HarvestJob, options: dict[str, Any]) -> str:
    """Run the spider to its end and return why it ended: `finished`, `shutdown`, `requests_max` ..."""
    reasons: list[str] = []

    def on_closed(spider: SourceSpider, reason: str) -> None:
        reasons.append(reason)

    process = AsyncCrawlerProcess(options)
    crawler = process.create_crawler(SPIDERS[job.source.protocol])
    crawler.signals.connect(on_closed, signal=signals.spider_closed)
    crawler.signals.connect(_on_own_error, signal=signals.spider_error)
    process.crawl(crawler, job=job)
    process.start(install_signal_handlers=threading.current_thread() is threading.main_thread())
    return reasons[0] if reasons else "shutdown"


def _on_own_error(failure: Failure, response: Response, spider: SourceSpider) -> None:
    assert failure.value is not None
    assert response.request is not None
    spider.on_own_error(failure.value, response.request)

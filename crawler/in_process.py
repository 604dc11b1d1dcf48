"""Harvest one source in this process. Twisted's reactor runs once a process: for several sources see crawler.harvest."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from typing import Any

import structlog
from scrapy import signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure as TwistedFailure

from corpus.files import open_files
from corpus.reasons import Failure, FailureKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.declaration import SourceFile
from crawler.job import HarvestJob
from crawler.judging import judge
from crawler.kept_pages import PageCache
from crawler.polite.names import LookUp
from crawler.protocols.source_spider import SourceSpider
from crawler.protocols.spiders import SPIDERS
from crawler.scrapy_settings import scrapy_settings
from crawler.tally import HarvestProgress, Tally

_log = structlog.get_logger(__name__)


def harvest_in_this_process(
    source: SourceFile,
    *,
    settings: Settings,
    on_event: Callable[[HarvestProgress], None],
    look_up: LookUp = socket.getaddrinfo,
) -> HarvestRun:
    """Harvest a source and return its run report, which the store keeps too.

    Everything is kept as soon as it has come: a process that is killed loses nothing, and the next run goes on. SIGINT
    and SIGTERM end the run early and in order, with a report, when this is the main thread.

    Args:
        look_up: how names of hosts become addresses.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    Raises StoreUnavailable, StoreBusy: the database cannot be used.
    """
    options = scrapy_settings(source, settings, look_up=look_up)
    started = datetime.now(UTC)
    tally = Tally(source=source.slug, started=started, on_event=on_event)
    cache = PageCache(settings.data_dir / "harvest" / f"{source.slug}.sqlite")
    spider = SPIDERS[source.protocol]
    try:
        with open_store(settings) as store:
            store.sources.save(source.as_source())
            resumed_since = cache.begin_run(started)
            began = resumed_since or started
            cache.follow_rules(_digest(source))
            every = source.schedule.full_every
            job = HarvestJob(
                source=source,
                settings=settings,
                store=store,
                files=open_files(settings),
                cache=cache,
                tally=tally,
                resumed_since=resumed_since,
                since=cache.since(began, full_every=every) if spider.can_ask_since(source) else None,
            )
            closed_by = _crawl(job, options)
            run = _conclude(job, began=began, closed_by=closed_by, lists_everything=spider.lists_everything)
            _log.info("source harvested", source=run.source, state=run.state.value, offered=run.offered, new=run.new)
            return run
    finally:
        cache.close()


def _conclude(job: HarvestJob, *, began: datetime, closed_by: str, lists_everything: bool) -> HarvestRun:
    """Judge a run, flag what its publisher no longer lists, and keep the report.

    Args:
        began: when it, or the run that it goes on with, began.
        closed_by: why the spider closed, as Scrapy names it.
    """
    source, store, tally, slug = job.source, job.store, job.tally, job.source.slug
    stopped = closed_by == "shutdown"
    run = tally.report(ended=datetime.now(UTC), since=job.since, expected=source.expect.at_least)
    is_complete = not (stopped or tally.pause or run.pages_failed or tally.is_cut_short)
    run = replace(run, is_complete=is_complete, held=store.files.count(slug))
    verdict = partial(judge, expect=source.expect, earlier=store.runs.newest(slug), stopped=stopped, pause=tally.pause)
    state, reason = verdict(run)
    if state is RunState.FINISHED and is_complete:
        if lists_everything and job.since is None:
            unlisted = store.files.mark_unseen(
                slug, since=began, at=run.ended, reason=Failure(FailureKind.NO_LONGER_LISTED)
            )
            run = replace(run, unlisted=unlisted, held=store.files.count(slug))
            state, reason = verdict(run)
        job.cache.completed(began, is_full=job.since is None)
    run = replace(run, state=state, verdict=reason)
    store.runs.save(run)
    if state not in (RunState.INTERRUPTED, RunState.PAUSED):
        job.cache.end_run()
    return run


_KEYS = "0009"
"""The migration that made the keys what they are: what was one address before it may be two, and one never asked for."""


def _digest(source: SourceFile) -> str:
    """Name what decides which files a source brings; when it changes, nothing of earlier runs may be taken as done."""
    deciding = (
        source.protocol,
        source.start,
        source.rules,
        source.files,
        sorted(source.ignored_kinds),
        *source.about,  # nothing more when there is none: what earlier versions remember of a source stays good
        source.languages,
        _KEYS,
    )
    return sha256(repr(deciding).encode()).hexdigest()


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


def _on_own_error(failure: TwistedFailure, response: Response, spider: SourceSpider) -> None:
    assert failure.value is not None
    assert response.request is not None
    spider.on_own_error(failure.value, response.request)

"""Harvest one source in this process, from its file to its report. Twisted's reactor runs once a process: see crawler.run."""

from __future__ import annotations

import json
import logging
import os
import pickle
import signal
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import structlog
from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.settings import Settings as ScrapySettings

from corpus.errors import PushcartError
from corpus.files import open_files
from corpus.logs import set_up_logs
from corpus.process_child import ParentPipe
from corpus.reasons import Failure, FailureKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.job import HarvestJob
from crawler.net.address_guard import LookUp
from crawler.net.cache import PageCache
from crawler.run import HarvestProgress, OnProgress
from crawler.settings import project_settings, source_settings
from crawler.sources.model import SourceFile
from crawler.spiders.loader import spider_of
from crawler.stats import HarvestStats
from crawler.verdict import judge

_log = structlog.get_logger(__name__)
_KEYS = "0009"
"""The migration that made the keys what they are: what was one address before it may be two, and one never asked for."""


def harvest_source(
    source: SourceFile,
    *,
    settings: Settings,
    on_progress: OnProgress = lambda _progress: None,
    look_up: LookUp = socket.getaddrinfo,
    options: ScrapySettings | None = None,
) -> HarvestRun:
    """Harvest a source and return its run report, which the store keeps too.

    Everything is kept as soon as it has come: a process that is killed loses nothing, and the next run goes on. SIGINT
    and SIGTERM end the run early and in order, with a report, when this is the main thread.

    Args:
        look_up: how names of hosts become addresses.
        options: Scrapy's settings of the project; None: as in crawler.settings.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    Raises StoreUnavailable, StoreBusy: the database cannot be used.
    """
    spider, slug = spider_of(source), source.slug
    own = source_settings(source, settings, look_up=look_up)
    started = datetime.now(UTC)
    with closing(PageCache(settings.data_dir / "harvest" / f"{slug}.sqlite")) as cache, open_store(settings) as store:
        store.sources.save(source.as_source())
        resumed_since = cache.begin_run(started)
        began = resumed_since or started
        cache.follow_rules(_digest(source))
        since = cache.since(began, full_every=source.schedule.full_every) if spider.can_ask_since(source) else None
        job = HarvestJob(source, settings, store, open_files(settings), cache, resumed_since, since)

        stats, closed_by = crawl(spider, job, own, options=options, on_progress=on_progress)

        run = stats.report(slug, started=started, ended=datetime.now(UTC), since=since, expected=source.expect.at_least)
        stopped = closed_by == "shutdown"
        is_complete = not (stopped or stats.pause or run.pages_failed or stats.is_cut_short)
        run = replace(run, is_complete=is_complete, held=store.files.count(slug))
        verdict = partial(
            judge, expect=source.expect, earlier=store.runs.newest(slug), stopped=stopped, pause=stats.pause
        )
        state, reason = verdict(run)
        if state is RunState.FINISHED and is_complete:
            if spider.lists_everything and since is None:
                unlisted = Failure(FailureKind.NO_LONGER_LISTED)
                run = replace(run, unlisted=store.files.mark_unseen(slug, since=began, at=run.ended, reason=unlisted))
                run = replace(run, held=store.files.count(slug))
                state, reason = verdict(run)
            cache.completed(began, is_full=since is None)
        run = replace(run, state=state, verdict=reason)
        store.runs.save(run)
        if state not in (RunState.INTERRUPTED, RunState.PAUSED):
            cache.end_run()
    _log.info("source harvested", source=slug, state=run.state.value, offered=run.offered, new=run.new)
    return run


def _digest(source: SourceFile) -> str:
    """Name what decides which files a source brings; when it changes, nothing of earlier runs may be taken as done."""
    kinds = sorted(source.ignored_kinds)
    deciding = (source.protocol, source.start, source.rules, source.files, kinds, source.about, source.languages, _KEYS)
    return sha256(repr(deciding).encode()).hexdigest()


def crawl(
    spider: type[Spider],
    job: HarvestJob,
    own: dict[str, Any] | None = None,
    *,
    options: ScrapySettings | None = None,
    on_progress: OnProgress = lambda _progress: None,
    **arguments: Any,
) -> tuple[HarvestStats, str]:
    """Run a spider to its end, once a process; return its stats, and why it ended (`finished`, `shutdown`, `paused`).

    Args:
        own: Scrapy's settings of the source; None: as crawler.settings has them.
        arguments: for the spider, beside the job.

    Raises BadSettings: see crawler.settings.
    """
    reasons: list[str] = []

    def on_opened(spider: Spider) -> None:
        stats: Any = spider.crawler.stats
        stats.on_progress = on_progress

    def on_closed(spider: Spider, reason: str) -> None:
        reasons.append(reason)

    options = options or project_settings()
    options.update(own or source_settings(job.source, job.settings), priority="spider")
    process = AsyncCrawlerProcess(options)
    crawler = process.create_crawler(spider)
    crawler.signals.connect(on_opened, signal=signals.spider_opened)
    crawler.signals.connect(on_closed, signal=signals.spider_closed)
    crawling = process.crawl(crawler, job=job, **arguments)
    process.start(install_signal_handlers=threading.current_thread() is threading.main_thread())
    if not reasons and crawling.done() and not crawling.cancelled() and (error := crawling.exception()):
        raise error  # it never began; nobody stopped it
    assert isinstance(crawler.stats, HarvestStats)
    return crawler.stats, reasons[0] if reasons else "shutdown"


@contextmanager
def throwaway_job(source: SourceFile, settings: Settings) -> Iterator[HarvestJob]:
    """Lend a job that knows nothing of earlier harvests and whose store is deleted with it: the person's own stays as it is."""
    with tempfile.TemporaryDirectory(prefix="pushcart-") as folder:
        own = replace(settings, data_dir=Path(folder), database_url="", files_url="")
        with closing(PageCache(Path(folder) / "pages.sqlite")) as cache, open_store(own) as store:
            cache.begin_run(datetime.now(UTC))
            yield HarvestJob(source, own, store, open_files(own), cache)


def harvest_for_parent(payload: bytes, pipe: ParentPipe) -> bytes:
    """Harvest a source in a child process; see crawler.run. Sends the progress, and returns when the run started."""
    source, settings = _received(payload)

    def tell(progress: HarvestProgress) -> None:
        try:
            pipe.send(json.dumps(asdict(progress)).encode())
        except OSError:
            os.kill(os.getpid(), signal.SIGTERM)  # the parent is gone

    try:
        run = harvest_source(source, settings=settings, on_progress=tell)
    except PushcartError as error:
        return json.dumps(_as_answer(error)).encode()
    return json.dumps({"started": run.started.isoformat()}).encode()


def do_for_parent(payload: bytes, _pipe: ParentPipe) -> bytes:
    """Do a task in a child process; see crawler.run.run_apart."""
    task, settings = _received(payload)
    try:
        return pickle.dumps(task(settings))
    except PushcartError as error:
        return pickle.dumps(_as_answer(error))


def _received(payload: bytes) -> tuple[Any, Settings]:
    subject, settings = pickle.loads(payload)  # noqa: S301  our own parent wrote it
    set_up_logs(settings)
    for handler in logging.getLogger().handlers:
        handler.setLevel(settings.log_level.upper())  # Scrapy sets its own loggers to DEBUG
    return subject, settings


def _as_answer(error: PushcartError) -> dict[str, str]:
    return {"error": type(error).__name__, "message": error.message, "try_next": error.try_next}

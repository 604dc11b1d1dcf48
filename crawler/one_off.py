"""Crawl once without keeping anything: to try a source, or to look at a site. Polite and guarded as a harvest is.

Twisted's reactor runs once a process, and what answers may be hostile: an errand is run by a child process,
`python -m crawler.one_off`, which gets it on standard input and answers on standard output.
"""

from __future__ import annotations

import logging
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from corpus import errors
from corpus.errors import PushcartError
from corpus.files import open_files
from corpus.logs import set_up_logs
from corpus.settings import Settings
from corpus.store import open_store
from crawler.declaration import SourceFile
from crawler.job import HarvestJob
from crawler.kept_pages import PageCache
from crawler.last_end import end_at_last
from crawler.scrapy_settings import scrapy_settings
from crawler.tally import Tally

Answer = TypeVar("Answer", covariant=True)


class Errand(Protocol[Answer]):
    """Something to do in a process of its own; it and its answer must be picklable."""

    def run(self, settings: Settings) -> Answer:
        """Do it, in the child process, and return the answer. May raise PushcartError."""


def run_apart(errand: Errand[Answer], *, settings: Settings) -> Answer:
    """Run an errand in a child process and return its answer.

    Raises PushcartError: what the errand raised, or that its process died.
    """
    done = subprocess.run(
        [sys.executable, "-m", "crawler.one_off"],
        input=pickle.dumps((errand, settings)),
        stdout=subprocess.PIPE,
        check=False,
    )
    if not done.stdout:
        raise PushcartError(
            f"The process that was to do it ended with code {done.returncode} and without an answer.",
            try_next="PUSHCART_LOG_LEVEL=debug shows what it did until then.",
        )
    answer = pickle.loads(done.stdout)  # noqa: S301  our own child wrote it
    if isinstance(answer, _SentError):
        kind = getattr(errors, answer.kind, PushcartError)
        raise kind(answer.message, try_next=answer.try_next)
    return answer  # type: ignore[no-any-return]


class _SentError:
    """A PushcartError on its way to the parent: exceptions with keyword arguments do not survive pickling."""

    def __init__(self, error: PushcartError) -> None:
        self.kind = type(error).__name__
        self.message = error.message
        self.try_next = error.try_next


@contextmanager
def throwaway_job(source: SourceFile, settings: Settings) -> Iterator[HarvestJob]:
    """Lend a job that knows nothing of earlier harvests and whose store is deleted with it: the person's own stays as it is."""
    with tempfile.TemporaryDirectory(prefix="pushcart-") as folder:
        own = replace(settings, data_dir=Path(folder), database_url="", files_url="")
        cache = PageCache(Path(folder) / "pages.sqlite")
        started = datetime.now(UTC)
        cache.begin_run(started)
        try:
            with open_store(own) as store:
                yield HarvestJob(
                    source=source,
                    settings=own,
                    store=store,
                    files=open_files(own),
                    cache=cache,
                    tally=Tally(source=source.slug, started=started, on_event=lambda _progress: None),
                )
        finally:
            cache.close()


def crawl(
    spider: type[Spider], job: HarvestJob, more: Mapping[str, Any] = MappingProxyType({}), **arguments: Any
) -> None:
    """Run a spider to its end, in this process; once a process. `arguments` go to the spider beside the job.

    Args:
        more: Scrapy settings that count more than those of a harvest.

    Raises BadSettings: see crawler.scrapy_settings.
    """
    process = AsyncCrawlerProcess(scrapy_settings(job.source, job.settings) | dict(more))
    crawler = process.create_crawler(spider)
    crawler.signals.connect(_on_own_error, signal=signals.spider_error)
    process.crawl(crawler, job=job, **arguments)
    process.start()


def _on_own_error(failure: Failure, response: Response, spider: Any) -> None:
    assert failure.value is not None
    assert response.request is not None
    spider.on_own_error(failure.value, response.request)


def main() -> int:
    """Run the errand that standard input brings, and return the exit code."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # a stray print must not end up in the answer
    errand, settings = pickle.loads(sys.stdin.buffer.read())  # noqa: S301  our own parent wrote it
    set_up_logs(settings)
    end_at_last(settings.harvest_minutes_max * 60)
    for handler in logging.getLogger().handlers:
        handler.setLevel(settings.log_level.upper())  # Scrapy sets its own loggers to DEBUG
    try:
        answer = errand.run(settings)
    except PushcartError as error:
        answer = _SentError(error)
    pickle.dump(answer, answers)
    answers.close()
    return 0


if __name__ == "__main__":
    # Under its importable name: what is pickled here must be found again by the parent.
    from crawler.one_off import main as run_main

    sys.exit(run_main())

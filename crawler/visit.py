"""Visit a publisher once: robots.txt, the first list, one publication, and its file, within five requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any, Self
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure
from corpus.runs import RunFailure
from corpus.settings import Settings
from crawler.harvest import crawl, throwaway_job
from crawler.items import FileItem, Link, ListPage
from crawler.net.failures import read_failure
from crawler.net.robots import is_for_robots, rules_of_status
from crawler.pages.html_parts import fold
from crawler.run import run_apart
from crawler.settings import source_settings
from crawler.sources.model import SourceFile
from crawler.spiders.loader import spider_of
from crawler.spiders.source_spider import AS_WRITTEN, Output
from crawler.trial import TrialRecord, TrialRecords, TrialSpider

REQUESTS_MAX = 5
"""Most requests to a publisher, those for robots.txt and after redirects included."""
# One request after the other: the file of a publication, once it is known, goes before the rest of the list.
_SETTINGS = {
    "DOWNLOAD_VERIFY_CERTIFICATES": True,
    "CONCURRENT_REQUESTS": 1,
    "ITEM_PIPELINES": {"crawler.trial.TrialPipeline": 100},
}
_LATELY = timedelta(days=20)
"""A repository is asked for what changed since then: its oldest records may be deleted ones."""
_FILE_FIRST = 100
"""Priority of the file; see crawler.spiders.source_spider for those of lists and pages."""


@dataclass(frozen=True, slots=True)
class SeenPage:
    """A list or landing page that came."""

    url: str
    moved_from: str = ""
    """The address that was asked, when the server says that it has moved for good (301, 308); else empty."""
    login_title: str = ""
    """Title of the page when it asks for a password; empty when it does not."""


@dataclass(frozen=True, slots=True)
class SeenFile:
    """The file of a publication, whole."""

    url: str
    content_type: str
    """As declared."""
    body: bytes


@dataclass(slots=True)
class Visit:
    """What came of it. Mutable while the visit lasts."""

    requests: int = 0
    crawl_delay: float = 0.0
    """Seconds that robots.txt of the first host asks for; 0: it does not ask."""
    has_robots: bool = False
    """Whether robots.txt was answered at all, also with a 404."""
    pages: list[SeenPage] = field(default_factory=list)
    asked_lately: bool = False
    """Whether only what changed in the last twenty days was asked for."""
    listed: int = 0
    """Records on the pages of the list that were read."""
    announced: int | None = None
    has_next: bool = False
    """Whether the list names a page after its first."""
    lists: int = 0
    failures: tuple[RunFailure, ...] = ()
    record: TrialRecord | None = None
    """The first publication; None: none was named."""
    file: SeenFile | None = None
    file_failure: Failure | None = None
    """Why the file did not come; None when it came, or was not asked for."""


def visit(source: SourceFile, *, settings: Settings) -> Visit:
    """Visit a publisher, and return what came. Keeps nothing.

    Raises BadSettings: no contact is set, and the source is not on this machine.
    """
    return run_apart(partial(_visited_here, source), settings=settings)


def _visited_here(given: SourceFile, settings: Settings) -> Visit:
    # The hours of the source do not matter for five requests; a failure is not repeated.
    polite = given.polite.model_copy(update={"requests_max": REQUESTS_MAX, "retries": 0, "hours": None})
    source = given.model_copy(update={"polite": polite, "about": (), "start": given.start[:1]})
    declared = spider_of(source)
    spider = type("VisitOfSource", (VisitSpider, declared), {})
    seen, trial = Visit(asked_lately=declared.asks_since), TrialRecords(1)
    with throwaway_job(source, settings) as job:
        asked = replace(job, since=datetime.now(UTC) - _LATELY) if declared.asks_since else job
        own = source_settings(source, job.settings) | _SETTINGS
        stats, _ = crawl(spider, asked, own, trial=trial, seen=seen)
    seen.requests, seen.lists, seen.listed = (stats.count(name) for name in ("requests", "listings", "records"))
    seen.announced, seen.failures = stats.announced, tuple(stats.failures)
    seen.record = next(iter(trial.by_key.values()), None)
    return seen


class VisitSpider(TrialSpider):
    """A trial that also opens the first file. Stands before the spider of a source."""

    def __init__(self, job: Any, trial: TrialRecords, seen: Visit, **others: Any) -> None:
        super().__init__(job, trial, **others)
        self.seen = seen
        self._is_file_asked = False
        self._waiting: list[str] = []
        """Further pages of the list, and sitemaps that an index names, which were not asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Begin; Scrapy calls this."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.on_answer, signal=signals.response_received)
        return spider

    def on_answer(self, response: Response, request: Request) -> None:
        """Note what came, whatever is made of it; Scrapy calls this."""
        is_robots = urlsplit(response.url).path == "/robots.txt"
        if is_robots or is_for_robots(request):
            if not self.seen.has_robots:
                self.seen.crawl_delay = rules_of_status(response.status, response.body).crawl_delay
            self.seen.has_robots = True
        if is_for_robots(request) or response.status >= 400:
            return
        reasons = request.meta.get("redirect_reasons", [])
        moved = request.meta["redirect_urls"][0] if reasons and all(each in (301, 308) for each in reasons) else ""
        self.seen.pages.append(SeenPage(response.url, moved_from=moved, login_title=_login_title(response)))

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Note whether the list goes on, and return one page more while no publication is known."""
        self.seen.has_next = self.seen.has_next or bool(found.more)
        self._waiting += super().further_pages(found, number=number)
        if self.trial.is_full or not self._waiting:
            return ()
        # Of the sitemaps of an index, one that is called after publications; else the last, which is often the newest.
        chosen = max(reversed(self._waiting), key=lambda url: "publi" in url.casefold())
        self._waiting.remove(chosen)
        return (chosen,)

    def _tried(self, output: Output, link: Link) -> Iterator[Output]:
        """Ask for the first file too, which a trial takes as it is named."""
        for tried in super()._tried(output, link):
            yield tried
            if isinstance(tried, FileItem) and tried.response is tried.reason is None and not self._is_file_asked:
                self._is_file_asked = True
                yield Request(
                    tried.url,
                    callback=self.on_first_file,
                    errback=self.on_first_file_failure,
                    meta={"dont_cache": True, "found_on": tried.referrer} | AS_WRITTEN,
                    priority=_FILE_FIRST,
                    dont_filter=True,
                )

    def on_first_file(self, response: Response) -> None:
        """Take the file."""
        declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        self.seen.file = SeenFile(response.url, content_type=declared, body=response.body)

    def on_first_file_failure(self, failure: TwistedFailure) -> None:
        """Note why the file did not come, unless the requests were used up."""
        failed = read_failure(failure)
        self.seen.file_failure = None if failed.is_put_off else failed.reason


def _login_title(response: Response) -> str:
    """Return the title of a page that asks for a password and names no PDF; empty for every other answer."""
    if not isinstance(response, HtmlResponse) or not response.xpath("//form//input[@type='password']"):
        return ""
    if response.xpath("//a[contains(@href, '.pdf')]"):
        return ""  # a site whose every page has a form to log in
    return fold(response.xpath("string(//title)").get()) or response.url

"""Visit a publisher once: robots.txt, the first list, one publication, and its file, within five requests."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from scrapy import signals
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Request, Response
from twisted.python.failure import Failure as TwistedFailure

from corpus.reasons import Failure
from corpus.runs import RunFailure
from corpus.settings import Settings
from corpus.urls import sent_url
from crawler.declaration import SourceFile
from crawler.failures import read_failure
from crawler.html_parts import fold
from crawler.leads import Lead, ListPage
from crawler.one_off import crawl, run_apart, throwaway_job
from crawler.polite.robots import is_for_robots, rules_of_status
from crawler.protocols.source_spider import AS_WRITTEN
from crawler.protocols.spiders import SPIDERS
from crawler.trying.report import TrialFile, TrialRecord
from crawler.trying.spider import Trial, TrialSpider, trial_of

REQUESTS_MAX = 5
"""Most requests to a publisher, those for robots.txt and after redirects included."""
# One request after the other: the file of a publication, once it is known, goes before the rest of the list.
_SETTINGS = {"DOWNLOAD_VERIFY_CERTIFICATES": True, "CONCURRENT_REQUESTS": 1}
_LATELY = timedelta(days=20)
"""A repository is asked for what changed since then: its oldest records may be deleted ones."""
_FILE_FIRST = 100
"""Priority of the file; see crawler.protocols.source_spider for those of lists and pages."""


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
    return run_apart(VisitErrand(source), settings=settings)


@dataclass(frozen=True, slots=True)
class VisitErrand:
    """A visit, as it goes to the child process."""

    source: SourceFile

    def run(self, settings: Settings) -> Visit:
        """Visit, in this process. The hours of the source do not matter for five requests; a failure is not repeated."""
        polite = replace(self.source.polite, requests_max=REQUESTS_MAX, retries=0, hours=None)
        source = replace(self.source, polite=polite, about=(), start=self.source.start[:1])
        spider = SPIDERS[source.protocol]
        seen, trial = Visit(), Trial(records_max=1)
        with throwaway_job(source, settings) as job:
            asked = replace(job, since=datetime.now(UTC) - _LATELY) if spider.asks_since else job
            visiting = type(f"Visiting{spider.__name__}", (VisitSpider, trial_of(spider)), {})
            crawl(visiting, asked, _SETTINGS, trial=trial, seen=seen)
        tally, seen.asked_lately = job.tally, spider.asks_since
        seen.requests, seen.lists, seen.listed = tally.requests, tally.listings, tally.records
        seen.announced, seen.failures = tally.announced, tuple(tally.failures)
        seen.record = next(iter(trial.records.values()), None)
        return seen


class VisitSpider(TrialSpider):
    """A trial that also opens the first file. Stands before a protocol's trial, see `VisitErrand`."""

    def __init__(self, job: Any, trial: Trial, seen: Visit, **others: Any) -> None:
        super().__init__(job, trial, **others)
        self.seen = seen
        self._is_file_asked = False
        self._waiting: list[str] = []
        """Further pages of the list, and sitemaps that an index names, which were not asked for."""

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **others: Any) -> VisitSpider:
        """Begin; Scrapy calls this."""
        spider = super().from_crawler(crawler, *args, **others)
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

    def _file_request(self, lead: Lead, *, landing_url: str, referrer: str) -> Iterator[Request]:
        requests = list(super()._file_request(lead, landing_url=landing_url, referrer=referrer))
        files: tuple[TrialFile, ...] = tuple(file for record in self.trial.records.values() for file in record.files)
        if self._is_file_asked or not any(file.url == lead.url for file in files):
            yield from requests
            return
        self._is_file_asked = True
        yield Request(
            sent_url(lead.url),
            callback=self.on_opened,
            errback=self.on_not_opened,
            meta={"dont_cache": True, "found_on": referrer} | AS_WRITTEN,
            priority=_FILE_FIRST,
            dont_filter=True,
        )

    def on_opened(self, response: Response) -> None:
        """Take the file."""
        declared = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        self.seen.file = SeenFile(response.url, content_type=declared, body=response.body)

    def on_not_opened(self, failure: TwistedFailure) -> None:
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

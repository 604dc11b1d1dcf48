"""Pages between runs: lists and landing pages are asked for only whether they have changed (conditional requests).

Scrapy's HTTP cache with its RFC 2616 policy, over one SQLite file for each source, which also remembers which links were
followed to their end. Scrapy's own storage writes several files for each answer, and a killed process could leave half of
one behind. Since whole answers are kept, a changed rule of a source file works on pages that have not changed. Files have
their own conditional requests, from what the store knows of them.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import time

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Headers, Response
from scrapy.responsetypes import responsetypes
from scrapy.settings import BaseSettings

from corpus.urls import AddressKey
from crawler.items import SeenRecord
from crawler.job import job_of
from crawler.net.robots import is_for_robots

KEPT_DAYS = 400
"""An answer that no run asked for in so many days is dropped."""
RECHECK_DAYS = 30
"""A mark is believed for so many days: a file can change without its record saying so."""
RESUMED_WITHIN = timedelta(days=7)
"""A run that was not continued for longer is over: everything is requested again."""
RESUMED_IN_ALL = timedelta(days=60)
"""A source that is asked for a few hours a night may need weeks; after so long its first pages are too old."""

_SCHEMA = """
CREATE TABLE IF NOT EXISTS answer (
    fingerprint BLOB PRIMARY KEY, url TEXT NOT NULL, status INTEGER NOT NULL, headers TEXT NOT NULL,
    body BLOB NOT NULL, stored REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS run (started TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS mark (
    url TEXT PRIMARY KEY, modified TEXT NOT NULL, files INTEGER NOT NULL, known_as TEXT NOT NULL, at REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS mark_known_as ON mark (known_as);
CREATE TABLE IF NOT EXISTS note (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


class PageCache:
    """The answers of one source's pages, and whether its last run came to its end. Every write is one transaction."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._connection = sqlite3.connect(path, timeout=30)
        self._connection.execute("PRAGMA journal_mode=WAL")
        # A lost last second costs a few requests; waiting for the disk at each page costs more.
        self._connection.execute("PRAGMA synchronous=NORMAL")
        self._connection.executescript(_SCHEMA)

    def close(self) -> None:
        """Give the file back. May be repeated."""
        self._connection.close()

    def begin_run(self, now: datetime) -> datetime | None:
        """Note that a run begins; return when the unfinished one began with which it goes on, or None."""
        with self._connection:
            first, last = self._connection.execute("SELECT min(started), max(started) FROM run").fetchone()
            unfinished = datetime.fromisoformat(first) if first else None
            goes_on = (
                unfinished is not None
                and now - unfinished < RESUMED_IN_ALL
                and now - datetime.fromisoformat(last) < RESUMED_WITHIN
            )
            if not goes_on:
                self._connection.execute("DELETE FROM run")
            self._connection.execute("INSERT INTO run VALUES (?)", (now.isoformat(),))
            if goes_on:
                return unfinished
            self._connection.execute("DELETE FROM answer WHERE stored < ?", (now.timestamp() - KEPT_DAYS * 86400,))
        return None

    def end_run(self) -> None:
        """Note that the run came to its end."""
        with self._connection:
            self._connection.execute("DELETE FROM run")

    def follow_rules(self, digest: str) -> None:
        """Forget all marks and moments when the rules of the source are others than last time; `digest` names the rules."""
        if self._note("rules") == digest:
            return
        with self._connection:
            self._connection.execute("DELETE FROM mark")
            self._connection.execute("DELETE FROM note")
            self._connection.execute("INSERT INTO note VALUES ('rules', ?)", (digest,))

    def since(self, now: datetime, *, full_every: timedelta) -> datetime | None:
        """Return the moment after which changes are asked for; None: everything is to be asked for."""
        last, full = self._note("complete_until"), self._note("full_at")
        if not last or not full or now - datetime.fromisoformat(full) >= full_every:
            return None
        return datetime.fromisoformat(last)

    def completed(self, began: datetime, *, is_full: bool) -> None:
        """Note that a run saw everything there was when it began."""
        moments = {"complete_until": began} | ({"full_at": began} if is_full else {})
        with self._connection:
            for name, moment in moments.items():
                self._connection.execute("INSERT OR REPLACE INTO note VALUES (?, ?)", (name, moment.isoformat()))

    def _note(self, name: str) -> str:
        row = self._connection.execute("SELECT value FROM note WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else ""

    def seen_record(self, key: AddressKey) -> SeenRecord | None:
        """Return what is remembered of a link; None: nothing."""
        row = self._connection.execute(
            "SELECT url, modified, files, known_as, at FROM mark WHERE url = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        is_old = row[-1] < time() - RECHECK_DAYS * 86400
        return SeenRecord(row[0], "" if is_old else row[1], *row[2:-1])

    def remember(self, seen: SeenRecord) -> None:
        """Remember that a link was followed to its end."""
        with self._connection:
            self._connection.execute(
                "INSERT OR REPLACE INTO mark VALUES (?, ?, ?, ?, ?)",
                (seen.key, seen.modified, seen.files, seen.known_as, time()),
            )

    def doubt(self, known_as: AddressKey) -> None:
        """Believe no date of the links to this landing page or file: something failed there."""
        with self._connection:
            self._connection.execute("UPDATE mark SET modified = '' WHERE known_as = ?", (known_as,))

    def open_spider(self, spider: Spider) -> None:
        """Begin; Scrapy's HttpCacheMiddleware calls this."""
        self._fingerprint = spider.crawler.request_fingerprinter.fingerprint

    def close_spider(self, _spider: Spider) -> None:
        """End; the run closes the cache itself, after its report."""

    def retrieve_response(self, _spider: Spider, request: Request) -> Response | None:
        """Return the kept answer; None: there is none. When it was stored goes to `request.meta`, for the policy."""
        row = self._connection.execute(
            "SELECT url, status, headers, body, stored FROM answer WHERE fingerprint = ?", (self._fingerprint(request),)
        ).fetchone()
        if row is None:
            return None
        url, status, raw_headers, packed, stored = row
        request.meta["kept_since"] = datetime.fromtimestamp(stored, UTC)
        headers, body = Headers(dict(json.loads(raw_headers))), zlib.decompress(packed)
        kind = responsetypes.from_args(headers=headers, url=url, body=body)
        return kind(url=url, headers=headers, status=status, body=body)

    def store_response(self, _spider: Spider, request: Request, response: Response) -> None:
        """Keep an answer, in place of the one before."""
        headers = [
            (name.decode("latin-1"), [value.decode("latin-1") for value in values])
            for name, values in response.headers.items()
        ]
        packed = zlib.compress(response.body, 6)
        row = (self._fingerprint(request), response.url, response.status, json.dumps(headers), packed, time())
        with self._connection:
            self._connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?, ?, ?)", row)


def no_storage(_settings: BaseSettings) -> None:
    """Return no storage: that of a spider's job takes its place when the spider opens. Scrapy's own would make a folder."""


class RevalidatePolicy(RFC2616Policy):
    """RFC 2616, but a page is always asked for again: a harvest is to see what is new.

    One exception from asking: what the run that was killed had already asked for. And a server error is a failure to
    report, not a reason to be content with the old page.
    """

    resumed_since: datetime | None = None
    """When the killed run began that this one goes on with; None for a run of its own."""

    def should_cache_response(self, response: Response, request: Request) -> bool:
        """Say whether to keep an answer: any success, since a run that goes on after a kill needs it again."""
        return response.status == 200 and b"no-store" not in self._parse_cachecontrol(response)

    def is_cached_response_fresh(self, cachedresponse: Response, request: Request) -> bool:
        """Say whether the kept answer may be used without asking; else prepare the conditional request."""
        if request.meta.get("ask_again"):  # what is kept has led into a dead end
            return False
        kept_since: datetime = request.meta["kept_since"]
        goes_on = self.resumed_since is not None and kept_since >= self.resumed_since
        if goes_on and not is_for_robots(request):  # what a publisher allows may have changed since
            return True
        self._set_conditional_validators(request, cachedresponse)
        return False

    def is_cached_response_valid(self, cachedresponse: Response, response: Response, request: Request) -> bool:
        """Say whether the server confirmed the kept answer."""
        return bool(response.status == 304)


class PageCacheMiddleware(HttpCacheMiddleware):
    """Scrapy's cache, except that a page which cannot be fetched is a failure, also when an old copy is at hand."""

    def spider_opened(self, spider: Spider) -> None:
        """Begin; Scrapy calls this."""
        job = job_of(spider)
        self.storage = job.cache
        super().spider_opened(spider)
        assert isinstance(self.policy, RevalidatePolicy)
        self.policy.resumed_since = job.resumed_since

    def process_exception(self, request: Request, exception: Exception, spider: Spider | None = None) -> None:
        """Forget the old copy, so that the retry or the report sees the failure."""
        request.meta.pop("cached_response", None)

"""Ask for a page only whether it has changed: Scrapy's HTTP cache, with its RFC 2616 policy, over crawler.net.kept_pages.

It is for listings, feeds and landing pages. Files have their own conditional requests, from what the store knows of them.
"""

from __future__ import annotations

from datetime import datetime

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.httpcache import HttpCacheMiddleware
from scrapy.extensions.httpcache import RFC2616Policy
from scrapy.http import Response
from scrapy.settings import BaseSettings

from crawler.job import job_of
from crawler.net.kept_pages import PageCache
from crawler.net.robots import is_for_robots


class CacheStorage:
    """What Scrapy's HttpCacheMiddleware asks for; it hands on to the cache that belongs to the spider's job."""

    def __init__(self, _settings: BaseSettings) -> None:
        self._cache: PageCache | None = None

    def open_spider(self, spider: Spider) -> None:
        """Begin; Scrapy calls this."""
        self._cache = job_of(spider).cache
        self._fingerprint = spider.crawler.request_fingerprinter.fingerprint

    def close_spider(self, _spider: Spider) -> None:
        """End; the run closes the cache itself, after its report."""

    def retrieve_response(self, _spider: Spider, request: Request) -> Response | None:
        """Return the kept answer. When it was stored goes to `request.meta`, for the policy."""
        assert self._cache is not None
        found = self._cache.get(self._fingerprint(request))
        if found is None:
            return None
        response, stored = found
        request.meta["kept_since"] = stored
        return response

    def store_response(self, _spider: Spider, request: Request, response: Response) -> None:
        """Keep an answer."""
        assert self._cache is not None
        self._cache.put(self._fingerprint(request), response)


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
        super().spider_opened(spider)
        assert isinstance(self.policy, RevalidatePolicy)
        self.policy.resumed_since = job_of(spider).resumed_since

    def process_exception(self, request: Request, exception: Exception, spider: Spider | None = None) -> None:
        """Forget the old copy, so that the retry or the report sees the failure."""
        request.meta.pop("cached_response", None)

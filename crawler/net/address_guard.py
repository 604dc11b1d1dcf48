"""The first thing that a request passes, also after a redirect: is this an address that may be fetched at all?"""

from __future__ import annotations

from scrapy import Request
from scrapy.crawler import Crawler

from crawler.job import job_of
from crawler.net.addresses import OwnPlaces, host_of, is_private_host, own_places, refusal_of, served_places
from crawler.net.refusals import RequestRefused


class AddressGuard:
    """Let no request out to an address that may not be fetched."""

    def __init__(self, own: OwnPlaces, *, served: OwnPlaces, connect_to: str) -> None:
        self._own = own
        self._served = served
        self._server = f"http://{connect_to}"

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AddressGuard:
        """Begin; Scrapy calls this."""
        source = job_of(crawler.spider).source
        return cls(own_places(source), served=served_places(source), connect_to=source.connect_to)

    def process_request(self, request: Request) -> None:
        """Refuse what may not be fetched. A declared private host is asked directly: a proxy would ask its own network.

        The server that a source connects to is asked as a proxy is: by whole addresses.
        """
        is_own = self._own.has(request.url)
        if reason := refusal_of(request.url, allow_private=is_own):
            raise RequestRefused(reason)
        if self._served.has(request.url):
            request.meta["proxy"] = self._server
        elif is_own and is_private_host(host_of(request.url)):
            request.meta["proxy"] = None
        elif request.meta.get("proxy", "") in (None, self._server):
            del request.meta["proxy"]  # redirected from there to somewhere else

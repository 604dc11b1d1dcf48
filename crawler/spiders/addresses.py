"""The spider for addresses that a person names one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from scrapy.http import Response

from crawler.items import Link, LinkKind, ListPage
from crawler.pages.links import file_kind
from crawler.spiders.source_spider import SourceSpider


class AddressesSpider(SourceSpider):
    """Fetch each address as it is: a file is kept; a landing page leads to its PDFs, and is itself the text without any."""

    name = "addresses"
    lists_everything = False
    follows_translations = False  # a person gets what was named

    async def start(self) -> AsyncIterator[Any]:
        """Begin; Scrapy calls this."""
        for address in self.job.source.start:
            kind = LinkKind.FILE if file_kind(address) else LinkKind.LANDING
            for request in self.follow(Link(url=address, kind=kind), referrer=""):
                yield request

    def read(self, response: Response) -> ListPage:
        """Return nothing: there is no listing."""
        return ListPage()

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return nothing: there is no listing."""
        return ()

"""The spider for addresses that a person names one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator

from scrapy.http import Request, Response

from crawler.leads import Lead, LeadKind, ListPage
from crawler.links import file_kind
from crawler.protocols.source_spider import SourceSpider


class AddressesSpider(SourceSpider):
    """Fetch each address as it is: a file is kept; a landing page leads to its PDFs, and is itself the text without any."""

    name = "addresses"
    lists_everything = False
    follows_translations = False  # a person gets what was named

    async def start(self) -> AsyncIterator[Request]:
        """Begin; Scrapy calls this."""
        for address in self.job.source.start:
            kind = LeadKind.FILE if file_kind(address) else LeadKind.LANDING
            for request in self._follow(Lead(url=address, kind=kind), referrer=""):
                yield request

    def read(self, response: Response) -> ListPage:
        """Return nothing: there is no listing."""
        return ListPage()

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return nothing: there is no listing."""
        return ()

"""The spider for publishers that speak JSON APIs."""

from __future__ import annotations

from scrapy.http import Response

from crawler.leads import Found
from crawler.protocols.source_spider import SourceSpider


class ApiSpider(SourceSpider):
    """Being built; see crawler/protocols/__init__.py for what belongs here."""

    name = "api"

    def read(self, response: Response) -> Found:
        """Return nothing yet."""
        return Found(trouble="This protocol is not there yet.")

    def further_pages(self, found: Found, *, number: int) -> tuple[str, ...]:
        """Return nothing yet."""
        return ()

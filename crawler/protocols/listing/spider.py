"""The spider for publishers that list their publications on HTML pages."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from crawler.leads import Found
from crawler.protocols.listing.page import read_listing
from crawler.protocols.listing.rules import ListingRules
from crawler.protocols.source_spider import SourceSpider


class ListingSpider(SourceSpider):
    """Walk HTML listings, page by page."""

    name = "listing"

    @property
    def rules(self) -> ListingRules:
        """Return the rules of the source file."""
        rules = self.job.source.rules
        assert isinstance(rules, ListingRules)
        return rules

    def read(self, response: Response) -> Found:
        """Return the leads of one page of the listing."""
        if not isinstance(response, TextResponse):
            return Found(note="This is no web page, and was expected to be a listing.")
        found = read_listing(response, self.rules)
        if not found.leads and not self._leads_seen:
            return Found(more=found.more, skipped=found.skipped, note="No link of this listing fits the rules.")
        return found

    def further_pages(self, found: Found, *, number: int) -> tuple[str, ...]:
        """Return the next page, by the declared pattern or by the page's own link, up to the most that is allowed."""
        rules = self.rules
        if number >= rules.pages_max:
            if found.more or rules.page_address:
                self.job.tally.cut_short(f"The listing goes on after {rules.pages_max} pages (pages_max).")
            return ()
        if rules.page_address:
            return (rules.page_address.replace("{page}", str(rules.first_page + number - 1)),)
        return found.more

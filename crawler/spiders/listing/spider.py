"""The spider for publishers that list their publications on HTML pages."""

from __future__ import annotations

from scrapy.http import Response, TextResponse

from corpus.run_reasons import Note, NoteKind
from crawler.items import ListPage
from crawler.net.addresses import site_of
from crawler.sources.rules import ListingRules
from crawler.spiders.listing.parse import read_listing, read_more
from crawler.spiders.source_spider import SourceSpider


class ListingSpider(SourceSpider):
    """Walk HTML listings, page by page."""

    name = "listing"
    rules: ListingRules

    def read(self, response: Response) -> ListPage:
        """Return the links of one page of the listing, or of one answer of its load-more endpoint."""
        source = self.job.source
        if self.rules.load_more.address and response.body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
            # What a browser puts into the page is read as part of the page.
            page = next((start for start in source.start if site_of(start) == site_of(response.url)), response.url)
            return read_more(response.body, self.rules, url=page)
        if not isinstance(response, TextResponse):
            return ListPage(note=Note(NoteKind.NO_WEB_PAGE))
        found = read_listing(response, self.rules)
        if not found.links and not self._links_seen:
            return ListPage(more=found.more, skipped=found.skipped, note=Note(NoteKind.NO_LINK_FITS))
        return found

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the next page, by the declared pattern or by the page's own link, up to the most that is allowed."""
        rules = self.rules
        following = found.more
        if rules.page_address:
            following = (rules.page_address.replace("{page}", str(rules.first_page + number - 1)),)
        elif rules.load_more.address:
            following = self._more_after(found, number=number)
        if following and number >= rules.pages_max:
            self.stats.cut_short(Note.of(NoteKind.LISTING_GOES_ON, pages=rules.pages_max))
            return ()
        return following

    def _more_after(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the address of the next answer of the load-more endpoint; an empty answer is the last one."""
        if number > 1 and not found.records:
            return ()
        load_more = self.rules.load_more
        if load_more.cursor is None or (number == 1 and not found.more and found.records is None):
            return (load_more.address_after(number),)
        return found.more

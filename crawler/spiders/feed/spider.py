"""The spider for publishers that announce their publications in feeds."""

from __future__ import annotations

from scrapy.http import Response

from corpus.run_reasons import Note, NoteKind
from crawler.items import ListPage
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.parse import read_feed
from crawler.spiders.source_spider import SourceSpider


class FeedSpider(SourceSpider):
    """Read feeds, and the feeds that they continue in."""

    name = "feed"
    rules: FeedRules
    lists_everything = False  # it names the newest entries only

    def read(self, response: Response) -> ListPage:
        """Return the links of one feed."""
        content_type = (response.headers.get(b"Content-Type") or b"").decode("latin-1")
        return read_feed(response.body, self.rules, url=response.url, content_type=content_type)

    def further_pages(self, found: ListPage, *, number: int) -> tuple[str, ...]:
        """Return the feed in which this one continues, up to the most that is allowed."""
        rules = self.rules
        following = found.more
        if rules.page_address:
            address = rules.page_address.replace("{page}", str(rules.first_page + number - 1))
            following = (address,) if found.records else ()
        if following and number >= rules.pages_max:
            self.stats.cut_short(Note.of(NoteKind.FEED_GOES_ON, pages=rules.pages_max))
            return ()
        return following

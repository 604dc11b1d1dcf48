"""Real feeds, listings and article pages, saved from the web: nothing raises, and how much is read may only rise."""

from __future__ import annotations

import gzip

import pytest
from scrapy.http import HtmlResponse

from crawler.pages.html_parts import main_text_length, seen_text
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.publication_files import choose_files, translated_pages
from crawler.sources.model import FileRules
from crawler.sources.rules import FeedRules, ListingRules
from crawler.spiders.feed.parse import read_feed
from crawler.spiders.listing.parse import read_listing

pytestmark = pytest.mark.shared


def test_every_saved_feed_is_read_or_noted_and_none_raises(shared_data):
    with_links = noted = total = 0
    for path in sorted((shared_data / "harvest" / "feeds" / "wellformed").rglob("*.xml")):
        found = read_feed(path.read_bytes(), FeedRules(), url="https://feeds.example/feed")
        total += 1
        with_links += bool(found.links)
        noted += bool(found.note)
    assert total > 1000
    print(f"wellformed feeds {total}, with leads {with_links}, noted {noted}")


@pytest.mark.parametrize("folder", ["illformed", "encoding", "entities"])
def test_broken_feeds_do_not_raise(shared_data, folder):
    files = [path for path in sorted((shared_data / "harvest" / "feeds" / folder).rglob("*")) if path.is_file()]
    assert files
    for path in files:
        read_feed(path.read_bytes(), FeedRules(), url="https://feeds.example/feed")


def test_saved_listings_lead_on(shared_data):
    counts = {}
    for path in sorted((shared_data / "harvest" / "listing-pages").glob("*.html")):
        response = HtmlResponse(url=f"https://{path.stem}.example/list", body=path.read_bytes())
        counts[path.stem] = len(read_listing(response, ListingRules()).links)
    print(counts)
    assert len(counts) == 12
    assert sum(count > 0 for count in counts.values()) >= 10


def test_saved_articles_have_a_title_a_text_and_no_file_by_accident(shared_data):
    pages = sorted((shared_data / "harvest" / "article-html").glob("*.html.gz"))
    titled = with_text = files = 0
    for path in pages:
        response = HtmlResponse(url="https://news.example/2020/a", body=gzip.decompress(path.read_bytes()))
        titled += bool(landing_evidence(response).get("title"))
        with_text += main_text_length(response) >= 500
        files += len(choose_files(response, FileRules()).links)
        translated_pages(response, languages=())
        assert seen_text(response)
    print(f"articles {len(pages)}, titled {titled}, with text {with_text}, files {files}")
    assert titled == len(pages)
    assert with_text >= 0.9 * len(pages)

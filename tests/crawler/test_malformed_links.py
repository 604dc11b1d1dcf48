"""A link that leads nowhere is left out and counted; whatever stands beside it is fetched."""

from __future__ import annotations

from html import escape

import pytest
from scrapy.http import HtmlResponse
from told import told

from corpus.runs import RunState
from corpus.urls import absolute_url, canonical_url, is_malformed_link, is_web_address
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.links import with_usable_base
from crawler.pages.publication_files import choose_files, translated_pages
from crawler.sources.model import FileRules
from crawler.sources.rules import ListingRules
from crawler.spiders.listing.parse import read_listing
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.malformed_links import MALFORMED
from tests.crawler.polite_site import ALLOW_ALL, PoliteSite, answer, pdf

HOST = "office.example"


def page(markup: str, *, url: str = f"http://{HOST}/reports/1") -> HtmlResponse:
    return with_usable_base(HtmlResponse(url, body=f"<!doctype html>{markup}".encode(), encoding="utf-8"))


def spelled(link: str) -> str:
    return link.format(host=HOST)


@pytest.mark.parametrize("link", [spelled(link) for link in MALFORMED])
def test_a_malformed_address_is_no_address_and_has_one_spelling(link):
    assert not is_web_address(link)
    assert absolute_url(link, base=f"http://{HOST}/") == ""
    assert is_malformed_link(link, base=f"http://{HOST}/")
    assert canonical_url(link) == link


@pytest.mark.parametrize("link", ["mailto:a@b.example", "javascript:void(0)", "#top", "", "/a:80b", "?u=http://[::1"])
def test_a_link_that_is_not_meant_for_the_web_is_not_called_malformed(link):
    assert not is_malformed_link(link, base=f"http://{HOST}/")


@pytest.mark.parametrize("link", [spelled(link) for link in MALFORMED])
@pytest.mark.parametrize("place", ["link", "meta", "alternate", "base", "translation"])
def test_a_landing_page_brings_its_other_files(link, place):
    markup = {
        "link": f"<main><a href='{escape(link)}'>PDF</a>",
        "meta": f"<head><meta name=citation_pdf_url content='{escape(link)}'></head><main>",
        "alternate": f"<head><link rel=alternate type=application/pdf href='{escape(link)}'></head><main>",
        "base": f"<head><base href='{escape(link)}'></head><main>",
        "translation": f"<head><link rel=alternate hreflang=es href='{escape(link)}'></head><main>",
    }[place]
    response = page(f"{markup}<a href='http://{HOST}/two.pdf'>Report</a></main>")
    found = choose_files(response, FileRules())
    assert [lead.url for lead in found.links] == [f"http://{HOST}/two.pdf"]
    assert landing_evidence(response) is not None
    assert translated_pages(response, languages=()) == ()
    assert told(found.skipped).get("malformed address", 0) == (place in ("link", "meta", "alternate"))


@pytest.mark.parametrize("link", [spelled(link) for link in MALFORMED])
def test_a_listing_brings_its_other_pages_and_goes_on_past_a_malformed_next(link):
    markup = f"<main><h3><a href='{escape(link)}'>A</a></h3><h3><a href='/b'>B</a></h3></main><a rel=next href='{escape(link)}'>"
    found = read_listing(page(markup), ListingRules())
    assert [lead.url for lead in found.links] == [f"http://{HOST}/b"]
    assert told(found.skipped) == {"malformed address": 1}
    assert found.more == ()


def items(links: list[str], template: str) -> str:
    return "".join(template.format(escape(link)) for link in links)


LISTS = {
    "listing": (
        "text/html",
        "<!doctype html><base href='http://[::1'><main>{}</main>",
        "<h3><a href='{}'>A report</a></h3>",
    ),
    "feed": (
        "application/rss+xml",
        "<rss version='2.0'><channel>{}</channel></rss>",
        "<item><title>T</title><link>{}</link></item>",
    ),
    "sitemap": ("application/xml", "<urlset>{}</urlset>", "<url><loc>{}</loc></url>"),
}


@pytest.mark.slow
def test_a_harvest_brings_what_stands_beside_malformed_links_in_lists_of_every_kind_and_in_landing_pages(settings):
    with PoliteSite({}) as site:
        host = site.url.removeprefix("http://").partition(":")[0]
        bad = [link.format(host=host) for link in MALFORMED]
        declaring = items(bad, "<meta name=citation_pdf_url content='{}'>")
        links = items([*bad, "/one.pdf"], "<a href='{}'>PDF</a>")
        answers = {
            "/robots.txt": answer(ALLOW_ALL),
            "/one.pdf": pdf("one"),
            "/landing": answer(
                f"<!doctype html><head><base href='http://a:80b/'>{declaring}</head><main>{links}</main>".encode()
            ),
        }
        for protocol, (kind, around, each) in LISTS.items():
            body = around.format(items([*bad, f"{site.url}/landing"], each))
            answers[f"/{protocol}"] = answer(body.encode(), content_type=kind)
        site.answers = answers
        runs = {
            protocol: harvested(
                sample_source(f"{site.url}/{protocol}", slug=f"a-{protocol}", protocol=protocol), settings
            )
            for protocol in LISTS
        }
    for protocol, run in runs.items():
        assert (run.state, run.new, run.pages_failed) == (RunState.FINISHED, 1, 0), (protocol, run)
        # feedparser takes one slash away from https:///f.pdf, and then the name of the host is f.pdf.
        assert run.failed == (protocol == "feed"), (protocol, run.failures)
        assert told(run.skipped_by)["malformed address"] >= 2 * len(MALFORMED), (protocol, run.skipped_by)

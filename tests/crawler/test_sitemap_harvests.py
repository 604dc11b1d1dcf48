"""Harvesting by sitemap over HTTP: what comes, what a second run asks for, where chains of sitemaps end."""

from __future__ import annotations

import gzip

import pytest
from told import told

from corpus.runs import RunState
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.lists_site import ListsSite, Told, pdf, text_page
from tests.publisher import SamplePublisher

XML = "application/xml"


def urlset(*paths: str, lastmod: str = "2024-05-01") -> Told:
    dated = f"<lastmod>{lastmod}</lastmod>" if lastmod else ""
    entries = "".join(f"<url><loc>{{site}}{path}</loc>{dated}</url>" for path in paths)
    return Told(f"<urlset>{entries}</urlset>".encode(), content_type=XML)


def index(*paths: str) -> Told:
    entries = "".join(f"<sitemap><loc>{{site}}{path}</loc></sitemap>" for path in paths)
    return Told(f"<sitemapindex>{entries}</sitemapindex>".encode(), content_type=XML)


def landing(name: str) -> Told:
    return text_page(f"Report {name}", main=f"<a href='/f/{name}.pdf'>Download</a>")


def reports(*names: str) -> dict[str, Told]:
    return {f"/r/{name}": landing(name) for name in names} | {f"/f/{name}.pdf": pdf(name) for name in names}


def source_of(site: ListsSite, start: str, *, table: str = "", files: str = ""):
    more = f"[sitemap]\n{table}\n[files]\n{files}"
    return sample_source(f"{site.url}{start}", protocol="sitemap", more=more)


def test_robots_txt_leads_through_an_index_to_packed_and_plain_sitemaps_and_to_every_file(settings):
    answers = {
        "/robots.txt": Told(b"User-agent: *\nDisallow: /private\nSitemap: {site}/index.xml", content_type="text/plain"),
        "/index.xml": index("/deep.xml", "/plain.txt"),
        "/deep.xml": index("/reports.xml.gz"),
        "/plain.txt": Told(b"{site}/f/c.pdf\n{site}/r/b\n", content_type="text/plain"),
        **reports("a", "b"),
        "/f/c.pdf": pdf("c"),
    }
    with ListsSite(answers) as site:
        packed = urlset("/r/a", "/r/b").body.replace(b"{site}", site.url.encode())
        site.answers["/reports.xml.gz"] = Told(gzip.compress(packed), content_type="application/x-gzip")
        run = harvested(source_of(site, "/robots.txt"), settings)
    assert (run.state, run.new, run.failed, run.pages_failed) == (RunState.FINISHED, 3, 0, 0)
    assert (run.listings, run.records, run.is_complete) == (5, 4, True)


def test_a_second_run_asks_only_for_the_sitemaps_and_for_what_they_date_anew(settings):
    answers = {"/sitemap.xml": urlset("/r/a", "/r/b", "/r/c"), **reports("a", "b", "c")}
    with ListsSite(answers) as site:
        source = source_of(site, "/sitemap.xml")
        assert harvested(source, settings).new == 3
        site.asked.clear()
        same = harvested(source, settings)
        assert site.paths() == ["/sitemap.xml"]
        assert (same.unchanged, same.offered, same.held) == (3, 3, 3)
        site.answers["/sitemap.xml"] = Told(
            urlset("/r/a", "/r/b", "/r/c").body.replace(b"2024-05-01", b"2024-06-02", 1), content_type=XML
        )
        site.answers["/f/a.pdf"] = pdf("a, corrected")
        site.asked.clear()
        third = harvested(source, settings)
        assert site.paths() == ["/f/a.pdf", "/r/a", "/sitemap.xml"]
        assert (third.changed, third.unchanged) == (1, 2)


def test_what_a_sitemap_no_longer_names_is_flagged_and_kept(settings):
    with ListsSite({"/sitemap.xml": urlset("/r/a", "/r/b"), **reports("a", "b")}) as site:
        source = source_of(site, "/sitemap.xml")
        harvested(source, settings)
        site.answers["/sitemap.xml"] = urlset("/r/a")
        run = harvested(source, settings)
    assert (run.unlisted, run.held) == (1, 1)


def test_a_sitemap_of_an_index_that_is_not_there_makes_the_run_incomplete_and_flags_nothing(settings):
    answers = {"/i.xml": index("/s1.xml", "/s2.xml"), "/s1.xml": urlset("/r/a"), "/s2.xml": urlset("/r/b")}
    with ListsSite({**answers, **reports("a", "b")}) as site:
        source = source_of(site, "/i.xml")
        harvested(source, settings)
        del site.answers["/s2.xml"]
        run = harvested(source, settings)
    assert (run.pages_failed, run.unlisted, run.held, run.is_complete) == (1, 0, 2, False)
    assert told(run.failures[0].reason) == "The server answered 404 (not found)."


def test_sitemaps_that_name_each_other_in_a_circle_are_read_once(settings):
    answers = {"/a.xml": index("/b.xml", "/a.xml", "/c.xml"), "/b.xml": index("/a.xml"), "/c.xml": urlset("/r/a")}
    with ListsSite({**answers, **reports("a")}) as site:
        run = harvested(source_of(site, "/a.xml"), settings)
        assert site.paths() == ["/a.xml", "/b.xml", "/c.xml", "/f/a.pdf", "/r/a"]
    assert (run.new, run.is_complete) == (1, True)


def test_indexes_without_end_are_left_after_some_levels_and_the_run_says_so(settings):
    chain = {f"/{level}.xml": index(f"/{level + 1}.xml") for level in range(20)}
    with ListsSite({**chain, "/0.xml": index("/1.xml", "/s.xml"), "/s.xml": urlset("/r/a"), **reports("a")}) as site:
        run = harvested(source_of(site, "/0.xml"), settings)
        assert "/5.xml" not in site.paths()
    assert (run.new, run.is_complete) == (1, False)
    assert "Sitemaps refer to each other over more than 5 levels" in told(run)


def test_no_more_sitemaps_are_read_than_the_rules_allow(settings):
    answers = {"/i.xml": index(*(f"/s{n}.xml" for n in range(9)))}
    answers |= {f"/s{n}.xml": urlset(f"/r/{n}") for n in range(9)} | reports(*map(str, range(9)))
    with ListsSite(answers) as site:
        run = harvested(source_of(site, "/i.xml", table="maps_max = 4"), settings)
    assert (run.listings, run.new, run.is_complete) == (4, 3, False)
    assert "There are more than 4 sitemaps (maps_max)." in told(run)


PACKED_SPACE = b"<urlset> and 80 MB of white space, packed"
"""Made when the test runs, since every test process imports this."""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (PACKED_SPACE, "The sitemap is longer than 64 MiB; it was read up to there."),
        (b"<urlset><url><loc>{site}/r/a</loc></url><url><lo", "The sitemap is cut off before its end."),
        (b"<!doctype html><h1>Not now</h1>", "This is not a sitemap but a web page."),
    ],
)
def test_a_sitemap_that_cannot_be_read_to_its_end_stands_in_the_report(settings, body, reason):
    kind = XML
    if body == PACKED_SPACE:
        kind, body = "application/gzip", gzip.compress(b"<urlset>" + b" " * 80_000_000)
    with ListsSite({"/sitemap.xml": Told(body, content_type=kind), **reports("a")}) as site:
        run = harvested(source_of(site, "/sitemap.xml"), settings)
    assert [told(failure.reason) for failure in run.failures] == [reason]
    assert not run.is_complete


def test_the_sitemap_of_the_sample_publisher_brings_what_its_listing_brings(settings):
    with SamplePublisher() as site:
        by_list = harvested(sample_source(f"{site.url}/publications", slug="by-list"), settings)
        by_map = harvested(sample_source(f"{site.url}/robots.txt", slug="by-map", protocol="sitemap"), settings)
    assert by_map.new == by_list.new > 0
    assert by_map.state is RunState.FINISHED

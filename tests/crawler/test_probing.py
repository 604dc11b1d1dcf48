"""What is asked of a site, what is made of its answers, and which way is proposed. No network."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crawler.probing.guess import Proposal
from crawler.probing.writing import source_text, suggested_slug
from crawler.sources.load import parse_source
from crawler.spiders.listing.parse import read_listing
from tests.crawler.probed import (
    HOME,
    IDENTIFIERS,
    IDENTIFY,
    asked,
    feed,
    listing,
    looked_at,
    page,
    response_of,
    sitemap,
)

FEED_LINK = '<link rel="alternate" type="application/rss+xml" href="/news.rss">'
PUBLICATIONS = [f"/publications/street-vendors-{number}" for number in range(1, 13)]


def protocols(proposal: Proposal) -> list[str]:
    return [candidate.protocol for candidate in proposal.candidates]


def declared(proposal: Proposal):
    return parse_source(source_text(proposal, slug="an-office"), path=Path("an-office.toml"))


def test_a_repository_is_preferred_and_nothing_else_is_asked_then():
    site = {"/": page("Hello", head=FEED_LINK), "/oai?verb=Identify": IDENTIFY}
    site["/oai?verb=ListIdentifiers&metadataPrefix=oai_dc"] = IDENTIFIERS
    proposal, seen = looked_at(site)
    best = proposal.candidates[0]
    assert (best.protocol, best.start, best.records) == ("oai", ("https://office.example/oai",), 3120)
    assert asked(seen) == list(site)


def test_what_answers_to_identify_with_a_web_page_is_no_repository():
    proposal, _ = looked_at(
        {"/": page("Hello", head=FEED_LINK), "/oai?verb=Identify": page("Oops"), "/news.rss": feed()}
    )
    assert protocols(proposal) == ["feed"]


def test_a_listing_is_found_behind_the_menu_and_named_by_a_selector_that_the_listing_spider_understands():
    body = listing(after="<ul class='pager'><li class='pager__item--next'><a href='?page=1'>Next</a></li></ul>")
    proposal, _ = looked_at({"/": page("<a href='/publications'>Publications</a>"), "/publications": body})
    source = declared(proposal)
    assert (source.protocol, source.start) == ("listing", ("https://office.example/publications",))
    found = read_listing(response_of(source.start[0], body), source.rules)
    assert [link.url for link in found.links] == [HOME.rstrip("/") + path for path in PUBLICATIONS]
    assert found.more == ("https://office.example/publications?page=1",)


def test_numbered_pages_without_a_next_link_become_a_page_address():
    pages = " ".join(f"<a href='/publications?page={number}'>{number}</a>" for number in (2, 3, 4))
    site = {"/publications": listing(after=f"<div class='numbers'>{pages}</div>")}
    proposal, _ = looked_at(site, address=HOME + "publications")
    rules = declared(proposal).rules
    assert (rules.page_address, rules.first_page) == ("https://office.example/publications?page={page}", 2)
    assert proposal.candidates[0].records == 48


def test_a_next_link_known_by_its_words_only_becomes_a_selector():
    body = listing(after="<p><a href='/publications/older'>Siguiente</a></p>")
    proposal, _ = looked_at({"/publications": body}, address=HOME + "publications")
    found = read_listing(response_of(HOME + "publications", body), declared(proposal).rules)
    assert found.more == ("https://office.example/publications/older",)


def test_a_sitemap_that_names_what_the_listing_shows_is_preferred_to_it():
    site = {
        "/": page("<a href='/publications'>Publications</a>"),
        "/publications": listing(),
        "/robots.txt": "User-agent: *\nDisallow: /admin\nSitemap: https://office.example/map.xml\n",
        "/map.xml": sitemap("/about", "/news/one", *PUBLICATIONS, *(f"/publications/more-{n}" for n in range(30))),
    }
    proposal, seen = looked_at(site)
    source = declared(proposal)
    assert (source.protocol, source.start, proposal.candidates[0].records) == ("sitemap", (HOME + "map.xml",), 42)
    assert [url for url in ("/about", "/news/one") if source.rules.admit(HOME[:-1] + url)] == []
    assert "/sitemap.xml" not in asked(seen)


def test_a_sitemap_that_leaves_the_publications_out_is_not_preferred():
    site = {
        "/": page("<a href='/publications'>Publications</a>"),
        "/publications": listing(),
        "/sitemap.xml": sitemap("/about", *(f"/documents/form-{number}" for number in range(40))),
    }
    assert protocols(looked_at(site)[0])[0] == "listing"


def test_of_an_index_the_sitemaps_that_sound_like_publications_are_read():
    index = "".join(
        f"<sitemap><loc>{HOME}wp-sitemap-{name}.xml</loc></sitemap>"
        for name in (
            "taxonomies-category-1",
            "users-1",
            "posts-page-1",
            "posts-post-1",
            "posts-publication-1",
            "posts-event-1",
        )
    )
    site = {
        "/": page("Hello", head="<meta name='generator' content='WordPress 6.4'>"),
        "/wp-sitemap.xml": f'<?xml version="1.0"?><sitemapindex>{index}</sitemapindex>',
        "/wp-sitemap-posts-publication-1.xml": sitemap(*(f"/publication/p-{number}" for number in range(25))),
    }
    proposal, seen = looked_at(site)
    assert proposal.candidates[0].start == (HOME + "wp-sitemap.xml",)
    assert proposal.candidates[0].records == 25
    assert "/wp-sitemap-users-1.xml" not in asked(seen)
    assert not any("oai" in path for path in asked(seen))


def test_a_feed_is_proposed_where_nothing_lists_more():
    proposal, _ = looked_at({"/": page("Hello", head=FEED_LINK), "/news.rss": feed(count=7)})
    assert (protocols(proposal), proposal.candidates[0].start) == (["feed"], (HOME + "news.rss",))


def test_a_feed_of_comments_is_none():
    comments = '<link rel="alternate" type="application/rss+xml" title="Comments" href="/comments/feed/">'
    proposal, _ = looked_at(
        {"/": page("Hello", head=comments + FEED_LINK), "/comments/feed/": feed(), "/news.rss": feed()}
    )
    assert [candidate.start for candidate in proposal.candidates] == [(HOME + "news.rss",)]


def test_of_two_feeds_the_one_that_goes_on_is_taken():
    both = FEED_LINK + '<link rel="alternate" type="application/atom+xml" href="/all.atom">'
    entry = f"<entry><title>One</title><link href='{HOME}one'/><id>1</id></entry>"
    paged = (
        '<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>All</title>'
        f'<link rel="next" href="/all.atom?page=2"/>{entry}</feed>'
    )
    proposal, _ = looked_at({"/": page("Hello", head=both), "/news.rss": feed(), "/all.atom": paged})
    assert proposal.candidates[0].start == (HOME + "all.atom",)


def test_an_address_that_is_itself_a_feed_is_taken_and_only_its_home_page_is_asked_besides():
    proposal, seen = looked_at({"/news.rss": feed(), "/": listing()}, address=HOME + "news.rss")
    assert (proposal.candidates[0].protocol, proposal.reason) == ("feed", "it is the address that was given")
    assert asked(seen) == ["/news.rss", "/"]
    assert proposal.facts.name == "An Office"


def test_only_the_protocol_that_was_asked_for_is_looked_for():
    site = {"/": page("Hello", head=FEED_LINK), "/news.rss": feed(), "/oai?verb=Identify": IDENTIFY}
    proposal, seen = looked_at(site, protocol="feed")
    assert protocols(proposal) == ["feed"]
    assert asked(seen) == ["/", "/news.rss"]


def test_an_article_is_no_listing_of_what_it_links_to():
    head = '<meta property="og:type" content="article">'
    body = "".join(
        f"<li><h3><a href='/2020/05/{n}/a-long-title-here'>Another story about work {n}</a></h3></li>" for n in range(9)
    )
    proposal, _ = looked_at(
        {"/2020/05/01/story": page(f"<ul>{body}</ul>", head=head)}, address=HOME + "2020/05/01/story"
    )
    assert "listing" not in protocols(proposal)


def test_an_unknown_api_that_the_page_declares_is_read_by_a_guessed_mapping():
    head = '<link rel="alternate" type="application/json" href="/api/docs">'
    answer = """{"meta": {"total": 80, "next": "https://office.example/api/docs?page=2"}, "results": [
      {"uuid": "a1", "Title": "Vendors", "creators": [{"name": "Ana"}], "datePublished": "2020", "url": "https://office.example/d/1",
       "files": [{"href": "https://office.example/d/1.pdf", "format": "application/pdf"}]},
      {"uuid": "a2", "Title": "Waste", "creators": [], "datePublished": "2021", "url": "https://office.example/d/2"}]}"""
    proposal, _ = looked_at({"/": page("Hello", head=head), "/api/docs": answer})
    best = proposal.candidates[0]
    assert best.protocol == "api"
    assert best.goes_on
    keys = dict(best.keys)
    assert keys["records"] == "results"
    assert keys["next"] == "meta.next"
    assert keys["files"] == "files[].{url: href, type: format}"
    assert keys["fields.author"] == "creators[].name"
    assert declared(proposal).rules.fields.keys() == {"title", "author", "date"}


def test_a_json_answer_that_lists_no_publications_is_no_api():
    head = '<link rel="alternate" type="application/json" href="/wp-json/page/1">'
    proposal, _ = looked_at(
        {"/": page("Hello", head=head), "/wp-json/page/1": '{"id": 1, "title": {"rendered": "Home"}}'}
    )
    assert proposal.candidates == ()


def test_a_site_that_offers_nothing_gets_no_proposal_and_few_questions():
    proposal, seen = looked_at({"/": page("<p>Under construction</p>")})
    assert proposal.candidates == ()
    assert len(seen.answers) <= 14
    assert len(proposal.failures) == len(seen.answers) - 1


def test_what_a_site_says_of_itself_goes_into_the_file():
    head = (
        '<meta property="og:site_name" content="Oficina  Nacional"><link rel="alternate" hreflang="qu-PE" href="/qu/">'
        '<link rel="license" href="https://creativecommons.org/licenses/by/4.0/">' + FEED_LINK
    )
    site = {"https://www.inei.gob.pe/": page("Hola", head=head), "https://www.inei.gob.pe/news.rss": feed()}
    proposal, _ = looked_at(site, address="https://www.inei.gob.pe/")
    source = declared(proposal)
    assert (source.name, source.country, source.languages) == ("Oficina Nacional", "PER", ("en", "qu"))
    assert source.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert source.verified is False
    assert suggested_slug(proposal) == "inei"


@pytest.mark.parametrize(
    ("host", "slug"),
    [
        ("www.wiego.org", "wiego"),
        ("openknowledge.worldbank.org", "openknowledge-worldbank"),
        ("www.stats.gov.za", "stats"),
    ],
)
def test_a_slug_comes_from_the_domain(host, slug):
    proposal, _ = looked_at({f"https://{host}/": page("Hello")}, address=f"https://{host}/")
    assert suggested_slug(proposal) == slug


def test_what_a_hostile_site_calls_itself_cannot_write_lines_of_the_file():
    name = 'Evil" \nprotocol = "addresses"\n[polite]\nallow_private = true\n#\u2028\x85'
    site = {"/": page("x", head=f"<meta property='og:site_name' content='{name}'>" + FEED_LINK), "/news.rss": feed()}
    identify = IDENTIFY.replace("An Archive", "A\nallow_private = true\n[polite]")
    site |= {"/oai?verb=Identify": identify, "/oai?verb=ListIdentifiers&metadataPrefix=oai_dc": IDENTIFIERS}
    source = declared(looked_at(site)[0])
    assert source.protocol == "oai"
    assert source.polite.allow_private is False
    assert source.name.startswith("Evil")


def test_the_alternatives_stand_in_the_file_as_comments():
    site = {
        "/": page("<a href='/publications'>Publications</a>", head=FEED_LINK),
        "/publications": listing(),
        "/news.rss": feed(),
    }
    text = source_text(looked_at(site)[0], slug="an-office")
    assert 'protocol = "listing"' in text.splitlines()
    assert re.search(r"^# - a feed with 10 entries: .*/news\.rss", text, re.MULTILINE)

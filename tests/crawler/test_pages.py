"""Pages without a network: listings, landing pages, feeds, addresses, and what a run came to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from scrapy.http import HtmlResponse
from told import told

from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from crawler.items import LinkKind
from crawler.net.addresses import AddressKind, kind_of_address, refusal_of, site_of
from crawler.net.throttle import retry_after_seconds
from crawler.pages.html_parts import main_text_length, seen_text
from crawler.pages.landing_metadata import landing_evidence
from crawler.pages.links import file_kind
from crawler.pages.publication_files import choose_files, translated_pages
from crawler.pipelines import sniff
from crawler.sources.model import DocumentSpan, FileRules, RunExpectation
from crawler.sources.rules import FeedRules, ListingRules
from crawler.spiders.feed.parse import read_feed
from crawler.spiders.listing.parse import read_listing
from crawler.verdict import judge

AT = "https://office.example/reports/12"


def page(body: str, *, head: str = "", url: str = AT) -> HtmlResponse:
    html = f"<html lang='en'><head>{head}</head><body>{body}</body></html>"
    return HtmlResponse(url=url, body=html.encode(), encoding="utf-8")


def files_of(body: str, *, head: str = "", **rules) -> list[str]:
    found = choose_files(page(body, head=head), FileRules(**rules))
    return [link.url.rpartition("/")[2] for link in found.links]


# Listings


def test_a_listing_leads_to_its_items_and_on_to_its_next_page():
    body = """<nav><a href='/about'>About</a></nav><main><h2><a href='/r/1'>Street vendors in Accra</a></h2>
      <a href='/r/2#top'>Waste pickers</a><a rel=next href='?page=2'>Next</a></main><footer><a href='/x'>x</a></footer>"""
    found = read_listing(page(body), ListingRules())
    assert [link.url for link in found.links] == ["https://office.example/r/1", "https://office.example/r/2"]
    assert found.links[0].evidence["title"][0].value == "Street vendors in Accra"
    assert found.more == ("https://office.example/reports/12?page=2",)


def test_of_a_picture_and_a_heading_that_lead_to_one_page_the_heading_gives_the_title():
    body = "<main><a href='/r/1'><img alt=''></a><a href='/r/1'>Domestic workers in Lima</a></main>"
    (link,) = read_listing(page(body), ListingRules()).links
    assert link.evidence["title"][0].value == "Domestic workers in Lima"


def test_rules_leave_out_other_sites_denied_addresses_and_files_that_are_no_texts():
    body = """<main><a href='https://elsewhere.example/a'>Elsewhere</a><a href='/news/1'>News</a>
      <a href='/r/1'>A report</a><a href='/data.xlsx'>Table</a><a href='mailto:x@y.example'>Mail</a></main>"""
    rules = ListingRules(deny=("/news/",))
    found = read_listing(page(body), rules)
    assert [link.url for link in found.links] == ["https://office.example/r/1"]
    assert told(found.skipped) == {"other site": 1, "address denied": 1, "kind: spreadsheet": 1}


def test_a_link_to_a_pdf_in_a_listing_is_a_file_and_no_landing_page():
    found = read_listing(page("<main><a href='/a.pdf'>A paper</a><a href='/b'>B paper</a></main>"), ListingRules())
    assert [link.kind for link in found.links] == [LinkKind.FILE, LinkKind.LANDING]


def test_a_base_address_counts():
    found = read_listing(page("<main><a href='r/1'>A report</a></main>", head="<base href='/en/'>"), ListingRules())
    assert [link.url for link in found.links] == ["https://office.example/en/r/1"]


# Files of landing pages


def test_the_declared_pdf_is_the_publication():
    head = "<meta name='citation_pdf_url' content='/files/paper.pdf'>"
    body = "<main><a href='/files/paper.pdf'>PDF</a><a href='/files/annex-tables.pdf'>Annex</a></main>"
    assert files_of(body, head=head) == ["paper.pdf"]


def test_language_versions_come_with_the_declared_pdf():
    head = "<meta name='citation_pdf_url' content='/f/paper.pdf'>"
    body = "<main><a href='/f/paper-es.pdf'>Español</a><a hreflang=fr href='/f/p3.pdf'>version</a></main>"
    found = choose_files(page(body, head=head), FileRules())
    langs = [[item.value for item in link.evidence.get("lang", ())] for link in found.links]
    assert langs == [[], ["es"], ["fr"]]


def test_json_ld_declares_files_too():
    head = """<script type='application/ld+json'>{"@type": "Report", "name": "R",
      "encoding": [{"@type": "MediaObject", "encodingFormat": "application/pdf", "contentUrl": "/f/r.pdf"}]}</script>"""
    assert files_of("<main><p>text</p></main>", head=head) == ["r.pdf"]


def test_covers_the_houses_annual_report_other_sites_and_what_lies_in_footers_are_left():
    body = """<main><h1>Home-based workers</h1><a href='/f/paper.pdf'>Download</a><a href='/f/paper-cover.pdf'>Cover</a>
      <a href='/f/annual-report-2020.pdf'>Annual report</a><a href='https://else.example/x.pdf'>Other</a>
      <a href='/cover.jpg'><img src='/cover.jpg'></a></main>
      <footer><a href='/f/strategy.pdf'>Strategy</a></footer><aside><a href='/f/related.pdf'>Related</a></aside>"""
    found = choose_files(page(body), FileRules())
    assert [link.url.rpartition("/")[2] for link in found.links] == ["paper.pdf"]
    assert told(found.skipped) == {"cover, form or notice": 1, "annual report of the publisher": 1, "other site": 1}


def test_an_annual_report_that_the_page_is_about_is_taken():
    assert files_of("<main><h1>Annual report 2020</h1><a href='/f/annual-report.pdf'>PDF</a></main>") == [
        "annual-report.pdf"
    ]


def test_download_addresses_without_an_ending_are_known_by_their_words():
    body = (
        "<main><a href='/bitstreams/9a/download'>Full text (PDF, 2 MB)</a><a href='/about'>About PDF files</a></main>"
    )
    assert files_of(body) == ["download"]


def test_an_address_that_names_pdf_as_a_word_and_a_link_that_says_so_lead_to_one():
    body = "<main><a href='/r/stones-pdf-2285'>Save as PDF</a><a href='/r/stones-epub-2285'>Save as ePub</a></main>"
    assert files_of(body) == ["stones-pdf-2285"]


def test_the_thumbnail_of_a_pdf_leads_to_the_pdf_and_a_thumbnail_file_is_none():
    body = "<main><a href='/bitstream/EP-68.pdf?sequence=1'><img src='p.jpg' alt='Thumbnail'></a></main>"
    assert files_of(body) == ["EP-68.pdf?sequence=1"]
    assert files_of("<main><a href='/bitstream/EP-68_thumbnail.pdf'>Thumbnail</a></main>") == []


def test_no_more_files_are_taken_than_one_publication_has():
    body = "<main>" + "".join(f"<a href='/f/{n}.pdf'>Chapter {n}</a>" for n in range(15)) + "</main>"
    found = choose_files(page(body), FileRules(per_landing_page_max=4))
    assert len(found.links) == 4
    assert told(found.skipped) == {"too many files for one publication": 11}


def test_translations_that_only_lead_to_a_home_page_are_left():
    head = """<link rel=alternate hreflang=es href='/es/informes/12'><link rel=alternate hreflang=fr href='/fr'>
      <link rel=alternate hreflang=x-default href='/'><link rel=alternate hreflang=de href='/de/berichte/12'>"""
    leads = translated_pages(page("<main>x</main>", head=head), languages=("en", "es", "fr"))
    assert [link.url for link in leads] == ["https://office.example/es/informes/12"]


@pytest.mark.parametrize(
    ("url", "declared", "kind"),
    [
        ("/a/Report.PDF?x=1", "", "pdf"),
        ("/get?file=paper.pdf", "", "pdf"),
        ("/get/12", "application/pdf", "pdf"),
        ("/a/report.pdf", "image/png", "picture"),
        ("/a.docx", "", "word"),
        ("/2020.05/report", "", ""),
        ("http://[broken", "", ""),
    ],
)
def test_the_kind_of_a_file_is_told_from_its_link(url, declared, kind):
    assert file_kind(url, declared=declared) == kind


# Evidence


def values(response: HtmlResponse, field: str) -> list[tuple[str, str]]:
    return [(item.value, str(item.origin)) for item in landing_evidence(response).get(field, ())]


def test_highwire_comes_before_dublin_core_before_open_graph_before_the_title():
    head = """<title>Four | Site</title><meta property='og:title' content='Three'>
      <meta name='DC.title' content='Two'><meta name='citation_title' content='One'>"""
    assert values(page("", head=head), "title") == [
        ("One", "landing:citation_title"),
        ("Two", "landing:dc.title"),
        ("Three", "landing:og"),
        ("Four | Site", "landing:title"),
    ]


def test_authors_are_one_each_and_keywords_are_taken_apart():
    head = """<meta name='citation_author' content='Ama Boateng'><meta name='citation_author' content='Rosa Quispe'>
      <meta name='citation_keywords' content='street vending; waste picking, law'>"""
    assert [name for name, _ in values(page("", head=head), "author")] == ["Ama Boateng", "Rosa Quispe"]
    assert [word for word, _ in values(page("", head=head), "keyword")] == ["street vending", "waste picking", "law"]


def test_json_ld_that_was_escaped_for_html_is_read_as_people_see_it():
    head = """<script type='application/ld+json'>{"@type": "Report", "name": "Vendors&#8217; rights &amp; wrongs"}</script>"""
    assert landing_evidence(page("", head=head))["title"][0].value == "Vendors\u2019 rights & wrongs"


def test_json_ld_of_a_publication_is_read_also_inside_a_graph_and_beside_broken_json():
    head = """<script type='application/ld+json'>{broken</script><script type='application/ld+json'>
      {"@graph": [{"@type": "WebSite", "name": "The site"}, {"@type": ["Report"], "headline": "Waste and work",
      "author": [{"@type": "Person", "name": "Rosa Quispe"}], "datePublished": "2019-05-03", "inLanguage": "es",
      "identifier": "https://doi.org/10.1234/abc"}]}</script>"""
    response = page("", head=head)
    assert ("Waste and work", "landing:json-ld") in values(response, "title")
    assert "The site" not in [value for value, _ in values(response, "title")]
    assert values(response, "author") == [("Rosa Quispe", "landing:json-ld")]
    assert values(response, "date") == [("2019-05-03", "landing:json-ld")]
    assert values(response, "doi") == [("10.1234/abc", "landing:json-ld")]
    assert values(response, "type") == [("report", "landing:json-ld")]


def test_a_dublin_core_identifier_counts_only_when_it_is_an_identifier():
    head = "<meta name='DC.identifier' content='/files/12'><meta name='DC.identifier' content='doi:10.5/x'>"
    assert values(page("", head=head), "doi") == [("doi:10.5/x", "landing:dc.identifier")]


def test_a_page_that_says_nothing_gives_no_evidence_but_its_language():
    assert set(landing_evidence(page("<p>Hello</p>"))) == {"lang"}


def test_the_text_of_the_main_part_is_measured_without_chrome():
    body = "<nav>navigation navigation</nav><main><p>Twelve chars</p><script>var x = 1;</script></main>"
    assert main_text_length(page(body)) == len("Twelve chars")


def test_two_pages_that_differ_only_in_their_machinery_read_the_same():
    one = page("<p>A text</p><script>token = 1</script>", head="<meta name=csrf content=1>")
    other = page("<p>A  text</p><script>token = 2</script>", head="<meta name=csrf content=2>")
    assert seen_text(one) == seen_text(other) == "A text"


# Feeds

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:lang="es"><title>T</title><id>i</id>
<link rel="next" href="/feed?page=2"/>
<entry><title>Vendedoras &amp; vendedores</title><link href="/p/1"/><id>1</id><published>2021-03-04T00:00:00Z</published>
<author><name>Rosa Quispe</name></author><category term="Informe"/>
<summary type="html">&lt;p&gt;Un &lt;b&gt;resumen&lt;/b&gt;&lt;/p&gt;</summary>
<link rel="enclosure" type="application/pdf" href="/f/1.pdf"/></entry>
<entry><title>Solo PDF</title><id>urn:x:2</id><link rel="enclosure" type="application/pdf" href="/f/2.pdf"/></entry></feed>"""


def test_an_entry_leads_to_its_landing_page_and_remembers_its_pdf():
    found = read_feed(ATOM, FeedRules(), url="https://office.example/feed")
    first, second = found.links
    assert (first.kind, first.url) == (LinkKind.LANDING, "https://office.example/p/1")
    assert first.files == ("https://office.example/f/1.pdf",)
    assert (second.kind, second.url) == (LinkKind.FILE, "https://office.example/f/2.pdf")
    assert found.more == ("https://office.example/feed?page=2",)


def test_an_entry_says_title_author_date_abstract_and_language():
    evidence = read_feed(ATOM, FeedRules(), url="https://office.example/feed").links[0].evidence
    assert {field: items[0].value for field, items in evidence.items()} == {
        "title": "Vendedoras & vendedores",
        "author": "Rosa Quispe",
        "date": "2021-03-04",
        "abstract": "Un resumen",
        "lang": "es",
        "keyword": "Informe",
    }


def test_what_is_no_feed_has_no_leads_and_is_trouble():
    found = read_feed(b"<html><body>Come back later</body></html>", FeedRules(), url="https://office.example/feed")
    assert found.links == ()
    assert told(found.trouble) == "This is not a feed: it is neither RSS nor Atom nor JSON Feed."


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "http://localhost/",
        "http://127.0.0.1/",
        "http://2130706433/",
        "http://0177.0.0.1/",
        "http://0x7f.1/",
        "http://[::1]/",
        "http://[::ffff:10.0.0.1]/",
        "http://169.254.169.254/latest/meta-data",
        "http://10.1.2.3/",
        "http://0.0.0.0/",
        "http://printer.local/",
        "http://LOCALHOST./",
        "file:///etc/passwd",
        "gopher://office.example/",
        "http://user:secret@office.example/",
        "http://office.example:99999/",
        "http:///nowhere",
    ],
)
def test_addresses_that_must_not_be_fetched_are_refused_with_a_reason(url):
    assert told(refusal_of(url, allow_private=False))


def test_ordinary_addresses_are_fetched():
    assert told(refusal_of("https://office.example:8443/a?b=c", allow_private=False)) == ""
    assert told(refusal_of("http://93.184.216.34/", allow_private=False)) == ""


def test_addresses_on_this_machine_are_fetched_when_the_source_allows_it():
    assert told(refusal_of("http://127.0.0.1:8000/", allow_private=True)) == ""
    assert told(refusal_of("file:///etc/passwd", allow_private=True))


def test_private_addresses_hidden_in_ipv6_are_seen():
    assert kind_of_address("::ffff:192.168.1.1") is not AddressKind.PUBLIC
    assert kind_of_address("2002:7f00:1::") is not AddressKind.PUBLIC
    assert kind_of_address("2a00:1450:4001:81b::200e") is AddressKind.PUBLIC


def test_hosts_of_one_publisher_are_one_site():
    assert site_of("https://www.ilo.org/a") == site_of("https://library.ilo.org/b") == "ilo.org"
    assert site_of("https://www.statssa.gov.za/") != site_of("https://www.treasury.gov.za/")


# Answers and reports


@pytest.mark.parametrize(
    ("body", "declared", "kind"),
    [
        (b"%PDF-1.7 ...", "text/html", "application/pdf"),
        (b"\n\n%PDF-1.7 ...", "application/octet-stream", "application/pdf"),
        (b"<!DOCTYPE html><p>x", "application/pdf", "text/html"),
        (b"<?xml version='1.0'?><!doctype html><html>", "", "text/html"),
        (b"PK\x03\x04", "application/pdf", "application/octet-stream"),
        (b"\x89PNG", "image/png", "image/png"),
    ],
)
def test_the_type_of_a_file_is_told_from_its_bytes_first(body, declared, kind):
    assert sniff(body, declared=declared) == kind


def test_retry_after_is_read_as_seconds_and_as_a_date():
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    assert retry_after_seconds(b"120", now=now) == 120.0
    assert retry_after_seconds(b"Mon, 23 Nov 2026 12:00:30 GMT", now=now) == 30.0
    assert retry_after_seconds(b"Mon, 23 Nov 2026 11:00:00 GMT", now=now) == 0.0
    assert retry_after_seconds(b"soon", now=now) is None
    assert retry_after_seconds(None, now=now) is None


def a_run(**counts: int):
    now = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    verdict = Verdict(VerdictKind.AS_EXPECTED)
    return HarvestRun(source="s", started=now, ended=now, state=RunState.FINISHED, verdict=verdict, **counts)


def judged(at_least: int = 1, at_most: int | None = None, *, stopped: bool = False, **counts: int):
    run = a_run(**counts)
    return judge(
        run, expect=RunExpectation(documents_per_run=DocumentSpan(at_least=at_least, at_most=at_most)), stopped=stopped
    )


def test_a_run_that_brings_less_or_more_than_promised_is_broken_and_says_why():
    assert judged(20, new=3) == (
        RunState.BROKEN,
        Verdict.of(VerdictKind.TOO_FEW, at_least=20),
    )
    assert judged(1, 5, unchanged=6)[0] is RunState.BROKEN
    assert judged(0)[0] is RunState.FINISHED


def test_a_run_that_was_stopped_is_interrupted_whatever_it_brought():
    assert judged(20, new=3, stopped=True)[0] is RunState.INTERRUPTED


def test_troubles_are_said_in_the_words_of_a_run():
    assert told(a_run(new=2, failed=1, gone=1)) == "Found 2 files: 2 new. 1 no longer there, 1 failed."

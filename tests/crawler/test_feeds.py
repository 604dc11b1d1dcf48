"""Feeds: JSON Feed and paged feeds, read from bytes and over HTTP. RSS and Atom stand in test_pages."""

from __future__ import annotations

import json
from pathlib import Path

import feedparser
import pytest
from told import told

from corpus.errors import BadSource
from corpus.runs import RunState
from crawler.items import LinkKind, ListPage
from crawler.sources.load import parse_source
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.parse import read_feed
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.lists_site import ListsSite, Told, pdf, text_page

AT = "https://office.example/feed.json"


def read(*items: object, rules: FeedRules | None = None, **feed: object) -> ListPage:
    given = {"version": "https://jsonfeed.org/version/1.1", "title": "T", "items": list(items), **feed}
    return read_feed(json.dumps(given).encode(), rules or FeedRules(), url=AT, content_type="text/html")


def said(found: ListPage, number: int = 0) -> dict[str, list[str]]:
    return {name: [item.value for item in items] for name, items in found.links[number].evidence.items()}


# JSON Feed


def test_an_item_leads_to_its_page_and_remembers_its_pdfs():
    attachments = [{"url": "/f/1.pdf", "mime_type": "application/pdf"}, {"url": "/f/1.mp3", "mime_type": "audio/mpeg"}]
    (link,) = read({"id": "1", "url": "/r/1", "attachments": attachments}).links
    assert (link.url, link.kind) == ("https://office.example/r/1", LinkKind.LANDING)
    assert link.files == ("https://office.example/f/1.pdf",)


def test_an_item_says_title_authors_date_abstract_language_and_tags():
    found = read(
        {
            "url": "/r/1",
            "title": "Vendedoras &amp; vendedores",
            "summary": "<p>Un <b>resumen</b></p>",
            "authors": [{"name": "Rosa Quispe"}, {"name": "Ama Boateng"}],
            "date_published": "2021-03-04T10:00:00Z",
            "date_modified": "2022-01-01T00:00:00Z",
            "language": "es",
            "tags": ["Informe"],
        }
    )
    assert said(found) == {
        "title": ["Vendedoras & vendedores"],
        "author": ["Rosa Quispe", "Ama Boateng"],
        "date": ["2021-03-04"],
        "abstract": ["Un resumen"],
        "lang": ["es"],
        "keyword": ["Informe"],
    }
    assert (found.links[0].kinds, found.links[0].modified) == (("informe",), "2022-01-01T00:00:00Z")


def test_what_the_feed_says_of_authors_and_language_counts_where_the_item_says_nothing():
    found = read({"url": "/r/1"}, {"url": "/r/2", "author": {"name": "Own"}}, author={"name": "House"}, language="fr")
    assert said(found, 0) == {"author": ["House"], "lang": ["fr"]}
    assert said(found, 1)["author"] == ["Own"]


def test_an_item_without_a_page_leads_to_its_pdf_and_an_id_that_is_an_address_is_a_page():
    found = read({"id": 7, "attachments": [{"url": "/f/7.pdf"}]}, {"id": "https://office.example/r/8"})
    assert [(link.url[-6:], link.kind) for link in found.links] == [
        ("/7.pdf", LinkKind.FILE),
        ("le/r/8", LinkKind.LANDING),
    ]


def test_a_json_feed_goes_on_and_says_when_it_has_ended():
    found = read({"url": "/r/1"}, next_url="/feed.json?page=2", expired=True)
    assert found.more == ("https://office.example/feed.json?page=2",)
    assert told(found.note) == "The publisher says that this feed has ended (expired)."
    assert read({"url": "/r/1"}, next_url=AT).more == ()


def test_items_that_lead_nowhere_are_counted():
    rules = FeedRules(deny=("/news/",))
    items = (
        {"url": "/r/1"},
        {"url": "/r/1"},
        {"url": "/news/1"},
        {"id": "x"},
        "no item",
        {"url": ["/r"]},
        {"url": "mailto:a@b"},
    )
    found = read(*items, rules=rules)
    assert len(found.links) == 1
    assert told(found.skipped) == {
        "entry without a link": 4,
        "address denied": 1,
        "entry with the address of another entry": 1,
    }
    assert found.records == 7


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"items": [', "The feed is not well formed JSON"),
        (b"{" * 100_000, "The feed is not well formed JSON"),
        (b'\xef\xbb\xbf{"error": "no"}', "This is JSON but not a JSON Feed"),
        (b'{"items": {"a": 1}}', "This is JSON but not a JSON Feed"),
        (b"[1, 2]", "This is not a feed"),
        (b"", "This is not a feed"),
    ],
)
def test_what_is_no_json_feed_has_no_leads_and_is_trouble(body, words):
    found = read_feed(body, FeedRules(), url=AT)
    assert (found.links, found.more) == ((), ())
    assert told(found.trouble).startswith(words)


def test_odd_values_do_not_raise():
    odd = [None, 1, True, [], {}, "x", [None], [{"name": 1}]]
    for value in odd:
        item = dict.fromkeys(("id", "title", "summary", "authors", "author", "tags", "attachments", "language"), value)
        assert len(read({"url": "/r/1", "date_published": value, **item}, next_url=value, language=value).links) == 1


# RSS and Atom


def test_an_atom_entry_remembers_when_it_changed_and_an_rss_item_has_no_such_moment():
    atom = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><link href="/r/1"/><published>2021-01-01T00:00:00Z
      </published><updated>2022-01-01T00:00:00Z</updated></entry></feed>"""
    rss = b"""<rss version="2.0"><channel><item><link>https://office.example/r/1</link>
      <pubDate>Fri, 01 Jan 2021 00:00:00 GMT</pubDate></item></channel></rss>"""
    assert read_feed(atom, FeedRules(), url=AT).links[0].modified == "2022-01-01T00:00:00Z"
    assert read_feed(rss, FeedRules(), url=AT).links[0].modified == ""


@pytest.mark.shared
def test_every_saved_feed_ends_in_leads_or_a_reason_and_no_entry_is_lost(shared_data):
    paths = sorted(path for path in (shared_data / "harvest" / "feeds").rglob("*") if path.is_file())
    with_links = with_reason = entries = links = skipped = 0
    for path in paths:
        body = path.read_bytes()
        found = read_feed(body, FeedRules(), url="https://feeds.example/feed")
        seen = len(json.loads(body)["items"]) if path.suffix == ".json" else len(feedparser.parse(body).entries)
        assert found.records == seen, path
        assert len(found.links) + sum(found.skipped.values()) == seen, path  # no saved entry has two PDFs and no page
        assert found.links or found.skipped or found.note or told(found.trouble), path
        with_links += bool(found.links)
        with_reason += not found.links and bool(found.skipped or found.note or told(found.trouble))
        entries, links, skipped = entries + seen, links + len(found.links), skipped + sum(found.skipped.values())
    print(f"{len(paths)} feeds: {with_links} with leads, {with_reason} with a reason; {entries} entries, {links} leads")
    assert len(paths) > 2_000
    assert with_links > 0


# Over HTTP


def rss(*numbers: int) -> Told:
    items = "".join(f"<item><title>Report {n}</title><link>{{site}}/r/{n}</link></item>" for n in numbers)
    body = f'<rss version="2.0"><channel><title>T</title>{items}</channel></rss>'
    return Told(body.encode(), content_type="application/rss+xml")


def reports(*numbers: int) -> dict[str, Told]:
    pages = {f"/r/{n}": text_page(f"Report {n}", main=f"<a href='/f/{n}.pdf'>Download</a>") for n in numbers}
    return pages | {f"/f/{n}.pdf": pdf(str(n)) for n in numbers}


def test_a_wordpress_feed_is_walked_to_the_page_that_is_not_there(settings):
    answers = {"/feed/": rss(1, 2), "/feed/?paged=2": rss(3, 4), "/feed/?paged=3": rss(5), **reports(1, 2, 3, 4, 5)}
    with ListsSite(answers) as site:
        more = f'[feed]\npage_address = "{site.url}/feed/?paged={{page}}"'
        run = harvested(sample_source(f"{site.url}/feed/", protocol="feed", more=more), settings)
        assert "/feed/?paged=4" in site.paths(status=404)
        assert "/feed/?paged=5" not in site.paths()
    assert (run.state, run.new, run.records, run.pages_failed) == (RunState.FINISHED, 5, 5, 0)


def test_a_json_feed_is_followed_to_its_last_page_and_its_files(settings):
    first = {"items": [{"url": "{site}/r/1"}], "next_url": "{site}/feed.json?page=2"}
    second = {"items": [{"id": "2", "attachments": [{"url": "{site}/f/2.pdf", "mime_type": "application/pdf"}]}]}
    answers = {
        "/feed.json": Told(json.dumps(first).encode(), content_type="application/octet-stream"),
        "/feed.json?page=2": Told(json.dumps(second).encode(), content_type="application/feed+json"),
    }
    with ListsSite({**answers, **reports(1, 2)}) as site:
        run = harvested(sample_source(f"{site.url}/feed.json", protocol="feed"), settings)
    assert (run.state, run.new, run.failed, run.records) == (RunState.FINISHED, 2, 0, 2)


def test_a_second_run_does_not_ask_again_for_entries_that_did_not_change(settings):
    body = b"""<feed xmlns="http://www.w3.org/2005/Atom"><entry><id>1</id><link href="/r/1"/>
      <updated>2022-01-01T00:00:00Z</updated></entry></feed>"""
    with ListsSite({"/atom": Told(body, content_type="application/atom+xml"), **reports(1)}) as site:
        source = sample_source(f"{site.url}/atom", protocol="feed")
        harvested(source, settings)
        site.asked.clear()
        run = harvested(source, settings)
        assert site.paths() == ["/atom"]
    assert (run.unchanged, run.offered) == (1, 1)


def test_a_feed_that_goes_on_after_the_last_page_allowed_makes_the_run_incomplete(settings):
    answers = {f"/feed?p={n}": rss(n) for n in range(1, 6)}
    with ListsSite({**answers, **reports(1, 2, 3, 4, 5)}) as site:
        more = f'[feed]\npage_address = "{site.url}/feed?p={{page}}"\npages_max = 3'
        run = harvested(sample_source(f"{site.url}/feed?p=1", protocol="feed", more=more), settings)
    assert (run.new, run.is_complete) == (3, False)
    assert "The feed has more than 3 pages; the rest was not read (pages_max)." in told(run)


def test_a_page_address_without_a_number_is_refused():
    text = 'slug = "s"\nname = "S"\nprotocol = "feed"\nstart = ["https://office.example/feed"]\n[feed]\npage_address = "?paged=2"'
    with pytest.raises(BadSource, match="line 6: `page_address` must be a web address"):
        parse_source(text, path=Path("s.toml"))

"""Kinds of faults of publishers: the given cases of each, and others of the same kind that are made here."""

from __future__ import annotations

import html
import itertools
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from scrapy.http import HtmlResponse

from corpus.metadata.authors import without_addresses
from corpus.runs import RunState
from corpus.settings import Settings
from crawler.net.robots import read_robots
from crawler.pages.links import file_kind, with_usable_base
from crawler.pages.publication_files import choose_files
from crawler.sources.model import FileRules
from crawler.sources.rules import FeedRules
from crawler.spiders.feed.parse import day_of, read_feed
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.small_site import PDF, SmallSite
from tests.told import told

UUID = "0b2c3d4e-1111-4222-8333-123456789abc"


def given(shared: Path, kind: str) -> Iterator[dict[str, str]]:
    for line in (shared / "cases" / kind / "cases.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)


# Authors of feeds with e-mail addresses


def authors(body: bytes) -> list[str]:
    (lead,) = read_feed(body, FeedRules(), url="https://feed.example/rss").links
    return [each.value for each in lead.evidence.get("author", ())]


def rss(inner: str) -> bytes:
    names = 'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    item = f"<item><title>Uno</title><link>https://f.example/1</link>{inner}</item>"
    return f"<rss version='2.0' {names}><channel><title>t</title>{item}</channel></rss>".encode()


@pytest.mark.shared
def test_given_authors_of_feeds_keep_their_names(shared_data):
    folder = shared_data / "cases" / "feed-author-address"
    for case in given(shared_data, "feed-author-address"):
        assert authors((folder / case["file"]).read_bytes()) == re.findall(r"\((.+)\)", case["input"])


ADDRESSES = (
    *(
        "redaccion@boletin.example",
        "r@b.org",
        "a.b+c@sub.marche.online",
        "A@B.MUSEUM",
        "o'neil@b.community",
        "ñu@búho.example",
    ),
    *(
        "r@xn--bho-1ma.xn--p1ai",
        "desk@localhost",
        "r@[192.0.2.1]",
        "r [at] b.org",
        "mailto:r@b.example",
        "r@b.org?subject=Hi",
    ),
)
WAYS = ("{address} ({name})", "{name} <{address}>", '"{name}" <{address}>', "{name} ({address})", "{address} {name}",
        "{name}, {address}", "{address} - {name}")  # fmt: skip
NAMES = ("Rosa Quispe", "Awa Ndiaye", "Nguyễn Văn An", "Jean-Paul N'Diaye")


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("element", ["author", "dc:creator", "itunes:author"])
def test_an_author_of_a_feed_is_who_stands_beside_the_address(way, element):
    for address, name in zip(ADDRESSES, itertools.cycle(NAMES), strict=False):
        written = html.escape(way.format(address=address, name=name))
        assert authors(rss(f"<{element}>{written}</{element}>")) == [name], written


@pytest.mark.parametrize("address", ADDRESSES)
def test_an_address_alone_is_no_author(address):
    assert authors(rss(f"<author>{address}</author>")) == []
    assert authors(rss(f"<author>{address} ()</author>")) == []


@pytest.mark.parametrize("text", ["Rosa Quispe", "@rosaquispe", "Rosa @ Redacción", "Quispe (ed.)", "Redacción"])
def test_an_author_without_an_address_stays_as_it_is_written(text):
    assert without_addresses(text) == text
    assert authors(rss(f"<author>{text}</author>")) == [text]


def test_each_of_several_authors_of_an_entry_is_named_without_address():
    two = "<author>a@b.example (Rosa Quispe)</author><author>c@d.example (Luis Paz)</author>"
    assert authors(rss(two)) == ["Rosa Quispe", "Luis Paz"]
    assert authors(rss("<author>a@b.example</author><dc:creator>Luis Paz</dc:creator>")) == ["Luis Paz"]
    assert authors(rss("<dc:creator>Luis Paz</dc:creator><author>a@b.example</author>")) == ["Luis Paz"]
    atom = """<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>Uno</title><link href='https://f.example/1'/>
      <author><name>Rosa Quispe</name><email>a@b.example</email></author><author><name>c@d.example</name></author>
      <author><email>c@d.example</email></author><author><name>e@f.example (Luis Paz)</name></author></entry></feed>"""
    assert authors(atom.encode()) == ["Rosa Quispe", "Luis Paz"]
    item = {"url": "https://f.example/1", "authors": [{"name": "a@b.online (Rosa Quispe)"}, {"name": "c@d.org"}]}
    assert authors(json.dumps({"items": [item]}).encode()) == ["Rosa Quispe"]


# Days of feeds


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("9. April 2020", "de"),
        ("Do., 09. Apr. 2020 10:00", "de-DE"),
        ("9 aprile 2020", "it"),
        ("gio, 9 apr 2020 10:00:00 +0200", "it"),
        ("9 Nisan 2020 Perşembe", "tr"),
        ("Чт, 09 апр 2020 10:00:00 +0300", "ru"),
        ("9 апреля 2020", ""),
        ("2020年4月9日", "zh"),
        ("9 أبريل 2020", "ar"),
        ("٩ أبريل ٢٠٢٠", "ar"),
        ("9 kwietnia 2020", "pl"),
        ("9. dubna 2020", "cs"),
        ("9 अप्रैल 2020", "hi"),
        ("9 tháng 4, 2020", "vi"),
        ("9 Aprili 2020", "sw"),
        ("9 d’abril de 2020", "ca"),
        ("Jue, 9 Abr 2020", "en-us"),
        ("Qui, 09 Abr 20 10:00:00 -0300", "pt-BR"),
        ("09.04.2020", "de"),
        ("09/04/2020 10:00", "fr"),
        ("09-04-2020", "es"),
    ],
)
def test_a_day_is_read_in_the_language_of_the_feed_or_another(text, lang):
    (lead,) = read_feed(
        rss(f"<pubDate>{text}</pubDate>").replace(b"<item>", f"<language>{lang}</language><item>".encode()),
        FeedRules(),
        url="https://feed.example/rss",
    ).links
    assert lead.evidence["date"][0].value == "2020-04-09"


@pytest.mark.parametrize(
    ("text", "lang", "expected"),
    [
        ("9 maggio", "it", ""),
        ("gestern", "de", ""),
        ("vor 3 Tagen", "de", ""),
        ("10:30", "en", ""),
        ("04/09/2020", "en", "2020"),
        ("9 มกราคม 2563", "th", ""),
        ("Maj 2020", "pl", "2020"),
        ("9. Foo 2020", "de", "2020"),
        ("9" * 5_000, "", ""),
    ],
)
def test_no_day_is_made_up(text, lang, expected):
    assert day_of(text, lang=lang) == expected


# robots.txt


@pytest.mark.shared
def test_given_groups_of_robots_are_not_parted(shared_data):
    for case in given(shared_data, "robots-unknown-line"):
        rules = read_robots("\n".join(case["input"].split(" / ")).encode())
        assert not rules.allows("https://office.example/x")


UNKNOWN_LINES = (
    *("Noindex: /x", "Request-rate: 1/5", "Visit-time: 0600-0845", "Host: o.example", "Clean-param: a /"),
    *(
        "Content-Signal: ai-train=no",
        "Content-Usage: ai=n",
        "LLM-Policy: none",
        "DisallowAITraining: /",
        "License: https://x",
    ),
    *("Comment: User-agent: x", "Indexpage: /*", "My-Disallow: /", ": /x", "é: x", "политика: нет", "Règle n° 2: non"),
    *("Cache-delay: 10 # not ours", "\tNofollow: /x", "a line without a colon", "Sitemap: https://o.example/s.xml"),
)


@pytest.mark.parametrize("line", UNKNOWN_LINES)
def test_an_unknown_line_parts_no_group_wherever_it_stands(line):
    parted = f"User-agent: Pushcart\n{line}\nUser-agent: *\nDisallow: /\n"
    assert not read_robots(parted.encode()).allows("https://o.example/x")
    around = read_robots(f"{line}\nUser-agent: *\n{line}\nDisallow: /a\n{line}\nDisallow: /b\n{line}".encode())
    allowed = [around.allows(f"https://o.example/{path}") for path in "abz"]
    assert allowed == [False, False, True]


# Copies that repositories derive from a file


def page(markup: str) -> HtmlResponse:
    body = f"<!doctype html>{markup}".encode()
    return with_usable_base(HtmlResponse("http://office.example/handle/1/2", body=body, encoding="utf-8"))


@pytest.mark.shared
def test_the_given_record_of_dspace_has_one_file(shared_data):
    (case,) = given(shared_data, "dspace-derivatives")
    names = re.findall(r"[\w.]+\.\w{3}", case["input"])
    markup = "".join(f"<a href='/bitstream/1/2/{name}'>{name}</a>" for name in names)
    found = choose_files(page(f"<main><h1>Gulu</h1>{markup}</main>"), FileRules())
    assert [lead.url for lead in found.links] == ["http://office.example/bitstream/1/2/gulu.pdf"]
    assert told(found.skipped) == {"kind: derived copy": 3}


NUMBERED = f"/bitstreams/{UUID}/download"


@pytest.mark.parametrize(
    ("address", "text"),
    [
        ("/bitstream/1/2/gulu.pdf.txt?sequence=3&isAllowed=y", "PDF text"),
        ("/bitstream/1/2/gulu.pdf.txt;jsessionid=9F", "gulu.pdf.txt"),
        ("/bitstream/1/2/GULU.PDF.TXT", "PDF"),
        ("/bitstream/1/2/gulu.pdf%2Ejpg", "PDF"),
        ("/bitstream/1/2/gulu.docx.txt", "Download"),
        ("/bitstream/1/2/gulu.txt", "PDF text"),
        ("/bitstream/1/2/license_rdf", "PDF licence"),
        ("/bitstream/1/2/gulu.pdf.md5", "PDF md5"),
        ("/download/gulu.pdf.sig", "PDF signature"),
        ("/download?file=gulu.pdf.txt", "PDF"),
        (NUMBERED, "gulu.pdf.txt"),
        (NUMBERED, "gulu.pdf.jpg (34.5 KB)"),
        (NUMBERED, "license_rdf"),
        (f"/server/api/core/bitstreams/{UUID}/content", "gulu.pdf.txt"),
        ("/123/1.haspreviewThumbnailVersion/gulu.pdf", "PDF"),
        ("/id/eprint/123/1.hasindexcodesVersion/gulu.pdf", "PDF"),
    ],
)
def test_what_a_repository_derives_from_a_file_is_left_out(address, text):
    links = f"<a href='/bitstream/1/2/gulu.pdf'>gulu.pdf</a><a href='{html.escape(address)}'>{text}</a>"
    found = choose_files(page(f"<main><h1>Gulu</h1>{links}</main>"), FileRules())
    assert [lead.url[-8:] for lead in found.links] == ["gulu.pdf"]
    assert sum(found.skipped.values()) == 1


@pytest.mark.parametrize(
    "address", ["/f/report.pdf.en", "/f/report.pdf.html", "/f/annual.doc", "/pdf.txt/about", "/r/license"]
)
def test_what_only_looks_like_a_derived_copy_is_none(address):
    assert file_kind(address) != "derived copy"


# Addresses that lead nowhere

NOWHERE = (
    "http://{host}:80b/f.pdf", "http:office.example/f.pdf", "http:f.pdf", "http://o..example/f.pdf", "http//{host}/f.pdf",
    "www.office.example/f.pdf", "/moved.pdf", "/page", "/empty.pdf", "http://user:p@{host}/f.pdf", "http://[::1",
    "/2000" + "0" * 2_000,
)  # fmt: skip


@pytest.fixture(scope="module")
def harvests(tmp_path_factory):
    """Return two harvests of pages that declare a PDF and link another, and what was asked for in the first."""
    declared = [*NOWHERE, "/comes.pdf", "/bad-hour.pdf"]
    answers: dict[str, str | bytes | int] = {
        "/page": "<p>No PDF</p>",
        "/empty.pdf": b" ",
        "/comes.pdf": PDF,
        "/bad-hour.pdf": 503,
    }
    with SmallSite(answers) as site:
        host = site.url.removeprefix("http://").partition(":")[0]
        for number, link in enumerate(declared):
            meta = f"<meta name=citation_pdf_url content='{link.format(host=host)}'>"
            answers[f"/r/{number}"] = (
                f"<head>{meta}</head><main><h1>T{number}</h1><a href='/f/{number}.pdf'>PDF</a></main>"
            )
            answers[f"/f/{number}.pdf"] = PDF + str(number).encode()
        links = "".join(f"<h3><a href='/r/{number}'>Report</a></h3>" for number in range(len(declared)))
        answers["/"] = f"<main>{links}</main>"
        source, settings = sample_source(site.url + "/"), Settings(data_dir=tmp_path_factory.mktemp("data"), workers=1)
        first = harvested(source, settings)
        asked = list(site.asked)
        return first, harvested(source, settings), asked


@pytest.mark.slow
def test_a_page_whose_declared_pdf_leads_nowhere_brings_the_pdf_that_it_links(harvests):
    run, again, asked = harvests
    assert [path for path in asked if path.startswith("/f/")] != []
    assert {f"/f/{number}.pdf" for number in range(len(NOWHERE))} <= set(asked)
    assert (run.state, run.new, run.pages_failed) == (RunState.FINISHED, len(NOWHERE) + 1, 0), run.failures
    assert run.failed + told(run.skipped_by).get("malformed address", 0) == len(NOWHERE) + 1
    assert (again.new, again.unchanged) == (0, len(NOWHERE) + 1)


@pytest.mark.slow
def test_a_declared_pdf_that_comes_or_may_come_later_is_the_only_one(harvests):
    run, _, asked = harvests
    assert {f"/f/{len(NOWHERE)}.pdf", f"/f/{len(NOWHERE) + 1}.pdf"}.isdisjoint(asked)
    assert told(run.skipped_by)["not the declared PDF"] == 2


# Feeds whose encoding nobody says, or says wrongly


@pytest.mark.parametrize(
    "text", ["Niños y niñas de Ñuñoa", "São Paulo: pensões", "Les élèves et leurs mères", "٩ أبريل ٢٠٢٠", "Núñez"]
)
@pytest.mark.parametrize("declared", ["", '<?xml version="1.0"?>', '<?xml version="1.0" encoding="utf-8"?>'])
def test_a_feed_is_read_in_the_encoding_of_its_bytes(text, declared):
    feed = f"{declared}<rss version='2.0'><channel><item><title>{text}</title><link>https://f.example/1</link></item></channel></rss>"
    for encoding in (
        ("utf-8", "cp1252") if text.isascii() or "ñ" in text.lower() or "é" in text or "ã" in text else ("utf-8",)
    ):
        for header in ("", "application/rss+xml", "text/xml; charset=utf-8", "text/html"):
            (lead,) = read_feed(
                feed.encode(encoding), FeedRules(), url="https://f.example/rss", content_type=header
            ).links
            assert lead.evidence["title"][0].value == text, (encoding, header)

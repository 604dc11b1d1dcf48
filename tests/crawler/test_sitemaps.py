"""Sitemaps in every form in which they come: what they lead to, what is left out, and where they break."""

from __future__ import annotations

import gzip
from datetime import date
from itertools import pairwise
from pathlib import Path
from time import perf_counter

import pytest
from told import told

from corpus.errors import BadSource
from crawler.items import LinkKind, ListPage
from crawler.sources.fields import matches
from crawler.sources.load import parse_source
from crawler.sources.rules import SitemapRules
from crawler.spiders.sitemap.parse import ENTRIES_MAX, MAP_MEBIBYTES_MAX, MapScope, read_sitemap

AT = "https://office.example/sitemap.xml"
OWN = MapScope(sites=frozenset({"office.example"}), hosts=frozenset({"files.example"}), languages=("en", "es"))
NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def read(body: str | bytes, *, today: date = date(2026, 11, 23), scope: MapScope = OWN, **rules) -> ListPage:
    raw = body.encode() if isinstance(body, str) else body
    return read_sitemap(raw, SitemapRules(**rules), url=AT, scope=scope, today=today)


def urlset(*entries: str, attributes: str = NAMESPACE) -> str:
    return f"<?xml version='1.0' encoding='UTF-8'?><urlset {attributes}>{''.join(entries)}</urlset>"


def entry(path: str, *, more: str = "") -> str:
    return f"<url><loc>https://office.example{path}</loc>{more}</url>"


def paths(found: ListPage) -> list[str]:
    return [link.url.removeprefix("https://office.example") for link in found.links]


# What a sitemap leads to


def test_pages_are_landing_pages_and_pdfs_are_files():
    found = read(urlset(entry("/r/1"), entry("/f/a.pdf")))
    assert [(link.url.rpartition("example")[2], link.kind) for link in found.links] == [
        ("/r/1", LinkKind.LANDING),
        ("/f/a.pdf", LinkKind.FILE),
    ]
    assert (found.records, told(found.trouble), found.note) == (2, "", None)


def test_pages_that_are_the_text_are_files():
    (link,) = read(urlset(entry("/r/1")), landing=False).links
    assert link.kind is LinkKind.FILE


def test_an_index_names_further_sitemaps_of_the_same_site_only():
    body = f"""<sitemapindex {NAMESPACE}><sitemap><loc>https://office.example/s1.xml.gz</loc></sitemap>
      <sitemap><loc>/s2.xml</loc></sitemap><sitemap><loc>https://elsewhere.example/s3.xml</loc></sitemap></sitemapindex>"""
    found = read(body)
    assert found.more == ("https://office.example/s1.xml.gz", "https://office.example/s2.xml")
    assert told(found.skipped) == {"sitemap of another site": 1}
    assert (found.links, found.records) == ((), 0)


def test_of_the_sitemaps_of_an_index_only_those_are_read_that_a_rule_names():
    body = f"""<sitemapindex {NAMESPACE}><sitemap><loc>https://office.example/posts-1.xml</loc></sitemap>
      <sitemap><loc>https://office.example/products-1.xml</loc></sitemap></sitemapindex>"""
    found = read(body, maps=("/posts-",))
    assert found.more == ("https://office.example/posts-1.xml",)
    assert told(found.skipped) == {"sitemap excluded": 1}


def test_rules_other_sites_and_pictures_are_counted_as_left_out():
    body = urlset(
        entry("/r/1"),
        entry("/about"),
        entry("/r/draft-2"),
        entry("/r/cover.jpg"),
        entry("/r/x").replace("office", "else"),
    )
    found = read(body, allow=("/r/",), deny=("/r/draft",))
    assert paths(found) == ["/r/1"]
    assert told(found.skipped) == {"address denied": 2, "kind: picture": 1, "other site": 1}
    assert found.records == 5


def test_files_may_lie_on_a_declared_file_server_and_pages_may_not():
    body = urlset("<url><loc>https://files.example/a.pdf</loc></url><url><loc>https://files.example/page</loc></url>")
    assert [link.url for link in read(body).links] == ["https://files.example/a.pdf"]


def test_pictures_videos_and_news_beside_an_address_are_not_followed():
    more = """<image:image><image:loc>https://office.example/cover.jpg</image:loc></image:image>
      <video:video><video:content_loc>https://office.example/v.mp4</video:content_loc></video:video>
      <news:news><news:publication><news:name>N</news:name></news:publication></news:news>"""
    attributes = (
        """xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:image="i" xmlns:video="v" xmlns:news="n" """
    )
    found = read(urlset(entry("/r/1", more=more), entry("/r/2"), attributes=attributes))
    assert paths(found) == ["/r/1", "/r/2"]
    assert told(found.skipped) == {}


def test_translations_named_beside_an_address_are_leads_of_their_language():
    more = """<xhtml:link rel="alternate" hreflang="en-GB" href="https://office.example/en/1"/>
      <xhtml:link rel="alternate" hreflang="es" href="https://office.example/es/1"/>
      <xhtml:link rel="alternate" hreflang="de" href="https://office.example/de/1"/>
      <xhtml:link rel="alternate" hreflang="x-default" href="https://office.example/1"/>"""
    attributes = f'{NAMESPACE} xmlns:xhtml="http://www.w3.org/1999/xhtml"'
    spanish = entry("/es/1", more="<lastmod>2020-01-01</lastmod>")
    found = read(urlset(entry("/en/1", more=more), spanish, attributes=attributes))
    said = [
        (link.url[-5:], [item.value for item in link.evidence.get("lang", ())], link.modified) for link in found.links
    ]
    assert said == [("/en/1", ["en"], ""), ("/es/1", [], "2020-01-01")]
    alone = read(urlset(entry("/en/1", more=more), attributes=attributes))
    assert [link.evidence["lang"][0].value for link in alone.links] == ["en", "es"]


# When something changed last


@pytest.mark.parametrize(
    ("lastmod", "believed"),
    [
        ("2024-05-01", "2024-05-01"),
        ("\n 2024-05-01T10:00:00+00:00 ", "2024-05-01T10:00:00+00:00"),
        ("2026-11-23T01:00:00Z", "2026-11-23T01:00:00Z"),
        ("2024", "2024"),
        ("2026-11-23", ""),  # the page can change again today
        ("2026-11-22", ""),
        ("2026-11", ""),
        ("0000-00-00", ""),
        ("1970-01-01", ""),
        ("yesterday", ""),
        ("", ""),
    ],
)
def test_a_lastmod_is_believed_when_it_can_tell_that_nothing_has_changed(lastmod, believed):
    (link,) = read(urlset(entry("/r/1", more=f"<lastmod>{lastmod}</lastmod>"))).links
    assert link.modified == believed


# Forms


def test_a_packed_sitemap_is_known_by_its_bytes():
    assert paths(read(gzip.compress(urlset(entry("/r/1")).encode()))) == ["/r/1"]


def test_two_packed_parts_are_one_sitemap():
    whole = urlset(entry("/r/1"), entry("/r/2")).encode()
    assert paths(read(gzip.compress(whole[:100]) + gzip.compress(whole[100:]))) == ["/r/1", "/r/2"]


def test_plain_text_has_one_address_a_line():
    found = read("\ufeffhttps://office.example/r/1\r\n\r\nhttps://office.example/f.pdf\nno address\n")
    assert paths(found) == ["/r/1", "/f.pdf"]
    assert told(found.skipped) == {"not a web address": 1}


def test_robots_txt_leads_to_the_sitemaps_that_it_names_also_on_other_hosts():
    found = read(
        "User-agent: *\nDisallow: /a\n\nsitemap: https://office.example/s.xml\r\nSitemap: https://cdn.example/t.xml"
    )
    assert found.more == ("https://office.example/s.xml", "https://cdn.example/t.xml")


def test_a_robots_txt_without_a_sitemap_is_trouble():
    assert told(read("User-agent: *\nDisallow:\n").trouble) == "This robots.txt names no sitemap."


def test_a_feed_can_be_a_sitemap():
    body = """<rss version="2.0"><channel><title>T</title><item><title>A report</title>
      <link>https://office.example/r/1</link></item><item><link>https://else.example/2</link></item></channel></rss>"""
    found = read(body)
    assert paths(found) == ["/r/1"]
    assert found.links[0].evidence["title"][0].value == "A report"
    assert told(found.skipped) == {"other site": 1}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_understood(encoding):
    assert paths(read(urlset(entry("/r/año")).replace("encoding='UTF-8'", "").encode(encoding))) == ["/r/año"]


def test_the_declared_encoding_counts():
    assert paths(read(urlset(entry("/r/año")).replace("UTF-8", "ISO-8859-1").encode("latin-1"))) == ["/r/año"]


# Broken ones


@pytest.mark.parametrize(
    "body",
    [
        "\n  " + urlset(entry("/r/1"), entry("/r/2")),
        urlset(entry("/r/1"), entry("/r/2"), attributes=""),
        urlset(entry("/r/1"), entry("/r/2"), attributes='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        urlset(entry("/r/1", more="<image:image><image:loc>/x.png</image:loc></image:image>"), entry("/r/2")),
        urlset(entry("/r/1", more="<br>"), entry("/r/2")),
        urlset("<url><loc>https://office.example/r/1</url>", entry("/r/2")),
        urlset(entry("/r/1", more="<lastmod>a &nbsp; b \x02</lastmod>"), entry("/r/2")),
        urlset(entry("/r/1"), entry("/r/2")) + "<script>var x = 1 && 2;</script>",
        urlset(entry("/r/1"), entry("/r/2")).replace("url>", "URL>").replace("loc>", "LOC>"),
        urlset("<url><loc><![CDATA[https://office.example/r/1]]></loc></url>", entry("/r/2")),
        urlset("<url><loc>\n  https://office.example/\n  r/1\n</loc></url>", entry("/r/2")),
        "<sm:urlset>" + entry("/r/1") + entry("/r/2") + "</sm:urlset>",
    ],
)
def test_xml_that_is_a_little_broken_still_leads_to_every_page(body):
    found = read(body)
    assert sorted(paths(found)) == ["/r/1", "/r/2"]
    assert told(found.trouble) == ""


def test_a_bare_ampersand_in_an_address_stays_in_it():
    found = read(
        urlset(entry("/r?a=1&b=2"), entry("/r?a=1&amp;b=3"), entry("/r?a=1&amp;amp;b=4"), entry("/r?a&copy=5"))
    )
    assert paths(found) == ["/r?a=1&b=2", "/r?a=1&b=3", "/r?a=1&b=4", "/r?a&copy=5"]


def test_a_bare_ampersand_on_the_border_of_two_pieces_stays_too():
    filler = f"<!-- {'x' * 65_400} -->"
    for shift in range(160):
        found = read(urlset(filler, " " * shift, entry("/r?a=1&amp;b=2&c=3")))
        assert paths(found) == ["/r?a=1&b=2&c=3"]


def test_a_sitemap_that_breaks_off_says_so_and_keeps_what_came_before():
    found = read(urlset(entry("/r/1"), entry("/r/2"))[:-40])
    assert paths(found)[0] == "/r/1"
    assert told(found.trouble) == "The sitemap is cut off before its end."


def test_packing_that_breaks_off_says_so_and_keeps_what_came_before():
    packed = gzip.compress(urlset(*(entry(f"/r/{n}") for n in range(5000))).encode())
    found = read(packed[: len(packed) // 2])
    assert 0 < len(found.links) < 5000
    assert told(found.trouble) == "The compressed sitemap is cut off before its end."


def test_damaged_packing_says_so():
    packed = bytearray(gzip.compress(urlset(*(entry(f"/r/{n}") for n in range(5000))).encode()))
    packed[-8:-4] = b"\x00\x00\x00\x00"  # the checksum
    found = read(bytes(packed))
    assert 3000 < len(found.links) <= 5000
    assert told(found.trouble).startswith("The compressed sitemap is damaged")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("<!DOCTYPE html><html><body>Come back later</body></html>", "This is not a sitemap but a web page."),
        ("<records/>", "This is not a sitemap but another kind of XML (<records>)."),
        ("Come back later", "This is not a sitemap: it is neither XML nor a list of addresses, one per line."),
        ("", "This is not a sitemap: it is neither XML nor a list of addresses, one per line."),
        (b"\x00\xff\xfe\x00" * 50, "This is not a sitemap: it is neither XML nor a list of addresses, one per line."),
        (
            b"%PDF-1.7 binary \xe2\xe3",
            "This is not a sitemap: it is neither XML nor a list of addresses, one per line.",
        ),
    ],
)
def test_what_is_no_sitemap_is_trouble(body, words):
    found = read(body)
    assert found.links == ()
    assert told(found.trouble) == words


def test_addresses_that_are_none_are_counted():
    found = read(urlset("<url><loc>http://[broken</loc></url><url><loc>javascript:1</loc></url><url/>", entry("/r/1")))
    assert paths(found) == ["/r/1"]
    assert told(found.skipped) == {"not a web address": 2}


# Hostile ones


def test_a_file_of_this_machine_cannot_be_read_through_an_entity(tmp_path: Path):
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret")
    declared = f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY % y SYSTEM "file://{secret}"> %y;]>'
    found = read(declared + f"<urlset>{entry('/r/&x;/1')}{entry('/r/2')}</urlset>")
    assert "the-secret" not in str(found)
    assert paths(found) == ["/r/&x;/1", "/r/2"]


@pytest.mark.parametrize(
    "place", ["<loc>https://office.example/&j;</loc>", "<link href='&j;' hreflang='es'/><loc>/r</loc>"]
)
def test_entities_that_multiply_stay_small(place):
    names = "abcdefghij"
    entities = '<!ENTITY a "0123456789">' + "".join(
        f'<!ENTITY {name} "{f"&{before};" * 10}">' for before, name in pairwise(names)
    )
    found = read(f"<!DOCTYPE u [{entities}]><urlset><url>{place}</url></urlset>")
    assert len(str(found)) < 1_000


def test_parameter_entities_that_multiply_stay_small():
    entities = "<!ENTITY % a \"<!ENTITY z '0123456789'>\">" + "".join(
        f'<!ENTITY % {name} "{f"&#37;{before};" * 10}">' for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    )
    found = read(f"<!DOCTYPE u [{entities} %i;]><urlset>{entry('/r/1')}</urlset>")
    assert len(str(found)) < 1_000


@pytest.mark.parametrize(
    "body", [" " * 60_000, "<!-- " * 12_000, "<!DOCTYPE a [" * 5_000, "<? " * 20_000, "&" * 60_000]
)
def test_texts_that_begin_nothing_are_given_up_at_once(body):
    started = perf_counter()
    assert told(read(body).trouble)
    assert perf_counter() - started < 2


def test_a_bomb_ends_early_and_says_why():
    bomb = gzip.compress(b"<urlset>" + b" " * (MAP_MEBIBYTES_MAX + 8) * 1024 * 1024, compresslevel=9)
    assert len(bomb) < 100_000
    found = read(bomb)
    assert told(found.trouble) == f"The sitemap is longer than {MAP_MEBIBYTES_MAX} MiB; it was read up to there."


@pytest.mark.parametrize("line", ["<url><loc>https://office.example/{}</loc></url>", "https://office.example/{}\n"])
def test_more_entries_than_a_sitemap_may_have_end_early(line):
    lines = "".join(map(line.format, range(ENTRIES_MAX + 1)))
    found = read(f"<urlset>{lines}</urlset>" if "<" in line else lines)
    assert len(found.links) == ENTRIES_MAX
    assert told(found.trouble) == "The sitemap has more than 100,000 entries; it was read up to there."


# The source file


def test_the_table_of_a_sitemap_is_read_strictly():
    plain = 'slug = "s"\nname = "S"\nprotocol = "sitemap"\nstart = ["https://office.example/robots.txt"]\n[sitemap]\n'
    rules = parse_source(plain + "maps = ['posts']\nallow = ['/r/']\nmaps_max = 3", path=Path("s.toml")).rules
    assert isinstance(rules, SitemapRules)
    assert rules.maps_max == 3
    assert matches(rules.maps[0], "/posts-1.xml")
    with pytest.raises(BadSource, match="line 6: No key in"):
        parse_source(plain + "map = ['posts']", path=Path("s.toml"))


def test_the_entry_in_which_a_sitemap_breaks_off_is_not_followed():
    found = read(f"<urlset {NAMESPACE}>{entry('/one')}<url><loc>https://office.example/tw")
    assert paths(found) == ["/one"]
    assert told(found.trouble) == "The sitemap is cut off before its end."

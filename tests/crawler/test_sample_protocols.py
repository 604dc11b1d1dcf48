"""The sample publisher's machine interfaces: the same publications in each, and the state moves on in all at once."""

from __future__ import annotations

import gzip
import http.client
import json
import time
import urllib.parse
import zlib
from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from lxml import etree
from parsel import Selector

from demo.repository import DELETED_FOR_EVER, FORMATS, PER_ANSWER
from demo.site import MAP_LENGTH
from tests.publisher import Fault, FaultKind, SamplePublisher

SLUG = "en-organising-first-meeting"
NAMES = {
    "oai": "http://www.openarchives.org/OAI/2.0/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "mods": "http://www.loc.gov/mods/v3",
    "xoai": "http://www.lyncode.com/xoai",
    "map": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "atom": "http://www.w3.org/2005/Atom",
}


@pytest.fixture(scope="module")
def site() -> Iterator[SamplePublisher]:
    """Return a publisher that no test changes."""
    with SamplePublisher() as publisher:
        yield publisher


@pytest.fixture
def own_site() -> Iterator[SamplePublisher]:
    """Return a publisher that the test may change."""
    with SamplePublisher() as publisher:
        yield publisher


def get(site: SamplePublisher, target: str, *, body: str | None = None) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask for a path or an address of the site; `body` is posted."""
    host = urllib.parse.urlsplit(site.url).netloc
    connection = http.client.HTTPConnection(host, timeout=20)
    connection.request("POST" if body else "GET", target.removeprefix(site.url), body=body)
    response = connection.getresponse()
    content = response.read()
    connection.close()
    return response, content


def told(site: SamplePublisher, query: str) -> etree._Element:
    return etree.fromstring(get(site, f"/oai?{query}")[1])


def find(element: etree._Element, path: str) -> list[str]:
    return element.xpath(path, namespaces=NAMES)


def error_code(site: SamplePublisher, query: str) -> str:
    (code,) = find(told(site, query), "oai:error/@code")
    return code


def walk_oai(site: SamplePublisher, query: str) -> Iterator[etree._Element]:
    """Yield the answers of a list, to its end."""
    while query:
        answer = told(site, query)
        assert not find(answer, "oai:error")
        yield answer
        token = "".join(find(answer, "//oai:resumptionToken/text()"))
        query = f"verb=ListRecords&resumptionToken={urllib.parse.quote(token)}" if token else ""


def walk_json(site: SamplePublisher, path: str, *, following: str) -> Iterator[dict]:
    while path:
        page = json.loads(get(site, path)[1])
        yield page
        path = page.get(following) or ""


def paths(site: SamplePublisher, addresses: list[str]) -> set[str]:
    return {address.removeprefix(site.url) for address in addresses}


def by_oai(site: SamplePublisher) -> set[str]:
    answers = walk_oai(site, "verb=ListRecords&metadataPrefix=oai_dc")
    return paths(site, [found for answer in answers for found in find(answer, "//dc:identifier[1]/text()")])


def by_api(site: SamplePublisher) -> set[str]:
    pages = walk_json(site, "/api/publications", following="next")
    return paths(site, [each["url"] for page in pages for each in page["publications"]])


def by_json_feed(site: SamplePublisher) -> set[str]:
    pages = walk_json(site, "/feed.json", following="next_url")
    return paths(site, [item["url"] for page in pages for item in page["items"]])


def by_sitemap(site: SamplePublisher) -> set[str]:
    return paths(site, find(etree.fromstring(get(site, "/sitemap.xml")[1]), "//map:loc/text()"))


def by_packed_sitemaps(site: SamplePublisher) -> set[str]:
    maps = find(etree.fromstring(get(site, "/sitemap_index.xml")[1]), "//map:loc/text()")
    unpacked = [etree.fromstring(gzip.decompress(get(site, address)[1])) for address in maps]
    return paths(site, [address for urlset in unpacked for address in find(urlset, "//map:loc/text()")])


def by_growing_listing(site: SamplePublisher) -> set[str]:
    first = Selector(get(site, "/more")[1].decode())
    fragments = walk_json(site, first.css("button.load-more::attr(data-url)").get(""), following="next")
    parts = [first.css("ol.publications"), *(Selector(part["html"]) for part in fragments)]
    return {link for part in parts for link in part.css("h2 a::attr(href)").getall()}


WAYS: dict[str, Callable[[SamplePublisher], set[str]]] = {
    "OAI-PMH": by_oai,
    "API": by_api,
    "JSON feed": by_json_feed,
    "sitemap": by_sitemap,
    "packed sitemaps": by_packed_sitemaps,
    "growing listing": by_growing_listing,
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_leads_to_the_same_publications(site: SamplePublisher, way: str) -> None:
    assert WAYS[way](site) == {entry.path for entry in site.site.entries}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_withdrawn_is_nowhere_until_it_is_restored(own_site: SamplePublisher, way: str) -> None:
    path = f"/publications/{SLUG}"
    own_site.collection.withdraw(SLUG)
    assert path not in WAYS[way](own_site)
    own_site.collection.restore(SLUG)
    assert path in WAYS[way](own_site)


def test_a_withdrawn_publication_is_gone_at_its_addresses_and_deleted_in_the_repository(
    own_site: SamplePublisher,
) -> None:
    entry = next(entry for entry in own_site.site.entries if entry.slug == SLUG)
    own_site.collection.withdraw(SLUG)
    assert [get(own_site, path)[0].status for path in (entry.path, entry.pdf_path or entry.path)] == [410, 410]
    record = told(own_site, f"verb=GetRecord&metadataPrefix=mods&identifier=oai:samples.pushcart.example:{SLUG}")
    assert find(record, "//oai:header/@status") == ["deleted"]
    assert not find(record, "//oai:metadata")


def test_a_revision_has_the_same_new_date_in_every_protocol(own_site: SamplePublisher) -> None:
    before = next(entry.stamp for entry in own_site.site.entries if entry.slug == "en-ghana-kayayei")
    own_site.collection.revise("en-ghana-kayayei")
    (stamp,) = {entry.stamp for entry in own_site.site.entries if entry.publication.slug == "en-ghana-kayayei"}
    assert stamp > before
    address = f"{own_site.url}/publications/en-ghana-kayayei"
    record = told(
        own_site, "verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:samples.pushcart.example:en-ghana-kayayei"
    )
    sitemap = etree.fromstring(get(own_site, "/sitemap.xml")[1])
    (of_api,) = [
        each
        for page in walk_json(own_site, f"/api/publications?since={stamp}", following="next")
        for each in page["publications"]
        if each["url"] == address
    ]
    items = [item for page in walk_json(own_site, "/feed.json", following="next_url") for item in page["items"]]
    assert find(record, "//oai:datestamp/text()") == [stamp]
    assert find(sitemap, f"//map:url[map:loc='{address}']/map:lastmod/text()") == [stamp]
    assert of_api["updated"] == stamp
    assert [item["date_modified"] for item in items if item["url"] == address] == [stamp]


def test_a_revision_changes_the_bytes_of_page_and_file(own_site: SamplePublisher) -> None:
    entry = next(entry for entry in own_site.site.entries if entry.slug == "en-ghana-kayayei")
    before = [get(own_site, path) for path in (entry.path, entry.pdf_path)]
    own_site.collection.revise("en-ghana-kayayei")
    after = [get(own_site, path) for path in (entry.path, entry.pdf_path)]
    for (old, old_body), (new, new_body) in zip(before, after, strict=True):
        assert old_body != new_body
        assert old.headers["ETag"] != new.headers["ETag"]
        assert old.headers["Last-Modified"] != new.headers["Last-Modified"]


def test_two_changes_within_one_second_have_two_dates(own_site: SamplePublisher) -> None:
    stamps = []
    for change in (own_site.collection.revise, own_site.collection.withdraw, own_site.collection.restore):
        change(SLUG)
        stamps.append(next(entry.stamp for entry in own_site.collection.everything if entry.slug == SLUG))
    assert all(earlier < later for earlier, later in pairwise(stamps))


def test_the_repository_gives_its_records_in_answers_of_ten_and_says_how_many_there_are(site: SamplePublisher) -> None:
    answers = list(walk_oai(site, "verb=ListRecords&metadataPrefix=xoai"))
    identifiers = [found for answer in answers for found in find(answer, "//oai:header/oai:identifier/text()")]
    total = len(site.site.entries) + 1  # one was deleted before it was printed
    assert len(identifiers) == len(set(identifiers)) == total
    assert {size for answer in answers for size in find(answer, "//@completeListSize")} == {str(total)}
    assert [find(answer, "//@cursor") for answer in answers] == [[str(PER_ANSWER * n)] for n in range(len(answers))]
    assert all(find(answer, "//@expirationDate") for answer in answers[:-1])
    assert not find(answers[-1], "//oai:resumptionToken/text()")


def test_a_record_that_was_always_deleted_is_named_and_empty(site: SamplePublisher) -> None:
    answer = told(site, f"verb=GetRecord&metadataPrefix=oai_dc&identifier={DELETED_FOR_EVER}")
    assert find(answer, "//oai:header/@status") == ["deleted"]


def test_a_record_that_changes_while_the_list_is_read_pushes_no_other_one_out(own_site: SamplePublisher) -> None:
    seen: list[str] = []
    for answer in walk_oai(own_site, "verb=ListRecords&metadataPrefix=oai_dc"):
        seen += find(answer, "//oai:header/oai:identifier/text()")
        if len(seen) == PER_ANSWER:
            own_site.collection.revise(seen[0].rpartition(":")[2])
    assert len(set(seen)) == len(own_site.site.entries) + 1
    assert seen[-1] == seen[0]


@pytest.mark.parametrize("prefix", FORMATS)
def test_every_format_names_title_and_file(site: SamplePublisher, prefix: str) -> None:
    query = f"verb=GetRecord&metadataPrefix={prefix}&identifier=oai:samples.pushcart.example:en-ghana-kayayei"
    metadata = find(told(site, query), "//oai:metadata")[0]
    entry = next(entry for entry in site.site.entries if entry.slug == "en-ghana-kayayei")
    words = [text.strip() for text in metadata.itertext()]
    assert f"{site.url}{entry.pdf_path}" in words
    assert {entry.publication.title, entry.publication.full_title} & set(words)
    assert FORMATS[prefix].namespace in [child.nsmap.get(child.prefix) for child in metadata]


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "badVerb"),
        ("verb=ListEverything", "badVerb"),
        ("verb=Identify&verb=Identify", "badVerb"),
        ("verb=Identify&set=type", "badArgument"),
        ("verb=ListRecords", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&metadataPrefix=mods", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=yesterday", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2026-02-30", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2023-01-01", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2024-01-01&until=2024-01-02T00:00:00Z", "badArgument"),
        ("verb=ListRecords&metadataPrefix=oai_dc&resumptionToken=x", "badArgument"),
        ("verb=ListRecords&metadataPrefix=marcxml", "cannotDisseminateFormat"),
        ("verb=GetRecord&metadataPrefix=oai_dc", "badArgument"),
        ("verb=GetRecord&metadataPrefix=oai_dc&identifier=oai:elsewhere:1", "idDoesNotExist"),
        ("verb=ListMetadataFormats&identifier=oai:elsewhere:1", "idDoesNotExist"),
        ("verb=ListRecords&metadataPrefix=oai_dc&from=2100-01-01", "noRecordsMatch"),
        ("verb=ListRecords&metadataPrefix=oai_dc&set=type:poem", "noRecordsMatch"),
        ("verb=ListRecords&resumptionToken=x", "badResumptionToken"),
        ("verb=ListRecords&resumptionToken=eyJhIjogMX0=", "badResumptionToken"),
        ("verb=ListSets&resumptionToken=x", "badResumptionToken"),
    ],
)
def test_what_cannot_be_answered_has_the_code_of_the_protocol(site: SamplePublisher, query: str, code: str) -> None:
    assert error_code(site, query) == code


def test_wrong_arguments_are_not_repeated_and_no_mark_up_can_be_smuggled_in(site: SamplePublisher) -> None:
    answer = told(site, "verb=%3Cscript%3E&x=1")
    assert not find(answer, "oai:request/@*")
    assert error_code(site, "verb=GetRecord&metadataPrefix=oai_dc&identifier=%22%3E%3Cscript%3E") == "idDoesNotExist"


def test_dates_and_sets_choose_records(site: SamplePublisher) -> None:
    by_day = told(site, "verb=ListIdentifiers&metadataPrefix=oai_dc&from=2025-06-01&until=2026-12-31")
    stamps = find(by_day, "//oai:datestamp/text()")
    assert stamps
    assert min(stamps) >= "2025-06-01"
    laws = told(site, "verb=ListIdentifiers&metadataPrefix=oai_dc&set=type:law")
    expected = [entry for entry in site.site.entries if entry.publication.type == "law"]
    assert len(find(laws, "//oai:header")) == len(expected) > 0
    assert all("type:law" in find(header, "oai:setSpec/text()") for header in find(laws, "//oai:header"))


def test_the_repository_describes_itself_and_may_be_asked_by_post(site: SamplePublisher) -> None:
    answer = etree.fromstring(get(site, "/oai", body="verb=Identify")[1])
    assert find(answer, "//oai:baseURL/text()") == [f"{site.url}/oai"]
    assert find(answer, "//oai:deletedRecord/text()") == ["persistent"]
    sets = find(told(site, "verb=ListSets"), "//oai:setSpec/text()")
    assert {"language:pt", "type:law"} <= set(sets)
    assert find(told(site, "verb=ListMetadataFormats"), "//oai:metadataPrefix/text()") == ["oai_dc", "mods", "xoai"]


def test_the_api_tells_the_total_and_refuses_what_it_does_not_understand(site: SamplePublisher) -> None:
    page = json.loads(get(site, "/api/publications?per_page=7")[1])
    assert (page["total"], len(page["publications"])) == (len(site.site.entries), 7)
    assert page["next"] == f"{site.url}/api/publications?page=2&per_page=7"
    statuses = [get(site, f"/api/publications?{query}")[0].status for query in ("page=99", "per_page=0", "since=soon")]
    assert statuses == [404, 400, 400]


def test_a_home_page_and_robots_txt_lead_to_every_interface(site: SamplePublisher) -> None:
    home = Selector(get(site, "/")[1].decode())
    offered = {link.attrib["type"]: link.attrib["href"] for link in home.css('link[rel="alternate"]')}
    assert offered["application/feed+json"] == "/feed.json"
    assert offered["application/json"] == "/api/publications"
    assert offered["text/xml"] == "/oai?verb=Identify"
    robots = get(site, "/robots.txt")[1].decode()
    assert f"Sitemap: {site.url}/sitemap_index.xml\n" in robots
    packed = find(etree.fromstring(get(site, "/sitemap_index.xml")[1]), "//map:loc/text()")
    assert len(packed) == -(-len(site.site.entries) // MAP_LENGTH)


def faulty(path: str, kind: FaultKind, **others: object) -> SamplePublisher:
    return SamplePublisher(faults={path: Fault(kind, **others)})


def test_a_repository_can_forget_its_tokens_and_repeat_them() -> None:
    with SamplePublisher() as site:
        first = told(site, "verb=ListRecords&metadataPrefix=oai_dc")
        token = urllib.parse.quote("".join(find(first, "//oai:resumptionToken/text()")))
        site.switch({"/oai": Fault(FaultKind.TOKEN_EXPIRES)})
        assert error_code(site, f"verb=ListRecords&resumptionToken={token}") == "badResumptionToken"
        site.switch({"/oai": Fault(FaultKind.TOKEN_REPEATS)})
        again = told(site, f"verb=ListRecords&resumptionToken={token}")
        assert find(again, "//oai:resumptionToken/text()") == [urllib.parse.unquote(token)]


def test_a_fault_can_wait_for_some_requests_and_heal() -> None:
    with faulty("/oai", FaultKind.SERVER_ERROR, after=1, times=2) as site:
        assert [get(site, "/oai?verb=Identify")[0].status for _ in range(4)] == [200, 500, 500, 200]


@pytest.mark.parametrize(
    ("path", "kind", "encoding", "wbits"),
    [
        ("/oai", FaultKind.GZIP_BOMB, "gzip", 31),
        ("/oai", FaultKind.DEFLATE_BOMB, "deflate", 15),
        ("/sitemap-1.xml.gz", FaultKind.GZIP_BOMB, None, 31),
    ],
)
def test_a_bomb_is_small_until_it_is_unpacked(path: str, kind: FaultKind, encoding: str | None, wbits: int) -> None:
    with faulty(path, kind, megabytes=40) as site:
        response, body = get(site, f"{path}?verb=Identify")
    assert response.headers["Content-Encoding"] == encoding
    assert len(body) < 60_000
    unpacked = zlib.decompressobj(wbits).decompress(body)
    assert unpacked.startswith(b"<?xml")
    assert len(unpacked) > 40_000_000


def test_text_can_come_broken_off_empty_in_another_charset_or_as_a_web_page() -> None:
    with SamplePublisher() as site:
        sound = get(site, "/feed.json")[1]
        for kind, is_right in {
            FaultKind.BROKEN_OFF: lambda body: body == sound[: len(sound) // 2],
            FaultKind.EMPTY: lambda body: body == b"",
            FaultKind.WRONG_CHARSET: lambda body: body.decode("cp1252") == sound.decode().replace("→", "?"),
            FaultKind.WEB_PAGE: lambda body: b"maintenance" in body,
        }.items():
            site.switch({"/feed.json": Fault(kind)})
            response, body = get(site, "/feed.json")
            assert is_right(body), kind
            assert response.headers["Content-Length"] == str(len(body))


def test_a_drip_comes_byte_by_byte_and_ends_with_the_site() -> None:
    with faulty("/style.css", FaultKind.DRIP, seconds=0.05) as site:
        connection = http.client.HTTPConnection(urllib.parse.urlsplit(site.url).netloc, timeout=5)
        connection.request("GET", "/style.css")
        response = connection.getresponse()
        started = time.monotonic()
        assert len(response.read(5)) == 5
        assert time.monotonic() - started > 0.15
    connection.close()


def test_redirects_lead_where_they_are_told_or_on_and_on() -> None:
    with SamplePublisher(
        faults={
            "/a": Fault(FaultKind.REDIRECT, location="http://169.254.169.254/latest/meta-data/"),
            "/b": Fault(FaultKind.REDIRECT_CHAIN),
        }
    ) as site:
        targets = ["/a", "/b", "/b?hop=7"]
        locations = [get(site, target)[0].headers["Location"] for target in targets]
    assert locations == ["http://169.254.169.254/latest/meta-data/", "/b?hop=1", "/b?hop=8"]


def test_a_pause_can_be_asked_for_until_a_date() -> None:
    with faulty("/oai", FaultKind.UNAVAILABLE_UNTIL, seconds=3600) as site:
        response, _ = get(site, "/oai?verb=Identify")
    assert response.status == 503
    assert response.headers["Retry-After"].endswith(" GMT")

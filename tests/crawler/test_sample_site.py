"""The sample publisher's web site: what stands where, conditional requests, and every fault that can be switched on."""

from __future__ import annotations

import hashlib
import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser

import feedparser
import pytest
from parsel import Selector

from demo import load_publications
from demo.answers import SampleRequest
from demo.publication import Landing, Making, SampleStanding
from demo.shelf import PdfShelf
from demo.site import PER_PAGE, SampleSite
from tests.publisher import Fault, FaultKind, SamplePublisher

PDF_PATH = "/files/en-ghana-kayayei.pdf"
LANDING_PATH = "/publications/en-ghana-kayayei"


class Reply:
    """What came back of one request."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def page(self) -> Selector:
        return Selector(self.body.decode())


def get(site: SamplePublisher, path: str, *, method: str = "GET", **headers: str) -> Reply:
    """Ask once, follow nothing; header names with underscores for hyphens."""
    connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        return Reply(connection.getresponse())
    finally:
        connection.close()


def with_fault(path: str, kind: FaultKind, **others: object) -> SamplePublisher:
    return SamplePublisher(faults={path: Fault(kind, **others)})  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def site() -> Iterator[SamplePublisher]:
    with SamplePublisher() as open_site:
        yield open_site


def test_the_site_is_open_within_a_third_of_a_second() -> None:
    load_publications.cache_clear()
    began = time.perf_counter()
    with SamplePublisher() as fresh:
        assert get(fresh, "/robots.txt").status == 200
        assert time.perf_counter() - began < 0.3


def test_all_pdfs_are_made_within_four_seconds() -> None:
    shelf = PdfShelf()
    site = SampleSite()
    began = time.perf_counter()
    for entry in site.entries:
        if entry.pdf_path:
            shelf.pdf(entry.publication)
    assert time.perf_counter() - began < 4


def test_two_sites_can_be_open_at_once_and_neither_answers_afterwards() -> None:
    with SamplePublisher() as one, SamplePublisher() as other:
        assert one.url != other.url
        assert get(one, "/").status == get(other, "/").status == 200
        place = urlsplit(one.url)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((place.hostname, place.port), timeout=1)


def test_a_port_that_was_free_before_can_be_asked_for_again() -> None:
    with SamplePublisher() as first:
        port = urlsplit(first.url).port
    assert port is not None
    with SamplePublisher(port=port) as second:
        assert second.url == first_url(port)


def first_url(port: int) -> str:
    return f"http://127.0.0.1:{port}"


def test_following_next_through_the_listing_reaches_every_publication_once(site: SamplePublisher) -> None:
    path, seen = "/publications", []
    while path:
        page = get(site, path).page
        links = page.css("ol.publications h2 a::attr(href)").getall()
        assert len(links) <= PER_PAGE
        seen += links
        path = page.css("nav.pages a[rel=next]::attr(href)").get(default="")
        assert path == page.css("link[rel=next]::attr(href)").get(default="")
    wanted = [each for each in load_publications() if each.standing in (SampleStanding.LISTED, SampleStanding.SPECIAL)]
    assert {f"/publications/{each.slug}" for each in wanted} <= set(seen)
    assert len(seen) == len(set(seen)) == len(wanted) + sum(1 for each in wanted if each.copy_slug)


@pytest.mark.parametrize("query", ["page=0", "page=99", "page=x", "page=-1", "page=9999999999", "page=²"])
def test_a_page_of_the_listing_that_does_not_exist_is_not_found(site: SamplePublisher, query: str) -> None:
    assert get(site, f"/publications?{query.replace('²', '%C2%B2')}").status == 404


def test_every_landing_page_and_every_file_answers(site: SamplePublisher) -> None:
    for entry in site.site.entries:
        landing = get(site, entry.path)
        assert landing.status == 200
        assert entry.publication.mark in landing.body.decode()
        if entry.pdf_path:
            file = get(site, entry.pdf_path)
            assert file.headers["Content-Type"] == "application/pdf"
            assert file.body.startswith(b"%PDF-")
            assert landing.page.css("a.download::attr(href)").get() == entry.pdf_path
        else:
            assert landing.page.css("a.download").get() is None


def test_a_copy_has_the_same_bytes_at_its_second_address(site: SamplePublisher) -> None:
    copies = [entry for entry in site.site.entries if entry.is_copy]
    assert len(copies) >= 3
    for entry in copies:
        assert get(site, entry.pdf_path).body == get(site, f"/files/{entry.publication.slug}.pdf").body


def landing_pages(site: SamplePublisher, style: Landing) -> list[tuple[Selector, str]]:
    entries = [entry for entry in site.site.entries if entry.landing is style]
    assert len(entries) >= 3
    return [(get(site, entry.path).page, entry.publication.full_title) for entry in entries]


@pytest.mark.parametrize(
    ("style", "title"),
    [
        (Landing.HIGHWIRE, "meta[name=citation_title]"),
        (Landing.DUBLIN_CORE, "meta[name='DC.title']"),
        (Landing.OPEN_GRAPH, "meta[property='og:title']"),
    ],
)
def test_landing_pages_describe_themselves_in_several_vocabularies(
    site: SamplePublisher, style: Landing, title: str
) -> None:
    for page, expected in landing_pages(site, style):
        assert page.css(f"{title}::attr(content)").get() == expected


def test_some_landing_pages_describe_themselves_in_json_ld_only(site: SamplePublisher) -> None:
    for page, expected in landing_pages(site, Landing.JSON_LD):
        record = json.loads(page.css("script[type='application/ld+json']::text").get(default=""))
        assert record["name"] == expected
        assert page.css("meta[name^=citation]").get() is None


def test_plain_landing_pages_have_a_heading_and_nothing_for_machines(site: SamplePublisher) -> None:
    for page, expected in landing_pages(site, Landing.PLAIN):
        assert expected.startswith(page.css("h1::text").get(default=""))
        assert not page.css("meta[name^=citation], meta[name^='DC.'], meta[property], script").getall()


def test_translations_point_to_one_another(site: SamplePublisher) -> None:
    page = get(site, "/publications/es-trabajadoras-hogar-cifras").page
    alternates = {each.attrib["hreflang"]: each.attrib["href"] for each in page.css("link[hreflang]")}
    assert alternates == {
        "en": f"{site.url}/publications/en-domestic-workers-figures",
        "fr": f"{site.url}/publications/fr-travailleuses-domestiques-chiffres",
    }


def test_robots_txt_forbids_the_draft_that_the_home_page_links_to(site: SamplePublisher) -> None:
    link = get(site, "/").page.css("a[href^='/drafts/']::attr(href)").get(default="")
    assert get(site, link).status == 200
    rules = RobotFileParser()
    rules.parse(get(site, "/robots.txt").body.decode().splitlines())
    assert not rules.can_fetch("AnyBot", f"{site.url}{link}")
    assert rules.can_fetch("AnyBot", f"{site.url}{PDF_PATH}")


def test_every_page_tempts_with_the_publishers_own_annual_report_and_a_cover(site: SamplePublisher) -> None:
    page = get(site, LANDING_PATH).page
    assert get(site, page.css("footer a[href$='.pdf']::attr(href)").get(default="")).body.startswith(b"%PDF-")
    assert get(site, page.css("a.cover::attr(href)").get(default="")).headers["Content-Type"] == "image/svg+xml"


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss"])
def test_the_feeds_hold_the_newest_fifteen_without_copies(site: SamplePublisher, path: str) -> None:
    feed = feedparser.parse(get(site, path).body)
    assert not feed.bozo
    newest = [entry for entry in site.site.entries if not entry.is_copy][:15]
    assert [entry.link for entry in feed.entries] == [f"{site.url}{entry.path}" for entry in newest]
    assert [entry.title for entry in feed.entries] == [entry.publication.full_title for entry in newest]


@pytest.mark.parametrize("path", ["/", "/publications?page=2", LANDING_PATH, PDF_PATH, "/feed.atom", "/style.css"])
def test_who_has_the_bytes_already_is_told_so(site: SamplePublisher, path: str) -> None:
    first = get(site, path)
    by_tag = get(site, path, If_None_Match=first.headers["ETag"])
    assert (by_tag.status, by_tag.body) == (304, b"")
    assert by_tag.headers["ETag"] == first.headers["ETag"]
    assert get(site, path, If_Modified_Since=first.headers["Last-Modified"]).status == 304
    assert get(site, path, If_None_Match='"another"', If_Modified_Since=first.headers["Last-Modified"]).status == 200
    assert get(site, path, If_None_Match=f'"another", W/{first.headers["ETag"]}').status == 304


def test_two_openings_of_the_site_give_a_pdf_the_same_entity_tag(site: SamplePublisher) -> None:
    with SamplePublisher() as other:
        assert get(other, PDF_PATH).headers["ETag"] == get(site, PDF_PATH).headers["ETag"]


def test_head_tells_the_length_and_sends_nothing(site: SamplePublisher) -> None:
    head = get(site, PDF_PATH, method="HEAD")
    assert head.body == b""
    assert int(head.headers["Content-Length"]) == len(get(site, PDF_PATH).body)


def test_the_log_of_requests_tells_path_status_bytes_and_who_asked() -> None:
    with SamplePublisher() as site:
        first = get(site, "/publications?page=2", User_Agent="Tester/1")
        wait_for(lambda: len(site.requests) == 1)  # each has a thread of its own
        get(site, "/publications?page=2", If_None_Match=first.headers["ETag"])
        wait_for(lambda: len(site.requests) == 2)
        get(site, "/nowhere")
        wait_for(lambda: len(site.requests) == 3)
        one, again, nowhere = site.requests
        assert (one.target, one.path, one.status) == ("/publications?page=2", "/publications", 200)
        assert (one.body_bytes, one.user_agent) == (len(first.body), "Tester/1")
        assert (again.status, again.body_bytes, again.is_conditional) == (304, 0, True)
        assert nowhere.status == 404
        site.forget_requests()
        assert site.requests == ()


def wait_for(condition: object, *, seconds: float = 5.0) -> None:
    """Wait until a condition holds: the log is written after the answer has gone out."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        assert time.monotonic() < end
        time.sleep(0.005)


def test_absolute_links_begin_with_the_host_that_was_asked() -> None:
    page = SampleSite().answer(SampleRequest(path=LANDING_PATH, origin="http://samples.example"))
    pdf_url = Selector(page.body.decode()).css("meta[name=citation_pdf_url]::attr(content)").get()
    assert pdf_url == f"http://samples.example{PDF_PATH}"


def test_an_address_that_tries_to_climb_out_or_to_inject_finds_nothing(site: SamplePublisher) -> None:
    for path in (
        "/files/../../etc/passwd",
        "/covers/%3Cscript%3E.svg",
        "/files/<script>.pdf",
        "/drafts/en-ghana-kayayei",
    ):
        reply = get(site, path)
        assert reply.status == 404
        assert b"<script>" not in reply.body


def test_pdfs_are_kept_in_a_folder_when_one_is_given(tmp_path: Path) -> None:
    publication = next(each for each in load_publications() if each.making is Making.TWO_COLUMNS)
    made = PdfShelf(tmp_path / "kept").pdf(publication)
    kept = tmp_path / "kept" / f"{publication.slug}.pdf"
    assert kept.read_bytes() == made
    assert [path.name for path in (tmp_path / "kept").iterdir()] == [kept.name]


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (FaultKind.NOT_FOUND, 404),
        (FaultKind.VANISHED, 410),
        (FaultKind.SERVER_ERROR, 500),
        (FaultKind.TOO_MANY_REQUESTS, 429),
        (FaultKind.REDIRECT_LOOP, 302),
    ],
)
def test_a_fault_of_status_shows_on_its_path_only(kind: FaultKind, status: int) -> None:
    with with_fault(PDF_PATH, kind) as site:
        assert get(site, PDF_PATH).status == status
        assert get(site, LANDING_PATH).status == 200


def test_too_many_requests_says_when_to_come_back_and_heals() -> None:
    with with_fault("/publications", FaultKind.TOO_MANY_REQUESTS, seconds=1.2, times=2) as site:
        assert [get(site, "/publications").headers["Retry-After"] for _ in range(2)] == ["2", "2"]
        assert get(site, "/publications").status == 200


def test_a_redirect_loop_leads_to_itself() -> None:
    with with_fault("/publications", FaultKind.REDIRECT_LOOP) as site:
        assert get(site, "/publications").headers["Location"] == "/publications"


def test_a_slow_path_answers_late_and_rightly() -> None:
    with with_fault(PDF_PATH, FaultKind.SLOW, seconds=0.2) as site:
        began = time.monotonic()
        assert get(site, PDF_PATH).status == 200
        assert time.monotonic() - began >= 0.2


def test_a_file_cut_off_in_the_middle_is_shorter_than_announced() -> None:
    with with_fault(PDF_PATH, FaultKind.CUT_OFF) as site, pytest.raises(http.client.IncompleteRead):
        get(site, PDF_PATH)


def test_a_wrong_content_type_comes_with_the_right_bytes(site: SamplePublisher) -> None:
    with with_fault(PDF_PATH, FaultKind.WRONG_TYPE) as faulty:
        reply = get(faulty, PDF_PATH)
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.body == get(site, PDF_PATH).body


def test_a_file_that_is_not_what_it_says_is_a_maintenance_page() -> None:
    with with_fault(PDF_PATH, FaultKind.NOT_WHAT_IT_SAYS) as site:
        reply = get(site, PDF_PATH)
    assert reply.headers["Content-Type"] == "application/pdf"
    assert b"maintenance" in reply.body


def test_robots_txt_can_refuse_everything() -> None:
    with with_fault("/robots.txt", FaultKind.REFUSE_ALL) as site:
        rules = RobotFileParser()
        rules.parse(get(site, "/robots.txt").body.decode().splitlines())
    assert not rules.can_fetch("AnyBot", f"http://host{PDF_PATH}")


def test_a_changed_file_has_other_bytes_another_tag_and_another_date() -> None:
    with SamplePublisher() as site:
        first = get(site, PDF_PATH)
        site.switch({PDF_PATH: Fault(FaultKind.CHANGED)})
        changed = get(site, PDF_PATH, If_None_Match=first.headers["ETag"])
        assert changed.status == 200
        assert hashlib.sha256(changed.body).digest() != hashlib.sha256(first.body).digest()
        assert changed.headers["Last-Modified"] != first.headers["Last-Modified"]
        site.switch({})
        assert get(site, PDF_PATH).body == first.body


def test_a_changed_web_publication_says_so() -> None:
    path = "/publications/en-serbia-seasonal-work"
    with with_fault(path, FaultKind.CHANGED) as site:
        assert "corrected edition" in get(site, path).body.decode()


@pytest.mark.parametrize("kind", [FaultKind.ENDLESS_BODY, FaultKind.HUGE_LENGTH])
def test_a_reader_can_leave_a_body_that_is_too_large(kind: FaultKind) -> None:
    with with_fault(PDF_PATH, kind, megabytes=200) as site:
        connection = http.client.HTTPConnection(urlsplit(site.url).netloc, timeout=10)
        connection.request("GET", PDF_PATH)
        response = connection.getresponse()
        assert (response.headers["Content-Length"] is None) == (kind is FaultKind.ENDLESS_BODY)
        assert len(response.read(1_000_000)) == 1_000_000
        response.close()
        connection.close()
        wait_for(lambda: len(site.requests) == 1)
        assert 1_000_000 <= site.requests[0].body_bytes < 200_000_000


def test_an_endless_listing_always_names_a_next_page_and_repeats_the_last_entries() -> None:
    with with_fault("/publications", FaultKind.ENDLESS_LISTING) as site:
        last, beyond = (get(site, f"/publications?page={number}").page for number in (site.site.page_total, 700))
    assert beyond.css("link[rel=next]::attr(href)").get() == "/publications?page=701"
    links = "ol.publications h2 a::attr(href)"
    assert beyond.css(links).getall() == last.css(links).getall()


def test_an_endless_calendar_is_linked_and_leads_from_month_to_month(site: SamplePublisher) -> None:
    with with_fault("/events", FaultKind.ENDLESS_CALENDAR) as endless:
        link = get(endless, "/publications").page.css("footer a[href^='/events']::attr(href)").get(default="")
        for month in (2, 3, 4):
            link = get(endless, link).page.css("a[rel=next]::attr(href)").get(default="")
            assert link == f"/events?month={month}"
    assert get(site, "/events").status == 404
    assert b"/events" not in get(site, "/publications").body


def test_run_by_hand_it_prints_its_address_and_ends_on_ctrl_c() -> None:
    with subprocess.Popen([sys.executable, "-m", "demo", "--port", "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip()
        connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=10)
        connection.request("GET", "/feed.rss")
        assert connection.getresponse().status == 200
        connection.close()
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=10) == 0

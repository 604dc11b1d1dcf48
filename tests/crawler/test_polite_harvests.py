"""Politeness as the server sees it, and what ends traps: harvests of a server that says exactly what a test tells it."""

from __future__ import annotations

import functools
import gzip
import time
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import brotli
import pytest
from backports import zstd
from told import told

from corpus.runs import RunState
from corpus.settings import Settings
from crawler.run import run_apart
from crawler.sources.model import SourceFile
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.polite_site import (
    HarvestStopped,
    HarvestUntil,
    PoliteSite,
    answer,
    harvested_with_names,
    listing,
    pdf,
)

ROBOTS = answer(b"User-agent: *\nAllow: /\n", content_type="text/plain")
CLOCKS_DIFFER = 0.05
"""Seconds by which two timestamps of the server may be off: it notes a request when its thread gets to run."""


def polite(source: SourceFile, **rules: object) -> SourceFile:
    return source.model_copy(update={"polite": source.polite.model_copy(update={**rules})})


def files(number: int) -> dict[str, bytes]:
    return {f"/{each}.pdf": pdf(f"number {each}") for each in range(number)}


def in_turns(says: list[bytes]):
    """Answer with the first, then the second ..., and with the last for ever."""

    def say(send):
        send(says.pop(0) if len(says) > 1 else says[0])

    return say


def test_requests_are_never_closer_than_the_declared_delay_whatever_they_are_for(settings):
    unavailable = answer(b"", status="503 Service Unavailable")
    answers = {
        "/robots.txt": ROBOTS,
        "/list": listing(*(f"/{each}.pdf" for each in range(8)), "/moved.pdf", "/weak.pdf"),
        "/moved.pdf": answer(status="302 Found", more="Location: /there.pdf"),
        "/there.pdf": pdf("there"),
        "/weak.pdf": in_turns([unavailable, pdf("weak")]),
        **files(8),
    }
    with PoliteSite(answers, keep_alive=True) as site:
        source = polite(sample_source(f"{site.url}/list"), delay_seconds=0.2, requests_at_once=4)
        run = harvested(source, settings)
        gaps = site.gaps()
        asked = len(site.asked)
    assert (run.new, run.failed) == (10, 0)
    assert asked == run.requests == 14
    assert min(gaps) >= 0.2 - CLOCKS_DIFFER
    assert sum(gaps) >= 0.2 * (asked - 1)


def test_a_crawl_delay_that_is_longer_than_our_own_is_kept(settings):
    slow = answer(b"User-agent: *\nCrawl-delay: 0.5\n", content_type="text/plain")
    with PoliteSite({"/robots.txt": slow, "/list": listing("/0.pdf", "/1.pdf"), **files(2)}) as site:
        run = harvested(sample_source(f"{site.url}/list"), settings)
        gaps = site.gaps()
    assert run.new == 2
    assert min(gaps) >= 0.5 - CLOCKS_DIFFER


def test_a_server_that_asks_for_a_long_pause_is_left_alone_for_the_run(settings):
    busy = answer(status="429 Too Many Requests", more="Retry-After: 7200")
    answers = {"/robots.txt": ROBOTS, "/list": listing(*files(6)), **files(6), "/1.pdf": busy}
    with PoliteSite(answers) as site:
        source = polite(sample_source(f"{site.url}/list"), requests_at_once=1, delay_seconds=0.05)
        run = harvested(source, settings)
        paths = site.paths
    assert paths.count("/1.pdf") == 1
    assert len(paths) == paths.index("/1.pdf") + 1
    words = "The server answered 429 and asks to wait 2 hours; it is not contacted again in this run."
    assert words in {told(failure.reason) for failure in run.failures}


def test_pauses_grow_with_each_failure_of_a_request(settings):
    broken = answer(status="500 Internal Server Error")
    with PoliteSite({"/robots.txt": ROBOTS, "/list": broken}) as site:
        source = polite(sample_source(f"{site.url}/list"), retries=2, retry_gap_seconds=0.3)
        harvested(source, settings)
        times = [each.at for each in site.asked if each.path == "/list"]
    assert len(times) == 3
    assert times[1] - times[0] >= 0.3 - CLOCKS_DIFFER
    assert times[2] - times[1] >= 0.6 - CLOCKS_DIFFER


def test_a_run_that_uses_up_its_requests_pauses_and_the_next_one_goes_on_without_asking_again(settings):
    answers = {"/robots.txt": ROBOTS, "/list": listing(*files(12)), **files(12)}
    # A request that is written to a connection which the server has just closed is sent twice, and counts twice.
    with PoliteSite(answers, keep_alive=True) as site:
        source = polite(sample_source(f"{site.url}/list"), requests_max=6, requests_at_once=1)
        first = harvested(source, settings)
        asked_first = len(site.asked)
        second = harvested(source, settings)
        third = harvested(source, settings)
        paths = site.paths
    assert (first.state, second.state, third.state) == (RunState.PAUSED, RunState.PAUSED, RunState.FINISHED)
    assert asked_first == 6
    assert "The run reached its limit of 6 requests." in told(first)
    assert "The next run continues." in told(first)
    # robots.txt is asked for by each run, everything else once; the budget is that of each run.
    assert sorted(path for path in paths if path != "/robots.txt") == sorted(["/list", *files(12)])
    assert (first.new, first.failed, second.failed, third.failed) == (4, 0, 0, 0)
    assert third.new + third.unchanged == 12


def test_a_run_that_uses_up_its_mebibytes_pauses(settings):
    large = answer(b"%PDF-1.4\n" + b"%" * 700_000, content_type="application/pdf")
    answers = {"/robots.txt": ROBOTS, "/list": listing(*files(6)), **dict.fromkeys(files(6), large)}
    with PoliteSite(answers) as site:
        run = harvested(polite(sample_source(f"{site.url}/list"), mebibytes_max=1, requests_at_once=1), settings)
    assert run.state is RunState.PAUSED
    assert "limit of 1 MiB" in told(run)
    assert (run.new, run.failed) == (2, 0)


def test_no_request_leaves_outside_the_hours_of_a_source(settings):
    now = datetime.now(UTC)
    closed = ((now + timedelta(hours=2)).time(), (now + timedelta(hours=3)).time())
    with PoliteSite({"/robots.txt": ROBOTS, "/list": listing(*files(2)), **files(2)}) as site:
        run = harvested(polite(sample_source(f"{site.url}/list"), hours=closed), settings)
        assert site.asked == []
    assert run.state is RunState.PAUSED
    assert "nothing was requested" in told(run)
    assert run.failures == ()


def test_a_run_ends_in_order_when_its_hours_are_over(settings):
    with PoliteSite({"/robots.txt": ROBOTS, "/list": listing(*files(100)), **files(100)}) as site:
        source = polite(sample_source(f"{site.url}/list"), requests_at_once=1, delay_seconds=0.3)
        run, ended = run_apart(HarvestUntil(source, seconds=10.0).run, settings=settings)
        now, clock = datetime.now(UTC), time.monotonic()
        after = [each.path for each in site.asked if each.at > clock - (now - ended).total_seconds() + CLOCKS_DIFFER]
    assert run.state is RunState.PAUSED
    assert "are over" in told(run)
    assert run.failed == 0
    assert 0 < run.new < 100
    assert after == []


def test_a_run_that_waits_out_a_long_pause_can_be_stopped_at_once(settings):
    busy = answer(status="503 Service Unavailable", more="Retry-After: 500")
    with PoliteSite({"/robots.txt": ROBOTS, "/list": listing(*files(3)), **dict.fromkeys(files(3), busy)}) as site:
        run = run_apart(HarvestStopped(sample_source(f"{site.url}/list"), seconds=3.0).run, settings=settings)
    assert run.state is RunState.INTERRUPTED
    assert run.seconds < 60
    assert run.failures == ()


def test_a_page_that_redirects_to_a_large_file_does_not_lend_it_its_limit(settings):
    large = answer(b"%PDF-1.4\n" + bytes(52 * 1024 * 1024), content_type="application/pdf")
    moved = answer(status="302 Found", more="Location: /large.pdf")
    answers = {"/robots.txt": ROBOTS, "/list": listing("/0.pdf"), "/0.pdf": moved, "/large.pdf": large}
    with PoliteSite(answers) as site:
        run = harvested(sample_source(f"{site.url}/list"), settings)
    assert (run.new, run.failed) == (1, 0)


def test_robots_txt_counts_after_a_redirect_too(settings):
    robots = answer(b"User-agent: *\nDisallow: /secret/\n", content_type="text/plain")
    moved = answer(status="302 Found", more="Location: /secret/0.pdf")
    answers = {"/robots.txt": robots, "/list": listing("/0.pdf"), "/0.pdf": moved, "/secret/0.pdf": pdf("secret")}
    with PoliteSite(answers) as site:
        run = harvested(sample_source(f"{site.url}/list"), settings)
        assert "/secret/0.pdf" not in site.paths
    assert run.refused == 1
    assert told(run.failures[0].reason) == "robots.txt does not allow fetching it."


def test_the_robots_txt_of_the_host_that_a_redirect_leads_to_is_asked_first(settings):
    refusing = answer(b"User-agent: *\nDisallow: /\n", content_type="text/plain")
    with PoliteSite({"/robots.txt": refusing, "/0.pdf": pdf("theirs")}) as other:
        moved = answer(status="302 Found", more=f"Location: http://localhost:{other.port}/0.pdf")
        with PoliteSite({"/robots.txt": ROBOTS, "/list": listing("/0.pdf"), "/0.pdf": moved}) as site:
            source = sample_source(f"{site.url}/list", more='[files]\nhosts = ["localhost"]')
            run = harvested(source, settings)
        assert other.paths == ["/robots.txt"]
    assert run.refused == 1


def test_a_huge_robots_txt_is_read_to_its_limit_only(settings):
    sent = []

    def endless(send):
        send(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\nUser-agent: *\nDisallow: /1.pdf\n")
        for _ in range(2000):
            send(b"#" * 32_768)
            sent.append(32_768)

    with PoliteSite({"/robots.txt": endless, "/list": listing(*files(2)), **files(2)}) as site:
        run = harvested(sample_source(f"{site.url}/list"), settings)
    assert (run.new, run.refused) == (1, 1)
    assert sum(sent) < 16_000_000  # what stood in the buffers of the two sides, beside the 500 KiB


@dataclass(frozen=True)
class Bomb:
    """70 MB of zeros, packed by each packer in turn; not at import, since every test process imports this."""

    encoding: str
    packers: tuple[Callable[[bytes], bytes], ...]

    def answer(self) -> bytes:
        body = functools.reduce(lambda packed, pack: pack(packed), self.packers, b"%PDF-1.4\n" + bytes(70_000_000))
        return answer(body, content_type="application/pdf", more=f"Content-Encoding: {self.encoding}")


def bomb(encoding: str, *packers: Callable[[bytes], bytes]) -> Bomb:
    return Bomb(encoding, packers)


def drip(send):
    send(b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n")
    while True:
        time.sleep(0.1)
        send(b"%")


def endless_headers(send):
    send(b"HTTP/1.1 200 OK\r\n")
    while True:
        send(b"X-Padding: " + b"x" * 4000 + b"\r\n")


def endless_line(send):
    send(b"HTTP/1.1 200 OK\r\nX-Padding: ")
    while True:
        send(b"x" * 4000)


def endless_page(send):
    send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<main>")
    while True:
        send(b"<p>and on and on</p>" * 50_000)


def head(*lines: str, body: bytes = b"") -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", "Content-Type: application/pdf", *lines, "", ""]).encode() + body


UNPACKED = "Decompressed, it is larger than allowed; it may be a decompression bomb."
TRAPS = {
    "/gzip.pdf": (bomb("gzip", gzip.compress), UNPACKED),
    "/gzip-twice.pdf": (bomb("gzip, gzip", gzip.compress, gzip.compress), UNPACKED),
    "/deflate.pdf": (bomb("deflate", zlib.compress), UNPACKED),
    "/br.pdf": (bomb("br", functools.partial(brotli.compress, quality=5)), UNPACKED),
    "/zstd.pdf": (bomb("zstd", zstd.compress), UNPACKED),
    "/no-gzip.pdf": (bomb("gzip", lambda _: b"%PDF-1.4 in plain"), "The answer cannot be decompressed."),
    "/drip.pdf": (drip, "The server did not answer in time."),
    "/headers.pdf": (endless_headers, "The headers of the answer never end."),
    "/line.pdf": (endless_line, "The connection was lost."),
    "/ssh.pdf": (b"SSH-2.0-OpenSSH_9.6\r\n", "The server does not follow the HTTP protocol."),
    "/http-0-9.pdf": (b"%PDF-1.4\r\nno headers here\r\n\r\n", "The server does not follow the HTTP protocol."),
    "/chunks.pdf": (
        head("Transfer-Encoding: chunked", body=b"zz\r\nabc"),
        "The server does not follow the HTTP protocol.",
    ),
    "/short.pdf": (head("Content-Length: 100", body=b"%PDF-1.4"), "The answer was cut off in the middle."),
    "/minus.pdf": (head("Content-Length: -5", body=b"%PDF-1.4"), "The server does not follow the HTTP protocol."),
    "/lengths.pdf": (
        head("Content-Length: 5", "Content-Length: 9", body=b"%PDF-1.4\n"),
        "The server does not follow the HTTP protocol.",
    ),
    "/nothing.pdf": (b"", "The connection was lost."),
    "/loop.pdf": (answer(status="302 Found", more="Location: /loop.pdf"), "It redirects in a circle, or too often."),
    "/file.pdf": (
        answer(status="302 Found", more="Location: file:///etc/passwd"),
        "The server answered 302 (found) without a web address to redirect to.",
    ),
    "/cloud.pdf": (
        answer(status="302 Found", more="Location: http://169.254.169.254/latest/meta-data/"),
        "169.254.169.254 is an address of a private network or of this machine.",
    ),
    "/broken.pdf": (
        answer(status="302 Found", more="Location: http://[::1/"),
        "The address, or the one that it redirects to, is malformed.",
    ),
}


@pytest.fixture(scope="module")
def trapped(tmp_path_factory):
    """Harvest all traps once; return the run, the reasons by path, and the settings."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("trapped") / "data", file_mebibytes_max=60)
    chain = {
        f"/chain-{step}.pdf": answer(status="301 Moved", more=f"Location: /chain-{step + 1}.pdf") for step in range(30)
    }
    traps = {path: trap.answer() if isinstance(trap, Bomb) else trap for path, (trap, _) in TRAPS.items()}
    answers = {"/robots.txt": ROBOTS, **traps, **chain, **files(3)}
    answers["/endless"] = endless_page
    answers["/list"] = listing(*TRAPS, "/chain-0.pdf", *files(3))
    with PoliteSite(answers) as site:
        source = polite(sample_source(f"{site.url}/list", timeout=6.0), retries=0, requests_at_once=8)
        starts = (f"{site.url}/list", f"{site.url}/endless", f"{site.url.replace('http:', 'https:')}/list")
        run = harvested(source.model_copy(update={"start": starts}), settings)
        return run, {failure.url.split("/", 3)[3]: told(failure.reason) for failure in run.failures}, site.paths


def test_every_trap_ends_and_what_is_sound_is_kept(trapped):
    run, reasons, paths = trapped
    assert run.new == 3
    assert run.failed == len(TRAPS) + 1
    assert reasons["chain-0.pdf"] == "It redirects in a circle, or too often."
    assert len([path for path in paths if path.startswith("/chain")]) == 9


@pytest.mark.parametrize("path", sorted(TRAPS))
def test_what_a_trap_is_stands_in_the_report_in_words(trapped, path):
    _, reasons, _ = trapped
    assert reasons[path[1:]] == TRAPS[path][1]


def test_a_server_without_a_secure_connection_is_said_to_have_none(trapped):
    _, reasons, _ = trapped
    assert "A secure connection could not be established (" in reasons["list"]


def test_a_list_that_does_not_end_is_left_long_before_a_file_would_be(trapped):
    _, reasons, _ = trapped
    assert reasons["endless"] == "The page is larger than 50 MiB."


ONLINE = {"contact": "https://librarian.example"}


def test_a_name_that_turns_private_between_two_look_ups_leads_nowhere(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", **ONLINE)
    with PoliteSite({"/robots.txt": ROBOTS, "/list": listing(*files(2)), **files(2)}) as site:
        source = polite(sample_source(f"http://turning.example:{site.port}/list", timeout=0.5), allow_private=False)
        # 192.88.99.1 was given back (RFC 7526): nobody answers there.
        run = harvested_with_names(source, settings, {"turning.example": (("192.88.99.1",), ("127.0.0.1",))})
        assert site.asked == []
    assert run.state is RunState.BROKEN


def test_a_name_of_which_one_address_is_private_is_refused_wholly(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", **ONLINE)
    with PoliteSite({"/robots.txt": ROBOTS, "/list": listing(*files(2)), **files(2)}) as site:
        source = polite(sample_source(f"http://both.example:{site.port}/list"), allow_private=False)
        run = harvested_with_names(source, settings, {"both.example": (("192.88.99.1", "127.0.0.1"),)})
        assert site.asked == []
    assert (
        told(run.failures[0].reason)
        == "both.example leads to 127.0.0.1, an address of a private network or of this machine."
    )


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
def test_a_private_source_is_found_by_its_name_over_both_kinds_of_addresses(tmp_path, address):
    settings = Settings(data_dir=tmp_path / "data", **ONLINE)
    answers = {"/robots.txt": ROBOTS, "/list": listing(*files(2)), **files(2)}
    try:
        site = PoliteSite(answers, address=address).__enter__()
    except OSError:
        pytest.skip(f"this machine has no {address}")
    source = sample_source(f"http://intranet.example:{site.port}/list")
    run = harvested_with_names(source, settings, {"intranet.example": ((address,),)})
    site.__exit__()
    assert run.new == 2

"""What a harvest makes of a site that misbehaves: every fault has its outcome in the report, and the run ends."""

from __future__ import annotations

import itertools
import time

import pytest
from scrapy.utils.test import get_crawler
from told import told

from corpus.run_reasons import Note, NoteKind
from corpus.runs import RunState
from corpus.settings import Settings
from corpus.store import open_store
from crawler.items import ListPage
from crawler.stats import HarvestStats
from demo import load_publications
from demo.entries import entries_of
from tests.crawler.harvesting import harvested, sample_source
from tests.publisher import Fault, FaultKind, SamplePublisher

ENTRIES = entries_of(load_publications())
PDFS = sorted(entry.pdf_path for entry in ENTRIES if entry.pdf_path)
PAGES = [entry.path for entry in ENTRIES if entry.pdf_path == PDFS[10] or entry.pdf_path == PDFS[11]]
OF_FILES = {
    PDFS[0]: Fault(FaultKind.NOT_FOUND),
    PDFS[1]: Fault(FaultKind.SERVER_ERROR),
    PDFS[2]: Fault(FaultKind.SERVER_ERROR, times=1),
    PDFS[3]: Fault(FaultKind.CUT_OFF),
    PDFS[4]: Fault(FaultKind.REDIRECT_LOOP),
    PDFS[5]: Fault(FaultKind.NOT_WHAT_IT_SAYS),
    PDFS[6]: Fault(FaultKind.WRONG_TYPE),
    PDFS[7]: Fault(FaultKind.HUGE_LENGTH, megabytes=4),
    PDFS[8]: Fault(FaultKind.ENDLESS_BODY, megabytes=30),
    PDFS[9]: Fault(FaultKind.SLOW, seconds=9.0),
    PDFS[12]: Fault(FaultKind.EMPTY),
    PDFS[13]: Fault(FaultKind.REDIRECT, location="http://169.254.169.254/latest/meta-data/"),
    PDFS[14]: Fault(FaultKind.REDIRECT_CHAIN),
    PDFS[15]: Fault(FaultKind.GZIP_BOMB, megabytes=300),
    PDFS[16]: Fault(FaultKind.DRIP, seconds=1.0),
    PAGES[0]: Fault(FaultKind.NOT_FOUND),
    PAGES[1]: Fault(FaultKind.CUT_OFF),
}
FAILING = 15


@pytest.fixture(scope="module")
def troubled(tmp_path_factory):
    """Harvest a publisher with some twenty faults once; return the report, its reasons by path, the requests, the settings."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("troubled") / "data", file_mebibytes_max=1)
    with SamplePublisher(faults=OF_FILES) as site:
        run = harvested(sample_source(f"{site.url}/publications", timeout=4.0), settings)
        reasons = {failure.url.removeprefix(site.url): told(failure.reason) for failure in run.failures}
        return run, reasons, site.requests, settings


def test_everything_sound_on_a_troubled_site_is_harvested(troubled):
    run, *_ = troubled
    assert run.state is RunState.FINISHED
    assert (run.new, run.failed, run.offered) == (len(ENTRIES) - FAILING, FAILING, len(ENTRIES))


def test_what_failed_is_listed_with_a_reason_and_with_the_page_that_linked_to_it(troubled):
    run, reasons, *_ = troubled
    assert len(reasons) == run.failed
    assert all(failure.referrer.startswith("http://127.0.0.1:") for failure in run.failures)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        (PDFS[0], "The server answered 404 (not found)."),
        (PDFS[1], "The server answered 500 (internal server error)."),
        (PDFS[3], "The answer was cut off in the middle."),
        (PDFS[4], "It redirects in a circle, or too often."),
        (PDFS[5], "The server sent a web page where a PDF was promised."),
        (PDFS[7], "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
        (PDFS[8], "It is larger than PUSHCART_FILE_MEBIBYTES_MAX allows."),
        (PDFS[9], "The server did not answer in time."),
        (PDFS[12], "The server sent an empty file."),
        (PDFS[13], "169.254.169.254 is an address of a private network or of this machine."),
        (PDFS[14], "It redirects in a circle, or too often."),
        (PDFS[15], "Decompressed, it is larger than allowed; it may be a decompression bomb."),
        (PDFS[16], "The server did not answer in time."),
        (PAGES[0], "The server answered 404 (not found)."),
        (PAGES[1], "The answer was cut off in the middle."),
    ],
)
def test_the_reason_of_a_failure_is_said_in_words(troubled, path, words):
    _, reasons, *_ = troubled
    assert reasons[path] == words


def test_a_passing_failure_is_overcome_by_asking_again(troubled):
    _, reasons, requests, _ = troubled
    assert PDFS[2] not in reasons
    assert [request.status for request in requests if request.path == PDFS[2]] == [500, 200]


def test_a_pdf_that_is_declared_as_something_else_is_kept_as_a_pdf(troubled):
    run, reasons, _, settings = troubled
    url = next(failure.url for failure in run.failures).split("/", 3)
    with open_store(settings) as store:
        known = store.files.get("a-publisher", f"{url[0]}//{url[2]}{PDFS[6]}")
    assert PDFS[6] not in reasons
    assert known is not None
    assert known.content_type == "application/pdf"


def test_an_endless_file_is_left_after_the_size_limit(troubled):
    _, _, requests, _ = troubled
    taken = [request.body_bytes for request in requests if request.path == PDFS[8]]
    assert taken
    # One MiB is allowed; the rest of what was sent stood in the buffers of the two sides.
    assert max(taken) < 12_000_000


def test_a_server_that_asks_for_a_pause_gets_it(settings):
    faults = {PDFS[0]: Fault(FaultKind.TOO_MANY_REQUESTS, times=1, seconds=3.0)}
    with SamplePublisher(faults=faults) as site:
        run = harvested(sample_source(f"{site.url}/publications"), settings)
        asked = sorted(request.at for request in site.requests)
        refused, served = (request for request in site.requests if request.path == PDFS[0])
    assert (refused.status, served.status) == (429, 200)
    # What was already under way to the host may still end; nothing begins before the pause is over.
    silence = max(later - earlier for earlier, later in itertools.pairwise(asked))
    assert silence > 1.6
    assert served.at - refused.at >= 3.0
    assert run.failed == 0


def test_robots_txt_is_obeyed_and_its_refusal_is_counted(settings):
    with SamplePublisher(faults={"/robots.txt": Fault(FaultKind.REFUSE_ALL)}) as site:
        run = harvested(sample_source(f"{site.url}/publications"), settings)
        asked = {request.path for request in site.requests}
    assert asked == {"/robots.txt"}
    assert run.state is RunState.BROKEN
    assert told(run.failures[0].reason) == "robots.txt does not allow fetching it."


def test_a_single_page_that_robots_txt_forbids_is_an_offer_refused(settings):
    with SamplePublisher() as site:
        # The home page links to one draft, and /drafts/ is forbidden.
        more = '[listing]\nlinks = "main"\nallow = ["/drafts/", "/publications/"]'
        run = harvested(sample_source(f"{site.url}/", more=more), settings)
        asked = {request.path for request in site.requests}
    assert run.refused == 1
    assert run.new > 1
    assert not [path for path in asked if path.startswith("/drafts/")]


def test_a_robots_txt_that_the_server_fails_to_give_forbids_everything(settings):
    with SamplePublisher(faults={"/robots.txt": Fault(FaultKind.SERVER_ERROR)}) as site:
        run = harvested(sample_source(f"{site.url}/publications"), settings)
        asked = {request.path for request in site.requests}
    assert asked == {"/robots.txt"}
    assert (run.state, run.new) == (RunState.BROKEN, 0)


def test_a_listing_that_repeats_its_last_page_for_ever_ends(settings):
    with SamplePublisher(faults={"/publications": Fault(FaultKind.ENDLESS_LISTING)}) as site:
        run = harvested(sample_source(f"{site.url}/publications"), settings)
    assert run.new == len(ENTRIES)
    assert run.listings < 20


def test_an_endless_calendar_ends(settings):
    with SamplePublisher(faults={"/events": Fault(FaultKind.ENDLESS_CALENDAR)}) as site:
        run = harvested(sample_source(f"{site.url}/events?month=1"), settings)
    assert run.state is RunState.BROKEN
    assert run.listings <= 3
    assert run.requests < 10


def test_a_run_ends_at_its_limit_of_requests_and_says_so(settings):
    with SamplePublisher() as site:
        source = sample_source(f"{site.url}/publications")
        small = source.model_copy(update={"polite": source.polite.model_copy(update={"requests_max": 12})})
        run = harvested(small, settings)
        assert len(site.requests) <= 12
    assert "The run reached its limit of 12 requests." in told(run)
    assert run.new > 0


def test_a_source_that_brings_nothing_is_reported_as_broken(settings):
    with SamplePublisher() as site:
        started = time.monotonic()
        run = harvested(sample_source(f"{site.url}/about"), settings)
        assert time.monotonic() - started < 30
    assert run.state is RunState.BROKEN
    assert "Found 0 files." in told(run)
    assert "1 or more is expected" in told(run)


def test_a_listing_that_cannot_be_fetched_is_broken_and_names_the_reason(settings):
    with SamplePublisher(faults={"/publications": Fault(FaultKind.SERVER_ERROR)}) as site:
        run = harvested(sample_source(f"{site.url}/publications"), settings)
    assert run.state is RunState.BROKEN
    assert run.pages_failed == 1
    assert told(run.failures[0].reason) == "The server answered 500 (internal server error)."


def test_a_host_that_is_not_there_is_broken_and_names_the_reason(settings):
    run = harvested(sample_source("http://127.0.0.1:9/publications"), settings)
    assert run.state is RunState.BROKEN
    assert told(run.failures[0].reason) == "The server refuses connections."


def test_private_addresses_are_not_fetched_unless_the_source_allows_it(settings):
    with SamplePublisher() as site:
        source = sample_source(f"{site.url}/publications")
        guarded = source.model_copy(update={"polite": source.polite.model_copy(update={"allow_private": False})})
        run = harvested(guarded, settings)
        assert site.requests == ()
    assert run.state is RunState.BROKEN
    assert "private network" in told(run.failures[0].reason)


def test_a_name_that_resolves_to_this_machine_is_refused_at_connect_time(tmp_path):
    settings = Settings(data_dir=tmp_path / "data", contact="https://librarian.example")
    with SamplePublisher() as site:
        port = site.url.rpartition(":")[2]
        # Host names of this machine are found in its own hosts file, so the test needs no network.
        source = sample_source(f"http://{_own_name()}:{port}/publications")
        guarded = source.model_copy(update={"polite": source.polite.model_copy(update={"allow_private": False})})
        run = harvested(guarded, settings)
        assert site.requests == ()
    assert run.state is RunState.BROKEN
    assert "an address of a private network or of this machine" in told(run.failures[0].reason)


def test_a_remark_does_not_repeat_a_resumption_token_of_hundreds_of_characters():
    stats = HarvestStats(get_crawler())
    stats.read_list(
        ListPage(note=Note(NoteKind.FEED_EMPTY)), url=f"https://publisher.example/oai?resumptionToken={'x' * 500}"
    )
    (words,) = map(told, stats.notes)
    assert len(words) < 160
    assert words.endswith("…: The feed has no entries.")


def _own_name() -> str:
    """Return a name for this machine that does not give itself away as local."""
    import socket

    name = socket.gethostname()
    try:
        private = socket.gethostbyname(name).startswith(("127.", "10.", "172.", "192.168."))
    except OSError:
        private = False
    if not private or name == "localhost":
        pytest.skip("this machine has no name of its own that resolves without a network")
    return name

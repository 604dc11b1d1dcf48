"""Harvesting the sample publisher over HTTP: what comes, what a second run costs, what a kill leaves behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections import Counter
from pathlib import Path

import psutil
import pytest
from told import told

from corpus.errors import BadSettings
from corpus.files import open_files
from corpus.runs import RunState
from corpus.settings import Settings
from corpus.store import open_store
from corpus.types import FetchedFile
from crawler.run import HarvestProgress, harvest
from demo import load_publications
from demo.entries import entries_of
from tests.crawler.harvesting import harvested, sample_source
from tests.publisher import Fault, FaultKind, SamplePublisher

ENTRIES = entries_of(load_publications())
PDF_PATHS = sorted(entry.pdf_path for entry in ENTRIES if entry.pdf_path)
A_PDF = PDF_PATHS[0]


def kept_files(settings: Settings) -> dict[str, FetchedFile]:
    """Return what the store holds, by path."""
    with open_store(settings) as store:
        files = store.queue.files_to_read(reader_version="no reader", limit=1000)
        copies = [copy for file in files for copy in _copies(store, file)]
    return {"/" + copy.url.split("/", 3)[3]: copy for copy in copies}


def _copies(store, file):  # the same bytes may stand at several addresses
    known = store.files.get(file.source, file.url)
    return [known] if known else []


@pytest.fixture(scope="module")
def twice(tmp_path_factory):
    """Harvest the untroubled publisher twice; return both reports, the requests of each, and the settings."""
    settings = Settings(data_dir=tmp_path_factory.mktemp("twice") / "data")
    with SamplePublisher() as site:
        source = sample_source(f"{site.url}/publications")
        first = harvested(source, settings)
        first_requests = site.requests
        site.forget_requests()
        second = harvested(source, settings)
        return first, first_requests, second, site.requests, settings


def test_a_listing_brings_every_publication_that_it_lists(twice):
    first, *_ = twice
    assert first.state is RunState.FINISHED
    assert first.new == first.offered == len(ENTRIES)
    assert first.failed == first.pages_failed == 0


def test_pdfs_and_html_texts_are_kept_with_their_provenance(twice):
    *_, settings = twice
    kept = kept_files(settings)
    pdf = kept[A_PDF]
    assert pdf.content_type == "application/pdf"
    assert pdf.landing_url.endswith(next(entry.path for entry in ENTRIES if entry.pdf_path == A_PDF))
    assert pdf.referrer == pdf.landing_url
    assert pdf.etag
    assert open_files(settings).read(pdf.sha256).startswith(b"%PDF-")
    html_paths = {entry.path for entry in ENTRIES if not entry.pdf_path}
    assert html_paths
    assert html_paths <= kept.keys()
    assert {kept[path].content_type for path in html_paths} == {"text/html"}


def test_titles_come_with_the_files(twice):
    *_, settings = twice
    kept = kept_files(settings)
    entry = next(entry for entry in ENTRIES if entry.pdf_path == A_PDF)
    assert entry.publication.title in " ".join(item.value for item in kept[A_PDF].evidence["title"])


def test_what_stands_outside_the_main_part_is_not_harvested(twice):
    *_, settings = twice
    corporate = [each.slug for each in load_publications() if each.standing.value in ("corporate", "draft")]
    assert corporate
    assert not [path for path in kept_files(settings) for slug in corporate if slug in path]


def test_the_second_run_downloads_nothing_that_did_not_change(twice):
    first, first_requests, second, second_requests, _ = twice
    assert {request.status for request in second_requests} == {304}
    assert sum(request.body_bytes for request in second_requests) == second.bytes == 0
    assert second.unchanged == second.offered == first.offered
    assert second.new == second.changed == 0
    assert len(second_requests) == len(first_requests) == second.requests == second.not_modified


def test_the_report_counts_what_went_over_the_wire(twice):
    first, first_requests, *_ = twice
    assert first.requests == len(first_requests)
    assert first.bytes == sum(request.body_bytes for request in first_requests)


def test_every_request_names_us(twice):
    _, first_requests, *_ = twice
    assert all(request.user_agent.startswith("Pushcart/") for request in first_requests)


def test_both_reports_are_in_the_store_newest_first(twice):
    first, _, second, _, settings = twice
    with open_store(settings) as store:
        assert store.runs.newest("a-publisher") == (second, first)


@pytest.mark.parametrize("path", ["/feed.atom", "/feed.rss"])
def test_a_feed_brings_its_entries_files_with_what_their_landing_pages_say(settings, path):
    with SamplePublisher() as site:
        run = harvested(sample_source(site.url + path, protocol="feed"), settings)
        asked = {request.path for request in site.requests}
    assert run.state is RunState.FINISHED
    assert run.new == run.offered > 5
    kept = kept_files(settings)
    origins = {str(item.origin).split(":")[0] for file in kept.values() for item in file.evidence["title"]}
    assert origins == {"landing", "feed"}
    assert run.landing_pages == len({entry.path for entry in ENTRIES} & asked)


def test_a_changed_file_is_fetched_again_and_a_vanished_one_is_kept_and_reported(settings):
    with SamplePublisher() as site:
        source = sample_source(f"{site.url}/publications")
        harvested(source, settings)
        before = kept_files(settings)
        site.switch({A_PDF: Fault(FaultKind.CHANGED), PDF_PATHS[1]: Fault(FaultKind.VANISHED)})
        site.forget_requests()
        run = harvested(source, settings)
        downloads = [request.path for request in site.requests if request.status == 200]
    assert (run.changed, run.gone, run.new, run.failed) == (1, 1, 0, 0), run
    assert run.unchanged == run.offered - 2
    assert A_PDF in downloads
    after = kept_files(settings)
    assert after[A_PDF].sha256 != before[A_PDF].sha256
    assert open_files(settings).has(before[A_PDF].sha256)
    assert after[PDF_PATHS[1]].sha256 == before[PDF_PATHS[1]].sha256
    assert [failure.url.endswith(PDF_PATHS[1]) for failure in run.failures] == [True]


KILLED = """
    import pickle, sys
    from crawler.run import harvest
    source, settings = pickle.load(sys.stdin.buffer)
    harvest([source], settings=settings, on_progress=lambda progress: print(progress.done, flush=True))
"""


def start_harvest(source, settings: Settings) -> subprocess.Popen[bytes]:
    """Harvest in another process, which prints how many offers have ended."""
    import pickle

    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(KILLED)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdin is not None
    process.stdin.write(pickle.dumps((source, settings)))
    process.stdin.close()
    return process


def child_of(process: subprocess.Popen[bytes]) -> int:
    """Return the id of the process in which the source is harvested: the last, forked from the one that loaded Scrapy."""
    return descendants_of(process.pid)[-1]


def descendants_of(pid: int | None = None) -> list[int]:
    """Return the processes that a process began, and those began in turn, older ones first; None: of this process."""
    return [child.pid for child in psutil.Process(pid).children(recursive=True)]


def wait_until_done(process: subprocess.Popen[bytes], number: int) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        if int(line) >= number:
            return
    raise AssertionError("the harvest ended before it could be killed")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the child process through /proc")
def test_a_run_after_a_kill_goes_on_fetches_nothing_twice_and_misses_nothing(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    slow = {path: Fault(FaultKind.SLOW, seconds=0.3) for path in PDF_PATHS[::3]}
    with SamplePublisher(faults=slow) as site:
        address = site.url
        source = sample_source(f"{site.url}/publications")
        for number in (1, 12):
            process = start_harvest(source, settings)
            wait_until_done(process, number)
            os.kill(child_of(process), signal.SIGKILL)
            process.kill()
            process.wait()
        at_last = harvested(source, settings)
        downloads = Counter(r.target for r in site.requests if r.status == 200 and r.path in PDF_PATHS)
    assert at_last.state is RunState.FINISHED
    with open_store(settings) as store:
        urls = [f"{address}{entry.pdf_path or entry.path}" for entry in ENTRIES]
        assert [url for url in urls if store.files.get("a-publisher", url) is None] == []
        assert store.status().files == len(ENTRIES)
    # A file that was on its way when the process died has to be sent again; what had been kept has not.
    assert sum(downloads.values()) - len(downloads) <= 2 * 4
    assert at_last.unchanged >= 12


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_harvest_ends_in_order_with_a_report(tmp_path, number):
    settings = Settings(data_dir=tmp_path / "data")
    slow = {path: Fault(FaultKind.SLOW, seconds=0.3) for path in PDF_PATHS}
    with SamplePublisher(faults=slow) as site:
        process = start_harvest(sample_source(f"{site.url}/publications"), settings)
        wait_until_done(process, 2)
        process.send_signal(number)
        assert process.stdout is not None
        process.stdout.read()
        assert process.wait(timeout=20) == 0
    with open_store(settings) as store:
        (run,) = store.runs.newest("a-publisher")
    assert run.state is RunState.INTERRUPTED
    assert 2 <= run.new < len(ENTRIES)
    assert "The next run continues." in told(run)


@pytest.mark.slow
def test_a_harvest_stops_when_the_process_that_asked_for_it_is_killed(tmp_path):
    settings = Settings(data_dir=tmp_path / "data")
    slow = {path: Fault(FaultKind.SLOW, seconds=0.3) for path in PDF_PATHS}
    with SamplePublisher(faults=slow) as site:
        process = start_harvest(sample_source(f"{site.url}/publications"), settings)
        wait_until_done(process, 2)
        process.kill()
        process.wait()
        deadline = time.monotonic() + 20
        runs = ()
        while not runs and time.monotonic() < deadline:
            time.sleep(0.2)
            with open_store(settings) as store:
                runs = store.runs.newest("a-publisher")
    assert [run.state for run in runs] == [RunState.INTERRUPTED]


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds the child process through /proc")
def test_a_source_whose_process_dies_is_reported_and_stops_no_other(settings):
    slow = {path: Fault(FaultKind.SLOW, seconds=0.5) for path in PDF_PATHS}
    with SamplePublisher(faults=slow) as sick, SamplePublisher() as well:
        sources = [
            sample_source(f"{sick.url}/publications", slug="sick"),
            sample_source(f"{well.url}/feed.rss", slug="well", protocol="feed"),
        ]
        killed = threading.Event()

        def kill_the_sick(progress: HarvestProgress) -> None:
            if progress.source == "sick" and progress.landing_pages > 2 and not killed.is_set():
                killed.set()
                os.kill(_child_that_harvests("sick"), signal.SIGKILL)

        sick_run, well_run = harvest(sources, settings=settings, on_progress=kill_the_sick)
    assert sick_run.state is RunState.CRASHED
    assert "killed by signal 9" in told(sick_run)
    assert sick_run.landing_pages > 2
    assert well_run.state is RunState.FINISHED
    with open_store(settings) as store:
        assert store.runs.newest("sick") == (sick_run,)


def _child_that_harvests(slug: str) -> int:
    """Return our child process that has the source's kept pages open."""
    for child in descendants_of():
        for link in Path(f"/proc/{child}/fd").iterdir():
            if link.exists() and os.path.realpath(link).endswith(f"{slug}.sqlite"):
                return child
    raise AssertionError(f"no process harvests {slug}")


def test_two_sources_do_not_mix(settings):
    with SamplePublisher() as one, SamplePublisher() as other:
        sources = [
            sample_source(f"{one.url}/feed.rss", slug="one", protocol="feed"),
            sample_source(f"{other.url}/feed.atom", slug="other", protocol="feed"),
        ]
        runs = harvest(sources, settings=settings, on_progress=lambda progress: None)
    assert [run.source for run in runs] == ["one", "other"]
    assert [run.state for run in runs] == [RunState.FINISHED, RunState.FINISHED]
    with open_store(settings) as store:
        assert {source.slug for source in store.sources.all()} == {"one", "other"}


def test_a_harvest_over_the_internet_asks_for_a_contact_first(settings):
    source = sample_source("https://publisher.example/publications")
    with pytest.raises(BadSettings, match="PUSHCART_CONTACT is not set"):
        harvest([source], settings=settings, on_progress=lambda progress: None)

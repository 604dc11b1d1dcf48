"""From one harvest to the next: files change, vanish and come back, sources dry up; what was saved stays."""

from __future__ import annotations

import pytest
from told import told

from corpus.files import open_files
from corpus.runs import RunState
from corpus.store import open_store
from tests.crawler.harvesting import harvested, sample_source
from tests.crawler.small_site import PDF, SmallSite, links

NAMES = [f"/{letter}.pdf" for letter in "abcdefgh"]


@pytest.fixture
def site():
    answers = {name: PDF + name.encode() for name in NAMES} | {"/list": links(*NAMES)}
    with SmallSite(answers) as open_site:
        yield open_site


@pytest.fixture
def harvest_it(site, settings):
    """Return a function that harvests the site and returns the run report."""
    return lambda: harvested(sample_source(f"{site.url}/list"), settings)


def held(settings, site, name):
    with open_store(settings) as store:
        return store.files.get("a-publisher", site.url + name)


def test_a_file_whose_bytes_changed_is_kept_beside_the_old_one(site, settings, harvest_it):
    harvest_it()
    old = held(settings, site, "/a.pdf")
    site.answers["/a.pdf"] = PDF + b"second edition"
    run = harvest_it()
    new = held(settings, site, "/a.pdf")
    assert (run.changed, run.unchanged) == (1, 7)
    assert new.sha256 != old.sha256
    files = open_files(settings)
    assert files.read(old.sha256) == PDF + b"/a.pdf"
    assert files.read(new.sha256) == PDF + b"second edition"
    with open_store(settings) as store:
        (document,) = {file.document_id for file in store.files.outcomes() if file.url == new.url}
        assert [version.sha256 for version in store.files.versions(document)] == [old.sha256, new.sha256]


def test_a_file_that_the_server_no_longer_has_is_flagged_and_kept_until_it_comes_back(site, settings, harvest_it):
    harvest_it()
    site.answers["/b.pdf"] = 410
    run = harvest_it()
    gone = held(settings, site, "/b.pdf")
    assert (run.gone, run.held, run.state) == (1, 7, RunState.FINISHED)
    assert gone.gone_at is not None
    assert told(gone.gone_reason) == "The server answered 410 (gone)."
    assert open_files(settings).read(gone.sha256)
    site.answers["/b.pdf"] = PDF + b"/b.pdf"
    assert harvest_it().held == 8
    assert held(settings, site, "/b.pdf").gone_at is None


def test_a_file_that_is_no_longer_listed_is_flagged_by_a_complete_run(site, settings, harvest_it):
    harvest_it()
    site.answers["/list"] = links(*NAMES[1:])
    run = harvest_it()
    assert (run.unlisted, run.held, run.is_complete) == (1, 7, True)
    assert told(held(settings, site, "/a.pdf").gone_reason) == "The publisher no longer lists it."
    assert "1 no longer listed" in told(run)


def test_a_listed_file_that_fails_for_now_is_not_taken_for_gone(site, settings, harvest_it):
    harvest_it()
    site.answers["/a.pdf"] = 500
    run = harvest_it()
    assert (run.failed, run.unlisted) == (1, 0)
    assert held(settings, site, "/a.pdf").gone_at is None


def test_a_source_that_brings_less_than_half_of_last_time_is_broken_and_nothing_is_flagged(site, settings, harvest_it):
    harvest_it()
    site.answers["/list"] = links(*NAMES[:3])
    run = harvest_it()
    assert run.state is RunState.BROKEN
    assert "The last full run, of" in told(run)
    assert "found 8" in told(run)
    assert run.held == 8


def test_after_a_broken_run_the_next_is_still_compared_with_the_last_good_one(site, harvest_it):
    harvest_it()
    site.answers["/list"] = links(*NAMES[:3])
    harvest_it()
    assert harvest_it().state is RunState.BROKEN
    site.answers["/list"] = links(*NAMES)
    assert harvest_it().state is RunState.FINISHED


def test_a_source_that_brings_nothing_at_all_is_broken(site, settings, harvest_it):
    harvest_it()
    site.answers["/list"] = "<main><p>Under construction</p></main>"
    run = harvest_it()
    assert run.state is RunState.BROKEN
    assert run.held == 8


def test_a_list_that_cannot_be_read_flags_nothing(site, harvest_it):
    harvest_it()
    site.answers["/list"] = 500
    run = harvest_it()
    assert (run.state, run.pages_failed, run.held, run.is_complete) == (RunState.BROKEN, 1, 8, False)


def test_a_landing_page_that_is_gone_flags_its_files(settings):
    answers = {"/list": links("/p1", "/p2"), "/p1.pdf": PDF + b"1", "/p2.pdf": PDF + b"2"}
    answers |= {f"/{name}": f'<main><h1>{name}</h1><a href="/{name}.pdf">PDF</a></main>' for name in ("p1", "p2")}
    with SmallSite(answers) as site:
        source = sample_source(f"{site.url}/list")
        assert harvested(source, settings).new == 2
        site.answers["/p1"] = 404
        run = harvested(source, settings)
        assert (run.gone, run.unchanged, run.held) == (1, 1, 1)
        assert told(held(settings, site, "/p1.pdf").gone_reason) == "The page that describes it is gone."


def test_a_redirecting_landing_page_that_fails_for_now_loses_no_file(settings):
    answers = {
        "/list": links("/p1", "/p2"),
        "/p1": ">/there/p1",
        "/there/p1.pdf": PDF,
        "/p2": "<main>" + "Words. " * 99,
    }
    answers["/there/p1"] = '<main><h1>p1</h1><a href="/there/p1.pdf">PDF</a></main>'
    with SmallSite(answers) as site:
        source = sample_source(f"{site.url}/list")
        assert harvested(source, settings).new == 2
        site.answers["/p1"] = 500
        run = harvested(source, settings)
        assert (run.failed, run.unlisted, run.held) == (1, 0, 2)


def test_a_page_that_was_empty_in_a_bad_hour_is_asked_for_again_although_its_date_is_the_same(settings):
    entry = "<url><loc>{}/p1</loc><lastmod>2020-01-01</lastmod></url>"
    with SmallSite({"/p1": "", "/p1.pdf": PDF}) as site:
        site.answers["/sitemap.xml"] = f"<urlset>{entry.format(site.url)}</urlset>"
        source = sample_source(f"{site.url}/sitemap.xml", protocol="sitemap")
        assert harvested(source, settings).new == 0
        site.answers["/p1"] = '<main><h1>p1</h1><a href="/p1.pdf">PDF</a></main>'
        assert harvested(source, settings).new == 1
        site.asked.clear()
        assert harvested(source, settings).unchanged == 1
        assert site.asked == ["/sitemap.xml"]


def test_changed_rules_are_applied_to_what_has_not_changed(site, settings, harvest_it):
    harvest_it()
    narrower = sample_source(f"{site.url}/list", more="[listing]\ndeny = ['/a']\n[expect]\ndrop_share_max = 0")
    run = harvested(narrower, settings)
    assert (run.unchanged, run.unlisted) == (7, 1)

"""A trial shows what a harvest would bring, asks for no file and keeps nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from told import told

from corpus.errors import BadInput, BadSettings
from crawler.probing.look import look_at
from crawler.probing.writing import source_text
from crawler.sources.load import parse_source
from crawler.trial import try_source
from tests.crawler.harvesting import sample_source
from tests.publisher import SamplePublisher
from tests.publisher.faults import Fault, FaultKind

LISTING = '[listing]\nlinks = "ol.publications h2"\n'


@pytest.fixture
def site():
    with SamplePublisher() as publisher:
        yield publisher


def targets(site: SamplePublisher) -> list[str]:
    return [request.target for request in site.requests]


def test_a_trial_reads_the_list_and_so_many_landing_pages_and_no_file(site, settings):
    report = try_source(sample_source(f"{site.url}/publications", more=LISTING), settings=settings, records_max=3)
    assert [record.url for record in report.records] == [f"{site.url}{path}" for path in _first_entries(site)[:3]]
    assert all(len(record.files) == 1 for record in report.records)
    assert not any(target.endswith(".pdf") for target in targets(site))
    assert len(targets(site)) == 5  # robots.txt, the listing, three landing pages
    assert (report.run.listings, report.run.records, report.run.requests) == (1, 10, 5)
    assert not settings.data_dir.exists()


def _first_entries(site: SamplePublisher) -> list[str]:
    return [entry.path for entry in site.site.entries]


def test_each_field_comes_with_the_places_that_gave_it(site, settings):
    report = try_source(sample_source(f"{site.url}/publications", more=LISTING), settings=settings, records_max=1)
    origins = {str(offer.origin) for offer in report.records[0].files[0].evidence["title"]}
    assert {"link", "landing:h1"} <= origins


def test_a_landing_page_that_fails_is_shown_with_its_reason(site, settings):
    first = _first_entries(site)[0]
    site.switch({first: Fault(FaultKind.NOT_FOUND)})
    report = try_source(sample_source(f"{site.url}/publications", more=LISTING), settings=settings, records_max=2)
    broken, sound = report.records
    assert (broken.files, told(broken.failure)) == ((), "The server answered 404 (not found).")
    assert sound.files


def test_what_rules_leave_out_is_counted_by_rule(site, settings):
    rules = "[listing]\nlinks = \"ol.publications h2\"\nallow = ['/repository/']\n[files]\nallow = ['nothing-is-called-so']\n"
    report = try_source(sample_source(f"{site.url}/publications", more=rules), settings=settings, records_max=1)
    assert told(report.run.skipped_by)["address denied"] > 5


def test_a_list_that_cannot_be_fetched_is_a_failure_of_the_trial(site, settings):
    site.switch({"/publications": Fault(FaultKind.SERVER_ERROR)})
    report = try_source(sample_source(f"{site.url}/publications"), settings=settings)
    assert report.records == ()
    assert [failure.url for failure in report.run.failures] == [f"{site.url}/publications"]


def test_without_a_contact_nobody_on_the_internet_is_asked(settings):
    source = parse_source(
        'slug = "a"\nname = "A"\nprotocol = "feed"\nstart = ["https://example.org/feed"]\n', path=Path("a.toml")
    )
    with pytest.raises(BadSettings, match="PUSHCART_CONTACT"):
        try_source(source, settings=settings)


def test_a_proposed_source_can_be_tried_at_once(site, settings):
    proposal = look_at(f"{site.url}/", settings=settings, allow_private=True, delay_seconds=0.0)
    asked = len(site.requests)
    source = parse_source(source_text(proposal, slug="proposed"), path=Path("proposed.toml"))
    assert source.protocol == "oai"
    assert asked <= 6
    report = try_source(source, settings=settings, records_max=2)
    assert report.run.announced == proposal.candidates[0].records
    assert [record.record != "" for record in report.records] == [True, True]


def test_a_site_that_refuses_robots_is_left_alone(site, settings):
    site.switch({"/robots.txt": Fault(FaultKind.REFUSE_ALL)})
    with pytest.raises(BadInput, match=r"robots\.txt does not allow fetching it"):
        look_at(f"{site.url}/", settings=settings, allow_private=True, delay_seconds=0.0)
    assert set(targets(site)) == {"/robots.txt"}


def test_a_private_address_is_looked_at_only_when_that_is_allowed(site, settings):
    with pytest.raises(BadInput, match="127"):
        look_at(f"{site.url}/", settings=settings)
    assert site.requests == ()

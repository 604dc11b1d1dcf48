"""The ten most important publishers answer as they are known to answer, and their declared source files are harvested."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from corpus.languages import code_of
from corpus.messages.skips import skips_in_words
from corpus.runs import HarvestRun
from corpus.settings import Settings
from corpus.store import open_store
from corpus.types import FetchedFile
from crawler.run import harvest
from crawler.sources.load import read_source
from nlp.metadata import choose_metadata
from tests.publisher.declared import FASTER, SOURCES, declared
from tests.publisher.houses import (
    cepal,
    clacso,
    econstor,
    idrc,
    ilo,
    ipea,
    streetnet,
    un_digital_library,
    wiego,
    worldbank_okr,
    worldbank_wds,
)
from tests.publisher.houses.house import House, Kept
from tests.publisher.world import Asked, World

HOUSES = {
    module.HOUSE.slug: module.HOUSE
    for module in (
        wiego,
        worldbank_wds,
        worldbank_okr,
        ilo,
        cepal,
        un_digital_library,
        clacso,
        ipea,
        idrc,
        econstor,
        streetnet,
    )
}
every_house = pytest.mark.parametrize("house", HOUSES.values(), ids=HOUSES)


@dataclass(frozen=True)
class Harvested:
    runs: dict[str, HarvestRun]
    files: dict[str, dict[str, FetchedFile]]
    """By slug and address."""
    asked: list[Asked]


def harvest_of(houses: list[House], settings: Settings, patch: pytest.MonkeyPatch) -> Harvested:
    """Harvest publishers whose hosts are all in one world."""
    sites = {host: site for house in houses for host, site in house.sites.items()}
    with World(sites) as world:
        for name, value in world.environment.items():
            patch.setenv(name, value)
        sources = [declared(house.slug) for house in houses]
        runs = harvest(sources, settings=settings, on_progress=lambda progress: None)
        with open_store(settings) as store:
            files = {
                house.slug: {url: file for url in house.kept if (file := store.files.get(house.slug, url)) is not None}
                for house in houses
            }
        return Harvested({run.source: run for run in runs}, files, world.asked)


@pytest.fixture(scope="module")
def harvested(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Harvested]:
    settings = Settings(data_dir=tmp_path_factory.mktemp("data"), contact="librarian@library.example")
    with pytest.MonkeyPatch.context() as patch:
        yield harvest_of(list(HOUSES.values()), settings, patch)


def described(file: FetchedFile) -> Kept:
    """Return a kept file as a document would be described."""
    said = file.evidence
    chosen = choose_metadata(
        said, url=file.url, content_type=file.content_type, lang="und", first_pages=(), latest="2026-11-30"
    )
    first = {name: values[0].value for name, values in chosen.evidence.items() if values}
    return Kept(
        title=chosen.title,
        authors=chosen.authors,
        publisher=chosen.publisher,
        published=chosen.published,
        lang=code_of(first.get("lang", "")),
        licence=chosen.licence,
        type=chosen.type,
        series=chosen.identifiers.get("series", ""),
        doi=chosen.identifiers.get("doi", ""),
        isbn=chosen.identifiers.get("isbn", ""),
        keywords=chosen.keywords,
        country=first.get("country", ""),
        has_abstract=bool(chosen.abstract),
        content_type=file.content_type,
    )


@every_house
def test_a_declared_source_brings_what_its_publisher_has_and_nothing_else(harvested: Harvested, house: House):
    run = harvested.runs[house.slug]
    assert set(harvested.files[house.slug]) == set(house.kept)
    assert (run.new, run.state.value) == (len(house.kept), house.state)


@every_house
def test_each_file_has_the_metadata_that_the_publisher_gives(harvested: Harvested, house: House):
    assert {url: described(file) for url, file in harvested.files[house.slug].items()} == dict(house.kept)


@every_house
def test_what_is_left_out_and_what_fails_is_said_with_its_reason(harvested: Harvested, house: House):
    run = harvested.runs[house.slug]
    assert skips_in_words(run.skipped_by) == dict(house.skipped)
    assert {failure.url: failure.reason.kind for failure in run.failures} == dict(house.failures)


@every_house
def test_no_host_is_asked_faster_than_the_file_and_robots_txt_say(harvested: Harvested, house: House):
    source = read_source(SOURCES / f"{house.slug}.toml")
    assert source.polite.delay_seconds >= house.crawl_delay
    for host in house.sites:
        moments = sorted(asked.at for asked in harvested.asked if asked.host == host)
        # All pauses together: a single one is a few milliseconds here, and the server notes a request when it has time.
        assert moments[-1] - moments[0] >= (len(moments) - 1) * source.polite.delay_seconds / FASTER * 0.9


@every_house
def test_robots_txt_is_asked_first_and_once(harvested: Harvested, house: House):
    for host in house.sites:
        asked = [each for each in harvested.asked if each.host == host]
        assert asked[0].path == "/robots.txt"
        assert [each.path for each in asked].count("/robots.txt") == 1
        assert all(each.headers["User-Agent"].startswith("Pushcart/") and each.method == "GET" for each in asked)


@every_house
def test_each_shape_names_its_evidence(house: House):
    assert len(house.evidence) >= 2
    assert all(len(each) > 40 for each in house.evidence)


def test_the_open_knowledge_repository_brings_its_papers_where_robots_txt_allows_it(tmp_path, monkeypatch):
    settings = Settings(data_dir=tmp_path, contact="librarian@library.example")
    house = worldbank_okr.IF_ALLOWED
    seen = harvest_of([house], settings, monkeypatch)
    assert {url: described(file) for url, file in seen.files[house.slug].items()} == dict(house.kept)
    assert skips_in_words(seen.runs[house.slug].skipped_by) == dict(house.skipped)


def test_the_un_is_asked_a_month_at_a_time(harvested: Harvested):
    lists = [each for each in harvested.asked if each.query.get("verb") == "ListRecords" and "until" in each.query]
    assert [each.query["from"] for each in lists][:3] == ["2026-01-01", "2026-01-31", "2026-03-02"]
    assert [each.query["until"] for each in lists][:2] == ["2026-01-30", "2026-03-01"]


def test_a_pause_that_a_server_asks_for_is_made_and_the_file_comes(harvested: Harvested):
    (first, second) = [each for each in harvested.asked if each.url == cepal.content("repositorio.cepal.org", 2)]
    assert second.at - first.at >= 1.0

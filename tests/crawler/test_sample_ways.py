"""One publisher harvested in every way that it offers: the same files come, and each way sees what changes and vanishes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from corpus.files import FileStore, open_files
from corpus.reasons import Failure, FailureKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import Store, open_store
from crawler.run import harvest
from demo import load_publications
from demo.publication import PublicationFormat, SampleStanding
from tests.publisher import SamplePublisher
from tests.publisher.ways import WAYS

REVISED, VANISHED = "en-ghana-kayayei", "en-uganda-fish-processors"
LATER = ("listing", "oai-dc", "api", "json-feed", "sitemap")
"""Ways that are harvested again: one for each spider. A harvest is a process of its own, and takes a second or more."""
SHOW_NO_GAPS = ("json-feed", "api")
"""A feed forgets what is old, and an API that was asked for changes names no deletions: only a full run sees a gap."""
DATED = tuple(way for way in LATER if way != "listing")


def a_few():
    """Return enough publications for two pages of each list: PDFs, web pages, a translation, a copy."""
    listed = [each for each in load_publications() if each.standing is SampleStanding.LISTED]
    copied = next(each for each in listed if each.copy_slug)
    translated = next(each for each in listed if each.translation_of)
    wanted = {REVISED, VANISHED, copied.slug, translated.slug, translated.translation_of}
    pages = [each.slug for each in listed if each.format is PublicationFormat.HTML]
    wanted |= set(pages[: 12 - len(wanted)])
    return [each for each in listed if each.slug in wanted]


@dataclass(frozen=True)
class Story:
    """What three harvests in each way brought."""

    first: Mapping[str, HarvestRun]
    changed: Mapping[str, HarvestRun]
    back: Mapping[str, HarvestRun]
    gone: Mapping[str, Failure | None]
    """By way: why the vanished file was flagged as gone after the second harvest; a way that did not flag it is missing."""
    site: SamplePublisher
    store: Store
    files: FileStore

    def addresses(self, way: str) -> set[str]:
        return {file.url.removeprefix(self.site.url) for file in self.store.files.outcomes() if file.source == way}


@pytest.fixture(scope="module")
def story(tmp_path_factory):
    """Harvest; harvest after a revision and a withdrawal; where that was seen, harvest after what was withdrawn came back."""
    folder = tmp_path_factory.mktemp("ways")
    settings = Settings(data_dir=folder / "data")
    with SamplePublisher(publications=a_few(), pdf_folder=folder / "pdfs") as site, open_store(settings) as store:

        def harvested_by(slugs) -> dict[str, HarvestRun]:
            sources = [WAYS[slug].source(site.url, slug=slug) for slug in slugs]
            return {run.source: run for run in harvest(sources, settings=settings, on_progress=lambda _: None)}

        first = harvested_by(WAYS)
        site.collection.revise(REVISED)
        site.collection.withdraw(VANISHED)
        changed = harvested_by(LATER)
        vanished = f"{site.url}/files/{VANISHED}.pdf"
        held = {slug: store.files.get(slug, vanished) for slug in LATER}
        gone = {slug: file.gone_reason for slug, file in held.items() if file is not None and file.gone_at}
        site.collection.restore(VANISHED)
        back = harvested_by(slug for slug in LATER if slug not in SHOW_NO_GAPS)
        yield Story(first, changed, back, gone, site, store, open_files(settings))


@pytest.mark.parametrize("way", WAYS)
def test_every_way_brings_the_same_files(story, way):
    assert story.first[way].state is RunState.FINISHED
    assert story.first[way].is_complete
    assert story.addresses(way) == {entry.pdf_path or entry.path for entry in story.site.site.entries}


@pytest.mark.parametrize("way", LATER)
def test_a_revised_file_is_kept_beside_the_old_one_with_its_own_digest(story, way):
    assert story.changed[way].changed == 1
    url = f"{story.site.url}/files/{REVISED}.pdf"
    (document,) = {file.document_id for file in story.store.files.outcomes() if (file.source, file.url) == (way, url)}
    versions = [each.sha256 for each in story.store.files.versions(document) if each.url == url]
    assert len(set(versions)) == 2
    assert all(story.files.read(sha256).startswith(b"%PDF") for sha256 in versions)


@pytest.mark.parametrize("way", [way for way in LATER if way not in SHOW_NO_GAPS])
def test_what_vanished_is_flagged_and_still_readable_until_it_comes_back(story, way):
    assert story.gone[way].kind in (FailureKind.NO_LONGER_LISTED, FailureKind.RECORD_DELETED)
    assert story.changed[way].held == story.first[way].held - 1
    assert story.back[way].held == story.first[way].held
    back = story.store.files.get(way, f"{story.site.url}/files/{VANISHED}.pdf")
    assert back.gone_at is None
    assert story.files.read(back.sha256).startswith(b"%PDF")


@pytest.mark.parametrize("way", SHOW_NO_GAPS)
def test_what_a_list_of_changes_does_not_name_is_not_taken_for_gone(story, way):
    assert way not in story.gone
    assert story.changed[way].held == story.first[way].held


@pytest.mark.parametrize("way", DATED)
def test_a_later_harvest_asks_for_little_where_the_publisher_dates_its_records(story, way):
    assert story.changed[way].requests < story.first[way].requests / 2
    assert story.changed[way].bytes < story.first[way].bytes / 2


def test_a_later_harvest_of_a_listing_is_answered_without_bodies(story):
    assert story.changed["listing"].bytes < story.first["listing"].bytes / 2


@pytest.mark.parametrize("way", ["oai-dc", "oai-mods", "oai-xoai", "api"])
def test_who_tells_how_many_records_it_has_is_believed_and_compared(story, way):
    deleted_before = 1 if way.startswith("oai") else 0
    expected = len(story.site.site.entries) + deleted_before
    assert story.first[way].records == story.first[way].announced == expected

"""A source is taken out of the records with all that it brought, and nothing of another one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from corpus.files import open_files
from corpus.run_reasons import Verdict, VerdictKind
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import ChangeKind, Outcome, Page, Reading
from crawler.sources.declared_now import with_declared
from crawler.sources.load import parse_source
from tests.builders import make_document, make_fetched, make_source

NOW = datetime(2026, 11, 30, tzinfo=UTC)
OWN, OLD, SAME, OTHER = "a" * 64, "d" * 64, "b" * 64, "c" * 64
"""SHA-256 of a file of the source alone, of what was at its address before, of one that both sources have, and of one of the
other source alone."""


def read(store: Store, sha256: str) -> None:
    """Keep what came of reading a file."""
    reading = Reading(sha256, Outcome.READ, pages=(Page(1, f"Text of {sha256}."),), page_total=1)
    store.readings.save(reading, reader_version="1")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Return records of two sources, each with a file of its own and one that both have."""
    with open_store(settings) as opened:
        for slug, names in (("gone", {"1": OLD, "2": SAME}), ("kept", {"3": SAME, "4": OTHER})):
            opened.sources.save(make_source(slug=slug))
            for name, sha256 in names.items():
                opened.files.save(make_fetched(f"https://{slug}.example/{name}.pdf", source=slug, sha256=sha256))
        opened.files.save(make_fetched("https://gone.example/1.pdf", source="gone", sha256=OWN))
        for sha256 in (OWN, OLD, SAME, OTHER):
            read(opened, sha256)
        for file in opened.files.outcomes():
            opened.documents.save(make_document(file.document_id, source=file.source, sha256=file.sha256))
        yield opened


def remove(store: Store, slug: str = "gone") -> set[str]:
    """Remove a source, and return the digests of bytes that no record names any more."""
    digests: set[str] = set()
    while step := store.sources.remove_files(slug, limit=1):
        digests |= step.digests
    return digests | store.sources.conclude_removal(slug, at=NOW)


def addresses(store: Store) -> list[str]:
    return [each.url for each in store.files.outcomes()]


def test_its_files_documents_and_readings_are_gone_and_those_of_others_stay(store: Store) -> None:
    own = next(each.document_id for each in store.files.outcomes() if each.sha256 == OWN)
    assert remove(store) == {OWN, OLD}
    assert addresses(store) == ["https://kept.example/3.pdf", "https://kept.example/4.pdf"]
    assert own not in store.documents.ids()
    assert [store.readings.get(each) is None for each in (OWN, OLD, SAME, OTHER)] == [True, True, False, False]
    assert store.files.versions(own) == ()


def test_a_document_that_another_source_has_too_stays_and_is_made_anew(store: Store) -> None:
    shared = next(each.document_id for each in store.files.outcomes() if each.sha256 == SAME)
    remove(store)
    assert shared in store.documents.ids()
    assert shared in {each.id for each in store.queue.documents_to_tag(store.queue.ready())}
    assert {each.source for each in store.files.of_document(shared)} == {"kept"}


def test_what_was_removed_says_how_much_it_was(store: Store) -> None:
    step = store.sources.remove_files("gone")
    assert step is not None
    assert (step.documents, step.shared, step.files) == (1, 1, 2)
    assert store.sources.remove_files("gone") is None


def test_an_index_learns_of_each_removed_document(store: Store) -> None:
    before = store.changes.last_sequence()
    own = next(each.document_id for each in store.files.outcomes() if each.sha256 == OWN)
    remove(store)
    later = store.changes.after(before, limit=9)
    assert [(each.document_id, each.kind) for each in later] == [(own, ChangeKind.REMOVED)]


def test_a_removed_source_is_in_no_list_and_no_schedule_until_it_is_saved_again(store: Store) -> None:
    then = HarvestRun("gone", NOW, NOW, RunState.FINISHED, Verdict(VerdictKind.AS_EXPECTED))
    store.runs.save(then)
    remove(store)
    assert [each.slug for each in store.sources.all()] == ["kept"]
    assert store.sources.removed() == {"gone"}
    assert store.runs.newest("gone") == ()
    text = 'slug = "gone"\nname = "A Publisher"\nprotocol = "feed"\nstart = ["https://gone.example/feed"]'
    (gone, _) = with_declared(store.sources.health(), declared=[parse_source(text, path=Path("gone.toml"))])
    assert gone.declared is not None
    assert not gone.declared.is_scheduled
    assert [each.source.slug for each in with_declared(store.sources.health(), declared=[])] == ["kept"]

    store.sources.save(make_source(slug="gone"))
    assert store.sources.removed() == frozenset()


def test_a_source_can_be_removed_without_documents_and_files_without_a_reading(settings: Settings) -> None:
    with open_store(settings) as store:
        store.sources.save(make_source(slug="gone"))
        store.files.save(make_fetched(source="gone"))
        remove(store)
        assert addresses(store) == []
        assert store.status().waiting == 0


def test_files_that_come_back_are_new(store: Store) -> None:
    remove(store)
    file = make_fetched("https://gone.example/1.pdf", source="gone", sha256=OWN)
    assert store.files.get("gone", file.url) is None
    assert store.files.save(replace(file, fetched_at=NOW)).value == "new"


def test_bytes_are_deleted_once(settings: Settings) -> None:
    files = open_files(settings)
    sha256 = files.put(b"twelve bytes")
    assert (files.remove(sha256), files.has(sha256), files.remove(sha256)) == (12, False, 0)

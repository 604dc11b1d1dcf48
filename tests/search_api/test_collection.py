"""Each answer says what was searched: counted once, and again when something changed, without making anybody wait."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from elasticsearch import Elasticsearch

from corpus.errors import EngineUnavailable
from corpus.run_reasons import Verdict
from corpus.runs import HarvestRun, RunState
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Outcome, Page, Reading
from corpus.vocabulary import load_vocabulary
from search_api.answers.collection import KEPT_SECONDS, CollectionCoverage, KeptCollectionCoverage, collection_coverage
from search_api.engines.base import SearchEngine
from search_api.engines.elasticsearch import ElasticsearchEngine
from search_api.engines.tantivy import TantivyEngine
from search_api.indexing import bring_up_to_date
from tests.builders import A_DAY, make_document, make_fetched, make_source, sha256_of

NOTHING = CollectionCoverage(0, 0, 0, None, 0, 0, 0, ())


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(Settings(data_dir=tmp_path / "data")) as opened:
        yield opened


def keep(
    store: Store, name: str, outcome: Outcome, *, pages: int, total: int, lang: str = "en", source: str = "a"
) -> None:
    """Keep a file, its reading, and the document where something was read."""
    sha256, texts = sha256_of(name), tuple(f"Words of page {number}." for number in range(1, pages + 1))
    read = tuple(Page(number, text if outcome is Outcome.READ else "") for number, text in enumerate(texts, start=1))
    store.files.save(make_fetched(f"https://example.org/{name}", source=source, sha256=sha256))
    store.readings.save(Reading(sha256, outcome, pages=read, page_total=total), reader_version="1")
    if outcome is Outcome.READ:
        document = make_document(f"d{name}", source=source, lang=lang, pages=texts, sha256=sha256)
        store.documents.save(document, tagger_version="1")


def fill(store: Store) -> None:
    for slug in ("a", "b", "empty"):
        store.sources.save(make_source(slug))
    keep(store, "one", Outcome.READ, pages=3, total=3)
    keep(store, "two", Outcome.READ, pages=2, total=5, lang="ar", source="b")
    keep(store, "scan", Outcome.SCANNED, pages=4, total=4)
    keep(store, "locked", Outcome.ENCRYPTED, pages=0, total=0)
    ended = A_DAY + timedelta(hours=1)
    store.runs.save(HarvestRun("a", A_DAY, ended, RunState.FINISHED, Verdict.told("Brought 2 documents.")))


class CollectionContract:
    def test_what_is_held_and_what_of_it_cannot_be_found_is_counted(self, engine: SearchEngine, store: Store) -> None:
        fill(store)
        bring_up_to_date(engine, store)
        keep(store, "three", Outcome.READ, pages=1, total=1, lang="und")
        assert collection_coverage(engine, store) == CollectionCoverage(
            documents=3,
            pages=6,
            sources=2,
            last_harvest=A_DAY + timedelta(hours=1),
            pages_unread=3 + 4,
            files_unread=1,
            not_indexed=1,
            other_languages=(("ar", 1), ("und", 1)),
        )

    def test_nothing_is_counted_as_nothing(self, engine: SearchEngine, store: Store) -> None:
        bring_up_to_date(engine, store)
        assert collection_coverage(engine, store) == NOTHING


class TestCollectionOnTantivy(CollectionContract):
    @pytest.fixture
    def engine(self, tmp_path: Path) -> Iterator[SearchEngine]:
        engine = TantivyEngine(tmp_path / "index", vocabulary=load_vocabulary())
        yield engine
        engine.close()


class TestCollectionOnElasticsearch(CollectionContract):
    @pytest.fixture
    def engine(self, client: Elasticsearch, prefix: str) -> SearchEngine:
        return ElasticsearchEngine(client, vocabulary=load_vocabulary(), where="the test server", prefix=prefix)


class Counting:
    """Counts how often it is asked, and how long it takes by its own clock."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.now = 100.0
        self.seconds = seconds
        self.times = 0
        self.error: EngineUnavailable | None = None
        self.done = threading.Event()

    def __call__(self) -> CollectionCoverage:
        self.times += 1
        self.now += self.seconds
        self.done.set()
        if self.error:
            raise self.error
        return CollectionCoverage(self.times, 0, 0, None, 0, 0, 0, ())

    def kept(self) -> KeptCollectionCoverage:
        return KeptCollectionCoverage(self, clock=lambda: self.now)


def test_it_is_counted_once_while_nothing_changes() -> None:
    counting = Counting()
    kept = counting.kept()
    assert [kept.at((1, 1)).documents for _ in range(5)] == [1] * 5


def test_a_change_is_counted_at_once_where_counting_is_quick() -> None:
    counting = Counting()
    kept = counting.kept()
    assert [kept.at((1, 1)).documents, kept.at((1, 2)).documents, kept.at((2, 2)).documents] == [1, 2, 3]


def test_what_changes_without_a_document_is_seen_after_a_while() -> None:
    counting = Counting()
    kept = counting.kept()
    kept.at((1, 1))
    counting.now += KEPT_SECONDS + 1
    assert kept.at((1, 1)).documents == 2


def test_nobody_waits_where_counting_takes_long_and_it_is_seldom_done() -> None:
    counting = Counting(seconds=1.0)
    kept = counting.kept()
    kept.at((1, 1))
    assert [kept.at((1, number)).documents for number in range(2, 9)] == [1] * 7
    assert counting.times == 1
    counting.now += 21
    counting.done.clear()
    assert kept.at((1, 9)).documents in (1, 2)  # the older counts, unless the thread was quicker
    assert counting.done.wait(5)
    assert counting.times == 2


def test_when_counting_fails_the_older_counts_stay() -> None:
    counting = Counting()
    kept = counting.kept()
    kept.at((1, 1))
    counting.error = EngineUnavailable("The search index does not answer.", try_next="Try again.")
    assert kept.at((1, 2)).documents == 1
    counting.error = None
    assert kept.at((1, 2)).documents == 3


def test_the_first_counting_says_why_it_fails() -> None:
    counting = Counting()
    counting.error = EngineUnavailable("The search index does not answer.", try_next="Try again.")
    with pytest.raises(EngineUnavailable):
        counting.kept().at((1, 1))

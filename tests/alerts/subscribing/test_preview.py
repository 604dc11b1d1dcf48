"""What a search would have brought: counted by works and by first sight, and said in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from alerts.subscribing import preview as module
from alerts.subscribing.preview import Preview, preview
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from nlp.works import relate
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, Sort
from tests.alerts.subscribing.following import DAY, NOW
from tests.builders import make_document

VOCABULARY = load_vocabulary()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(Settings(data_dir=tmp_path)) as opened:
        yield opened


def save(store: Store, *documents: Document) -> None:
    for each in documents:
        store.documents.save(each)
    relate(store, documents)


def seen(document: str, days: float, **others: object) -> Document:
    # Texts are kept with readings, which are not needed here: what is searched for stands in the title.
    given = {"title": f"Vendors of {document}", "pages": (f"All about {document}.",)} | others
    return replace(make_document(document, **given), first_seen=NOW - days * DAY)


def previewed(store: Store, tmp_path: Path, query: SearchQuery) -> Preview:
    engine = open_engine(Settings(data_dir=tmp_path), vocabulary=VOCABULARY)
    bring_up_to_date(engine, store)
    try:
        return preview(query, engine=engine, store=store, vocabulary=VOCABULARY, now=NOW)
    finally:
        engine.close()


def test_documents_are_counted_by_when_they_came_and_not_by_their_date(store: Store, tmp_path: Path) -> None:
    ages = (400, 366, 364, 100, 31, 29, 1, 0)
    save(store, *(seen(f"d{number}", age, published="1999") for number, age in enumerate(ages)))
    found = previewed(store, tmp_path, SearchQuery(text="vendors", sort=Sort.OLDEST, limit=1))
    assert (found.month, found.year, found.answers, found.is_cut) == (3, 6, 8, False)
    assert found.collected_since == NOW - 400 * DAY
    assert not found.is_young


def test_copies_count_once_with_what_they_are_copies_of(store: Store, tmp_path: Path) -> None:
    text = "Street vendors of Lima work without protection. " * 40
    pages = (text, text + "The end of it.")
    save(
        store,
        seen("old", 400),
        replace(make_document("a", title="Vendors of Lima", pages=pages), first_seen=NOW - 9 * DAY),
    )
    save(store, replace(make_document("b", title="Vendors of Lima", pages=pages), first_seen=NOW - DAY))
    found = previewed(store, tmp_path, SearchQuery(text="vendors lima"))
    assert found.month == found.year == found.answers == 1


def test_a_young_collection_says_so(store: Store, tmp_path: Path) -> None:
    save(store, seen("d1", 20))
    found = previewed(store, tmp_path, SearchQuery(text="vendors"))
    assert found.is_young
    assert "only since 10 November 2026" in " ".join(found.in_words(lang="en"))


def test_an_empty_collection_says_so(store: Store, tmp_path: Path) -> None:
    found = previewed(store, tmp_path, SearchQuery(text="vendors"))
    assert found.in_words(lang="en") == ("There are no documents here yet, so no estimate is possible.",)


def test_counting_ends_somewhere_and_says_so(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "COUNTED_MAX", 5)
    monkeypatch.setattr(module, "_BATCH", 2)
    save(store, seen("old", 400), *(seen(f"d{n}", 50) for n in range(8)))
    found = previewed(store, tmp_path, SearchQuery(text="vendors"))
    assert (found.month, found.year, found.is_cut) == (0, 5, True)
    assert "more than 5 in the last 365" in found.in_words(lang="en")[0]


def made(month: int, year: int, *, is_cut: bool = False, days: int = 900) -> Preview:
    return Preview(month, year, is_cut, year, NOW - timedelta(days=days), NOW)


def test_it_is_said_in_words_with_the_numbers_of_the_language() -> None:
    assert made(7, 61).in_words(lang="en") == (
        "It would have found 7 documents in the last 30 days, 61 in the last 365.",
    )
    assert made(1, 1061).in_words(lang="en")[0].startswith("It would have found 1 document in the last 30 days, 1,061")


def test_a_broad_search_is_warned_of_and_one_that_brings_nothing_is_explained() -> None:
    assert "about 10 a day" in made(300, 3000).in_words(lang="en")[1]
    assert made(300, 3000).is_broad
    assert "No matching documents were added" in made(0, 0).in_words(lang="en")[1]
    assert "more than 2,000 documents in the last 30 days" in made(2000, 2000, is_cut=True).in_words(lang="en")[0]

"""What texts ask for is kept in a file between starts, and matching is the same with it and without."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alerts.matching import Matcher, SavedSearch
from corpus.types import Facet
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.query.parameters import SearchQuery
from tests.alerts.matching.conftest import Library
from tests.search_api.same_queries import QUERIES

SEARCHES = [SavedSearch(number, query, since=0) for number, query in enumerate(QUERIES) if number % 3 == 0]


@pytest.fixture(scope="module")
def vocabulary() -> Vocabulary:
    return load_vocabulary()


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return tmp_path / "alerts" / "texts.json"


def test_a_list_of_searches_matches_the_same_from_the_file(library: Library, kept: Path) -> None:
    first = Matcher(SEARCHES, vocabulary=library.vocabulary, kept=kept)
    second = Matcher(SEARCHES, vocabulary=library.vocabulary, kept=kept)
    some = library.documents[::5]
    assert second.pairs(some) == first.pairs(some)
    assert second.unreadable.keys() == first.unreadable.keys()


def test_the_file_is_closed_to_others_and_written_only_when_something_is_new(
    kept: Path, vocabulary: Vocabulary
) -> None:
    few = SEARCHES[:5]
    Matcher(few, vocabulary=vocabulary, kept=kept)
    assert (kept.stat().st_mode & 0o077, kept.parent.stat().st_mode & 0o077) == (0, 0)
    written = kept.stat().st_ino
    Matcher(few, vocabulary=vocabulary, kept=kept)
    assert kept.stat().st_ino == written
    Matcher([*few, SavedSearch(99, SearchQuery(text="quay"), since=0)], vocabulary=vocabulary, kept=kept)
    assert "quay" in kept.read_text()


def test_texts_that_nobody_follows_any_more_leave_the_file(kept: Path, vocabulary: Vocabulary) -> None:
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    Matcher(SEARCHES[:4], vocabulary=vocabulary, kept=kept)
    assert len(json.loads(kept.read_text())["texts"]) == 4


@pytest.mark.parametrize("written", ["", "no JSON", "[]", "{}", '{"made_by": 1}', "\udcff"])
def test_a_damaged_file_counts_for_nothing_and_is_written_anew(
    kept: Path, vocabulary: Vocabulary, written: str
) -> None:
    kept.parent.mkdir()
    kept.write_text(written, errors="surrogateescape")
    matcher = Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    assert len(matcher) == 9
    assert len(json.loads(kept.read_text())["texts"]) == 9


def test_a_file_with_a_damaged_part_counts_for_nothing(kept: Path, vocabulary: Vocabulary) -> None:
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    whole = json.loads(kept.read_text())
    whole["leaves"][3] = ["phrase", "no such field", ["a", "b"], 0, False]
    kept.write_text(json.dumps(whole))
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    assert "no such field" not in kept.read_text()


def test_a_file_that_names_conditions_which_it_does_not_have_counts_for_nothing(
    kept: Path, vocabulary: Vocabulary
) -> None:
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    good = kept.read_text()
    shorter = json.loads(good)
    shorter["leaves"] = shorter["leaves"][:2]
    kept.write_text(json.dumps(shorter))
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    assert kept.read_text() == good


def test_a_file_of_another_vocabulary_counts_for_nothing(kept: Path, vocabulary: Vocabulary) -> None:
    Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=kept)
    before = json.loads(kept.read_text())["made_by"]
    concepts = [each for facet in Facet for each in vocabulary.concepts(facet).values()]
    smaller = Vocabulary(concepts[:-1], terms=lambda: ({}, ()))
    Matcher(SEARCHES[:9], vocabulary=smaller, kept=kept)
    assert json.loads(kept.read_text())["made_by"] != before


def test_a_folder_that_cannot_be_written_changes_nothing(tmp_path: Path, vocabulary: Vocabulary) -> None:
    (tmp_path / "alerts").write_text("a file where a folder should be")
    assert len(Matcher(SEARCHES[:9], vocabulary=vocabulary, kept=tmp_path / "alerts" / "texts.json")) == 9

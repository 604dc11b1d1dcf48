"""What `pushcart add` does with what was saved, in which order, and what it reports of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from corpus.errors import EngineUnavailable
from corpus.files import open_files
from corpus.settings import Settings
from corpus.store import Store, open_store
from nlp.works import relate_waiting
from pushcart.adding import OWN, add_file, find_files
from pushcart.commands.documents import _indexed_in_all, bring_forward, read_and_tag, relate_new, update_index

TEXT = "Street vendors in Lima, Peru, pay for the space in which they work, and number {number} says so too.\n"


def test_documents_can_be_searched_before_they_are_related_and_copies_are_folded_afterwards(
    tmp_path: Path, settings: Settings
) -> None:
    text = "".join(TEXT.format(number=number) for number in range(100, 160))
    (tmp_path / "one.txt").write_text(text)
    (tmp_path / "two.txt").write_text(f"{text}\n\n")
    with open_store(settings) as store:
        store.sources.save(OWN)
        for own in find_files([tmp_path / "one.txt", tmp_path / "two.txt"]).files:
            add_file(own, store=store, files=open_files(settings))
        read_and_tag(store, settings=settings)
        assert update_index(store, settings=settings)["indexed"] == 2
        assert store.relations.counts() == {}
        assert relate_new(store, settings=settings) == 2
        assert len(store.relations.found()) == 1
        assert update_index(store, settings=settings)["changes_indexed"] >= 1
        assert relate_waiting(store) == 0


def test_two_indexings_are_reported_as_one_in_which_each_document_counts_once() -> None:
    first = {"changes_indexed": 102, "indexed": 102, "rebuilt": True, "rebuilt_because": "new", "refused": []}
    refused = [{"document": "d1", "reason": "too long"}]
    then = {"changes_indexed": 7, "indexed": 101, "rebuilt": False, "rebuilt_because": None, "refused": refused}
    assert _indexed_in_all(first, then) == first | {"indexed": 101, "refused": refused}


def test_an_index_that_answers_only_the_second_time_is_not_behind() -> None:
    then = {"changes_indexed": 7, "indexed": 7, "rebuilt": False, "rebuilt_because": None, "refused": []}
    assert _indexed_in_all({"index_behind": "away"}, then) == then


def _with_files(store: Store, folder: Path, count: int, *, settings: Settings) -> None:
    folder.mkdir()
    for number in range(count):
        (folder / f"{number}.txt").write_text(TEXT.format(number=f"{number}, of which the {number * 7}th,") * 5)
    store.sources.save(OWN)
    for own in find_files([folder]).files:
        add_file(own, store=store, files=open_files(settings))


def test_the_first_documents_can_be_searched_while_others_wait(tmp_path: Path, settings: Settings) -> None:
    with open_store(settings) as store:
        _with_files(store, tmp_path / "own", 9, settings=settings)
        seen: list[tuple[int, int]] = []

        def on_searchable() -> None:
            indexed = update_index(store, settings=settings, quiet=True)["indexed"]
            seen.append((indexed, store.status().waiting))

        done = read_and_tag(store, settings=settings, on_searchable=on_searchable)
        assert done["documents_made"] == 9
        ((indexed, waiting),) = seen
        assert indexed == 5
        assert waiting == 4


def test_what_was_indexed_in_several_steps_is_reported_as_one(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    with open_store(settings) as store:
        _with_files(store, tmp_path / "own", 9, settings=settings)
        report = bring_forward(store, settings=settings)
    assert (report["documents_made"], report["changes_indexed"], report["indexed"]) == (9, 9, 9)
    assert report["refused"] == []
    told = capsys.readouterr().err
    assert "5 documents can be searched now." in told
    assert "9 documents can be searched now." in told


def test_an_index_that_is_away_holds_up_nothing_and_is_asked_again_at_the_end(
    tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def away(_store: Store, *, settings: Settings, quiet: bool = False) -> dict[str, Any]:
        asked.append(quiet)
        raise EngineUnavailable("it is away")

    monkeypatch.setattr("pushcart.commands.documents.update_index", away)
    with open_store(settings) as store:
        _with_files(store, tmp_path / "own", 9, settings=settings)
        report = bring_forward(store, settings=settings)
        assert store.status().waiting == 0
    assert asked[:2] == [True, False]
    assert "it is away" in report["index_behind"]

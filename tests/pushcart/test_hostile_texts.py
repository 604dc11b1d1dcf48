"""One bad document stops nothing: twenty hostile texts and good ones beside them, each with an outcome."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from corpus.files import open_files
from corpus.reasons import Failure, FailureKind
from corpus.settings import Settings
from corpus.store import Store, TaggingFault, open_store
from corpus.types import Outcome
from pushcart.adding import OWN, add_file, find_files
from pushcart.processing import Processed, count_work, process
from tests.builders import make_document

GOOD = "Street vendors in Lima, Peru, pay for the space in which they work. " * 5

HOSTILE: dict[str, bytes] = {
    name: text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")
    for name, text in {
        "surrogate": GOOD + "\ud800 alone " + GOOD,
        "controls": GOOD + "\x01\x02 inside " + GOOD,
        "nul": GOOD + "\x00" + GOOD,
        "turned": "\u202e" + GOOD,
        "word": "a1" * 40_000,
        "vendors": "vendors-" * 10_000,
        "brackets": "(" * 50_000,
        "dots": "." * 50_000,
        "spaces": "x" + " " * 50_000 + "y",
        "lines": "\n" * 50_000 + "x",
        "address": "a@" * 30_000,
        "georgia": "Georgia," * 8_000,
        "picture": "data:image/png;base64," + "iVBORw0KGgo" * 5_000,
        "accents": "e" + "\u0301" * 20_000,
        "decomposed": "Vendedoras e\u0301picas " * 2_000,
        "zero width": "a\u200b" * 20_000,
        "nonsense": bytes(range(128, 256)) * 200 + GOOD.encode(),
        "utf-16 halves": b"\xff\xfe" + b"\x00\xd8" * 5_000 + GOOD.encode("utf-16-le"),
        "marks": "?!…" * 15_000,
        "hyphens": "street-" * 10_000 + "vendor",
    }.items()
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in HOSTILE.items():
        (folder / f"{name}.txt").write_bytes(content)
    for number in range(4):
        (folder / f"good {number}.txt").write_text(f"Good text {number}\n\n{GOOD}")
    titles = {
        "good 0.txt": {"title": "\ud800 lone \x00 title"},
        "good 1.txt": {"title": "Title e\u0301", "author": "\udfff"},
    }
    (folder / "metadata.json").write_text(json.dumps(titles))
    return folder


def added(folder: Path, settings: Settings, store: Store) -> Processed:
    files = open_files(settings)
    store.sources.save(OWN)
    for own in find_files([folder]).files:
        add_file(own, store=store, files=files)
    return process(store, files, settings=settings, on_step=lambda _step, _pages: None)


def test_each_hostile_text_has_an_outcome_and_the_good_ones_are_tagged(folder: Path, settings: Settings) -> None:
    with open_store(settings) as store:
        done = added(folder, settings, store)
        outcomes = store.files.outcomes()
        documents = store.documents.get_many(store.documents.ids())
        again = process(store, open_files(settings), settings=settings, on_step=lambda _step, _pages: None)
    assert len(outcomes) == len(HOSTILE) + 4
    assert all(each.outcome is not None for each in outcomes)
    assert done.untagged == 0
    good = [each for each in documents.values() if each.url.rsplit("/", 1)[1].startswith("good")]
    assert [bool(each.tags) for each in good] == [True] * 4
    assert {each.title for each in good} >= {"lone title", "Title é"}
    assert (again.documents, sum(again.outcomes.values())) == (0, 0)


def test_what_could_not_be_tagged_is_listed_and_tried_again_only_when_asked(settings: Settings, tmp_path: Path) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (folder / "long.txt").write_text("Title of the long one\n\n" + "Georgia " * 20_000)
    (folder / "good.txt").write_text(f"Good text\n\n{GOOD}")
    with open_store(settings) as store:
        short = dataclasses.replace(settings, tag_seconds_max=1.0, workers=1)
        done = added(folder, short, store)
        assert (done.documents, done.untagged) == (2, 1)
        (kept,) = store.queue.failures()
        assert (kept.title, kept.fault.outcome) == ("Title of the long one", Outcome.TIMED_OUT)
        (listed,) = store.files.outcomes(only_unreadable=True)
        assert listed.tagging is Outcome.TIMED_OUT
        assert [each.kind for each in listed.reasons] == [FailureKind.TAGGING_TIMED_OUT]
        files = open_files(settings)
        assert process(store, files, settings=settings, on_step=lambda _step, _pages: None).documents == 0
        assert store.queue.retry_failed() == 1
        assert process(store, files, settings=settings, on_step=lambda _step, _pages: None).documents == 1
        assert store.queue.failures() == ()


def test_another_version_of_the_tagger_tries_again(settings: Settings) -> None:
    with open_store(settings) as store:
        store.queue.save_failure("d1", TaggingFault(Outcome.BROKEN, Failure.told("It fails.")), tagger_version="1")
        assert store.queue.mark_stale(tagger_version="1") == 0
        assert store.queue.mark_stale(tagger_version="2") == 1


def test_what_another_version_of_the_tagger_tagged_is_counted_before_it_is_tagged_again(settings: Settings) -> None:
    with open_store(settings) as store:
        store.documents.save(make_document("d1"), tagger_version="an older one")
        assert count_work(store) == (0, 1)

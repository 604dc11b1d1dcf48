"""Floors of how well is searched, on judged collections; they are raised when search gets better, and not lowered in passing.

Tagging the judged texts takes minutes: what the tagger made of them is kept in the system's folder for temporary files, under a
name that changes with the tagger, and is made again when it is gone.
"""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from corpus.settings import Settings
from corpus.types import Document
from corpus.vocabulary import load_vocabulary
from evaluation.collection import JudgedCollection, read_collection
from evaluation.documents import tagged_documents
from evaluation.long_reports import grades_of_reports, long_reports
from evaluation.search import SearchReport, difference_of, figures_of, indexed, report_of, search_all, search_plainly
from evaluation.switches import SearchPart
from nlp.pipeline.version import tagger_version
from tests.judged import build as judged

ROOT = Path(__file__).resolve().parents[2]
JUDGED = ROOT / "tests" / "judged"
SPLIT = json.loads((JUDGED / "split.json").read_text(encoding="utf-8"))

_KEPT = 4
"""Versions of tagged documents that stay: a change that is taken back, and other checkouts, find theirs again."""

pytestmark = [pytest.mark.shared, pytest.mark.slow, pytest.mark.timeout(1800)]

COLLECTIONS = {"cran": 0.518, "cisi": 0.392, "med": 0.684, "npl": 0.435, "time": 0.646}
"""nDCG@10 of plain BM25 (k1 1.2, b 0.75, Porter stemmer, English stop words), as the keepers of the collections give it."""


NDCG_WORK, RECALL_WORK = 0.685, 0.885
NDCG_UNTOUCHED, RECALL_UNTOUCHED = 0.625, 0.865
"""Measured 0.699 and 0.895, 0.638 and 0.870; plain BM25 in the same run 0.490 and 0.630, 0.448 and 0.614."""
LONG_NDCG, LONG_GAIN = 0.645, 0.015
"""Of texts bound into long reports, working half, and how much of it is surely due to the best page; measured 0.657, and 0.040
(interval from 0.021); on the untouched half 0.646 and 0.041 (from 0.025)."""
ABOVE_PLAIN_NDCG, ABOVE_PLAIN_RECALL = 0.09, 0.14
"""Of the lower ends of the intervals; measured 0.119 and 0.170 on the working half, 0.124 and 0.199 on the untouched one."""


def test_the_working_half_is_ranked_above_its_floors(halves):
    half = halves["work"].all
    assert half.ours.queries == 118
    assert half.ours.means["ndcg@10"] >= NDCG_WORK
    assert half.ours.means["recall@100"] >= RECALL_WORK


def test_the_untouched_half_is_ranked_above_its_floors(halves):
    half = halves["untouched"].all
    assert half.ours.means["ndcg@10"] >= NDCG_UNTOUCHED
    assert half.ours.means["recall@100"] >= RECALL_UNTOUCHED


@pytest.mark.parametrize("half", ["work", "untouched"])
def test_both_halves_are_surely_ranked_better_than_by_plain_bm25(halves, half):
    assert halves[half].all.difference("ndcg@10").low > ABOVE_PLAIN_NDCG
    assert halves[half].all.difference("recall@100").low > ABOVE_PLAIN_RECALL


@pytest.mark.parametrize("half", ["work", "untouched"])
def test_no_language_is_ranked_worse_than_by_plain_bm25(halves, half):
    gained = {name: each.difference("ndcg@10").mean for name, each in halves[half].by_language.items()}
    assert set(gained) == {"en", "es", "fr", "pt"}
    assert min(gained.values()) > 0


@pytest.mark.parametrize("name", sorted(COLLECTIONS))
def test_other_collections_are_ranked_at_their_reference(shared_data, tmp_path, name):
    collection = read_collection(shared_data / "ir" / name)
    documents = _kept(name, lambda: collection)
    with indexed(documents, settings=Settings(data_dir=tmp_path), vocabulary=load_vocabulary()) as held:
        figures = figures_of(search_all(held, collection.queries), collection)
    assert round(figures.means["ndcg@10"], 3) >= COLLECTIONS[name]


def test_a_report_that_answers_on_one_page_is_found_better_by_its_best_page(field, tmp_path):
    documents, collection = field
    reports, within = long_reports(documents, seed=1)
    graded = replace(collection, grades=grades_of_reports(collection.grades, within=within))
    graded = graded.with_queries(frozenset(SPLIT["work"]))
    with indexed(reports, settings=Settings(data_dir=tmp_path), vocabulary=load_vocabulary()) as held:
        ours = figures_of(search_all(held, graded.queries), graded)
        without = figures_of(search_all(held, graded.queries, without=[SearchPart.BEST_PAGE]), graded)
    assert ours.means["ndcg@10"] >= LONG_NDCG
    assert difference_of(ours, without, measure="ndcg@10").low > LONG_GAIN


@pytest.fixture(scope="module")
def field(shared_data, tmp_path_factory) -> tuple[list[Document], JudgedCollection]:
    """Return the texts of the judged queries of this field, tagged, and the queries."""
    folder = tmp_path_factory.mktemp("judged")

    def built() -> JudgedCollection:
        judged.build(folder, shared_data=shared_data)
        return read_collection(folder)

    documents = _kept("field", built)
    for name in ("queries.jsonl", "qrels.tsv"):
        (folder / name).write_bytes((JUDGED / name).read_bytes())
    (folder / "corpus.jsonl").touch()
    return documents, read_collection(folder)


@pytest.fixture(scope="module")
def halves(field, tmp_path_factory) -> dict[str, SearchReport]:
    """Return Pushcart beside plain BM25 on each half of the judged queries of this field."""
    documents, collection = field
    settings = Settings(data_dir=tmp_path_factory.mktemp("scratch"))
    with indexed(documents, settings=settings, vocabulary=load_vocabulary()) as held:
        ours = search_all(held, collection.queries)
        plain = search_plainly(held, collection.queries)
    return {
        half: report_of(ours, plain, collection=collection.with_queries(frozenset(SPLIT[half])))
        for half in ("work", "untouched")
    }


def _kept(name: str, make: Callable[[], JudgedCollection]) -> list[Document]:
    """Return the tagged documents of a collection as they were kept, or make and keep them."""
    folder = Path(tempfile.gettempdir()) / f"pushcart-judged-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.getuid():  # another user's: what is unpickled from there would be run
        folder = Path(tempfile.mkdtemp(prefix="pushcart-judged-"))
    path = folder / f"{name}-{_fingerprint()}.pickle"
    if path.is_file():
        return list(pickle.loads(path.read_bytes()))
    newest_first = sorted(folder.glob(f"{name}-*.pickle"), key=lambda each: -each.stat().st_mtime)
    for outdated in newest_first[_KEPT - 1 :]:
        outdated.unlink(missing_ok=True)
    documents = list(tagged_documents(make().texts(), processes=os.cpu_count() or 1))
    written = path.with_suffix(f".{os.getpid()}")
    written.write_bytes(pickle.dumps(documents, protocol=5))
    written.replace(path)
    return documents


def _fingerprint() -> str:
    """Return a hash of what decides on tags: the vocabulary, and the code that reads, tags and makes documents."""
    digest = hashlib.sha256(tagger_version().encode())
    for path in _code():
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _code() -> Iterator[Path]:
    yield from sorted((ROOT / "nlp").rglob("*.py"))
    yield from sorted((ROOT / "corpus" / "vocabulary").glob("*.py"))
    yield from (ROOT / "corpus" / "types.py", ROOT / "corpus" / "lemmas.py", ROOT / "evaluation" / "documents.py")
    yield JUDGED / "build.py"

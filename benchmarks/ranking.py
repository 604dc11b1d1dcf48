"""How well hits are ranked: nDCG@10, MAP and recall@100 of both engines, as shipped, on judged collections.

    python -m benchmarks.ranking FOLDER...        each with corpus.jsonl, queries.jsonl, qrels.tsv (as ../shared/data/ir/cran)
        [--engine both|tantivy|elasticsearch] [--elasticsearch-url URL]

A document becomes one with one page, as the product would index it, in a scratch index; a query goes through the same
parser as a person's. The reference beside it is plain BM25 (k1 1.2, b 0.75, Porter stemmer, English stop words).
"""

from __future__ import annotations

import argparse
import json
import math
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.engines import add_engine_arguments, drop_indexes, opened, same_order, settings_of
from corpus.settings import Settings
from corpus.types import Change, ChangeKind, Document, Page
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.engines.base import EngineHit, SearchEngine
from search_api.query.parameters import LIMIT_MAX, SearchQuery
from search_api.query.parse import parse

REFERENCE = {"cran": 0.518, "cisi": 0.392, "med": 0.684, "npl": 0.435, "time": 0.646}
"""nDCG@10 that the keepers of the collections here give for plain BM25."""


@dataclass(frozen=True, slots=True)
class Ranking:
    """How well one collection was ranked; each figure is a mean over its queries, 0 to 1."""

    queries: int
    ndcg: float
    average_precision: float
    recall: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    add_engine_arguments(parser, prefix="pushcart-bench-ranking")
    asked = parser.parse_args()
    print("collection  engine         queries  nDCG@10  reference     MAP   R@100")
    for folder in asked.folders:
        with tempfile.TemporaryDirectory(prefix="pushcart-ranking-") as scratch:
            chosen = settings_of(asked, folder=Path(scratch))
            drop_indexes(chosen)
            try:
                report(folder, chosen)
            finally:
                drop_indexes(chosen)


def report(folder: Path, chosen: Mapping[str, Settings]) -> None:
    """Print how well each engine ranks a collection, and where they differ."""
    vocabulary = load_vocabulary()
    judged = read_judgements(folder)
    asked: dict[str, dict[str, list[EngineHit]]] = {}
    with opened(chosen, vocabulary=vocabulary) as engines:
        for name, engine in engines.items():
            engine.apply(changes(folder))
            asked[name] = ask(engine, folder, vocabulary=vocabulary)
    measured = {name: measure(_ids(hits), judged) for name, hits in asked.items()}
    reference = f"{REFERENCE[folder.name]:.3f}" if folder.name in REFERENCE else "-"
    for name, ranking in measured.items():
        print(
            f"{folder.name:<10}  {name:<13}  {ranking.queries:>7}  {ranking.ndcg:>7.4f}  {reference:>9}"
            f"  {ranking.average_precision:>6.4f}  {ranking.recall:>6.4f}",
            flush=True,
        )
    if len(measured) == 2:
        (one, other), (first, second) = measured.values(), asked.values()
        _report_differences(one, other, first=first, second=second)


def _report_differences(
    one: Ranking, other: Ranking, *, first: Mapping[str, list[EngineHit]], second: Mapping[str, list[EngineHit]]
) -> None:
    tied = sum(same_order(_scored(first[query]), _scored(second[query])) for query in first)
    order = sum([hit.id for hit in first[query]] == [hit.id for hit in second[query]] for query in first)
    far = max(
        (
            abs(a.score - b.score) / max(a.score, b.score)
            for query in first
            for a, b in zip(first[query], second[query], strict=False)
            if max(a.score, b.score)
        ),
        default=0.0,
    )
    print(
        f"            difference              {other.ndcg - one.ndcg:>+8.4f}"
        f"             {other.average_precision - one.average_precision:>+7.4f} {other.recall - one.recall:>+7.4f}"
        f"   of {len(first)} queries: same order {order}, same but for ties {tied - order}, other {len(first) - tied};"
        f" scores differ by at most {far:.1e}",
        flush=True,
    )


def ask(engine: SearchEngine, folder: Path, *, vocabulary: Vocabulary) -> dict[str, list[EngineHit]]:
    """Return the first hundred hits of each query of a collection, by the query's id."""
    found: dict[str, list[EngineHit]] = {}
    for row in rows(folder / "queries.jsonl"):
        text = " ".join(str(row["text"]).split())
        tree = parse(text, vocabulary=vocabulary).tree
        results = engine.search(SearchQuery(text=text, limit=LIMIT_MAX), tree=tree, counted=False)
        found[str(row["_id"])] = list(results.hits)
    return found


def _ids(found: Mapping[str, Sequence[EngineHit]]) -> dict[str, list[str]]:
    return {query: [hit.id for hit in hits] for query, hits in found.items()}


def _scored(hits: Sequence[EngineHit]) -> list[tuple[str, float]]:
    return [(hit.id, hit.score) for hit in hits]


def rows(path: Path) -> Iterator[Mapping[str, str]]:
    """Read JSON lines."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def read_judgements(folder: Path) -> dict[str, dict[str, int]]:
    """Return grades by query and document; only those above 0."""
    judged: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
        query, document, grade = line.split("\t")
        if grade.isdigit() and int(grade) > 0:
            judged.setdefault(query, {})[document] = int(grade)
    return judged


def changes(folder: Path) -> Iterator[Change]:
    """Give each text of a collection as a change."""
    for number, row in enumerate(rows(folder / "corpus.jsonl"), start=1):
        identity = str(row["_id"])
        document = Document(
            id=identity,
            source="judged",
            url=f"https://example.org/{identity}",
            sha256="0" * 64,
            title=row.get("title") or "?",
            lang="en",
            first_seen=datetime(2026, 1, 1, tzinfo=UTC),
            pages=(Page(1, str(row["text"])),),
            first_sequence=number,
        )
        yield Change(sequence=number, document_id=identity, kind=ChangeKind.ADDED, document=document)


def measure(rankings: Mapping[str, Sequence[str]], judged: Mapping[str, Mapping[str, int]]) -> Ranking:
    """Return the means over all judged queries."""
    asked = [query for query in rankings if judged.get(query)]
    count = len(asked)
    return Ranking(
        queries=count,
        ndcg=sum(ndcg(rankings[each], judged[each]) for each in asked) / count,
        average_precision=sum(average_precision(rankings[each], judged[each]) for each in asked) / count,
        recall=sum(recall(rankings[each], judged[each]) for each in asked) / count,
    )


def ndcg(ranking: Sequence[str], grades: Mapping[str, int], *, depth: int = 10) -> float:
    """Return the discounted gain of the first hits as a share of the best that could be had."""
    gained = sum(grades.get(each, 0) / math.log2(place + 1) for place, each in enumerate(ranking[:depth], start=1))
    best = sorted(grades.values(), reverse=True)[:depth]
    return gained / sum(grade / math.log2(place + 1) for place, grade in enumerate(best, start=1))


def average_precision(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the mean precision at each relevant document, over the first hundred hits."""
    found, total = 0, 0.0
    for place, each in enumerate(ranking, start=1):
        if each in grades:
            found += 1
            total += found / place
    return total / len(grades)


def recall(ranking: Sequence[str], grades: Mapping[str, int]) -> float:
    """Return the share of relevant documents among the first hundred hits."""
    return sum(1 for each in ranking if each in grades) / len(grades)


if __name__ == "__main__":
    main()

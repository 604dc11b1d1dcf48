"""How well hits are ranked on judged collections: both engines as shipped, beside plain BM25 over the same documents.

    python -m benchmarks.ranking FOLDER...        each with corpus.jsonl, queries.jsonl, qrels.tsv (as ../shared/data/ir/cran)
        [--engine both|tantivy|elasticsearch] [--elasticsearch-url URL]

The same measurement as `pushcart evaluate search`, for several collections and both engines in one run. The reference beside
it is what the keepers of the collections here give for plain BM25 (k1 1.2, b 0.75, Porter stemmer, English stop words).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Mapping
from pathlib import Path

from benchmarks.engines import add_engine_arguments, drop_indexes, settings_of
from corpus.settings import Settings
from corpus.vocabulary import load_vocabulary
from evaluation.collection import read_collection
from evaluation.documents import tagged_documents
from evaluation.metrics import MEASURES
from evaluation.search import Figures, Ranking, figures_of, indexed, search_all, search_plainly

REFERENCE = {"cran": 0.518, "cisi": 0.392, "med": 0.684, "npl": 0.435, "time": 0.646}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    add_engine_arguments(parser, prefix="pushcart-bench-ranking")
    asked = parser.parse_args()
    print(f"{'collection':<11} {'':<14} queries  reference {''.join(f'{name:>13}' for name in MEASURES)}")
    for folder in asked.folders:
        with tempfile.TemporaryDirectory(prefix="pushcart-ranking-") as scratch:
            chosen = settings_of(asked, folder=Path(scratch))
            drop_indexes(chosen)
            try:
                report(folder, chosen)
            finally:
                drop_indexes(chosen)


def report(folder: Path, chosen: Mapping[str, Settings]) -> None:
    """Print how well each engine ranks a collection, and in how many queries they differ."""
    collection, vocabulary = read_collection(folder), load_vocabulary()
    processes = next(iter(chosen.values())).worker_count
    documents = list(tagged_documents(collection.texts(), processes=processes))
    found: dict[str, dict[str, Ranking]] = {}
    for name, settings in chosen.items():
        with indexed(documents, settings=settings, vocabulary=vocabulary) as held:
            if not found:
                _print_row(folder, "plain BM25", figures_of(search_plainly(held, collection.queries), collection))
            found[name] = search_all(held, collection.queries)
        _print_row(folder, name, figures_of(found[name], collection))
    if len(found) == 2:
        one, other = found.values()
        same = sum(one[query].hits == other[query].hits for query in one)
        print(f"{'':<11} of {len(one)} queries {same} have the same hits in the same order on both engines", flush=True)


def _print_row(folder: Path, name: str, figures: Figures) -> None:
    reference = f"{REFERENCE[folder.name]:.3f}" if folder.name in REFERENCE else "-"
    means = "".join(f"{figures.means[each]:>13.4f}" for each in MEASURES)
    print(f"{folder.name:<11} {name:<14} {figures.queries:>7}  {reference:>9} {means}", flush=True)


if __name__ == "__main__":
    main()

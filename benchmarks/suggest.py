"""How quickly suggestions come while somebody types, on both engines, beside answering each key from nothing.

    python -m benchmarks.suggest FOLDER --documents 20000 [--texts FILE.jsonl[.gz]] [--engine both|tantivy|elasticsearch]

FOLDER is a scratch folder, kept for the next run; the documents are those of benchmarks.search. Typed are names of concepts and
beginnings of titles, key by key. `from nothing` is a Suggester that keeps nothing from one key to the next, as a first
visitor after each change of the index meets it; `kept` is the one that the pages use, asked by the same people in the same
order: `first` time that anybody types these keys, and once `again`. Answers of both are compared.
"""

from __future__ import annotations

import argparse
import random
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from benchmarks.engines import add_engine_arguments, drop_indexes, opened, settings_of
from benchmarks.synthetic import fill, invent_words, make, read_words
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Facet
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date
from search_api.query.suggest import Completion, Suggester

TYPISTS = 40
"""Texts that are typed, half of them names of concepts."""
KEYS_MAX = 14

Answer = Callable[[str], tuple[Completion, ...]]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--texts", type=Path)
    add_engine_arguments(parser, prefix="benchmark-suggest")
    asked = parser.parse_args()
    vocabulary = load_vocabulary()
    words = read_words(asked.texts) if asked.texts else invent_words()
    chosen = settings_of(asked, folder=asked.folder)
    titles = [make(number, words=words, vocabulary=vocabulary).title for number in range(min(asked.documents, 500))]
    keys = list(typed(titles, vocabulary=vocabulary))
    print(f"{len(keys)} keys of {TYPISTS} people; milliseconds; baseline: from nothing")
    print(f"{'':<15}{'':<14}{'p50':>8}{'p95':>8}{'ratio p50':>12}{'ratio p95':>12}")
    try:
        with open_store(Settings(data_dir=asked.folder)) as store, opened(chosen, vocabulary=vocabulary) as engines:
            fill(store, asked.documents, words=words, vocabulary=vocabulary)
            for name, engine in engines.items():
                bring_up_to_date(engine, store)
                report(name, engine, store=store, vocabulary=vocabulary, keys=keys)
    finally:
        drop_indexes(chosen)


def typed(titles: Sequence[str], *, vocabulary: Vocabulary) -> Iterator[str]:
    """Return what stands in the box after each key, from the second on."""
    dice = random.Random(11)
    labels = [each.label("en") for facet in Facet for each in vocabulary.concepts(facet).values()]
    for number in range(TYPISTS):
        text = dice.choice(labels if number % 2 else titles)[:KEYS_MAX]
        yield from (text[:end] for end in range(2, len(text) + 1))


def report(name: str, engine: SearchEngine, *, store: Store, vocabulary: Vocabulary, keys: Sequence[str]) -> None:
    """Ask for the suggestions of every key in each way and print how long they took."""

    def from_nothing(text: str) -> tuple[Completion, ...]:
        return Suggester(engine, store=store, vocabulary=vocabulary).suggest(text)

    for text in keys[:20]:  # a Java server compiles what it runs often
        from_nothing(text)
    kept = Suggester(engine, store=store, vocabulary=vocabulary)
    plain, first, again = [], [], []
    for text in keys:  # side by side: another load on the machine meets both
        expected, seconds = timed(from_nothing, text)
        found, seconds_first = timed(kept.suggest, text)
        assert found == expected, (name, text)
        plain.append(seconds)
        first.append(seconds_first)
    for text in keys:
        again.append(timed(kept.suggest, text)[1])
    for way, times in (("from nothing", plain), ("kept, first", first), ("kept, again", again)):
        print_line(name, way, times, baseline=plain)


def timed(answer: Answer, text: str) -> tuple[tuple[Completion, ...], float]:
    """Return the answer and the milliseconds that it took."""
    began = time.perf_counter()
    found = answer(text)
    return found, (time.perf_counter() - began) * 1000


def print_line(name: str, way: str, times: Sequence[float], *, baseline: Sequence[float]) -> None:
    middle, slow = statistics.median(times), slowest(times)
    ratios = f"{middle / statistics.median(baseline):>12.2f}{slow / slowest(baseline):>12.2f}"
    print(f"{name:<15}{way:<14}{middle:>8.1f}{slow:>8.1f}{ratios}", flush=True)


def slowest(times: Sequence[float]) -> float:
    """Return the 95th percentile."""
    return statistics.quantiles(times, n=20)[-1]


if __name__ == "__main__":
    main()

"""What it costs to freeze a search and to open it again, in time and bytes, beside a plain search in the same run.

    python -m benchmarks.frozen FOLDER --documents 15000 [--texts FILE.jsonl[.gz]] [--engine both|tantivy|elasticsearch]

FOLDER is a scratch folder, kept for the next run; the documents are those of benchmarks.search with --pages pages each. The
search is the most frequent English word, which nearly all English documents have, 70 % of all. `plain search` is a results
page of 20 hits with facets and snippets. `open` reads the frozen search and compares all of its documents with the records
and with the whole answer of today; `page 2` is what who turns its pages waits for. Processor time is that of this process:
on Elasticsearch, the server's comes on top.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from benchmarks.engines import add_engine_arguments, drop_indexes, opened, settings_of
from benchmarks.synthetic import fill, invent_words, read_words
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.frozen import packed
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.answers.frozen_links import frozen_key
from search_api.answers.service import search
from search_api.api.state import AppState
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery

ROUNDS = 7


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=2)
    parser.add_argument("--texts", type=Path)
    add_engine_arguments(parser, prefix="benchmark-frozen")
    asked = parser.parse_args()
    vocabulary = load_vocabulary()
    words = read_words(asked.texts) if asked.texts else invent_words()
    chosen = settings_of(asked, folder=asked.folder)
    query = SearchQuery(text=words["en"].words[0])
    try:
        with open_store(Settings(data_dir=asked.folder)) as store, opened(chosen, vocabulary=vocabulary) as engines:
            fill(store, asked.documents, words=words, vocabulary=vocabulary, pages=asked.pages)
            for name, engine in engines.items():
                bring_up_to_date(engine, store)
                settings = replace(chosen[name], frozen_hits_max=asked.documents)
                measure(name, query, engine=engine, store=store, vocabulary=vocabulary, settings=settings)
    finally:
        drop_indexes(chosen)


def measure(
    name: str, query: SearchQuery, *, engine: SearchEngine, store: Store, vocabulary: Vocabulary, settings: Settings
) -> None:
    """Freeze a search and open it, some times, and print how long each step took."""
    state = AppState(settings=settings, store=store, engine=engine, vocabulary=vocabulary)
    secret = state.freeze(query, address="127.0.0.1")
    frozen = state.frozen(secret).search

    def open_anew() -> None:
        AppState(settings=settings, store=store, engine=engine, vocabulary=vocabulary).frozen(secret)

    steps: dict[str, Callable[[], object]] = {
        "plain search": lambda: search(query, engine=engine, store=store, vocabulary=vocabulary),
        "report": lambda: state.report(query),
        "freeze": lambda: store.frozen.remove(frozen_key(state.freeze(query, address="127.0.0.1"))),
        "open": open_anew,
        "page 2": lambda: state.frozen(secret),
    }
    taken: dict[str, list[tuple[float, float]]] = {step: [] for step in steps}
    for _ in range(ROUNDS):  # in turns: another load on the machine meets all of them
        for step, run in steps.items():
            wall, processor = time.perf_counter(), time.process_time()
            run()
            taken[step].append((1e3 * (time.perf_counter() - wall), 1e3 * (time.process_time() - processor)))
    print(f"\n{name}: {frozen.hits} hits of {store.status().documents} documents; medians of {ROUNDS}")
    print(f"{'':<14}{'ms':>9}{'processor ms':>14}{'times plain':>13}")
    plain = statistics.median(processor for _, processor in taken["plain search"])
    for step, times in taken.items():
        wall, processor = (statistics.median(each) for each in zip(*times, strict=True))
        print(f"{step:<14}{wall:>9.1f}{processor:>14.1f}{processor / plain:>13.2f}")
    documents = len(packed(frozen.documents))
    print(
        f"bytes kept: {frozen.size}: {documents} of documents ({1000 * documents / max(1, frozen.hits):.0f} for 1,000 hits)"
    )
    store.frozen.remove(frozen.key)


if __name__ == "__main__":
    main()

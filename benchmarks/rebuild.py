"""Rebuild an index while a client searches without pause; once undisturbed, once with the rebuilding process killed half way.

    python -m benchmarks.rebuild FOLDER --documents 20000 [--pages 12] [--engine both|tantivy|elasticsearch]
        [--elasticsearch-url URL]

FOLDER is a scratch folder, kept for the next run with the same --pages. Documents are those of benchmarks/synthetic.py with
words of an invented Zipf vocabulary, about 300 a page.

The client asks mixed queries (one and two words, a phrase, filters and facets, sorted lists, pages of hits by cursor) and
compares every total, and every list that a cursor gives, with what the index said before the rebuild. Nothing of the store
changes meanwhile, so any difference is a wrong answer. Afterwards every document is counted, and looked for by its id.
"""

from __future__ import annotations

import argparse
import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.engines import add_engine_arguments, drop_indexes, settings_of
from benchmarks.synthetic import PAGES, Words, fill, invent_words
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date, rebuild
from search_api.query.parameters import SearchQuery, Sort, YearRange
from search_api.query.parse import parse

VOCABULARY = load_vocabulary()
CHILD = "--rebuild-only"
HANDED = "handed over"
"""Begins each line of the child that says how many."""


@dataclass(slots=True)
class Client:
    """Searches without pause, and counts."""

    engine: SearchEngine
    queries: Sequence[SearchQuery]
    wanted: Sequence[int]
    """Totals before the rebuild, by query."""
    stopped: threading.Event = field(default_factory=threading.Event)
    requests: int = 0
    failures: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def run(self) -> None:
        """Search until stopped."""
        turn = 0
        while not self.stopped.is_set():
            place = turn % len(self.queries)
            turn += 1
            try:
                self._ask(place)
            except Exception as error:  # whatever it is, it is a failure of a search
                self.failures.append(f"{type(error).__name__}: {error}")

    def _ask(self, place: int) -> None:
        query, seen = self.queries[place], []
        tree = parse(query.text, vocabulary=VOCABULARY).tree
        for _ in range(3):
            began = time.perf_counter()
            self.requests += 1
            results = self.engine.search(query, tree=tree)
            self.seconds.append(time.perf_counter() - began)
            seen += [hit.id for hit in results.hits]
            if results.total != self.wanted[place]:
                self.wrong.append(f"{query.text!r}: {results.total} for {self.wanted[place]}")
            if not results.next:
                break
            query = replace(query, cursor=results.next)
        expected = min(self.wanted[place], 3 * query.limit)
        if len(seen) != expected or len(set(seen)) != len(seen):
            self.wrong.append(f"{query.text!r}: {len(seen)} hits, {len(set(seen))} different, for {expected}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--pages", type=int, default=PAGES, help="of each document (%(default)s)")
    add_engine_arguments(parser, prefix="pushcart-bench-rebuild")
    parser.add_argument(CHILD, action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    chosen = settings_of(asked, folder=asked.folder)
    with open_store(Settings(data_dir=asked.folder)) as store:
        if asked.rebuild_only:
            _rebuild(*chosen.values(), store=store)
            return
        words = invent_words()
        fill(store, asked.documents, words=words, vocabulary=VOCABULARY, pages=asked.pages)
        try:
            for name, settings in chosen.items():
                _measure_engine(name, settings, store=store, queries=queries_of(words["en"]))
        finally:
            drop_indexes(chosen)


def _measure_engine(name: str, settings: Settings, *, store: Store, queries: Sequence[SearchQuery]) -> None:
    engine = open_engine(settings, vocabulary=VOCABULARY)
    began = time.perf_counter()
    filled = bring_up_to_date(engine, store).documents
    held = engine.statistics()
    print(
        f"{held.engine}: {held.documents} documents, {held.pages} pages, {held.bytes / 1e6:.0f} MB"
        f" ({filled} filled in {time.perf_counter() - began:.0f} s)",
        flush=True,
    )
    engine.close()
    for kill in (False, True):
        measure(name, settings, store=store, queries=queries, kill=kill)


def _rebuild(settings: Settings, *, store: Store) -> None:
    engine = open_engine(settings, vocabulary=VOCABULARY)
    rebuild(engine, store, on_progress=lambda progress: print(HANDED, progress.documents, flush=True))
    engine.close()


def queries_of(words: Words) -> list[SearchQuery]:
    """Return one query of each kind that a person asks, of words common and rare."""
    common, medium, rare = words.words[90], words.words[1500], words.words[9000]
    return [
        SearchQuery(text=common),
        SearchQuery(text=medium),
        SearchQuery(text=rare),
        SearchQuery(text=f"{common} {medium}"),
        SearchQuery(text=f'"{words.words[3]} {words.words[5]}"'),
        SearchQuery(text=f"{medium} OR {rare}", sort=Sort.NEWEST),
        SearchQuery(text="", limit=100),
        SearchQuery(text=common, countries=("AGO", "ALB", "ARG"), years=YearRange(2005, 2020)),
        SearchQuery(text="", sort=Sort.OLDEST, years=YearRange(1995, 2010)),
    ]


def measure(name: str, settings: Settings, *, store: Store, queries: Sequence[SearchQuery], kill: bool) -> None:
    """Rebuild in another process while this one searches, and print what was seen."""
    engine = open_engine(settings, vocabulary=VOCABULARY)
    wanted = [engine.search(each, tree=parse(each.text, vocabulary=VOCABULARY).tree).total for each in queries]
    client = Client(engine, queries, wanted)
    searching = threading.Thread(target=client.run)
    searching.start()
    began = time.perf_counter()
    documents = store.status().documents
    try:
        first = _run(name, stop_at=documents // 2 if kill else None)
        again = _run(name, stop_at=None) if kill else None
        seconds = time.perf_counter() - began
        time.sleep(2)  # searches see the swap
    finally:
        client.stopped.set()
        searching.join()
    drawn = f"{first}, killed, then {again}" if kill else str(first)
    at = sorted(client.seconds)
    print(
        f"{'killed half way' if kill else 'undisturbed'}: {seconds:.0f} s, documents handed over {drawn}; "
        f"{client.requests} requests, "
        f"{len(client.failures)} failures, {len(client.wrong)} wrong; p50 {statistics.median(at) * 1000:.0f} ms, "
        f"p95 {at[len(at) * 95 // 100] * 1000:.0f} ms, longest {at[-1] * 1000:.0f} ms",
        flush=True,
    )
    for each in [*client.failures, *client.wrong][:10]:
        print(f"   {each}")
    missing, doubled = compare(engine, store)
    print(f"   afterwards: {missing} documents missing, {doubled} doubled or unknown", flush=True)
    engine.close()


def _run(engine: str, *, stop_at: int | None) -> int:
    """Rebuild in a process of its own; return how many documents it was handed. Killed with signal 9 at `stop_at`."""
    command = [sys.executable, "-m", "benchmarks.rebuild", *sys.argv[1:], "--engine", engine, CHILD]
    done = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        for line in child.stdout:
            if not line.startswith(HANDED):
                continue
            done = int(line.removeprefix(HANDED))
            if stop_at is not None and done >= stop_at:
                os.kill(child.pid, signal.SIGKILL)
                break
    if stop_at is None and child.returncode:
        raise SystemExit(f"The rebuild ended with {child.returncode}.")
    return done


def compare(engine: SearchEngine, store: Store) -> tuple[int, int]:
    """Walk through all documents of the index by cursor; return how many of the store are missing, and how many are too many."""
    seen: Counter[str] = Counter()
    query = SearchQuery(text="", limit=100)
    tree = parse("", vocabulary=VOCABULARY).tree
    while True:
        results = engine.search(query, tree=tree, counted=False)
        seen.update(hit.id for hit in results.hits)
        if not results.next:
            break
        query = replace(query, cursor=results.next)
    expected = set(store.documents.ids())
    return len(expected - seen.keys()), sum(seen.values()) - len(expected & seen.keys())


if __name__ == "__main__":
    main()

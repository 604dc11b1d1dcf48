"""How fast a search is, and how large an index, on both engines: synthetic documents, through store and engine.

    python -m benchmarks.search FOLDER --documents 10000 [--texts FILE.jsonl[.gz]] [--keep]
        [--engine both|tantivy|elasticsearch] [--elasticsearch-url URL]

FOLDER is a scratch folder, kept for the next run; the indexes in Elasticsearch are dropped at the end unless --keep is given.
Words are drawn with the frequencies of the given texts (`lang`, `text` in JSON lines, as
../shared/data/gold/undp-tagged.jsonl.gz), or of an invented Zipf vocabulary. Each document has 12 pages of about 300 words,
tags of every facet, a year, a language.

A search is service.search as a page makes it: facets, twenty hits, three pages and snippets each. The engines answer each
query one after the other, in turns which is first, and their answers are compared: total, facet counts, and the first ten
hits (a difference of 1e-5 counts as a tie). Beside each is the plainest query for the same words on the same index, top 10,
nothing counted, nothing shown: in bare tantivy an OR in title and body, in Elasticsearch a `match` on the body.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import statistics
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from tantivy import Occur, Query

from benchmarks.engines import (
    ELASTICSEARCH,
    TANTIVY,
    add_engine_arguments,
    drop_indexes,
    opened,
    same_order,
    settings_of,
)
from benchmarks.synthetic import Words, fill, invent_words, make, read_words
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.analysis import words
from search_api.analysis import words as forms_in
from search_api.answers.results import Results
from search_api.answers.service import search
from search_api.engines.base import SearchEngine
from search_api.engines.tantivy.folders import IndexFolder
from search_api.engines.tantivy.schema import documents_schema, make_index
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, YearRange
from search_api.query.plan import Field

BANDS = {"common": (80, 400), "medium": (1_000, 3_000), "rare": (8_000, 15_000)}
"""Ranks by frequency from which the words of queries are drawn, stop words left out."""
WARM_UP = 3
"""Queries of each kind asked beforehand and not counted: a Java server compiles what it runs often."""
SETTLE_SECONDS = 120.0
"""Longest wait for Elasticsearch to merge segments, which takes processor time and changes the size."""
SIZE_SECONDS = 11.0
"""Elasticsearch tells sizes that are up to 10 s old."""

Plainest = Callable[[str], None]
"""Asks the plainest query for a text."""


@dataclass(frozen=True, slots=True)
class Kind:
    """Queries of one kind; every second one has filters."""

    name: str
    queries: tuple[SearchQuery, ...]


@dataclass(frozen=True, slots=True)
class Timed:
    """Milliseconds that one engine took for the queries of a kind, in their order."""

    searches: list[float]
    plainest: list[float]


def main() -> None:
    asked = _arguments()
    vocabulary = load_vocabulary()
    words = read_words(asked.texts) if asked.texts else invent_words()
    chosen = settings_of(asked, folder=asked.folder)
    try:
        with open_store(Settings(data_dir=asked.folder)) as store, opened(chosen, vocabulary=vocabulary) as engines:
            fill(store, asked.documents, words=words, vocabulary=vocabulary)
            for engine in engines.values():
                index(engine, store)
            settle(chosen)
            for engine in engines.values():
                held = engine.statistics()
                print(f"{held.engine}: documents {held.documents}, pages {held.pages}, index {held.bytes / 1e6:.0f} MB")
            with plainest(chosen) as plain:
                report(
                    engines,
                    plain,
                    store=store,
                    vocabulary=vocabulary,
                    kinds=kinds(words, count=asked.queries, vocabulary=vocabulary),
                )
    finally:
        if not asked.keep:
            drop_indexes(chosen)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--queries", type=int, default=40, help="of each kind (%(default)s)")
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--keep", action="store_true", help="keep the indexes in Elasticsearch for the next run")
    add_engine_arguments(parser, prefix="pushcart-bench-search")
    return parser.parse_args()


def index(engine: SearchEngine, store: Store) -> None:
    """Index what is new in the store, and say how fast that went."""
    began = time.perf_counter()
    done = bring_up_to_date(engine, store)
    seconds = time.perf_counter() - began
    if done.documents:
        print(
            f"{engine.statistics().engine}: indexed {done.documents} in {seconds:.0f} s:"
            f" {done.documents / seconds:.0f} documents/s (load {os.getloadavg()[0]:.1f})",
            flush=True,
        )


def settle(chosen: Mapping[str, Settings]) -> None:
    """Wait until Elasticsearch has merged its segments and tells its present size."""
    settings = chosen.get(ELASTICSEARCH)
    if settings is None:
        return
    from search_api.engines.elasticsearch.connection import connect

    names = f"{settings.elasticsearch_prefix}-*"
    deadline = time.monotonic() + SETTLE_SECONDS
    with connect(settings) as client:
        client.indices.flush(index=names)
        time.sleep(SIZE_SECONDS)
        while time.monotonic() < deadline:
            if not client.indices.stats(index=names, metric="merge")["_all"]["total"]["merges"]["current"]:
                return
            time.sleep(1)
    print(f"Elasticsearch was still merging after {SETTLE_SECONDS:.0f} s")


@contextmanager
def plainest(chosen: Mapping[str, Settings]) -> Iterator[dict[str, Plainest]]:
    """Lend the plainest query of each engine, by its name."""
    plain: dict[str, Plainest] = {}
    if TANTIVY in chosen:
        plain[TANTIVY] = _plainest_tantivy(chosen[TANTIVY])
    if ELASTICSEARCH not in chosen:
        yield plain
        return
    from search_api.engines.elasticsearch.connection import connect

    documents = f"{chosen[ELASTICSEARCH].elasticsearch_prefix}-documents"
    with connect(chosen[ELASTICSEARCH]) as client:

        def match_body(text: str) -> None:
            forms = " ".join(words(text, "en"))
            client.search(index=documents, query={"match": {Field.WORD.value: forms}}, size=10)

        plain[ELASTICSEARCH] = match_body
        yield plain


def _plainest_tantivy(settings: Settings) -> Plainest:
    generation = IndexFolder(settings.index_dir).current()
    assert generation is not None
    opened_index = make_index(generation / "documents", documents_schema())
    opened_index.reload()
    searcher = opened_index.searcher()

    def either(text: str) -> None:
        parts = [
            (Occur.Should, Query.term_query(documents_schema(), field, token, "freq"))
            for token in words(text, "en")
            for field in (Field.TITLE, Field.WORD)
        ]
        searcher.search(Query.boolean_query(parts), 10, count=False)

    return either


def kinds(words: dict[str, Words], *, count: int, vocabulary: Vocabulary) -> Iterator[Kind]:
    """Return the kinds of queries: words by frequency and number, and two words in quotes out of a document."""
    telling = [word for word in words["en"].words if forms_in(word, "en") and word.isalpha()]
    for band, (first, last) in BANDS.items():
        for length in (1, 2, 3):
            dice = random.Random(length)
            yield _kind(f"{band} {length}", [" ".join(dice.sample(telling[first:last], length)) for _ in range(count)])
    documents = (make(number, words=words, vocabulary=vocabulary) for number in range(count))
    yield _kind("phrase", [f'"{" ".join(document.pages[0].text.split()[:2])}"' for document in documents])


def _kind(name: str, texts: Sequence[str]) -> Kind:
    filtered = SearchQuery(countries=("AGO", "ALB", "ARG"), years=YearRange(2005, 2020))
    return Kind(name, tuple(replace(filtered if at % 2 else SearchQuery(), text=text) for at, text in enumerate(texts)))


def report(
    engines: Mapping[str, SearchEngine],
    plain: Mapping[str, Plainest],
    *,
    store: Store,
    vocabulary: Vocabulary,
    kinds: Iterator[Kind],
) -> None:
    """Time searches and the plainest queries, and print a table."""
    print(f"load {os.getloadavg()[0]:.1f}; milliseconds, p50 and p95; plain: the plainest query for the same words")
    print("words      engine          found      p50      p95  plain50  plain95  ratio of p50")
    compared, differences = 0, []
    for kind in kinds:
        for query in kind.queries[:WARM_UP]:
            _ask(query, engines, plain=plain, store=store, vocabulary=vocabulary, into={})
        timed: dict[str, Timed] = {name: Timed([], []) for name in engines}
        found = []
        for at, query in enumerate(kind.queries):
            turned = dict(list(engines.items())[:: -1 if at % 2 else 1])
            answers = _ask(query, turned, plain=plain, store=store, vocabulary=vocabulary, into=timed)
            found.append(next(iter(answers.values())).total)
            if len(answers) == 2:
                compared += 1
                if difference := difference_of(answers[TANTIVY], answers[ELASTICSEARCH]):
                    differences.append(f"  {query.text!r}{' with filters' if query.years else ''}: {difference}")
        for name, each in timed.items():
            print(_row(kind.name, name, statistics.median(found), each), flush=True)
    print(f"load {os.getloadavg()[0]:.1f}; private memory of this process (RssAnon) {_private_megabytes():.0f} MB")
    if len(engines) == 2:
        print("\n".join([f"answers compared {compared}, not the same {len(differences)}", *differences]))


def _ask(
    query: SearchQuery,
    engines: Mapping[str, SearchEngine],
    *,
    plain: Mapping[str, Plainest],
    store: Store,
    vocabulary: Vocabulary,
    into: Mapping[str, Timed],
) -> dict[str, Results]:
    """Return the answers of the engines, asked in their order; the times are added to `into`."""
    answers: dict[str, Results] = {}
    for name, engine in engines.items():
        answers[name] = search(query, engine=engine, store=store, vocabulary=vocabulary)
        began = time.perf_counter()
        plain[name](query.text)
        if name in into:
            into[name].searches.append(answers[name].seconds * 1000)
            into[name].plainest.append((time.perf_counter() - began) * 1000)
    return answers


def difference_of(one: Results, other: Results) -> str:
    """Say in what two answers differ; empty: in nothing but the order of ties."""
    if one.total != other.total:
        return f"{one.total} and {other.total} documents"
    if one.facets != other.facets:
        return "other facet counts"
    first, second = ([(hit.document.id, hit.score) for hit in each.hits[:10]] for each in (one, other))
    if not same_order(first, second):
        return f"{first} and {second}"
    return ""


def _row(kind: str, engine: str, found: float, timed: Timed) -> str:
    p50, plain50 = _at(timed.searches, 50), _at(timed.plainest, 50)
    return (
        f"{kind:<10} {engine:<13} {found:>7.0f} {p50:>8.1f} {_at(timed.searches, 95):>8.1f}"
        f" {plain50:>8.2f} {_at(timed.plainest, 95):>8.2f} {p50 / plain50:>13.1f}"
    )


def _at(times: Sequence[float], percent: int) -> float:
    return sorted(times)[min(len(times) - 1, len(times) * percent // 100)]


def _private_megabytes() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        return float("nan")
    match = re.search(r"RssAnon:\s+(\d+) kB", status.read_text(encoding="ascii"))
    return int(match.group(1)) / 1000 if match else float("nan")


if __name__ == "__main__":
    main()

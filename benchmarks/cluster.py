"""A node of a cluster is killed (`kill -9`) while one process indexes and others search, and comes back: what is seen of it.

    ES=/var/tmp/es8 W=/var/tmp/es-work/three; T="python3 ../shared/tools/es_server.py"
    $T start --home $ES --work $W --port 9310 --nodes 3 --heap 384m
    python -m benchmarks.cluster FOLDER --urls http://localhost:9310,http://localhost:9311,http://localhost:9312 \\
        --kill "$T stop --work $W --node {node} --kill" --start "$T start --home $ES --work $W --node {node}"

FOLDER is a scratch folder, kept for the next run. The indexes have three shards and one replica. Three rounds, each on an
empty index: the node that is elected master, the one whose address is named first, and another one. Each node is killed
when half of the documents are handed over, and started again after --away seconds.

Every answer is checked. What a search must find at least is known from what was committed before it was asked, what it may
find at most from what was handed over when it answered, document by document, from an embedded index of the same
documents. An answer that leaves out a shard finds too few, and counts as wrong. Afterwards every document is looked for.
"""

from __future__ import annotations

import argparse
import shlex
import subprocess
import threading
import time
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from elasticsearch import Elasticsearch

from benchmarks.engines import ELASTICSEARCH, drop_indexes
from benchmarks.rebuild import VOCABULARY, compare, queries_of
from benchmarks.synthetic import fill, invent_words
from corpus.errors import EngineUnavailable
from corpus.settings import Settings
from corpus.store import Store, open_store
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.indexing import IndexingProgress, bring_up_to_date
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

SEARCHERS = 2
GREEN_SECONDS_MAX = 300.0


@dataclass(frozen=True, slots=True)
class Known:
    """A search and what it finds."""

    query: SearchQuery
    sequences: Sequence[int]
    """Of the documents that match, ascending: each is in the index from this change on."""


@dataclass(slots=True)
class Round:
    """What is seen while one node is away."""

    began: float = field(default_factory=time.monotonic)
    handed: int = 0
    """Sequence number of the change that was last handed to the indexing engine."""
    answers: list[float] = field(default_factory=list)
    """When each right answer came, on the clock of time.monotonic."""
    failures: list[tuple[float, str]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    commits: list[float] = field(default_factory=list)
    gave_up: list[str] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Nodes that can be killed and started; numbered from 1 in the order of their addresses."""

    client: Elasticsearch
    urls: Sequence[str]
    kill: str
    start: str

    def run(self, command: str, node: int) -> None:
        subprocess.run(shlex.split(command.format(node=node)), check=True, stdout=subprocess.DEVNULL)

    def master(self) -> int:
        """Return the number of the elected master."""
        elected = str(self.client.cat.master(h="id").body).strip()
        for number, url in enumerate(self.urls, start=1):
            with Elasticsearch(url) as one:
                if elected in one.nodes.info(node_id="_local")["nodes"]:
                    return number
        raise SystemExit("The elected master is at none of the addresses.")

    def wait_until_green(self) -> float:
        """Return how long that took, in seconds."""
        began = time.monotonic()
        while time.monotonic() - began < GREEN_SECONDS_MAX:
            health = self.client.cluster.health()
            if health["status"] == "green" and health["number_of_nodes"] == len(self.urls):
                return time.monotonic() - began
            time.sleep(0.5)
        raise SystemExit(f"The cluster was not green again after {GREEN_SECONDS_MAX:.0f} s.")


def main() -> None:
    asked = _arguments()
    urls = asked.urls.split(",")
    settings = Settings(
        data_dir=asked.folder,
        elasticsearch_url=asked.urls,
        elasticsearch_prefix="pushcart-bench-cluster",
        elasticsearch_shards=3,
        elasticsearch_replicas=1,
    )
    words = invent_words()
    with open_store(settings) as store, Elasticsearch(urls, request_timeout=60) as client:
        fill(store, asked.documents, words=words, vocabulary=VOCABULARY, pages=asked.pages)
        known, pages = known_answers(store, queries=queries_of(words["en"]), folder=asked.folder)
        cluster = Cluster(client, urls, kill=asked.kill, start=asked.start)
        print(f"{asked.documents} documents, {pages} pages, 3 shards, 1 replica; {SEARCHERS} searchers", flush=True)
        for what in ("elected master", "first of the addresses", "neither"):
            cluster.wait_until_green()
            node = _chosen(what, cluster)
            drop_indexes({ELASTICSEARCH: settings})
            measure(
                f"{what} (node {node})", node, cluster, settings=settings, store=store, known=known, away=asked.away
            )
            _compare(settings, store, pages=pages)
        drop_indexes({ELASTICSEARCH: settings})


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--urls", required=True, help="of three nodes, with commas between")
    parser.add_argument("--kill", required=True, help="command that kills node {node}, which is 1, 2 or 3")
    parser.add_argument("--start", required=True, help="command that starts it again, and returns when it answers")
    parser.add_argument("--documents", type=int, default=4000)
    parser.add_argument("--pages", type=int, default=3)
    parser.add_argument("--away", type=float, default=10.0, help="seconds until it is started again (%(default)s)")
    return parser.parse_args()


def _chosen(what: str, cluster: Cluster) -> int:
    master = cluster.master()
    if what == "elected master":
        return master
    if what == "first of the addresses":
        return 1
    return next(number for number in (2, 3) if number != master)


def known_answers(store: Store, *, queries: Sequence[SearchQuery], folder: Path) -> tuple[list[Known], int]:
    """Return what each search finds, and the pages of all documents, from an embedded index."""
    embedded = open_engine(Settings(data_dir=folder), vocabulary=VOCABULARY)
    bring_up_to_date(embedded, store)
    newest = store.changes.newest_of(store.documents.ids())
    known = []
    for query in queries:
        found = embedded.walk(query, tree=parse(query.text, vocabulary=VOCABULARY).tree)
        known.append(Known(query, sorted(newest[hit.id] for hit in found)))
    return known, embedded.statistics().pages


def measure(
    title: str, node: int, cluster: Cluster, *, settings: Settings, store: Store, known: Sequence[Known], away: float
) -> None:
    """Index and search while a node is killed and comes back; print what was seen."""
    seen = Round()
    searching = [open_engine(settings, vocabulary=VOCABULARY) for _ in range(SEARCHERS)]
    threads = [threading.Thread(target=_search, args=(each, known, seen)) for each in searching]
    indexing = threading.Thread(target=_index, args=(settings, store, seen))
    half = store.changes.last_sequence() // 2
    indexing.start()
    while not seen.commits:  # until then every answer is empty
        time.sleep(0.02)
    for thread in threads:
        thread.start()
    while seen.handed < half:
        time.sleep(0.02)
    killed = time.monotonic()
    cluster.run(cluster.kill, node)
    time.sleep(away)
    cluster.run(cluster.start, node)
    answers_again = time.monotonic()
    green = cluster.wait_until_green()
    indexing.join()
    indexed = time.monotonic()
    time.sleep(2)
    seen.ended.set()
    for thread in threads:
        thread.join()
    for engine in searching:
        engine.close()
    print(f"killed: {title}; back after {answers_again - killed:.0f} s, green {green:.0f} s later")
    print(
        f"   {len(seen.answers)} right answers, {len(seen.wrong)} wrong, {len(seen.failures)} failed{_window(seen, killed)};"
        f" longest without a right answer {_longest(seen.answers) * 1000:.0f} ms"
    )
    for words, count in Counter(words for _, words in seen.failures).most_common(5):
        print(f"      {count} x {words}")
    print(
        f"   indexed in {indexed - seen.began:.0f} s, longest without a commit {_longest(seen.commits):.1f} s,"
        f" gave up {len(seen.gave_up)} times",
        flush=True,
    )
    for each in [*seen.gave_up, *seen.wrong][:5]:
        print(f"      {each}")


def _index(settings: Settings, store: Store, seen: Round) -> None:
    """Index everything; again, as a timer would, when it gives up."""

    def on_progress(progress: IndexingProgress) -> None:
        seen.handed = progress.sequence

    while True:
        engine = open_engine(settings, vocabulary=VOCABULARY)
        try:
            bring_up_to_date(_Committing(engine, seen.commits), store, on_progress=on_progress)  # type: ignore[arg-type]
            return
        except EngineUnavailable as error:
            seen.gave_up.append(f"after {time.monotonic() - seen.began:.0f} s: {error}")
            time.sleep(1)
        finally:
            engine.close()


class _Committing:
    """An engine that notes when it commits."""

    def __init__(self, engine: SearchEngine, commits: list[float]) -> None:
        self._engine = engine
        self._commits = commits

    def __getattr__(self, name: str) -> object:
        return getattr(self._engine, name)

    def apply(self, changes: object, **others: Callable[..., object]) -> int:
        note = lambda _: self._commits.append(time.monotonic())  # noqa: E731
        return self._engine.apply(changes, on_commit=note, **others)  # type: ignore[arg-type]


def _search(engine: SearchEngine, known: Sequence[Known], seen: Round) -> None:
    turn = 0
    while not seen.ended.is_set():
        each = known[turn % len(known)]
        turn += 1
        try:
            committed = engine.applied_sequence()
            fault = _fault(engine, each, committed=committed, seen=seen)
        except EngineUnavailable as error:
            seen.failures.append((time.monotonic(), str(error)))
            continue
        if fault:
            seen.wrong.append(fault)
        else:
            seen.answers.append(time.monotonic())


def _fault(engine: SearchEngine, known: Known, *, committed: int, seen: Round) -> str:
    """Ask, with one page of hits more, and say what is wrong with the answer; empty: nothing."""
    query, ids = known.query, Counter[str]()
    tree = parse(query.text, vocabulary=VOCABULARY).tree
    results = engine.search(query, tree=tree)
    handed = seen.handed
    ids.update(hit.id for hit in results.hits)
    least, most = bisect_right(known.sequences, committed), bisect_right(known.sequences, handed)
    if not least <= results.total <= most:
        return f"{query.text!r}: {results.total} documents, where {least} to {most} are there"
    if len(results.hits) != min(query.limit, results.total):
        return f"{query.text!r}: {len(results.hits)} hits of {results.total}"
    if results.next:
        ids.update(hit.id for hit in engine.search(replace(query, cursor=results.next), tree=tree).hits)
    # A list that grows while it is read may show a hit again: as docs/search.md says, only a walk keeps one view.
    doubled = [each for each, count in ids.items() if count > 1]
    return f"{query.text!r}: doubled {doubled}" if doubled and handed == committed else ""


def _window(seen: Round, killed: float) -> str:
    if not seen.failures:
        return ""
    first, last = seen.failures[0][0], seen.failures[-1][0]
    return f" (from {first - killed:.1f} to {last - killed:.1f} s after the kill)"


def _longest(moments: Sequence[float]) -> float:
    ordered = sorted(moments)
    return max((after - before for before, after in pairwise(ordered)), default=0.0)


def _compare(settings: Settings, store: Store, *, pages: int) -> None:
    engine = open_engine(settings, vocabulary=VOCABULARY)
    missing, doubled = compare(engine, store)
    held = engine.statistics()
    print(
        f"   afterwards: {missing} documents missing, {doubled} doubled or unknown, {held.pages - pages} pages too many"
    )
    engine.close()


if __name__ == "__main__":
    main()

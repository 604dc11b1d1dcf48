"""Measure how long a new document takes to the endpoint of whoever follows a search: from saved, and from indexed.

    nice .venv/bin/python -m benchmarks.alert_delay ../shared/data [--documents 200] [--subscriptions 1 1000]

`pushcart alerts run` is a process of its own. Real texts (gold/undp-tagged), tagged beforehand, are saved, related and indexed
one by one, as `pushcart process` and `pushcart index` do. One subscription follows everything. Of 1,000, this one is among
others that are drawn: names of the vocabulary, countries, or both. With `--burst` all 1,000 follow everything, so that each
document is a thousand webhooks. Endpoints are at a hundred hosts. A delay below 0: it arrived before the index had it.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles

from alerts.subscribing.webhook_secrets import new_secret
from benchmarks.alert_matching import pages_of
from corpus.alerts import Channel, Frequency
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, open_store
from corpus.types import LANGUAGES, Document, Facet
from corpus.vocabulary import Vocabulary, load_vocabulary
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger
from nlp.works import relate
from search_api.engines.opening import open_engine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery
from tests.alerts.sending.receivers import WebhookCatcher, webhook_catcher
from tests.builders import make_document

COMMAND = Path(sys.executable).with_name("pushcart")
HOSTS = 100
LIMITS = SubscriptionLimits(in_all=1_000_000, per_subscriber=1000, unconfirmed_per_network=1000)
PAUSE_SECONDS = 0.3
"""Between documents, on average."""
WAIT_SECONDS_MAX = 120.0


class Arrivals:
    """When which document arrived where."""

    def __init__(self, endpoint: WebhookCatcher) -> None:
        self._endpoint = endpoint
        self._times: list[float] = []
        endpoint.behaviour = self._note

    def _note(self) -> str:
        self._times.append(time.time())  # the endpoint keeps what came right after asking
        return "accept"

    def first(self) -> dict[tuple[str, str], float]:
        """Return the time of the first arrival, by subscription and document."""
        found: dict[tuple[str, str], float] = {}
        for at, caught in zip(self._times, tuple(self._endpoint.caught), strict=False):
            for search in json.loads(caught.content)["data"]["searches"]:
                for each in search["documents"]:
                    found.setdefault((search["id"], each["id"]), at)
        return found


def read_documents(shared: Path, *, count: int, vocabulary: Vocabulary) -> list[Document]:
    """Return real documents, tagged."""
    with gzip.open(shared / "gold" / "undp-tagged.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for line in file if (row := json.loads(line))["lang"] in LANGUAGES and len(row["text"]) > 2000]
    random.Random(8).shuffle(rows)
    tagger = open_tagger(vocabulary)
    made = []
    for number, row in enumerate(rows[:count]):
        pages, title = tuple(pages_of(row["text"])), row["title"] or row["id"]
        document = make_document(f"d{number:04d}", title=title, lang=row["lang"], pages=())
        tags = tagger.tag(TaggedText(title=title, pages=pages, lang=row["lang"]))
        made.append(replace(document, pages=pages, page_count=len(pages), tags=tags))
    return made


def draw_searches(count: int, *, vocabulary: Vocabulary) -> list[SearchQuery]:
    """Return so many searches, as people save them; some are the same."""
    dice = random.Random(10)
    terms = [term for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC) for term in vocabulary.terms(facet)]
    names = sorted({form for term in terms for form in term.forms[:1]})
    countries = sorted(vocabulary.concepts(Facet.COUNTRY))
    drawn = []
    for _ in range(count):
        kind = dice.choices(("name", "country", "both"), (2, 1, 1))[0]
        text = "" if kind == "country" else dice.choice(names)
        drawn.append(SearchQuery(text=text, countries=() if kind == "name" else (dice.choice(countries),)))
    return drawn


def subscribe(store: Store, endpoint: WebhookCatcher, *, count: int, vocabulary: Vocabulary, all_follow: bool) -> None:
    """Let one follow everything, and the others searches that are drawn, or everything too."""
    drawn = [] if all_follow else draw_searches(count - 1, vocabulary=vocabulary)
    for number in range(count):
        query = SearchQuery() if all_follow or number == 0 else drawn[number - 1]
        address = f"http://127.0.1.{1 + number % HOSTS}:{endpoint.port}/hook/{number}"
        who = NewSubscriber(Channel.WEBHOOK, address, "en", secrets=(new_secret(),))
        now = datetime.now(UTC)
        _, added = store.subscriptions.add(
            who, query.to_parameters(), frequency=Frequency.AT_ONCE, at=now, limits=LIMITS
        )
        assert store.subscriptions.confirm(added.id, at=now)


@contextmanager
def running_worker(settings: Settings) -> Iterator[None]:
    """Let `pushcart alerts run` work while the block runs."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PUSHCART_")}
    environment |= {"PUSHCART_DATA_DIR": str(settings.data_dir), "PUSHCART_WEBHOOKS_ALLOW_PRIVATE": "true"}
    environment["PUSHCART_PUBLIC_URL"] = settings.public_url
    with (settings.data_dir / "worker.log").open("wb") as log:
        process = subprocess.Popen([COMMAND, "alerts", "run"], env=environment, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def bring(
    store: Store, engine: object, documents: list[Document], *, pause: float
) -> tuple[dict[str, float], dict[str, float]]:
    """Save, relate and index documents one by one; return when each was saved, and when it was in the index."""
    saved, indexed, dice = {}, {}, random.Random(9)
    for each in documents:
        store.documents.save(each)
        saved[each.id] = time.time()
        relate(store, [each])
        bring_up_to_date(engine, store)  # type: ignore[arg-type]
        indexed[each.id] = time.time()
        time.sleep(dice.uniform(0, 2 * pause))
    return saved, indexed


def is_all_told(store: Store) -> bool:
    """Say whether nothing waits any more."""
    counts = store.messages.counts()
    return not (counts["waiting"] or counts["sending"] or store.matches.unmatched_count() or store.matches.waiting())


def wait_until_told(store: Store) -> None:
    """Wait until nothing waits any more. Raises TimeoutError: it takes too long."""
    end = time.monotonic() + WAIT_SECONDS_MAX
    while not is_all_told(store):
        if time.monotonic() > end:
            raise TimeoutError(f"after {WAIT_SECONDS_MAX:.0f} s not everything is sent: see worker.log")
        time.sleep(0.1)


def measure(
    documents: list[Document], folder: Path, *, subscriptions: int, vocabulary: Vocabulary, is_burst: bool
) -> dict[str, object]:
    """Run once and return what came of it."""
    settings = Settings(data_dir=folder, public_url="http://127.0.0.1:8000")
    with (
        webhook_catcher(host="0.0.0.0") as endpoint,
        open_store(settings) as store,
        closing(open_engine(settings, vocabulary=vocabulary)) as engine,
    ):
        subscribe(store, endpoint, count=subscriptions, vocabulary=vocabulary, all_follow=is_burst)
        first, *rest = documents
        arrivals = Arrivals(endpoint)
        with running_worker(settings):
            bring(store, engine, [first], pause=0)  # by it the worker shows that it works
            wait_until_told(store)
            pause = 10.0 if is_burst else PAUSE_SECONDS
            saved, indexed = bring(store, engine, rest, pause=pause)
            load = os.getloadavg()[0]
            wait_until_told(store)
        arrived = arrivals.first()
        kept = {
            (str(each.id), found.found.document)
            for each in store.subscriptions.all(limit=subscriptions)
            for found in store.matches.of_subscription(each.id, limit=len(documents))
        }
    timed = {key: at for key, at in arrived.items() if key[1] in indexed}
    by_document: dict[str, int] = defaultdict(int)
    for _, document in timed:
        by_document[document] += 1
    return {
        "subscriptions": subscriptions,
        "documents": len(rest),
        "webhooks by document, mean": round(len(timed) / len(rest), 1),
        "webhooks by document, most": max(by_document.values()),
        "matches that did not arrive": len(kept - arrived.keys()),
        "seconds from indexed": spread([at - indexed[each] for (_, each), at in timed.items()]),
        "seconds from saved": spread([at - saved[each] for (_, each), at in timed.items()]),
        "seconds to relate and index": spread([indexed[each] - saved[each] for each in indexed]),
        "load of the machine at the end": round(load, 1),
        "processors": os.cpu_count(),
    }


def spread(seconds: list[float]) -> dict[str, float]:
    """Return the least, the median, the 95th of a hundred, and the most."""
    parts = quantiles(seconds if len(seconds) > 1 else seconds * 2, n=100, method="inclusive")
    named = {"least": min(seconds), "p50": parts[49], "p95": parts[94], "most": max(seconds)}
    return {name: round(value, 3) for name, value in named.items()}


def main() -> None:
    """Measure, and print what came of it as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, help="folder with gold/undp-tagged.jsonl.gz")
    parser.add_argument("--documents", type=int, default=200)
    parser.add_argument("--subscriptions", type=int, nargs="+", default=[1, 1000])
    parser.add_argument("--burst", action="store_true", help="all follow everything; take few documents")
    arguments = parser.parse_args()
    vocabulary = load_vocabulary()
    documents = read_documents(arguments.shared, count=arguments.documents + 1, vocabulary=vocabulary)
    for each in arguments.subscriptions:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(
                documents, Path(folder), subscriptions=each, vocabulary=vocabulary, is_burst=arguments.burst
            )
        print(json.dumps(found, indent=2), flush=True)


if __name__ == "__main__":
    main()

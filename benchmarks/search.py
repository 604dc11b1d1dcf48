"""How fast a search is, and how large an index: synthetic documents of realistic length, through store and engine.

    python benchmarks/search.py FOLDER --documents 10000 [--texts FILE.jsonl[.gz]]

FOLDER is a scratch folder, kept for the next run. Words are drawn with the frequencies of the given texts (`lang`, `text`
in JSON lines, as ../shared/data/gold/undp-tagged.jsonl.gz), or of an invented Zipf vocabulary. Each document has 12 pages
of about 300 words, tags of every facet, a year, a language. A search is service.search as a page makes it: facets, twenty
hits, three pages and snippets each. The baseline beside it is bare tantivy on the same index: OR of the same words, top 10,
nothing counted, nothing shown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from tantivy import Occur, Query

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, Facet, FetchedFile, Outcome, Page, Reading, Source, Tag
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.analysis import stems
from search_api.engine import open_engine
from search_api.indexing import bring_up_to_date
from search_api.plan import Field
from search_api.query import SearchQuery, YearRange
from search_api.service import search
from search_api.tantivy_engine.folders import IndexFolder
from search_api.tantivy_engine.schema import documents_schema, make_index

PAGES, WORDS = 12, 300
LANGUAGES = {"en": 0.70, "es": 0.15, "fr": 0.10, "pt": 0.05}
BANDS = {"common": (80, 400), "medium": (1_000, 3_000), "rare": (8_000, 15_000)}
"""Ranks by frequency from which the words of queries are drawn, stop words left out."""
QUERIES = 40
"""For each band and number of words; every second one has filters."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one language and how often each is said."""

    words: tuple[str, ...]
    """Most frequent first."""
    sums: tuple[float, ...]
    """Frequencies added up, for random.choices."""

    def draw(self, dice: random.Random, *, count: int) -> str:
        """Return so many words with spaces between."""
        return " ".join(dice.choices(self.words, cum_weights=self.sums, k=count))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--texts", type=Path)
    asked = parser.parse_args()
    vocabulary = load_vocabulary()
    words = read_words(asked.texts) if asked.texts else invent_words()
    settings = Settings(data_dir=asked.folder)
    with open_store(settings) as store:
        fill(store, asked.documents, words=words, vocabulary=vocabulary)
        engine = open_engine(settings, vocabulary=vocabulary)
        began = time.perf_counter()
        done = bring_up_to_date(engine, store)
        seconds = time.perf_counter() - began
        held = engine.statistics()
        print(f"documents {held.documents}, pages {held.pages}, index {held.bytes / 1e6:.0f} MB", flush=True)
        if done.documents:
            print(
                f"indexed {done.documents} in {seconds:.0f} s: {done.documents / seconds:.0f} documents/s", flush=True
            )
        report(settings, store, vocabulary=vocabulary, words=words["en"])
        engine.close()


def read_words(path: Path) -> dict[str, Words]:
    """Count the words of real texts by language."""
    counts: dict[str, Counter[str]] = {lang: Counter() for lang in LANGUAGES}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            if row.get("lang") in counts:
                counts[row["lang"]].update(re.findall(r"\w+", row["text"]))
    return {lang: _weighed(found.most_common(60_000)) for lang, found in counts.items()}


def invent_words() -> dict[str, Words]:
    """Make words whose frequencies follow Zipf's law."""
    dice = random.Random(7)
    made: dict[str, Words] = {}
    for lang in LANGUAGES:
        names = sorted({"".join(dice.choices("aeioubcdlmnprst", k=dice.randint(3, 10))) for _ in range(60_000)})
        dice.shuffle(names)
        made[lang] = _weighed([(name, 1e6 / rank) for rank, name in enumerate(names, start=1)])
    return made


def _weighed(counted: Sequence[tuple[str, float]]) -> Words:
    return Words(tuple(word for word, _ in counted), tuple(accumulate(count for _, count in counted)))


def fill(store: Store, count: int, *, words: dict[str, Words], vocabulary: Vocabulary) -> None:
    """Save documents until the store has so many."""
    for number in range(40):
        store.save_source(Source(slug=f"publisher-{number}", name=f"Publisher {number}"))
    present = store.status().documents
    began = time.perf_counter()
    for number in range(present, count):
        document = make(number, words=words, vocabulary=vocabulary)
        store.save_fetched(
            FetchedFile(
                source=document.source,
                url=document.url,
                sha256=document.sha256,
                size=1000,
                content_type="application/pdf",
                fetched_at=document.first_seen,
            )
        )
        store.save_reading(
            Reading(sha256=document.sha256, outcome=Outcome.READ, pages=document.pages, page_total=PAGES),
            reader_version="benchmark",
        )
        store.save_document(document)
    if count > present:
        print(f"made {count - present} documents in {time.perf_counter() - began:.0f} s", flush=True)


def make(number: int, *, words: dict[str, Words], vocabulary: Vocabulary) -> Document:
    """Return the document of a number: always the same."""
    dice = random.Random(number)
    lang = dice.choices(list(LANGUAGES), weights=list(LANGUAGES.values()))[0]
    source = f"publisher-{min(39, int(dice.expovariate(0.12)))}"
    return Document(
        id=f"d{number:016x}",
        source=source,
        url=f"https://example.org/{number}.pdf",
        sha256=f"{number:064x}",
        title=words[lang].draw(dice, count=dice.randint(5, 12)),
        lang=lang,
        first_seen=datetime(2026, 1, 1, tzinfo=UTC),
        published=str(dice.randint(1990, 2025)),
        type=dice.choice(("report", "working_paper", "policy_brief", "article", "statistics")),
        page_count=PAGES,
        tags=tuple(_tags(dice, vocabulary=vocabulary)),
        pages=tuple(
            Page(page, words[lang].draw(dice, count=dice.randint(WORDS - 100, WORDS + 100)))
            for page in range(1, PAGES + 1)
        ),
    )


def _tags(dice: random.Random, *, vocabulary: Vocabulary) -> Iterator[Tag]:
    most = {Facet.COUNTRY: 6, Facet.SECTOR: 3, Facet.GROUP: 4, Facet.TOPIC: 5}
    for facet, count in most.items():
        concepts = list(vocabulary.concepts(facet))
        # Some concepts are in many documents and most in few.
        ranks = {
            min(len(concepts) - 1, int(dice.expovariate(8 / len(concepts)))) for _ in range(dice.randint(1, count))
        }
        for place, rank in enumerate(sorted(ranks)):
            yield Tag(facet=facet, concept=concepts[rank], weight=0.5, about=place == 0 or dice.random() < 0.3)


def report(settings: Settings, store: Store, *, vocabulary: Vocabulary, words: Words) -> None:
    """Time searches and the baseline, and print a table."""
    engine = open_engine(settings, vocabulary=vocabulary)
    generation = IndexFolder(settings.index_dir).current()
    assert generation is not None
    index = make_index(generation / "documents", documents_schema())
    index.reload()
    searcher = index.searcher()
    telling = [word for word in words.words if stems(word, "en") and word.isalpha()]
    print("words      n   found    p50 ms   p95 ms   bare p50   bare p95   ratio p50")
    for band, (first, last) in BANDS.items():
        for length in (1, 2, 3):
            dice = random.Random(length)
            texts = [" ".join(dice.sample(telling[first:last], length)) for _ in range(QUERIES)]
            times, bare, found = [], [], []
            for number, text in enumerate(texts):
                query = SearchQuery(text=text)
                if number % 2:
                    query = SearchQuery(text=text, countries=("AGO", "ALB", "ARG"), years=YearRange(2005, 2020))
                results = search(query, engine=engine, store=store, vocabulary=vocabulary)
                found.append(results.total)
                times.append(results.seconds * 1000)
                tokens = stems(text, "en")
                began = time.perf_counter()
                either = [
                    (Occur.Should, Query.term_query(documents_schema(), field, token, "freq"))
                    for token in tokens
                    for field in (Field.TITLE, Field.BODY)
                ]
                searcher.search(Query.boolean_query(either), 10, count=False)
                bare.append((time.perf_counter() - began) * 1000)
            print(
                f"{band:<8} {length:>3} {statistics.median(found):>7.0f} {_at(times, 50):>9.1f} {_at(times, 95):>8.1f}"
                f" {_at(bare, 50):>10.2f} {_at(bare, 95):>10.2f} {_at(times, 50) / _at(bare, 50):>11.0f}",
                flush=True,
            )
    print(f"private memory (RssAnon) {_private_megabytes():.0f} MB")


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

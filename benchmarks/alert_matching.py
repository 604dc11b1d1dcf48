"""Measure how fast saved searches are matched with new documents, beside an index of these documents that each search is run on.

    .venv/bin/python -m benchmarks.alert_matching ../shared/data [--searches 1000 10000 100000] [--documents 1 64 500]

Searches are drawn from names of the vocabulary in four languages: of groups, sectors and topics, mostly with a place; a tenth
each with a phrase, with an exclusion, with a beginning, and with filters. All texts are different. Documents are the reports of
pdf-policy/usdol as read from PDF, and texts of gold/undp-tagged, both tagged as `pushcart process` does. The naive way is
a tantivy index of the documents in memory and each search run on it; its results must be the same. Steps are given in
processor time.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import resource
import tempfile
import time
import tracemalloc
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import median

import tantivy
from tantivy import TextAnalyzerBuilder, Tokenizer

from alerts.matching import Matcher, SavedSearch
from alerts.matching.batch import BATCH_MAX, RecordBatch
from alerts.matching.searches import text_plan
from corpus.settings import read_settings
from corpus.types import LANGUAGES, Document, Facet, Page
from corpus.vocabulary import Vocabulary, load_vocabulary
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger
from nlp.reading import ReadRequest, read_files
from search_api.engines.records import DocumentRecord, records_of
from search_api.engines.tantivy.compile import compile_plan
from search_api.engines.tantivy.schema import document_row, documents_schema
from search_api.query.parameters import SearchQuery, YearRange
from search_api.query.plan import Plan
from search_api.query.planning import with_filters
from tests.builders import make_document

Pair = tuple[int, str]
_PAGE_CHARACTERS = 3000
_TIMES = 5
_WORD = re.compile(r"[^\W\d_]+")


def read_documents(shared: Path, *, count: int, vocabulary: Vocabulary) -> list[Document]:
    """Return real documents, tagged; PDFs first, in an order drawn by chance."""
    folder = shared / "pdf-policy" / "usdol"
    paths = {hashlib.sha256(path.read_bytes()).hexdigest(): path for path in sorted(folder.glob("*.pdf"))}
    requests = [ReadRequest(sha256, path) for sha256, path in paths.items()]
    found = [(paths[each.sha256].stem, "en", each.pages, "") for each in read_files(requests, settings=read_settings())]
    with gzip.open(shared / "gold" / "undp-tagged.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [row for line in file if (row := json.loads(line))["lang"] in LANGUAGES and len(row["text"]) > 2000]
    random.Random(4).shuffle(rows)
    for row in rows[: max(0, count - len(found))]:
        found.append((row["title"] or row["id"], row["lang"], tuple(pages_of(row["text"])), str(row["year"] or "")[:4]))
    random.Random(5).shuffle(found)
    tagger = open_tagger(vocabulary)
    return [
        replace(
            make_document(
                f"d{number:04d}", title=title, lang=lang, published=year, pages=(), first_sequence=number + 1
            ),
            pages=pages,
            tags=tagger.tag(TaggedText(title=title, pages=pages, lang=lang)),
        )
        for number, (title, lang, pages, year) in enumerate(found[:count])
    ]


def pages_of(text: str) -> Iterator[Page]:
    """Yield a text in pages of usual length."""
    for number, start in enumerate(range(0, len(text), _PAGE_CHARACTERS), start=1):
        yield Page(number, text[start : start + _PAGE_CHARACTERS])


def draw_searches(count: int, *, vocabulary: Vocabulary) -> list[SavedSearch]:
    """Return so many searches with different texts."""
    dice = random.Random(6)
    names = sorted(
        {
            form
            for facet in (Facet.GROUP, Facet.SECTOR, Facet.TOPIC)
            for term in vocabulary.terms(facet)
            for form in term.forms[:1]
        }
    )
    places = [concept.label(lang) for concept in vocabulary.concepts(Facet.COUNTRY).values() for lang in LANGUAGES]
    countries = sorted(vocabulary.concepts(Facet.COUNTRY))
    drawn: dict[SearchQuery, None] = {}
    while len(drawn) < count:
        kind, name, other, place = dice.randrange(10), dice.choice(names), dice.choice(names), dice.choice(places)
        drawn[_search(kind, name, other, place, dice.choice(countries))] = None
    return [SavedSearch(number, query, since=0) for number, query in enumerate(drawn)]


def _search(kind: int, name: str, other: str, place: str, country: str) -> SearchQuery:
    match kind:
        case 0:
            return SearchQuery(text=f'"{name}" {place}')
        case 1:
            return SearchQuery(text=f"{name} {place} -({other})")
        case 2:
            longest = max(_WORD.findall(name), key=len)
            return SearchQuery(text=f"{longest[:6]}* {place}")
        case 3:
            return SearchQuery(text=f"{name} OR {other}", countries=(country,), years=YearRange(2000, None))
        case 4 | 5:
            return SearchQuery(text=f"{name} {other}")
        case _:
            return SearchQuery(text=f"{name} {place}")


def naive_pairs(
    records: Sequence[DocumentRecord], searches: Sequence[SavedSearch], plans: Sequence[Plan]
) -> tuple[list[Pair], float, float]:
    """Return what each search finds in an index in memory, the seconds to index, and those to search."""
    schema = documents_schema()
    began = time.process_time()
    index = tantivy.Index(schema)
    index.register_tokenizer("spaces", TextAnalyzerBuilder(Tokenizer.whitespace()).build())
    writer = index.writer(heap_size=200_000_000, num_threads=1)
    for record in records:
        writer.add_document(document_row(record))
    writer.commit()
    index.reload()
    searcher = index.searcher()
    indexed = time.process_time()
    found: list[Pair] = []
    ids: dict[tuple[int, int], str] = {}
    for search, plan in zip(searches, plans, strict=False):
        hits = searcher.search(compile_plan(plan, schema=schema, searcher=searcher), len(records), count=False).hits
        for _, address in hits:
            place = (address.segment_ord, address.doc)
            if place not in ids:
                ids[place] = str(searcher.doc(address)["id"][0])
            found.append((search.id, ids[place]))
    return found, indexed - began, time.process_time() - indexed


def measure(matcher: Matcher, records: Sequence[DocumentRecord]) -> tuple[list[Pair], dict[str, float]]:
    """Return what is matched, and the best seconds of each step of five runs, of processor time: the machine may be shared."""
    best: dict[str, float] = {}
    pairs: list[Pair] = []
    for _ in range(_TIMES):
        spent: Counter[str] = Counter()
        pairs = []
        for first in range(0, len(records), BATCH_MAX):
            part = records[first : first + BATCH_MAX]
            clock = time.process_time()
            batch = RecordBatch(part)
            masks = matcher._conditions.masks(batch)
            spent["masks"] += time.process_time() - clock
            clock = time.process_time()
            matcher._quick.hits(masks)
            matcher._slow.hits(masks)
            spent["narrowing"] += time.process_time() - clock
            batch = RecordBatch(part)
            clock = time.process_time()
            found = matcher.pairs_of(batch, [1] * len(part))
            spent["all"] += time.process_time() - clock
            pairs += [(search, part[number].id) for number, search in found]
        spent["exact checks"] = spent["all"] - spent["masks"] - spent["narrowing"]
        best = {name: min(seconds, best.get(name, seconds)) for name, seconds in spent.items()}
    return pairs, best


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("shared", type=Path)
    parser.add_argument("--searches", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--documents", type=int, nargs="+", default=[1, 64, 500])
    options = parser.parse_args()
    vocabulary = load_vocabulary()
    documents = read_documents(options.shared, count=max(options.documents), vocabulary=vocabulary)
    began = _now()
    records = [records_of(each, sequence=0, vocabulary=vocabulary)[0] for each in documents]
    characters = sum(len(page.text) for each in documents for page in each.pages)
    print(f"{len(documents)} documents, {characters / 1e6:.1f} million characters; records in {_s(began)}")
    everything = draw_searches(max(options.searches), vocabulary=vocabulary)
    Matcher(everything[:200], vocabulary=vocabulary)  # reads what the vocabulary reads once
    plans = [with_filters(text_plan(each.query, vocabulary=vocabulary), each.query) for each in everything]
    for count in options.searches:
        searches = everything[:count]
        matcher = built(searches, vocabulary=vocabulary)
        for size in options.documents:
            report(matcher, searches, records[:size], plans=plans)
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


def built(searches: Sequence[SavedSearch], *, vocabulary: Vocabulary) -> Matcher:
    """Return a matcher, built from what an earlier one kept, and print what both took."""
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept" / "texts.json"
        began = _now()
        Matcher(searches, vocabulary=vocabulary, kept=kept)
        first, size = _s(began), kept.stat().st_size / 1e6
        began = _now()
        matcher = Matcher(searches, vocabulary=vocabulary, kept=kept)
        again = _s(began)
    print(f"\n{len(searches):,} searches: built in {first}, from the kept file ({size:.1f} MB) in {again}", end="; ")
    print(f"arrays {matcher.array_bytes / 1e6:.1f} MB, {matcher._conditions.count // 2:,} conditions", end=", ")
    print(f"{len(matcher.unreadable)} troubled")
    return matcher


def report(
    matcher: Matcher, searches: Sequence[SavedSearch], records: Sequence[DocumentRecord], *, plans: Sequence[Plan]
) -> None:
    """Print one line for a number of documents."""
    pairs, spent = measure(matcher, records)
    steps = ", ".join(f"{name} {seconds * 1e3:.1f} ms" for name, seconds in spent.items())
    tracemalloc.start()
    matcher.pairs_of(RecordBatch(records[:BATCH_MAX]), [1] * min(BATCH_MAX, len(records)))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    counts = Counter(search for search, _ in pairs)
    typical = median(counts.get(each.id, 0) for each in searches) / len(records)
    print(
        f"  x {len(records):3}: {steps}; {len(pairs):,} matches, median {typical:.2%}; {peak / 1e6:.0f} MB for a batch"
    )
    expected, indexing, searching = naive_pairs(records, searches, plans)
    same = "the same" if sorted(expected) == sorted(pairs) else f"DIFFERENT: {len(set(expected) ^ set(pairs))}"
    print(f"         naive: indexing {indexing * 1e3:.0f} ms, searching {searching * 1e3:.0f} ms; {same}")


def _now() -> tuple[float, float]:
    return time.perf_counter(), time.process_time()


def _s(began: tuple[float, float]) -> str:
    """Return seconds by the clock, and those of this process: other work on the machine counts in the first only."""
    return f"{time.perf_counter() - began[0]:.2f} s (processor {time.process_time() - began[1]:.2f} s)"


if __name__ == "__main__":
    main()

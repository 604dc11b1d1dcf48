"""Time and memory to relate many documents, and one more; beside the plainest way, the same title and year.

    python -m benchmarks.works FOLDER --documents 100000 [--texts FILE.jsonl[.gz]] [--words 1500] [--more 200]

FOLDER is a scratch folder; its database is made anew. The documents are made of real texts (`lang`, `text` in JSON lines, as
../shared/data/gold/undp-tagged.jsonl.gz): sentences of several, a quarter of their words exchanged, with numbers. Of 100 documents
10 are copies of earlier ones with another cover, 5 are later editions, 3 extracts, 2 translations (the numbers of an earlier one
in words of another language), and 20 are of 400 series that share a template of a third of their words.

Documents are saved without their pages, whose text is of no matter here, so that the store holds what relating needs. Shown are
documents a second, the share of that for fingerprints, peak memory, sizes of tables, how many of the planted relations
were found, and how long one more document takes when all are there.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import random
import re
import resource
import shutil
import statistics
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.types import Document, Page
from corpus.works import RelationKind, pair_of
from nlp.works import relate, relate_waiting
from nlp.works.fingerprints import fingerprint
from nlp.works.titles import marks_of_title

_SERIES = 400
_TEXTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "gold" / "undp-tagged.jsonl.gz"
_AT = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Pool:
    """Real sentences and words of one language."""

    sentences: tuple[tuple[str, ...], ...]
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Made:
    """A document, what it was made of, and as what."""

    document: Document
    words: tuple[str, ...]
    origin: int = -1
    kind: RelationKind | None = None


def read_pools(path: Path) -> dict[str, Pool]:
    """Read sentences by language."""
    sentences: dict[str, list[tuple[str, ...]]] = {}
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as file:
        for row in map(json.loads, file):
            for sentence in re.split(r"(?<=[.!?])\s+", row["text"]):
                words = tuple(re.findall(r"\w+", sentence))
                if 6 <= len(words) <= 60:
                    sentences.setdefault(row["lang"], []).append(words)
    return {
        lang: Pool(tuple(found), tuple(word for each in found for word in each))
        for lang, found in sentences.items()
        if lang in ("en", "es", "fr")
    }


class Maker:
    """Makes documents one after the other: always the same ones."""

    def __init__(self, pools: dict[str, Pool], *, words: int) -> None:
        self._pools = pools
        self._words = words
        self._kept: list[Made] = []
        self._templates = [
            tuple(self._new_words(random.Random(f"series {each}"), "en", words // 3)) for each in range(_SERIES)
        ]

    def make(self, number: int) -> Made:
        """Return the document of a number, made of one of the documents before or of nothing."""
        dice = random.Random(number)
        draw = dice.random()
        made: Made | None = None
        if self._kept and draw < 0.2:
            at = dice.randrange(len(self._kept))
            made = self._related(dice, number, self._kept[at], draw)
        if made is None:
            made = self._new(dice, number, is_of_series=draw < 0.4)
            if len(self._kept) < 20_000:
                self._kept.append(made)
        return made

    def _new(self, dice: random.Random, number: int, *, is_of_series: bool) -> Made:
        lang = dice.choices(list(self._pools), weights=(7, 2, 1))[0]
        words = self._new_words(dice, lang, self._words)
        title = " ".join(dice.choice(self._pools[lang].sentences)[:9])
        if is_of_series:
            series = dice.randrange(_SERIES)
            template = self._templates[series]
            words = [*template, *self._new_words(dice, "en", self._words - len(template))]
            lang, title = "en", f"Profiles of series {series}: {' '.join(dice.choices(self._pools['en'].words, k=3))}"
        return self._made(number, words, title=title, lang=lang, year=dice.randint(1995, 2025))

    def _related(self, dice: random.Random, number: int, origin: Made, draw: float) -> Made:
        before = origin.document
        year, lang, words = before.year or 2000, before.lang, list(origin.words)
        if draw < 0.10:
            kind, words = RelationKind.COPY, [*self._new_words(dice, lang, 60), *words]
        elif draw < 0.15:
            kind, year = RelationKind.EDITION, year + 1
            words = [
                str(dice.randint(100, 99_999)) if word.isdigit() else self._perhaps(dice, word, lang, 0.05)
                for word in words
            ]
        elif draw < 0.18:
            kind = RelationKind.EXTRACT
            start = dice.randrange(len(words) // 2)
            words = words[start : start + len(words) // 3]
        else:
            kind, lang = RelationKind.TRANSLATION, dice.choice([each for each in self._pools if each != lang])
            words = [word if word.isdigit() else dice.choice(self._pools[lang].words) for word in words]
        title = (
            before.title
            if kind in (RelationKind.COPY, RelationKind.EDITION)
            else f"{kind} {number} {words[0]} {words[5]}"
        )
        at = int(before.id[1:], 16)
        return self._made(number, words, title=title, lang=lang, year=year, origin=at, kind=kind)

    def _new_words(self, dice: random.Random, lang: str, count: int) -> list[str]:
        words: list[str] = []
        while len(words) < count:
            for word in dice.choice(self._pools[lang].sentences):
                words.append(self._perhaps(dice, word, lang, 0.25))
                if dice.random() < 0.01:
                    words.append(str(dice.randint(100, 99_999)))
        return words[:count]

    def _perhaps(self, dice: random.Random, word: str, lang: str, share: float) -> str:
        return dice.choice(self._pools[lang].words) if dice.random() < share else word

    def _made(
        self,
        number: int,
        words: Sequence[str],
        *,
        title: str,
        lang: str,
        year: int,
        origin: int = -1,
        kind: RelationKind | None = None,
    ) -> Made:
        size = max(len(words) // 8, 1)
        pages = tuple(
            Page(at + 1, " ".join(words[start : start + size]), ())
            for at, start in enumerate(range(0, len(words), size))
        )
        document = Document(
            id=f"d{number:016x}",
            source=f"publisher-{number % 40}",
            url=f"https://example.org/{number}.pdf",
            sha256=hashlib.sha256(str(number).encode()).hexdigest(),
            title=title,
            lang=lang,
            first_seen=_AT,
            publisher=f"Publisher {number % 40}",
            published=str(year),
            page_count=len(pages),
            pages=pages,
        )
        return Made(document, tuple(words), origin, kind)


def relate_all(store: Store, maker: Maker, count: int) -> Iterator[Made]:
    """Save and relate documents in batches, and yield them."""
    batch: list[Made] = []
    for number in range(count):
        batch.append(maker.make(number))
        if len(batch) == 100 or number == count - 1:
            for each in batch:
                store.documents.save(each.document)
            relate(store, [each.document for each in batch])
            yield from batch
            batch = []


def _plain(document: Document) -> tuple[str, str]:
    return " ".join(marks_of_title(document.title).rest), document.published


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--words", type=int, default=1500)
    parser.add_argument("--more", type=int, default=200, help="documents that are related one by one at the end")
    parser.add_argument("--texts", type=Path, default=_TEXTS)
    asked = parser.parse_args()
    shutil.rmtree(asked.folder, ignore_errors=True)
    with open_store(Settings(data_dir=asked.folder)) as store:
        _measure(store, Maker(read_pools(asked.texts), words=asked.words), count=asked.documents, more=asked.more)
    size = sum(path.stat().st_size for path in asked.folder.rglob("*") if path.is_file())
    print(f"database: {size / 2**20:.0f} MiB, {size / asked.documents / 1024:.1f} KiB a document")


def _measure(store: Store, maker: Maker, *, count: int, more: int) -> None:
    planted: dict[tuple[str, str], RelationKind] = {}
    titles: dict[tuple[str, str], list[str]] = {}
    began, before = time.perf_counter(), time.process_time()
    for done, made in enumerate(relate_all(store, maker, count), start=1):
        _note(made, planted, titles)
        if done % max(count // 10, 1) == 0:
            seconds = time.perf_counter() - began
            print(f"{done:8} related in {seconds:6.0f} s ({seconds / done * 1000:.1f} ms each)", flush=True)
    relate_waiting(store)
    seconds = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    used = time.process_time() - before
    print(
        f"all {count}, making and saving them too: {seconds:.0f} s, of the processor {used:.0f} s; peak {peak:.0f} MiB"
    )
    print(f"relations: {', '.join(f'{kind} {found}' for kind, found in store.relations.counts().items())}")
    _show_found(store, planted, titles)
    _measure_one_more(store, maker, count=count, more=more)


def _note(made: Made, planted: dict[tuple[str, str], RelationKind], titles: dict[tuple[str, str], list[str]]) -> None:
    if made.kind is not None:
        planted[pair_of(f"d{made.origin:016x}", made.document.id)] = made.kind
    titles.setdefault(_plain(made.document), []).append(made.document.id)


def _show_found(
    store: Store, planted: dict[tuple[str, str], RelationKind], titles: dict[tuple[str, str], list[str]]
) -> None:
    found = {each.pair: each.kind for each in store.relations.found(limit=10_000_000)}
    by_title = {pair_of(one, other) for ids in titles.values() for at, one in enumerate(ids) for other in ids[at + 1 :]}
    for kind in (RelationKind.COPY, RelationKind.EDITION, RelationKind.EXTRACT, RelationKind.TRANSLATION):
        wanted = [pair for pair, its in planted.items() if its is kind]
        right = sum(found.get(pair) is kind for pair in wanted)
        plain = sum(pair in by_title for pair in wanted)
        print(f"{kind:12} planted {len(wanted):6}  found {right:6}  by title and year {plain:6}")
    wrong = Counter(
        f"{its} as {found[pair]}" for pair, its in planted.items() if pair in found and found[pair] is not its
    )
    print(f"planted as one thing and found as another: {dict(wrong)}")


def _measure_one_more(store: Store, maker: Maker, *, count: int, more: int) -> None:
    fingerprints: list[float] = []
    whole: list[float] = []
    for number in range(count, count + more):
        document = maker.make(number).document
        began = time.process_time()  # what other programs take is of no matter
        fingerprint(document.pages)
        fingerprints.append(time.process_time() - began)
        store.documents.save(document)
        began = time.process_time()
        relate(store, [document])
        whole.append(time.process_time() - began)
    rest = sorted(one - other for one, other in zip(whole, fingerprints, strict=True))
    for name, times in (("fingerprint", sorted(fingerprints)), ("finding, judging, keeping", rest)):
        worst = times[-1]
        high = times[int(len(times) * 0.95)]
        print(
            f"one more, {name}: median {statistics.median(times) * 1e3:.1f} ms, p95 {high * 1e3:.1f}, worst {worst * 1e3:.1f}"
        )


if __name__ == "__main__":
    main()

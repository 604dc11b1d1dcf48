"""Synthetic documents of realistic length: words drawn with the frequencies of real texts, or of an invented vocabulary."""

from __future__ import annotations

import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate
from pathlib import Path

from corpus.store import Store
from corpus.types import Document, Facet, FetchedFile, Outcome, Page, Reading, Source, Tag
from corpus.vocabulary import Vocabulary

PAGES, WORDS = 12, 300
LANGUAGES = {"en": 0.70, "es": 0.15, "fr": 0.10, "pt": 0.05}


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


def fill(store: Store, count: int, *, words: dict[str, Words], vocabulary: Vocabulary, pages: int = PAGES) -> None:
    """Save documents of so many pages each until the store has so many documents."""
    for number in range(40):
        store.sources.save(Source(slug=f"publisher-{number}", name=f"Publisher {number}"))
    present = store.status().documents
    began = time.perf_counter()
    for number in range(present, count):
        document = make(number, words=words, vocabulary=vocabulary, pages=pages)
        store.files.save(
            FetchedFile(
                source=document.source,
                url=document.url,
                sha256=document.sha256,
                size=1000,
                content_type="application/pdf",
                fetched_at=document.first_seen,
            )
        )
        store.readings.save(
            Reading(sha256=document.sha256, outcome=Outcome.READ, pages=document.pages, page_total=pages),
            reader_version="benchmark",
        )
        store.documents.save(document)
    if count > present:
        print(f"made {count - present} documents in {time.perf_counter() - began:.0f} s", flush=True)


def make(number: int, *, words: dict[str, Words], vocabulary: Vocabulary, pages: int = PAGES) -> Document:
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
        page_count=pages,
        tags=tuple(_tags(dice, vocabulary=vocabulary)),
        pages=tuple(
            Page(page, words[lang].draw(dice, count=dice.randint(WORDS - 100, WORDS + 100)))
            for page in range(1, pages + 1)
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

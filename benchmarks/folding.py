"""What it costs that copies and translations are one hit, in the embedded engine: the same documents with folds and without.

    python -m benchmarks.folding [--documents N] [--folded SHARE]

Documents are short (40 words of an invented vocabulary, drawn with Zipf's frequencies): the engine's part of a search is
measured, without page texts. Two indexes hold the same documents; in one of them the share SHARE is in folds of two or three.
Both are asked in turns, each search a new text, so that nothing is kept from the last one. Processor time, in milliseconds.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.synthetic import Words, invent_words
from corpus.types import Change, ChangeKind, Document, Facet, Page, Tag
from corpus.vocabulary import load_vocabulary
from search_api.engines.base import EngineResults
from search_api.engines.tantivy import TantivyEngine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse

_VOCABULARY = load_vocabulary()
_COUNTRIES = sorted(_VOCABULARY.concepts(Facet.COUNTRY))


def made(count: int, *, words: Words, folded: float) -> Iterator[Change]:
    """Yield changes of so many documents, in an order that is the same each time."""
    dice = random.Random(3)
    left, fold = 0, ""
    for number in range(count):
        if left == 0:
            is_folded = dice.random() < folded / (2.5 - 1.5 * folded)
            left, fold = (dice.choice((2, 3)), f"f{number:x}") if is_folded else (1, "")
        left -= 1
        text = words.draw(dice, count=40)
        tags = tuple(Tag(Facet.COUNTRY, each, 0.9, True) for each in dice.sample(_COUNTRIES, 2))
        document = Document(
            id=f"d{number:07}",
            source=f"s{number % 40}",
            url=f"https://example.org/{number}",
            sha256="0" * 64,
            title=text[:40],
            lang="en",
            first_seen=datetime(2026, 1, 1, tzinfo=UTC),
            first_sequence=number + 1,
            published=str(2000 + number % 25),
            page_count=1,
            pages=(Page(1, text),),
            tags=tags,
            fold=fold,
        )
        yield Change(number + 1, document.id, ChangeKind.ADDED, document)


def without_folds(changes: Iterator[Change]) -> Iterator[Change]:
    """Yield the same changes, each document alone."""
    for change in changes:
        assert change.document is not None
        yield replace(change, document=replace(change.document, fold=""))


def search(engine: TantivyEngine, text: str) -> tuple[float, EngineResults]:
    """Return processor time in milliseconds and the answer."""
    query = SearchQuery(text=text)
    tree = parse(text, vocabulary=_VOCABULARY).tree
    began = time.process_time()
    answer = engine.search(query, tree=tree)
    return (time.process_time() - began) * 1000, answer


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=20_000)
    parser.add_argument("--folded", type=float, default=0.2)
    asked = parser.parse_args()
    words = invent_words()["en"]
    with tempfile.TemporaryDirectory() as folder:
        alone = TantivyEngine(Path(folder) / "alone", vocabulary=_VOCABULARY)
        folds = TantivyEngine(Path(folder) / "folds", vocabulary=_VOCABULARY)
        alone.apply(without_folds(made(asked.documents, words=words, folded=asked.folded)))
        folds.apply(made(asked.documents, words=words, folded=asked.folded))
        kinds = {
            "all documents": [""] * 5,
            "a common word": list(words.words[10:40]),
            "two common words": [
                f"{one} {two}" for one, two in zip(words.words[10:40], words.words[40:70], strict=True)
            ],
            "a rare word": list(words.words[3000:3030]),
        }
        print(
            f"{asked.documents:,} documents, {asked.folded:.0%} of them in folds; milliseconds of processor time, median"
        )
        print(f"{'':18}{'alone':>8}{'folded':>8}{'ratio':>7}{'works':>9}{'documents':>11}")
        for kind, texts in kinds.items():
            rows = [(search(alone, text), search(folds, text)) for text in texts]
            plain = statistics.median(row[0][0] for row in rows)
            with_folds = statistics.median(row[1][0] for row in rows)
            assert all(row[0][1].total == row[1][1].total + row[1][1].folded for row in rows)
            works = statistics.median(row[1][1].total for row in rows)
            documents = statistics.median(row[0][1].total for row in rows)
            print(f"{kind:18}{plain:8.1f}{with_folds:8.1f}{with_folds / plain:7.2f}{works:9,.0f}{documents:11,.0f}")


if __name__ == "__main__":
    main()

"""A store of very many synthetic documents that one search finds all of, written in bulk: as a harvest would, it takes an hour."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from benchmarks.synthetic import Words, make
from corpus.store import Store, rows
from corpus.store.tables import changes, counters, documents, pages, readings, tags
from corpus.types import ChangeKind, Document, Outcome, Page, Reading, Source
from corpus.vocabulary import Vocabulary

SEARCH = "(street vendors) OR (vendedores ambulantes) OR (vendeurs de rue)"
"""Finds every document: each has the name in its own language, on one page at least."""
_NAMES = {
    "en": "street vendors",
    "es": "vendedores ambulantes",
    "fr": "vendeurs de rue",
    "pt": "vendedores ambulantes",
}
_HOSTILE = (
    '=HYPERLINK("http://evil.example";"{title}")',
    "+1+cmd|' /C calc'!A0 {title}",
    "{title}\nER  - \nTY  - BOOK",
    "{title} }}, author = {{Nobody}}, note = {{",
    'Quotes "inside", commas, and ; semicolons: {title}',
    "100 % of $5 & #1_a ~ ^ \\ {title}",
    "\u202e{title}\u2066",
    "@article{{key, {title}",
    "\t-2+3 {title}",
    "{title} " * 40,
)
_TOGETHER = 500


def fill_in_bulk(
    store: Store, count: int, *, file: Path, words: dict[str, Words], vocabulary: Vocabulary, pages_each: int
) -> None:
    """Write documents until the store has so many. Every tenth has a title that breaks careless writers.

    Args:
        file: the SQLite database of the store.
    """
    for number in range(40):
        store.sources.save(Source(slug=f"publisher-{number}", name=f"Publisher {number}"))
    present, began = store.status().documents, time.perf_counter()
    database = sa.create_engine(f"sqlite:///{file}")
    for start in range(present, count, _TOGETHER):
        numbers = range(start, min(start + _TOGETHER, count))
        made = [made_to_be_found(each, words=words, vocabulary=vocabulary, pages_each=pages_each) for each in numbers]
        with database.begin() as connection:
            _insert(connection, made, first=start + 1)
    database.dispose()
    if count > present:
        print(f"made {count - present} documents in {time.perf_counter() - began:.0f} s", flush=True)


def made_to_be_found(number: int, *, words: dict[str, Words], vocabulary: Vocabulary, pages_each: int) -> Document:
    """Return the document of a number: always the same, and found by SEARCH."""
    made = make(number, words=words, vocabulary=vocabulary, pages=pages_each)
    dice = random.Random(-number)
    name, texts = _NAMES[made.lang], list(made.pages)
    for place in {dice.randrange(len(texts)) for _ in range(3)}:
        said = texts[place].text.split()
        said.insert(dice.randrange(len(said)), name)
        texts[place] = Page(place + 1, " ".join(said))
    title = f"{name} {made.title}" if number % 3 == 0 else made.title
    if number % 10 == 0:
        title = _HOSTILE[number // 10 % len(_HOSTILE)].format(title=title)
    return replace(made, title=title, pages=tuple(texts), work=made.id, authors=tuple(_authors(dice)), publisher="ILO")


def _authors(dice: random.Random) -> Iterator[str]:
    for _ in range(dice.randint(0, 3)):
        yield dice.choice(("Ana Torres", "Ministry of Labour, Employment", "van der Berg, Jan", "WIEGO", "=Bad, Name"))


def _insert(connection: sa.Connection, made: list[Document], *, first: int) -> None:
    read = [Reading(each.sha256, Outcome.READ, pages=each.pages, page_total=each.page_count) for each in made]
    connection.execute(sa.insert(readings), [rows.reading_values(each, "benchmark") for each in read])
    texts = [
        {"sha256": each.sha256, "number": page.number, "text": page.text, "zones": None}
        for each in made
        for page in each.pages
    ]
    connection.execute(sa.insert(pages), texts)
    numbered = list(enumerate(made, start=first))
    saved = [
        rows.document_values(each, "benchmark")
        | {"first_seen": each.first_seen, "first_sequence": number, "work": each.work, "fold": each.fold}
        | {"copies": each.copies}
        for number, each in numbered
    ]
    connection.execute(sa.insert(documents), saved)
    connection.execute(sa.insert(tags), [rows.tag_values(each.id, tag) for each in made for tag in each.tags])
    logged = [
        {"sequence": number, "document_id": each.id, "kind": ChangeKind.ADDED.value, "at": each.first_seen}
        for number, each in numbered
    ]
    connection.execute(sa.insert(changes), logged)
    connection.execute(sa.update(counters).where(counters.c.name == "change").values(value=numbered[-1][0]))

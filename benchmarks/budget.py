"""What the dearest admitted searches cost: worst CPU time and memory per kind of search, and what is refused.

    python -m benchmarks.budget FOLDER [--documents N --texts FILE.jsonl[.gz]] [--fuzzed 5000]
        [--engine both|tantivy|elasticsearch] [--elasticsearch-url URL]

FOLDER is a data folder. With --documents it is filled up to so many synthetic ones first, as for benchmarks.search; without, it
is used as it is, such as one that `pushcart demo` has made. A search is service.search as a page makes it. Seconds are those of
all processors for this process; for Elasticsearch they are those of the clock, and nothing is told of its memory. `peak` is by how
much the largest size of this process grew during the kind. `--fuzzed` adds so many texts put together by chance from signs
and words that cost much.
"""

from __future__ import annotations

import argparse
import random
import resource
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.engines import TANTIVY, add_engine_arguments, drop_indexes, opened, settings_of
from benchmarks.synthetic import fill, invent_words, read_words
from corpus.errors import BadQuery, PushcartError
from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.vocabulary import Vocabulary, load_vocabulary
from search_api.answers.service import search
from search_api.engines.base import SearchEngine
from search_api.indexing import bring_up_to_date
from search_api.query.parameters import SearchQuery, Sort
from search_api.query.spelling import corrected

TEXT_CHARACTERS = 2000
"""Longest text that the settings allow by default."""
CPU_SECONDS_MAX = 2.0
MEBIBYTES_MAX = 200.0


STOP_WORDS = tuple(
    "the of and in to a for on is with by as are at from that de la el los las del y en que por con para un una se su al lo"  # noqa: SIM905
    " como le les des du et dans pour est sur par au aux ce cette ne pas plus o os da do das dos e em um uma com nao mais".split()
)


@dataclass(frozen=True, slots=True)
class Kind:
    """Searches of one kind."""

    name: str
    queries: tuple[SearchQuery, ...]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--texts", type=Path)
    parser.add_argument("--fuzzed", type=int, default=0)
    parser.add_argument("--kind", help="measure only kinds whose name has this")
    add_engine_arguments(parser, prefix="benchmark-budget")
    asked = parser.parse_args()
    vocabulary = load_vocabulary()
    chosen = settings_of(asked, folder=asked.folder)
    try:
        with open_store(Settings(data_dir=asked.folder)) as store, opened(chosen, vocabulary=vocabulary) as engines:
            if asked.documents:
                words = read_words(asked.texts) if asked.texts else invent_words()
                fill(store, asked.documents, words=words, vocabulary=vocabulary)
            held = held_words(store)
            measured = [*kinds(held), *([fuzzed(held, count=asked.fuzzed)] if asked.fuzzed else [])]
            measured = [kind for kind in measured if not asked.kind or asked.kind in kind.name]
            for name, engine in engines.items():
                bring_up_to_date(engine, store)
                print(f"\n{engine.statistics().engine}, {engine.statistics().documents} documents")
                print(f"{'kind':<34}{'searches':>9}{'refused':>9}{'failed':>8}{'worst s':>9}{'peak MiB':>10}")
                for kind in measured:
                    report(kind, engine, store=store, vocabulary=vocabulary, cpu=name == TANTIVY)
    finally:
        drop_indexes(chosen)


def held_words(store: Store) -> tuple[str, ...]:
    """Return different words of documents, in the order in which they stand there."""
    ids = [document.id for document in store.documents.newest(limit=40)]
    texts = store.pages.texts({each: [1, 2] for each in ids}).values()
    return tuple(dict.fromkeys(word for text in texts for word in text.split() if word.isalpha()))[:4000]


def kinds(words: Sequence[str]) -> Iterator[Kind]:
    """Return kinds of searches, from what people ask to what nobody should."""
    dice = random.Random(3)
    some = sorted({word[:2].lower() for word in words})

    def drawn(count: int) -> list[str]:
        return [dice.choice(words) for _ in range(count)]

    def long(count: int) -> list[str]:
        return dice.sample([word for word in words if len(word) > 7], count)

    def many(name: str, *texts: str, **others: object) -> Kind:
        return Kind(name, tuple(SearchQuery(text=text[:TEXT_CHARACTERS], **others) for text in texts))  # type: ignore[arg-type]

    yield many("two words", *(" ".join(drawn(2)) for _ in range(10)))
    yield many("two words, 100 hits", *(" ".join(drawn(2)) for _ in range(5)), limit=100)
    yield many("pasted, 200 words", *(" ".join(drawn(200)) for _ in range(4)))
    yield many("pasted, to the last character", *(" ".join(drawn(400)) for _ in range(4)))
    yield many("pasted, 100 hits", *(" ".join(drawn(400)) for _ in range(3)), limit=100)
    yield many("a, x 1000", "a," * 1000, "the," * 500)
    yield many("words joined by signs", ",".join(drawn(300)), "-".join(drawn(300)), "/".join(drawn(300)))
    yield many("one phrase of a page", f'"{" ".join(words[:250])}"', f'"{"the " * 400}"', f'"{"a " * 900}"')
    yield many("phrases", *(" ".join(f'"{" ".join(drawn(2))}"' for _ in range(100)) for _ in range(3)))
    yield many("phrases OR", " OR ".join(f'"{" ".join(drawn(2))}"' for _ in range(100)))
    yield many("loose phrases", *(f'"{" ".join(drawn(5))}"~40' for _ in range(5)), f'"{"the of " * 50}"~50')
    yield many("loose phrase of one word", f'"{"the " * 300}"~50', f'"{"the of and " * 12}"~50')
    yield many("one beginning", *(f"{each}*" for each in some[:30]))
    yield many("beginnings", " ".join(f"{each}*" for each in (some * 4)[:200]))
    yield many("beginnings OR", " OR ".join(f"{each}*" for each in (some * 4)[:200]))
    yield many("open phrases", '"the a"*', '"of the c"*', " OR ".join(f'"the {each}"*' for each in (some * 4)[:150]))
    yield many(
        "20 beginnings OR", *(" OR ".join(f"{each}*" for each in dice.sample(some, 20)) for _ in range(3)), limit=100
    )
    yield many("6 near spellings OR", *(" OR ".join(f"{each}~2" for each in long(6)) for _ in range(3)), limit=100)
    yield many("5 open phrases OR", " OR ".join(f'"the {each[:4]}"*' for each in long(5)), limit=100)
    yield many(
        "10 loose phrases OR",
        " OR ".join(f'"the {" ".join(drawn(1))} of and in to a for on is"~50' for _ in range(10)),
        limit=100,
    )
    yield many("100 phrases OR", " OR ".join(f'"{each} the"' for each in (*drawn(50), "the", "of", "in")), limit=100)
    yield many("300 words AND", " AND ".join(f"{a}{b}" for a in "aeiouyxz" for b in "bcdflmnprstv "), limit=100)
    yield many("stop words, 100 hits", ",".join(STOP_WORDS), " AND ".join(STOP_WORDS), " ".join(STOP_WORDS), limit=100)
    yield many("all at once", " ".join(drawn(150)) + " " + " OR ".join((*(f"{each}*" for each in some[:8]),
        *(f"{word}~2" for word in long(2)), *(f'"the {each}"*' for each in ("wor",)))), limit=100)  # fmt: skip
    yield many("near spellings", " ".join(f"{word}~2" for word in drawn(200)))
    yield many("near spellings OR", " OR ".join(f"{word}~2" for word in drawn(200)))
    yield many("NOT", " ".join(f"-{word}" for word in drawn(200)), "NOT " * 400 + "a", "-(" * 40 + "a")
    yield many(
        "OR and AND", " OR ".join(drawn(200)), " AND ".join(drawn(200)), " OR ".join("ab AND c" for _ in range(150))
    )
    yield many("brackets", "(a OR " * 39 + "b", "(" * 1000, "((a b) OR (c d)) " * 100)
    yield many("weights", " ".join(f"{word}^{place}" for place, word in enumerate(drawn(150))), "a" + "^2" * 600)
    yield many("named filters", "country:Prou " * 150, ",".join(["country:Pru"] * 150), "country:" + "Xyzzyx," * 250)
    yield many(
        "years and dois", "year:" + ",".join(["2015"] * 390), "doi:" + "a," * 900, "year:1..99999999999999999999"
    )
    yield many(
        "fields", " ".join(f"title:{word}" for word in drawn(150)), " ".join(f"author:{each}*" for each in some * 2)
    )
    yield many("sets and ranges", "title: IN [" + " ".join(drawn(250)) + "]", "[a TO b] " * 150)
    yield many("by date", *(" ".join(drawn(2)) for _ in range(5)), sort=Sort.NEWEST)
    yield Kind("filters", (SearchQuery(text=" ".join(drawn(2)), countries=("PER", "IND"), topics=("social_protection",),
                                       langs=("en", "es"), about=True),))  # fmt: skip


SIGNS = (
    *(
        '"',
        "(",
        ")",
        "*",
        "~",
        "~2",
        "^",
        "^9",
        ":",
        "-",
        "+",
        "[",
        "]",
        "{",
        "}",
        "/",
        "\\",
        " OR ",
        " AND ",
        " NOT ",
        ",",
        " TO ",
    ),
    *(
        " IN ",
        "title:",
        "year:",
        "country:",
        "..",
        "\x00",
        "\u202e",
        "\U0001f600",
        "é",
        "e\u0301",
        "&&",
        "||",
        "'",
        "“",
        "9" * 30,
    ),
)


def fuzzed(words: Sequence[str], *, count: int) -> Kind:
    """Return texts put together by chance; always the same ones."""
    dice = random.Random(11)
    texts: list[str] = []
    for _ in range(count):
        pieces = [dice.choice(SIGNS) for _ in range(dice.randint(1, 6))]
        pieces += [dice.choice(words)[: dice.choice((1, 2, 3, 20))] for _ in range(dice.randint(1, 5))]
        size = dice.choice((1, 3, 10, 100, 500))
        joined = dice.choice(("", " ", " ", ","))
        text = joined.join(dice.choice(pieces) for _ in range(size))
        texts.append(text[:TEXT_CHARACTERS])
    return Kind("fuzzed", tuple(SearchQuery(text=text, limit=dice.choice((1, 20, 20, 100))) for text in texts))


def report(kind: Kind, engine: SearchEngine, *, store: Store, vocabulary: Vocabulary, cpu: bool) -> None:
    """Ask and print a line; a search that costs more than it may is shown."""
    clock = time.process_time if cpu else time.perf_counter
    worst, refused, failed, dearest = 0.0, 0, 0, ""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for query in kind.queries:
        began = clock()
        try:
            found = search(query, engine=engine, store=store, vocabulary=vocabulary)
            if not found.total:
                corrected(query.text, engine=engine, store=store, vocabulary=vocabulary)
        except BadQuery:
            refused += 1
        except PushcartError as error:
            failed += 1
            print(f"   {type(error).__name__}: {error} {query.text[:60]!r}")
        spent = clock() - began
        if spent > worst:
            worst, dearest = spent, query.text
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    too_much = worst > CPU_SECONDS_MAX or peak > MEBIBYTES_MAX
    print(
        f"{kind.name:<34}{len(kind.queries):>9}{refused:>9}{failed:>8}{worst:>9.2f}{peak:>10.0f}"
        + (f"  TOO MUCH: {dearest[:50]!r}" if too_much else ""),
        flush=True,
    )


if __name__ == "__main__":
    main()

"""Check quotations of real documents: true ones, changed ones and invented ones, alone and in drafts, beside a phrase search.

    .venv/bin/python -m benchmarks.quotes DATA_FOLDER --seeds 1 2 --other ../shared/data/gold/undp-tagged.jsonl.gz

Quotations are drawn at random from the pages of the data folder, which is read and not changed. A changed one that happens to
stand somewhere as it is now is drawn again. Figures are given for each seed: what was looked at while the checker was built
(seed 1) and what was not (seed 2).
"""

from __future__ import annotations

import argparse
import asyncio
import gzip
import json
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from corpus.settings import Settings
from corpus.store import Store, open_store
from corpus.store.tables import documents, pages
from corpus.tag_rules import Zone
from corpus.vocabulary import load_vocabulary
from corpus.zones import without, zones_from_json
from search_api.engines.base import SearchEngine
from search_api.engines.opening import open_engine
from search_api.query.parameters import SearchQuery
from search_api.query.parse import parse
from search_api.quotes.aligning import DifferenceKind
from search_api.quotes.checking import CheckedQuote, QuoteVerdict
from search_api.quotes.drafts import DraftChecker
from search_api.quotes.words import words_of

LANGUAGES = ("en", "es", "fr", "pt")
MARKS = {"en": "“”", "es": "«»", "fr": "«»", "pt": "“”"}
NOT = {"en": "not", "es": "no", "fr": "pas", "pt": "não"}
COUNT = 100
SENTENCES = 60
IN_DRAFT = 6
_BETWEEN = frozenset({Zone.RUNNING, Zone.FOOTNOTE})
_FIGURE = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]{5,}")


@dataclass(frozen=True)
class RealPage:
    document: str
    lang: str
    number: int
    text: str
    body: str
    """Without running heads and footnotes."""


@dataclass
class Tally:
    right: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    phrase: Counter[str] = field(default_factory=Counter)
    seconds: list[float] = field(default_factory=list)
    """By the clock."""
    processor: list[float] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)


class Drawn:
    """Draws quotations from the pages of a data folder."""

    def __init__(self, found: Sequence[RealPage], *, seed: int) -> None:
        self.random = random.Random(seed)
        self.by_lang = {lang: [page for page in found if page.lang == lang] for lang in LANGUAGES}
        self.by_lang = {lang: listed for lang, listed in self.by_lang.items() if listed}
        self.all = "\n" + "\n\n".join(
            "\n" + "\n".join(word.text for word in words_of(page.text)) + "\n" for page in found
        )

    def stands_somewhere(self, text: str) -> bool:
        return "\n" + "\n".join(word.text for word in words_of(text)) + "\n" in self.all

    def true(self, *, least: int = 8) -> tuple[RealPage, str]:
        """Return 8 to 40 words of a page as somebody copies them: with its line breaks, or on one line, or typed anew."""
        while True:
            page = self.random.choice(self.by_lang[self.random.choice(list(self.by_lang))])
            tokens = list(re.finditer(r"\S+", page.text))
            length = self.random.randint(least, 40)
            if len(tokens) <= length:
                continue
            first = self.random.randrange(len(tokens) - length)
            text = page.text[tokens[first].start() : tokens[first + length - 1].end()]
            # A quotation is of sentences: rows of tables, lists of codes and the like are not quoted.
            if sum(each.isalpha() for each in text) < 0.7 * len(text) or len(words_of(text)) < least or "  " in text:
                continue
            return page, self._as_copied(text)

    def _as_copied(self, text: str) -> str:
        way = self.random.randrange(4)
        if way == 0:
            return text
        plain = " ".join(text.split())
        if way == 1:
            return plain
        if way == 2:  # broken anew within a word, as another column would
            words = [match for match in _WORD.finditer(plain) if len(match.group()) > 7]
            if words:
                at = self.random.choice(words).start() + 4
                return f"{plain[:at]}-\n{plain[at:]}"
            return plain
        return plain.replace("fi", "ﬁ").replace("“", '"').replace("”", '"').replace("’", "'")

    def over_a_page_break(self) -> tuple[RealPage, str]:
        """Return the last words of a page with the first ones of the next, 12 to 30 in all, as one sentence."""
        while True:
            listed = self.by_lang[self.random.choice(list(self.by_lang))]
            at = self.random.randrange(len(listed) - 1)
            page, following = listed[at : at + 2]
            last, first = page.body.split(), following.body.split()
            if (
                page.document != following.document
                or page.number + 1 != following.number
                or min(len(last), len(first)) < 40
            ):
                continue
            text = " ".join([*last[-self.random.randint(6, 15) :], *first[: self.random.randint(6, 15)]])
            if last[-1][-1] not in ".:;!?" and sum(each.isalpha() for each in text) > 0.75 * len(text):
                return page, text

    def changed(self, *, kind: str, least: int = 8) -> tuple[RealPage, str, str]:
        """Return a page, what is printed there, and the same with a change."""
        while True:
            page, text = self.true(least=least)
            text = " ".join(text.replace("-\n", "").replace("ﬁ", "fi").split())
            changed = getattr(self, f"_{kind}")(text, page.lang)
            if changed and changed != text and not self.stands_somewhere(changed):
                return page, text, changed

    def _number(self, text: str, _lang: str) -> str:
        found = list(_FIGURE.finditer(text))
        if not found:
            return ""
        match = self.random.choice(found)
        other = str(int(match.group()[:9]) + self.random.choice((1, 2, 10, -1)) if int(match.group()[:9]) else 3)
        return text[: match.start()] + other.lstrip("-") + text[match.end() :]

    def _negation(self, text: str, lang: str) -> str:
        words = text.split()
        own = [at for at, word in enumerate(words) if word.lower() in NOT.values()]
        if own:
            return " ".join(word for at, word in enumerate(words) if at != own[0])
        at = self.random.randrange(2, len(words) - 1)
        return " ".join([*words[:at], NOT[lang], *words[at:]])

    def _swapped(self, text: str, lang: str) -> str:
        found = list(_WORD.finditer(text))
        other = _WORD.search(self.random.choice(self.by_lang[lang]).text)
        if not found or other is None:
            return ""
        match = self.random.choice(found)
        return text[: match.start()] + other.group().lower() + text[match.end() :]

    def _dropped(self, text: str, _lang: str) -> str:
        words = text.split()
        count = self.random.choice((1, 2, 3))
        at = self.random.randrange(2, len(words) - count - 1)
        return " ".join([*words[:at], *words[at + count :]])


def invented(other: Sequence[str], drawn: Drawn) -> Iterator[str]:
    """Yield sentences that no page here has: of other texts, and put together from words of pages."""
    while True:
        if drawn.random.random() < 0.7:
            sentences = re.split(r"(?<=[.!?])\s+", drawn.random.choice(other))
            text = drawn.random.choice(sentences)
        else:
            two = [drawn.true()[1].split() for _ in range(2)]
            text = " ".join(word for pair in zip(*two, strict=False) for word in pair)
        if 8 <= len(text.split()) <= 40 and not drawn.stands_somewhere(text):
            yield " ".join(text.split())


def real_pages(store: Store) -> list[RealPage]:
    asked = (
        sa.select(documents.c.id, documents.c.lang, pages.c.number, pages.c.text, pages.c.zones)
        .join(pages, pages.c.sha256 == documents.c.sha256)
        .where(documents.c.lang.in_(LANGUAGES), sa.func.length(pages.c.text) > 400)
        .order_by(documents.c.id, pages.c.number)
    )
    with store.pages._reads() as connection:
        rows = connection.execute(asked).all()
    return [
        RealPage(document, lang, number, text, without(text, zones_from_json(zones, length=len(text)) or (), _BETWEEN))
        for document, lang, number, text, zones in rows
    ]


def phrase_hits(text: str, *, engine: SearchEngine) -> int:
    """Return how many documents a search for the whole text in quotation marks finds, as people do without the checker."""
    query = SearchQuery(text='"' + re.sub(r'["\\]', " ", " ".join(text.split())) + '"', limit=1)
    tree = parse(query.text, vocabulary=load_vocabulary()).tree
    return engine.search(query, tree=tree, counted=False).total


def measure(
    drawn: Drawn, checker: DraftChecker, engine: SearchEngine, other: Sequence[str], *, count: int
) -> dict[str, Tally]:
    tallies = {kind: Tally() for kind in ("true", "over a page break", "changed", "invented")}

    def ask(kind: str, text: str, is_right: Callable[[CheckedQuote], str]) -> None:
        tally = tallies[kind]
        began, worked = time.perf_counter(), time.process_time()
        answer = checker.check_one(text)
        tally.seconds.append(time.perf_counter() - began)
        tally.processor.append(time.process_time() - worked)
        tally.texts.append(text)
        said = is_right(answer)
        tally.right[said or "wrong"] += 1
        if not said:
            tally.wrong.append(f"{kind}: {answer.verdict}: {' '.join(text.split())}")
        hits = phrase_hits(text, engine=engine)
        tally.phrase["found" if hits else "not found"] += 1

    for _ in range(count):
        page, text = drawn.true()
        ask("true", text, lambda answer: "right" if answer.verdict is QuoteVerdict.FOUND else "")
    for _ in range(count // 2):
        page, text = drawn.over_a_page_break()
        ask("over a page break", text, lambda answer: "right" if answer.verdict is QuoteVerdict.FOUND else "")
    for turn in range(count):
        kind = ("number", "negation", "swapped", "dropped")[turn % 4]
        page, text, changed = drawn.changed(kind=kind)

        def is_right(answer: CheckedQuote, *, kind: str = kind, text: str = text, page: RealPage = page) -> str:
            if answer.verdict is not QuoteVerdict.DIFFERENT or answer.place is None:
                return ""
            same_place = (
                answer.place.document.id == page.document and answer.place.page <= page.number <= answer.place.last_page
            )
            same_words = [word.text for word in words_of(text)] == [
                word.text for word in words_of(answer.place.passage)
            ]
            if not (same_place or same_words):
                return ""
            named = {each.kind for each in answer.place.differences}
            if kind == "number" and DifferenceKind.FIGURE not in named:
                return ""
            return "right"

        ask("changed", changed, is_right)
    made = invented(other, drawn)
    for _ in range(count):
        ask("invented", next(made), lambda answer: "right" if answer.verdict is QuoteVerdict.UNKNOWN else "")
    return tallies


def measure_drafts(drawn: Drawn, checker: DraftChecker, *, count: int) -> Counter[str]:
    """Return what came of sentences in drafts, a third of them changed."""
    counted: Counter[str] = Counter()
    for first in range(0, count, IN_DRAFT):
        expected: list[bool] = []
        draft: list[str] = []
        for turn in range(first, min(count, first + IN_DRAFT)):
            is_changed = turn % 3 == 0
            if is_changed:
                page, _, text = drawn.changed(kind=("number", "negation", "swapped", "dropped")[turn // 3 % 4])
            else:
                page, text = drawn.true()
            text = re.sub(r"\n{2,}", "\n", re.sub(r"[“”«»\"„]", "", text))
            opening, closing = MARKS[page.lang]
            draft.append(
                f"The report says this: {opening}{text}{closing} (Somebody, 2015, p. {page.number}). It matters."
            )
            expected.append(is_changed)
        began = time.perf_counter()
        found = checker.check("\n\n".join(draft))
        counted["ms"] += round(1000 * (time.perf_counter() - began))
        counted["quotations found in the draft"] += len(found.quotes)
        if len(found.quotes) != len(expected):
            counted["drafts with another number of quotations"] += 1
            continue
        for was_changed, each in zip(expected, found.quotes, strict=True):
            verdict = each.checked.verdict
            counted[f"{'changed' if was_changed else 'true'}: {verdict}"] += 1
    return counted


def by_assistant(
    tallies: dict[str, Tally], settings: Settings, engine: SearchEngine, store: Store
) -> dict[str, Counter[str]]:
    """Return what `verify_quote` answers to the same texts, asked by the client of the official library."""
    from mcp import Client

    from search_api.api.state import AppState
    from search_api.mcp.server import make_server

    state = AppState(settings=settings, store=store, engine=engine, vocabulary=load_vocabulary())

    async def ask() -> dict[str, Counter[str]]:
        said: dict[str, Counter[str]] = {}
        async with Client(make_server(state)) as client:
            for kind, tally in tallies.items():
                answers = [await client.call_tool("verify_quote", {"quote": text}) for text in tally.texts]
                said[kind] = Counter(
                    "error" if each.is_error else str((each.structured_content or {})["answer"]) for each in answers
                )
        return said

    return asyncio.run(ask())


def texts_of(path: Path) -> list[str]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        records = [json.loads(line) for _, line in zip(range(400), lines, strict=False)]
    return [text for record in records if len(text := str(record.get("text") or record.get("body") or "")) > 500]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="a data folder that is indexed")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--count", type=int, default=COUNT // 2, help="quotations of each kind, for each seed")
    parser.add_argument("--sentences", type=int, default=SENTENCES // 2, help="sentences in drafts, for each seed")
    parser.add_argument("--other", type=Path, required=True, help="JSON lines with texts that are not in the folder")
    parser.add_argument("--mcp", action="store_true", help="ask verify_quote too, as an assistant does")
    parser.add_argument("--wrong", action="store_true", help="print those that were told wrong")
    given = parser.parse_args()
    settings = Settings(data_dir=given.folder)
    engine = open_engine(settings, vocabulary=load_vocabulary())
    other = texts_of(given.other)
    with open_store(settings) as store:
        found = real_pages(store)
        print(f"{len(found)} pages, {Counter(page.lang for page in found)}")
        checker = DraftChecker(engine=engine, store=store)
        for seed in given.seeds:
            drawn = Drawn(found, seed=seed)
            tallies = measure(drawn, checker, engine, other, count=given.count)
            for kind, tally in tallies.items():
                ordered = sorted(tally.seconds)
                middle, late = ordered[len(ordered) // 2], ordered[int(0.95 * (len(ordered) - 1))]
                print(
                    f"seed {seed} {kind}: {tally.right['right']} of {len(ordered)} right; phrase search: {dict(tally.phrase)};"
                    f" {1000 * middle:.0f} ms median, {1000 * late:.0f} ms p95,"
                    f" {1000 * sum(tally.processor) / len(ordered):.0f} ms of the processor each"
                )
                if given.wrong and tally.wrong:
                    print("\n".join(f"   {each}" for each in tally.wrong))
            if given.mcp:
                said = by_assistant(tallies, settings, engine, store)
                print(f"seed {seed} verify_quote: { {kind: dict(answers) for kind, answers in said.items()} }")
            print(f"seed {seed} drafts: {dict(measure_drafts(drawn, checker, count=given.sentences))}")
    engine.close()


if __name__ == "__main__":
    main()

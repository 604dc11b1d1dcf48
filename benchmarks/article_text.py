"""The main text of saved article pages against their true text: Pushcart beside other readers, in the same run.

    python -m benchmarks.article_text ../shared/data/harvest/article-html [--worst 5] [--dump FOLDER]

The measure is that of scrapinghub/article-extraction-benchmark, from which the pages come: runs of four words, precision
and recall averaged over the pages, F1 of the two averages. Beside it the F1 of the bags of words, averaged over the pages.
Readers: Pushcart (nlp.reading.html), trafilatura as it comes, readability with the text of what it keeps, all text of the
page (lxml), and all text that a person sees. readability runs where readability-lxml is installed: it is none of the development
tools, for it brings chardet, which would change how feedparser guesses encodings.
"""

from __future__ import annotations

import argparse
import gzip
import importlib.util
import json
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import lxml.html
import trafilatura

from benchmarks.reading import agreement
from nlp.reading.html import decoded_markup, read_html

_WORD = re.compile(r"\w+")
_RUN = 4
"""Words that are compared together."""


@dataclass(frozen=True, slots=True)
class Page:
    """A saved page and what a person copied from it as its text."""

    name: str
    url: str
    content: bytes
    true_text: str


@dataclass(frozen=True, slots=True)
class Score:
    """How well one page was read."""

    page: Page
    text: str
    precision: float | None
    """Share of the runs that were read which are true; None: nothing was read, and the page does not count."""
    recall: float | None
    bag_f1: float
    seconds: float

    @property
    def f1(self) -> float:
        """Return the F1 of this page alone."""
        precision, recall = self.precision or 0.0, self.recall or 0.0
        return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="pages as NAME.html.gz and ground-truth.json")
    parser.add_argument("--worst", type=int, default=5, help="how many of Pushcart's worst pages are shown")
    parser.add_argument("--dump", type=Path, help="folder for the true and the read text of every page")
    options = parser.parse_args()
    truths = json.loads((options.folder / "ground-truth.json").read_text(encoding="utf-8"))
    pages = list(pages_in(options.folder, truths))
    print(f"{len(pages)} pages are saved, of {len(truths)} with a true text")
    print(f"{'reader':<28}{'F1':>7}{'precision':>11}{'recall':>8}{'bag F1':>8}{'seconds':>9}{'empty':>7}")
    by_reader = {name: [score(page, read) for page in pages] for name, read in readers().items()}
    for name, scores in by_reader.items():
        print_row(name, scores)
    ours = by_reader["Pushcart"]
    for scored in sorted(ours, key=lambda each: each.f1)[: options.worst]:
        others = "  ".join(
            f"{name} {scores[ours.index(scored)].f1:.2f}" for name, scores in by_reader.items() if name != "Pushcart"
        )
        print(f"    {scored.f1:.2f} ({others}) {scored.page.name[:8]} {scored.page.url[:70]}")
    if options.dump:
        dump(options.dump, by_reader)


def pages_in(folder: Path, truths: dict[str, dict[str, str]]) -> Iterator[Page]:
    """Yield the pages that are saved and have a true text, by name."""
    for path in sorted(folder.glob("*.html.gz")):
        name = path.name.removesuffix(".html.gz")
        if name in truths:
            truth = truths[name]
            yield Page(name, truth["url"], gzip.decompress(path.read_bytes()), truth.get("articleBody", ""))


def readers() -> dict[str, Callable[[Page], str]]:
    """Return the readers by name, ours first."""
    found: dict[str, Callable[[Page], str]] = {
        "Pushcart": lambda page: read_html(page.content, content_type="text/html", url=page.url)[0],
        "trafilatura": lambda page: trafilatura.extract(_markup(page)) or "",
    }
    if importlib.util.find_spec("readability"):
        found["readability"] = _read_with_readability
    else:
        print("readability-lxml is not installed and is left out")
    return found | {"all text a person sees": _seen_text, "all text": _all_text}


def _markup(page: Page) -> str:
    return decoded_markup(page.content, content_type="text/html")


def _read_with_readability(page: Page) -> str:
    from readability import Document

    return str(lxml.html.fromstring(Document(_markup(page), url=page.url).summary()).text_content())


def _seen_text(page: Page) -> str:
    tree = lxml.html.document_fromstring(page.content)
    for unseen in tree.xpath("//script | //style | //noscript | //template | //head"):
        unseen.drop_tree()
    return " ".join(tree.itertext())


def _all_text(page: Page) -> str:
    return " ".join(lxml.html.document_fromstring(page.content).itertext())


def score(page: Page, read: Callable[[Page], str]) -> Score:
    """Read a page and compare it with its true text."""
    began = time.perf_counter()
    text = read(page)
    seconds = time.perf_counter() - began
    true, given = runs_of(page.true_text), runs_of(text)
    shared = (true & given).total()
    return Score(
        page=page,
        text=text,
        precision=shared / given.total() if given else None,
        recall=shared / true.total() if true else None,
        bag_f1=agreement(page.true_text, text),
        seconds=seconds,
    )


def runs_of(text: str) -> Counter[tuple[str, ...]]:
    """Return how often each run of four words stands in a text; a shorter text is one run."""
    words = _WORD.findall(text)
    if not words:
        return Counter()
    return Counter(tuple(words[start : start + _RUN]) for start in range(max(1, len(words) - _RUN + 1)))


def print_row(name: str, scores: Sequence[Score]) -> None:
    """Print one reader's line."""
    precision = mean(each.precision for each in scores if each.precision is not None)
    recall = mean(each.recall for each in scores if each.recall is not None)
    f1 = 2 * precision * recall / (precision + recall)
    bag = mean(each.bag_f1 for each in scores)
    seconds = sum(each.seconds for each in scores)
    empty = sum(not each.text.strip() for each in scores)
    print(f"{name:<28}{f1:>7.3f}{precision:>11.3f}{recall:>8.3f}{bag:>8.3f}{seconds:>9.2f}{empty:>7}")


def dump(folder: Path, by_reader: dict[str, list[Score]]) -> None:
    """Write every text beside its truth, to see with one's own eyes why a page was read badly."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, scores in by_reader.items():
        for each in scores:
            stem = each.page.name[:8]
            (folder / f"{stem}.true.txt").write_text(each.page.true_text, encoding="utf-8")
            (folder / f"{stem}.{name.replace(' ', '-')}.txt").write_text(each.text, encoding="utf-8")


if __name__ == "__main__":
    main()

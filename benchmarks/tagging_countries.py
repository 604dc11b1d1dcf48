"""Measure the primary country beside a plain list of country names, both in one run over the same texts.

    .venv/bin/python benchmarks/tagging_countries.py ../shared/data/gold/undp-tagged.jsonl.gz --types blog,publications

The texts are editors' pages with one country each (rarely several; any of them counts as right). Web addresses are taken out of
the texts before either sees them, since they name the office. The list is the comparison: the CLDR names (Babel) in the text's
language, whole words, capitals as written, longest first; the most frequent in title and text wins, the first named a tie.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from babel import Locale, UnknownLocaleError

from corpus.types import LANGUAGES, Facet, Page
from corpus.vocabulary import load_vocabulary
from nlp.pipeline.docs import doc_of
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger

_ADDRESS = re.compile(r"https?://\S+|www\.\S+")
HALVES = ("seen", "held out")
"""Errors of the first half were read while the rules were written; the second half was only counted."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A text with its editor's countries."""

    id: str
    title: str
    text: str
    lang: str
    countries: tuple[str, ...]

    @property
    def half(self) -> str:
        """Return the half to which the text belongs, by a hash of its id."""
        return HALVES[int(hashlib.sha256(self.id.encode()).hexdigest(), 16) % 2]


@dataclass(slots=True)
class Tally:
    """Right answers of both, over the same texts."""

    texts: int = 0
    listed: int = 0
    tagged: int = 0
    about_right: int = 0
    about_given: int = 0
    about_wanted: int = 0
    misses: list[str] = field(default_factory=list)


def labelled(path: Path, *, types: frozenset[str]) -> Iterator[Labelled]:
    """Yield the texts of a file of JSON lines (or .gz); all of them when `types` is empty."""
    written = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    for line in written.decode().splitlines():
        row = json.loads(line)
        if row.get("countries") and (not types or row.get("type") in types):
            text = _ADDRESS.sub(" ", row["text"])
            yield Labelled(row["id"], row["title"], text, row.get("lang", "und"), tuple(row["countries"]))


@cache
def _listed_names(lang: str) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return the pattern of all CLDR names in a language, and the alpha-3 code of each."""
    try:
        territories = Locale(lang).territories
    except UnknownLocaleError:
        territories = Locale("en").territories
    countries = {concept.codes["iso2"]: concept.id for concept in load_vocabulary().concepts(Facet.COUNTRY).values()}
    codes = {name: countries[iso2] for iso2, name in territories.items() if iso2 in countries}
    names = sorted(codes, key=len, reverse=True)
    return re.compile(r"(?<!\w)(?:" + "|".join(re.escape(name) for name in names) + r")(?!\w)"), codes


def most_frequent_name(item: Labelled) -> str | None:
    """Return the country whose CLDR name stands most often in title and text; None when there is none."""
    pattern, codes = _listed_names(item.lang)
    counts = Counter(codes[name] for name in pattern.findall(f"{item.title}\n{item.text}"))
    return counts.most_common(1)[0][0] if counts else None


def measure(items: list[Labelled]) -> tuple[dict[tuple[str, str], Tally], float]:
    """Return the tallies by half and language ("all" too), and the tagger's words a second."""
    tagger = open_tagger()
    tallies: dict[tuple[str, str], Tally] = defaultdict(Tally)
    words, seconds = 0, 0.0
    for item in items:
        listed = most_frequent_name(item)
        started = time.perf_counter()
        text = TaggedText(title=item.title, pages=(Page(1, item.text),), lang=item.lang)
        tags = [tag for tag in tagger.tag(text) if tag.facet is Facet.COUNTRY]
        seconds += time.perf_counter() - started
        words += len(item.text.split())
        primary = next((tag.concept for tag in tags if tag.primary), None)
        about = {tag.concept for tag in tags if tag.about}
        lang = item.lang if item.lang in LANGUAGES else "other"
        for key in ((item.half, lang), (item.half, "all"), ("both", lang), ("both", "all")):
            tally = tallies[key]
            tally.texts += 1
            tally.listed += listed in item.countries
            tally.tagged += primary in item.countries
            tally.about_right += len(about & set(item.countries))
            tally.about_given += len(about)
            tally.about_wanted += len(set(item.countries))
            if primary not in item.countries:
                tally.misses.append(f"{item.id[:70]}: {'/'.join(item.countries)}, tagged {primary or 'none'}")
    return tallies, words / max(seconds, 1e-9)


def places_alone(items: list[Labelled]) -> float:
    """Return the words a second of finding and judging places, once documents are cut, tokenised and known."""
    nlp = open_tagger().nlp
    texts = (TaggedText(title=item.title, pages=(Page(1, item.text),), lang=item.lang) for item in items)
    docs = [doc_of(nlp, text) for text in texts]
    component = nlp.get_pipe("places")
    started = time.perf_counter()
    for doc in docs:
        component(doc)
    return sum(len(item.text.split()) for item in items) / (time.perf_counter() - started)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--types", default="blog,publications", help="kinds of text, with commas; empty for all")
    parser.add_argument("--misses", action="store_true", help="list the wrong answers of the seen half")
    given = parser.parse_args()
    items = list(labelled(given.file, types=frozenset(filter(None, given.types.split(",")))))
    tallies, speed = measure(items)
    print(f"{given.file.name}, {given.types or 'all types'}: {len(items)} texts. Primary country, share right.")
    print(
        f"{'half':9} {'language':8} {'texts':>6} {'name list':>10} {'Pushcart':>9} {'ratio':>6}   about: precision recall"
    )
    for half in (*HALVES, "both"):
        for lang in (*LANGUAGES, "other", "all"):
            if (tally := tallies.get((half, lang))) is None:
                continue
            ratio = tally.tagged / tally.listed if tally.listed else float("inf")
            print(
                f"{half:9} {lang:8} {tally.texts:6} {tally.listed / tally.texts:10.3f} {tally.tagged / tally.texts:9.3f} "
                f"{ratio:6.2f}   {tally.about_right / max(1, tally.about_given):16.3f} "
                f"{tally.about_right / tally.about_wanted:6.3f}"
            )
    print(f"{speed:,.0f} words a second from text to tags, first pass (each word is folded when it is first met)")
    print(f"{places_alone(items):,.0f} words a second for places alone, on tokenised passages")
    if given.misses:
        print("\n".join(tallies[HALVES[0], "all"].misses))


if __name__ == "__main__":
    main()

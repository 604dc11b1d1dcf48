"""Measure the tagging of worker groups beside a plain match of labels and synonyms, on the US Department of Labor's reports.

    .venv/bin/python benchmarks/tagging_groups.py ../shared/data [--errors GROUP]

The labels were made by rule from each report's own table of activities (table 2), and read by eye for the first 20 reports
(`usdol_checked.json`). Seen then: right for agriculture, construction, domestic workers, street vendors and, where given, waste
pickers (but "collecting plastics" was missed); `transport` was wrong in 10 of 14 ("transporting heavy loads" in mines, drugs,
washed vehicles), `home_based/artisan` in 3 of 9 ("artisanal gold mines"), and 3 more reports should have had it. So three results
are printed: all labels, the five labels that are sound, and the 20 reports as read by eye. The rules were written with these
reports at hand: there is no held-out half.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.messages.rules import rule_with_zone
from corpus.settings import read_settings
from corpus.types import Facet, Page, Tag
from corpus.vocabulary import Strength, Vocabulary, load_vocabulary
from nlp.pipeline.passages import TaggedText
from nlp.pipeline.tagger import open_tagger
from nlp.reading import ReadRequest, read_files

GROUPS: Mapping[str, frozenset[str]] = {
    "agriculture": frozenset({"agricultural_labourers", "smallholder_farmers", "pastoralists"}),
    "construction": frozenset({"construction_workers"}),
    "domestic_workers": frozenset({"domestic_workers"}),
    "home_based/artisan": frozenset({"home_based_workers", "homeworkers", "garment_workers", "artisans"}),
    "street_vendors": frozenset({"street_vendors"}),
    "transport": frozenset({"transport_workers"}),
    "waste_pickers": frozenset({"waste_pickers"}),
}
"""Which of our groups stand for a label of the gold."""
SOUND = ("agriculture", "construction", "domestic_workers", "street_vendors", "waste_pickers")


@dataclass(frozen=True, slots=True)
class Counts:
    """Right, wrong and missed labels."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.right + other.right, self.wrong + other.wrong, self.missed + other.missed)

    @property
    def precision(self) -> float:
        return self.right / max(1, self.right + self.wrong)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.right + self.missed)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, 2 * self.right + self.wrong + self.missed)

    def __str__(self) -> str:
        return f"P {self.precision:.3f}  R {self.recall:.3f}  F1 {self.f1:.3f}"


def read_reports(folder: Path, names: Iterable[str]) -> dict[str, tuple[Page, ...]]:
    """Return the pages of each report by file name."""
    paths = {hashlib.sha256((folder / name).read_bytes()).hexdigest(): folder / name for name in names}
    requests = [ReadRequest(sha256, path) for sha256, path in paths.items()]
    return {paths[reading.sha256].name: reading.pages for reading in read_files(requests, settings=read_settings())}


def plain_groups(pages: Iterable[Page], vocabulary: Vocabulary) -> frozenset[str]:
    """Return the groups of which a label or synonym stands in the text as it is spelled: the comparison."""
    text = "\n".join(page.text for page in pages).lower()
    found = set()
    for group, pattern in _plain_patterns(vocabulary):
        if group not in found and pattern.search(text):
            found.add(group)
    return frozenset(found)


def _plain_patterns(vocabulary: Vocabulary) -> Iterator[tuple[str, re.Pattern[str]]]:
    for group, concept in vocabulary.concepts(Facet.GROUP).items():
        forms = {concept.label("en").lower()}
        for term in vocabulary.terms(Facet.GROUP):
            if (
                term.concept == group
                and term.lang in ("en", "any")
                and term.strength is Strength.STRONG
                and not term.blocks
            ):
                forms |= {form.lower() for form in term.forms}
        yield group, re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(forms)))})\b")


def count(
    gold: Mapping[str, frozenset[str]], found: Mapping[str, frozenset[str]], *, labels: Iterable[str]
) -> dict[str, Counts]:
    """Return right, wrong and missed by label, over the reports of the gold."""
    counts = {}
    for label in labels:
        pairs = [(label in wanted, not GROUPS[label].isdisjoint(found[name])) for name, wanted in gold.items()]
        counts[label] = Counts(
            right=sum(wanted and got for wanted, got in pairs),
            wrong=sum(got and not wanted for wanted, got in pairs),
            missed=sum(wanted and not got for wanted, got in pairs),
        )
    return counts


def show(title: str, tagged: Mapping[str, Counts], plain: Mapping[str, Counts]) -> None:
    """Print a table: each label, then micro and macro."""
    print(f"\n{title}\n{'':20} {'tagger':32} labels and synonyms")
    for label, counts in tagged.items():
        print(f"{label:20} {counts!s:32} {plain[label]}")
    whole, whole_plain = sum(tagged.values(), Counts()), sum(plain.values(), Counts())
    print(f"{'micro':20} {whole!s:32} {whole_plain}")
    print(f"{'macro F1':20} {_macro(tagged):.3f}{'':27} {_macro(plain):.3f}")


def _macro(counts: Mapping[str, Counts]) -> float:
    return sum(one.f1 for one in counts.values()) / len(counts)


def show_errors(label: str, gold: Mapping[str, frozenset[str]], tags: Mapping[str, tuple[Tag, ...]]) -> None:
    """Print what was tagged wrongly, with its first sentence, and what was missed."""
    for name, wanted in gold.items():
        got = [tag for tag in tags[name] if tag.concept in GROUPS[label]]
        if bool(got) != (label in wanted):
            evidence = got[0].evidence[0] if got else None
            print(
                f"  {name}: {f'wrong, {rule_with_zone(evidence.rule)}: {evidence.sentence[:160]}' if evidence else 'missed'}"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("shared_data", type=Path)
    parser.add_argument("--errors", choices=list(GROUPS), help="print the errors of one label")
    arguments = parser.parse_args()
    rows = json.loads((arguments.shared_data / "gold" / "usdol-country-workergroup.json").read_text())
    gold = {row["pdf"]: frozenset(row["groups"]) for row in rows if row.get("groups")}
    checked = json.loads(Path(__file__).with_name("usdol_checked.json").read_text())["reports"]
    read = read_reports(arguments.shared_data / "pdf-policy" / "usdol", gold)
    vocabulary, tagger = load_vocabulary(), open_tagger()
    texts = {name: TaggedText(title=name, pages=pages, lang="en") for name, pages in read.items()}
    words = sum(len(page.text.split()) for pages in read.values() for page in pages)
    for state in ("first pass", "warm"):
        began = time.process_time()
        tags = {name: tagger.tag(text) for name, text in texts.items()}
        speed = words / (time.process_time() - began)
        print(f"{state}: {words:,} words, all facets, {speed:,.0f} words a second of processor time")
    tagged = {name: frozenset(tag.concept for tag in found if tag.facet is Facet.GROUP) for name, found in tags.items()}
    plain = {name: plain_groups(pages, vocabulary) for name, pages in read.items()}
    by_eye = {name: frozenset(labels) for name, labels in checked.items()}
    for title, wanted, labels in (
        ("All labels", gold, tuple(GROUPS)),
        ("The five sound labels", gold, SOUND),
        ("20 reports read by eye", by_eye, tuple(GROUPS)),
    ):
        show(
            f"{title}, {len(wanted)} reports", count(wanted, tagged, labels=labels), count(wanted, plain, labels=labels)
        )
    if arguments.errors:
        show_errors(arguments.errors, gold, tags)


if __name__ == "__main__":
    main()

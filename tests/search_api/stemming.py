"""Pairs of words that a person labelled, and how often a way of cutting words joins too much or too little.

`word_pairs/<lang>.tsv` holds pairs of frequent words of this field's texts: `same` (inflection, adverb, accent, spelling),
`not` (other words that look alike) and `related` (derived words, which may be joined or not). Whole families of words are in
one half: words and rules may be chosen by looking at the half `work`, never by looking at `untouched`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "word_pairs"

Cut = Callable[[str], str]
"""Word -> what it is looked up by."""


@dataclass(frozen=True, slots=True)
class WordPair:
    """Two words and whether they are one."""

    one: str
    other: str
    label: str
    """same, not or related."""
    why: str
    half: str
    """work or untouched."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How well a way of cutting words does."""

    over: float
    """Share of the pairs of other words that it joins."""
    under: float
    """Share of the pairs of one word that it keeps apart."""
    understemming: float
    """UI of Paice (1994)."""
    overstemming: float
    """OI of Paice (1994); words that are related count neither way."""


def pairs_of(lang: str, *, half: str) -> tuple[WordPair, ...]:
    """Return the pairs of a language, those of frequent words first."""
    lines = (FOLDER / f"{lang}.tsv").read_text(encoding="utf-8").splitlines()[1:]
    return tuple(pair for line in lines if (pair := WordPair(*line.split("\t"))).half == half)


def wrong(pairs: Sequence[WordPair], cut: Cut) -> Iterator[WordPair]:
    """Give the pairs that are joined and should not be, or the other way round."""
    for pair in pairs:
        if pair.label != "related" and (cut(pair.one) == cut(pair.other)) != (pair.label == "same"):
            yield pair


def measure(pairs: Sequence[WordPair], cut: Cut) -> Measured:
    """Return how well a way of cutting words does on pairs."""
    counted = Counter(pair.label for pair in pairs)
    bad = Counter(pair.label for pair in wrong(pairs, cut))
    understemming, overstemming = _paice(pairs, cut)
    return Measured(bad["not"] / counted["not"], bad["same"] / counted["same"], understemming, overstemming)


def _paice(pairs: Sequence[WordPair], cut: Cut) -> tuple[float, float]:
    """Return UI and OI: of all the pairs within and across groups of words, those that are cut the wrong way."""
    groups = _Groups()
    for pair in pairs:
        groups.add(pair.one, pair.other, same=pair.label == "same")
    members = groups.members()
    related = {frozenset((groups.of(p.one), groups.of(p.other))) for p in pairs if p.label == "related"}
    words = sum(map(len, members.values()))
    within = across = apart = joined = 0.0
    by_cut: dict[str, Counter[str]] = defaultdict(Counter)
    for name, group in members.items():
        within += len(group) * (len(group) - 1) / 2
        across += len(group) * (words - len(group)) / 2
        cuts = Counter(map(cut, group))
        apart += sum(count * (len(group) - count) for count in cuts.values()) / 2
        for each, count in cuts.items():
            by_cut[each][name] += count
    for counts in by_cut.values():
        names = list(counts)
        for number, one in enumerate(names):
            for other in names[number + 1 :]:
                if frozenset((one, other)) not in related:
                    joined += counts[one] * counts[other]
    return apart / within, joined / across


class _Groups:
    """Words that belong together because a chain of pairs joins them."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    def add(self, one: str, other: str, *, same: bool) -> None:
        first, second = self.of(one), self.of(other)
        if same:
            self._parents[first] = second

    def of(self, word: str) -> str:
        self._parents.setdefault(word, word)
        while self._parents[word] != word:
            word = self._parents[word]
        return word

    def members(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word in self._parents:
            found[self.of(word)].append(word)
        return found

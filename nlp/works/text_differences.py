"""Where two texts that are largely the same differ, word by word: a changed sentence makes an edition, a misread word does not.

Fingerprints keep one of sixteen runs of words, so that a new sentence in a long text goes unseen. Only texts that would be called
copies are compared here, which few are, and by their whole text.

One rule: from the first words that both have to the last, every difference is the file's (words joined, broken or misread, moved,
running heads, page numbers, links) or it is a change. What stands before and behind is the file's: covers, notices, menus, annexes.
The zones of a page say little here, because two files of one text are parted into zones in two ways.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from corpus.fuzzy import likeness
from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import only, without
from nlp.works.titles import MONTH_NUMBERS
from nlp.works.words import without_links, words_to_compare

_RUN = 4
"""Words that have to be in both texts in one order, for each of them to count as the same."""
_CONTEXT = 2
"""Words before or behind a passage by which the one that stands for it in the other text is known."""
_EDGE_SHARE, _EDGE_SHARE_SHORT, _EDGE_WORDS = 0.015, 0.04, 30
"""Share of words at either end that may still be those of a cover, imprint, menu or colophon of a file; of a short text, and up to
how many words."""
_READ_APART_MIN, _READ_APART = 4, 0.002
"""Passages, and their share of the words, in which each of two texts may differ if both were read in one way."""
_ADDED_WORDS = 4
"""Words in a row that only one text has and that are a passage, not a heading or a figure that was read elsewhere."""
_ADDED_WORDS_IN_ALL = 6
"""The same of all such passages together, however short each is."""
_REPEATED = 3
"""Times that one passage is in a text as a running head does."""
_LETTERS_LIKE = 0.6
"""Likeness of letters from which one passage is another reading of the other."""
_DATE_WORDS = 6
_PROSE = 1.7
"""Times as many words as those that are no numbers, which a passage may have."""
_WORD_LETTERS = 24
"""Longer ones are pieces of an address that was broken."""
_NAME_LETTERS, _NAME_SHARE = 4, 0.4
"""Of a name, and of the passages in which texts differ, those where one name stands for another."""
_URL = re.compile(r"(?:https?://|www\.)\S+")
_PAGE_NUMBER = re.compile(r"(?<!\d)\d{1,6}[ \t]{0,9}$", re.MULTILINE)
_ADDRESS = frozenset(("http", "https", "www"))
"""Words of an address that was broken."""
_ASIDE = frozenset((Zone.RUNNING, Zone.REFERENCES))
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
"""An odd number by which runs of words become numbers that hardly ever coincide."""

Runs = npt.NDArray[np.uint64]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ComparedText:
    """All words of a text, see words_to_compare."""

    body: Sequence[str]
    apart: Sequence[str]
    """Of running heads and references."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """Words in a row of one text that the other has not."""

    start: int
    words: tuple[str, ...]
    before: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def said(self) -> tuple[str, ...]:
        """Return its words without numbers."""
        return tuple(word for word in self.words if not word[0].isdigit())

    @property
    def figures(self) -> tuple[str, ...]:
        """Return its numbers."""
        return tuple(word for word in self.words if word.isdigit())

    @property
    def is_prose(self) -> bool:
        """Say whether it has words, and few numbers and months among them: those of charts and tables are read in any order."""
        words = sum(word.isalpha() and len(word) <= _WORD_LETTERS and word not in MONTH_NUMBERS for word in self.words)
        if not _ADDRESS.isdisjoint(self.words):
            return False
        return 0 < len(self.words) <= _PROSE * words


@dataclass(frozen=True, slots=True)
class _Side:
    """One of two texts beside the other."""

    words: int
    runs: Runs
    """Of its words, in their order, each as one number."""
    is_known: Flags
    """Of each run, whether the other text has it."""
    passages: Sequence[_Passage]
    """In their order."""


def wording_of(pages: Sequence[Page]) -> ComparedText:
    """Return the words of pages with zones."""
    return ComparedText(words_to_compare(map(_text_of, pages)), words_to_compare(map(_aside_of, pages)))


def _text_of(page: Page) -> str:
    """Return the text of a page without running heads, addresses, and the page numbers of a table of contents."""
    text = page.text
    for zone, start, end in reversed(page.zones or ()):
        if zone is Zone.CONTENTS:
            text = text[:start] + _PAGE_NUMBER.sub("", text[start:end]).ljust(end - start) + text[end:]
    return _URL.sub(" ", without_links(without(text, page.zones or (), _ASIDE)))


def _aside_of(page: Page) -> str:
    return only(page.text, page.zones or (), _ASIDE)


def are_two_versions(first: ComparedText, second: ComparedText) -> bool:
    """Say whether a passage, number or date is in one text for another one of the other, or was added within it.

    False also where both were read so differently, as by text recognition, that this cannot be told. Takes time in proportion to
    the words of both.
    """
    if first == second:
        return False
    one, other = _sides(first, second)
    if _are_names_replaced(one.passages, other.passages):
        return True
    apart = min(_count_misread(one, other), _count_misread(other, one))
    if apart > max(_READ_APART_MIN, _READ_APART * max(len(first.body), len(second.body))):
        return False
    # The more readings differ, the longer a passage has to be that tells another text.
    least = 1 if apart <= _READ_APART_MIN else apart
    changes = [*_changes(one, other, least=least), *_changes(other, one, least=least)]
    return any(is_change for _, is_change in changes) or sum(added for added, _ in changes) >= _ADDED_WORDS_IN_ALL


def _count_misread(side: _Side, others: _Side) -> int:
    """Return how many passages of a text are another reading of the other one: in the same place, or of its words."""
    held = {word for other in others.passages for word in other.words}
    places = _Places(others.passages)
    return sum(
        held.issuperset(each.words) or ((other := places.find(each)) is not None and not _are_other_words(each, other))
        for each in side.passages
    )


def _changes(side: _Side, others: _Side, *, least: int) -> Iterator[tuple[int, bool]]:
    """Yield of each passage of a text how many words were added by it, and whether it is a change by itself.

    Args:
        least: words of a passage that counts.
    """
    inside = _inside(side, others)
    repeated = Counter(each.said for each in side.passages)
    held = {word for other in others.passages for word in other.words}
    places = _Places(others.passages)
    for each in side.passages:
        # Tables and columns are read in another order.
        if len(each.words) < least or held.issuperset(each.words):
            continue
        other = places.find(each)
        if each.start not in inside:
            yield 0, other is not None and _is_other_date(each, other)
        elif repeated[each.said] < _REPEATED:
            added = _added(each, other)
            yield added, added >= _ADDED_WORDS or _is_replaced(each, other)


def _inside(side: _Side, others: _Side) -> range:
    """Return the words of a text between cover, imprint or foreword and what is added or missing at the end.

    It begins where the other text begins behind its own cover, and ends where the other one ends, or before an annex.
    """
    (front, back), (its_front, its_back) = _edges(side), _edges(others)
    front = max(front, _begin(side.runs, others.runs, others.is_known, behind=its_front))
    # Where both end otherwise, words stand for others, and there is no annex.
    annex = 0 if back and its_back else back
    back = max(annex, _begin(side.runs[::-1], others.runs[::-1], others.is_known[::-1], behind=0))
    known = side.words - sum(len(each.words) for each in side.passages)
    more = int(max(_EDGE_SHARE * known, min(_EDGE_SHARE_SHORT * known, _EDGE_WORDS)))
    return range(front + more, side.words - back - more)


def _begin(runs: Runs, others: Runs, is_known: Flags, *, behind: int) -> int:
    """Return at which run of a text the other one begins behind so many words; 0: nowhere."""
    # Two runs, one behind the other, stand at one place only.
    both = is_known[behind:-_RUN] & is_known[behind + _RUN :]
    if not both.any():
        return 0
    at = behind + int(both.argmax())
    found = np.flatnonzero((runs[:-_RUN] == others[at]) & (runs[_RUN:] == others[at + _RUN]))
    return int(found[np.abs(found - at).argmin()]) if found.size else 0


def _edges(side: _Side) -> tuple[int, int]:
    """Return up to which word from the beginning, and from the end, most words are of one text alone."""
    front = [(each.start, len(each.words)) for each in side.passages]
    back = [(side.words - start - length, length) for start, length in reversed(front)]
    return _edge(front), _edge(back)


def _edge(unknown: Iterable[tuple[int, int]]) -> int:
    """Return the words of an edge, from where passages start, counted from that edge, and their lengths."""
    others = most = edge = 0
    for start, length in unknown:
        others += length
        end = start + length
        if 2 * others - end > most:
            most, edge = 2 * others - end, end
    return edge


def _are_names_replaced(passages: Sequence[_Passage], others: Sequence[_Passage]) -> bool:
    """Say whether one word stands for another time and again: the name of whom a form was filled in for."""
    places = _Places(others)
    replaced = Counter(
        (each.said, other.said)
        for each in passages
        if (other := places.find(each))
        and min(len("".join(each.said)), len("".join(other.said))) >= _NAME_LETTERS
        and _are_other_words(each, other)
    )
    most = max(replaced.values(), default=0)
    return most >= max(_REPEATED, _NAME_SHARE * min(len(passages), len(others)))


def _sides(first: ComparedText, second: ComparedText) -> tuple[_Side, _Side]:
    """Return of each text what its body has in no run of words of the other."""
    codes: dict[str, int] = {}
    one, other = ([_runs(words, codes) for words in (text.body, text.apart)] for text in (first, second))
    return _side(first.body, one[0], other), _side(second.body, other[0], one)


def _side(words: Sequence[str], runs: Runs, others: Sequence[Runs]) -> _Side:
    held = np.isin(runs, np.concatenate(others))
    is_known = np.zeros(len(words), dtype=np.bool_)
    for start in range(_RUN):
        is_known[start : start + len(runs)] |= held
    return _Side(len(words), runs, held, list(_unknown(words, is_known.tobytes())))


def _runs(words: Sequence[str], codes: dict[str, int]) -> Runs:
    """Return each run of words as one number of 64 bits, in their order."""
    coded = np.fromiter((codes.setdefault(word, len(codes)) for word in words), dtype=np.uint64, count=len(words))
    runs = np.zeros(max(len(words) - _RUN + 1, 0), dtype=np.uint64)
    for start in range(_RUN):
        runs = runs * _MULTIPLIER + coded[start : start + len(runs)]
    return runs


def _unknown(words: Sequence[str], is_known: bytes) -> Iterator[_Passage]:
    at = 0
    while (start := is_known.find(0, at)) >= 0:
        at = is_known.find(1, start)
        at = at if at >= 0 else len(words)
        before, behind = words[max(start - _CONTEXT, 0) : start], words[at : at + _CONTEXT]
        yield _Passage(start, tuple(words[start:at]), tuple(before), tuple(behind))


class _Places:
    """Finds what a text has in the place of a passage of the other: between, else behind or before the same words."""

    def __init__(self, passages: Sequence[_Passage]) -> None:
        self._between = {(each.before, each.behind): each for each in passages}
        self._behind = {each.before: each for each in passages if each.before}
        self._before = {each.behind: each for each in passages if each.behind}

    def find(self, passage: _Passage) -> _Passage | None:
        """Return the passage in the place of another; None: there is nothing."""
        between = self._between.get((passage.before, passage.behind))
        return between or self._behind.get(passage.before) or self._before.get(passage.behind)


def _added(passage: _Passage, other: _Passage | None) -> int:
    """Return how many words of a passage of prose the other text has nothing for."""
    if not passage.is_prose:
        return 0
    if other and _are_other_words(passage, other):
        return len(passage.said)
    return max(len(passage.said) - (len(other.words) if other else 0), 0)


def _is_replaced(passage: _Passage, other: _Passage | None) -> bool:
    """Say whether a passage stands for another one of the other text: another number or date, other words."""
    if other is None:
        return False
    if passage.figures and other.figures and max(len(passage.words), len(other.words)) <= _DATE_WORDS:
        return passage.figures != other.figures and len(passage.figures) == len(other.figures)
    return passage.is_prose and other.is_prose and _are_other_words(passage, other)


def _are_other_words(passage: _Passage, other: _Passage) -> bool:
    """Say whether two passages are no readings of one."""
    letters, others = "".join(passage.words), "".join(other.words)
    return letters not in others and others not in letters and likeness(letters, others) < _LETTERS_LIKE


def _is_other_date(passage: _Passage, other: _Passage) -> bool:
    """Say whether another day, month or year is beside the name of a month: `21 June` and `22 June`."""
    if max(len(passage.words), len(other.words)) > _DATE_WORDS:
        return False
    near = (*passage.before, *passage.words, *passage.behind)
    return any(word in MONTH_NUMBERS for word in near) and all(
        any(word[0].isdigit() or word in MONTH_NUMBERS for word in each.words) for each in (passage, other)
    )

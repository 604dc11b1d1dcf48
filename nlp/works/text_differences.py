"""Where two texts that are largely the same differ, word by word: a changed sentence makes an edition, a misread word does not.

Fingerprints keep one of sixteen runs of words, so that a new sentence in a long text goes unseen. Only texts that would be called
copies are compared here, which few are, and by their whole text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.fuzzy import likeness
from corpus.types import Page
from nlp.works.titles import MONTH_NUMBERS
from nlp.works.words import apart_of, body_of, words_to_compare

_RUN = 4
"""Words that have to be in both texts in one order, for each of them to count as the same."""
_CONTEXT = 2
"""Words before or behind a passage by which the one that stands for it in the other text is known."""
_EDGE_WORDS, _EDGE_SHARE = 40, 0.04
"""Words at either end, and their share, where covers, imprints, menus and colophons of a file stand."""
_READ_APART_MIN, _READ_APART = 4, 0.002
"""Passages, and their share of the words, in which each of two texts may differ if both were read in one way."""
_ADDED_WORDS = 4
"""Words in a row that only one text has and that are a passage, not a heading or a figure that was read elsewhere."""
_REPEATED = 3
"""Times that one passage is in a text as a running head does."""
_LETTERS_LIKE = 0.6
"""Likeness of letters from which one passage is another reading of the other."""
_DATE_WORDS = 6
_PROSE = 1.4
"""Times as many words as those that are no numbers, which a passage may have."""
_NAME_LETTERS, _NAME_SHARE = 4, 0.4
"""Of a name, and of the passages in which texts differ, those where one name stands for another."""
_URL = re.compile(r"(?:https?://|www\.)\S+")
_ADDRESS = frozenset(("http", "https", "www"))
"""Words of an address that was broken."""


@dataclass(frozen=True, slots=True)
class ComparedText:
    """All words of a text, see words_to_compare."""

    body: Sequence[str]
    apart: Sequence[str]
    """Of running heads, contents, references, imprint and boilerplate."""


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
        words = sum(word.isalpha() and word not in MONTH_NUMBERS for word in self.words)
        if not _ADDRESS.isdisjoint(self.words):
            return False
        return 0 < len(self.words) <= _PROSE * words


def wording_of(pages: Sequence[Page]) -> ComparedText:
    """Return the words of pages with zones."""
    body, apart = (words_to_compare(_URL.sub(" ", part(page)) for page in pages) for part in (body_of, apart_of))
    return ComparedText(body, apart)


def are_two_versions(first: ComparedText, second: ComparedText) -> bool:
    """Say whether a passage, number or date is in one text for another one of the other, or was added within it.

    False also where both were read so differently, as by text recognition, that this cannot be told.
    """
    if first == second:
        return False
    one, other = _passages(first.body, second), _passages(second.body, first)
    if _are_names_replaced(one, other):
        return True
    apart = min(len(one), len(other))
    if apart > max(_READ_APART_MIN, _READ_APART * max(len(first.body), len(second.body))):
        return False
    if not one and not other:
        return _are_reworded(_passages(first.apart, second), _passages(second.apart, first))
    # The more readings differ, the longer a passage has to be that tells another text.
    least = 1 if apart <= _READ_APART_MIN else apart
    return _are_changed(one, other, words=len(first.body), least=least) or _are_changed(
        other, one, words=len(second.body), least=least
    )


def _are_changed(passages: Sequence[_Passage], others: Sequence[_Passage], *, words: int, least: int) -> bool:
    """Say whether any passage of a text of this many words is a change, and neither moved, nor misread, nor of its cover.

    Args:
        least: words that it has.
    """
    front, back = _edges(passages, words=words)
    repeated = Counter(each.said for each in passages)
    held = {word for other in others for word in other.words}
    places = _Places(others)
    return any(
        _is_change(each, places.find(each), is_edge=not front <= each.start < words - back, repeated=repeated)
        for each in passages
        # Tables and columns are read in another order.
        if len(each.words) >= least and not held.issuperset(each.words)
    )


def _edges(passages: Sequence[_Passage], *, words: int) -> tuple[int, int]:
    """Return how many words at the beginning and at the end of a text are those of its cover, imprint or foreword.

    They are few, or up to where most are of one text alone.
    """
    front = [(each.start, len(each.words)) for each in passages]
    back = [(words - start - length, length) for start, length in reversed(front)]
    return _edge(front, words=words), _edge(back, words=words)


def _edge(unknown: Iterable[tuple[int, int]], *, words: int) -> int:
    """Return the words of an edge, from where passages start, counted from that edge, and their lengths."""
    others = most = 0
    edge = 0
    for start, length in unknown:
        others += length
        end = start + length
        if 2 * others - end > most:
            most, edge = 2 * others - end, end
    known = words - others
    return edge + int(max(_EDGE_WORDS, _EDGE_SHARE * known))


def _are_reworded(passages: Sequence[_Passage], others: Sequence[_Passage]) -> bool:
    """Say whether words stand for others in what is taken for contents or heads; what only one text has there says nothing."""
    places = _Places(others)
    pairs = [(each, places.find(each)) for each in passages]
    return any(other and each.said and other.said and _are_other_words(each, other) for each, other in pairs)


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


def _passages(words: Sequence[str], other: ComparedText) -> list[_Passage]:
    held = {run for its in (other.body, other.apart) for run in _runs(its)}
    is_known = bytearray(len(words))
    for at, run in enumerate(_runs(words)):
        if run in held:
            is_known[at : at + _RUN] = b"\1" * _RUN
    return list(_unknown(words, is_known))


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    return zip(*(words[start:] for start in range(_RUN)), strict=False)


def _unknown(words: Sequence[str], is_known: bytearray) -> Iterator[_Passage]:
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


def _is_change(
    passage: _Passage, other: _Passage | None, *, is_edge: bool, repeated: Mapping[tuple[str, ...], int]
) -> bool:
    if is_edge:
        return other is not None and _is_other_date(passage, other)
    added = len(passage.said) - (len(other.words) if other else 0)
    if passage.is_prose and added >= _ADDED_WORDS and repeated[passage.said] < _REPEATED:
        return True
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

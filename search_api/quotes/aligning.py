"""Where in a text a quotation stands, or what is nearest to it, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from rapidfuzz import fuzz
from rapidfuzz.distance import Levenshtein

from search_api.quotes.words import QuoteWord

_EDGES = 4
"""Matches at each end of a quotation that may tell where it begins and ends, and ends that are tried in full."""
_APART_MAX = 4
"""Words of the text that an insertion in square brackets may stand for."""
_YEAR_WITH_NOTE = re.compile(r"((?:19|20)\d\d)\.\d{1,3}")
_THOUSANDS = re.compile(r"\d{1,3}(?: \d{3}){1,5}")
_NEGATION_WORDS = (
    "no not never none neither nor without cannot hardly nobody nothing nunca jamás ningún ninguna ninguno ni sin tampoco nadie"
    " nada ne pas jamais aucun aucune sans rien personne não nem sem nenhum nenhuma ninguém"
)
_NEGATIONS = frozenset(_NEGATION_WORDS.split())
_AMOUNT_WORDS = (
    "two three four five six seven eight nine ten eleven twelve twenty hundred thousand million billion trillion hundreds thousands"
    " millions billions half third thirds quarter quarters double twice percent"
    " dos tres cuatro cinco seis siete ocho nueve diez once doce veinte cien mil millón millones billón billones mitad tercio"
    " tercios cuarto doble ciento"
    " deux trois quatre cinq sept huit neuf dix onze douze vingt cent mille milliard milliards moitié tiers quart"
    " dois duas três quatro sete oito nove dez doze vinte cem milhão milhões bilhão bilhões metade terço terços dobro cento"
)
_AMOUNTS = frozenset(_AMOUNT_WORDS.split())


class DifferenceKind(StrEnum):
    """What differs."""

    FIGURE = "figure"
    """A number in figures or words, a per cent or a currency sign."""
    NEGATION = "negation"
    """A word that turns the meaning around: not, sin, jamais, nem."""
    WORD = "word"


@dataclass(frozen=True, slots=True)
class WordDifference:
    """A place at which a quotation is not what the text says."""

    kind: DifferenceKind
    quoted: tuple[int, int]
    """0-based characters of the quotation, end exclusive; both the same where the text has words that it leaves out."""
    printed: tuple[int, int]
    """The same of the text; both the same where the quotation has words that are not there."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """A stretch of a text beside a quotation."""

    start: int
    """0-based character of the text."""
    end: int
    """Exclusive."""
    similarity: float
    """0 to 1: twice the words that are the same, by the words of both."""
    differences: tuple[WordDifference, ...] = ()
    """In order; empty: the text says the same."""
    longest: int = 0
    """Most words in a row that are the same."""
    words_apart: int = 0
    """Words that differ, of the quotation or of the text, whichever are more at each place."""

    @property
    def is_exact(self) -> bool:
        """Say whether nothing differs."""
        return not self.differences


@dataclass(frozen=True, slots=True)
class _Block:
    """Words of the quotation beside words of the text, by their 0-based numbers, ends exclusive."""

    is_same: bool
    quoted: tuple[int, int]
    printed: tuple[int, int]


class AlignedText:
    """The words of a text, to be compared with several quotations."""

    def __init__(self, words: Sequence[QuoteWord]) -> None:
        self.words = tuple(words)
        self._texts = [word.text for word in self.words]
        self._joined = "\n" + "\n".join(self._texts) + "\n"

    def align(self, quote: Sequence[QuoteWord], *, after: int = 0) -> Alignment | None:
        """Return the place that is most like a quotation; None when it has no word of it.

        Args:
            quote: its words.
            after: where to look for a whole match first, a 0-based character of the text.
        """
        if not quote or not self.words:
            return None
        return self._exact(quote, after=after) or self._near(quote)

    def _exact(self, quote: Sequence[QuoteWord], *, after: int) -> Alignment | None:
        needle = "\n" + "\n".join(word.text for word in quote) + "\n"
        place = self._joined.find(needle)
        found: Alignment | None = None
        while place >= 0:
            first = self._joined.count("\n", 0, place)
            last = self.words[first + len(quote) - 1]
            found = Alignment(self.words[first].start, last.end, 1.0, longest=len(quote))
            if found.start >= after:
                break
            place = self._joined.find(needle, place + 1)
        return found

    def _near(self, quote: Sequence[QuoteWord]) -> Alignment | None:
        texts = [word.text for word in quote]
        first, last = 0, len(self.words)
        if len(texts) < len(self._texts):
            window = fuzz.partial_ratio_alignment(texts, self._texts)
            if window is None or not window.score:
                return None
            more = len(texts) // 2 + 4
            first, last = max(0, window.dest_start - more), min(last, window.dest_end + more)
        spans = _nearest_spans(texts, self._texts[first:last])
        found = [
            self._of_blocks(quote, _blocks(texts, self._texts[first + start : first + end]), first=first + start)
            for start, end in spans
        ]
        # The two halves of a broken word are one: what counts is how many words differ then. Of equal ones the longer one, so
        # that a word at an end stands beside what is printed in its place.
        return min(
            found, key=lambda each: (each.words_apart, len(each.differences), each.start, -each.end), default=None
        )

    def _of_blocks(self, quote: Sequence[QuoteWord], blocks: Sequence[_Block], *, first: int) -> Alignment:
        same = longest = row = apart = 0
        differences: list[WordDifference] = []
        for block in blocks:
            quoted = quote[slice(*block.quoted)]
            printed = self.words[first + block.printed[0] : first + block.printed[1]]
            if block.is_same or _is_forgiven(quoted, printed):
                same += len(quoted)
                row += len(quoted)
                longest = max(longest, row)
                continue
            row = 0
            apart += max(len(quoted), len(printed))
            place = self.words[min(first + block.printed[0], len(self.words) - 1)].start
            own = quote[min(block.quoted[0], len(quote) - 1)].start
            differences.append(
                WordDifference(
                    _kind(quoted, printed),
                    (quoted[0].start, quoted[-1].end) if quoted else (own, own),
                    (printed[0].start, printed[-1].end) if printed else (place, place),
                )
            )
        start, end = blocks[0].printed[0], blocks[-1].printed[1]
        length = max(1, end - start)
        last = self.words[first + end - 1] if end > start else self.words[first + start]
        return Alignment(
            self.words[min(first + start, len(self.words) - 1)].start,
            last.end,
            min(1.0, 2 * same / (len(quote) + length)),
            tuple(differences),
            longest,
            apart,
        )


def _blocks(quoted: Sequence[str], printed: Sequence[str]) -> list[_Block]:
    """Return what is the same and what is not, in turn."""
    found: list[_Block] = []
    for is_same, run in groupby(Levenshtein.opcodes(quoted, printed), key=lambda each: each.tag == "equal"):
        each = list(run)
        found.append(
            _Block(
                is_same,
                (each[0].src_start, each[-1].src_end),
                (each[0].dest_start, each[-1].dest_end),
            )
        )
    return found


def _nearest_spans(quoted: Sequence[str], printed: Sequence[str]) -> list[tuple[int, int]]:
    """Return the stretches of a text that differ least from a quotation, as 0-based words, ends exclusive; none has no word of it.

    The fewest edits against a whole window may lie in a word at its edge that only chances to be the same: the
    beginning and the end that the inner matches ask for are tried too.
    """
    same = [block for block in _blocks(quoted, printed) if block.is_same]
    if not same:
        return []
    starts = {same[0].printed[0]} | {
        start
        for block in same[:_EDGES]
        for start in range(block.printed[0] - block.quoted[0] - 1, block.printed[0] - block.quoted[0] + 3)
        if 0 <= start <= block.printed[0]
    }
    ends = {same[-1].printed[1]} | {
        end
        for block in same[-_EDGES:]
        for end in range(
            block.printed[1] + len(quoted) - block.quoted[1] - 2, block.printed[1] + len(quoted) - block.quoted[1] + 2
        )
        if block.printed[1] <= end <= len(printed)
    }
    reached = same[-1].printed[1]
    of_starts = {start: Levenshtein.distance(quoted, printed[start:reached]) for start in starts if start < reached}
    if not of_starts:
        return []
    nearly = min(of_starts.values()) + 1
    best_starts = sorted(
        (start for start in of_starts if of_starts[start] <= nearly), key=lambda at: (of_starts[at], at)
    )
    begun = best_starts[0]
    of_ends = {end: Levenshtein.distance(quoted, printed[begun:end]) for end in ends if end > begun}
    nearly = min(of_ends.values(), default=0) + 1
    best_ends = sorted((end for end in of_ends if of_ends[end] <= nearly), key=lambda at: (of_ends[at], -at))
    return [(start, end) for start in best_starts[:_EDGES] for end in best_ends[:_EDGES] if start < end]


def _is_forgiven(quoted: Sequence[QuoteWord], printed: Sequence[QuoteWord]) -> bool:
    """Say whether words that are not the same differ in nothing that counts."""
    if not (any(word.is_figure for word in quoted) and any(word.is_figure for word in printed)):
        quoted, printed = _without_notes(quoted), _without_notes(printed)
    if not quoted and not printed:
        return True
    if quoted and all(word.is_inserted for word in quoted):
        return len(printed) <= _APART_MAX and not any(word.is_figure for word in (*quoted, *printed))
    own, other = " ".join(word.text for word in quoted), " ".join(word.text for word in printed)
    if any(word.is_figure for word in (*quoted, *printed)):
        note = _YEAR_WITH_NOTE.fullmatch(other)
        if note is not None and note[1] == own:
            return True
        is_spaced = bool(_THOUSANDS.fullmatch(own) or _THOUSANDS.fullmatch(other))
        return is_spaced and own.replace(" ", "") == other.replace(" ", "")
    return bool(own) and own.replace(" ", "") == other.replace(" ", "")


def _without_notes(words: Sequence[QuoteWord]) -> Sequence[QuoteWord]:
    return [word for word in words if not word.may_be_note]


def _kind(quoted: Sequence[QuoteWord], printed: Sequence[QuoteWord]) -> DifferenceKind:
    if any(word.is_figure for word in (*quoted, *printed)):
        return DifferenceKind.FIGURE
    own, other = ({word.text for word in words} for words in (quoted, printed))
    if own & _AMOUNTS != other & _AMOUNTS:
        return DifferenceKind.FIGURE
    own, other = own & _NEGATIONS, other & _NEGATIONS
    return DifferenceKind.NEGATION if own != other else DifferenceKind.WORD

"""From lines to running text: paragraphs apart, words broken at line ends joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from nlp.reading.compounds import breaks_no_words, is_in_address, is_of_compound
from nlp.reading.glyphs import BULLET, SOFT_HYPHEN, UNREADABLE
from nlp.reading.lines import Line
from nlp.reading.spans import CELL_GAP
from nlp.reading.writing import plain_characters

_GAP = 1.35
"""Lines further apart than this share of the usual distance begin a paragraph."""
_OTHER_SIZE = 0.12
"""A line whose type is larger or smaller by this share is of another paragraph: a heading, a note."""
_INDENT_EMS = (0.8, 5.0)
"""How far the first line of a paragraph is set in."""
_SENTENCE_END = re.compile(r"""(?:[!?;»”"')\]…]\s*\d{0,3}|[.:](?:\s*|(?:\s+|(?<!\d.))\d{1,3}))$""")
"""With the mark of a footnote after it; the point of `61.9` and the colon of `9:30` end none."""
_GOES_ON = ";:,»”\"')]"
"""What a line may end with whose sentence the next column continues with, in a small letter."""
_SAME_WIDTH = 0.8
"""So much of the wider line: the last line of a column and the first of the next, of one text."""
_LABEL = re.compile(rf"(?:[{BULLET}▪■●◦‣➢–-]|\(?\d{{1,3}}[.)]|\[\d{{1,3}}\]|\(?[a-z][.)])\s|\d{{1,3}}\s+(?=[A-ZÀ-Þ])")
"""What an item of a list begins with."""
_BROKEN = re.compile(r"(?<![^\W\d_])(?P<first>[^\W\d_]++)(?P<hyphen>[-\u2010\u00ad])$")
_NEXT = re.compile(r"(?P<second>[^\W\d_]+)(?P<rest>.*)", re.DOTALL)
_LOST_BULLET = re.compile(f"^{UNREADABLE}(?=\\s\\S)", re.MULTILINE)
_NEXT_NUMBER = re.compile(r"\n\d")
_SOFTLY_HYPHENATED = re.compile(f"(?<![\\w{SOFT_HYPHEN}])\\w*+{SOFT_HYPHEN}[\\w{SOFT_HYPHEN}]*+")
_HYPHEN_AT_LINE_END = re.compile("[-\u2010\u00ad]\n")
_FRAGMENT = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\n([^\W\d_]+)")
"""What a line begins with after one that ends in a hyphen: no word on its own."""
_HYPHENS = "-\u2010"
_CHARACTERS_OF_TEXT = 50
"""Longer lines than this are most often running text."""
_CELL = re.compile(r"(?<![.!?:;])  (?=\S)")
"""Before a cell of a row; typists put two spaces behind a sentence, and now and then elsewhere."""
_SAME_STEP = 0.05
"""Ems; lines one below another of one paragraph stand equally far apart."""
_DISTANCES_MIN = 3
_FAR_EMS = 3.0
"""A line further below always belongs to another paragraph."""
_CHARACTERS_OF_A_LINE = 30
"""Shorter lines are headings, or cells of tables."""
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


@dataclass(slots=True)
class SeenWords:
    """The words of a document as far as it has been read: they tell how a word broken at a line end is written."""

    seen: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    """Words inside compounds."""
    lines: int = 0
    """Lines of running text."""
    breaks: int = 0
    """Those of them that end in a hyphen after a letter."""
    _MAX = 200_000

    def add(self, text: str) -> None:
        """Count the words of a text; beyond a few hundred thousand different ones nothing new is learned."""
        if len(self.seen) < self._MAX:
            small = text.lower()
            words = _WORD.findall(small)
            self.seen.update(words)
            if _HYPHEN_AT_LINE_END.search(small):
                self.seen.subtract(_FRAGMENT.findall(small))
            if "-" in text:
                self.parts.update(part for word in words if "-" in word for part in word.split("-"))
        lines = [line for line in text.split("\n") if len(line) >= _CHARACTERS_OF_A_LINE]
        self.lines += len(lines)
        self.breaks += sum(line[-1] in _HYPHENS and line[-2:-1].isalpha() for line in lines)

    def join(self, first: str, second: str, *, before: str = "", after: str = "", is_soft: bool = False) -> str:
        """Return the word that a line end broke after `first` and a hyphen.

        Args:
            before: what clings to the first part.
            after: what clings to the second.
            is_soft: whether the hyphen is one that only shows where a word is broken. Some fonts have no other.
        """
        one, hyphenated = first + second, f"{first}-{second}"
        if is_in_address(before):
            return hyphenated
        as_one = self.seen[one.lower()] + self.parts[one.lower()]
        as_two = self.seen[hyphenated.lower()]
        if as_one or as_two:
            return one if as_one >= as_two else hyphenated
        is_word = self.seen[second.lower()] > 0
        if is_of_compound(first, second, before=before, after=after, second_is_word=is_word):
            return hyphenated
        return hyphenated if not is_soft and breaks_no_words(self.breaks, lines=self.lines) else one


def page_text(lines: Sequence[Line], *, words: SeenWords) -> str:
    """Return the text of a page: lines as they stand, a blank line between paragraphs, broken words whole.

    Args:
        words: of the document so far; the page's own are added.
    """
    written = [
        Line(plain_characters(line.text).strip(" "), line.x0, line.x1, line.y, line.size, line.font) for line in lines
    ]
    written = [line for line in written if line.text]
    words.add("\n".join(line.text for line in written))
    leading = _leading(written)
    pieces: list[str] = []
    for number, line in enumerate(written):
        if number and _begins_paragraph(written, number, leading=leading):
            pieces.append("")
        pieces.append(line.text)
    return _LOST_BULLET.sub(BULLET, join_broken_words(pieces, words=words))


class _Leading(NamedTuple):
    """Distances between baselines that most lines of a page have, in ems of their type."""

    text: float
    any: float
    """Rows of tables too."""


def _leading(lines: Sequence[Line]) -> _Leading:
    """Return the usual distances; 1.2 where there are too few. Text is often set with more space than tables, or with less."""
    near = [
        (before, line)
        for before, line in pairwise(lines)
        if line.size > 0 and 0.7 * line.size < before.y - line.y < 3 * line.size
    ]
    of_text = [pair for pair in near if min(len(pair[0].text), len(pair[1].text)) >= _CHARACTERS_OF_TEXT]
    whole = _median_distance(near)
    return _Leading(_median_distance(of_text) if len(of_text) >= _DISTANCES_MIN else whole, whole)


def _median_distance(pairs: Sequence[tuple[Line, Line]]) -> float:
    if len(pairs) < _DISTANCES_MIN:
        return 1.2
    return median((before.y - line.y) / line.size for before, line in pairs)


def _begins_paragraph(lines: Sequence[Line], number: int, *, leading: _Leading) -> bool:
    """Say whether the line of this number, from 0 and not the first, begins another paragraph than the one before it."""
    before, line = lines[number - 1], lines[number]
    size = max(line.size, before.size, 0.1)
    down = before.y - line.y
    if abs(line.size - before.size) > _OTHER_SIZE * size:
        return True
    if down < -0.5 * size:  # up again: the next column, or a head that the page shows last
        return not _goes_on_in_next_column(lines, number)
    are_rows = CELL_GAP in line.text and CELL_GAP in before.text
    if down > _GAP * max(leading.text, leading.any if are_rows else 0.9) * size:
        return down > _FAR_EMS * size or not _goes_on_below(lines, number)
    indent = (line.x0 - before.x0) / size
    is_set_in = _INDENT_EMS[0] < indent < _INDENT_EMS[1] and down > 0.5 * size
    return is_set_in and bool(_SENTENCE_END.search(before.text)) and not _is_hanging(lines, number)


def _goes_on_below(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line continues with a sentence though it stands further below than others: text set wider than the rest."""
    before, line = lines[number - 1], lines[number]
    if len(before.text) < _CHARACTERS_OF_TEXT or any(len(_CELL.findall(each.text)) > 1 for each in (before, line)):
        return False
    if abs(line.x0 - before.x0) > _INDENT_EMS[1] * line.size or _LABEL.match(line.text):
        return False
    if _SENTENCE_END.search(before.text) and before.text[-1] not in _GOES_ON:
        return False
    if line.text[:1].islower():
        return True
    down = before.y - line.y
    steps = [one.y - other.y for one, other in pairwise(lines[max(number - 2, 0) : number + 2])]
    alike = sum(abs(step - down) < _SAME_STEP * line.size for step in steps)  # its own step is one of them
    return alike >= 2 and before.x1 >= line.x1 - line.size


def _goes_on_in_next_column(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line at the top of a column continues with the sentence at the foot of the column before."""
    before, line = lines[number - 1], lines[number]
    has_ended = _SENTENCE_END.search(before.text) is not None
    if line.text[:1].islower():
        return not has_ended or before.text[-1] in _GOES_ON
    if has_ended or min(len(line.text), len(before.text)) < _CHARACTERS_OF_A_LINE or before.text.isupper():
        return False
    narrow, wide = sorted((line.x1 - line.x0, before.x1 - before.x0))
    is_one_text = line.font == before.font and narrow >= _SAME_WIDTH * wide and CELL_GAP not in before.text + line.text
    if not is_one_text or _LABEL.match(line.text) or not 2 <= number < len(lines) - 1:
        return False
    # Captions and cells stand alone, the lines of a column below one another.
    return _is_right_below(before, above=lines[number - 2]) and _is_right_below(lines[number + 1], above=line)


def _is_right_below(line: Line, *, above: Line) -> bool:
    return (
        above.font == line.font and 0 < above.y - line.y < 2 * above.size and abs(above.x0 - line.x0) < 2 * above.size
    )


def _is_hanging(lines: Sequence[Line], number: int) -> bool:
    """Say whether a line is set in because the first line of its paragraph hangs out, as in lists and bibliographies.

    The line before it is full then; and it is an item of a list, or other lines around are set in as far.
    """
    before, line = lines[number - 1], lines[number]
    if before.x1 < line.x1 - line.size:
        return False
    around = (*lines[max(number - 2, 0) : number - 1], *lines[number + 1 : number + 2])
    return bool(_LABEL.match(before.text)) or any(abs(other.x0 - line.x0) < 0.2 * line.size for other in around)


def join_broken_words(lines: Sequence[str], *, words: SeenWords) -> str:
    """Return lines as one text in which no word is broken by a line end.

    The whole word is on the first of the two lines; a line that was only the rest of a word goes.
    """
    joined: list[str] = []
    for line in lines:
        broken = _BROKEN.search(joined[-1]) if joined and line else None
        follows = _NEXT.match(line) if broken else None
        if broken is None or follows is None:
            joined.append(line)
            continue
        first, second = broken["first"], follows["second"]
        # What clings to the word (a comma, another part of a compound) goes up with it.
        clinging, space, after = follows["rest"].partition(" ")
        before = joined[-1][: broken.start()]
        is_soft = broken["hyphen"] == SOFT_HYPHEN
        joined[-1] = before + words.join(
            first, second, before=before.rpartition(" ")[2], after=clinging, is_soft=is_soft
        )
        joined[-1] += clinging
        if space and after.strip():
            joined.append(after.lstrip())
    text = "\n".join(joined).strip("\n")
    return _without_soft_hyphens(text, words=words) if SOFT_HYPHEN in text else text


def _without_soft_hyphens(text: str, *, words: SeenWords) -> str:
    """Return a text without the soft hyphens inside its words; those that stand for a hyphen become one."""

    def whole(found: re.Match[str]) -> str:
        first, *others = found[0].split(SOFT_HYPHEN)
        for other in others:
            is_number = other[:1].isdigit() or (not other and _NEXT_NUMBER.match(text, found.end()) is not None)
            if first.isalpha() and other.isalpha():
                first = words.join(first, other, is_soft=True)
            else:
                first += f"-{other}" if first and (is_number or first[-1].isdigit()) else other
        return first

    return _SOFTLY_HYPHENATED.sub(whole, text)

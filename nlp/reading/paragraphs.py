"""From lines to running text: paragraphs apart, words broken at line ends joined."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from statistics import median

from nlp.reading.glyphs import BULLET, UNREADABLE
from nlp.reading.lines import Line
from nlp.reading.writing import plain_characters

_GAP = 1.35
"""Lines further apart than this share of the usual distance begin a paragraph."""
_OTHER_SIZE = 0.12
"""A line whose type is larger or smaller by this share is of another paragraph: a heading, a note."""
_INDENT_EMS = (0.8, 5.0)
"""How far the first line of a paragraph is set in."""
_SENTENCE_END = re.compile(r"[.!?:;»”\"')\]…]\s*\d{0,3}$")
_BROKEN = re.compile(r"(?<![^\W\d_])(?P<first>[^\W\d_]++)(?P<hyphen>[-\u2010\u00ad])$")
_NEXT = re.compile(r"(?P<second>[^\W\d_]+)(?P<rest>.*)", re.DOTALL)
_LOST_BULLET = re.compile(f"^{UNREADABLE}(?=\\s\\S)", re.MULTILINE)
_WORD = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)*")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FIRST_PARTS = _words(
    "self non well home own low high long short part full middle socio ex mid half cross follow "  # en
    "sous vice quasi franco demi mi au peut est celui celle ceux grand plus contre "  # fr
    "teórico físico político econômico económico"  # es, pt
)
"""First parts of compounds that keep their hyphen, where the document does not say otherwise."""
_SECOND_PARTS = _words(
    "ci là être il elle on ils elles même mêmes dire "  # fr: celui-ci, peut-être, c'est-à-dire
    "lhe lhes lo los las nos vos based term time income work called related"  # pt: torná-lo; en: home-based
)


@dataclass(slots=True)
class SeenWords:
    """The words of a document as far as it has been read: they tell how a word broken at a line end is written."""

    seen: Counter[str] = field(default_factory=Counter)
    _MAX = 200_000

    def add(self, text: str) -> None:
        """Count the words of a text; beyond a few hundred thousand different ones nothing new is learned."""
        if len(self.seen) < self._MAX:
            self.seen.update(_WORD.findall(text.lower()))

    def join(self, first: str, second: str) -> str:
        """Return the word that a line end broke after `first` and a hyphen."""
        one, hyphenated = first + second, f"{first}-{second}"
        as_one, as_two = self.seen[one.lower()], self.seen[hyphenated.lower()]
        if as_one or as_two:
            return one if as_one >= as_two else hyphenated
        if not second[0].islower() or first.isupper():  # Anglo-Saxon, ILO-led
            return hyphenated
        if first.lower() in _FIRST_PARTS or second.lower() in _SECOND_PARTS:
            return hyphenated
        return one


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
    usual = _usual_distance(written)
    pieces: list[str] = []
    for before, line in zip([None, *written], written, strict=False):
        if before is None:
            pieces.append(line.text)
        elif _begins_paragraph(line, before=before, usual=usual):
            pieces += ["", line.text]
        else:
            pieces.append(line.text)
    return _LOST_BULLET.sub(BULLET, join_broken_words(pieces, words=words))


def _usual_distance(lines: Sequence[Line]) -> float:
    """Return the distance between baselines that most lines have, in ems of their type; 1.2 when there are too few."""
    distances = [
        (before.y - line.y) / line.size
        for before, line in pairwise(lines)
        if line.size > 0 and 0.7 * line.size < before.y - line.y < 3 * line.size
    ]
    return median(distances) if len(distances) >= 3 else 1.2


def _begins_paragraph(line: Line, *, before: Line, usual: float) -> bool:
    size = max(line.size, before.size, 0.1)
    down = before.y - line.y
    if abs(line.size - before.size) > _OTHER_SIZE * size:
        return True
    if down < -0.5 * size:  # up again: the next column, or a head that the page shows last
        return bool(_SENTENCE_END.search(before.text)) or not line.text[:1].islower()
    if down > _GAP * max(usual, 0.9) * size:
        return True
    indent = (line.x0 - before.x0) / size
    return _INDENT_EMS[0] < indent < _INDENT_EMS[1] and down > 0.5 * size and bool(_SENTENCE_END.search(before.text))


def join_broken_words(lines: Sequence[str], *, words: SeenWords) -> str:
    """Return lines as one text in which no word is broken by a line end.

    The whole word stands on the first of the two lines; a line that was only the rest of a word goes.
    """
    joined: list[str] = []
    for line in lines:
        broken = _BROKEN.search(joined[-1]) if joined and line else None
        follows = _NEXT.match(line) if broken else None
        if broken is None or follows is None:
            joined.append(line)
            continue
        first, second = broken["first"], follows["second"]
        whole = first + second if broken["hyphen"] == "\u00ad" else words.join(first, second)
        joined[-1] = joined[-1][: broken.start()] + whole
        rest = follows["rest"]
        # What clings to the word (a comma, another part of a compound) goes up with it.
        clinging, space, after = rest.partition(" ")
        joined[-1] += clinging
        if space and after.strip():
            joined.append(after.lstrip())
    return "\n".join(joined).replace("\u00ad", "").strip("\n")

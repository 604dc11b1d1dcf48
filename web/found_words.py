"""Found words as boxes on the picture of a page: an SVG that is laid over it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp.reading.pictures import WHOLE, PageLetters
from search_api.answers.marks import Marker

BOXES_MAX = 500
"""Of a page: a page of text has some 500 words."""
PADDING = 20
"""Around the letters, in parts of WHOLE: about two pixels."""
# From the beginning of a word only: else a long word would be tried from each of its letters.
_BROKEN = re.compile(r"(?<![^\W\d_])(?P<first>[^\W\d_]+)(?P<gap>[-\u2010\u00ad]\s*\n\s*)(?P<second>[^\W\d_]+)")
_WORD = re.compile(r"[^\W\d_]+")


class WordBox(NamedTuple):
    """A part of a picture, in parts of WHOLE from its left and its top."""

    left: int
    top: int
    right: int
    bottom: int


def found_boxes(letters: PageLetters, marker: Marker, *, lang: str, text: str) -> tuple[WordBox, ...]:
    """Return where the words of a search are on a picture; a word or phrase has one box on each line that it is on.

    Args:
        letters: of the page, with their places.
        marker: what is marked in the text too.
        lang: of the document.
        text: of the page as it was read. It tells a word that a line end broke from a compound with a hyphen.
    """
    kept = _without_broken_words(letters.text, text=text)
    found: list[WordBox] = []
    for span in marker.spans("".join(letters.text[each] for each in kept), lang):
        found += _boxes_of(letters, kept[span.start], kept[span.end - 1])
        if len(found) >= BOXES_MAX:
            break
    return tuple(found[:BOXES_MAX])


def boxes_svg(boxes: tuple[WordBox, ...]) -> str:
    """Return a drawing of boxes that stretches to the size of the picture below it."""
    path = "".join(
        f"M{max(box.left - PADDING, 0)} {max(box.top - PADDING, 0)}"
        f"H{min(box.right + PADDING, WHOLE)}V{min(box.bottom + PADDING, WHOLE)}H{max(box.left - PADDING, 0)}Z"
        for box in boxes
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WHOLE} {WHOLE}" preserveAspectRatio="none">'
        f'<path d="{path}" fill="#ffd54a" fill-opacity=".6" stroke="#8a4b00" stroke-opacity=".7" '
        'vector-effect="non-scaling-stroke"/></svg>'
    )


def _without_broken_words(written: str, *, text: str) -> list[int]:
    """Return the numbers of the letters without what parts a word at a line end.

    A compound keeps its hyphen: only words that the text of the page has in one are joined.
    """
    known: set[str] = set()
    left_out: set[int] = set()
    for broken in _BROKEN.finditer(written):
        known = known or {word.casefold() for word in _WORD.findall(text)}
        start, end = broken.span("gap")
        is_one_word = f"{broken['first']}{broken['second']}".casefold() in known
        left_out.update(range(start if is_one_word else start + 1, end))
    return [each for each in range(len(written)) if each not in left_out]


def _boxes_of(letters: PageLetters, first: int, last: int) -> Iterator[WordBox]:
    """Give the boxes of a stretch of letters: another one begins with a line, and where a letter is far from the others."""
    box: WordBox | None = None
    for number in range(first, last + 1):
        place = WordBox(*letters.places[number * 4 : number * 4 + 4])
        is_line_end = letters.text[number] == "\n"
        if place.right <= place.left and not is_line_end:
            continue
        if box and (is_line_end or not _is_beside(box, place)):
            yield box
            box = None
        if not is_line_end:
            box = _around(box, place) if box else place
    if box:
        yield box


def _is_beside(box: WordBox, place: WordBox) -> bool:
    """Say whether a letter is on the line of a box, whichever way that runs."""
    is_level = place.top < box.bottom and box.top < place.bottom
    is_in_column = place.left < box.right and box.left < place.right
    return is_level or is_in_column


def _around(box: WordBox, place: WordBox) -> WordBox:
    return WordBox(
        min(box.left, place.left),
        min(box.top, place.top),
        max(box.right, place.right),
        max(box.bottom, place.bottom),
    )

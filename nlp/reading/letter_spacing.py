"""Letter-spaced type (`R E P O R T`): letters set apart for show are one word; only wider gaps part words."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from statistics import median
from typing import NamedTuple

from nlp.reading.spans import ShownText

_SPACED_EMS_MAX = 1.3
"""Letters further apart are cells of a table."""
SPACED_LETTERS_MIN = 5
"""Fewer letters are an enumeration or the heads of columns."""
_GAPS_MIN_SHARE = 0.8
"""Of the places between letters that show a gap: kerning closes some (`Ve n d o r s`)."""
_SINGLE_MIN_SHARE = 0.75
"""Of the pieces: in a line of short words more have two letters."""
_SAME_GAP = 0.1
_WORD_GAP = 1.6
"""A gap this many times as wide as the usual one parts words."""


class Piece(NamedTuple):
    """Some glyphs, and how far they stand from those before them."""

    text: str
    gap: float
    """Ems; 0 for the first."""


class SpacedText(NamedTuple):
    """Letter-spaced words."""

    text: str
    gap: float
    """How far its letters stand apart, ems."""


def spaced_text(pieces: Sequence[Piece], *, space: float, before: float = 0.0) -> SpacedText | None:
    """Return the words that letter-spaced pieces make up, one blank between them; None when they are not letter-spaced.

    Args:
        pieces: from left to right.
        space: a gap wider than this is a blank in ordinary type, ems.
        before: gap of the letter-spaced text just before: figures set like it are one number. 0 when there is none.
    """
    shown = [piece.text.strip() for piece in pieces if piece.text.strip()]
    if any(len(text) > 2 for text in shown) or sum(len(text) == 1 for text in shown) < _SINGLE_MIN_SHARE * len(shown):
        return None
    gaps = [piece.gap for piece in pieces[1:] if piece.text.strip()]
    wide = [gap for gap in gaps if gap > space]
    if len(wide) < 3 or len(wide) < _GAPS_MIN_SHARE * len(gaps):
        return None
    usual = median(wide)
    letters = sum(map(str.isalpha, shown))
    if letters < max(SPACED_LETTERS_MIN, 0.5 * len(shown)) and abs(usual - before) > _SAME_GAP * before:
        return None
    if usual > _SPACED_EMS_MAX:
        return None
    words: list[str] = []
    for piece in pieces:
        if piece.gap > _WORD_GAP * usual:
            words.append(" ")
        words.append(piece.text)
    return SpacedText(" ".join("".join(words).split()) + (" " if pieces[-1].text.endswith(" ") else ""), usual)


def join_spaced_letters(spans: Sequence[ShownText], *, space: float) -> list[ShownText]:
    """Return spans in which letters that a page shows one by one, set apart, are one span."""
    if sum(len(span.text.strip()) == 1 for span in spans) < SPACED_LETTERS_MIN:
        return list(spans)
    joined: list[ShownText] = []
    run: list[ShownText] = []
    for span in spans:
        if run and not _follows(span, last=run[-1]):
            joined += _one_span(run, space=space)
            run = []
        run.append(span)
    return joined + _one_span(run, space=space)


def _follows(span: ShownText, *, last: ShownText) -> bool:
    if len(span.text.strip()) > 2 or len(last.text.strip()) > 2 or span.size != last.size or span.font != last.font:
        return False
    gap = span.x0 - last.x1
    return abs(span.y0 - last.y0) < 0.1 * span.size and -0.2 * span.size < gap < 2 * _SPACED_EMS_MAX * span.size


def _one_span(run: Sequence[ShownText], *, space: float) -> list[ShownText]:
    if len(run) < SPACED_LETTERS_MIN:
        return list(run)
    first, last = run[0], run[-1]
    size = first.size or 1
    gaps = [0.0, *((span.x0 - before.x1) / size for before, span in itertools.pairwise(run))]
    spaced = spaced_text([Piece(span.text, gap) for span, gap in zip(run, gaps, strict=True)], space=space)
    return list(run) if spaced is None else [first._replace(text=spaced.text, x1=last.x1, y1=last.y1)]

"""The lines of a cover or first page, put together as a person sees them: blocks of one size, from the top down."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from nlp.reading.lines import Line
from nlp.reading.names_on_line import composed
from nlp.reading.writing import plain_characters

_SAME_SIZE = 0.08
_GAP_SIZES = 2.1
"""Lines of one block are set at most this many of their size apart."""
_LEAST_WIDTH_SIZES = 0.3
"""What is narrower for its letters is turned, or set one letter below the other."""
_CHARACTERS_OF_LINE = 60
_CHARACTERS_OF_COLUMN = 30
"""Lines of running text have this many characters, or, in columns, so many in the mean of six."""
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_FOOTNOTE_MARK = re.compile(r"(?<=[^\W\d])\s?[*†‡§¶∗¹²³]+(?=\s|,|$)")


@dataclass(slots=True)
class Block:
    """Lines of one size that follow one another."""

    lines: list[Line] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return its lines as one, in one spelling of blanks, letter-spaced words joined."""
        joined = ""
        for line in self.lines:
            text = joined_letters(" ".join(plain_characters(line.text).split(" ")).strip())
            joined = joined[:-1] + text if _is_broken_word(joined, text) else f"{joined} {text}"
        return _FOOTNOTE_MARK.sub("", composed(" ".join(joined.split())))

    @property
    def size(self) -> float:
        """Return the height of its letters in points: that of its largest line."""
        return max(line.size for line in self.lines)

    @property
    def top(self) -> float:
        """Return the baseline of its first line; larger is higher."""
        return self.lines[0].y

    @property
    def bottom(self) -> float:
        """Return the baseline of its last line."""
        return self.lines[-1].y

    @property
    def x0(self) -> float:
        """Return its left end."""
        return min(line.x0 for line in self.lines)

    @property
    def x1(self) -> float:
        """Return its right end."""
        return max(line.x1 for line in self.lines)

    @property
    def is_bold(self) -> bool:
        """Say whether all of it is set in a bold font, as far as the names of fonts tell."""
        return all(_BOLD.search(line.font) for line in self.lines)

    @property
    def weight(self) -> float:
        """Return how much it stands out: its size, a little more when it is bold."""
        return self.size * (1.1 if self.is_bold else 1.0)


def blocks_of(lines: Iterable[Line]) -> list[Block]:
    """Return the blocks of a page, from the top down. Turned text and what lies outside the page is left out."""
    blocks: list[Block] = []
    for line in sorted(filter(_is_upright, lines), key=lambda line: (-round(line.y), line.x0)):
        fitting = (block for block in reversed(blocks[-6:]) if _goes_on(block, line))
        if block := next(fitting, None):
            block.lines.append(line)
        else:
            blocks.append(Block([line]))
    return blocks


def _is_upright(line: Line) -> bool:
    letters = len(line.text.strip())
    return letters > 0 and line.x1 > 0 and line.x1 - line.x0 >= _LEAST_WIDTH_SIZES * line.size * min(letters, 4) / 2


def _goes_on(block: Block, line: Line) -> bool:
    last = block.lines[-1]
    is_same_size = abs(last.size - line.size) <= _SAME_SIZE * max(last.size, line.size)
    gap = last.y - line.y
    if not is_same_size or gap > _GAP_SIZES * last.size:
        return False
    if gap < 0.4 * last.size:  # two parts of one line
        return 0 <= line.x0 - last.x1 < 2 * last.size
    return line.x0 < block.x1 and block.x0 < line.x1


def _is_broken_word(before: str, after: str) -> bool:
    return bool(re.search(r"[^\W\d_]-$", before)) and after[:1].islower()


def joined_letters(text: str) -> str:
    """Return text whose words are set letter by letter (`R E P O R T`, `Cl a s i f i C a C i ó n`) with whole words."""
    words = text.split()
    if len(words) < 4 or sum(len(word) == 1 for word in words) < 0.6 * len(words):
        return text
    # Between words the gap is wider: two blanks or more.
    return " ".join("".join(word.split()) for word in re.split(r"\s{2,}", text.strip()))


def is_sparse(blocks: Sequence[Block], *, body: float) -> bool:
    """Say whether a page is a cover: it has no paragraph of running text."""
    return not any(block.size <= 1.15 * body and _is_paragraph(block) for block in blocks)


def _is_paragraph(block: Block) -> bool:
    lengths = [len(line.text.strip()) for line in block.lines]
    is_wide = sum(length >= _CHARACTERS_OF_LINE for length in lengths) >= 3 and len(lengths) >= 4
    is_column = len(lengths) >= 6 and sum(lengths) >= len(lengths) * _CHARACTERS_OF_COLUMN
    return is_wide or is_column

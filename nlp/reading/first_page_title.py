"""The title on a cover or a first page: what stands out by size, put together from lines of several sizes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.reading.cover import Block, blocks_of, is_sparse, joined_letters
from nlp.reading.first_page_dates import is_date_line
from nlp.reading.lines import Line
from nlp.reading.names_on_line import names_on_line
from nlp.reading.never_titles import is_never_title, is_part_of_title
from nlp.spellings import Spellings

_LARGER = 1.08
"""A title stands out from the body by at least this factor; bold type counts for a tenth."""
_TITLE_CHARACTERS = (8, 300)
_LINES_MAX = 8
_LINES_OF_BOLD_TITLE = 4
_PART_OF_LARGEST = 0.36
"""Parts of a title on a cover are at least this share of its largest."""
_PART_OF_TITLE_BELOW = 0.7
"""On a page with text, what directly follows the title belongs to it when its letters are at least this share of it."""
_GAP_BELOW = 2.6
_GAP_ON_COVER = 4.5
_PART_ABOVE = 0.75
"""What is above a title in smaller letters than this share of it is a series or a masthead."""
_FOOT = 0.06
_CANDIDATES = 6
_LETTERS_OF_FIRST_WORD = 6
_YEARS = re.compile(r"(?:19|20)\d\d(?: ?[-/–] ?(?:(?:19|20)\d\d|\d\d))?")
_NAMED_YEAR = re.compile(rf"\W?(?:[A-Z]{{2,10}} ?[-–/]? ?)?{_YEARS.pattern}\W?")
_NUMBERED = re.compile(r"(?:\d{1,2}(?:\.\d{1,2})*[.)]?|[IVX]{1,5}[.)])(?: \||\s) ?[^\W\d_]")
_UNFINISHED = re.compile(
    r"(?:\b(?:of|the|and|for|on|in|to|a|an|with|from|by|de|del|la|el|los|las|y|en|para|por|du|des|le|les|et|dans|sur|au|aux|do|da|dos|das|e"
    r"|em|no|na|ao)|[,:&–—-])$",
    re.IGNORECASE,
)
_HEAD_CHARACTERS = 70
_HEAD_LINES = 24
_OF_MASTHEAD = re.compile(
    r"\bdistr\b|^\s*original ?:|\bsession(?: (?:of )?\d{4})?\s*$|provisional agenda|^\s*(?:agenda )?item \d",
    re.IGNORECASE,
)
_LAW = re.compile(
    r"(?:resoluci[oó]n|ley|decreto|acuerdo|ordenanza|loi|d[ée]cret|arr[êe]t[ée]|lei|portaria|resolu[cç][aã]o|act|regulations?|law|ordinance|proclamation)"
    r" (?:no|n[º°]|nr|num|n[uú]mero)\b",
    re.IGNORECASE,
)
_PAGES = 3
"""A cover may be a picture: then the title is on one of the next pages."""


@dataclass(frozen=True, slots=True)
class FoundTitle:
    """A title and where it stands."""

    text: str
    """Empty: nothing reads as a title."""
    page: int = 0
    """Index of its page; 0 too when there is none."""
    top: float = 0.0
    """Where it begins, a little above its first baseline; in points, as its other sides."""
    bottom: float = 0.0
    """Its last baseline."""
    x0: float = 0.0
    x1: float = 0.0
    parts: tuple[str, ...] = ()
    """Its blocks, from the top down."""


def title_on(pages: Sequence[Sequence[Line]], *, spellings: Spellings) -> FoundTitle:
    """Return the title on the first of some pages that has one.

    Args:
        pages: lines of the first pages, in any order.
        spellings: of the document: names of people are determined by them from headings.
    """
    body = body_size(pages)
    for number, page in enumerate(pages[:_PAGES]):
        blocks = [block for block in blocks_of(page) if not _is_noise(block)]
        if not blocks:
            continue
        if parts := _Page(_below_masthead(blocks), body, spellings).title():
            return FoundTitle(
                _joined(parts),
                page=number,
                top=max(part.top + 2.5 * part.size for part in parts),
                bottom=min(part.bottom for part in parts),
                x0=min(part.x0 for part in parts),
                x1=max(part.x1 for part in parts),
                parts=tuple(part.text for part in parts),
            )
        if not is_sparse(blocks, body=body):
            break  # the text has begun: what stands out on later pages are its headings
    return FoundTitle("")


def body_size(pages: Sequence[Sequence[Line]]) -> float:
    """Return the size in which most characters of the first pages are set; 0 when there are none."""
    sizes: Counter[float] = Counter()
    for page in pages:
        for line in page:
            sizes[round(line.size * 2) / 2] += len(line.text)
    return sizes.most_common(1)[0][0] if sizes else 0.0


class _Page:
    """The blocks of one page, from the top down, and what of them is a title."""

    def __init__(self, blocks: Sequence[Block], body: float, spellings: Spellings) -> None:
        self._blocks = [
            trimmed for block in blocks if (trimmed := _without_other_ends(block, spellings=spellings)).lines
        ]
        self._body = body
        self._spellings = spellings
        self._is_cover = is_sparse(blocks, body=body)

    def title(self) -> list[Block]:
        """Return the parts of the title, from the top down; empty when nothing reads as one."""
        for block in self._candidates():
            parts = self._parts_on_cover(block) if self._is_cover else self._parts_on_page(block)
            if is_title(_joined(parts)):
                return parts
            if is_title(block.text):
                return [block]
        return []

    def _candidates(self) -> list[Block]:
        """Return the blocks that may be a title, the one that stands out most first; one that names a law before all others."""
        laws = [
            block for block in self._blocks if _LAW.match(block.text) and block.is_bold and self._can_be_title(block)
        ]
        least = 0.0 if self._is_cover else _LARGER * self._body
        fitting = [block for block in self._blocks if block.weight >= least and self._can_be_title(block)]
        fitting.sort(key=lambda block: -round(block.weight, 1))
        if not self._is_cover:
            fitting += self._head()
        return (laws[:1] + fitting)[:_CANDIDATES]

    def _can_be_title(self, block: Block) -> bool:
        text = block.text
        if self._is_cover and text.isalpha() and len(text) >= _LETTERS_OF_FIRST_WORD and not is_never_title(text):
            return True  # its first word alone in large letters
        return len(block.lines) <= _LINES_MAX and is_title(text) and (self._is_cover or not _NUMBERED.match(text))

    def _head(self) -> list[Block]:
        """Return the block at the top of a page that is set like the body but for its weight, or for being centred."""
        for block in self._blocks[:5]:
            if len(block.lines) > _LINES_OF_BOLD_TITLE:
                return []
            is_head = block.is_bold or self._is_centred(block)
            if is_head and block.size >= 0.95 * self._body and self._can_be_title(block):
                return [block]
        return []

    def _is_centred(self, block: Block) -> bool:
        left, right = min(each.x0 for each in self._blocks), max(each.x1 for each in self._blocks)
        starts, ends = block.x0 - left, right - block.x1
        return min(starts, ends) > 0.04 * (right - left) and abs(starts - ends) < 0.1 * (right - left)

    def _parts_on_cover(self, main: Block) -> list[Block]:
        """Return what belongs to the title on a cover, from the top down: what is large and no stamp, office, date or name."""
        foot = _FOOT * self._blocks[0].top
        parts = [main]
        for block in self._blocks[self._blocks.index(main) + 1 :]:
            is_large = block.size >= _PART_OF_LARGEST * main.size and block.top > foot
            if is_large and self._is_near(block, parts[-1], main) and self._can_be_part(block, main=main):
                parts.append(block)
        for block in reversed(self._blocks[: self._blocks.index(main)]):
            is_large = block.size >= _PART_ABOVE * main.size or _goes_on(block.text)
            if is_large and self._is_near(parts[0], block, main) and self._can_be_part(block, main=main):
                parts.insert(0, block)
        return parts

    @staticmethod
    def _is_near(block: Block, above: Block, main: Block) -> bool:
        sizes = _GAP_ON_COVER * (2 if _goes_on(above.text) or _UNFINISHED.search(block.text.split()[0]) else 1)
        return above.bottom - block.top < sizes * max(main.size, block.size)

    def _parts_on_page(self, main: Block) -> list[Block]:
        parts = [main]
        for block in self._blocks[self._blocks.index(main) + 1 :]:
            is_near = 0.3 * main.size < parts[-1].bottom - block.top <= _GAP_BELOW * main.size
            is_large = block.size >= _PART_OF_TITLE_BELOW * main.size and block.weight > _LARGER * self._body
            if not (is_near and is_large and self._can_be_part(block, main=main)):
                break
            parts.append(block)
        return parts

    def _can_be_part(self, block: Block, *, main: Block) -> bool:
        text = block.text
        if not _NUMBERED.match(text) and block.size >= 0.9 * main.size and _NAMED_YEAR.fullmatch(text):
            return True
        letters = sum(map(str.isalpha, text))
        return (
            len(block.lines) <= _LINES_MAX
            and letters > 0.5 * len(text.replace(" ", ""))
            and not _NUMBERED.match(text)
            and (not is_never_title(text) or is_part_of_title(text))
            and not is_date_line(text)
            and not names_on_line(text, spellings=self._spellings)
        )


def _without_other_ends(block: Block, *, spellings: Spellings) -> Block:
    """Return a block without lines at its ends that are a date, an office, a stamp, a heading or names."""

    def is_other(line: Line, *, before: Line) -> bool:
        text = joined_letters(line.text.strip())
        if _YEARS.fullmatch(text) or _goes_on(before.text):
            return False
        if is_date_line(text) or _NUMBERED.match(text):
            return True
        if names_on_line(text, spellings=spellings):
            return True
        # An office may be the end of a title; where the line before has room for its first word, it is not.
        first_word = len(text.split(" ")[0]) / len(text) * (line.x1 - line.x0)
        has_room = before.x1 - before.x0 + first_word < block.x1 - block.x0
        return is_never_title(text) and not is_part_of_title(text) and has_room

    lines = list(block.lines)
    while len(lines) > 1 and is_other(lines[-1], before=lines[-2]):
        lines.pop()
    while len(lines) > 1 and is_other(lines[0], before=lines[0]):
        lines.pop(0)
    return Block(lines)


def _joined(parts: Sequence[Block]) -> str:
    return " ".join(part.text for part in parts).strip("–—-:*•| ")


def _goes_on(text: str) -> bool:
    """Say whether a text ends in the middle of a phrase."""
    return bool(_UNFINISHED.search(text.strip()))


def _is_noise(block: Block) -> bool:
    return not any(map(str.isalnum, block.text)) or bool(
        re.fullmatch(r"[\d\s./-]{1,12}", block.text) and not _YEARS.fullmatch(block.text)
    )


def _below_masthead(blocks: list[Block]) -> list[Block]:
    """Return what is below the masthead of a document of the United Nations, whose organs are set larger than its title."""
    heads = [
        (number, line.text)
        for number, block in enumerate(blocks)
        for line in block.lines
        if len(line.text) < _HEAD_CHARACTERS
    ]
    ends = [number for number, text in heads[:_HEAD_LINES] if _OF_MASTHEAD.search(text)]
    is_masthead = any(re.search(r"\bdistr\b", text, re.IGNORECASE) for _, text in heads[:_HEAD_LINES])
    return blocks[max(ends) + 1 :] if is_masthead and ends else blocks


def is_title(text: str) -> bool:
    """Say whether a text reads as a title."""
    letters = sum(map(str.isalpha, text))
    return (
        _TITLE_CHARACTERS[0] <= len(text) <= _TITLE_CHARACTERS[1]
        and letters > 0.6 * len(text.replace(" ", ""))
        and not text[0].islower()
        and (" " in text or len(text) >= 12)
        and "\ufffd" not in text
        and not is_never_title(text)
        and not is_date_line(text)
        and not _is_spaced_out(text)
    )


def _is_spaced_out(text: str) -> bool:
    """Say whether a text is still set letter by letter: its words cannot be told."""
    words = text.split()
    return len(words) > 3 and sum(len(word) == 1 for word in words) > 0.5 * len(words)

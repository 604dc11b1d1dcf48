"""Two editions or versions of a document side by side: which page stands for which, and which words differ."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup
from rapidfuzz.distance import Indel

from corpus.types import Page
from web.format import without_controls

WORDS_MAX = 2_500
"""Words of a page that are compared; a page of a book has 500, a page of tables 1,500."""
PAGES_AROUND = 150
"""Pages before and after the same number among which the page that stands for another one is looked for."""
_LIKE_MIN = 0.2
"""Share of words in common below which no page stands for another one, so that the same number is shown."""
_LONE = 2
"""Fewer words that are the same between two changes are shown as changed: a stray `of the` helps no one to read."""
_PIECE = re.compile(r"\w+|[^\w\s]")
_WORD = re.compile(r"\w{3,}")


def page_like(page: Page, others: Sequence[Page]) -> int:
    """Return the number of the page that has most words in common with a page; of equal ones the nearest number.

    Where none is like it, the same number as far as there is one. `others` has one page at least.
    """
    own = _words(page)
    same = min(others, key=lambda each: abs(each.number - page.number)).number
    near = [each for each in others if abs(each.number - page.number) <= PAGES_AROUND]
    scores = [(_share(own, _words(each)), -abs(each.number - page.number), each.number) for each in near]
    best = max(scores, default=(0.0, 0, same))
    return best[2] if best[0] >= _LIKE_MIN else same


def is_unlike(page: Page, other: Page) -> bool:
    """Say whether two pages have so few words in common that neither is another state of the other."""
    return _share(_words(page), _words(other)) < _LIKE_MIN


def _words(page: Page) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(page.text))


def _share(first: frozenset[str], second: frozenset[str]) -> float:
    return len(first & second) / len(first | second) if first or second else 1.0


def with_changes(first: str, second: str) -> tuple[Markup, Markup, int]:
    """Return two texts escaped, what only the first has in <del>, what only the second has in <ins>, and how many changes.

    Only white space and where lines break is no change. Beyond WORDS_MAX words the texts are cut.
    """
    one, two = _cut(without_controls(first)), _cut(without_controls(second))
    pieces_one, pieces_two = list(_PIECE.finditer(one)), list(_PIECE.finditer(two))
    changes = list(_changes([each[0] for each in pieces_one], [each[0] for each in pieces_two]))
    left = _marked(one, [_span(pieces_one, start, end) for start, end, _, _ in changes if start < end], tag="del")
    right = _marked(two, [_span(pieces_two, start, end) for _, _, start, end in changes if start < end], tag="ins")
    return left, right, len(changes)


def words_in(text: str) -> int:
    """Return how many words and signs a text has."""
    return sum(1 for _ in _PIECE.finditer(text))


def _cut(text: str) -> str:
    pieces = list(_PIECE.finditer(text))
    return text[: pieces[WORDS_MAX - 1].end()] if len(pieces) > WORDS_MAX else text


def _changes(one: Sequence[str], two: Sequence[str]) -> Iterator[tuple[int, int, int, int]]:
    """Yield where pieces differ: start and end in the first, start and end in the second."""
    held: tuple[int, int, int, int] | None = None
    for step in Indel.opcodes(one, two):
        if step.tag == "equal":
            if held and step.src_end - step.src_start >= _LONE:
                yield held
                held = None
        elif held:
            held = (held[0], step.src_end, held[2], step.dest_end)
        else:
            held = (step.src_start, step.src_end, step.dest_start, step.dest_end)
    if held:
        yield held


def _span(pieces: Sequence[re.Match[str]], start: int, end: int) -> tuple[int, int]:
    return pieces[start].start(), pieces[end - 1].end()


def _marked(text: str, spans: Sequence[tuple[int, int]], *, tag: str) -> Markup:
    parts, reached = [], 0
    opening, closing = (Markup("<del>"), Markup("</del>")) if tag == "del" else (Markup("<ins>"), Markup("</ins>"))
    for start, end in spans:
        parts += [Markup.escape(text[reached:start]), opening, Markup.escape(text[start:end]), closing]
        reached = end
    return Markup("").join([*parts, Markup.escape(text[reached:])])

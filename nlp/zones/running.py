"""Running heads and feet: lines at the edge of pages that come back, and numbers of pages."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence, Set
from typing import NamedTuple

from corpus.tag_rules import Zone
from corpus.vocabulary.spelling import plain
from nlp.zones.phrases import LABEL, SOURCE
from nlp.zones.sheets import Sheet, UsualType

_EDGE = 0.16
"""Share of the page's height, above and below, where running heads and feet stand."""
_BASELINES = 3
"""Of them a page has no more at an edge."""
_SAME_PLACE = 3.0
"""Points; on other pages it stands no further up or down."""
_LONGEST = 160
_LARGE = 1.2
"""So many times as large as running text is a heading, unless it is on every page."""
_PAGE_NUMBER = re.compile(
    r"\W*(?:(?:page|p|pg|pág|página|seite|halaman)\b\W{0,3})?(?:\d{1,4}|[ivxlc]{1,7}|[A-Z]{1,2}[-–. ]?\d{1,3})"
    r"(?:\s?(?:of|de|sur|/|\|)\s?\d{1,4})?\W*|\d{1,4}\s+\d\d-\d{4,6}|\d\d-\d{4,6}\s+\d{1,4}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"[\d|]+")
_LONGEST_IN_TEXT = 120
_PAGES_IN_TEXT = 3
"""A first or last line that is on this many pages is a running head, if it is unknown its place."""


class _Edge(NamedTuple):
    """A line at the edge of a page."""

    sheet: int
    line: int
    is_top: bool
    rank: int
    """0: the outermost baseline."""
    y: float
    """From that edge, points."""
    text: str
    """Folded, without digits."""


def mark_running(sheets: Sequence[Sheet], usual: UsualType | None) -> None:
    """Mark running heads, feet and page numbers."""
    edges = [edge for at, sheet in enumerate(sheets) if sheet.places for edge in _edges(at, sheet)]
    large = {edge for edge in edges if usual and sheets[edge.sheet].places[edge.line].size > _LARGE * usual.size}
    found = _coming_back(edges, large, least=max(3, len(sheets) // 4)) | _page_numbers(edges, sheets)
    places = Counter((edge.is_top, round(edge.y / _SAME_PLACE)) for edge in found)
    for edge in edges:
        at = round(edge.y / _SAME_PLACE)
        near = max(places[edge.is_top, each] for each in (at - 1, at, at + 1))
        # Heads of chapters come back on a few pages only, in the place where others do.
        if edge in found or (near >= max(3, len(sheets) // 4) and edge.rank == 0 and edge not in large):
            sheets[edge.sheet].mark([edge.line], Zone.RUNNING)
    _mark_by_text(sheets)


def _edges(at: int, sheet: Sheet) -> Iterator[_Edge]:
    for is_top in (True, False):
        rows = sheet.rows if is_top else sheet.rows[::-1]
        for rank, row in enumerate(rows[:_BASELINES]):
            y = sheet.places[row[0]].y
            distance = sheet.height - y if is_top else y
            if distance > _EDGE * sheet.height:
                break
            for line in row:
                text = sheet.lines[line]
                if sheet.zones[line] is None and len(text) <= _LONGEST and not _is_caption(text, rank=rank):
                    yield _Edge(at, line, is_top, rank, distance, _folded(text))


def _is_caption(text: str, *, rank: int) -> bool:
    label = LABEL.match(text)
    is_numbered = label is not None and any(map(str.isdigit, label[0]))  # Table 3, whose number tells it from Table 4
    return is_numbered or bool(SOURCE.match(text)) or bool(rank and (label or text.strip().count("  ") >= 2))


def _coming_back(edges: Sequence[_Edge], large: Set[_Edge], *, least: int) -> set[_Edge]:
    """Return the lines whose words are in the same place of another page; of large ones, of `least` pages."""
    by_words: dict[tuple[bool, str], list[_Edge]] = defaultdict(list)
    for edge in edges:
        if edge.text:
            by_words[edge.is_top, edge.text].append(edge)
    found: set[_Edge] = set()
    for several in by_words.values():
        several.sort(key=lambda each: each.y)
        near: list[_Edge] = []
        for edge in several:
            if near and edge.y - near[-1].y > _SAME_PLACE:
                found |= _if_enough(near, large, least=least)
                near = []
            near.append(edge)
        found |= _if_enough(near, large, least=least)
    return found


def _if_enough(near: Sequence[_Edge], large: Set[_Edge], *, least: int) -> set[_Edge]:
    # The head of a table that continues over pages comes back below the running head, the title of a slide on the next one.
    if not any(edge in large for edge in near):
        least = 2 if any(edge.rank == 0 for edge in near) else 3
    return set(near) if len({edge.sheet for edge in near}) >= least else set()


def _page_numbers(edges: Sequence[_Edge], sheets: Sequence[Sheet]) -> set[_Edge]:
    numbers = [
        edge
        for edge in edges
        if edge.rank <= 1
        and len(edge.text) <= 12
        and _PAGE_NUMBER.fullmatch(sheets[edge.sheet].lines[edge.line].strip())
    ]
    places = Counter((edge.is_top, round(edge.y / _SAME_PLACE)) for edge in numbers)
    return {
        edge
        for edge in numbers
        if edge.rank == 0 or places[edge.is_top, round(edge.y / _SAME_PLACE)] >= max(2, len(sheets) // 4)
    }


def _mark_by_text(sheets: Sequence[Sheet]) -> None:
    """Mark running heads of pages without positions of lines."""
    if all(sheet.places for sheet in sheets if sheet.lines):
        return
    seen: Counter[str] = Counter()
    for sheet in sheets:
        lines = [line for line in sheet.lines[:2] + sheet.lines[-2:] if len(line.strip()) <= _LONGEST_IN_TEXT]
        seen.update({_folded(line) for line in lines} - {""})
    least = max(_PAGES_IN_TEXT, len(sheets) // 10)
    running = frozenset(line for line, count in seen.items() if count >= least)
    if not running:
        return
    for sheet in sheets:
        if sheet.places:
            continue
        for line, text in enumerate(sheet.lines):
            alone = sheet.begins[line] and (line + 1 == len(sheet.lines) or sheet.begins[line + 1])
            at_edge = line < 2 or line >= len(sheet.lines) - 2
            if (alone or at_edge) and len(text) <= 2 * _LONGEST_IN_TEXT and _folded(text) in running:
                sheet.mark([line], Zone.RUNNING)


def _folded(line: str) -> str:
    return plain(_DIGITS.sub("", line))

"""What the tags of a web page say of its text: which lines are rows of a table, a caption, a menu, or lead elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from corpus.tag_rules import Zone
from corpus.zones import ZoneSpan

_ZONES = {
    "nav": Zone.MENU,
    "aside": Zone.TEASER,
    "header": Zone.RUNNING,
    "footer": Zone.RUNNING,
    "figcaption": Zone.CAPTION,
    "caption": Zone.CAPTION,
}
_LINES = frozenset(["p", "li", "dd", "dt", "a", "td", "th", "div", "span", "h2", "h3", "h4", "h5", "h6", *_ZONES])
"""Elements whose text may be a line of its own."""
_LINES_MAX = 5_000
"""Looked at on one page."""
_LETTERS_OF_A_CELL = 300
"""A table with longer cells holds the layout of a page."""


def lines_by_tags(tree: Any) -> dict[str, Zone]:
    """Return the lines, white space folded, whose zone the tags of a page tell."""
    return dict(_lines_of_tags(tree)) | dict.fromkeys(_rows(tree), Zone.TABLE)


def zones_of_lines(text: str, known: Mapping[str, Zone]) -> tuple[ZoneSpan, ...]:
    """Return the stretches of a text that are such lines; all others are for words to tell."""
    spans: list[ZoneSpan] = []
    start = 0
    for line in text.split("\n"):
        zone = known.get(_folded(line)) if line else None
        end = start + len(line)
        if zone is not None:
            if spans and spans[-1].zone is zone and spans[-1].end == start - 1:
                spans[-1] = ZoneSpan(zone, spans[-1].start, end)
            else:
                spans.append(ZoneSpan(zone, start, end))
        start = end + 1
    return tuple(spans)


def _lines_of_tags(tree: Any) -> Iterator[tuple[str, Zone]]:
    left = _LINES_MAX
    for tag, zone in _ZONES.items():
        for element in tree.iter(tag):
            if tag == "header" and element.find(".//h1") is not None:  # that of the article
                continue
            for inner in element.iter():
                if left <= 0:
                    return
                if (inner is element or inner.tag in _LINES) and (line := _text_of(inner)):
                    left -= 1
                    yield line, zone


def _rows(tree: Any) -> Iterator[str]:
    """Yield the rows of tables of data, folded."""
    left = _LINES_MAX
    for table in tree.iter("table"):
        rows = [[_text_of(cell) for cell in row if cell.tag in ("td", "th")] for row in table.iter("tr")]
        left -= len(rows)
        if left < 0:
            return
        cells = [cell for row in rows for cell in row]
        if len(rows) >= 2 and max(map(len, rows)) >= 2 and max(map(len, cells), default=0) <= _LETTERS_OF_A_CELL:
            yield from filter(None, (" ".join(filter(None, row)) for row in rows))


def _text_of(element: Any) -> str:
    return _folded("".join(element.itertext()))[: 2 * _LETTERS_OF_A_CELL]


def _folded(text: str) -> str:
    return " ".join(text.split())

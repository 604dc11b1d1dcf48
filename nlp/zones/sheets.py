"""Pages as the rules of zones look at them: lines, each with its place and, once a rule has found it, its zone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple

from corpus.tag_rules import Zone
from nlp.zones.layout import LinePlace, PageLayout
from nlp.zones.phrases import LONGEST_ANNOUNCEMENT, announces

_LONG_LINE = 40
"""Characters; lines of running text are longer, most headings and cells are shorter."""
_SAME_BASELINE_EMS = 0.35
_LINES_MAX = 2_000
"""A page with more is not a page that someone set: rules that compare its lines with each other would take long."""
_SHARE_OF_MOST = 0.4
"""Of the letters in the most frequent size; running text has so many at least."""


@dataclass
class Sheet:
    """One page."""

    number: int
    text: str
    layout: PageLayout | None
    lines: list[str] = field(default_factory=list)
    """Those that are not blank, as they stand."""
    starts: list[int] = field(default_factory=list)
    """Where each begins in the text."""
    begins: list[bool] = field(default_factory=list)
    """Whether a blank line, or nothing, is before it."""
    zones: list[Zone | None] = field(default_factory=list)
    """None: no rule has found it yet."""
    places: Sequence[LinePlace] = ()
    """Where the lines stand; empty when unknown."""

    @classmethod
    def of(cls, number: int, text: str, layout: PageLayout | None) -> Sheet:
        """Return a page none of whose zones is known; a layout that does not fit the text is left out."""
        sheet = cls(number, text, layout)
        position, after_blank = 0, True
        for line in text.split("\n"):
            if line.strip():
                sheet.lines.append(line)
                sheet.starts.append(position)
                sheet.begins.append(after_blank)
            after_blank = not line.strip()
            position += len(line) + 1
        sheet.zones = [None] * len(sheet.lines)
        if layout is not None and (len(layout.places) != len(sheet.lines) or len(sheet.lines) > _LINES_MAX):
            sheet.layout = None
        sheet.places = sheet.layout.places if sheet.layout else ()
        return sheet

    @property
    def height(self) -> float:
        """Return the height of the page, points; 0 when unknown."""
        return self.layout.height if self.layout else 0.0

    @property
    def width(self) -> float:
        """Return the width of the page, points; 0 when unknown."""
        return self.layout.width if self.layout else 0.0

    def mark(self, lines: Sequence[int] | range, zone: Zone) -> None:
        """Say of lines what they are, where no rule before has."""
        for line in lines:
            if self.zones[line] is None:
                self.zones[line] = zone

    def free(self) -> Iterator[int]:
        """Yield the lines that no rule has found yet."""
        return (line for line, zone in enumerate(self.zones) if zone is None)

    @cached_property
    def announcing(self) -> frozenset[int]:
        """Lines that are nothing but the heading of a list of references or of contents."""
        return frozenset(
            line
            for line, text in enumerate(self.lines)
            if len(text) < LONGEST_ANNOUNCEMENT and announces(" ".join(text.split()))
        )

    @cached_property
    def rows(self) -> list[list[int]]:
        """Lines by baseline, highest first, each row from left to right."""
        rows: list[list[int]] = []
        places = self.places
        last = 0.0
        for line in sorted(range(len(places)), key=lambda each: -places[each].y):
            place = places[line]
            if rows and last - place.y <= _SAME_BASELINE_EMS * place.size:
                rows[-1].append(line)
            else:
                rows.append([line])
                last = place.y
        for row in rows:
            row.sort(key=lambda each: places[each].x0)
        return rows


class UsualType(NamedTuple):
    """The type of a document's running text."""

    size: float
    """Points."""
    bold: bool
    slanted: bool
    measure: float
    """How long its lines are that continue with the next one, points."""
    is_only: bool
    """True: hardly anything is set in another one, so that type tells no headings."""

    def is_smaller(self, place: LinePlace) -> bool:
        """Say whether a line is set in smaller type than running text."""
        return place.size < 0.95 * self.size

    def stands_out(self, place: LinePlace) -> bool:
        """Say whether a line is set larger or bolder than running text."""
        return place.size > 1.06 * self.size or (place.bold and not self.bold and place.size > 0.9 * self.size)


def usual_type(sheets: Sequence[Sheet]) -> UsualType | None:
    """Return the type that most running text of a document has; None when nothing is known of its type."""
    exact: Counter[float] = Counter()
    sizes: Counter[float] = Counter()
    for long_enough in (_LONG_LINE, 0):
        for sheet in sheets:
            for line, place in zip(sheet.lines, sheet.places, strict=False):
                if len(line) >= long_enough:
                    exact[place.size] += len(line)
        if exact:
            break
    for each, letters in exact.items():
        sizes[round(2 * each) / 2] += letters
    if not sizes:
        return None
    # Lists of references and tables, in small print, may be longer than the text.
    most = max(sizes.values())
    size = max(each for each, letters in sizes.items() if letters >= _SHARE_OF_MOST * most)
    bold = slanted = others = total = 0
    widths: list[float] = []
    for sheet in sheets:
        for line, place in zip(sheet.lines, sheet.places, strict=False):
            total += 1
            if abs(place.size - size) > 0.06 * size:
                others += 1
            elif len(line) >= _LONG_LINE:
                widths.append(place.x1 - place.x0)
                bold += place.bold
                slanted += place.slanted
            else:
                others += place.bold
    widths.sort()
    measure = widths[len(widths) * 7 // 10] if widths else 30 * size
    half = len(widths) / 2
    return UsualType(size, bold > half, slanted > half, measure, is_only=others < 0.02 * total)

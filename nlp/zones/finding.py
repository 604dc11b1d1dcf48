"""Find the zones of all pages of a document."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from corpus.tag_rules import Zone
from corpus.types import Page
from corpus.zones import ZoneSpan
from nlp.zones.covers import mark_imprint, mark_title, mark_title_again
from nlp.zones.layout import PageLayout
from nlp.zones.phrases import (
    CONTENTS,
    LONGEST_ANNOUNCEMENT,
    REFERENCES,
    begins_annex,
    ends_references,
    may_be_heading,
    name_of,
    zone_by_words,
)
from nlp.zones.printed import mark_captions, mark_contents, mark_footnotes
from nlp.zones.references import mark_references
from nlp.zones.running import mark_running
from nlp.zones.sheets import Sheet, UsualType, usual_type
from nlp.zones.tables import mark_tables

_IMPRINT_PAGES = 4
"""The imprint is on the first four pages or the last two."""
_HEADING_LINES = 3
_PULL_QUOTE_LINES = 4
_APART = frozenset({Zone.HEADING, Zone.TITLE})
"""Zones of which each paragraph is a stretch of its own."""


def with_zones(
    pages: Sequence[Page], layouts: Sequence[PageLayout | None] = (), *, known: Sequence[Sequence[ZoneSpan]] = ()
) -> tuple[Page, ...]:
    """Return pages with their zones; those that have them already, as a whole, stay as they are.

    Args:
        pages: all of a document, in order.
        layouts: of the pages; where one is missing or None, the words of the page have to tell.
        known: of the pages, what their reader knows already.
    """
    if not layouts and all(page.zones is not None for page in pages):
        return tuple(pages)
    given = [*layouts, *[None] * (len(pages) - len(layouts))]
    sheets = [Sheet.of(page.number, page.text, layout) for page, layout in zip(pages, given, strict=False)]
    for sheet, spans in zip(sheets, known, strict=False):
        for zone, start, end in spans:
            sheet.mark([line for line, at in enumerate(sheet.starts) if start <= at < end], zone)
    usual = usual_type(sheets)
    title = mark_title(sheets, usual) if usual is not None else frozenset()
    mark_running(sheets, usual)
    if usual is not None:
        mark_title_again(sheets, usual, title=title)
        mark_contents([sheet for sheet in sheets if sheet.places])
        mark_references(sheets, usual)
        for sheet in sheets:
            if sheet.places:
                captions = mark_captions(sheet, usual)
                mark_footnotes(sheet, usual)
                mark_tables(sheet, usual, captions)
        mark_imprint(sheets, usual)
    _ZoneWalk(len(sheets), usual).over(sheets)
    return tuple(replace(page, zones=tuple(_spans(sheet))) for page, sheet in zip(pages, sheets, strict=True))


@dataclass
class _ZoneWalk:
    """What is known of a document while its pages are gone through: which list or annex continues."""

    page_count: int
    usual: UsualType | None
    in_references: bool = False
    in_annex: bool = False
    in_contents: bool = False

    def over(self, sheets: Sequence[Sheet]) -> None:
        for sheet in sheets:
            self.in_contents = False
            edge = sheet.number <= _IMPRINT_PAGES or sheet.number > self.page_count - 2
            for lines in _blocks(sheet, self.usual):
                sheet.mark(lines, self._zone(sheet, lines, edge=edge))

    def _zone(self, sheet: Sheet, lines: Sequence[int], *, edge: bool) -> Zone:
        block = "\n".join(" ".join(sheet.lines[line].split()) for line in lines)
        zone = zone_by_words(block, edge=edge, first=sheet.number == 1)
        if zone is None and self._is_pull_quote(sheet, lines):
            zone = Zone.TEASER
        if zone is None:
            zone = Zone.HEADING if self._is_heading(sheet, lines, block) else Zone.BODY
        name = name_of(block) if len(block) < LONGEST_ANNOUNCEMENT else ""
        if name:
            self._meet(name, sheet, zone)
        if self.in_references:
            return Zone.REFERENCES
        if self.in_contents and zone in (Zone.HEADING, Zone.BODY):
            return Zone.CONTENTS if len(block) < 1500 and not block.rstrip().endswith(".") else zone
        if self.in_annex and zone is Zone.BODY:
            return Zone.ANNEX
        return zone

    def _meet(self, name: str, sheet: Sheet, zone: Zone) -> None:
        """Note what a short paragraph announces or ends."""
        is_late = sheet.number > self.page_count // 3
        if name in REFERENCES and is_late:
            self.in_references = True
        elif ends_references(name):
            self.in_references = False
        self.in_annex |= zone is Zone.HEADING and is_late and not self.in_contents and begins_annex(name)
        self.in_contents = self.in_contents or name in CONTENTS

    def _is_pull_quote(self, sheet: Sheet, lines: Sequence[int]) -> bool:
        """Say whether a paragraph is words taken out of the text, set large in a narrow column beside it."""
        if len(lines) < _PULL_QUOTE_LINES or not sheet.places or self.usual is None or sheet.width > sheet.height:
            return False
        places = [sheet.places[line] for line in lines]
        is_narrow = all(place.x1 - place.x0 < 0.5 * self.usual.measure for place in places)
        goes_on = sum(1 for line in lines if sheet.lines[line][:1].islower()) >= 0.4 * len(lines)
        return is_narrow and goes_on and all(place.size > 1.06 * self.usual.size for place in places)

    def _is_heading(self, sheet: Sheet, lines: Sequence[int], block: str) -> bool:
        if not sheet.places or self.usual is None or self.usual.is_only:
            return len(lines) <= 2 and may_be_heading(block)
        places = [sheet.places[line] for line in lines]
        is_large = all(map(self.usual.stands_out, places))
        if len(lines) > _HEADING_LINES or not may_be_heading(block, stands_out=is_large):
            return False
        following = lines[-1] + 1
        if following < len(sheet.lines) and not sheet.begins[following] and sheet.lines[following][:1].islower():
            return False  # a sentence that begins with words in bold
        if is_large or any(map(self.usual.is_smaller, places)):
            return is_large
        is_slanted = len(lines) == 1 and places[0].slanted and not self.usual.slanted
        return block.isupper() or is_slanted


def _blocks(sheet: Sheet, usual: UsualType | None) -> Iterator[list[int]]:
    """Yield the paragraphs that no rule has found yet, as lines. A line that announces a list stands alone."""
    block: list[int] = []
    alone = False
    for line in range(len(sheet.lines)):
        is_free = sheet.zones[line] is None
        announced = is_free and line in sheet.announcing
        if block and (not is_free or announced or alone or sheet.begins[line] or _is_other_type(sheet, line, usual)):
            yield block
            block = []
        if is_free:
            block.append(line)
        alone = announced
    if block:
        yield block


def _is_other_type(sheet: Sheet, line: int, usual: UsualType | None) -> bool:
    if usual is None or not sheet.places:
        return False
    return usual.stands_out(sheet.places[line]) != usual.stands_out(sheet.places[line - 1])


def _spans(sheet: Sheet) -> Iterator[ZoneSpan]:
    """Yield the zones of a page as stretches of its text: neighbours of one zone are one, headings stay apart."""
    zone, start, end = None, 0, 0
    for line, text in enumerate(sheet.lines):
        own = sheet.zones[line] or Zone.BODY
        first = sheet.starts[line]
        if own is not zone or (own in _APART and sheet.begins[line]):
            if zone is not None:
                yield ZoneSpan(zone, start, end)
            zone, start = own, first
        end = first + len(text)
    if zone is not None:
        yield ZoneSpan(zone, start, end)

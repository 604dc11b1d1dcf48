"""Lists of references of pages whose type is known: from their heading to the next part of the document."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from corpus.tag_rules import Zone
from nlp.zones.layout import LinePlace
from nlp.zones.phrases import (
    LABEL,
    LONGEST_ANNOUNCEMENT,
    REFERENCES,
    ends_references,
    may_be_heading,
    name_of,
)
from nlp.zones.sheets import Sheet, UsualType

_LATE = 3
"""No list of references begins in the first third of a document."""
_LARGER = 1.1


class _Heading(NamedTuple):
    """That of a list of references."""

    page: int
    place: LinePlace
    is_upper: bool


def mark_references(sheets: Sequence[Sheet], usual: UsualType) -> None:
    """Mark lists of references over pages, before anything else can be taken for small print, rows or notes in them."""
    heading: _Heading | None = None
    for sheet in sheets:
        if not sheet.places or sheet.number <= len(sheets) // _LATE:
            continue
        for line in list(sheet.free()):
            text = sheet.lines[line].strip()
            if line in sheet.announcing and name_of(text) in REFERENCES:
                heading = _Heading(sheet.number, sheet.places[line], text.isupper())
            elif heading is None:
                continue
            elif sheet.begins[line] or usual.stands_out(sheet.places[line]):
                if _is_drawn_last(sheet, line, text, heading=heading, usual=usual):
                    continue
                heading = None if _is_next_part(sheet, line, text, heading=heading, usual=usual) else heading
            if heading is not None:
                sheet.mark([line], Zone.REFERENCES)


def _is_drawn_last(sheet: Sheet, line: int, text: str, *, heading: _Heading, usual: UsualType) -> bool:
    """Say whether a line is the caption of a table that ends above the references: heads of pages may be drawn last."""
    place = sheet.places[line]
    is_above = sheet.number == heading.page and place.y > heading.place.y
    return is_above and usual.stands_out(place) and bool(LABEL.match(text))


def _is_next_part(sheet: Sheet, line: int, text: str, *, heading: _Heading, usual: UsualType) -> bool:
    """Say whether a line is the heading of an annex, the caption of a table, or set as the heading of the references is."""
    place = sheet.places[line]
    if len(text) < LONGEST_ANNOUNCEMENT and sheet.begins[line] and ends_references(name_of(text)):
        return True
    match = LABEL.match(text)
    if match and any(map(str.isdigit, match[0])) and (usual.stands_out(place) or sheet.begins[line]):
        return True
    over = heading.place
    if not usual.stands_out(over) or not may_be_heading(text, stands_out=True):
        return False
    is_large = over.size > _LARGER * usual.size or (heading.is_upper and text.isupper())
    return is_large and place.size >= 0.97 * over.size and place.bold == over.bold

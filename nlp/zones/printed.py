"""Parts of a page that their type and place tell: contents, captions, footnotes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from corpus.tag_rules import Zone
from nlp.zones.layout import LinePlace
from nlp.zones.phrases import CONTENTS, LABEL, SOURCE, name_of
from nlp.zones.sheets import Sheet, UsualType

_LEADERS = re.compile(r"\.{4,}|(?:\. ){4,}|…{2,}|_{4,}")
_ENTRY_OF_CONTENTS = re.compile(r"(?:[.…] ?|  |[^\W\d]\)? )(?<!\d)\(?(?P<page>\d{1,3}|[ivxlc]{1,6})\)?$")
_ENDS_OF_ENTRIES = frozenset("0123456789ivxlcIVXLC)")
_END_OF_ENTRY = 16
"""Characters that are looked at."""
_CONTENTS_SHARE = 0.3
"""Of the lines of a list; a wrapped entry has several, and only the last one names the page."""
_CONTENTS_PAGES = 12
_LONG_LIST = 8
_ENTRIES = 3
_BETWEEN_ENTRIES = 4
_BEHIND_NAME = 12

_FIGURE_LABEL = re.compile(
    r"(?:figur|fig\.|chart|map|graph|photo|diagram|gráfic|carte|ilustra|gambar|schéma|esquema)", re.IGNORECASE
)
_CAPTION_LINES = 5
_MARK = re.compile(r"(?:\d{1,3}|[*†‡§]{1,3}|[¹²³⁰-⁹]+)(?:[.)]|\s|(?=[A-ZÀ-Þ“\"]))\s*\S")
_MARK_ALONE = re.compile(r"\d{1,3}|[*†‡§]{1,3}")
_STAR = re.compile(r"[*†‡]{1,3} ?\w")
_FOOTNOTE_SIZE = 0.93


def mark_contents(sheets: Sequence[Sheet]) -> None:
    """Mark tables of contents and lists of tables: their heading, and lines that end with a page number or lead to one."""
    goes_on = False
    for sheet in sheets:
        named = [line for line in sheet.free() if line in sheet.announcing and name_of(sheet.lines[line]) in CONTENTS]
        early = sheet.number <= max(_CONTENTS_PAGES, len(sheets) // 8)
        found = False
        for run in _runs_of_entries(sheet):
            leading = sum(1 for line in run if _LEADERS.search(sheet.lines[line]))
            expected = bool(named) or goes_on
            if (leading >= 3 or expected or (early and len(run) >= _LONG_LIST)) and _ascend(sheet, run):
                sheet.mark(range(run[0], run[-1] + 1), Zone.CONTENTS)
                found = True
        if found:
            sheet.mark(named, Zone.CONTENTS)
            for line in named:
                behind = line + 1
                while behind < len(sheet.lines) and behind <= line + _BEHIND_NAME and sheet.zones[behind] is None:
                    behind += 1
                if behind < len(sheet.lines) and sheet.zones[behind] is Zone.CONTENTS:
                    sheet.mark(range(line, behind), Zone.CONTENTS)
        goes_on = found


def _runs_of_entries(sheet: Sheet) -> list[list[int]]:
    """Return stretches of lines, each of which ends with a page number, or one of the next few does."""
    runs: list[list[int]] = []
    for line in sheet.free():
        text = sheet.lines[line]
        if text[-1:] not in _ENDS_OF_ENTRIES or not (_entry(text) or text.strip().isdigit()):
            continue
        if runs and line - runs[-1][-1] <= _BETWEEN_ENTRIES:
            runs[-1].append(line)
        else:
            runs.append([line])
    enough = [run for run in runs if len(run) >= _ENTRIES]
    return [run for run in enough if len(run) >= _CONTENTS_SHARE * (run[-1] - run[0] + 1)]


def _entry(line: str) -> re.Match[str] | None:
    return _ENTRY_OF_CONTENTS.search(line[-_END_OF_ENTRY:])


def _ascend(sheet: Sheet, entries: Sequence[int]) -> bool:
    found = (_entry(sheet.lines[line]) for line in entries)
    pages = [int(each["page"]) for each in found if each and each["page"].isdigit()]
    up = sum(1 for one, other in pairwise(pages) if one <= other)
    worded = sum(1 for line in entries if sum(map(str.isalpha, sheet.lines[line])) >= 4)
    return (len(pages) < 3 or up >= 0.75 * (len(pages) - 1)) and worded >= 0.4 * len(entries)


def mark_captions(sheet: Sheet, usual: UsualType) -> dict[int, bool]:
    """Mark captions, sources and notes; return the first lines of captions, and whether each is that of a figure."""
    found: dict[int, bool] = {}
    places = sheet.places
    for line in list(sheet.free()):
        if sheet.zones[line] is not None:
            continue
        text = sheet.lines[line].lstrip("•*† ")
        if not text[:1].isupper():
            continue
        is_source = bool(SOURCE.match(text))
        if not is_source and not _is_caption(sheet, line, text, usual):
            continue
        if not is_source:
            found[line] = bool(_FIGURE_LABEL.match(text))
        sheet.mark([line], Zone.CAPTION)
        for more in range(line + 1, min(line + _CAPTION_LINES, len(places))):
            if sheet.zones[more] is not None or not _goes_on(sheet, more, first=line, is_source=is_source):
                break
            sheet.mark([more], Zone.CAPTION)
    return found


def _is_caption(sheet: Sheet, line: int, text: str, usual: UsualType) -> bool:
    """Say whether a line begins a caption and not a sentence that mentions a table."""
    match = LABEL.match(text)
    if match is None or (not any(map(str.isdigit, match[0])) and len(text) > 12):
        return False
    rest = text[match.end() :].strip()
    if rest[:1].islower() and not match["after"].strip():
        return False
    place = sheet.places[line]
    stands_out = usual.stands_out(place) or usual.is_smaller(place)
    return stands_out or sheet.begins[line] or bool(match["after"].strip())


def _goes_on(sheet: Sheet, line: int, *, first: int, is_source: bool) -> bool:
    """Say whether a line belongs to the caption that begins with another."""
    one, other, before = sheet.places[first], sheet.places[line], sheet.places[line - 1]
    if "  " in sheet.lines[line].strip():
        return False
    down = before.y - other.y
    under = _is_under_label(sheet, line, first)
    is_same_type = abs(other.size - before.size) <= 0.08 * before.size and (is_source or other.bold or not one.bold)
    if not is_same_type and not under and not sheet.lines[line].startswith("("):
        return False
    if not 0 <= down <= 1.75 * max(other.size, before.size) + (6 if under else 0):
        return False
    return other.x0 < before.x1 and other.x1 > before.x0 and not LABEL.match(sheet.lines[line])


def _is_under_label(sheet: Sheet, line: int, first: int) -> bool:
    """Say whether a line is the first behind one that is only a label: FIGURE 1.13, and then what it is called."""
    match = LABEL.match(sheet.lines[first])
    return line == first + 1 and match is not None and not sheet.lines[first][match.end() :].strip()


def mark_footnotes(sheet: Sheet, usual: UsualType) -> None:
    """Mark notes at the foot of columns: small print that begins with a mark, with no running text below it."""
    places = sheet.places
    free = list(sheet.free())
    position = 0
    while position < len(free):
        line = free[position]
        end = position + 1
        if _begins_note(sheet, line, usual):
            while end < len(free) and _is_small_print(places[free[end]], places[free[end - 1]], usual):
                end += 1
            run = free[position:end]
            if _is_at_foot(sheet, run, usual):
                sheet.mark(run, Zone.FOOTNOTE)
            else:
                end = position + 1
        position = end


def _begins_note(sheet: Sheet, line: int, usual: UsualType) -> bool:
    place = sheet.places[line]
    if place.y > 0.6 * sheet.height or (place.size > _FOOTNOTE_SIZE * usual.size and place.y > 0.15 * sheet.height):
        return False
    text = sheet.lines[line].strip()
    if "  " in text[4:]:
        return False
    if place.size > _FOOTNOTE_SIZE * usual.size:  # of a title, or of an author
        return place.size <= usual.size and place.y < 0.15 * sheet.height and bool(_STAR.match(text))
    if _MARK_ALONE.fullmatch(text) and line + 1 < len(sheet.lines):
        beside = sheet.places[line + 1]
        return abs(beside.y - place.y) < beside.size and beside.size <= _FOOTNOTE_SIZE * usual.size
    return bool(_MARK.match(text))


def _is_small_print(place: LinePlace, before: LinePlace, usual: UsualType) -> bool:
    down = before.y - place.y
    return place.size <= _FOOTNOTE_SIZE * usual.size and -0.6 * before.size < down < 3 * max(before.size, place.size)


def _is_at_foot(sheet: Sheet, run: Sequence[int], usual: UsualType) -> bool:
    places = sheet.places
    top, bottom = max(places[line].y for line in run), min(places[line].y for line in run)
    left, right = min(places[line].x0 for line in run), max(places[line].x1 for line in run)
    letters = sum(sum(map(str.isalpha, sheet.lines[line])) for line in run)
    if letters < 0.55 * sum(len(sheet.lines[line]) for line in run):
        return False
    members = frozenset(run)
    for line in sheet.free():
        place = places[line]
        if line in members or place.x1 < left or place.x0 > right or place.y >= top:
            continue
        if place.size > max(_FOOTNOTE_SIZE * usual.size, places[run[0]].size) or place.y < bottom:
            return False
    return True

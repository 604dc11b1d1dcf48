"""First pages: title, what is above and below it, and pages that are nothing but imprint."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpus.tag_rules import Zone
from corpus.vocabulary.spelling import plain
from nlp.zones.phrases import announces, is_stamp
from nlp.zones.sheets import Sheet, UsualType

_COVER_PAGES = 2
_TITLE_PAGES = 5
_TITLE_AS_HEAD = 2
"""Pages of running text that begin with the title."""
_TITLE_LARGER = 1.12
"""So many times as large as running text is a title at least."""
_TITLE_LONGEST = 300
_TITLE_SHORTEST = 12
"""Letters; where the largest type has fewer, a smaller one is looked at before it is taken."""
_TITLE_GAP = 2.8
"""Ems between two of its lines."""
_MASTHEAD_LONGEST = 600
_FRONT_PAGES = 4
_BACK_PAGES = 2
_PROSE_LINES = 4
"""Full lines below one another; no cover has so many."""
_COVER_LONGEST = 1500
_IMPRINT_LONGEST = 5_000
_STRONG = (
    "isbn", "issn", "©", "copyright", "rights reserved", "rights are reserved", "cataloging", "cataloguing", "derechos reservados",
    "direitos reservados", "droits réservés", "depósito legal", "dépôt légal", "creative commons", "licence", "license",
    "suggested citation", "cita sugerida", "ficha catalogr", "impreso en", "printed in", "printed by", "permission",
    "publikasi", "diterbitkan", "dicetak", "katalog", "first published", "published by", "editorial team", "p.o. box",
    "p. o. box", "po box", "disclaimer", "findings, interpretations",
)  # fmt: skip
"""In small letters."""
_CONTACTS = ("www.", "http", "@", "tel:", "tel.", "e-mail", "fax")
_NAMES_LEAST = 5
"""Lines of a list of who made a document."""
_NAME_LONGEST = 70
_SMALL_IN_NAMES = frozenset(
    [
        "de",
        "del",
        "la",
        "las",
        "los",
        "y",
        "e",
        "et",
        "du",
        "des",
        "le",
        "and",
        "of",
        "the",
        "in",
        "for",
        "do",
        "da",
        "dos",
        "das",
        "von",
    ]
)
_MARKS_OF_IMPRINT = 3
"""Different ones that make a whole page imprint."""
_NOT_IMPRINT = re.compile(
    r"(?:foreword|preface|prefacio|acknowledg|introduc|abstract|summary|resum|presentaci|abbreviat|acronym|abreviat|sigl|"
    r"contents|contenido|avant.propos|kata pengantar|executive)",
    re.IGNORECASE,
)
_DATE_OR_NUMBER = re.compile(r"\b(?:19|20)\d\d\b|\bn[°º.o]\s?\d|\bno\. ", re.IGNORECASE)


_MISTAKEN = frozenset({None, Zone.TABLE, Zone.FIGURE, Zone.FOOTNOTE, Zone.CAPTION})
"""What lines of an imprint may have been taken for."""


def mark_title(sheets: Sequence[Sheet], usual: UsualType) -> frozenset[str]:
    """Mark the title, which is the largest type of a cover, and what is above it; return its lines, folded."""
    for sheet in sheets[:_COVER_PAGES]:
        if not sheet.places:
            continue
        for line in sheet.free():
            if is_stamp(sheet.lines[line]):
                sheet.mark([line], Zone.RUNNING)
        if title := _title(sheet, usual):
            top = max(sheet.places[line].y for line in title)
            above = [line for line in sheet.free() if sheet.places[line].y > top + sheet.places[line].size]
            if _length(above, sheet) > _MASTHEAD_LONGEST:  # a heading in running text
                continue
            sheet.mark(title, Zone.TITLE)
            sheet.mark(above, Zone.MASTHEAD)
            return frozenset(plain(sheet.lines[line]) for line in title)
    return frozenset()


def _title(sheet: Sheet, usual: UsualType) -> list[int]:
    """Return the lines of the title of a page: the longest stretch in its largest type, and what continues right below."""
    places = sheet.places
    worded = sorted((line for line in sheet.free() if _has_words(sheet.lines[line])), key=lambda line: -places[line].y)
    sizes = sorted({round(places[line].size) for line in worded}, reverse=True)
    best: list[int] = []
    for size in sizes:
        if size < _TITLE_LARGER * usual.size:
            break
        large = [line for line in worded if 0.9 * size <= places[line].size <= 1.05 * size + 0.5]
        title = max(_groups(large, sheet), key=lambda group: _length(group, sheet), default=[])
        best = best or title
        if _length(title, sheet) >= _TITLE_SHORTEST:
            best = title
            break
    for line in worded:
        if best and line not in best and _is_subtitle(sheet, line, best, usual):
            best.append(line)
    return best if _length(best, sheet) <= _TITLE_LONGEST else []


def _groups(lines: Sequence[int], sheet: Sheet) -> list[list[int]]:
    """Return lines, highest first, in stretches that stand close together."""
    groups: list[list[int]] = []
    for line in lines:
        above = sheet.places[groups[-1][-1]] if groups else None
        if above is not None and above.y - sheet.places[line].y <= _TITLE_GAP * above.size:
            groups[-1].append(line)
        else:
            groups.append([line])
    return groups


def _length(lines: Sequence[int], sheet: Sheet) -> int:
    return sum(len(sheet.lines[line]) for line in lines)


def _is_subtitle(sheet: Sheet, line: int, title: Sequence[int], usual: UsualType) -> bool:
    """Say whether a line right below a title continues with it: larger than text, and no date or number."""
    place, above = sheet.places[line], sheet.places[title[-1]]
    is_near = 0 < above.y - place.y <= _TITLE_GAP * max(place.size, 0.7 * above.size)
    is_large = place.size >= max(1.15 * usual.size, 0.5 * sheet.places[title[0]].size)
    return is_near and is_large and not _DATE_OR_NUMBER.search(sheet.lines[line])


def _has_words(line: str) -> bool:
    return sum(map(str.isalpha, line)) >= 4 and "  " not in line.strip() and not announces(line.strip())


def mark_title_again(sheets: Sequence[Sheet], usual: UsualType, *, title: frozenset[str]) -> None:
    """Mark the lines of a title where an inner title page has them too; above the text of several pages they are a running head."""
    again = [(sheet, found) for sheet in sheets[:_TITLE_PAGES] if (found := _lines_of(sheet, title, usual))]
    is_head = sum(_has_prose(sheet, usual) for sheet, _ in again) >= _TITLE_AS_HEAD
    for sheet, found in again:
        sheet.mark(found, Zone.RUNNING if is_head else Zone.TITLE)


def _lines_of(sheet: Sheet, title: frozenset[str], usual: UsualType) -> list[int]:
    return [
        line
        for line in sheet.free()
        if sheet.places and usual.stands_out(sheet.places[line]) and plain(sheet.lines[line]) in title
    ]


def mark_imprint(sheets: Sequence[Sheet], usual: UsualType) -> None:
    """Mark what stands around the title of a cover, and pages without running text or full of words of the imprint."""
    for sheet in sheets:
        is_front = sheet.number <= _FRONT_PAGES
        if not sheet.places or not (is_front or sheet.number > len(sheets) - _BACK_PAGES):
            continue
        if Zone.CONTENTS in sheet.zones or len(sheets) == 1 or sheet.width > sheet.height:
            continue
        free = [line for line, zone in enumerate(sheet.zones) if zone in _MISTAKEN]
        if any(_NOT_IMPRINT.match(sheet.lines[line].lstrip("0123456789. ")) for line in free):
            continue
        text = "\n".join(sheet.lines[line] for line in free)
        small = text.lower()
        marks = [mark for mark in _STRONG if mark in small]
        has_prose = _has_prose(sheet, usual)
        is_cover = is_front and not has_prose and len(text) <= _COVER_LONGEST and Zone.CAPTION not in sheet.zones
        is_full = len(marks) >= _MARKS_OF_IMPRINT and len(text) <= _IMPRINT_LONGEST
        names = is_cover and (marks or any(each in small for each in _CONTACTS) or _is_list_of_names(sheet, free))
        if (is_cover and Zone.TITLE in sheet.zones) or (sheet.number > 1 and (names or is_full)):
            _force(sheet, free)


def _is_list_of_names(sheet: Sheet, lines: Sequence[int]) -> bool:
    """Say whether lines are hardly anything but names of people, what they are, and offices: words with capitals, no numbers."""
    texts = [sheet.lines[line] for line in lines]
    words = [word for text in texts for word in text.split() if word[0].isalpha()]
    if len(texts) < _NAMES_LEAST or not words or max(map(len, texts)) > _NAME_LONGEST:
        return False
    capitals = sum(1 for word in words if word[0].isupper() or word.lower() in _SMALL_IN_NAMES)
    digits = sum(sum(map(str.isdigit, text)) for text in texts)
    return capitals >= 0.85 * len(words) and digits < 0.05 * sum(map(len, texts))


def _force(sheet: Sheet, lines: Sequence[int]) -> None:
    for line in lines:
        sheet.zones[line] = Zone.IMPRINT


def _has_prose(sheet: Sheet, usual: UsualType) -> bool:
    """Say whether full lines of running text are below one another."""
    full = 0
    for line, place in enumerate(sheet.places):
        is_full = (
            place.x1 - place.x0 >= 0.7 * usual.measure
            and place.size <= 1.2 * usual.size
            and len(sheet.lines[line]) > 30
        )
        full = full + 1 if is_full else 0
        if full >= _PROSE_LINES:
            return True
    return False

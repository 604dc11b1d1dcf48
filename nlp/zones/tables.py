"""Tables and figures: rows of cells, and loose words of charts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set

from corpus.tag_rules import Zone
from nlp.zones.layout import LinePlace
from nlp.zones.sheets import Sheet, UsualType

_CELLS = re.compile(r" {2,}")
_AFTER_SENTENCE = re.compile(r"[.;:!?,)]  +(?=[A-ZÀ-Þa-z])")
"""Typists put two spaces there."""
_NUMBERS = re.compile(r"(?=\D{0,20}\d)[\s\d.,:%()\-–—−*+/<>=~±$€£₱†‡a-c]+|[-–—.…]{1,3}|n\.?[/.]?a\.?", re.IGNORECASE)
_LABEL_OF_ITEM = re.compile(
    r"(?:[•▪■●◦‣–\-*oqØ§ü➢➤►◆▶✓]|\(?\d{1,2}[.)]|\(?[a-z][.)]|\d+(?:\.\d+)*\.?|[ivx]+[.)])", re.IGNORECASE
)
_PROSE_CELL = 35
"""Characters; a row of two such cells is two columns of running text."""
_CELL = 60
"""Characters; one cell alone on its line has no more."""
_GAP = 3
"""Lines that are no rows inside a table: the rest of a wrapped cell."""
_FAR_BELOW = 4.5
"""Ems; a table begins nearer to its caption, and its rows are nearer to each other."""
_FAR_IN_FIGURE = 10.0
_WORDS_OF_FIGURE = 45
"""Characters."""
_ROWS = 3
_HEAD_LINES = 4
_PROSE = 90
"""Characters; a cell is shorter."""
_CODE = re.compile(
    r"(?:[A-Z] ?)?\d{2,6}(?:\.\d{1,2}){0,3}\s+[^\W\d]|[A-Z]\d{1,4}\s+[^\W\d]|\d{1,2}(?:\.\d{1,2}){1,4}\s+[^\W\d]"
)
_NUMBERS_OF_ROW = 3
_FILLED = 12
"""Lines between the caption of a table and its first row."""
_CAPTION_WORDS = 5
_CODED = 110
_CODES = 6
_NUMBERS_OF_FIGURE = 3
_NOTE_MARK = re.compile(r"[*†‡§]+ ?\w|[A-Z][A-Za-z.]{1,8} ?= |[a-z¹²³]/? [A-Z]")
_LEADING_MAX = 2.0
_INDENT_MAX = 2.0
"""Ems; lines of one column of text stand no further below one another, nor are they set in further."""
_COLUMN_LINES, _COLUMN_CHARACTERS = 4, 20
"""How many lines such a column has at least, and how many characters a line has on average."""
_SENTENCE_END = re.compile(r"[a-zà-ÿ]{2}[.;]\"?$")


def mark_tables(sheet: Sheet, usual: UsualType, captions: Mapping[int, bool]) -> None:
    """Mark rows of tables and words of figures.

    Args:
        captions: first lines of captions, and whether each is that of a figure.
    """
    columns = _lines_of_columns(sheet, usual)
    strong, loose = _looseness(sheet, usual, columns)
    for line, is_figure in captions.items():
        if not is_figure:
            sheet.mark(_beside_caption(sheet, line, usual, loose, is_figure=False), Zone.TABLE)
    for line, is_figure in captions.items():
        if is_figure:
            found = _beside_caption(sheet, line, usual, loose, is_figure=True)
            found = found or _beside_caption(sheet, line, usual, loose, is_figure=True, is_above=True)
            sheet.mark(found, Zone.FIGURE)
    for run in _runs(sheet, usual, strong, loose):
        if zone := _zone(sheet, run, strong=strong, captions=captions):
            sheet.mark(run, zone)
            _grow(sheet, run, zone, usual)
    _fill(sheet, usual, columns)
    _mark_codes(sheet)
    _mark_notes(sheet, usual)


def _fill(sheet: Sheet, usual: UsualType, columns: Set[int]) -> None:
    """Mark what is between the rows of a table, or between its caption and its first row: heads drawn apart.

    Args:
        columns: lines of running text.
    """
    if Zone.TABLE not in sheet.zones:
        return
    places = sheet.places
    last: Zone | None = None
    waiting: list[int] = []
    for row in sheet.rows:
        zones = {sheet.zones[line] for line in row} - {Zone.RUNNING}
        free = [line for line in row if sheet.zones[line] is None and line not in columns]
        if Zone.TABLE in zones:
            sheet.mark([line for line in (*waiting, *free) if len(sheet.lines[line]) <= _CELL], Zone.TABLE)
            waiting, last = [], Zone.TABLE
        elif Zone.CAPTION in zones:
            waiting, last = [], Zone.CAPTION
        elif free and last is not None and len(waiting) < _FILLED:
            if any(len(sheet.lines[line]) > _CELL or places[line].size > 1.06 * usual.size for line in free):
                waiting, last = [], None
            else:
                waiting += free
        elif zones:
            waiting, last = [], None


def _mark_codes(sheet: Sheet) -> None:
    """Mark lists of codes as tables: each line is a number of a classification and what it stands for."""
    run: list[int] = []
    for line in [*sheet.free(), len(sheet.lines) + _GAP]:
        text = sheet.lines[line].strip() if line < len(sheet.lines) else ""
        if any(map(str.isdigit, text[:3])) and len(text) < _CODED and _CODE.match(text):
            run.append(line)
        elif run and line - run[-1] >= _GAP:
            if len(run) >= _CODES and len(run) >= 0.6 * (run[-1] - run[0] + 1):
                sheet.mark(range(run[0], run[-1] + 1), Zone.TABLE)
            run = []


def _mark_notes(sheet: Sheet, usual: UsualType) -> None:
    """Mark notes right below a table: small print, or what a sign of a note begins."""
    if Zone.TABLE not in sheet.zones and Zone.CAPTION not in sheet.zones:
        return
    places = sheet.places
    above: int | None = None
    for row in sheet.rows:
        for line in row:
            zone = sheet.zones[line]
            if above is not None and zone is None:
                place, over = places[line], places[above]
                is_near = 0 < over.y - place.y <= 2.5 * max(place.size, over.size) and place.x0 < over.x1 + 5
                is_note = bool(_NOTE_MARK.match(sheet.lines[line])) and place.size <= 1.01 * usual.size
                goes_on = sheet.zones[above] is Zone.CAPTION and abs(over.size - place.size) < 0.5
                if is_near and (is_note or (goes_on and usual.is_smaller(place) and place.x0 >= over.x0 - 15)):
                    sheet.mark([line], Zone.CAPTION)
            if sheet.zones[line] in (Zone.TABLE, Zone.CAPTION):
                above = line


def _beside_caption(
    sheet: Sheet, caption: int, usual: UsualType, loose: Sequence[bool], *, is_figure: bool, is_above: bool = False
) -> list[int]:
    """Return the lines below (or above) a caption that are set as cells or words of figures are, up to the first that is not."""
    places = sheet.places
    sign = -1 if is_above else 1
    start = reached = sign * places[caption].y
    height = places[caption].size
    found: list[int] = []
    far = _FAR_IN_FIGURE if is_figure else _FAR_BELOW
    for row in sheet.rows[::sign]:
        own = [line for line in row if sign * places[line].y < start - 1 and _may_belong(sheet, line, caption)]
        if not own:
            continue
        place = places[own[0]]
        down = reached - sign * place.y
        zones = {sheet.zones[line] for line in own}
        if not (zones == {Zone.CAPTION} and not found):
            if zones != {None} or down > far * max(height, place.size):
                break
            if not all(
                loose[line]
                or (len(sheet.lines[line]) <= _WORDS_OF_FIGURE if is_figure else usual.is_smaller(places[line]))
                for line in own
            ):
                break
            if len(own) == 1 and _NOTE_MARK.match(sheet.lines[own[0]]) and found:
                break
            found += own
        reached, height = sign * place.y, place.size
    while is_figure and found and not loose[found[-1]]:
        found.pop()
    return found if len(found) >= _ROWS else []


def _may_belong(sheet: Sheet, line: int, caption: int) -> bool:
    """Say whether a line is in the column of a caption, or reaches into it."""
    place, above = sheet.places[line], sheet.places[caption]
    return place.x1 > above.x0 - 2 and (place.x0 < above.x1 or place.x0 - above.x0 < 0.6 * sheet.width)


def _grow(sheet: Sheet, run: Sequence[int], zone: Zone, usual: UsualType) -> None:
    """Mark what stands close to a table or figure in its type: the head of its columns, the rest of its last cell."""
    if zone is not Zone.TABLE:
        return
    for step, line in ((-1, run[0]), (1, run[-1])):
        for _ in range(_HEAD_LINES):
            other = line + step
            if not 0 <= other < len(sheet.lines) or sheet.zones[other] is not None:
                break
            one, place = sheet.places[line], sheet.places[other]
            near = abs(one.y - place.y) <= 2.5 * max(one.size, place.size)
            if near and step < 0 and _is_caption(sheet, other, usual):
                sheet.mark([other], Zone.CAPTION)
                break
            is_cell = "  " in sheet.lines[other].strip() or usual.is_smaller(place)
            if not (
                near and is_cell and len(sheet.lines[other]) <= _PROSE and not _NOTE_MARK.match(sheet.lines[other])
            ):
                break
            sheet.mark([other], zone)
            line = other


def _is_caption(sheet: Sheet, line: int, usual: UsualType) -> bool:
    """Say whether a line above a table is what it is called, though nothing says Table: words in another type than text."""
    place, text = sheet.places[line], sheet.lines[line].strip()
    is_worded = (
        len(text.split()) >= _CAPTION_WORDS and "  " not in text and sum(map(str.isalpha, text)) > 0.6 * len(text)
    )
    return (
        is_worded and text[0].isupper() and (usual.stands_out(place) or (usual.is_smaller(place) and len(text) > _CELL))
    )


def _looseness(sheet: Sheet, usual: UsualType, columns: Set[int]) -> tuple[list[bool], list[bool]]:
    """Say of each line whether it is a row of cells or one cell of several on its baseline, and whether it may be a part."""
    beside = [0] * len(sheet.lines)
    for row in sheet.rows:
        if len(row) >= 2:
            for line in row:
                beside[line] = len(row)
    strong: list[bool] = []
    loose: list[bool] = []
    places, full = sheet.places, 0.6 * usual.measure
    for line, text in enumerate(sheet.lines):
        place, written = places[line], text.strip()
        if line in columns:
            strong.append(False)
            loose.append(False)
            continue
        if "  " not in written and place.x1 - place.x0 > full and written[0].isalpha() and not written[-1].isdigit():
            strong.append(False)  # most lines, and the rest costs
            loose.append(False)
            continue
        cells = [written] if _is_justified(sheet, line, usual) else _cells(written)
        is_wide = place.x1 - place.x0 > 0.6 * usual.measure or len(written) > _CELL
        is_prose = len(cells) == 1 and (is_wide or (len(written) > 25 and bool(_SENTENCE_END.search(written[-6:]))))
        if is_prose and written[0].isalpha() and not written[-1].isdigit():
            strong.append(False)
            loose.append(False)
            continue
        is_strong = not _is_columns(cells) and (len(cells) >= 2 or (beside[line] >= 3 and not is_prose))
        is_strong = is_strong or bool(_NUMBERS.fullmatch(written)) or _is_row_of_numbers(written)
        is_strong = is_strong or (beside[line] == 2 and not is_prose and usual.is_smaller(place))
        strong.append(is_strong)
        loose.append(is_strong or (not is_prose and usual.is_smaller(place)))
    return strong, loose


def _lines_of_columns(sheet: Sheet, usual: UsualType) -> Set[int]:
    """Return the lines of running text that have lines of another column or a chart beside them: they are no cells."""
    found: set[int] = set()
    if all(len(row) == 1 for row in sheet.rows):
        return found
    run: list[int] = []
    places = sheet.places
    for line in range(len(sheet.lines) + 1):
        if run and (line == len(sheet.lines) or not _is_below(places[run[-1]], places[line])):
            if not usual.is_smaller(places[run[0]]) and _is_running_text([sheet.lines[each].strip() for each in run]):
                found.update(run)
            run = []
        run.append(line)
    return found


def _is_below(place: LinePlace, below: LinePlace) -> bool:
    """Say whether a line stands right below another in its type and its column."""
    size = place.size
    return (
        abs(below.size - size) <= 0.06 * size
        and 0 < place.y - below.y <= _LEADING_MAX * size
        and abs(below.x0 - place.x0) <= _INDENT_MAX * size
    )


def _is_running_text(lines: Sequence[str]) -> bool:
    """Say whether lines are those of a narrow column of text: long enough, and most continue with a small letter."""
    if len(lines) < _COLUMN_LINES or sum(map(len, lines)) < _COLUMN_CHARACTERS * len(lines):
        return False
    return sum(line[0].islower() for line in lines) >= 0.5 * len(lines) and not any("  " in line for line in lines[:-1])


def _is_justified(sheet: Sheet, line: int, usual: UsualType) -> bool:
    """Say whether the gaps of a line are those of a column that is set to full width: the next line ends where it does."""
    place, text = sheet.places[line], sheet.lines[line]
    if "  " not in text or usual.is_smaller(place) or any(map(str.isdigit, text)):
        return False
    beside = [sheet.places[each] for each in (line - 1, line + 1) if 0 <= each < len(sheet.lines)]
    return any(abs(each.x1 - place.x1) < 1.5 and abs(each.x0 - place.x0) < 1.5 for each in beside)


def _cells(line: str) -> list[str]:
    if "  " not in line:
        return [line]
    cells = _CELLS.split(_AFTER_SENTENCE.sub(". ", line) if len(line) > _CELL else line)
    return cells[1:] if len(cells) == 2 and _LABEL_OF_ITEM.fullmatch(cells[0]) else cells


def _is_row_of_numbers(line: str) -> bool:
    """Say whether half of the words of a line are numbers, and at least three."""
    if not line[-1].isdigit() and line[-1] not in "%)":
        return False
    words = line.split()
    numbers = sum(1 for word in words if word[0].isdigit() and not any(map(str.isalpha, word)))
    return numbers >= _NUMBERS_OF_ROW and numbers >= 0.5 * len(words)


def _is_columns(cells: Sequence[str]) -> bool:
    return len(cells) == 2 and min(map(len, cells)) >= _PROSE_CELL


def _runs(sheet: Sheet, usual: UsualType, strong: Sequence[bool], loose: Sequence[bool]) -> Iterator[list[int]]:
    """Yield stretches of lines, in reading order, that are loose, with a few others between them."""
    run: list[int] = []
    waiting: list[int] = []
    for line in range(len(sheet.lines)):
        free = sheet.zones[line] is None
        if free and loose[line]:
            run += [*waiting, line]
            waiting = []
        elif run and free and len(waiting) < _GAP and _may_be_wrapped(sheet, line, run, usual):
            waiting.append(line)
        elif sheet.zones[line] is Zone.RUNNING:
            continue
        else:
            if _is_enough(run, strong):
                yield run
            run, waiting = [], []
    if _is_enough(run, strong):
        yield run


def _may_be_wrapped(sheet: Sheet, line: int, run: Sequence[int], usual: UsualType) -> bool:
    """Say whether a line that is no row may belong to the table anyway: its type is that of the rows."""
    place, before = sheet.places[line], sheet.places[run[-1]]
    if abs(place.size - before.size) > 0.06 * before.size:
        return False
    if usual.is_smaller(place):
        return place.x1 - place.x0 < 1.05 * usual.measure
    return place.x1 - place.x0 < 0.55 * usual.measure and not usual.stands_out(place) and not sheet.begins[line]


def _is_enough(run: Sequence[int], strong: Sequence[bool]) -> bool:
    rows = sum(strong[line] for line in run)
    return len(run) >= 3 and rows >= 3 and rows >= 0.3 * len(run)


def _zone(sheet: Sheet, run: Sequence[int], *, strong: Sequence[bool], captions: Mapping[int, bool]) -> Zone | None:
    """Tell a table from a figure: by the nearest caption, else by the share of rows."""
    places = sheet.places
    top, bottom = max(places[line].y for line in run), min(places[line].y for line in run)
    left, right = min(places[line].x0 for line in run), max(places[line].x1 for line in run)
    nearest: tuple[float, bool] | None = None
    for line, is_figure in captions.items():
        place = places[line]
        if place.x1 < left - 10 or place.x0 > right + 10:
            continue
        distance = place.y - top if place.y >= top else bottom - place.y + 20 if place.y <= bottom else 0.0
        if nearest is None or distance < nearest[0]:
            nearest = (distance, is_figure)
    if nearest is not None and nearest[0] < 0.35 * sheet.height:
        return Zone.FIGURE if nearest[1] else Zone.TABLE
    rows = sum(1 for line in run if len(_cells(sheet.lines[line].strip())) >= 2)
    several = sum(1 for line in run if strong[line])
    if rows >= 0.4 * len(run) or (several >= 0.6 * len(run) and rows >= 2):
        return Zone.TABLE
    numbers = sum(1 for line in run if _NUMBERS.fullmatch(sheet.lines[line].strip()))
    turned = sum(1 for line in run if len(sheet.lines[line]) > 3 and places[line].x1 - places[line].x0 < 2)
    return Zone.FIGURE if numbers + turned >= _NUMBERS_OF_FIGURE else None

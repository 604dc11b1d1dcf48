"""CSV and JSON as people and spreadsheets write them, read into rows; whatever is wrong with one row stops no other."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import Sentence, sentence
from corpus.text import clean
from pushcart.add_remarks import AddRemark, Oddity, RemarkDetail, RowKind, RowPlace
from pushcart.plain_files import NoPlainFile, open_plain, shown

BYTES_MAX = 64 << 20
"""Larger tables are not read: a million rows have room."""
_REPEATED_MAX = 100


class UnusableFile(BadInput):
    """A table, or the metadata of one file, that cannot be used at all."""

    def __init__(self, path: Path, fault: Sentence, *, try_next: Sentence, joint: str = " ") -> None:
        """Name the file and what is wrong; `joint` is between the two."""
        named = {"path": shown(path), "joint": joint, "fault": fault}
        super().__init__(Sentence("{path}{joint}{fault}", "", named), try_next=try_next)
        self.fault = fault
        """What is wrong, without the path: `is not in UTF-8.`"""


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of a table, or one object."""

    place: RowPlace
    values: Mapping[str, Any]
    """By name of column or key. Numbers are texts, exactly as they were written."""


@dataclass(slots=True)
class RawFile:
    """What a file says, before anyone asks what it means."""

    rows: list[FileRow] = field(default_factory=list)
    remarks: list[AddRemark] = field(default_factory=list)
    """What is wrong with rows that cannot be read, then keys that stand twice in one object."""


def read_raw_table(path: Path, *, follow_links: bool = False) -> RawFile:
    """Read a table: JSON by its ending, else CSV. Raises BadInput: it is not a table, or cannot be read at all."""
    text = _text_of(path, follow_links=follow_links)
    return _json_rows(text, path) if path.suffix.lower() == ".json" else _csv_rows(text, path)


def read_raw_object(path: Path) -> RawFile:
    """Read one JSON object. Raises BadInput: it is none, or cannot be read."""
    raw = RawFile()
    value = _load_json(_text_of(path, follow_links=False), path, raw=raw)
    if not isinstance(value, dict):
        raise UnusableFile(
            path,
            sentence("does not contain a single JSON object."),
            try_next=sentence("Write it as {example}.", example='{"title": "...", "date": "2019"}'),
        )
    raw.rows.append(FileRow(RowPlace(RowKind.WHOLE), value))
    return raw


def _text_of(path: Path, *, follow_links: bool) -> str:
    """Return a file as text: UTF-8 with or without a byte order mark, or UTF-16, in which spreadsheets save `Unicode text`."""
    try:
        with open_plain(path, follow_links=follow_links) as file:
            content = file.read(BYTES_MAX + 1)
    except NoPlainFile as kind:
        raise UnusableFile(
            path, sentence("is {kind}, and is not opened.", kind=str(kind)), try_next=sentence("Put a file there.")
        ) from kind
    except OSError as error:
        raise UnusableFile(
            path,
            sentence("cannot be read: {error}.", error=error.strerror),
            try_next=sentence("Check that you have permission to read it."),
        ) from error
    if len(content) > BYTES_MAX:
        raise UnusableFile(
            path,
            sentence("is larger than {limit} MiB.", limit=BYTES_MAX >> 20),
            try_next=sentence("Split it into several folders."),
        )
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    elif b"\0" in content[:2]:
        encoding = "utf-16-be" if content[:1] == b"\0" else "utf-16-le"
    else:
        encoding = "utf-8-sig"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise UnusableFile(
            path, sentence("is not in UTF-8."), try_next=sentence("Save it again with UTF-8 encoding.")
        ) from error


def _load_json(text: str, path: Path, *, raw: RawFile) -> Any:
    def noting_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        value = dict(pairs)
        if len(value) < len(pairs) and len(raw.remarks) < _REPEATED_MAX:
            twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
            raw.remarks.append(AddRemark.of(Oddity.KEY_REPEATED, shown(path), key=shown(clean(twice))[:60]))
        return value

    try:
        # Numbers stay as they were written: a year is no quantity, and Python refuses to read one of 5,000 digits.
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=noting_repeated)
    except json.JSONDecodeError as error:
        raise UnusableFile(
            path,
            sentence("line {line}: this is not JSON ({error}).", line=error.lineno, error=error.msg),
            joint=", ",
            try_next=sentence("Correct the file and run the command again."),
        ) from error
    except RecursionError as error:
        raise UnusableFile(
            path,
            sentence("its lists and objects are nested too deeply."),
            joint=": ",
            try_next=sentence("Write it as {example}.", example='[{"file": "report.pdf", "title": "..."}]'),
        ) from error


def _json_rows(text: str, path: Path) -> RawFile:
    raw = RawFile()
    value = _load_json(text, path, raw=raw)
    if isinstance(value, dict):  # {"report.pdf": {...}}
        value = [{"file": name, **row} if isinstance(row, dict) else row for name, row in value.items()]
    if not isinstance(value, list) or not (not value or any(isinstance(row, dict) for row in value)):
        raise UnusableFile(
            path,
            sentence("is not a list of JSON objects."),
            try_next=sentence("Write it as {example}.", example='[{"file": "report.pdf", "title": "..."}]'),
        )
    for number, row in enumerate(value, start=1):
        if isinstance(row, dict):
            raw.rows.append(FileRow(RowPlace(RowKind.ENTRY, number), row))
        else:
            place = RowPlace(RowKind.ENTRY, number)
            raw.remarks.append(AddRemark.of(Oddity.ROW_NO_OBJECT, shown(path), place=place))
    return raw


def _csv_rows(text: str, path: Path) -> RawFile:
    first = text.lstrip("\r\n").partition("\n")[0]
    # Spreadsheets in Spanish, French and Portuguese save "CSV" with semicolons, and "Unicode text" with tabulators.
    delimiter = max(",;\t", key=first.count)
    raw = RawFile()
    lines = _lines(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), raw, path)
    columns = [name.strip().lower() for name in next((cells for _, cells in lines), [])]
    if "file" not in columns:
        raise UnusableFile(
            path,
            sentence("has no column `file`."),
            try_next=sentence("Its first line names the columns, such as file,title,authors,date."),
        )
    for place, cells in lines:
        if len(cells) > len(columns):
            message: dict[str, RemarkDetail] = {"place": place, "values": len(cells), "columns": len(columns)}
            raw.remarks.append(AddRemark(Oddity.ROW_TOO_LONG, shown(path), message))
        values: dict[str, str] = {}
        for name, cell in zip(columns, cells, strict=False):
            values[name] = cell if cell.strip() or name not in values else values[name]
        raw.rows.append(FileRow(place, values))
    if text.count('"') % 2:
        raw.remarks.append(AddRemark(Oddity.QUOTE_OPEN, shown(path)))
    return raw


def _lines(reader: Any, raw: RawFile, path: Path) -> Iterator[tuple[RowPlace, list[str]]]:
    """Yield each row that is not empty with its place; one that cannot be read is left out with a remark."""
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            place = RowPlace(RowKind.LINE, reader.line_num)
            raw.remarks.append(AddRemark.of(Oddity.ROW_UNREADABLE, shown(path), place=place, error=str(error)))
            continue
        if any(cell.strip() for cell in cells):
            yield RowPlace(RowKind.LINE, reader.line_num), cells

"""Metadata that a person puts beside their own documents, as CSV or JSON.

`metadata.csv` or `metadata.json` in a folder indicates the files of that folder: one row (or object) a file, named in the
column `file`. `report.pdf.json` or `report.json` indicates `report.pdf` alone. docs/own-documents.md shows both.

A value that cannot be used is left out with a remark; the rest of its row counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.metadata.dates import parse_date
from corpus.origins import Origin, OriginPlace
from corpus.text import clean
from corpus.types import Evidence
from corpus.urls import is_web_address
from pushcart.add_remarks import AddRemark, Oddity, RemarkDetail, RowPlace
from pushcart.plain_files import shown
from pushcart.sidecar_files import FileRow, read_raw_object, read_raw_table

TABLE_NAMES = ("metadata.csv", "metadata.json")

FIELDS: Mapping[str, str] = {
    "title": "title",
    "author": "author",
    "authors": "author",
    "publisher": "publisher",
    "date": "date",
    "year": "date",
    "lang": "lang",
    "language": "lang",
    "abstract": "abstract",
    "type": "type",
    "licence": "licence",
    "license": "licence",
    "series": "series",
    "doi": "doi",
    "isbn": "isbn",
    "issn": "issn",
    "keywords": "keyword",
    "keyword": "keyword",
    "country": "country",
    "countries": "country",
    "url": "url",
}
"""Name of a column or key -> field of corpus.types.FieldEvidence; `url` is where the publisher offers the document."""

_SEVERAL = frozenset({"author", "keyword", "country"})
"""Fields with several values: a list in JSON, separated by semicolons in CSV."""
_CHARACTERS_MAX = {"abstract": 20_000}
_VALUE_CHARACTERS_MAX = 2_000
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_SHOWN_CHARACTERS_MAX = 60

SidecarRow = Mapping[str, tuple[Evidence, ...]]


@dataclass(frozen=True, slots=True)
class TableRow:
    """What one row says of its file."""

    place: RowPlace
    evidence: SidecarRow


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """A table of metadata, by the name of the file as it is in the column `file`, `composed`."""

    path: Path
    rows: Mapping[str, TableRow]
    remarks: tuple[AddRemark, ...] = ()
    """In the order of the table."""

    def row_for(self, name: str) -> TableRow | None:
        """Return the row of a file; its name may be spelled with other code points for the same letters, as on a Mac."""
        return self.rows.get(composed(name))


def composed(name: str) -> str:
    """Return the name of a file in the form in which it is compared: NFC."""
    return unicodedata.normalize("NFC", name)


def read_table(path: Path, *, follow_links: bool = False) -> MetadataTable:
    """Return the metadata of a table by file name, as it is in the column `file`.

    Raises BadInput: the table cannot be read, or has no column `file`. All else is a remark.
    """
    raw = read_raw_table(path, follow_links=follow_links)
    remarks = list(raw.remarks)
    rows: dict[str, TableRow] = {}
    told: set[str] = set()
    for row in raw.rows:
        name = composed(clean(str(row.values.get("file") or "")).strip().removeprefix("./"))
        if not name:
            remarks.append(AddRemark.of(Oddity.ROW_WITHOUT_FILE, shown(path), place=row.place))
            continue
        new = TableRow(row.place, _evidence(row, path=path, remarks=remarks, told=told))
        if name in rows and rows[name].evidence != new.evidence:
            message: dict[str, RemarkDetail] = {"place": row.place, "name": _short(name), "before": rows[name].place}
            remarks.append(AddRemark(Oddity.ROW_REPEATED, shown(path), message))
        rows[name] = new
    return MetadataTable(path, rows, tuple(remarks))


def read_single(path: Path) -> tuple[SidecarRow, tuple[AddRemark, ...]]:
    """Return the metadata of a JSON file that indicates one document, and the remarks on it.

    Raises BadInput: it cannot be read, or is not one object.
    """
    raw = read_raw_object(path)
    remarks = list(raw.remarks)
    evidence = _evidence(raw.rows[0], path=path, remarks=remarks, told=set())
    return evidence, tuple(remarks)


def _evidence(row: FileRow, *, path: Path, remarks: list[AddRemark], told: set[str]) -> SidecarRow:
    found: dict[str, list[Evidence]] = {}
    for name, value in row.values.items():
        key = name.strip().lower()
        if key == "file" or (not key and value in (None, "")):
            continue
        if key not in FIELDS:
            if key not in told and len(told) < 100:
                told.add(key)
                known = ", ".join(sorted(FIELDS))
                remarks.append(
                    AddRemark.of(Oddity.UNKNOWN_FIELD, shown(path), place=row.place, field=_short(name), fields=known)
                )
            continue
        for text, odd in _values(value, field=FIELDS[key]):
            if odd:
                at: dict[str, RemarkDetail] = {"place": row.place, "field": _short(name)}
                remarks.append(AddRemark(odd.oddity, shown(path), {**at, **odd.detail}))
            if text:
                found.setdefault(FIELDS[key], []).append(Evidence(text, Origin(OriginPlace.SIDECAR)))
    return {field: tuple(offered) for field, offered in found.items() if offered}


@dataclass(frozen=True, slots=True)
class _Odd:
    """What there is to say of a value; its place and field aside."""

    oddity: Oddity
    detail: Mapping[str, str | int] = field(default_factory=dict)


def _values(value: Any, *, field: str) -> Iterator[tuple[str, _Odd | None]]:
    """Yield each value of a field with what there is to say of it; an empty value is left out for the reason beside it."""
    if value is None:
        return
    parts = value if isinstance(value, list) else [value]
    if field in _SEVERAL and isinstance(value, str):
        parts = value.split(";")
    for part in parts:
        if part is None:
            continue
        if isinstance(part, bool | list | dict):
            yield "", _Odd(Oddity.VALUE_NO_TEXT)
            continue
        text = clean(str(part)).strip()
        if odd := _why_not(text, field=field) if text else None:
            yield "", odd
        elif _NO_TEXT.search(str(part)):
            yield text, _Odd(Oddity.CLEANED if text else Oddity.VALUE_EMPTY)
        elif text:
            yield text, None


def _why_not(text: str, *, field: str) -> _Odd | None:
    """Return why a value cannot be used; None when it can."""
    most = _CHARACTERS_MAX.get(field, _VALUE_CHARACTERS_MAX)
    if len(text) > most:
        return _Odd(Oddity.VALUE_TOO_LONG, {"characters": len(text), "limit": most})
    if field == "url" and not is_web_address(text):
        return _Odd(Oddity.VALUE_NO_ADDRESS, {"value": _short(text)})
    if field == "date" and not parse_date(text):
        return _Odd(Oddity.VALUE_NO_DATE, {"value": _short(text)})
    return None


def _short(text: str) -> str:
    """Return a text as a message names it."""
    plain = shown(clean(text))
    return plain if len(plain) <= _SHOWN_CHARACTERS_MAX else f"{plain[: _SHOWN_CHARACTERS_MAX - 1]}…"

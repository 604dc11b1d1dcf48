"""Metadata that a person puts beside their own documents, as CSV or JSON.

`metadata.csv` or `metadata.json` in a folder speaks for the files of that folder: one row (or object) a file, named in the
column `file`. `report.pdf.json` or `report.json` speaks for `report.pdf` alone. docs/own-documents.md shows both.

A value that cannot be used is left out with a remark; the rest of its row counts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.evidence.dates import parse_date
from corpus.origins import Origin, OriginPlace
from corpus.text import clean
from corpus.types import Evidence
from corpus.urls import is_web_address
from pushcart.add_remarks import Remark, RemarkKind
from pushcart.plain_files import shown
from pushcart.sidecar_files import FileRow, RawFile, read_raw_object, read_raw_table

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

    place: str
    """`line 3` or `entry 2`, 1-based."""
    evidence: SidecarRow


@dataclass(frozen=True, slots=True)
class MetadataTable:
    """A table of metadata, by the name of the file as it stands in the column `file`, `composed`."""

    path: Path
    rows: Mapping[str, TableRow]
    remarks: tuple[Remark, ...] = ()
    """In the order of the table."""

    def row_for(self, name: str) -> TableRow | None:
        """Return the row of a file; its name may be spelled with other code points for the same letters, as on a Mac."""
        return self.rows.get(composed(name))


def composed(name: str) -> str:
    """Return the name of a file in the form in which it is compared: NFC."""
    return unicodedata.normalize("NFC", name)


def read_table(path: Path, *, follow_links: bool = False) -> MetadataTable:
    """Return the metadata of a table by file name, as it stands in the column `file`.

    Raises BadInput: the table cannot be read, or has no column `file`. All else is a remark.
    """
    raw = read_raw_table(path, follow_links=follow_links)
    remarks = list(_remarks_of(raw, path))
    rows: dict[str, TableRow] = {}
    told: set[str] = set()
    for row in raw.rows:
        name = composed(clean(str(row.values.get("file") or "")).strip().removeprefix("./"))
        if not name:
            message = f"{row.place} does not say which file it speaks of."
            remarks.append(_remark(RemarkKind.BAD_ROW, path, message, "Give each row the name of its file as `file`."))
            continue
        new = TableRow(row.place, _evidence(row, path=path, remarks=remarks, told=told))
        if name in rows and rows[name].evidence != new.evidence:
            message = f"{row.place} speaks of {_short(name)}, and so does {rows[name].place}; the later one counts."
            remarks.append(_remark(RemarkKind.REPEATED, path, message))
        rows[name] = new
    return MetadataTable(path, rows, tuple(remarks))


def read_single(path: Path) -> tuple[SidecarRow, tuple[Remark, ...]]:
    """Return the metadata of a JSON file that speaks for one document, and the remarks on it.

    Raises BadInput: it cannot be read, or is not one object.
    """
    raw = read_raw_object(path)
    remarks = list(_remarks_of(raw, path))
    evidence = _evidence(raw.rows[0], path=path, remarks=remarks, told=set())
    return evidence, tuple(remarks)


def _remarks_of(raw: RawFile, path: Path) -> Iterator[Remark]:
    for message in raw.bad_rows:
        yield _remark(RemarkKind.BAD_ROW, path, message)
    for message in raw.repeated:
        yield _remark(RemarkKind.REPEATED, path, message)


def _remark(kind: RemarkKind, path: Path, message: str, try_next: str = "") -> Remark:
    return Remark(kind, shown(path), message, try_next)


def _evidence(row: FileRow, *, path: Path, remarks: list[Remark], told: set[str]) -> SidecarRow:
    found: dict[str, list[Evidence]] = {}
    for name, value in row.values.items():
        key = name.strip().lower()
        if key == "file" or (not key and value in (None, "")):
            continue
        if key not in FIELDS:
            if key not in told and len(told) < 100:
                told.add(key)
                message = f"{row.place}: nobody knows a field {_short(name)!r}; it is left out."
                remarks.append(
                    _remark(RemarkKind.UNKNOWN_FIELD, path, message, f"Use file, {', '.join(sorted(FIELDS))}.")
                )
            continue
        for text, reason in _values(value, field=FIELDS[key]):
            if reason:
                kind = RemarkKind.CLEANED if text else RemarkKind.BAD_VALUE
                remarks.append(_remark(kind, path, f"{row.place}: `{_short(name)}` {reason}"))
            if text:
                found.setdefault(FIELDS[key], []).append(Evidence(text, Origin(OriginPlace.SIDECAR)))
    return {field: tuple(offered) for field, offered in found.items() if offered}


def _values(value: Any, *, field: str) -> Iterator[tuple[str, str]]:
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
            yield "", "is neither a text nor a list of texts; it is left out."
            continue
        text = clean(str(part)).strip()
        if reason := _why_not(text, field=field) if text else "":
            yield "", f"{reason}; it is left out."
        elif _NO_TEXT.search(str(part)):
            yield (
                text,
                "had characters that no text has; they were taken out." if text else "holds no text; it is left out.",
            )
        elif text:
            yield text, ""


def _why_not(text: str, *, field: str) -> str:
    """Say why a value cannot be used; empty when it can."""
    most = _CHARACTERS_MAX.get(field, _VALUE_CHARACTERS_MAX)
    if len(text) > most:
        return f"has {len(text):,} characters, and {most:,} at most are kept"
    if field == "url" and not is_web_address(text):
        return f"is {_short(text)!r}, which is no web address (http:// or https://)"
    if field == "date" and not parse_date(text):
        return f"is {_short(text)!r}, which is no date (2019, 2019-05 or 2019-05-03)"
    return ""


def _short(text: str) -> str:
    """Return a text as a message names it."""
    plain = shown(clean(text))
    return plain if len(plain) <= _SHOWN_CHARACTERS_MAX else f"{plain[: _SHOWN_CHARACTERS_MAX - 1]}…"

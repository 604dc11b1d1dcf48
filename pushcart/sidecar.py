"""Metadata that a person puts beside their own documents, as CSV or JSON.

`metadata.csv` or `metadata.json` in a folder speaks for the files of that folder: one row (or object) a file, named in the
column `file`. `report.pdf.json` or `report.json` speaks for `report.pdf` alone. docs/own-documents.md shows both.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.text import clean, clean_json
from corpus.types import Evidence

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

SidecarRow = Mapping[str, tuple[Evidence, ...]]


def read_table(path: Path) -> dict[str, SidecarRow]:
    """Return the metadata of a table by file name, as it stands in the column `file`.

    Raises BadInput: the table cannot be read, has no column `file`, or a column that nobody knows.
    """
    rows = _json_rows(path) if path.suffix.lower() == ".json" else _csv_rows(path)
    table: dict[str, SidecarRow] = {}
    for place, row in rows:
        name = str(row.get("file") or "").strip()
        if not name:
            raise BadInput(
                f"{path}: {place} does not say which file it speaks of.",
                try_next="Give each row the name of its file as `file`.",
            )
        table[name] = _evidence(row, path=path, place=place)
    return table


def read_single(path: Path) -> SidecarRow:
    """Return the metadata of a JSON file that speaks for one document. Raises BadInput."""
    value = _load_json(path)
    if not isinstance(value, dict):
        raise BadInput(
            f"{path} does not hold one JSON object.", try_next='Write it as {"title": "...", "date": "2019"}.'
        )
    return _evidence(value, path=path, place="it")


def single_for(path: Path) -> Path | None:
    """Return the JSON file that speaks for a document alone; None when there is none."""
    for candidate in (path.with_name(path.name + ".json"), path.with_suffix(".json")):
        if candidate != path and candidate.name not in TABLE_NAMES and candidate.is_file():
            return candidate
    return None


def _load_json(path: Path) -> Any:
    try:
        return clean_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except json.JSONDecodeError as error:
        raise BadInput(
            f"{path}, line {error.lineno}: this is not JSON ({error.msg}).",
            try_next="Mend the file and run this again.",
        ) from error
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not in UTF-8.", try_next="Save it again as UTF-8.") from error


def _json_rows(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    value = _load_json(path)
    if isinstance(value, dict):  # {"report.pdf": {...}}
        value = [{"file": name} | row for name, row in value.items() if isinstance(row, dict)]
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        raise BadInput(
            f"{path} is not a list of JSON objects.", try_next='Write it as [{"file": "report.pdf", "title": "..."}].'
        )
    return [(f"entry {number}", row) for number, row in enumerate(value, start=1)]


def _csv_rows(path: Path) -> list[tuple[str, Mapping[str, Any]]]:
    try:
        text = clean(path.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not in UTF-8.", try_next="Save it again as CSV with UTF-8 encoding.") from error
    lines = text.splitlines()
    # Spreadsheets in Spanish, French and Portuguese save "CSV" with semicolons.
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.DictReader(lines, delimiter=delimiter)
    if "file" not in {(name or "").strip().lower() for name in reader.fieldnames or ()}:
        raise BadInput(
            f"{path} has no column `file`.",
            try_next="Its first line names the columns, such as file,title,authors,date.",
        )
    return [
        (
            f"line {reader.line_num}",
            {(name or "").strip().lower(): value for name, value in row.items() if isinstance(value, str)},
        )
        for row in reader
    ]


def _evidence(row: Mapping[str, Any], *, path: Path, place: str) -> SidecarRow:
    found: dict[str, list[Evidence]] = {}
    for name, value in row.items():
        key = name.strip().lower()
        if key == "file":
            continue
        if key not in FIELDS:
            raise BadInput(
                f"{path}, {place}: nobody knows a field {name!r}.", try_next=f"Use file, {', '.join(sorted(FIELDS))}."
            )
        field = FIELDS[key]
        found.setdefault(field, []).extend(
            Evidence(each, "sidecar") for each in _values(value, several=field in _SEVERAL)
        )
    return {field: tuple(offered) for field, offered in found.items() if offered}


def _values(value: Any, *, several: bool) -> Sequence[str]:
    if value is None:
        return ()
    parts = value if isinstance(value, list) else str(value).split(";") if several else [value]
    return [text for part in parts if (text := str(part).strip())]

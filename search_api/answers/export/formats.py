"""The formats of an export, by the name that an address gives, and what its file is called."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import quote

_NAME_MAX = 80
"""Characters of a file's name between `pushcart` and the day."""
_JOINED = re.compile(r"[\W_]+")


class ExportFormat(StrEnum):
    """What the file is for."""

    RIS = "ris"
    BIBTEX = "bibtex"
    CSL_JSON = "csl-json"
    CSV = "csv"
    CSV_BOM = "csv-bom"
    """CSV with a byte order mark, by which Excel sees that it is UTF-8."""
    JSON_LINES = "jsonl"


@dataclass(frozen=True, slots=True)
class FileKind:
    """How a file is sent and named."""

    media_type: str
    ending: str


FILES: Mapping[ExportFormat, FileKind] = {
    ExportFormat.RIS: FileKind("application/x-research-info-systems", "ris"),
    ExportFormat.BIBTEX: FileKind("application/x-bibtex", "bib"),
    ExportFormat.CSL_JSON: FileKind("application/vnd.citationstyles.csl+json", "csl.json"),
    ExportFormat.CSV: FileKind("text/csv", "csv"),
    ExportFormat.CSV_BOM: FileKind("text/csv", "csv"),
    ExportFormat.JSON_LINES: FileKind("application/jsonl", "jsonl"),
}


def file_name(text: str, kind: ExportFormat, *, day: date) -> str:
    """Return a name such as `pushcart-street-vendors-PER-2026-11-30.ris`.

    Args:
        text: what was searched, in any script; it may be empty.
        kind: the format.
        day: of the export.
    """
    words = _JOINED.sub("-", unicodedata.normalize("NFC", text)).strip("-")[:_NAME_MAX].strip("-")
    return f"{'-'.join(part for part in ('pushcart', words, day.isoformat()) if part)}.{FILES[kind].ending}"


def content_disposition(name: str) -> str:
    """Return the header that lets a browser save a file under a name; for old ones without other letters than ASCII."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    header = f'attachment; filename="{re.sub("-{2,}", "-", plain)}"'
    return header if plain == name else f"{header}; filename*=UTF-8''{quote(name, safe='')}"

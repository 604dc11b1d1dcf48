"""CSV for spreadsheets and statistics: a row a document, values of strangers defused."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from io import StringIO

from corpus.types import Facet
from search_api.answers.export.records import ExportRecord
from search_api.answers.export.texts import one_line

COLUMNS = (
    "id", "key", "title", "authors", "year", "published", "publisher", "type", "language", "series", "volume", "number",
    "doi", "isbn", "issn", "url", "link", "page", "page_count", "snippet", "abstract", *(
        name for facet in Facet for name in (facet.value, f"{facet.value}_code")
    ),
    "work", "source", "licence", "first_seen", "score", "accessed",
)  # fmt: skip
"""The header row. Names stay; new ones may be added behind the last."""
BETWEEN = " | "
"""Between several values of one column: names of sectors have commas and semicolons in them."""
_MARK = "\ufeff"
_BEGINS_FORMULA = re.compile(r"(^|;)(?=[\s\"]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")
"""Also behind a semicolon: where decimals have a comma, Excel takes semicolons for the borders of cells."""


@dataclass(slots=True)
class CsvWriter:
    """Rows as RFC 4180 has them. See ExportWriter."""

    with_mark: bool = False
    """Begin with a byte order mark."""
    _rows: StringIO = field(default_factory=StringIO)

    def head(self) -> str:
        """See ExportWriter."""
        return (_MARK if self.with_mark else "") + self._row(COLUMNS)

    def record(self, record: ExportRecord) -> str:
        """See ExportWriter."""
        reference, document = record.reference, record.document
        values = {
            "id": record.id,
            "key": reference.key,
            "title": reference.title,
            "authors": _several(name.inverted for name in reference.authors),
            "year": reference.year,
            "published": reference.issued,
            "publisher": reference.publisher,
            "type": document.type,
            "language": document.lang,
            "series": reference.series.name,
            "volume": reference.series.volume,
            "number": reference.series.number,
            "doi": reference.doi,
            "isbn": reference.isbn,
            "issn": reference.issn,
            "url": reference.url,
            "link": record.link,
            "page": str(record.page or ""),
            "page_count": str(document.page_count or ""),
            "snippet": record.snippet,
            "abstract": reference.abstract,
            "work": document.work,
            "source": document.source,
            "licence": one_line(document.licence),
            "first_seen": document.first_seen.strftime("%Y-%m-%dT%H:%M:%SZ"),
            "score": f"{record.score:.6g}" if record.score else "",
            "accessed": record.accessed.isoformat(),
        }
        for facet in Facet:
            tags = [tag for tag in record.tags if tag.facet is facet]
            values[facet.value] = _several(tag.name for tag in tags)
            values[f"{facet.value}_code"] = _several(tag.code for tag in tags)
        return self._row(defused(values[column]) for column in COLUMNS)

    def gone(self, document_id: str) -> str:
        """See ExportWriter. CSV has no comments."""
        return ""

    def end(self) -> str:
        """See ExportWriter."""
        return ""

    def incomplete(self, words: str) -> str:
        """See ExportWriter: a row whose first column says so."""
        return self._row([defused(words), *[""] * (len(COLUMNS) - 1)])

    def _row(self, values: Iterable[str]) -> str:
        self._rows.seek(0)
        self._rows.truncate()
        csv.writer(self._rows, lineterminator="\r\n").writerow(values)
        return self._rows.getvalue()


def defused(text: str) -> str:
    """Return a value that no spreadsheet takes for a formula: an apostrophe is before the value, or before its part.

    It does where a value, or what follows a semicolon in it, begins with = + - @ (of full width too), also behind white space and
    quotation marks, or with a tab or a carriage return. Nothing else is changed.
    """
    return _BEGINS_FORMULA.sub(r"\1'", text)


def _several(values: Iterable[str]) -> str:
    return BETWEEN.join(value.replace("|", "\u00a6") for value in values)

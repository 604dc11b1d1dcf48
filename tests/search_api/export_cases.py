"""Documents that break a careless writer of RIS, BibTeX, CSV or JSON, and readers of other hands for what was written."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from typing import Any

import bibtexparser
import rispy

from corpus.types import Document
from search_api.answers.export.formats import ExportFormat
from tests.builders import make_document, make_tag

TITLES = (
    "Plain vendors",
    "Vendors\nER  - \nTY  - BOOK",
    "Vendors } and { braces }}}",
    "@article{key, vendors",
    'Vendors "in quotes", and, commas; and semicolons',
    "=HYPERLINK(\"http://evil.example\",\"vendors\")",
    "  +1+cmd|' /C calc'!A0 vendors",
    "-2+3 vendors",
    "@SUM(A1) vendors",
    "\t=vendors",
    "\r=vendors",
    "vendors; =1+1",
    "\uff1dvendors of full width",
    "\u202evendors turned\u2066 \u200b\ufeffand hidden",
    "vendors \ud800 half a sign",
    "vendors \x00\x1b[31m control \x85 \u2028 line",
    "100 % of $5 & #1_a ~ ^ \\ vendors \\end{document}",
    "vendors " * 3000,
    "الباعة vendors",
    "],\n{\"id\": \"vendors",
)  # fmt: skip


def hostile_documents() -> tuple[Document, ...]:
    """Return documents with such titles, authors, publishers, abstracts and pages; every one has the word vendors on page 2."""
    return tuple(
        make_document(
            f"d{number:016x}",
            title=title,
            authors=(title[:200], "Torres, Ana"),
            publisher=title[:200],
            abstract=title[:500] if number % 2 else "",
            published="2019",
            identifiers={"doi": "10.1000/1}{", "isbn": title[:60], "series": f"{title[:60]}; 7"},
            licence=title[:80],
            pages=("Nothing here.", f"Before. {title[:300]} vendors. After."),
            tags=(
                make_tag("country", "PER", primary=True),
                make_tag("group", "street_vendors"),
                make_tag("sector", "isic:A"),
            ),
        )
        for number, title in enumerate(TITLES)
    )


def _ris(text: str) -> list[str]:
    return [record["id"] for record in rispy.loads(text)]


def _bibtex(text: str) -> list[str]:
    read = bibtexparser.parse_string(text)
    assert not read.failed_blocks
    return [entry.key for entry in read.entries]


def _csl(text: str) -> list[str]:
    return [item["id"] for item in json.loads(text)]


def rows_of(text: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def lines_of(text: str) -> list[dict[str, Any]]:
    """Return the values of JSON lines."""
    return [json.loads(line) for line in text.split("\n") if line]


READERS: Mapping[ExportFormat, Callable[[str], list[str]]] = {
    ExportFormat.RIS: _ris,
    ExportFormat.BIBTEX: _bibtex,
    ExportFormat.CSL_JSON: _csl,
    ExportFormat.CSV: lambda text: [row["key"] for row in rows_of(text)],
    ExportFormat.CSV_BOM: lambda text: [row["key"] for row in rows_of(text)],
    ExportFormat.JSON_LINES: lambda text: [line["key"] for line in lines_of(text)],
}
"""Give the keys of all records of a file, in their order."""

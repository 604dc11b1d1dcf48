"""What kind of publication the first pages say that it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.reading.never_titles import is_kind

_JOURNAL = re.compile(
    r"\b(?:international )?journal of\b|\bjournal\b.{0,40}\bvol|\brevista\b.{0,60}\b(?:vol|n[º°uú])|\brevue\b.{0,60}\b(?:vol|n[º°])"
    r"|\bvol(?:ume|umen)?\.? ?\d{1,3},? (?:no|n[º°]|n[uú]m|issue|number)\.? ?\d{1,3}\b|^received\b.{0,60}\baccepted\b"
    r"|\bresearch article\b",
    re.IGNORECASE,
)
_REPORT_NUMBER = re.compile(r"^(?:report|rapport|relat[oó]rio|informe) (?:no|n[º°]|nr)\b", re.IGNORECASE)
_PART = re.compile(
    r"(?:module|volume|part|chapter|slide|m[oó]dulo|volumen|tomo|parte|cap[ií]tulo|tome|partie|chapitre|cahier|policy$|publica|publications?$)",
    re.IGNORECASE,
)
"""What says which part of a publication it is, and not what kind."""
_ABSTRACT = re.compile(r"^\s*(?:abstract|r[ée]sum[ée]|resumen|resumo)\b", re.IGNORECASE)
_LINE_CHARACTERS_MAX = 90
_LINES = 80


def kinds_said(first_page: Sequence[str], *, next_page: Sequence[str], has_authors: bool) -> list[str]:
    """Return words for the kind of publication, the surest first; empty when nothing tells.

    Args:
        first_page: its lines.
        next_page: the lines of page 2: the abstract of a paper with a cover is there.
        has_authors: whether people are named below the title.
    """
    lines = [" ".join(line.split()) for line in first_page[:_LINES]]
    short = [line for line in lines if len(line) <= _LINE_CHARACTERS_MAX]
    said = [line for line in short if is_kind(line) and not _PART.match(line)]
    if any(_JOURNAL.search(line) for line in (*lines, *next_page[:3], *next_page[-3:])):
        said.append("journal article")
    if any(_REPORT_NUMBER.match(line) for line in short):
        said.append("report")
    if has_authors and any(_ABSTRACT.match(line) for line in (*lines, *next_page)):
        said.append("working paper")
    return said[:4]

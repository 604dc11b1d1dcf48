"""A search report as Markdown (CommonMark with tables), to be pasted into a protocol or an appendix."""

from __future__ import annotations

import re

from corpus.messages import gettext
from corpus.shown import without_signs
from search_api.answers.report import ReportedSearch
from search_api.answers.report_text import ReportLine, ReportSection, sections

_SIGNS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
"""What would mean something; a backslash before it makes it a plain sign."""
_BACKTICKS = re.compile(r"`+")


def as_markdown(report: ReportedSearch, *, lang: str) -> str:
    """Return a report as Markdown; what people typed, and names of strangers, mean nothing in it.

    Args:
        report: its contents.
        lang: of its words: en, es, fr or pt.
    """
    parts = [f"# {gettext('Search report', lang=lang)}"]
    parts += [_section(each) for each in sections(report, lang=lang)]
    return "\n\n".join(parts) + "\n"


def _section(section: ReportSection) -> str:
    parts = [f"## {_plain(section.title)}"]
    if section.note:
        parts.append(_plain(section.note))
    if all(line.is_short for line in section.lines):
        rows = [f"| {_plain(line.label)} | {_plain(line.text)} |" for line in section.lines]
        parts.append("\n".join(["| | |", "|---|---:|", *rows]))
    else:
        parts.append("\n".join(f"- **{_plain(line.label)}**: {_value(line)}" for line in section.lines))
    return "\n\n".join(parts)


def _value(line: ReportLine) -> str:
    if not line.is_typed:
        return _plain(line.text)
    text = _on_one_line(line.text)
    # A fence that is longer than any in the text, and spaces where the text begins or ends with one (CommonMark 6.1).
    fence = "`" * (1 + max(map(len, _BACKTICKS.findall(text)), default=0))
    space = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{space}{text}{space}{fence}"


def _plain(text: str) -> str:
    return _SIGNS.sub(r"\\\1", _on_one_line(text))


def _on_one_line(text: str) -> str:
    return " ".join(without_signs(text).split())

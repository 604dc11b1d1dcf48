"""A small Markdown, enough for a policy brief: text into blocks that the HTML page and the PDF page both can set.

## Heading, ### smaller heading        - list item (a following line that begins with two spaces continues it)
> quotation or box                     | table | row |  with a |---| line under the head
^ caption of a table                   ~ note or source under a table
--- a line of its own: a new PDF page  **bold** and *italic* within a text
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from html import escape


class Role(StrEnum):
    """What a paragraph is for."""

    BODY = "body"
    QUOTE = "quote"
    CAPTION = "caption"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading within the text; the title itself is level 1."""

    text: str
    level: int
    """2 or 3."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list, also of references."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells of equal number; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class PageBreak:
    """The text continues on a new page, where there are pages."""


Block = Heading | Paragraph | Bullets | Table | PageBreak

_ROLES = {">": Role.QUOTE, "^": Role.CAPTION, "~": Role.NOTE}
_BOLD = re.compile(r"\*\*(.+?)\*\*")
_ITALIC = re.compile(r"\*(.+?)\*")


def blocks_of(text: str) -> tuple[Block, ...]:
    """Return the blocks of a text, in order.

    Raises ValueError: a table's rows differ in length.
    """
    return tuple(
        block for chunk in re.split(r"\n\s*\n", text.strip()) if chunk.strip() for block in _blocks_of_chunk(chunk)
    )


def _blocks_of_chunk(chunk: str) -> Iterator[Block]:
    lines = chunk.strip().splitlines()
    first = lines[0]
    if first == "---":
        yield PageBreak()
    elif first.startswith("#"):
        level = len(first) - len(first.lstrip("#"))
        yield Heading(first.lstrip("#").strip(), level=level)
        if lines[1:]:
            yield from _blocks_of_chunk("\n".join(lines[1:]))
    elif first.startswith("- "):
        yield Bullets(tuple(_items(lines)))
    elif first.startswith("|"):
        yield _table(lines)
    elif first[0] in _ROLES:
        yield Paragraph(" ".join(line.lstrip(first[0]).strip() for line in lines), role=_ROLES[first[0]])
    else:
        yield Paragraph(" ".join(line.strip() for line in lines))


def _items(lines: list[str]) -> Iterator[str]:
    item = ""
    for line in lines:
        if line.startswith("- "):
            if item:
                yield item
            item = line[2:].strip()
        else:
            item = f"{item} {line.strip()}"
    yield item


def _table(lines: list[str]) -> Table:
    rows = tuple(
        tuple(cell.strip() for cell in line.strip().strip("|").split("|"))
        for line in lines
        if set(line.strip()) - set("|-: ")
    )
    if len({len(row) for row in rows}) != 1:
        raise ValueError(f"the rows of the table {rows[0]} differ in length")
    return Table(rows)


def inline_markup(text: str, *, bold: str, italic: str) -> str:
    """Return a text escaped for markup, its bold and italic words between the tags of these names."""
    marked = _BOLD.sub(rf"<{bold}>\1</{bold}>", escape(text, quote=False))
    return _ITALIC.sub(rf"<{italic}>\1</{italic}>", marked)


def plain(text: str) -> str:
    """Return a text without its marks of bold and italic."""
    return _ITALIC.sub(r"\1", _BOLD.sub(r"\1", text))

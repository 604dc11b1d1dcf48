"""A judged collection in the form of BEIR: texts, queries, and which text answers which query how well."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BadInput

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"


@dataclass(frozen=True, slots=True)
class JudgedText:
    """One text of a collection."""

    id: str
    title: str
    """Empty when it has none."""
    pages: tuple[str, ...]
    """One or more; empty pages too."""
    lang: str = ""
    """As declared; empty when nothing is."""


@dataclass(frozen=True, slots=True)
class JudgedQuery:
    """One query of a collection."""

    id: str
    text: str
    lang: str = ""
    kind: str = ""
    """Such as `question` or `misspelling`; empty when nothing is said."""


@dataclass(frozen=True, slots=True)
class JudgedCollection:
    """Queries with their judgements; the texts are read one by one, since they may be many."""

    folder: Path
    queries: tuple[JudgedQuery, ...]
    """In the order of the file."""
    grades: Mapping[str, Mapping[str, int]]
    """By query, by text: 0 is not relevant, more is better. A text that is absent was not judged."""

    def texts(self) -> Iterator[JudgedText]:
        """Read the texts in the order of the file.

        Raises BadInput: a line is no text.
        """
        path = self.folder / CORPUS
        for place, row in _rows(path):
            pages = row.get("pages") if row.get("pages") is not None else [row.get("text")]
            if not isinstance(pages, list) or not pages or not all(isinstance(page, str) for page in pages):
                raise _bad_line(place, "it needs `text`, or `pages` as a list of texts")
            yield JudgedText(
                id=_text(row, "_id", place=place),
                title=_text(row, "title", place=place, may_be_empty=True),
                pages=tuple(pages),
                lang=_text(row, "lang", place=place, may_be_empty=True),
            )

    def with_queries(self, ids: frozenset[str]) -> JudgedCollection:
        """Return the same collection with some of its queries only."""
        return JudgedCollection(self.folder, tuple(each for each in self.queries if each.id in ids), self.grades)


def read_collection(folder: Path) -> JudgedCollection:
    """Read the queries and judgements of a folder.

    Args:
        folder: with corpus.jsonl (`_id`, `title`, `text` or `pages`, optional `lang`), queries.jsonl (`_id`, `text`, optional
            `lang` and `kind`) and qrels.tsv (query, text, grade; the first line is a header).

    Raises BadInput: a file is missing, or a line of it cannot be read; the message names file and line.
    """
    for name in (CORPUS, QUERIES, JUDGEMENTS):
        if not (folder / name).is_file():
            raise BadInput(
                f"{folder} has no {name}.",
                try_next=f"A judged collection is a folder with {CORPUS}, {QUERIES} and {JUDGEMENTS}.",
            )
    queries = tuple(
        JudgedQuery(
            id=_text(row, "_id", place=place),
            text=_text(row, "text", place=place, may_be_empty=True),
            lang=_text(row, "lang", place=place, may_be_empty=True),
            kind=_text(row, "kind", place=place, may_be_empty=True),
        )
        for place, row in _rows(folder / QUERIES)
    )
    if not queries:
        raise BadInput(f"{folder / QUERIES} has no queries.", try_next="Put one query on each line.")
    return JudgedCollection(folder, queries, _read_grades(folder / JUDGEMENTS))


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(_lines(path), start=1):
        cells = line.split("\t")
        # Four columns: trec_eval's form, whose second says nothing.
        query, text, grade = (cells[0], cells[2], cells[3]) if len(cells) == 4 else (*cells, "", "", "")[:3]
        if number == 1 and not _is_whole_number(grade):
            continue
        if not line.strip():
            continue
        if not query or not text or not _is_whole_number(grade):
            raise _bad_line(
                f"{path}, line {number}", "it needs query, text and grade (a whole number) with tabs between"
            )
        grades.setdefault(query, {})[text] = max(0, int(grade))
    return grades


def _is_whole_number(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Give the objects of a file of JSON lines, each with its place in words."""
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise _bad_line(place, "it is not JSON") from error
        if not isinstance(row, dict):
            raise _bad_line(place, "it is not a JSON object")
        yield place, row


def _lines(path: Path) -> Iterator[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            for line in file:
                yield line.rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path} cannot be read: {error}", try_next="It has to be a file in UTF-8.") from error


def _text(row: Mapping[str, Any], key: str, *, place: str, may_be_empty: bool = False) -> str:
    value = row.get(key)
    if key == "_id" and isinstance(value, int):
        value = str(value)
    if value is None and may_be_empty:
        return ""
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        raise _bad_line(place, f"`{key}` has to be a text" if value is not None else f"`{key}` is missing")
    return value


def _bad_line(place: str, reason: str) -> BadInput:
    return BadInput(f"{place} cannot be used: {reason}.", try_next="Correct or remove the line, and run it again.")

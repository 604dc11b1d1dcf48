"""A judged collection in the form of BEIR: texts, queries, and which text answers which query how well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from corpus.errors import BadInput
from corpus.messages import sentence
from evaluation.rows import bad_line, lines_of, rows_of, text_of

CORPUS, QUERIES, JUDGEMENTS = "corpus.jsonl", "queries.jsonl", "qrels.tsv"


@dataclass(frozen=True, slots=True)
class JudgedText:
    """One text of a collection."""

    id: str
    title: str
    """Empty when it has none."""
    pages: tuple[str, ...]
    """Empty pages too; none at all of a document of which nothing was read."""
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

        Raises BadInput: a line is not a text.
        """
        path = self.folder / CORPUS
        for place, row in rows_of(path):
            pages = row.get("pages") if row.get("pages") is not None else [row.get("text")]
            if not isinstance(pages, list) or not pages or not all(isinstance(page, str) for page in pages):
                raise bad_line(place, sentence("it needs `text`, or `pages` as a list of texts"))
            yield JudgedText(
                id=text_of(row, "_id", place=place),
                title=text_of(row, "title", place=place, may_be_empty=True),
                pages=tuple(pages),
                lang=text_of(row, "lang", place=place, may_be_empty=True),
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
                sentence("{folder} has no {name}.", folder=str(folder), name=name),
                try_next=sentence(
                    "A judged collection is a folder with {corpus}, {queries} and {judgements}.",
                    corpus=CORPUS,
                    queries=QUERIES,
                    judgements=JUDGEMENTS,
                ),
            )
    queries = tuple(
        JudgedQuery(
            id=text_of(row, "_id", place=place),
            text=text_of(row, "text", place=place, may_be_empty=True),
            lang=text_of(row, "lang", place=place, may_be_empty=True),
            kind=text_of(row, "kind", place=place, may_be_empty=True),
        )
        for place, row in rows_of(folder / QUERIES)
    )
    if not queries:
        raise BadInput(
            sentence("{file} has no queries.", file=str(folder / QUERIES)),
            try_next=sentence("Write one query per line."),
        )
    return JudgedCollection(folder, queries, _read_grades(folder / JUDGEMENTS))


def _read_grades(path: Path) -> dict[str, dict[str, int]]:
    grades: dict[str, dict[str, int]] = {}
    for number, line in enumerate(lines_of(path), start=1):
        cells = line.split("\t")
        # Four columns: trec_eval's form, whose second says nothing.
        query, text, grade = (cells[0], cells[2], cells[3]) if len(cells) == 4 else (*cells, "", "", "")[:3]
        if number == 1 and not _is_whole_number(grade):
            continue
        if not line.strip():
            continue
        if not query or not text or not _is_whole_number(grade):
            raise bad_line(
                f"{path}, line {number}", sentence("it needs query, text and grade (a whole number), separated by tabs")
            )
        grades.setdefault(query, {})[text] = max(0, int(grade))
    return grades


def _is_whole_number(text: str) -> bool:
    return text.strip().removeprefix("-").isdecimal()

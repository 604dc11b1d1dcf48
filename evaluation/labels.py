"""What people say that files are: JSON lines, one object a file."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import sentence

_CHUNK_BYTES_MAX = 2**30
"""Larger files in the folder are not looked at for a hash."""


@dataclass(frozen=True, slots=True)
class LabelledFile:
    """A file and what is right about it."""

    name: str
    """As the label names it."""
    path: Path
    right: Mapping[str, Sequence[Any]]
    """By field of FIELDS in evaluation.metadata: the right answers, the first the best; an empty one: to say nothing is
    right. Fields without a label are absent."""


def read_labels(path: Path, *, folder: Path | None = None) -> tuple[LabelledFile, ...]:
    """Read labels and find their files.

    Each line is an object with `path` (relative to the folder, or absolute) or `sha1` (of a file anywhere in the folder), and
    any of `title` with `also`, `authors` (a list), `publisher` with `publisher_also`, `date` with `date_also`, `year`,
    `type` with `type_also`, `language`. null means that the file does not say it.

    Args:
        folder: of the files; without it, the one in which the labels are.

    Raises BadInput: a line is none, or a file is not there.
    """
    base = folder or path.parent
    hashes: dict[str, Path] = {}
    files = []
    for number, row in _rows(path):
        place = f"{path}:{number}"
        named, sha1 = row.get("path"), row.get("sha1")
        found = base / named if isinstance(named, str) else None
        if found is None or not found.is_file():
            if isinstance(sha1, str) and not hashes:
                hashes = _files_by_sha1(base)
            found = hashes.get(sha1) if isinstance(sha1, str) else None
        if found is None:
            raise BadInput(
                sentence(
                    "{place}: the file {file} is not in {base}.", place=str(place), file=named or sha1, base=str(base)
                ),
                try_next=sentence("Name the folder of the files with --files."),
            )
        files.append(LabelledFile(str(named or found.name), found, _right_answers(row, place=place)))
    return tuple(files)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                if not line.strip():
                    continue
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise _bad_line(f"{path}:{number}", sentence("it is not a JSON object"))
                yield number, row
    except (OSError, ValueError) as error:
        raise BadInput(
            sentence("{path} cannot be read: {error}", path=str(path), error=str(error)),
            try_next=sentence("Give a file of JSON lines."),
        ) from error


def _bad_line(place: str, text: str) -> BadInput:
    return BadInput(
        sentence("{place}: {text}.", place=str(place), text=text),
        try_next=sentence("See “How good metadata is” in docs/own-documents.md for the form."),
    )


def _right_answers(row: Mapping[str, Any], *, place: str) -> dict[str, Sequence[Any]]:
    right: dict[str, Sequence[Any]] = {}
    for name, also in (
        ("title", "also"),
        ("publisher", "publisher_also"),
        ("date", "date_also"),
        ("type", "type_also"),
        ("language", "language_also"),
    ):
        if name in row:
            answers = [row[name], *(row.get(also) or ())]
            if not all(answer is None or isinstance(answer, str) for answer in answers):
                raise _bad_line(place, sentence("`{name}` and `{also}` are texts", name=name, also=also))
            right[name] = [answer or "" for answer in answers]
    if "type" in right:
        right["type"] = [kind.strip().lower().replace(" ", "_") for kind in right["type"]]
    if "year" in row:
        dates = [date[:4] for date in right.get("date", ())]
        right["year"] = list(dict.fromkeys([str(row["year"] or ""), *dates]))
    if "authors" in row:
        lists = [row["authors"] or [], *(row.get("authors_also") or ())]
        if not all(isinstance(names, list) and all(isinstance(name, str) for name in names) for names in lists):
            raise _bad_line(place, sentence("`authors` is a list of names"))
        right["authors"] = [tuple(names) for names in lists]
    return right


def _files_by_sha1(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*.pdf")):
        if path.is_file() and path.stat().st_size < _CHUNK_BYTES_MAX:
            with path.open("rb") as file:
                found.setdefault(hashlib.file_digest(file, "sha1").hexdigest(), path)
    return found

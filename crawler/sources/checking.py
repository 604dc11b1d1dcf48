"""Check source files: every problem of every file, with its line, and what is odd without being wrong."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from corpus.errors import BadSource
from crawler.sources.lint import SourceRemark, remarks_on
from crawler.sources.load import source_of
from crawler.sources.model import SourceFile
from crawler.sources.protocols import RULES_OF
from crawler.sources.toml_table import BadKey, TomlTable, line_of_key

_PROBLEMS_MAX = 200
"""Most problems told of one file."""
_HARMLESS: dict[str, Any] = {"slug": "a", "name": "A", "protocol": "addresses", "start": ["https://example.org/"]}
"""What stands in for a key that must be there, so that the rest can be checked."""


class Weight(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    """The file cannot be used, or cannot do what it says."""
    WARNING = "warning"
    """It can be used; a person should look."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a person should know of a source file."""

    path: Path
    line: int
    """1-based; 1 also for what concerns the whole file."""
    weight: Weight
    message: str
    try_next: str = ""


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A source file and what was found in it."""

    path: Path
    source: SourceFile | None
    """None: it cannot be used."""
    findings: tuple[Finding, ...]


def check_files(paths: Sequence[Path]) -> tuple[CheckedFile, ...]:
    """Check source files, each by itself and all beside each other, in the order given. Raises nothing."""
    checked = [check_file(path) for path in paths]
    beside = tuple(_between([each.source for each in checked if each.source is not None]))
    return tuple(
        CheckedFile(
            path=each.path,
            source=each.source,
            findings=tuple(
                sorted(
                    (*each.findings, *(finding for finding in beside if finding.path == each.path)),
                    key=lambda finding: finding.line,
                )
            ),
        )
        for each in checked
    )


def check_file(path: Path) -> CheckedFile:
    """Check one source file by itself. Raises nothing."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        found = Finding(path, 1, Weight.ERROR, f"The file cannot be read: {error}.", "Source files are UTF-8 text.")
        return CheckedFile(path, None, (found,))
    return check_text(text, path=path)


def check_text(text: str, *, path: Path) -> CheckedFile:
    """Check the text of a source file; `path` is named in the findings. Raises nothing."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        at = re.search(r"at line (\d+)", str(error))
        message = f"This is not TOML: {error}. What comes after it was not checked."
        found = Finding(path, int(at[1]) if at else 1, Weight.ERROR, message, "See docs/sources.md.")
        return CheckedFile(path, None, (found,))
    problems = tuple(_problems(values, text=text, path=path))
    if problems:
        return CheckedFile(path, None, problems)
    source = source_of(TomlTable(values, path=path, text=text), path=path)
    return CheckedFile(path, source, tuple(_finding(remark, text=text, path=path) for remark in remarks_on(source)))


def _finding(remark: SourceRemark, *, text: str, path: Path) -> Finding:
    weight = Weight.ERROR if remark.is_wrong else Weight.WARNING
    return Finding(path, line_of_key(text, remark.key), weight, remark.message, remark.try_next)


def _problems(values: dict[str, Any], *, text: str, path: Path) -> Iterator[Finding]:
    """Yield whatever keeps a file from being read: what is wrong is mended, and the file read again, until it can be."""
    told: set[tuple[str, ...]] = set()
    for _ in range(_PROBLEMS_MAX):
        try:
            source_of(TomlTable(values, path=path, text=text), path=path)
        except BadKey as problem:
            if problem.key in told:
                return  # it cannot be mended from here
            told.add(problem.key)
            yield Finding(path, problem.line, Weight.ERROR, problem.plain, problem.try_next)
            _mend(values, problem.key)
        except BadSource as error:
            yield Finding(path, 1, Weight.ERROR, error.message, error.try_next)
            return
        else:
            return


def _mend(values: dict[str, Any], key: tuple[str, ...]) -> None:
    """Take a key away, or put something harmless in the place of one that must be there."""
    if key == ("protocol",):
        # Which table of rules counts is not known; those that are there are not called unknown for it.
        for name in RULES_OF:
            values.pop(name, None)
    *tables, name = key
    table = values
    for each in tables:
        table = table.setdefault(each, {})
    if not tables and name in _HARMLESS:
        table[name] = _HARMLESS[name]
    elif name in table:
        del table[name]


def _between(sources: Sequence[SourceFile]) -> Iterator[Finding]:
    """Yield what is wrong only because of another file."""
    by_slug: dict[str, SourceFile] = {}
    by_start: dict[str, SourceFile] = {}
    for source in sources:
        assert source.path is not None
        line = _line_of(source.path, "slug")
        first = by_slug.setdefault(source.slug, source)
        if first is not source and first.path is not None:
            if first.path.parent == source.path.parent:
                message = f"The slug {source.slug!r} is that of {first.path} too."
                yield Finding(source.path, line, Weight.ERROR, message, "Give one of them another slug.")
            else:
                message = f"This file is used instead of {first.path}: both have the slug {source.slug!r}."
                yield Finding(source.path, line, Weight.WARNING, message)
            continue
        for address in source.start:
            other = by_start.setdefault(address, source)
            if other.slug != source.slug:
                message = f"{other.path} begins at {address} too: its documents would come twice."
                yield Finding(source.path, _line_of(source.path, "start"), Weight.WARNING, message)


def _line_of(path: Path, key: str) -> int:
    return line_of_key(path.read_text(encoding="utf-8"), (key,))

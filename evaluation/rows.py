"""JSON lines that people write: objects with their place in the file, and clear messages for the lines that cannot be used."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from corpus.errors import BadInput
from corpus.messages import sentence

_TRY_NEXT = sentence("Correct or remove the line, and run it again.")


def rows_of(path: Path, *, try_next: str = _TRY_NEXT) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the objects of a file, each with its place in words (`FILE, line 3`); empty lines are skipped.

    Args:
        path: read as gzip when the name ends with `.gz`.
        try_next: what the message of an error advises.

    Raises BadInput: the file cannot be read, or a line is not a JSON object.
    """
    for number, line in enumerate(lines_of(path), start=1):
        if not line.strip():
            continue
        place = f"{path}, line {number}"
        try:
            row = json.loads(line)
        except ValueError as error:
            raise bad_line(place, sentence("it is not JSON"), try_next=try_next) from error
        if not isinstance(row, dict):
            raise bad_line(place, sentence("it is not a JSON object"), try_next=try_next)
        yield place, row


def lines_of(path: Path) -> Iterator[str]:
    """Yield the lines of a file without their ends.

    Raises BadInput: it is not there, or cannot be read.
    """
    try:
        is_packed = path.suffix == ".gz"
        with gzip.open(path, "rt", encoding="utf-8-sig") if is_packed else path.open(encoding="utf-8-sig") as file:
            for line in file:
                yield line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise BadInput(
            sentence("There is no file {file}.", file=str(path)), try_next=sentence("Check how its name is written.")
        ) from error
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise BadInput(
            sentence("{path} cannot be read: {error}", path=str(path), error=str(error)),
            try_next=sentence("It has to be a file in UTF-8."),
        ) from error


def text_of(
    row: Mapping[str, Any], key: str, *, place: str, may_be_empty: bool = False, try_next: str = _TRY_NEXT
) -> str:
    """Return the text of a field; a whole number as an id counts as text.

    Args:
        may_be_empty: an absent field is an empty text.

    Raises BadInput: it is not a text, or missing.
    """
    value = row.get(key)
    if key in ("_id", "id") and isinstance(value, int):
        value = str(value)
    if value is None and may_be_empty:
        return ""
    if not isinstance(value, str) or not (value.strip() or may_be_empty):
        reason = (
            sentence("`{key}` has to be a text", key=key)
            if value is not None
            else sentence("`{key}` is missing", key=key)
        )
        raise bad_line(place, reason, try_next=try_next)
    return value


def bad_line(place: str, reason: str, *, try_next: str = _TRY_NEXT) -> BadInput:
    """Return the error of a line that cannot be used."""
    return BadInput(sentence("{place} cannot be used: {reason}.", place=str(place), reason=reason), try_next=try_next)

"""What workers of a cluster give back: JSON that is checked here, never pickles, and about nothing but what they were given."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import cache

from pydantic import TypeAdapter

from corpus.types import Page, Reading
from nlp.making import Made
from nlp.making_messages import DocumentTask


@cache
def _readings() -> TypeAdapter[list[Reading]]:
    return TypeAdapter(list[Reading])


@cache
def _made() -> TypeAdapter[list[Made]]:
    return TypeAdapter(list[Made])


def pack_readings(readings: Sequence[Reading]) -> bytes:
    """Return readings as bytes."""
    return _readings().dump_json(list(readings))


def readings_of(message: object, asked: Collection[str]) -> list[Reading]:
    """Return the readings of exactly these files. Raises ValueError: the message holds others, fewer, or is none.

    Args:
        message: what came from a worker.
        asked: SHA-256 of the files that it was given.
    """
    readings = _readings().validate_json(_bytes_of(message))
    if sorted(each.sha256 for each in readings) != sorted(asked):
        raise ValueError("the answer is not about the files that were given")
    return readings


def pack_made(made: Sequence[Made]) -> bytes:
    """Return documents as bytes, without their pages, which the receiver has."""
    return _made().dump_json(
        [replace(each, document=each.document and replace(each.document, pages=())) for each in made]
    )


def made_of(message: object, tasks: Sequence[DocumentTask]) -> list[Made]:
    """Return what was made of exactly these tasks. Raises ValueError: the message holds others, fewer, or is none.

    Args:
        message: what came from a worker.
        tasks: what it was given.
    """
    made = _made().validate_json(_bytes_of(message))
    if sorted(each.id for each in made) != sorted(task.id for task in tasks):
        raise ValueError("the answer is not about the documents that were given")
    pages = {task.id: task.reading.pages for task in tasks}
    return [_with_pages(each, pages=pages[each.id]) for each in made]


def _with_pages(made: Made, *, pages: tuple[Page, ...]) -> Made:
    if made.document is None:
        return made
    if made.document.id != made.id:
        raise ValueError("the answer belongs to another document")
    return replace(made, document=replace(made.document, pages=pages))


def _bytes_of(message: object) -> bytes:
    if not isinstance(message, bytes):
        raise ValueError("the answer is not bytes")
    return message

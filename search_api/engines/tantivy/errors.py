"""What tantivy refused, in this product's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from corpus.errors import EngineUnavailable

Drawn = TypeVar("Drawn")


class _OfTheCaller(Exception):
    """Carries what went wrong elsewhere than in the index."""

    def __init__(self, error: Exception) -> None:
        super().__init__(error)
        self.error = error


@contextmanager
def of_the_caller() -> Iterator[None]:
    """Let what the caller's own code raises pass `tantivy_errors` as it is: a pipe that breaks is no damaged index."""
    try:
        yield
    except Exception as error:
        raise _OfTheCaller(error) from error


def drawn_from_the_caller(values: Iterable[Drawn]) -> Iterator[Drawn]:
    """Give values that the caller's code makes while they are drawn."""
    source = iter(values)
    while True:
        with of_the_caller():
            try:
                value = next(source)
            except StopIteration:
                return
        yield value


@contextmanager
def tantivy_errors(root: Path) -> Iterator[None]:
    """Translate refusals of the files; tantivy raises ValueError for damaged files and OSError for the disk."""
    try:
        yield
    except _OfTheCaller as passed:
        raise passed.error from passed.error.__cause__
    except OSError as error:
        raise EngineUnavailable(
            f"The search index in {root} cannot be read or written: {error}.",
            try_next="Check the disk and that you may write there, then run `pushcart index`.",
        ) from error
    except ValueError as error:
        raise EngineUnavailable(
            f"The search index in {root} is damaged: {error}.",
            try_next="Run `pushcart index --rebuild`; it is built anew from the records.",
        ) from error


def not_what_the_store_says(fault: str) -> EngineUnavailable:
    """Return the error of a rebuild whose index is wrong."""
    return EngineUnavailable(
        f"The new search index was thrown away: {fault}. The old one stays in place.",
        try_next="Run `pushcart index --rebuild` again; if it says the same, report it.",
    )

"""What tantivy refused, in this product's words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from corpus.errors import EngineUnavailable
from corpus.messages import sentence

Drawn = TypeVar("Drawn")

FOR_READERS = sentence("Search is not available at the moment, because the search index cannot be read.")
"""Folders of the machine are for those who run the site; they are in its log."""
BUILT_ANEW_FOR_READERS = sentence(
    "Search is not available at the moment: the search index is being rebuilt for a new version of Pushcart."
)
_REBUILD = sentence("Run `pushcart index`, which rebuilds it from the records; nothing is lost.")


class IndexDamaged(EngineUnavailable):
    """What is in the folder of the index cannot be an index."""

    def __init__(self, root: Path, fault: str) -> None:
        super().__init__(
            sentence("The search index in {folder} is damaged: {error}.", folder=str(root), error=fault),
            try_next=_REBUILD,
            for_readers=FOR_READERS,
        )


def unavailable(message: str, try_next: str) -> EngineUnavailable:
    """Return an error whose words are for those who run the site."""
    return EngineUnavailable(message, try_next=try_next, for_readers=FOR_READERS)


def cannot_be_read(root: Path, error: OSError) -> EngineUnavailable:
    """Return the error that says that the disk refuses."""
    return unavailable(
        sentence(
            "The search index in {folder} cannot be read or written: {error}.", folder=str(root), error=str(error)
        ),
        sentence("Check the disk and your permission to write there, then run `pushcart index`."),
    )


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
        raise cannot_be_read(root, error) from error
    except ValueError as error:
        raise unavailable(
            sentence("The search index in {folder} is damaged: {error}.", folder=str(root), error=str(error)),
            sentence("Run `pushcart index --rebuild` to rebuild it from the records."),
        ) from error


def of_another_version(root: Path) -> EngineUnavailable:
    """Return the error that says that the index was made by another version of Pushcart."""
    return EngineUnavailable(
        sentence(
            "The search index in {folder} was made by another version of Pushcart, and this one cannot search in it.",
            folder=str(root),
        ),
        try_next=sentence("`pushcart serve` rebuilds it automatically, and so does `pushcart index`; nothing is lost."),
        for_readers=BUILT_ANEW_FOR_READERS,
    )


def not_what_the_store_says(fault: str) -> EngineUnavailable:
    """Return the error of a rebuild whose index is wrong."""
    return EngineUnavailable(
        sentence("The new search index was discarded: {fault}. The old one stays in place.", fault=fault),
        try_next=sentence("Run `pushcart index --rebuild` again; if the error persists, report it."),
    )

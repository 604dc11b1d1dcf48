"""What tantivy refused, in this product's words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import EngineUnavailable


@contextmanager
def tantivy_errors(root: Path) -> Iterator[None]:
    """Translate refusals of the files; tantivy raises ValueError for damaged files and OSError for the disk."""
    try:
        yield
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

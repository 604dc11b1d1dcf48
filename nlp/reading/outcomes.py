"""How the reading of a file can end."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.reasons import Failure, FailureKind
from corpus.types import Outcome


@dataclass(frozen=True, slots=True)
class ReadingEnding:
    """An outcome and its reason."""

    outcome: Outcome
    reason: Failure | None = None
    """None when there is nothing to say."""


class CannotRead(Exception):
    """A file cannot be read, for a reason that is not ours."""

    def __init__(self, ending: ReadingEnding) -> None:
        super().__init__(ending.outcome)
        self.ending = ending


def needs_password() -> ReadingEnding:
    """The file is encrypted, and the empty password does not open it."""
    return ReadingEnding(Outcome.ENCRYPTED, Failure(FailureKind.LOCKED))


def is_broken(kind: FailureKind = FailureKind.DAMAGED) -> ReadingEnding:
    """The file is not what it claims to be, or damaged."""
    return ReadingEnding(Outcome.BROKEN, Failure(kind))


def bytes_unreadable(error: OSError) -> ReadingEnding:
    """The system does not give the bytes of the file."""
    return ReadingEnding(
        Outcome.BROKEN, Failure.of(FailureKind.BYTES_UNREADABLE, error=error.strerror or type(error).__name__)
    )


def crashed(detail: str) -> ReadingEnding:
    """The process that read the file crashed; `detail` is the signal, or what else is known of it."""
    return ReadingEnding(Outcome.BROKEN, Failure.of(FailureKind.READER_CRASHED, error=detail))


def is_empty(kind: FailureKind) -> ReadingEnding:
    """There is nothing to read."""
    return ReadingEnding(Outcome.EMPTY, Failure(kind))


def is_scanned(pages: int, *, unreadable: bool) -> ReadingEnding:
    """No page has text that could be read."""
    kind = FailureKind.FONTS_WITHOUT_MEANING if unreadable else FailureKind.PICTURES_OF_PAGES
    return ReadingEnding(Outcome.SCANNED, Failure.of(kind, pages=pages))


def is_partly_scanned(pages: int, *, total: int) -> ReadingEnding:
    """So many of the pages have no text that could be read."""
    return ReadingEnding(Outcome.READ, Failure.of(FailureKind.PARTLY_PICTURES, pages=pages, page_total=total))


def too_many_bytes(size: int, *, limit_mebibytes: int) -> ReadingEnding:
    """The file was not opened."""
    return ReadingEnding(
        Outcome.TOO_LARGE,
        Failure.of(FailureKind.TOO_MANY_BYTES, mebibytes=round(size / 2**20, 1), limit=limit_mebibytes),
    )


def too_many_pages(total: int, *, limit: int) -> ReadingEnding:
    """Only the first pages were read."""
    if total > limit:
        return ReadingEnding(Outcome.TOO_LARGE, Failure.of(FailureKind.TOO_MANY_PAGES, page_total=total, limit=limit))
    return ReadingEnding(Outcome.TOO_LARGE, Failure.of(FailureKind.MORE_PAGES, limit=limit))


def timed_out(seconds: float, *, pages_read: int) -> ReadingEnding:
    """Reading was stopped."""
    return ReadingEnding(
        Outcome.TIMED_OUT, Failure.of(FailureKind.READING_TIMED_OUT, seconds=seconds, pages=pages_read)
    )


def out_of_memory(mebibytes: int, *, pages_read: int) -> ReadingEnding:
    """Reading was stopped."""
    return ReadingEnding(
        Outcome.OUT_OF_MEMORY,
        Failure.of(FailureKind.READING_OUT_OF_MEMORY, mebibytes=mebibytes, pages=pages_read),
    )


def unsupported(name: str) -> ReadingEnding:
    """Pushcart does not read this kind."""
    return ReadingEnding(Outcome.UNSUPPORTED, Failure.of(FailureKind.UNSUPPORTED, name=name))

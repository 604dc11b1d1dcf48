"""How the reading of a file can end, in words for a person."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.types import Outcome


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome and its reason."""

    outcome: Outcome
    reason: str = ""
    """One or two plain sentences; empty when there is nothing to say."""


class CannotRead(Exception):
    """A file cannot be read, for a reason that is not ours."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.reason)
        self.ending = ending


def needs_password() -> Ending:
    """The file is encrypted, and the empty password does not open it."""
    return Ending(
        Outcome.ENCRYPTED,
        "The file is locked with a password. Ask its publisher for an open copy.",
    )


def is_broken(detail: str = "it is damaged or was not saved completely") -> Ending:
    """The file is not what it claims to be, or damaged."""
    return Ending(Outcome.BROKEN, f"The file cannot be opened: {detail}.")


def crashed(signal_name: str) -> Ending:
    """The process that read the file crashed."""
    return Ending(
        Outcome.BROKEN,
        f"The file makes the reader crash ({signal_name}); only this file is concerned, the rest was read.",
    )


def is_empty(detail: str) -> Ending:
    """There is nothing to read."""
    return Ending(Outcome.EMPTY, detail)


def is_scanned(pages: int, *, unreadable: bool) -> Ending:
    """No page has text that could be read."""
    what = "its pages" if pages != 1 else "its page"
    why = "hold letters whose meaning the fonts do not tell" if unreadable else "are pictures without text"
    if pages == 1:
        why = why.replace("hold ", "holds ").replace("are pictures", "is a picture")
    return Ending(Outcome.SCANNED, f"No text could be read: {what} {why}. Text recognition (OCR) would be needed.")


def too_many_bytes(size: int, *, limit_mebibytes: int) -> Ending:
    """The file was not opened."""
    return Ending(
        Outcome.TOO_LARGE,
        f"The file has {size / 2**20:,.0f} MiB, more than the {limit_mebibytes} MiB that are read "
        "(PUSHCART_FILE_MEBIBYTES_MAX).",
    )


def too_many_pages(total: int, *, limit: int) -> Ending:
    """Only the first pages were read."""
    has = f"The file has {total:,} pages" if total > limit else "The file has more pages"
    return Ending(Outcome.TOO_LARGE, f"{has}; only the first {limit:,} were read (PUSHCART_READ_PAGES_MAX).")


def timed_out(seconds: float, *, pages_read: int) -> Ending:
    """Reading was stopped."""
    kept = f" The {pages_read:,} pages read until then are kept." if pages_read else ""
    return Ending(
        Outcome.TIMED_OUT,
        f"Reading took longer than {seconds:g} seconds and was stopped (PUSHCART_READ_SECONDS_MAX).{kept}",
    )


def out_of_memory(mebibytes: int, *, pages_read: int) -> Ending:
    """Reading was stopped."""
    kept = f" The {pages_read:,} pages read until then are kept." if pages_read else ""
    return Ending(
        Outcome.OUT_OF_MEMORY,
        f"Reading took more than {mebibytes:,} MiB of memory and was stopped (PUSHCART_READ_MEMORY_MEBIBYTES_MAX).{kept}",
    )


def unsupported(name: str) -> Ending:
    """Pushcart does not read this kind."""
    return Ending(
        Outcome.UNSUPPORTED,
        f"The file is {name}; Pushcart reads PDF, HTML and plain text. Save it as PDF and add that.",
    )

"""Files of a person's own machine, opened without surprise: no links unless they are named, no pipes, no devices."""

from __future__ import annotations

import os
import stat
import unicodedata
from pathlib import Path
from typing import BinaryIO


class NoPlainFile(Exception):
    """A path leads to something that is not opened; the message says to what: `a pipe`, `a symbolic link`."""


def open_plain(path: Path, *, follow_links: bool = False) -> BinaryIO:
    """Open a regular file for reading; waits for nobody, whatever the path leads to.

    Args:
        follow_links: whether the path itself may be a symbolic link.

    Raises NoPlainFile: it is a link that is not followed, a folder, a pipe, a socket or a device.
    Raises OSError: it cannot be read, or is not there.
    """
    _refuse_others(path.stat(follow_symlinks=follow_links).st_mode)  # opening a device can do something already
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | (0 if follow_links else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    try:
        _refuse_others(os.fstat(descriptor).st_mode)  # it may have become another thing in between
    except NoPlainFile:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def kind_in_words(mode: int) -> str:
    """Return what a path leads to, by the mode that the system gives: `a pipe`; empty for a regular file."""
    for is_kind, words in (
        (stat.S_ISREG, ""),
        (stat.S_ISLNK, "a symbolic link"),
        (stat.S_ISDIR, "a folder"),
        (stat.S_ISFIFO, "a pipe"),
        (stat.S_ISSOCK, "a socket"),
        (stat.S_ISCHR, "a device"),
        (stat.S_ISBLK, "a device"),
    ):
        if is_kind(mode):
            return words
    return "no file"


def shown(path: Path | str) -> str:
    """Return a path as a person may see it: U+FFFD for bytes that are no text, control characters and directional marks."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join("\ufffd" if _is_unseen(character) else character for character in text)


def _is_unseen(character: str) -> bool:
    # Zero-width (non-)joiners belong to the spelling of words in Persian and Hindi.
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in "\u200c\u200d"


def _refuse_others(mode: int) -> None:
    if kind := kind_in_words(mode):
        raise NoPlainFile(kind)

"""Files of a person's own machine, opened without surprise: no links unless they are named, no pipes, no devices."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO

from corpus.messages.catalogue import Message, gettext, message


class PathKind(StrEnum):
    """What a path leads to."""

    FILE = "file"
    LINK = "link"
    FOLDER = "folder"
    PIPE = "pipe"
    SOCKET = "socket"
    DEVICE = "device"
    OTHER = "other"


_WORDS: Mapping[PathKind, Message] = {
    PathKind.FILE: message("a file"),
    PathKind.LINK: message("a symbolic link"),
    PathKind.FOLDER: message("a folder"),
    PathKind.PIPE: message("a pipe"),
    PathKind.SOCKET: message("a socket"),
    PathKind.DEVICE: message("a device"),
    PathKind.OTHER: message("not a file"),
}


class NoPlainFile(Exception):
    """A path leads to something that is not opened; `kind` says to what."""

    def __init__(self, kind: PathKind) -> None:
        super().__init__(kind_in_words(kind))
        self.kind = kind


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


def kind_of_path(mode: int) -> PathKind:
    """Return what a path leads to, by the mode that the system gives."""
    for is_kind, kind in (
        (stat.S_ISREG, PathKind.FILE),
        (stat.S_ISLNK, PathKind.LINK),
        (stat.S_ISDIR, PathKind.FOLDER),
        (stat.S_ISFIFO, PathKind.PIPE),
        (stat.S_ISSOCK, PathKind.SOCKET),
        (stat.S_ISCHR, PathKind.DEVICE),
        (stat.S_ISBLK, PathKind.DEVICE),
    ):
        if is_kind(mode):
            return kind
    return PathKind.OTHER


def kind_in_words(kind: PathKind, *, lang: str = "en") -> str:
    """Return what a path leads to in words: `a pipe`."""
    return gettext(_WORDS[kind], lang=lang)


def shown(path: Path | str) -> str:
    """Return a path as a person may see it: U+FFFD for bytes that are no text, control characters and directional marks."""
    text = os.fsencode(path).decode("utf-8", "replace")
    return "".join("\ufffd" if _is_unseen(character) else character for character in text)


def _is_unseen(character: str) -> bool:
    # Zero-width (non-)joiners belong to the spelling of words in Persian and Hindi.
    return unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") and character not in "\u200c\u200d"


def _refuse_others(mode: int) -> None:
    if (kind := kind_of_path(mode)) is not PathKind.FILE:
        raise NoPlainFile(kind)

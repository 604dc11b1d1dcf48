"""Files and folders that survive a power cut: what was written is on disk, under its name, when a function returns.

A file's own `fsync` promises its bytes and not its name; the name is in the folder, which has to be synced too.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
from pathlib import Path
from typing import BinaryIO

CHUNK = 1 << 20
"""Bytes read at a time."""
_NO_LINKS = (errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS)
"""Another file system, one without hard links, one that refuses links to others' files, or too many links."""


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_file(path: Path) -> None:
    """Wait until the bytes of a file are on disk."""
    sync_folder(path)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file that is there whole or not at all, in place of one of that name; only its owner may read it."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def copy_whole(source: BinaryIO, target: Path) -> str:
    """Copy what is left of an open file to one that is there whole or not at all, and return its SHA-256.

    The folder is not synced: whoever copies many files does that once.
    """
    draft = target.with_name(f".{target.name}.{secrets.token_hex(4)}")
    digest = hashlib.sha256()
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                file.write(chunk)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return digest.hexdigest()


def link_or_copy(source: Path, target: Path) -> bool:
    """Give a file a second name, or copy it where the file system has no links; say whether it was linked.

    Only for files that nobody changes in place. The folder is not synced, as in `copy_whole`.
    """
    try:
        os.link(source, target)
    except FileExistsError:
        return True
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        with source.open("rb") as file:
            copy_whole(file, target)
        return False
    return True


def sha256_of(file: BinaryIO) -> tuple[str, int]:
    """Read an open file to its end, and return its SHA-256 and how many bytes that were."""
    digest, size = hashlib.sha256(), 0
    while chunk := file.read(CHUNK):
        digest.update(chunk)
        size += len(chunk)
    return digest.hexdigest(), size


def sha256_of_file(path: Path) -> tuple[str, int]:
    """Return SHA-256 and size of a file."""
    with path.open("rb") as file:
        return sha256_of(file)


def remove_folder(folder: Path) -> None:
    """Delete a folder with everything in it; nothing happens when it is not there."""
    shutil.rmtree(folder, ignore_errors=True)

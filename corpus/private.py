"""Data is private to its user: folders with mode 0700, files with mode 0600."""

from __future__ import annotations

import logging
import stat
from pathlib import Path

UMASK = 0o077
"""For every process of Pushcart: what it makes, also through libraries, is its owner's alone."""

_OTHERS = stat.S_IRWXG | stat.S_IRWXO
_log = logging.getLogger(__name__)


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter, or close one that is there; folders above it are left alone."""
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700, exist_ok=True)
    absolute = folder.absolute()
    if absolute not in (Path.home(), Path.cwd(), *Path.cwd().parents):  # these hold more than ours
        close_to_others(folder)


def close_to_others(path: Path) -> None:
    """Take away what others may do with a file or folder, and say so in the log.

    Left as it is: what is not ours to change, links, and folders that are shared on purpose (sticky, as /tmp).
    """
    try:
        found = path.lstat()
    except OSError:
        return
    is_ours = stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)
    if not is_ours or not found.st_mode & _OTHERS or found.st_mode & stat.S_ISVTX:
        return
    mode = stat.S_IMODE(found.st_mode)
    try:
        path.chmod(mode & ~_OTHERS)
    except OSError:
        _log.warning("Other users can read %s (mode %o), and only its owner can change that.", path, mode)
    else:
        _log.warning("Other users could read %s (mode %o); access is now restricted to its owner.", path, mode)

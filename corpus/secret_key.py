"""The secret of this site: what its cursors and sessions are signed with, the same in every process that serves it."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Callable
from functools import cache
from pathlib import Path

import structlog

from corpus.settings import Settings

NAME = "secret-key"
"""Of the file in the data folder; its mode is 0600."""
_BYTES = 32

KeySource = Callable[[], bytes]
"""Gives the key when it is first needed: most commands never need it."""

_log = structlog.get_logger(__name__)


def secret_key_of(settings: Settings) -> KeySource:
    """Return what gives the key: the setting's, else the one in the data folder, which is made once.

    Where the data folder cannot be written, or its file is damaged, the process makes one of its own and the log says so: what it
    signs then counts until it ends, and in no other process.
    """

    @cache
    def key() -> bytes:
        if settings.secret_key:
            return hashlib.sha256(settings.secret_key.encode()).digest()
        path = settings.data_dir / NAME
        try:
            return _kept(path)
        except (OSError, ValueError) as error:
            _log.warning("secret_key_not_kept", path=str(path), reason=str(error), next="Set PUSHCART_SECRET_KEY.")
            return secrets.token_bytes(_BYTES)

    return key


def passing_key() -> KeySource:
    """Return a key that is not stored: signatures are valid as long as the process."""
    made = secrets.token_bytes(_BYTES)
    return lambda: made


def _kept(path: Path) -> bytes:
    if not path.exists():
        _make(path)
    key = bytes.fromhex(path.read_text(encoding="ascii"))
    if len(key) != _BYTES:
        raise ValueError(f"the file holds {len(key)} bytes and not {_BYTES}; delete it, and a new one is created")
    return key


def _make(path: Path) -> None:
    """Put a new key in place, whole or not at all; the first of several processes wins, and all of them read its key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{NAME}.{secrets.token_hex(8)}")
    opened = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(opened, "w", encoding="ascii") as file:
            file.write(secrets.token_hex(_BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(draft, path)  # unlike a rename it fails where another process was first
        except FileExistsError:
            return
    finally:
        draft.unlink()

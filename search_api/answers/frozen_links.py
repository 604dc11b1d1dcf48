"""Links of frozen searches: a secret for its owner, and made from it a name under which others may read.

Who publishes a review prints the link for reading; it cannot rename or delete anything. The records keep only a digest
of that name, so that a copy of them opens no link.
"""

from __future__ import annotations

import base64
import hashlib
import re
import secrets
from dataclasses import dataclass

_OWNER_BYTES, _READER_BYTES = 20, 16
"""160 and 128 random bits."""
_NAME = re.compile(r"[a-z2-7]{32}|[a-z2-7]{26}")
"""Letters and digits only, which survive print and mail."""


@dataclass(frozen=True, slots=True)
class FrozenLink:
    """The name with which someone came."""

    reading: str
    """26 letters and digits: the name for readers."""
    is_owner: bool = False
    """True: they came with the owner's secret, and may rename and delete."""

    @property
    def key(self) -> str:
        """Return under which key the records have it."""
        return hashlib.sha256(self.reading.encode()).hexdigest()


def new_secret() -> str:
    """Return an owner's secret: 32 letters and digits that cannot be guessed."""
    return _written(secrets.token_bytes(_OWNER_BYTES))


def frozen_link(name: str) -> FrozenLink | None:
    """Return what the last part of a link stands for; None: it is unknown."""
    given = name.lower()
    if not _NAME.fullmatch(given):
        return None
    if len(given) == len(_written(bytes(_READER_BYTES))):
        return FrozenLink(given)
    digest = hashlib.sha256(b"pushcart frozen search, for readers\n" + given.encode()).digest()
    return FrozenLink(_written(digest[:_READER_BYTES]), is_owner=True)


def frozen_key(name: str) -> str:
    """Return under which key the records have the search of a link that new_secret made. Raises ValueError: it did not."""
    link = frozen_link(name)
    if link is None:
        raise ValueError("not the name of a link")
    return link.key


def _written(value: bytes) -> str:
    return base64.b32encode(value).decode().rstrip("=").lower()

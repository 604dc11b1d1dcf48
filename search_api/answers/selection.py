"""Documents that someone has marked, as one short text: for an address, a cookie and the API. No account is behind it."""

from __future__ import annotations

import binascii
import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable

from corpus.errors import BadQuery
from corpus.messages import sentence

SELECTION_MAX = 300
"""Documents: some 3,200 characters, which a cookie (4,096) and the first line of a request (8,190 at common proxies) can hold."""
TEXT_MAX = 8_000
"""Longest text that is read: 300 ids written out are 5,400 characters."""
_BYTES = 8
_USUAL = re.compile(r"d[0-9a-f]{16}")
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_PACKED = "~"
"""Begins ids that stand together: 8 bytes each, in base64 for addresses. `d` and 16 digits have 17 characters, so they have 11."""


def selection_text(ids: Iterable[str]) -> str:
    """Return ids as one text, from which `selected_ids` reads them in the same order; empty: none.

    Args:
        ids: of documents, each once.
    """
    parts: list[str] = []
    packed = bytearray()
    for each in ids:
        if _USUAL.fullmatch(each):
            packed += bytes.fromhex(each[1:])
            continue
        parts += [_together(packed), each]
        packed.clear()
    return ".".join(part for part in (*parts, _together(packed)) if part)


def _together(packed: bytearray) -> str:
    return _PACKED + urlsafe_b64encode(packed).decode().rstrip("=") if packed else ""


def selected_ids(text: str) -> tuple[str, ...]:
    """Return the ids of a selection, each once, in its order.

    Args:
        text: of `selection_text`, or ids with commas or points between.

    Raises BadQuery: it is none, or has more than SELECTION_MAX ids.
    """
    if len(text) > TEXT_MAX:
        raise _too_many()
    found: dict[str, None] = {}
    for part in re.split(r"[.,\s]+", text.strip()):
        found |= dict.fromkeys(_unpacked(part) if part.startswith(_PACKED) else _written(part))
    if len(found) > SELECTION_MAX:
        raise _too_many()
    return tuple(found)


def _unpacked(part: str) -> list[str]:
    given = part.removeprefix(_PACKED)
    try:
        packed = urlsafe_b64decode(given + "=" * (-len(given) % 4))
    except (binascii.Error, ValueError) as error:
        raise _not_ids(part) from error
    if len(packed) % _BYTES or not re.fullmatch(r"[A-Za-z0-9_-]+", given):
        raise _not_ids(part)
    return [f"d{packed[at : at + _BYTES].hex()}" for at in range(0, len(packed), _BYTES)]


def _written(part: str) -> list[str]:
    if not part:
        return []
    if not _ID.fullmatch(part):
        raise _not_ids(part)
    return [part]


def _not_ids(part: str) -> BadQuery:
    return BadQuery(
        sentence("ids cannot be {value}.", value=repr(part[:40])),
        try_next=sentence("Give document ids separated by commas, or all the ids of a link to a selection."),
        parameter="ids",
    )


def _too_many() -> BadQuery:
    return BadQuery(
        sentence("A selection can contain at most {most} documents.", most=SELECTION_MAX),
        try_next=sentence(
            "Export and clear it, or remove some documents. A whole result list can be exported without selecting it."
        ),
        parameter="ids",
    )

"""Where an answer ended, as text that travels in an address: opaque to others, checked when it comes back."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace

from corpus.errors import BadQuery
from search_api.query.parameters import LIMIT_DEFAULT, SearchQuery


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit that was given."""

    position: int
    """How many hits were given up to and with it."""
    key: str
    """Its sort key, or its document id when hits go by score."""
    score: float
    """Its score; 0 when hits go by a key."""


def write_cursor(cursor: Cursor, *, query: SearchQuery) -> str:
    """Return the text of a cursor for a search."""
    body = json.dumps([_fingerprint(query), cursor.position, cursor.key, cursor.score], separators=(",", ":"))
    return base64.urlsafe_b64encode(body.encode()).decode().rstrip("=")


def read_cursor(query: SearchQuery) -> Cursor | None:
    """Return the cursor of a search; None when it starts with the first hit.

    Raises BadQuery: it was not made for this search.
    """
    if not query.cursor:
        return None
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        fingerprint, position, key, score = json.loads(base64.urlsafe_b64decode(padded))
        cursor = Cursor(position=int(position), key=str(key), score=float(score))
    except (binascii.Error, ValueError, TypeError, UnicodeDecodeError, OverflowError) as error:
        raise _foreign() from error
    if fingerprint != _fingerprint(query) or not 0 < cursor.position < 10**9 or not cursor.score >= 0:
        raise _foreign()
    return cursor


def _fingerprint(query: SearchQuery) -> str:
    same = replace(query, cursor="", limit=LIMIT_DEFAULT)
    return hashlib.sha256(repr(same.to_parameters()).encode()).hexdigest()[:8]


def _foreign() -> BadQuery:
    return BadQuery(
        "cursor does not belong to this search.",
        try_next="Start again from the first hits, without cursor.",
        parameter="cursor",
    )

"""Where an answer ended, as text that travels in an address: signed, so that it cannot be forged, and bound to its search."""

from __future__ import annotations

import base64
import hashlib
import hmac
import struct
from dataclasses import dataclass, replace

from corpus.errors import BadQuery
from corpus.messages import sentence
from corpus.secret_key import KeySource, passing_key
from search_api.query.parameters import LIMIT_DEFAULT, SearchQuery

_PLACE = struct.Struct(">Id")
"""Position and score."""
_SIGNATURE_BYTES = 12
"""96 bits cannot be guessed over a network, and an address stays short."""
_POSITION_MAX = 2**32 - 1


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last hit that was given."""

    position: int
    """How many hits were given up to and with it. An engine never takes it for more than the documents that it has."""
    key: str
    """Its sort key, or its document id when hits go by score."""
    score: float
    """Its score; 0 when hits go by a key."""


class Cursors:
    """Writes and reads the cursors of one site. Threads may share it."""

    def __init__(self, key: KeySource | None = None) -> None:
        """Sign with a key; None: with one of this object's own, so that no other object reads what it wrote."""
        self._key = key or passing_key()

    def write(self, cursor: Cursor, *, query: SearchQuery) -> str:
        """Return the text of a cursor for a search: letters, digits, `-` and `_`."""
        place = _PLACE.pack(min(cursor.position, _POSITION_MAX), cursor.score) + cursor.key.encode()
        return base64.urlsafe_b64encode(self._signature(place, query) + place).decode().rstrip("=")

    def read(self, query: SearchQuery) -> Cursor | None:
        """Return the cursor of a search; None when it starts with the first hit.

        Raises BadQuery: it was not made by this site for this search.
        """
        if not query.cursor:
            return None
        try:
            given = base64.b64decode(query.cursor + "=" * (-len(query.cursor) % 4), altchars=b"-_", validate=True)
        except ValueError as error:  # of base64, and of letters that are no ASCII
            raise _foreign() from error
        signature, place = given[:_SIGNATURE_BYTES], given[_SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(place, query)) or len(place) < _PLACE.size:
            raise _foreign()
        position, score = _PLACE.unpack_from(place)
        return Cursor(position=position, key=place[_PLACE.size :].decode(), score=score)

    def _signature(self, place: bytes, query: SearchQuery) -> bytes:
        same = replace(query, cursor="", limit=LIMIT_DEFAULT)
        signed = b"pushcart cursor 1\n" + hashlib.sha256(repr(same.to_parameters()).encode()).digest() + place
        return hmac.digest(self._key(), signed, "sha256")[:_SIGNATURE_BYTES]


def _foreign() -> BadQuery:
    return BadQuery(
        sentence("cursor does not belong to this search, or comes from an older version of Pushcart."),
        try_next=sentence("Start again from the first hits, without cursor."),
        parameter="cursor",
    )

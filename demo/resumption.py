"""Resumption tokens of the sample publisher's OAI-PMH repository: all that the next answer must know, and an end."""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

LIFETIME = timedelta(hours=1)
"""How long a token may be used."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which records a list asks for."""

    prefix: str
    set: str = ""
    """setSpec; empty: all."""
    since: str = ""
    """First datestamp, with seconds; empty: from the beginning."""
    until: str = ""
    """Last datestamp, with seconds; empty: to the end."""


@dataclass(frozen=True, slots=True)
class SampleToken:
    """Where a list continues."""

    selection: Selection
    after: tuple[str, str]
    """Datestamp and identifier of the last record given. The next answer begins behind it, so that a record that changes
    meanwhile moves to the end and pushes no other one out of sight, as a count would."""
    cursor: int
    """How many records were given before."""
    expires: datetime
    """UTC, whole seconds."""

    def write(self) -> str:
        """Return it as the text that readers send back."""
        values = {**asdict(self), "expires": int(self.expires.timestamp())}
        return base64.urlsafe_b64encode(json.dumps(values).encode()).decode()


def read_token(text: str) -> SampleToken | None:
    """Return the token that a reader sent back; None when it is none of ours, or too old."""
    try:
        values = json.loads(base64.b64decode(text, altchars=b"-_", validate=True))
        stamp, identifier = values["after"]
        token = SampleToken(
            selection=Selection(**{key: str(value) for key, value in values["selection"].items()}),
            after=(str(stamp), str(identifier)),
            cursor=int(values["cursor"]),
            expires=datetime.fromtimestamp(values["expires"], tz=UTC),
        )
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError, OverflowError, OSError):
        return None
    return token if token.expires >= datetime.now(UTC) else None

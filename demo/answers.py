"""One request to the demonstration publisher's site and its answer, as values."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from email.utils import format_datetime
from urllib.parse import parse_qs

HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
XML = "application/xml; charset=utf-8"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class SampleAnswer:
    """What the site says to one request."""

    body: bytes
    content_type: str = HTML
    status: int = 200
    modified: datetime | None = None
    """UTC; None for what has no date, such as a page that is not there."""
    encoding: str = ""
    """Content-Encoding in which the body is; empty: as it is."""

    @property
    def etag(self) -> str:
        """Return a strong entity tag: it changes when and only when a byte of the body does."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:32]}"'

    @property
    def last_modified(self) -> str:
        """Return the date as HTTP writes it; empty when there is none."""
        return format_datetime(self.modified, usegmt=True) if self.modified else ""


@dataclass(frozen=True, slots=True)
class SampleRequest:
    """One request, as far as the site cares."""

    path: str
    origin: str
    """Scheme, host and port under which the reader reached the site; absolute links begin with it."""
    query: str = ""

    def words(self, name: str, *, default: str = "") -> str:
        """Return a value of the query, the first when it is given twice."""
        return parse_qs(self.query).get(name, [default])[0]

    def number(self, name: str, *, default: int = 1) -> int:
        """Return a number of the query; 0 when it is not a number."""
        value = self.words(name, default=str(default))
        return int(value) if value.isascii() and value.isdigit() and len(value) < 9 else 0


def midnight(day: date) -> datetime:
    """Return the beginning of a day, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)

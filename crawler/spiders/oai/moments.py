"""Moments as OAI-PMH writes them: days, or seconds in UTC."""

from __future__ import annotations

import re
from datetime import UTC, datetime

_MOMENT = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?")


def read_moment(text: str) -> datetime | None:
    """Return a datestamp as an aware moment, midnight for a day; None for what is none. A wrong zone is taken for UTC."""
    found = _MOMENT.match(text.strip())
    if found is None:
        return None
    try:
        return datetime(*(int(part or 0) for part in found.groups()[:6]), tzinfo=UTC)  # type: ignore[misc,arg-type]
    except ValueError:
        return None


def write_moment(moment: datetime, *, has_seconds: bool) -> str:
    """Return a moment as a repository wants it (OAI-PMH 2.0, 3.3), cut down to its day or second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ" if has_seconds else "%Y-%m-%d")

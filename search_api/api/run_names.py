"""The name of a run in addresses: the moment of its start, exact, as it sorts and as a person can read it."""

from __future__ import annotations

from datetime import UTC, datetime

_EXACT = "%Y%m%dT%H%M%S.%fZ"


def run_name(started: datetime) -> str:
    """Return `20261123T064500.123456Z`."""
    return started.astimezone(UTC).strftime(_EXACT)


def started_of(name: str) -> datetime | None:
    """Undo `run_name`; None when it is not a name of a run."""
    try:
        started = datetime.strptime(name, _EXACT).replace(tzinfo=UTC)
    except ValueError:
        return None
    # strptime also takes fewer digits; a run has one address.
    return started if run_name(started) == name else None

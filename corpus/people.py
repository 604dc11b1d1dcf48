"""People who may change what everyone reads, and what is kept of their tokens. The tokens themselves are made in `curation`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who may correct things here."""

    name: str
    """As the audit log shows it; no two people have names that differ in capitals only."""


@dataclass(frozen=True, slots=True)
class KeptToken:
    """What is kept of a token: enough to know it again, not enough to use it."""

    key: str
    """Its public part, by which it is looked up."""
    digest: str
    """SHA-256 of the whole token, in hexadecimal digits."""
    person: Person
    made: datetime
    """UTC, as every time here."""
    ends: datetime | None = None
    """From when on it no longer counts: its expiry, or the end of the overlap after a rotation. None: never."""
    last_used: datetime | None = None
    """To the minute; None: never."""

    def counts_at(self, now: datetime) -> bool:
        """Say whether the token lets anyone in at a moment."""
        return self.ends is None or now < self.ends


@dataclass(frozen=True, slots=True)
class KeptPerson:
    """A person with their tokens."""

    person: Person
    added: datetime
    tokens: tuple[KeptToken, ...]
    """Oldest first; one, or two while one rotates."""

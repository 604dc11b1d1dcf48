"""What the pages for signed-in persons are given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from web.contexts import Link


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form in which a person shows their token."""

    form_word: str
    next: str
    """Where it goes on afterwards: an address of this site."""
    trouble: str = ""
    """Why the last try failed; empty: there was none."""


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry of the audit log."""

    number: int
    at: datetime
    person: str
    done: str
    """What was done, to follow the name."""
    channel: str
    documents: tuple[Link, ...]
    details: str
    """More of it, in words; empty: there is no more."""
    reason: str
    undone_by: int | None
    undo: str
    """Where a form takes it back; empty: it cannot be taken back, or was already."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Who changed what, and why, newest first."""

    entries: tuple[AuditLine, ...]
    document: Link | None
    """The document whose entries these are; None: the entries of all."""
    older: str
    """Where the entries before these stand; empty: these are the oldest."""

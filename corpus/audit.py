"""Entries of the audit log: who changed what, when, how and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AuditAction(StrEnum):
    """What was done. New kinds may come; a value never changes its meaning."""

    PERSON_ADDED = "person_added"
    PERSON_REMOVED = "person_removed"
    TOKEN_ROTATED = "token_rotated"  # noqa: S105 a name of an action
    WORKS_JOINED = "works_joined"
    WORKS_SPLIT = "works_split"
    TAG_ACCEPTED = "tag_accepted"
    TAG_REJECTED = "tag_rejected"
    TAG_ADDED = "tag_added"
    TITLE_CORRECTED = "title_corrected"
    AUTHORS_CORRECTED = "authors_corrected"
    DATE_CORRECTED = "date_corrected"
    COUNTRY_CORRECTED = "country_corrected"
    UNDONE = "undone"
    """Another entry was taken back: `undoes` says which."""


class AuditChannel(StrEnum):
    """How someone came in."""

    COMMAND = "command"
    """On this machine: whoever may run commands is trusted, and is known by the name of their account or the one they gave."""
    API = "api"
    """With a token."""
    PAGE = "page"
    """Signed in on the pages."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who does something, and how they came in."""

    name: str
    channel: AuditChannel


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the log. It is written once, never changed and never removed."""

    actor: Actor
    action: AuditAction
    at: datetime
    """UTC."""
    document: str = ""
    """Id of the document that it is about; empty: it is about none."""
    other: str = ""
    """Id of the second document, where it is about two."""
    reason: str = ""
    """In the person's own words; empty where none is requested."""
    subject: str = ""
    """What was made or changed beside documents, as KIND:ID: `decision:12`, `correction:7`, `person:Ana`."""
    details: Mapping[str, str] = field(default_factory=dict)
    """More of it by name, such as `relation`: `translation`."""
    undoes: int | None = None
    """The number of the entry that this one takes back."""


@dataclass(frozen=True, slots=True)
class LoggedEntry:
    """An entry as it is in the log."""

    number: int
    """1-based; a later entry has a higher number."""
    entry: AuditEntry
    undone_by: int | None = None
    """The number of the entry that took this one back; None: it stands."""

"""What the pages for signed-in people are given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from web.contexts import TextLink


@dataclass(frozen=True, slots=True)
class SignInPage:
    """The form in which a person shows their token."""

    form_word: str
    next: str
    """Where it continues afterwards: an address of this site."""
    error: str = ""
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
    documents: tuple[TextLink, ...]
    details: str
    """More of it, in words; empty: there no longer exists."""
    reason: str
    undone_by: int | None
    undo: str
    """Where a form takes it back; empty: it cannot be taken back, or was already."""


@dataclass(frozen=True, slots=True)
class AuditPage:
    """Who changed what, and why, newest first."""

    entries: tuple[AuditLine, ...]
    document: TextLink | None
    """The document whose entries these are; None: the entries of all."""
    older: str
    """Where the entries before these stand; empty: these are the oldest."""


@dataclass(frozen=True, slots=True)
class JoinedLine:
    """A document that belongs together with the one shown."""

    id: str
    title: str
    href: str
    lang: str
    relation: str
    """What the two are to each other, in words; empty: they are of one group, and nothing says more of the two."""


@dataclass(frozen=True, slots=True)
class DecidedLine:
    """What a person decided on the document shown and another one."""

    words: str
    other: TextLink
    person: str
    at: datetime
    reason: str
    undo: str
    """Where a form takes it back."""


@dataclass(frozen=True, slots=True)
class CorrectionLine:
    """What a person corrected on the document shown."""

    words: str
    """What was done: `rejected a tag`."""
    what: str
    """The tag, or the value that the field has since."""
    person: str
    at: datetime
    reason: str
    counts: bool
    """False: a later one of the same tag or field counts in its place."""
    undo: str
    """Where a form takes it back."""


@dataclass(frozen=True, slots=True)
class FieldForm:
    """A field of the document that can be corrected."""

    text: str
    """The name of the field as the form sends it."""
    name: str
    value: str
    """As it is now; several values are on lines of their own."""
    help: str
    is_long: bool
    """True: it may have several lines."""


@dataclass(frozen=True, slots=True)
class CorrectionForms:
    """What a signed-in person may correct on a document."""

    action: str
    """Where the forms are sent."""
    back: str
    """Where it continues afterwards: the page of the document."""
    choices_about: tuple[tuple[str, str], ...]
    """Value and words of what can be said of a tag that the document is about."""
    choices_mentioned: tuple[tuple[str, str], ...]
    """The same of a tag that it mentions."""
    choices_other: tuple[tuple[str, str], ...]
    """The same of a tag that is named in the form."""
    names: tuple[tuple[str, str], ...]
    """Facet with id, and label, of everything that a document can be tagged with, to choose from."""
    fields: tuple[FieldForm, ...]
    made: tuple[CorrectionLine, ...]
    """Newest first."""


@dataclass(frozen=True, slots=True)
class CuratedWork:
    """What a signed-in person may change about what a document belongs together with."""

    action: str
    """Where the forms are sent."""
    back: str
    """Where it continues afterwards: the page of the document."""
    related: tuple[JoinedLine, ...]
    decided: tuple[DecidedLine, ...]
    choices: tuple[tuple[str, str], ...]
    """Value and words of each thing that can be said of two documents."""
    log: str
    """Where the entries of the audit log about the document stand."""

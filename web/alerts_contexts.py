"""What the pages of alerts are given to show; see web.contexts for the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from web.contexts import TextLink


@dataclass(frozen=True, slots=True)
class FormOption:
    """One of some values."""

    value: str
    label: str
    chosen: bool = False
    lang: str = ""
    """Of the label, where it is not the page's."""


@dataclass(frozen=True, slots=True)
class AlertsPage:
    """What alerts are, and what is kept of who follows something."""

    takes_new: bool
    by_email: bool
    days: int
    """For how long a confirmation counts."""
    confirmations: int
    """How many are sent to one address in a day, regardless of who asks."""


@dataclass(frozen=True, slots=True)
class FollowPage:
    """A search that can be followed."""

    words: str
    """The search in words."""
    preview: tuple[str, ...]
    """What it would have brought, in sentences; empty: the index does not say."""
    is_broad: bool
    action: str
    """Where the form is sent."""
    by_email: bool
    frequencies: tuple[FormOption, ...]
    langs: tuple[FormOption, ...]
    feed: str
    api: str
    """Where a program asks to follow it."""
    back: str
    is_frozen: bool
    """True: documents added after it was frozen are followed."""
    takes_new: bool
    days: int
    """For how long a confirmation counts."""
    kept: str
    """Where it says what is kept of who follows something."""
    address: str = ""
    """That was typed."""
    error: str = ""
    """Why what was sent cannot be used; empty: nothing was sent."""


@dataclass(frozen=True, slots=True)
class StepButton:
    """A form that is one button."""

    action: str
    label: str
    fields: tuple[tuple[str, str], ...] = ()
    """Hidden ones."""
    is_quiet: bool = False


@dataclass(frozen=True, slots=True)
class StepPage:
    """One step on the way to a subscription or away from it: what it is about, and what can be done."""

    heading: str
    subject: str
    """The search that it is about, in words; empty: none."""
    said: tuple[str, ...]
    buttons: tuple[StepButton, ...] = ()
    links: tuple[TextLink, ...] = ()
    secret: str = ""
    """Shown this once."""


@dataclass(frozen=True, slots=True)
class FollowedCard:
    """A search that a subscriber follows, on the manage page."""

    id: int
    name: str
    """As its owner calls it; empty: it has no name."""
    words: str
    search: str
    """Where it is asked today; empty: it can no longer be read."""
    state: str
    """In words."""
    is_active: bool
    is_paused: bool
    error: str
    """Why it can no longer be read; empty: it can."""
    numbers: str
    """What matched and was sent, in words."""
    newest: datetime | None
    """When the last document was found."""
    address: str
    """Of its own page, to which its forms are sent too."""
    frequencies: tuple[FormOption, ...]


@dataclass(frozen=True, slots=True)
class SentLine:
    """A message to the subscriber."""

    what: str
    made: datetime
    state: str
    tries: str
    """How often it was tried, in words; empty: as often as it has to be."""
    href: str
    """Its documents; empty: it has none."""


@dataclass(frozen=True, slots=True)
class ManagePage:
    """Everything that a subscriber follows."""

    address: str
    """E-mail address, or host of the endpoint."""
    is_webhook: bool
    error: str
    """Why nothing is sent at present; empty: it is."""
    may_start: bool
    """Whether the subscriber can have it sent again."""
    followed: tuple[FollowedCard, ...]
    messages: tuple[SentLine, ...]
    action: str
    """Where all forms are sent."""
    langs: tuple[FormOption, ...]
    hours: tuple[FormOption, ...]
    weekdays: tuple[FormOption, ...]
    timezone: str
    timezones: tuple[str, ...]
    contact: str
    secrets: int
    """How many count now."""
    done: str
    """What was just done, in words; empty: nothing."""


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A document that matched."""

    id: str
    title: str
    """Empty: it was removed."""
    href: str
    lang: str
    direction: str
    facts: tuple[str, ...]
    found: datetime
    reason: str
    """Why it matched, in words."""
    state: str
    """In which message it is, in words."""
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class FollowedPage:
    """One search that is followed, with its ledger."""

    card: FollowedCard
    rows: tuple[LedgerRow, ...]
    next: str
    back: str
    may_ask: bool
    """Whether it is said why a document was not sent."""
    document: str
    """What was requested; empty: nothing."""
    why: tuple[str, ...]
    """Why it was not told, in sentences."""


@dataclass(frozen=True, slots=True)
class MessageSection:
    """The documents of a message that one search found."""

    words: str
    search: str
    """Where it is asked today; empty: it can no longer be read."""
    rows: tuple[LedgerRow, ...]


@dataclass(frozen=True, slots=True)
class MessagePage:
    """Exactly the documents of a message."""

    made: datetime
    count: int
    sections: tuple[MessageSection, ...]
    is_part: bool
    """True: those of one search only."""
    whole: str
    """Where all of it is."""

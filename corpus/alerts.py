"""Alerts as they are kept: subscribers, subscriptions, matches and messages. How alerts work is in `alerts`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any


class Channel(StrEnum):
    """The channel of a subscriber."""

    EMAIL = "email"
    WEBHOOK = "webhook"


class Frequency(StrEnum):
    """How often someone is notified of new documents of a search."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    WEEKLY = "weekly"


class SubscriberState(StrEnum):
    """Whether an address may be written to."""

    UNCONFIRMED = "unconfirmed"
    """Nobody has shown yet that the address is theirs: only confirmations are sent."""
    ACTIVE = "active"
    STOPPED = "stopped"
    """Nothing is sent: the address refuses permanently, complained, or did not answer for days. `stopped_why` says which."""


class SubscriptionState(StrEnum):
    """Whether a search is followed."""

    UNCONFIRMED = "unconfirmed"
    ACTIVE = "active"
    PAUSED = "paused"
    """Matches are kept and not sent until it is resumed."""


class StoppedWhy(StrEnum):
    """Why nothing is sent to an address any more."""

    REFUSED = "refused"
    """The mail server says that there is no such address, or the endpoint answered 410."""
    COMPLAINED = "complained"
    """The provider reported that the reader marked a message as spam."""
    GAVE_UP = "gave_up"
    """Every try of a message failed."""
    ASKED = "asked"
    """Whoever reads that address asked never to be written to."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """An address that is notified of new documents, with all that is known of it."""

    id: int
    channel: Channel
    address: str
    """E-mail address, or the address of a webhook endpoint (https)."""
    lang: str
    "Language of messages: en, es, fr or pt."
    timezone: str
    """Name of the IANA time zone database: `America/Lima`; `UTC` when unknown."""
    created_at: datetime
    """UTC, as every time here."""
    hour: int = 7
    """0 to 23, in the subscriber's time zone: when daily and weekly digests are due."""
    weekday: int = 0
    """0 (Monday) to 6: when weekly digests are due."""
    state: SubscriberState = SubscriberState.UNCONFIRMED
    confirmed_at: datetime | None = None
    stopped_at: datetime | None = None
    stopped_why: StoppedWhy | None = None
    network: str = ""
    """Keyed hash of the network that subscribed first; empty: this machine."""
    secrets: tuple[str, ...] = field(default=(), repr=False)
    """Of a webhook: what messages are signed with (`whsec_...`), newest first; two while one rotates."""
    contact: str = ""
    """Of a webhook: e-mail address that is notified when the endpoint is given up; empty: nobody is."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """A search that a subscriber follows."""

    id: int
    subscriber: int
    name: str
    """As its owner calls it; empty: it has no name."""
    query: tuple[tuple[str, str], ...]
    """Names and values of its parameters, as SearchQuery.to_parameters writes them."""
    frequency: Frequency
    since: int
    """Sequence number: documents that came by a later change are new for it."""
    created_at: datetime
    state: SubscriptionState = SubscriptionState.UNCONFIRMED
    confirmed_at: datetime | None = None
    gathered_at: datetime | None = None
    """When its matches were last put into a message; None: never."""
    swept_at: datetime | None = None
    """When its matches were last compared with a fresh search; None: never, so documents since `since` are still to be found."""
    error: str = ""
    """Why the search can no longer be read, in words; empty: it can."""
    revision: int = 0
    """Of the list of searches when this one last changed; see Subscriptions.revision."""


class MatchOutcome(StrEnum):
    """What follows from a match."""

    NEW = "new"
    """The subscriber is notified."""
    KNOWN = "known"
    """The subscriber is not told: another copy, or the original of this translation, matched or was there before."""


@dataclass(frozen=True, slots=True)
class FoundMatch:
    """A document that answers a search that someone follows, before it is kept."""

    subscription: int
    document: str
    sequence: int
    """Of the change that made it new."""
    reason: Mapping[str, Any] = field(default_factory=dict)
    """JSON: words, page and tags; see alerts.matching."""
    outcome: MatchOutcome = MatchOutcome.NEW
    because_of: str = ""
    """Of a KNOWN match: id of the document that the subscriber knows already."""
    found_by: str = "matching"
    """`matching`, or `sweep`: a later comparison with a fresh search found it."""


@dataclass(frozen=True, slots=True)
class Match:
    """A match as it is kept."""

    id: int
    found: FoundMatch
    at: datetime
    """When it was found."""
    message: int | None = None
    """The message that it is in; None: it waits for its digest, or is never sent."""


@dataclass(frozen=True, slots=True)
class WaitingMatches:
    """New matches of a subscription that are in no message yet."""

    subscriber: int
    subscription: int
    count: int
    oldest: datetime
    """When the first of them was found."""


class MessageKind(StrEnum):
    """What a message is for."""

    CONFIRM = "confirm"
    DIGEST = "digest"
    NOTICE = "notice"
    TEST = "test"


class MessageState(StrEnum):
    """How far a message has come."""

    WAITING = "waiting"
    SENDING = "sending"
    """A worker has claimed it."""
    SENT = "sent"
    FAILED = "failed"
    """It is not tried again."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message to one subscriber. What it says is made from the records each time it is tried."""

    id: int
    public_id: str
    """26 letters and digits, the same at each attempt: of its Message-ID and webhook-id."""
    subscriber: int
    kind: MessageKind
    created_at: datetime
    state: MessageState = MessageState.WAITING
    details: Mapping[str, Any] = field(default_factory=dict)
    """JSON: of a confirmation `subscription`, of a notice what happened."""
    tries: int = 0
    """Attempts that have begun."""
    failures: int = 0
    """Attempts that failed and count for when it is given up; 0 again when someone asks for it to be sent again."""
    tried_at: datetime | None = None
    wait_seconds: int = 0
    """After `tried_at`, until it may be tried again."""
    worker: str = ""
    """Which has claimed it; empty: none."""
    sent_at: datetime | None = None


class AttemptOutcome(StrEnum):
    """The result of a try to send."""

    ACCEPTED = "accepted"
    TEMPORARY = "temporary"
    """It failed, and may succeed later."""
    PERMANENT = "permanent"
    """It will never succeed."""
    UNKNOWN = "unknown"
    """No answer came, or the worker died before it noted it: the message may have arrived, and is sent again under the same id."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send a message, noted before it begins."""

    id: int
    message: int
    number: int
    """1-based."""
    worker: str
    began_at: datetime
    ended_at: datetime | None = None
    outcome: AttemptOutcome | None = None
    """None: it continues, or its worker died."""
    answer: str = ""
    """What the receiving server said, at most 300 characters."""


class LinkPurpose(StrEnum):
    """What a signed link of a message may do."""

    CONFIRM = "confirm"
    """Begins a subscription; once."""
    MANAGE = "manage"
    """Shows and changes all subscriptions of a subscriber."""
    UNSUBSCRIBE = "unsubscribe"
    """Ends a subscription, or all of a subscriber."""


@dataclass(frozen=True, slots=True)
class AlertLink:
    """What is kept of a signed link."""

    id: str
    """26 letters and digits that cannot be guessed."""
    purpose: LinkPurpose
    subscriber: int
    made_at: datetime
    subscription: int | None = None
    """None: it is about all of the subscriber's."""
    ends_at: datetime | None = None
    """From when on it no longer counts; None: as long as the subscriber is kept."""
    used_at: datetime | None = None
    """Of a link that acts once."""

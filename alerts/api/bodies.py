"""The bodies of the API of alerts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from alerts.channels.email.reports import BounceKind
from alerts.subscribing.ledger import Followed, LedgerLine, LedgerPage
from alerts.subscribing.preview import Preview
from corpus.alerts import (
    Attempt,
    AttemptOutcome,
    Channel,
    Frequency,
    MatchOutcome,
    Message,
    MessageKind,
    MessageState,
    StoppedWhy,
    Subscriber,
    SubscriberState,
    SubscriptionState,
)


class _Given(BaseModel):
    """What is sent to us: unknown names are refused."""

    model_config = ConfigDict(extra="forbid")


class SubscribeRequest(_Given):
    """Who is to be notified, and how often. The search is in the parameters."""

    channel: Channel = Field(Channel.EMAIL, description="how")
    address: str = Field(min_length=1, max_length=1000, description="E-mail address, or https address of an endpoint")
    frequency: Frequency = Frequency.DAILY
    lang: str = Field("en", max_length=8, description="Language of messages: en, es, fr or pt")
    timezone: str = Field("UTC", max_length=64, description="Name of the IANA time zone database")
    hour: int = Field(7, ge=0, le=23, description="Local hour of daily and weekly messages")
    weekday: int = Field(0, ge=0, le=6, description="Day of weekly messages: 0 is Monday")
    name: str = Field("", max_length=400, description="Your name for this search")
    contact: str = Field("", max_length=320, description="Of a webhook: e-mail address to notify when sending stops")


class AskedBody(BaseModel):
    """The answer to regardless of who asks, the same whether the address is known or not."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "asked": True,
                    "next": "If this address accepts messages from this site, a message has been sent. Nothing else is sent "
                    "until the link in it is confirmed.",
                }
            ]
        }
    )

    asked: bool
    next: str


class PreviewBody(BaseModel):
    """What a search would have brought."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "last_30_days": 7,
                    "last_365_days": 61,
                    "is_more": False,
                    "answers": 214,
                    "collected_since": "2025-02-03T08:00:00Z",
                    "is_broad": False,
                    "is_young": False,
                    "words": ["It would have brought 7 documents in the last 30 days, 61 in the last 365."],
                }
            ]
        }
    )

    last_30_days: int = Field(description="works by the date they were first seen")
    last_365_days: int
    is_more: bool = Field(description="true: counting stopped, and there are more")
    answers: int = Field(description="works that match today, whenever they were added")
    collected_since: datetime | None = Field(description="when the first document was added")
    is_broad: bool = Field(description="true: more than most people read")
    is_young: bool = Field(description="true: documents have been collected for less than a year")
    words: list[str]

    @classmethod
    def of(cls, found: Preview) -> PreviewBody:
        """Return a preview as the API gives it."""
        return cls(
            last_30_days=found.month,
            last_365_days=found.year,
            is_more=found.is_cut,
            answers=found.answers,
            collected_since=found.collected_since,
            is_broad=found.is_broad,
            is_young=found.is_young,
            words=list(found.in_words(lang="en")),
        )


class ConfirmedBody(BaseModel):
    """A search is followed."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "subscription": 12,
                    "manage_url": "https://search.example.org/alerts/manage/k7c2m4qv6z3xa5wd2ty7hb4gse.c2ln?locale=en",
                    "manage_api": "https://search.example.org/api/v1/alerts/manage/k7c2m4qv6z3xa5wd2ty7hb4gse.c2ln",
                    "secret": "whsec_...",
                }
            ]
        }
    )

    subscription: int
    manage_url: str = Field(description="the page that shows and changes everything; keep it secret")
    manage_api: str = Field(description="the same for programs")
    secret: str | None = Field(description="of a webhook that is confirmed for the first time; shown only once")


class SubscriberBody(BaseModel):
    """All that is known of an address."""

    channel: Channel
    address: str
    lang: str
    timezone: str
    hour: int
    weekday: int
    state: SubscriberState
    stopped_at: datetime | None
    stopped_why: StoppedWhy | None
    created_at: datetime
    confirmed_at: datetime | None
    contact: str = Field(description="of a webhook: whom to notify when sending stops")
    secrets: int = Field(description="of a webhook: how many are valid now; two during a rotation")

    @classmethod
    def of(cls, owner: Subscriber) -> SubscriberBody:
        """Return a subscriber as the API gives it to itself."""
        return cls(
            channel=owner.channel,
            address=owner.address,
            lang=owner.lang,
            timezone=owner.timezone,
            hour=owner.hour,
            weekday=owner.weekday,
            state=owner.state,
            stopped_at=owner.stopped_at,
            stopped_why=owner.stopped_why,
            created_at=owner.created_at,
            confirmed_at=owner.confirmed_at,
            contact=owner.contact,
            secrets=len(owner.secrets),
        )


class SubscriptionBody(BaseModel):
    """A search that is followed."""

    id: int
    name: str
    parameters: dict[str, list[str]] = Field(description="of GET /api/v1/search")
    frequency: Frequency
    state: SubscriptionState
    since: int = Field(description="sequence number after which documents are new for it")
    created_at: datetime
    confirmed_at: datetime | None
    gathered_at: datetime | None = Field(description="when matches were last put into a message")
    trouble: str = Field(description="why the search can no longer be read; empty: it can")
    matched: int
    known: int = Field(description="copies and translations of known documents, which are not sent")
    waiting: int = Field(description="in no message yet")
    sent: int
    newest_match_at: datetime | None

    @classmethod
    def of(cls, followed: Followed) -> SubscriptionBody:
        """Return a subscription as the API gives it to its owner."""
        kept, totals = followed.subscription, followed.totals
        parameters: dict[str, list[str]] = {}
        for name, value in kept.query:
            parameters.setdefault(name, []).append(value)
        return cls(
            id=kept.id,
            name=kept.name,
            parameters=parameters,
            frequency=kept.frequency,
            state=kept.state,
            since=kept.since,
            created_at=kept.created_at,
            confirmed_at=kept.confirmed_at,
            gathered_at=kept.gathered_at,
            trouble=kept.error,
            matched=totals.all if totals else 0,
            known=totals.known if totals else 0,
            waiting=totals.untold if totals else 0,
            sent=totals.sent if totals else 0,
            newest_match_at=totals.newest if totals else None,
        )


class ManagedBody(BaseModel):
    """Everything of a subscriber."""

    subscriber: SubscriberBody
    subscriptions: list[SubscriptionBody]


class SubscriberChange(_Given):
    """What is left out stays as it is."""

    lang: str | None = Field(None, max_length=8, description="Language of messages: en, es, fr or pt")
    timezone: str | None = Field(None, max_length=64)
    hour: int | None = Field(None, ge=0, le=23)
    weekday: int | None = Field(None, ge=0, le=6)
    contact: str | None = Field(None, max_length=320)


class SubscriptionRequest(_Given):
    """Another search to follow; it is in the parameters."""

    frequency: Frequency = Frequency.DAILY
    name: str = Field("", max_length=400)


class SubscriptionChange(_Given):
    """What is left out stays as it is."""

    name: str | None = Field(None, max_length=400)
    frequency: Frequency | None = None
    paused: bool | None = Field(None, description="true: matches are kept and not sent until it is resumed")


class MatchBody(BaseModel):
    """A document that matched, and what became of it."""

    id: int
    subscription: int
    document: str
    title: str | None = Field(description="null: the document was removed")
    url: str = Field(description="page of the document here")
    at: datetime = Field(description="when it was found")
    outcome: MatchOutcome
    because_of: str = Field(description="of a known one: the document that is already known")
    found_by: str
    reason: dict[str, Any] = Field(description="words, page and tags that matched")
    message: str | None = Field(description="id of the message that it is in; null: none yet, or never")
    message_state: MessageState | None
    sent_at: datetime | None

    @classmethod
    def of(cls, line: LedgerLine, *, site: str) -> MatchBody:
        """Return a line of the ledger as the API gives it."""
        found, message = line.match.found, line.message
        return cls(
            id=line.match.id,
            subscription=found.subscription,
            document=found.document,
            title=line.document.title if line.document else None,
            url=f"{site}/documents/{found.document}",
            at=line.match.at,
            outcome=found.outcome,
            because_of=found.because_of,
            found_by=found.found_by,
            reason=dict(found.reason),
            message=message.public_id if message else None,
            message_state=message.state if message else None,
            sent_at=message.sent_at if message else None,
        )


class LedgerBody(BaseModel):
    """Matches, newest first."""

    matches: list[MatchBody]
    next: int | None = Field(description="as `before` of the next request; null: these are the oldest")

    @classmethod
    def of(cls, page: LedgerPage, *, site: str) -> LedgerBody:
        """Return a page of the ledger as the API gives it."""
        return cls(matches=[MatchBody.of(each, site=site) for each in page.lines], next=page.next)


class AttemptBody(BaseModel):
    """One try to send a message."""

    number: int = Field(description="1-based")
    began_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome | None = Field(description="null: it is still running, or its end is unknown")
    answer: str = Field(description="the answer of the receiving server")


class MessageBody(BaseModel):
    """A message to the subscriber."""

    id: str = Field(description="of its Message-ID or webhook-id, the same for each attempt")
    kind: MessageKind
    state: MessageState
    created_at: datetime
    tries: int
    tried_at: datetime | None
    sent_at: datetime | None

    @classmethod
    def of(cls, message: Message) -> MessageBody:
        """Return a message as the API gives it."""
        return cls(
            id=message.public_id,
            kind=message.kind,
            state=message.state,
            created_at=message.created_at,
            tries=message.tries,
            tried_at=message.tried_at,
            sent_at=message.sent_at,
        )


class MessagesBody(BaseModel):
    """Messages, newest first."""

    messages: list[MessageBody]


class WholeMessageBody(BaseModel):
    """A message with every attempt and every document."""

    message: MessageBody
    attempts: list[AttemptBody]
    matches: list[MatchBody]

    @classmethod
    def of(
        cls, message: Message, *, attempts: Iterable[Attempt], lines: Iterable[LedgerLine], site: str
    ) -> WholeMessageBody:
        """Return a message as the API gives it, with all that belongs to it."""
        return cls(
            message=MessageBody.of(message),
            attempts=[
                AttemptBody(
                    number=each.number,
                    began_at=each.began_at,
                    ended_at=each.ended_at,
                    outcome=each.outcome,
                    answer=each.answer,
                )
                for each in attempts
            ],
            matches=[MatchBody.of(each, site=site) for each in lines],
        )


class WhyBody(BaseModel):
    """Why a document was not told, or in which message it was."""

    document: str
    words: list[str]


class ReplayRequest(_Given):
    """Which messages are sent again: those that were made within this time."""

    since: datetime
    until: datetime


class ReplayBody(BaseModel):
    """What is sent again."""

    messages: int = Field(description="how many are sent again, under the same ids")


class SecretBody(BaseModel):
    """A new secret of a webhook."""

    secret: str = Field(description="shown only once; the previous one stays valid until you revoke it")


class BounceRequest(_Given):
    """A report on an address."""

    address: str = Field(min_length=3, max_length=320)
    kind: BounceKind
    detail: str = Field("", max_length=1000, description="what the mail server or provider said")
    at: datetime | None = Field(None, description="when it was reported; left out: now")


class BounceBody(BaseModel):
    """What became of the report."""

    noted: bool = Field(description="false: nothing is sent to that address from here")

"""A store with subscribers and matches, a clock that can be set, and a worker that sends to servers of the test."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable
from datetime import datetime, timedelta
from email.message import EmailMessage
from itertools import count

from alerts.channels.email import Mailer, MailServer
from alerts.channels.webhook import WebhookBody, WebhookSender
from alerts.sending.worker import Worker, WorkReport
from corpus.alerts import Channel, FoundMatch, Frequency, Message, MessageKind, Subscriber, Subscription
from corpus.settings import Settings
from corpus.store import NewSubscriber, Store, SubscriptionLimits, WorkerLives, open_store, open_worker_lives
from tests.builders import A_DAY

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
LIMITS = SubscriptionLimits(in_all=10_000, per_subscriber=100, unconfirmed_per_network=100)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_numbers = count(1)
_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
"""To load the authorities of the system takes longer than to send."""


class World:
    """Everything that a test of sending needs."""

    def __init__(self, settings: Settings, *, mail_port: int = 0, store: Store | None = None) -> None:
        self.settings = settings
        self.store = store or open_store(settings)
        self.lives: WorkerLives = open_worker_lives(settings)
        self.time = A_DAY
        self.mail_port = mail_port
        self.compose: Callable[[Message, Subscriber], EmailMessage | WebhookBody | None] = self.written

    def subscriber(self, address: str = "rosa@example.org", **others) -> tuple[Subscriber, Subscription]:
        """Let somebody follow a search, confirmed."""
        given = {"frequency": Frequency.AT_ONCE, "query": (("q", f"word{next(_numbers)}"),), "contact": ""} | others
        is_email = "@" in address
        who = NewSubscriber(
            Channel.EMAIL if is_email else Channel.WEBHOOK,
            address,
            "es",
            secrets=() if is_email else (SECRET,),
            contact=given["contact"],
        )
        subscriber, subscription = self.store.subscriptions.add(
            who, given["query"], frequency=given["frequency"], at=self.time, limits=LIMITS
        )
        if given.get("confirmed", True):
            self.store.subscriptions.confirm(subscription.id, at=self.time)
        found = self.store.subscriptions.subscriber(subscriber.id)
        assert found is not None
        return found, subscription

    def match(self, subscription: Subscription, *documents: str) -> None:
        """Let documents match a subscription now."""
        found = [FoundMatch(subscription.id, document, sequence=1) for document in documents]
        assert self.store.matches.keep(found, (), revision=self.store.subscriptions.revision(), at=self.time)

    def message(self, subscriber: Subscriber, kind: MessageKind = MessageKind.DIGEST, **details) -> Message:
        """Put a message into the outbox."""
        return self.store.messages.add(
            subscriber.id, kind, public_id=f"{next(_numbers):026}", at=self.time, details=details
        )

    def written(self, message: Message, subscriber: Subscriber) -> EmailMessage | WebhookBody | None:
        """Write a message: the ids of its documents."""
        documents = [each.found.document for each in self.store.matches.of_message(message.id)]
        if message.kind is MessageKind.DIGEST and not documents:
            return None
        text = json.dumps({"documents": documents, **message.details})
        is_mail = subscriber.channel is Channel.EMAIL or "to" in message.details
        return an_email(message, text) if is_mail else WebhookBody(text.encode())

    def worker(self, **others) -> Worker:
        """Return a worker; `mail_port` 0: e-mail is off."""
        server = MailServer(
            host="127.0.0.1",
            port=self.mail_port,
            security="none",
            sender="back@example.org",
            seconds_max=5,
            content_seconds_max=others.pop("content_seconds_max", 5),
        )
        mailer = others.pop("mailer", Mailer(server) if self.mail_port else None)
        seconds_max = others.pop("seconds_max", 5)
        webhooks = WebhookSender(allow_private=True, seconds_max=seconds_max, context=_NO_TLS)
        given = {"compose": lambda *words: self.compose(*words), "now": lambda: self.time, "chance": lambda: 0.0}
        return Worker(self.store, self.lives, mailer=mailer, webhooks=webhooks, **given | others)

    def work(self, **others) -> WorkReport:
        """Let a worker do what is due now."""
        return asyncio.run(self._work(others))

    async def _work(self, others) -> WorkReport:
        return await self.worker(**others).run_once()

    def work_for(self, time: timedelta, **others) -> list[tuple[timedelta, WorkReport]]:
        """Let workers work whenever something is due within a time; return when tries were made, and what came of them."""
        begun, tries = self.time, []
        while True:
            report = self.work(**others)
            if report.sent or report.failed:
                tries.append((self.time - begun, report))
            due = self.store.messages.next_due(now=self.time, later=True)
            if due is None or due > begun + time:
                return tries
            self.time = due

    def outcomes(self, message: Message) -> list[str]:
        """Return what came of the tries of a message."""
        return [str(each.outcome) for each in self.store.messages.attempts_of(message.id)]

    def set(self, at: datetime | timedelta) -> None:
        """Set the clock, or let time go by."""
        self.time = at if isinstance(at, datetime) else self.time + at


def an_email(message: Message, text: str) -> EmailMessage:
    """Return an e-mail with a text."""
    made = EmailMessage()
    made["From"], made["To"] = "alerts@example.org", "reader@example.org"
    made["Message-ID"] = f"<{message.public_id}@example.org>"
    made.set_content(text)
    return made

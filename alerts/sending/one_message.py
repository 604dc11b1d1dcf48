"""Sending one message that a worker has claimed: compose, note that it is tried, send, note the result of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from email.message import EmailMessage
from functools import lru_cache, partial
from typing import TypeVar
from urllib.parse import urlsplit

import structlog

from alerts.channels.answers import ChannelAnswer
from alerts.channels.email import Mailer
from alerts.channels.webhook import WebhookBody, WebhookSender
from alerts.sending.lanes import MAIL
from alerts.sending.metrics import OWN_FAILURES, TRIES
from alerts.sending.outcomes import after_try
from alerts.sending.stopping import TO_CONTACT, stop_address
from corpus.alerts import Attempt, AttemptOutcome, Channel, Message, MessageKind, Subscriber, SubscriberState
from corpus.errors import StoreBusy, StoreUnavailable
from corpus.store import DueMessage, Store

Compose = Callable[[Message, Subscriber], EmailMessage | WebhookBody | None]
"""Writes a message from the records, the same at each attempt, in a thread. An EmailMessage goes by e-mail: to the subscriber, or
to the contact of a webhook when `details["to"]` says so. None: there is nothing to say any more, and nothing is sent."""
Value = TypeVar("Value")

_BUSY_SECONDS_MAX = 30.0
_log = structlog.get_logger(__name__)


class MessageSender:
    """Sends claimed messages. Of one event loop; reads and writes the records in threads of its own."""

    def __init__(
        self,
        store: Store,
        *,
        compose: Compose,
        mailer: Mailer | None,
        webhooks: WebhookSender,
        threads: ThreadPoolExecutor,
        now: Callable[[], datetime],
        chance: Callable[[], float],
    ) -> None:
        """Begin; for the arguments see Worker."""
        self._store = store
        self._compose = compose
        self._mailer = mailer
        self._webhooks = webhooks
        self._threads = threads
        self._now = now
        self._chance = chance
        # An address never changes, so what is remembered of it stays right.
        self._lane_of_subscriber = lru_cache(maxsize=10_000)(self._read_lane)

    def lane_of(self, message: Message | DueMessage) -> str | None:
        """Return the lane of a message: the relay, or the host of an endpoint. None: e-mail is off."""
        lane = MAIL if _is_to_contact(message) else self._lane_of_subscriber(message.subscriber)
        return None if lane == MAIL and self._mailer is None else lane

    async def send(self, message: Message, *, worker: str) -> ChannelAnswer | None:
        """Send a claimed message once and note the result of it.

        Returns None: nothing was tried, because it is not to be sent or the claim had been taken back.
        """
        try:
            subscriber, why = await self.in_records(partial(self._reader_of, message))
            if subscriber is None or why:
                await self.in_records(partial(self._store.messages.drop, message, worker=worker, why=why))
                return None
            composed = await self._composed(message, subscriber)
            if composed is None:
                nothing = partial(self._store.messages.drop, message, worker=worker, why="nothing to say")
                await self.in_records(nothing)
                return None
        except (Exception, asyncio.CancelledError):
            await self.in_records(partial(self._store.messages.put_back, message, worker=worker))
            raise
        return await self._try(message, subscriber, composed, worker=worker)

    async def in_records(self, work: Callable[[], Value]) -> Value:
        """Do something with the records in a thread; while they are busy or away, try again: what was sent has to be noted."""
        loop, wait = asyncio.get_running_loop(), 0.5
        while True:
            try:
                return await loop.run_in_executor(self._threads, work)
            except (StoreBusy, StoreUnavailable) as error:
                _log.error("records_not_reached", error=str(error), again_in_seconds=wait)
                await asyncio.sleep(wait)
                wait = min(2 * wait, _BUSY_SECONDS_MAX)

    # ------------------------------------------------------------------ before

    def _read_lane(self, subscriber_id: int) -> str:
        subscriber = self._store.subscriptions.subscriber(subscriber_id)
        if subscriber is None or subscriber.channel is Channel.EMAIL:
            return MAIL
        return urlsplit(subscriber.address).hostname or subscriber.address

    def _reader_of(self, message: Message) -> tuple[Subscriber | None, str]:
        """Return whom a message is for, and why it is not sent; empty: it is."""
        subscriber = self._store.subscriptions.subscriber(message.subscriber)
        if subscriber is None:
            return None, "the subscriber is gone"
        is_asked_for = message.kind in (MessageKind.CONFIRM, MessageKind.TEST) or _is_to_contact(message)
        if subscriber.state is not SubscriberState.ACTIVE and not is_asked_for:
            return subscriber, f"the address is {subscriber.state.value}"
        address = subscriber.contact if _is_to_contact(message) else subscriber.address
        by = Channel.EMAIL if _is_to_contact(message) else subscriber.channel
        if not address or self._store.subscriptions.refuses(by, address):
            return subscriber, "the address must not be contacted"
        return subscriber, ""

    async def _composed(
        self, message: Message, subscriber: Subscriber
    ) -> EmailMessage | WebhookBody | Exception | None:
        """Return what is to be sent, or why it could not be written."""
        try:
            return await self.in_records(partial(self._compose, message, subscriber))
        except Exception as error:  # whatever it is: this message waits, and the others go
            _log.exception("message_not_written", message=message.public_id)
            return error

    # ------------------------------------------------------------------ trying

    async def _try(
        self,
        message: Message,
        subscriber: Subscriber,
        composed: EmailMessage | WebhookBody | Exception,
        *,
        worker: str,
    ) -> ChannelAnswer | None:
        begin = partial(self._store.messages.begin_attempt, message, worker=worker, at=self._now())
        attempt = await self.in_records(begin)
        if attempt is None:
            _log.warning("claim_was_taken_back", message=message.public_id)
            return None
        try:
            answer = await self._deliver(message, subscriber, composed)
        except asyncio.CancelledError:
            await self.in_records(partial(self._note_stopped, attempt))
            raise
        except Exception as error:  # a bug of ours; the try has an end anyway
            _log.exception("message_not_sent", message=message.public_id)
            answer = ChannelAnswer(AttemptOutcome.UNKNOWN, f"{type(error).__name__}: {error}")
        await self.in_records(partial(self._note, attempt, message, subscriber, answer))
        return answer

    async def _deliver(
        self, message: Message, subscriber: Subscriber, composed: EmailMessage | WebhookBody | Exception
    ) -> ChannelAnswer:
        if isinstance(composed, Exception):
            return ChannelAnswer(
                AttemptOutcome.TEMPORARY, f"not written: {type(composed).__name__}: {composed}", is_ours=True
            )
        if isinstance(composed, WebhookBody):
            return await self._webhooks.send(
                composed,
                url=subscriber.address,
                secrets=subscriber.secrets,
                message_id=message.public_id,
                at=self._now(),
            )
        if self._mailer is None:
            return ChannelAnswer(AttemptOutcome.TEMPORARY, "e-mail is off", is_ours=True)
        to = subscriber.contact if _is_to_contact(message) else subscriber.address
        return await self._mailer.send(composed, to=to)

    def _note(self, attempt: Attempt, message: Message, subscriber: Subscriber, answer: ChannelAnswer) -> None:
        """Note the result of an attempt, and what follows from it, in one transaction."""
        channel = Channel.EMAIL if _is_to_contact(message) else subscriber.channel
        after = after_try(
            answer,
            channel=channel,
            kind=message.kind,
            failures=message.failures,
            tries=attempt.number,
            chance=self._chance(),
        )
        at = self._now()
        with self._store.together():
            is_noted = self._store.messages.end_attempt(
                attempt, answer.outcome, answer=answer.text, at=at, again_in=after.again_in, counts=after.counts
            )
            if after.stops and is_noted and not _is_to_contact(message):
                stop_address(self._store, subscriber, after.stops, answer=answer.text, at=at)
        TRIES.labels(channel.value, answer.outcome.value).inc()
        _say(message, answer, channel=channel, again_in=after.again_in)

    def _note_stopped(self, attempt: Attempt) -> None:
        self._store.messages.end_attempt(
            attempt,
            AttemptOutcome.UNKNOWN,
            answer="the worker was stopped before an answer came",
            at=self._now(),
            again_in=timedelta(0),
            counts=False,
        )


def _is_to_contact(message: Message | DueMessage) -> bool:
    return message.details.get("to") == TO_CONTACT


def _say(message: Message, answer: ChannelAnswer, *, channel: Channel, again_in: timedelta | None) -> None:
    about = {
        "message": message.public_id,
        "subscriber": message.subscriber,
        "channel": channel.value,
        "outcome": answer.outcome.value,
        "answer": answer.text[:300],
    }
    if answer.outcome is AttemptOutcome.ACCEPTED:
        _log.info("message_sent", **about)
    elif answer.is_ours:
        OWN_FAILURES.inc()
        _log.error("own_mail_server_fails", **about)
    elif again_in is None:
        _log.error("message_given_up", **about)
    else:
        _log.warning("message_not_accepted", again_in_seconds=round(again_in.total_seconds()), **about)

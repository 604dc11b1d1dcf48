"""Why did I not get this document? The answer for any search that someone follows and any document, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from alerts.sending.schedule import due_at, is_paused_until
from corpus.alerts import (
    Attempt,
    Match,
    MatchOutcome,
    Message,
    MessageState,
    Subscriber,
    SubscriberState,
    Subscription,
    SubscriptionState,
)
from corpus.errors import BadQuery, NotFound
from corpus.messages import gettext, sentence
from corpus.messages.dates import written_moment
from corpus.store.alert_checks import DocumentEvent

if TYPE_CHECKING:
    from corpus.store import Store


class WhyState(StrEnum):
    """What became of a document for someone who follows a search."""

    NOT_HERE = "not_here"
    """It is not in the records, and never was as far as they tell."""
    REMOVED = "removed"
    UNCONFIRMED = "unconfirmed"
    """Nobody has confirmed the subscription yet."""
    BEFORE = "before"
    """It was there before the search was followed."""
    UNMATCHED = "unmatched"
    """It is still to be compared with the search."""
    UNREADABLE = "unreadable"
    """The search cannot be read any more."""
    LACKS = "lacks"
    """It does not answer the search; the sentences say what it lacks."""
    MISSED = "missed"
    """It answers the search today and is no match yet: the next sweep decides."""
    KNOWN = "known"
    """It is another copy, or a translation, of a document that is known already."""
    PAUSED = "paused"
    """It matches, and the subscription is paused."""
    STOPPED = "stopped"
    """It matches, and nothing is sent to the address any more."""
    WAITS = "waits"
    """It matches, and waits for the next message."""
    SENDING = "sending"
    """It is in a message that is being sent."""
    SENT = "sent"
    FAILED = "failed"
    """It is in a message that could not be sent and is not tried again."""


@dataclass(frozen=True, slots=True)
class WhyAnswer:
    """Why someone did, or did not, get a document."""

    state: WhyState
    words: tuple[str, ...]
    """Sentences in the language that was requested; one or more."""
    at: datetime | None = None
    """UTC: when it was sent, came, was removed, or is notified of next; None: there is no such moment."""
    message_id: str = ""
    """Public id of the message that it is in, or that the document `because_of` is in; empty: none."""
    because_of: str = ""
    """Of KNOWN: id of the document that is known already."""


class Explains(Protocol):
    """Says what a document lacks of a search."""

    def __call__(self, subscription: Subscription, document_id: str, *, lang: str) -> tuple[str, ...]:
        """Return what the document lacks in sentences; empty: it answers.

        Raises BadQuery: the search cannot be read any more.
        """


def why(
    subscription_id: int, document_id: str, *, store: Store, explains: Explains, now: datetime, lang: str = "en"
) -> WhyAnswer:
    """Return why someone who follows a search did, or did not, get a document.

    Args:
        subscription_id: of the search that is followed.
        document_id: of any document, also of one that is not here.
        store: the records.
        explains: says what the document lacks of the search; asked last.
        now: UTC.
        lang: of the answer: en, es, fr or pt.

    Raises NotFound: there is no such subscription. EngineUnavailable: `explains` asks the index, which does not answer.
    """
    subscription = store.subscriptions.get(subscription_id)
    owner = store.subscriptions.subscriber(subscription.subscriber) if subscription else None
    if subscription is None or owner is None:
        raise NotFound(
            sentence("There is no subscription {number}.", number=subscription_id),
            try_next=sentence("`pushcart alerts list` shows the numbers of subscriptions."),
        )
    asked = _WhyQuestion(subscription, owner, store=store, now=now, lang=lang)
    match = store.matches.find(subscription_id, document_id)
    if match is not None:
        return asked.matched(match)
    event = store.alert_checks.events([document_id]).get(document_id)
    if event is None:
        return asked.not_here(document_id)
    return asked.not_yet(event) or asked.not_matched(event, explains)


class _WhyQuestion:
    """One question, and where its answer is looked for."""

    def __init__(
        self, subscription: Subscription, owner: Subscriber, *, store: Store, now: datetime, lang: str
    ) -> None:
        self._subscription = subscription
        self._owner = owner
        self._store = store
        self._now = now
        self._lang = lang

    def not_here(self, document_id: str) -> WhyAnswer:
        """Answer for a document that is not in the records."""
        removed = self._store.frozen.removed_at([document_id]).get(document_id)
        if removed is None:
            text = gettext("There is no document {id} here.", id=document_id, lang=self._lang)
            return WhyAnswer(WhyState.NOT_HERE, (text,))
        text = gettext("The document was removed on {moment}.", moment=self._moment(removed), lang=self._lang)
        return WhyAnswer(WhyState.REMOVED, (text,), at=removed)

    def not_yet(self, event: DocumentEvent) -> WhyAnswer | None:
        """Answer for a document whose turn was never, or is not yet; None: it was compared with the search."""
        subscription, lang = self._subscription, self._lang
        if event.sequence <= subscription.since:
            came, begun = self._moment(event.first_seen), self._moment(subscription.created_at)
            text = gettext(
                "The document was added on {came}, before the search was followed ({begun}).",
                came=came,
                begun=begun,
                lang=lang,
            )
            return WhyAnswer(WhyState.BEFORE, (text,), at=event.first_seen)
        if subscription.state is SubscriptionState.UNCONFIRMED:
            text = gettext(
                "The subscription has not been confirmed. Once it is, all documents added since {day} are checked.",
                day=self._moment(subscription.created_at),
                lang=lang,
            )
            return WhyAnswer(WhyState.UNCONFIRMED, (text,))
        if not event.waits:
            return None
        words = [
            gettext(
                "The document was added on {came} and has not been compared with the followed searches yet.",
                came=self._moment(event.first_seen),
                lang=lang,
            )
        ]
        if not event.is_read:
            words.append(gettext("Its text has not been read yet, or cannot be read.", lang=lang))
        return WhyAnswer(WhyState.UNMATCHED, tuple(words), at=event.first_seen)

    def not_matched(self, event: DocumentEvent, explains: Explains) -> WhyAnswer:
        """Answer for a document that was compared with the search and did not match."""
        lang = self._lang
        try:
            lacks = explains(self._subscription, event.id, lang=lang)
        except BadQuery as error:
            text = gettext("The search can no longer be read: {reason}", reason=error.in_language(lang), lang=lang)
            return WhyAnswer(WhyState.UNREADABLE, (text,))
        if lacks:
            return WhyAnswer(WhyState.LACKS, lacks)
        if event.matched_at is not None and event.changed_at > event.matched_at:
            text = gettext(
                "The document matches the search today, but was changed after it had been compared with it, on "
                "{moment}. A changed document does not count as new.",
                moment=self._moment(event.matched_at),
                lang=lang,
            )
        else:
            text = gettext(
                "The document matches the search but was missed. The next sweep will find it and send it.",
                lang=lang,
            )
        return WhyAnswer(WhyState.MISSED, (text,), at=event.matched_at)

    def matched(self, match: Match) -> WhyAnswer:
        """Answer for a document that matched."""
        if match.found.outcome is MatchOutcome.KNOWN:
            return self._known(match)
        message = self._store.messages.get(match.message) if match.message is not None else None
        if message is not None and message.state is MessageState.SENT:
            return self._sent(message)
        if message is not None and message.state is MessageState.FAILED:
            return self._failed(message)
        if self._owner.state is not SubscriberState.ACTIVE:
            return WhyAnswer(WhyState.STOPPED, (self._stopped_words(),), at=self._owner.stopped_at)
        if message is not None:
            return self._sending(message)
        return self._waiting(match)

    def _known(self, match: Match) -> WhyAnswer:
        other, lang = match.found.because_of, self._lang
        words = [
            gettext(
                "The document is a copy or translation of {other}, which is already known.",
                other=self._title(other),
                lang=lang,
            )
        ]
        known_by = self._store.matches.find(self._subscription.id, other)
        message = self._store.messages.get(known_by.message) if known_by and known_by.message is not None else None
        at = message.sent_at if message is not None else None
        if message is not None and at is not None:
            text = gettext(
                "That document was in message {id}, sent on {moment}.",
                id=message.public_id,
                moment=self._moment(at),
                lang=lang,
            )
            words.append(text)
        elif known_by is not None:
            words.append(gettext("That document will be in the next message.", lang=lang))
        else:
            words.append(gettext("That document was here before.", lang=lang))
        return WhyAnswer(
            WhyState.KNOWN, tuple(words), at=at, message_id=message.public_id if message else "", because_of=other
        )

    def _sent(self, message: Message) -> WhyAnswer:
        lang = self._lang
        moment = self._moment(message.sent_at) if message.sent_at else ""
        words = [
            gettext(
                "The document was in message {id}, sent on {moment}.", id=message.public_id, moment=moment, lang=lang
            )
        ]
        last = self._last_attempt(message)
        if last is not None and last.answer:
            words.append(
                gettext("The receiving server accepted it and answered: {answer}", answer=last.answer, lang=lang)
            )
        return WhyAnswer(WhyState.SENT, tuple(words), at=message.sent_at, message_id=message.public_id)

    def _failed(self, message: Message) -> WhyAnswer:
        lang = self._lang
        words = [
            gettext(
                "The document is in message {id}, which could not be sent and will not be tried again.",
                id=message.public_id,
                lang=lang,
            )
        ]
        last = self._last_attempt(message)
        if last is not None and last.answer:
            words.append(gettext("The receiving server answered: {answer}", answer=last.answer, lang=lang))
        if self._owner.state is not SubscriberState.ACTIVE:
            words.append(self._stopped_words())
        at = last.ended_at if last is not None else message.created_at
        return WhyAnswer(WhyState.FAILED, tuple(words), at=at, message_id=message.public_id)

    def _sending(self, message: Message) -> WhyAnswer:
        lang = self._lang
        words = [
            gettext(
                "The document is in message {id}, which is being sent; attempts so far: {tries}.",
                id=message.public_id,
                tries=message.tries,
                lang=lang,
            )
        ]
        last = self._last_attempt(message)
        if last is not None and last.answer:
            words.append(gettext("The receiving server answered: {answer}", answer=last.answer, lang=lang))
        return WhyAnswer(WhyState.SENDING, tuple(words), at=message.created_at, message_id=message.public_id)

    def _waiting(self, match: Match) -> WhyAnswer:
        subscription, lang = self._subscription, self._lang
        if subscription.state is not SubscriptionState.ACTIVE:
            text = gettext(
                "The document matches. The subscription is paused; the document is sent when it is resumed.",
                lang=lang,
            )
            return WhyAnswer(WhyState.PAUSED, (text,), at=match.at)
        now = max(match.at, self._now)
        others = self._store.subscriptions.of(self._owner.id)
        due = max(
            due_at(match.at, frequency=subscription.frequency, subscriber=self._owner, now=now),
            is_paused_until(self._owner, others, now=now),
        )
        text = gettext(
            "The document matches and will be in the next message, due on {moment}.",
            moment=self._moment(due),
            lang=lang,
        )
        return WhyAnswer(WhyState.WAITS, (text,), at=due)

    def _stopped_words(self) -> str:
        return gettext("Nothing is sent to this address any more.", lang=self._lang)

    def _last_attempt(self, message: Message) -> Attempt | None:
        tried = self._store.messages.attempts_of(message.id)
        return tried[-1] if tried else None

    def _title(self, document_id: str) -> str:
        held = self._store.documents.in_brief([document_id]).get(document_id)
        return f"“{held.title}” ({document_id})" if held and held.title else document_id

    def _moment(self, moment: datetime) -> str:
        return written_moment(moment, lang=self._lang)

"""The ledger of a subscriber: what arrived, matched, was sent and when, as values for pages and API."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from alerts.subscribing.state import AlertsState
from corpus.alerts import Match, Message, Subscriber, Subscription
from corpus.errors import NotFound
from corpus.messages import sentence
from corpus.store import MatchTotals
from corpus.types import Document

_ID_CHARACTERS_MAX = 64
_OF_DOCUMENT = re.compile(r"/documents/([^/?#\s]{1,64})")


@dataclass(frozen=True, slots=True)
class Followed:
    """A subscription, and how many documents it matched."""

    subscription: Subscription
    totals: MatchTotals | None
    """None: nothing matched yet."""


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """A match, with its document and the message that it is in."""

    match: Match
    document: Document | None
    """As it is now, in brief; None: it was removed."""
    message: Message | None
    """None: it is in none yet, or never will be."""


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some lines, newest first."""

    lines: tuple[LedgerLine, ...]
    next: int | None
    """Id of the match before which the next lines are; None: these are the oldest."""


def followed_by(owner: Subscriber, *, state: AlertsState) -> tuple[Followed, ...]:
    """Return all subscriptions of a subscriber, oldest first."""
    subscriptions = state.app.store.subscriptions.of(owner.id)
    totals = state.app.store.matches.totals([each.id for each in subscriptions])
    return tuple(Followed(each, totals.get(each.id)) for each in subscriptions)


def ledger_of(subscription: Subscription, *, state: AlertsState, before: int | None, limit: int) -> LedgerPage:
    """Return matches of a subscription, newest first.

    Args:
        subscription: whose.
        state: has them.
        before: only matches with a lower id; None: from the newest.
        limit: most lines.
    """
    found = state.app.store.matches.of_subscription(subscription.id, before=before, limit=limit + 1)
    shown = found[:limit]
    return LedgerPage(lines_of(shown, state=state), shown[-1].id if len(found) > limit else None)


def lines_of(matches: Sequence[Match], *, state: AlertsState) -> tuple[LedgerLine, ...]:
    """Return matches with their documents and messages, in their order."""
    documents: Mapping[str, Document] = state.app.store.documents.in_brief([each.found.document for each in matches])
    numbers = [each.message for each in matches]
    messages = {number: state.app.store.messages.get(number) for number in set(numbers) if number is not None}
    return tuple(
        LedgerLine(each, documents.get(each.found.document), messages.get(number) if number is not None else None)
        for each, number in zip(matches, numbers, strict=True)
    )


def documents_of_message(message: Message, *, state: AlertsState, subscription: int | None) -> tuple[LedgerLine, ...]:
    """Return exactly the documents that a message is about, by search; those of one search where one is given."""
    found = state.app.store.matches.of_message(message.id)
    return lines_of([each for each in found if subscription in (None, each.found.subscription)], state=state)


def document_named(given: str) -> str:
    """Return the id of a document that someone names by it or by the address of its page.

    Raises NotFound: it is neither.
    """
    text = given.strip()
    found = _OF_DOCUMENT.search(text)
    named = unquote(found.group(1)) if found else text
    if not named or len(named) > _ID_CHARACTERS_MAX or not named.isprintable() or " " in named:
        raise NotFound(
            sentence("This is not the address or id of a document."),
            try_next=sentence("Paste the address of its page on this site, or its id."),
        )
    return named


def why_not(subscription: Subscription, document: str, *, state: AlertsState, lang: str) -> tuple[str, ...]:
    """Return in sentences why a subscriber was not notified of a document, or in which message it was.

    Raises NotFound: there is no such document, or this site does not say why.
    """
    if state.why is None:
        raise NotFound(
            sentence("This site does not say why a document was not sent."),
            try_next=sentence("The list of matches shows what was sent."),
        )
    return tuple(state.why(subscription, document, lang=lang))

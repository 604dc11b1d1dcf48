"""Whether every search that someone follows or froze can be read, without a change to any of them."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from alerts.checking.answering import read_search
from corpus.checking.findings import CheckFinding, FindingKind
from corpus.errors import BadQuery
from corpus.messages import sentence

if TYPE_CHECKING:
    from corpus.store import Store
    from corpus.vocabulary import Vocabulary

_BEFORE_ALL = datetime(1, 1, 1, tzinfo=UTC)
_RESTORE = sentence("Restore a backup, or remove it; the others work.")


def check_searches(store: Store, *, vocabulary: Vocabulary) -> Iterator[CheckFinding]:
    """Yield subscriptions and frozen searches that cannot be read."""
    yield from _check_subscriptions(store, vocabulary=vocabulary)
    for each in store.frozen.all():
        try:
            store.frozen.get(each.key, now=_BEFORE_ALL)
        except (zlib.error, ValueError, IndexError) as error:
            which = each.key[:12]
            message = sentence("The frozen search {which} cannot be read: {reason}.", which=which, reason=error)
            yield CheckFinding(FindingKind.FROZEN_UNREADABLE, which, message, _RESTORE)


def _check_subscriptions(store: Store, *, vocabulary: Vocabulary) -> Iterator[CheckFinding]:
    for number in store.subscriptions.ids():
        try:
            subscription = store.subscriptions.get(number)
            if subscription is not None:
                read_search(subscription, vocabulary=vocabulary)
        except BadQuery as error:
            message = sentence(
                "The search of subscription {number} cannot be read: {reason}", number=number, reason=error.message
            )
            todo = sentence("Its owner is notified. It works again when the vocabulary has its values again.")
            yield CheckFinding(FindingKind.SUBSCRIPTION_UNREADABLE, str(number), message, todo)
        except (ValueError, TypeError) as error:  # its row is damaged
            message = sentence(
                "The search of subscription {number} cannot be read: {reason}", number=number, reason=error
            )
            yield CheckFinding(FindingKind.SUBSCRIPTION_UNREADABLE, str(number), message, _RESTORE)

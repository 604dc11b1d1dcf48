"""What subscribing asks of other parts of alerts. Who opens the resources gives it to AlertsState."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from alerts.channels.email.reports import BounceKind
from corpus.alerts import Subscription


class Why(Protocol):
    """Says why a document was not told to a subscriber, or in which message it was."""

    def __call__(self, subscription: Subscription, document: str, *, lang: str) -> Sequence[str]:
        """Return in whole sentences what became of a document: its message, what it lacks, or what else is in the way.

        Args:
            subscription: the search.
            document: id.
            lang: of the sentences.

        Raises NotFound: there is no such document.
        """


class NoteBounce(Protocol):
    """Takes reports on addresses, so that nothing more is sent where it is not wanted."""

    def __call__(self, address: str, *, kind: BounceKind, detail: str, at: datetime) -> bool:
        """Note a report; return whether the address is one that is written to. May be repeated."""

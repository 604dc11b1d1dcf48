"""Stopping an address that refuses, complains or does not answer, and telling its owner by another way where there is one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog

from alerts.ids import new_public_id
from alerts.sending.metrics import STOPPED
from corpus.alerts import Channel, MessageKind, StoppedWhy, Subscriber
from corpus.store import Store

TO_CONTACT = "contact"
"""Value of `to` in the details of a notice that goes to the contact of a webhook, by e-mail."""
_NOTICES: Mapping[StoppedWhy, str] = {
    StoppedWhy.GAVE_UP: "webhook_given_up",
    StoppedWhy.REFUSED: "webhook_gone",
}
"""Kinds of alerts.writing.content.NoticeKind."""
_log = structlog.get_logger(__name__)


def stop_address(store: Store, subscriber: Subscriber, why: StoppedWhy, *, answer: str, at: datetime) -> None:
    """Send nothing to an address any more: what waits for it fails, and the contact of a webhook gets a notice by e-mail.

    Matches are kept on, and are sent when the owner confirms a subscription again. May be repeated.

    Args:
        store: of the subscriber.
        subscriber: as it was read; when it is stopped already, only a complaint is noted.
        why: is noted.
        answer: what the receiving server said.
        at: UTC.
    """
    with store.together():
        now = store.subscriptions.subscriber(subscriber.id)
        if now is None or (now.stopped_at is not None and why is not StoppedWhy.COMPLAINED):
            return
        store.subscriptions.stop(subscriber.id, why, at=at)
        dropped = store.messages.drop_waiting(subscriber.id)
        if subscriber.channel is Channel.WEBHOOK and subscriber.contact and why in _NOTICES:
            details: dict[str, Any] = {
                "notice": _NOTICES[why],
                "to": TO_CONTACT,
                "messages": dropped + 1,
                "answer": answer,
            }
            store.messages.add(subscriber.id, MessageKind.NOTICE, public_id=new_public_id(), at=at, details=details)
    STOPPED.labels(subscriber.channel.value, why.value).inc()
    _log.error(
        "address_stopped", subscriber=subscriber.id, channel=subscriber.channel.value, why=why.value, answer=answer
    )

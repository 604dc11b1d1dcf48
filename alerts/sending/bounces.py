"""What follows when mail comes back or a reader complains: the address is stopped, or it is only noted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import structlog

from alerts.channels.email.reports import BounceKind, MailReport, read_reports
from alerts.sending.stopping import stop_address
from corpus.alerts import Channel, StoppedWhy, Subscriber
from corpus.store import Store

_STOPS = {BounceKind.PERMANENT: StoppedWhy.REFUSED, BounceKind.COMPLAINT: StoppedWhy.COMPLAINED}
_log = structlog.get_logger(__name__)


def note_bounce(store: Store, who: str, *, kind: BounceKind, at: datetime, text: str = "") -> Subscriber | None:
    """Note that mail came back from an address, or that its reader complained; stop the address unless it may pass.

    Args:
        store: of the subscriber.
        who: e-mail address, or the public id of a message that was sent there.
        kind: what is known.
        at: UTC.
        text: what the receiving server said.

    Returns the subscriber as it was; None: the address is unknown, and nothing is done.
    """
    message = None if "@" in who else store.messages.by_public_id(who.lower())
    if message is not None:
        subscriber = store.subscriptions.subscriber(message.subscriber)
        noted = {"bounce": {"kind": kind.value, "text": text[:300], "at": at.isoformat()}}
        store.messages.note(message.id, noted)
    else:
        subscriber = store.subscriptions.subscriber_at(Channel.EMAIL, who)
    if subscriber is None or subscriber.channel is not Channel.EMAIL:
        return None
    _log.warning("mail_came_back", subscriber=subscriber.id, kind=kind.value, text=text[:300])
    if kind in _STOPS:
        stop_address(store, subscriber, _STOPS[kind], answer=text, at=at)
    return subscriber


def note_report(
    store: Store, content: bytes, *, at: datetime, believes_addresses: bool = False
) -> Sequence[tuple[MailReport, Subscriber | None]]:
    """Read an e-mail that reports bounces or a complaint, and do what follows.

    Anyone can send such an e-mail, and stop others by it. So it counts when it quotes the id of a message of ours, which nobody
    can guess, that went to this address.

    Args:
        store: of the subscribers.
        content: the e-mail.
        at: UTC.
        believes_addresses: whether a report that quotes no message of ours counts too: it comes from someone who is trusted.

    Returns what was reported, each with the subscriber that it is about; None: no subscriber, or it is not accepted.
    """
    found: list[tuple[MailReport, Subscriber | None]] = []
    for report in read_reports(content):
        who = report.public_id if _is_of(store, report) else ""
        if not who and believes_addresses:
            who = report.address
        subscriber = note_bounce(store, who, kind=report.kind, at=at, text=report.text) if who else None
        found.append((report, subscriber))
    return found


def _is_of(store: Store, report: MailReport) -> bool:
    """Say whether a report quotes a message of ours to the address that it is about."""
    message = store.messages.by_public_id(report.public_id) if report.public_id else None
    subscriber = store.subscriptions.subscriber(message.subscriber) if message else None
    if subscriber is None:
        return False
    return not report.address or report.address.casefold() == subscriber.address.casefold()

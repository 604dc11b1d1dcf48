"""Reading what comes back: notices of mail servers (DSN, RFC 3464) and complaints of readers (ARF, RFC 5965)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr
from enum import StrEnum

from alerts.channels.email.replies import StatusMeaning, meaning_of_status

BYTES_MAX = 10_000_000
"""Of a report that is read; longer ones are no reports."""
_MESSAGE_ID = re.compile(rb"^Message-ID:\s*<([a-z2-7]{26})@", re.IGNORECASE | re.MULTILINE)
_STATUS = re.compile(r"([245])\.\d{1,3}\.\d{1,3}")


class BounceKind(StrEnum):
    """What a report says of an address."""

    PERMANENT = "permanent"
    """It permanently accepts no mail."""
    TEMPORARY = "temporary"
    """One message was not delivered, or is late; the address may be right."""
    COMPLAINT = "complaint"
    """Its reader marked a message as spam."""


@dataclass(frozen=True, slots=True)
class MailReport:
    """What a mail server or provider reports of one recipient."""

    kind: BounceKind
    address: str
    """E-mail address; empty: providers leave it out of complaints."""
    public_id: str
    """Of our message that it is about; empty: the report does not quote it."""
    text: str
    """Status and reason, as the report gives them."""


def read_reports(content: bytes) -> tuple[MailReport, ...]:
    """Return what an e-mail reports, of each recipient; empty: it is no report. Whatever is in it, nothing is raised.

    Args:
        content: the whole e-mail, with its headers.
    """
    if len(content) > BYTES_MAX:
        return ()
    message = message_from_bytes(content, policy=policy.compat32)
    parts = {part.get_content_type(): part for part in message.walk()}
    public_id = _public_id_of(content, message)
    if (feedback := parts.get("message/feedback-report")) is not None:
        return _complaints(feedback, public_id=public_id)
    if (status := parts.get("message/delivery-status")) is not None:
        return tuple(_bounces(status, public_id=public_id))
    return ()


def _public_id_of(content: bytes, message: Message) -> str:
    """Return the id of our message that a report quotes, whole or by its headers: never that of the report itself."""
    own = str(message.get("Message-ID", "")).encode("ascii", "replace")
    found = [each[1].decode() for each in _MESSAGE_ID.finditer(content) if each[1] not in own]
    return found[0].lower() if found else ""


def _complaints(feedback: Message, *, public_id: str) -> tuple[MailReport, ...]:
    fields = _fields_of(feedback)
    kind = _field(fields, "Feedback-Type").lower()
    if kind not in ("abuse", "fraud", "virus", "other", "opt-out"):
        return ()  # `not-spam` takes a complaint back
    address = _address(_field(fields, "Original-Rcpt-To") or _field(fields, "Original-Recipient"))
    return (MailReport(BounceKind.COMPLAINT, address, public_id, kind),)


def _bounces(status: Message, *, public_id: str) -> Iterator[MailReport]:
    groups = status.get_payload()
    for fields in groups if isinstance(groups, list) else ():
        if not isinstance(fields, Message):
            continue
        address = _address(_field(fields, "Original-Recipient")) or _address(_field(fields, "Final-Recipient"))
        action = _field(fields, "Action").lower()
        if not address or action not in ("failed", "delayed"):
            continue
        code = _field(fields, "Status")
        text = " ".join(f"{code} {_field(fields, 'Diagnostic-Code')}".split())[:300]
        yield MailReport(_kind_of(action, code, text), address, public_id, text)


def _kind_of(action: str, code: str, text: str) -> BounceKind:
    if action == "delayed" or not code.startswith("5") or not _STATUS.match(code):
        return BounceKind.TEMPORARY
    is_address = meaning_of_status(550, text) is StatusMeaning.ADDRESS
    return BounceKind.PERMANENT if is_address else BounceKind.TEMPORARY


def _fields_of(part: Message) -> Message:
    """Return the fields of a part that is made of header lines; the parser takes its type for an e-mail in an e-mail."""
    inner = part.get_payload()
    return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], Message) else part


def _field(fields: Message, name: str) -> str:
    return " ".join(str(fields.get(name, "")).split())


def _address(field: str) -> str:
    """Return the e-mail address of `rfc822; <user@host>`; empty: there is none."""
    found = parseaddr(field.partition(";")[2].strip() or field)[1]
    return found if "@" in found else ""

"""E-mails from values: headers, a text part and an HTML part. The same values give the same bytes, but for the header Date."""

from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage
from typing import Literal

from alerts.writing.content import Content, DigestContent, NoticeContent, kind_of
from alerts.writing.headers import Envelope, add_headers, add_unsubscribe_headers, new_message
from alerts.writing.rendering import parts_of
from alerts.writing.sentences import subject_of
from alerts.writing.texts import fit_for_message


def make_email(content: Content, *, envelope: Envelope) -> EmailMessage:
    """Return a message, ready to be sent with `message.as_bytes()`.

    Send these bytes, not the message: what a library such as aiosmtplib makes of it by rules of its own has
    List-Unsubscribe in a form that providers cannot read. alerts.writing.headers.needs_smtputf8 says what the relay must know.

    Args:
        content: what it says.
        envelope: between whom; all but its date belongs to the message and stays the same at each attempt.
    """
    lang = content.reader.lang
    content = fit_for_message(content, lang=lang)
    message = new_message(envelope)
    add_headers(message, envelope, subject=subject_of(content), kind=kind_of(content), lang=lang)
    # Not in a question to confirm: there is nothing yet to be stopped, and it has a link of its own.
    if isinstance(content, DigestContent | NoticeContent):
        add_unsubscribe_headers(message, content.addresses)
    parts = parts_of(content)
    message.set_content(parts.text, cte=_transfer_encoding(parts.text))
    message.add_alternative(parts.html, subtype="html", cte=_transfer_encoding(parts.html))
    message["Content-Language"] = lang
    # Python's own is a random number: the same message would have other bytes at each attempt.
    message.set_boundary(f"=_{envelope.message_id[:60]}")
    return message


def _transfer_encoding(text: str) -> Literal["quoted-printable", "base64"]:
    """Return the shorter encoding; with text that is mostly not Latin, quoted-printable has three times its size."""
    octets = text.encode()
    is_short = len(quopri.encodestring(octets)) <= len(base64.encodebytes(octets))
    return "quoted-printable" if is_short else "base64"

"""Headers of e-mails: who it is from and to, how it is recognised again, and how it is stopped with one click."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from typing import Any
from urllib.parse import urlsplit

from email_validator import EmailNotValidError, validate_email

from alerts.writing.content import Addresses
from alerts.writing.texts import one_line, shortened
from corpus.urls import sent_url

_PUBLIC_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_HOST = re.compile(r"(?=.{1,253}$)[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})*")
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_ADDRESS = re.compile(
    rf"(?=[^@]{{1,64}}@){_ATOM}(\.{_ATOM})*@[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
"""In ASCII. The library refuses names such as `localhost`, to which mail would stay on this machine."""
_WHOLE = frozenset({"list-unsubscribe", "message-id", "list-id", "feedback-id"})
"""Headers whose long words are addresses and ids: Python would write these as encoded words, which many programs cannot read."""


class MessagePolicy(EmailPolicy):
    """Python's rules for SMTP, except where they would spoil a header."""

    def fold(self, name: str, value: Any) -> str:
        """Return a header as its lines."""
        if name.lower() in _WHOLE:
            # Lines are broken between addresses only; one line may have 998 characters, a word more is not held.
            return f"{name}: {str(value).replace(', ', f',{self.linesep} ')}{self.linesep}"
        if name.lower() == "subject" and not self.utf8:
            # Python's newer way cuts words in the middle, and puts a space before a long one.
            charset = "us-ascii" if str(value).isascii() else "utf-8"
            encoded = Header(str(value), charset, header_name=name, maxlinelen=76).encode(linesep=self.linesep)
            return f"{name}: {encoded}{self.linesep}"
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: Any) -> bytes:
        """Return a header as it is sent."""
        return self.fold(name, value).encode("utf-8" if self.utf8 else "ascii", "surrogateescape")


SENDER_NAME = "Pushcart"
"""In From, where the settings name none."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """Between whom a message goes, and under which id."""

    message_id: str
    """Public id of the message: letters, digits and `._-`, at most 100. The same at each attempt."""
    host: str
    """Of the site, without port; other alphabets as DNS writes them (`xn--...`). Names the list, and the ids of its messages."""
    sender: str
    """E-mail address in From. Its domain is the one that the relay signs for."""
    recipient: str
    """E-mail address; domains and local parts in any alphabet."""
    date: datetime
    """Of this try, aware."""
    sender_name: str = SENDER_NAME
    reply_to: str = ""
    """E-mail address; empty: answers go to `sender`."""

    def __post_init__(self) -> None:
        if not _PUBLIC_ID.fullmatch(self.message_id):
            raise ValueError(f"not the id of a message: {self.message_id[:100]!r}")
        if not _HOST.fullmatch(self.host):
            raise ValueError(f"not the name of a host: {self.host[:100]!r}")
        if self.date.tzinfo is None:
            raise ValueError("the date of a message needs a time zone")
        for address in (self.sender, self.recipient, *([self.reply_to] if self.reply_to else [])):
            sent_address(address)


def sent_address(address: str) -> str:
    """Return an e-mail address as it is sent: its domain in ASCII; its local part as it is, in whatever alphabet.

    Raises ValueError: it is none.
    """
    if len(address) <= 254 and _PLAIN_ADDRESS.fullmatch(address):
        return address
    try:
        valid = validate_email(address, check_deliverability=False, globally_deliverable=False, strict=False)
    except EmailNotValidError as error:
        raise ValueError(f"not an e-mail address: {address[:100]!r}") from error
    return f"{valid.local_part}@{valid.ascii_domain}"


def new_message(envelope: Envelope) -> EmailMessage:
    """Return a message without headers under the policy that its addresses need.

    Content is sent in 7 bits, so that no relay has to change what it or another one signed.
    """
    used = (envelope.sender, envelope.recipient, envelope.reply_to)
    is_utf8 = not all(sent_address(each).isascii() for each in used if each)
    return EmailMessage(policy=MessagePolicy(linesep="\r\n", cte_type="7bit", utf8=is_utf8, raise_on_defect=False))


def needs_smtputf8(message: EmailMessage) -> bool:
    """Say whether the relay must offer SMTPUTF8: a local part of an address is not ASCII."""
    return bool(getattr(message.policy, "utf8", False))


def add_headers(message: EmailMessage, envelope: Envelope, *, subject: str, kind: str, lang: str) -> None:
    """Add what every message has.

    Args:
        message: without these headers.
        envelope: between whom.
        subject: in words.
        kind: digest, confirm, notice or test: lets providers count complaints apart.
        lang: of the words.
    """
    message["From"] = _mailbox(envelope.sender, name=shortened(_header_text(envelope.sender_name), 60))
    message["To"] = _mailbox(envelope.recipient)
    if envelope.reply_to:
        message["Reply-To"] = _mailbox(envelope.reply_to)
    message["Subject"] = _header_text(subject)
    message["Date"] = envelope.date.astimezone(UTC)
    message["Message-ID"] = f"<{envelope.message_id}@{envelope.host}>"
    message["List-ID"] = f"Pushcart <alerts.{envelope.host}>"
    message["Auto-Submitted"] = "auto-generated"
    # Campaign, customer and kind of mail, then the sender, of 5 to 15 characters; nothing in it tells the subscriber.
    message["Feedback-ID"] = f"{kind}:{lang}:alerts:{_sender_id(envelope.host)}"


def add_unsubscribe_headers(message: EmailMessage, addresses: Addresses) -> None:
    """Add the headers by which a mail program offers to stop the alerts, with one click (RFC 2369, RFC 8058).

    One click is offered by https only, as the RFC has it: a site without it, on a machine of one's own, has the link alone.
    """
    one_click = sent_url(addresses.one_click)
    ways = [one_click, sent_url(addresses.unsubscribe_mail)]
    message["List-Unsubscribe"] = ", ".join(f"<{way}>" for way in ways if way)
    if urlsplit(one_click).scheme == "https":
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"


def _header_text(text: str) -> str:
    """Return text for a header: one line, and nothing in it that is decoded once more, to line breaks for example (RFC 2047)."""
    return one_line(text).replace("=?", "= ?")


def _mailbox(address: str, *, name: str = "") -> Address:
    local, _, domain = sent_address(address).rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _sender_id(host: str) -> str:
    plain = re.sub(r"[^a-z0-9]+", "-", host.lower().removeprefix("www."))[:15].strip("-")
    return plain if len(plain) >= 5 else f"pushcart-{plain}"

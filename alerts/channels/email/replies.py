"""What replies of mail servers mean: about the address, about this message, or about us.

Codes are those of RFC 5321, enhanced codes (`5.1.1`) those of RFC 3463. A relay that refuses us, or all that we send, says
nothing of an address: a wrong password or a block list unsubscribes no one.
"""

from __future__ import annotations

import re
from enum import StrEnum

from alerts.channels.answers import ChannelAnswer
from corpus.alerts import AttemptOutcome, StoppedWhy

_ENHANCED = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_OF_POLICY = re.compile(
    r"relay|authenticat|block(ed| ?list)|black ?list|\bspam|polic(y|ies)|reputation|\bspf\b|\bdkim\b|\bdmarc\b|rate limit",
    re.IGNORECASE,
)
"""What a server without enhanced codes says when it means the sender, not the recipient."""
_OF_ADDRESS = frozenset((550, 551, 553))
"""Codes that, without an enhanced one, mean the recipient."""


class SmtpStage(StrEnum):
    """What a reply answers to."""

    CONNECT = "connect"
    """The connection, TLS, the user's password: before any message."""
    SENDER = "sender"
    RECIPIENT = "recipient"
    CONTENT = "content"


class StatusMeaning(StrEnum):
    """What a permanent refusal is about."""

    ADDRESS = "address"
    """There is no such address, or it accepts no mail."""
    FULL = "full"
    """The mailbox is full, which may pass."""
    MESSAGE = "message"
    """This message, such as its size."""
    US = "us"
    """Who sends: policy, block lists, authentication."""


def meaning_of_status(code: int, text: str, *, stage: SmtpStage = SmtpStage.RECIPIENT) -> StatusMeaning:
    """Say what a refusal with a code of 500 to 599 is about.

    Args:
        code: of the reply.
        text: of the reply, with its enhanced code where it has one.
        stage: what it answers to.
    """
    if stage in (SmtpStage.CONNECT, SmtpStage.SENDER):
        return StatusMeaning.US
    enhanced = _ENHANCED.search(text)
    if enhanced:
        return _meaning_of(int(enhanced[2]), int(enhanced[3]), stage=stage)
    if _OF_POLICY.search(text) or code in (530, 535, 554):
        return StatusMeaning.US
    if stage is SmtpStage.CONTENT:
        return StatusMeaning.MESSAGE
    return StatusMeaning.ADDRESS if code in _OF_ADDRESS else StatusMeaning.US


def _meaning_of(subject: int, detail: int, *, stage: SmtpStage) -> StatusMeaning:
    match subject, detail:
        case (1, 7 | 8) | (7, _):  # the sender's address; security and policy
            return StatusMeaning.US
        case (2, 2):
            return StatusMeaning.FULL
        case (2, 3) | (3, 4) | (6, _):  # too large for the mailbox or the system; content and media
            return StatusMeaning.MESSAGE
        case (1 | 2 | 4, _):
            return StatusMeaning.ADDRESS
        case _:
            # "Other" statuses: of a recipient they are about it; of a message, about the message.
            if stage is SmtpStage.CONTENT:
                return StatusMeaning.MESSAGE
            return StatusMeaning.ADDRESS if subject == 0 else StatusMeaning.US


def answer_of_reply(code: int, text: str, *, stage: SmtpStage) -> ChannelAnswer:
    """Return what a refusal means for the message.

    Args:
        code: of the reply, 400 or more; others are taken for a server that does not speak SMTP.
        text: of the reply.
        stage: what it answers to.
    """
    message = f"{code} {text}"
    if not 500 <= code <= 599:
        # Before there is a recipient, "later" is about all messages; so is the state of the system (4.3.x) at any time.
        enhanced = _ENHANCED.search(text)
        is_system = code == 421 or code < 400 or (enhanced is not None and enhanced[2] == "3")
        is_ours = is_system or stage in (SmtpStage.CONNECT, SmtpStage.SENDER)
        concerns_all = code == 421 or stage is SmtpStage.CONNECT
        return ChannelAnswer(AttemptOutcome.TEMPORARY, message, is_ours=is_ours, concerns_all=concerns_all)
    match meaning_of_status(code, text, stage=stage):
        case StatusMeaning.ADDRESS:
            return ChannelAnswer(AttemptOutcome.PERMANENT, message, stops=StoppedWhy.REFUSED)
        case StatusMeaning.FULL:
            return ChannelAnswer(AttemptOutcome.TEMPORARY, message)
        case StatusMeaning.MESSAGE:
            return ChannelAnswer(AttemptOutcome.PERMANENT, message)
        case StatusMeaning.US:
            concerns_all = stage is SmtpStage.CONNECT
            return ChannelAnswer(AttemptOutcome.TEMPORARY, message, is_ours=True, concerns_all=concerns_all)

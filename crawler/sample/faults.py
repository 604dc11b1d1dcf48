"""What can go wrong with a web site, as values that tests switch on for a path."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FaultKind(StrEnum):
    """One way in which a site misbehaves."""

    NOT_FOUND = "not_found"
    """404."""
    VANISHED = "vanished"
    """410: was there, is gone."""
    SERVER_ERROR = "server_error"
    """500."""
    TOO_MANY_REQUESTS = "too_many_requests"
    """429 with Retry-After of `seconds`."""
    SLOW = "slow"
    """The right answer, after `seconds`."""
    CUT_OFF = "cut_off"
    """Announces its whole length, sends half and closes the connection."""
    REDIRECT_LOOP = "redirect_loop"
    """302 to itself for ever."""
    WRONG_TYPE = "wrong_type"
    """The right bytes, declared as something else."""
    NOT_WHAT_IT_SAYS = "not_what_it_says"
    """200 and the right content type, but the bytes are an HTML page that says to come back later."""
    REFUSE_ALL = "refuse_all"
    """For /robots.txt: no robot may fetch anything."""
    CHANGED = "changed"
    """Other bytes than before, with another ETag and date: a corrected edition."""
    ENDLESS_BODY = "endless_body"
    """Bytes without announced length until the other side closes; stops at `megabytes`."""
    HUGE_LENGTH = "huge_length"
    """Announces `megabytes` of body and sends them."""
    ENDLESS_LISTING = "endless_listing"
    """For /publications: every page of the listing names a next one, beyond the last they repeat the last."""
    ENDLESS_CALENDAR = "endless_calendar"
    """For /events: every month links to the next; home and listing link to it."""
    TOKEN_EXPIRES = "token_expires"  # noqa: S105  the name of a kind
    """For /oai: every resumption token is refused with badResumptionToken."""
    TOKEN_REPEATS = "token_repeats"  # noqa: S105  the name of a kind
    """For /oai: a list that is resumed names the token with which it was resumed, for ever."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one path."""

    kind: FaultKind
    times: int | None = None
    """It shows this many times and then heals; None: it stays."""
    seconds: float = 1.0
    """How long SLOW waits, or what Retry-After asks for (whole seconds, rounded up)."""
    megabytes: int = 64
    """Size of ENDLESS_BODY and HUGE_LENGTH, millions of bytes."""

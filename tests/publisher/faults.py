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
    TOKEN_EXPIRES = "token_expires"
    """For /oai: every resumption token is refused with badResumptionToken."""
    TOKEN_REPEATS = "token_repeats"
    """For /oai: a list that is resumed names the token with which it was resumed, for ever."""
    BROKEN_OFF = "broken_off"
    """The first half of the right answer, announced as if it were the whole: XML and JSON that cannot be read to the end."""
    EMPTY = "empty"
    """200, the right content type, and no byte of body."""
    WRONG_CHARSET = "wrong_charset"
    """Text in Windows-1252 that is declared as UTF-8: not one of its accents is where it should be."""
    WEB_PAGE = "web_page"
    """200 and an HTML page that says to come back later, declared as what it is."""
    GZIP_BOMB = "gzip_bomb"
    """The beginning of the right answer and then `megabytes` of spaces, packed a thousand to one, as Content-Encoding gzip;
    what is itself a packed file, such as a sitemap, is a bomb without that header."""
    DEFLATE_BOMB = "deflate_bomb"
    """The same as Content-Encoding deflate."""
    DRIP = "drip"
    """The right answer, one byte each `seconds`."""
    UNAVAILABLE_UNTIL = "unavailable_until"
    """503 with a Retry-After that is a date, `seconds` from now (RFC 9110, 10.2.3)."""
    REDIRECT = "redirect"
    """302 to `location`: another host, a private address, a file of the reader's own machine."""
    REDIRECT_CHAIN = "redirect_chain"
    """302 to an address never seen before, for ever."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault of one path."""

    kind: FaultKind
    times: int | None = None
    """It shows this many times and then heals; None: it stays."""
    after: int = 0
    """So many requests of the path are answered soundly before it shows: a list that breaks off on its third page."""
    seconds: float = 1.0
    """How long SLOW waits, DRIP waits before each byte, or what Retry-After asks for (whole seconds, rounded up)."""
    megabytes: int = 64
    """Size of ENDLESS_BODY and HUGE_LENGTH, and of bombs once they are unpacked, millions of bytes."""
    location: str = ""
    """Where REDIRECT leads, as it stands in the header."""

"""Addresses that strangers give: whether messages can be sent there at all, and in which form they are kept."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from email_validator import EmailNotValidError, caching_resolver, validate_email

from corpus.alerts import Channel
from corpus.errors import BadInput
from corpus.messages import sentence
from corpus.networks import is_public
from corpus.types import LANGUAGES
from corpus.urls import is_web_address

ENDPOINT_CHARACTERS_MAX = 1000
_DNS_SECONDS_MAX = 4
_LAST_LABEL = re.compile(r"[a-z][a-z0-9-]*", re.IGNORECASE)
"""Of a host name. What begins with a digit is read as an IPv4 address by some programs: `0x7f.1`, `127.1`."""


def checked_address(channel: Channel, address: str, *, asks_dns: bool = False, allows_private: bool = False) -> str:
    """Return an address in the form in which it is kept and written to.

    Of an e-mail address that is the domain in ASCII and small letters, and the rest as it was given, `+tag` too. Of an
    endpoint it is the address without white space around it.

    Args:
        channel: which kind of address it is.
        address: as it was given.
        asks_dns: whether DNS is asked if the domain of an e-mail address takes mail; a DNS that does not answer refuses nothing.
        allows_private: whether an endpoint may be on this machine or in a private network, and speak plain http.

    Raises BadInput: nothing can be sent there.
    """
    if channel is Channel.EMAIL:
        return _email(address.strip(), asks_dns=asks_dns)
    return _endpoint(address.strip(), allows_private=allows_private)


def _email(address: str, *, asks_dns: bool) -> str:
    resolver = caching_resolver(timeout=_DNS_SECONDS_MAX) if asks_dns else None
    try:
        valid = validate_email(
            address, allow_smtputf8=False, check_deliverability=asks_dns, dns_resolver=resolver, strict=True
        )
    except EmailNotValidError as error:
        raise BadInput(
            sentence("This is not a valid e-mail address."),
            try_next=sentence("Use an address such as rosa@example.org, without accents before the @."),
        ) from error
    return str(valid.ascii_email)


def _endpoint(address: str, *, allows_private: bool) -> str:
    if not is_web_address(address) or len(address) > ENDPOINT_CHARACTERS_MAX or not address.isascii():
        raise _no_endpoint()
    parts = urlsplit(address)
    host = (parts.hostname or "").rstrip(".")
    is_plain = (
        (parts.scheme == "https" or allows_private)
        and not parts.fragment
        and parts.username is None
        and address.isprintable()
    )
    if not is_plain or any(each in ' "<>\\' for each in address):
        raise _no_endpoint()
    is_name = bool(_LAST_LABEL.fullmatch(host.rpartition(".")[2]))
    if not allows_private and (not is_public(address) or not (is_name or _is_ip(host))):
        raise BadInput(
            sentence("{host} is not a host on the public internet.", host=host[:100]),
            try_next=sentence("Give the https address of an endpoint that can be reached from the internet."),
        )
    return address


def _is_ip(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _no_endpoint() -> BadInput:
    return BadInput(
        sentence("A webhook cannot be sent to this address."),
        try_next=sentence(
            "Write it as https://host/path, with at most {most} characters.", most=ENDPOINT_CHARACTERS_MAX
        ),
    )


@lru_cache(maxsize=1)
def time_zones() -> frozenset[str]:
    """Return the names of all time zones that this machine knows."""
    return frozenset(available_timezones()) | {"UTC"}


def checked_timezone(name: str) -> str:
    """Return the name of a time zone; UTC for an empty one. Raises BadInput: there is none of that name."""
    given = name.strip() or "UTC"
    if given not in time_zones():
        raise BadInput(
            sentence("There is no time zone {name}.", name=given[:60]),
            try_next=sentence("Use a name such as America/Lima or Africa/Accra."),
        )
    return given


def checked_lang(lang: str) -> str:
    """Return a language of messages. Raises BadInput: messages are not written in it."""
    if lang not in LANGUAGES:
        raise BadInput(
            sentence("Messages are not available in the language {code}.", code=lang[:20]),
            try_next=sentence("Choose one of {names}.", names=", ".join(LANGUAGES)),
        )
    return lang


def in_brief(channel: Channel, address: str) -> str:
    """Return how an address is named on a page: an e-mail address whole, of an endpoint the host, as the rest may hold a secret."""
    return address if channel is Channel.EMAIL else urlsplit(address).netloc

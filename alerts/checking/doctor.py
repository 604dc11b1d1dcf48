"""Whether alerts can work here: settings, the mail server, what DNS says of the sender, and what waits for too long."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import aiosmtplib
from email_validator import EmailNotValidError, validate_email

from alerts.checking.mail_settings import MailSettings
from corpus.messages import gettext
from corpus.messages.dates import written_moment
from corpus.rights import is_this_machine

if TYPE_CHECKING:
    from corpus.store import Store

OVERDUE = {"document": timedelta(hours=2), "message": timedelta(hours=1)}
"""How long a document may wait to be matched and a message to be sent, before the doctor says so."""


class Health(StrEnum):
    """The result of one check."""

    GOOD = "good"
    WARNING = "warning"
    """Alerts work; something should be better."""
    FAILED = "failed"
    SKIPPED = "skipped"
    """It could not be checked here, or there is nothing to check."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check and the result of it."""

    name: str
    """Such as `server`, `spf`, `worker`."""
    health: Health
    words: str
    """What was found and what to do, for the operator."""


WorkersAlive = Callable[[], int]
"""Says how many workers are at work now."""


def check_settings(mail: MailSettings) -> tuple[Check, ...]:
    """Check what was set, without asking anyone."""
    checks = [_host_check(mail), _sender_check(mail), _public_url_check(mail)]
    if mail.host and mail.security == "none" and not is_this_machine(mail.host):
        text = gettext(
            "Mail goes to {host} without encryption: set PUSHCART_SMTP_SECURITY to starttls.", host=mail.host
        )
        checks.append(Check("security", Health.WARNING, text))
    return tuple(checks)


def _host_check(mail: MailSettings) -> Check:
    if not mail.host:
        text = gettext("No mail server is configured, so no e-mail is sent: set PUSHCART_SMTP_HOST.")
        return Check("host", Health.FAILED, text)
    return Check("host", Health.GOOD, f"{mail.host}:{mail.port} ({mail.security})")


def _sender_check(mail: MailSettings) -> Check:
    if not sender_domain(mail):
        text = gettext("{sender} is not a valid sender address: set PUSHCART_MAIL_FROM.", sender=repr(mail.sender))
        return Check("sender", Health.FAILED, text)
    return Check("sender", Health.GOOD, mail.sender)


def _public_url_check(mail: MailSettings) -> Check:
    parts = urlsplit(mail.public_url)
    if is_this_machine(parts.hostname or ""):
        text = gettext(
            "Links in messages lead to {url}, which can only be reached from this machine.", url=mail.public_url
        )
        return Check("public_url", Health.WARNING, text + " " + gettext("Set PUSHCART_PUBLIC_URL."))
    if parts.scheme != "https":
        text = gettext("Links in messages lead to {url}, which is not encrypted.", url=mail.public_url)
        return Check("public_url", Health.WARNING, text)
    return Check("public_url", Health.GOOD, mail.public_url)


def sender_domain(mail: MailSettings) -> str:
    """Return the domain of the address that mail comes from; empty: there is none."""
    address = parseaddr(mail.sender)[1]
    try:
        return validate_email(address, check_deliverability=False, test_environment=True).ascii_domain
    except EmailNotValidError:
        return ""


# ------------------------------------------------------------------ the mail server


def check_server(mail: MailSettings, *, to: str = "", now: datetime) -> tuple[Check, ...]:
    """Connect to the mail server as a message would, and hang up; or send a test message.

    Args:
        mail: how it is sent.
        to: whom a test message is sent; empty: none is sent.
        now: UTC, for the date of the message.
    """
    if not mail.host:
        return ()
    return asyncio.run(_check_server(mail, to=to, now=now))


async def _check_server(mail: MailSettings, *, to: str, now: datetime) -> tuple[Check, ...]:
    client = aiosmtplib.SMTP(
        hostname=mail.host,
        port=mail.port,
        use_tls=mail.security == "tls",
        start_tls=mail.security == "starttls",
        timeout=mail.seconds_max,
        username=mail.user or None,
        password=mail.password or None,
        cert_bundle=mail.ca_file or None,
    )
    checks: list[Check] = []
    try:
        async with client:
            signed_in = gettext("logged in") if mail.user else gettext("no login")
            text = gettext(
                "{host} answers ({security}, {signed_in}).", host=mail.host, security=mail.security, signed_in=signed_in
            )
            checks.append(Check("server", Health.GOOD, text))
            if to:
                _, answer = await client.send_message(_test_message(mail, to=to, now=now))
                text = gettext("A test message to {address} was accepted ({answer}).", address=to, answer=answer)
                text += " " + gettext("Check that it arrives and is not marked as spam.")
                checks.append(Check("test", Health.GOOD, text))
    except aiosmtplib.SMTPAuthenticationError as error:
        text = gettext(
            "{host} rejected the login of {user}: {answer}", host=mail.host, user=mail.user, answer=_plain(error)
        )
        checks.append(Check("server", Health.FAILED, text))
    except (aiosmtplib.SMTPException, OSError, ssl.SSLError, ValueError) as error:
        name = "test" if checks else "server"
        text = gettext(
            "{host} refused the connection or gave an unexpected answer: {answer}", host=mail.host, answer=_plain(error)
        )
        checks.append(Check(name, Health.FAILED, text))
    return tuple(checks)


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__


def _test_message(mail: MailSettings, *, to: str, now: datetime) -> EmailMessage:
    message = EmailMessage()
    message["From"], message["To"] = mail.sender, to
    message["Subject"] = gettext("Pushcart: a test message")
    message["Date"] = format_datetime(now)
    message["Message-ID"] = make_msgid(domain=sender_domain(mail) or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    text = gettext("The operator of the Pushcart at {url} is testing whether its messages arrive.", url=mail.public_url)
    message.set_content(text + "\n")
    return message


# ------------------------------------------------------------------ what waits


def check_waiting(store: Store, *, now: datetime, workers_alive: WorkersAlive | None = None) -> tuple[Check, ...]:
    """Check whether a worker is at work, and what has waited for too long.

    Args:
        store: the records.
        now: UTC.
        workers_alive: None: it cannot be notified.
    """
    waiting = (
        _oldest("document", store.alert_checks.oldest_unmatched(), now=now),
        _oldest("message", store.messages.oldest_waiting(), now=now),
    )
    if workers_alive is None:
        workers = Check("worker", Health.SKIPPED, gettext("It cannot be determined here whether a worker is running."))
    elif count := workers_alive():
        workers = Check("worker", Health.GOOD, gettext("Workers running: {number}.", number=count))
    else:
        text = gettext(
            "No worker is running. Keep `pushcart alerts run` running, or run `pushcart alerts run --once` every "
            "few minutes."
        )
        is_missed = any(each.health is Health.FAILED for each in waiting)
        workers = Check("worker", Health.FAILED if is_missed else Health.WARNING, text)
    return (workers, *waiting)


def _oldest(kind: str, since: datetime | None, *, now: datetime) -> Check:
    name = f"oldest_{kind}"
    if since is None:
        return Check(name, Health.GOOD, gettext("Nothing is waiting."))
    moment = written_moment(since)
    if kind == "document":
        text = gettext("The document waiting longest to be matched was added on {moment}.", moment=moment)
    else:
        text = gettext("The message waiting longest to be sent was created on {moment}.", moment=moment)
    return Check(name, Health.GOOD if now - since < OVERDUE[kind] else Health.FAILED, text)

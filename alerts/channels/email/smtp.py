"""Handing e-mails to a relay by SMTP."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import parseaddr
from pathlib import Path

import aiosmtplib

from alerts.channels.answers import ChannelAnswer
from alerts.channels.email.replies import SmtpStage, answer_of_reply
from corpus.alerts import AttemptOutcome
from corpus.settings import Settings

PORTS = {"starttls": 587, "tls": 465, "none": 25}
"""Default ports, by `smtp_security`."""
_SECONDS_TO_LEAVE = 2.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """The relay that takes e-mails over, and as whom we send."""

    host: str
    port: int
    security: str
    """`starttls`, `tls` or `none`."""
    sender: str
    """E-mail address of the envelope: to it mail servers return what they cannot deliver."""
    user: str = ""
    """Empty: none is requested."""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    """None: the system's authorities."""
    seconds_max: float = 60.0
    """Longest wait for one answer, seconds."""
    content_seconds_max: float = 600.0
    """Longest wait for the answer that takes a message over: RFC 5321 asks for ten minutes, because who gives up earlier has
    messages arrive twice."""


def mail_server(settings: Settings) -> MailServer | None:
    """Return the relay of the settings; None: e-mail alerts are off."""
    if not settings.smtp_host:
        return None
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port or PORTS[settings.smtp_security],
        security=settings.smtp_security,
        sender=parseaddr(settings.mail_bounces_to or settings.mail_from)[1],
        user=settings.smtp_user,
        password=settings.smtp_password,
        ca_file=settings.smtp_ca_file,
        seconds_max=settings.smtp_seconds_max,
        content_seconds_max=10 * settings.smtp_seconds_max,
    )


class Mailer:
    """Hands messages to one relay, each over a connection of its own. Of one event loop."""

    def __init__(self, server: MailServer) -> None:
        """Connect to nothing yet. Raises OSError: the file of the authority cannot be read."""
        self._server = server
        is_open = server.security == "none"
        self._context = None if is_open else ssl.create_default_context(cafile=server.ca_file)
        self._leaving: set[asyncio.Task[None]] = set()

    async def send(self, message: EmailMessage, *, to: str) -> ChannelAnswer:
        """Hand a message over, and return the result. Raises nothing that a network or a mail server can cause.

        Args:
            message: is sent as it writes itself (`as_bytes`).
            to: e-mail address of the envelope; a domain in any alphabet.
        """
        stage = [SmtpStage.CONNECT]
        client = self._client()
        try:
            accepted = await self._hand_over(client, message, to=to, stage=stage)
            self._leave(client)
            return accepted
        except aiosmtplib.SMTPResponseException as error:
            self._leave(client)
            return answer_of_reply(error.code, str(error.message), stage=stage[0])
        except aiosmtplib.SMTPNotSupported as error:
            self._leave(client)
            return ChannelAnswer(AttemptOutcome.TEMPORARY, f"The mail server lacks an extension: {error}", is_ours=True)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            client.close()
            return _broken_off(error, stage=stage[0])
        except asyncio.CancelledError:
            client.close()
            raise

    async def close(self) -> None:
        """Wait until the last connections are closed."""
        if self._leaving:
            await asyncio.wait(self._leaving)

    def _client(self) -> aiosmtplib.SMTP:
        server = self._server
        return aiosmtplib.SMTP(
            hostname=server.host,
            port=server.port,
            timeout=server.seconds_max,
            use_tls=server.security == "tls",
            start_tls=server.security == "starttls",
            tls_context=self._context,
        )

    async def _hand_over(
        self, client: aiosmtplib.SMTP, message: EmailMessage, *, to: str, stage: list[SmtpStage]
    ) -> ChannelAnswer:
        content = message.as_bytes()
        sender, recipient = _as_sent(self._server.sender), _as_sent(to)
        await client.connect()
        if self._server.user:
            await client.login(self._server.user, self._server.password)
        await _greet(client)
        options, encoding = _options(client, content, sender=sender, recipient=recipient)
        stage[0] = SmtpStage.SENDER
        await client.mail(sender, options=options, encoding=encoding)
        stage[0] = SmtpStage.RECIPIENT
        await client.rcpt(recipient, encoding=encoding)
        stage[0] = SmtpStage.CONTENT
        reply = await client.data(content, timeout=self._server.content_seconds_max)
        return ChannelAnswer(AttemptOutcome.ACCEPTED, f"{reply.code} {reply.message}")

    def _leave(self, client: aiosmtplib.SMTP) -> None:
        """Say goodbye without letting anyone wait: what was accepted has to be noted at once."""
        task = asyncio.ensure_future(_quit(client))
        self._leaving.add(task)
        task.add_done_callback(self._leaving.discard)


async def _greet(client: aiosmtplib.SMTP) -> None:
    """Ask what the server can, unless that was requested TLS or the password."""
    if not client.is_ehlo_or_helo_needed:
        return
    try:
        await client.ehlo()
    except aiosmtplib.SMTPHeloError:
        await client.helo()


async def _quit(client: aiosmtplib.SMTP) -> None:
    try:
        await client.quit(timeout=_SECONDS_TO_LEAVE)
    except (aiosmtplib.SMTPException, OSError):
        pass
    finally:
        client.close()


def _options(client: aiosmtplib.SMTP, content: bytes, *, sender: str, recipient: str) -> tuple[list[str], str]:
    """Return the parameters of MAIL and the encoding of addresses. Raises SMTPNotSupported: the server lacks SMTPUTF8."""
    head = content.replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    options = [f"SIZE={len(content)}"] if client.supports_extension("size") else []
    if not content.isascii() and client.supports_extension("8bitmime"):
        options.append("BODY=8BITMIME")
    if head.isascii() and (sender + recipient).isascii():
        return options, "ascii"
    if not client.supports_extension("smtputf8"):
        raise aiosmtplib.SMTPNotSupported("SMTPUTF8, which an address outside ASCII needs")
    return [*options, "SMTPUTF8"], "utf-8"


def _as_sent(address: str) -> str:
    """Return an address with its domain as DNS writes it, so that SMTPUTF8 is needed for local parts only."""
    local, _, domain = address.rpartition("@")
    if not local.isascii() or domain.isascii():
        return address
    return f"{local}@{domain.encode('idna').decode('ascii')}"


def _broken_off(error: Exception, *, stage: SmtpStage) -> ChannelAnswer:
    """Return what it means that a connection could not be made, broke, or gave no answer in time."""
    text = f"{type(error).__name__}: {error}"
    if stage is SmtpStage.CONTENT:
        # It may have been taken over: only the answer is missing.
        return ChannelAnswer(AttemptOutcome.UNKNOWN, text)
    return ChannelAnswer(AttemptOutcome.TEMPORARY, text, is_ours=True, concerns_all=stage is SmtpStage.CONNECT)

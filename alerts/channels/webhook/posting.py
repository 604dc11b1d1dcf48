"""Posting a webhook: signed, over a connection that leads where it was judged to lead, with everything bounded."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import h11
from standardwebhooks import Webhook

from alerts.channels.answers import ChannelAnswer
from alerts.channels.webhook.connecting import EndpointRefused, LookUp, connect
from corpus.alerts import AttemptOutcome, StoppedWhy
from crawler.net.addresses import host_of

SECONDS_MAX = 20.0
"""Longest time of one try, seconds: name, connection, request and status. The specification asks for 15 to 30."""
RETRY_AFTER_MAX = timedelta(hours=24)
_SLOW_DOWN = frozenset((429, 502, 503, 504))
_SLOW_DOWN_FOR = timedelta(seconds=30)
"""When an overloaded endpoint does not say for how long."""
_HEAD_BYTES_MAX = 32_768
_BODY_BYTES_MAX = 4_096
"""Read of an answer that refuses, to say why."""
_BODY_SECONDS_MAX = 1.0
_LOOK_UPS_AT_ONCE = 32
_IN_A_PATH = "/%:@!$&'()*+,;=~-._?"


@dataclass(frozen=True, slots=True)
class WebhookBody:
    """What is posted to an endpoint."""

    content: bytes
    """JSON in UTF-8; the same at each attempt."""


class WebhookSender:
    """Posts webhooks. Follows no redirects, and uses no proxy: the address that was judged is the one that is connected to."""

    def __init__(
        self,
        *,
        allow_private: bool = False,
        seconds_max: float = SECONDS_MAX,
        look_up: LookUp = socket.getaddrinfo,
        context: ssl.SSLContext | None = None,
    ) -> None:
        """Begin.

        Args:
            allow_private: whether endpoints may be http, on this machine or in a private network.
            seconds_max: longest time of one try.
            look_up: finds the addresses of a name.
            context: checks certificates; None: by the system's authorities.
        """
        self._allow_private = allow_private
        self._seconds_max = seconds_max
        self._look_up = look_up
        self._context = context or ssl.create_default_context()
        # Their own: names that someone lets hang do not hold up anything else.
        self._threads = ThreadPoolExecutor(_LOOK_UPS_AT_ONCE, thread_name_prefix="webhook-names")

    async def send(
        self, body: WebhookBody, *, url: str, secrets: Sequence[str], message_id: str, at: datetime
    ) -> ChannelAnswer:
        """Post a body once, and return the result. Raises nothing that a network or an endpoint can cause.

        Args:
            body: is signed and posted.
            url: of the endpoint.
            secrets: `whsec_...`, with each of which it is signed: two while one rotates.
            message_id: the same at each attempt.
            at: of this try, UTC: the receiver refuses what is older or newer than some minutes.
        """
        if not secrets:
            return ChannelAnswer(AttemptOutcome.TEMPORARY, "the endpoint has no secret to sign with")
        was_sent = [False]
        try:
            headers = _headers(body, url=url, secrets=secrets, message_id=message_id, at=at)
            async with asyncio.timeout(self._seconds_max):
                return await self._post(url, headers, body.content, at=at, was_sent=was_sent)
        except EndpointRefused as error:
            return ChannelAnswer(AttemptOutcome.TEMPORARY, f"nothing is sent there: {error}")
        except TimeoutError:
            message = f"no answer in {self._seconds_max:g} seconds"
        except (OSError, h11.ProtocolError, asyncio.IncompleteReadError, ValueError) as error:
            message = f"{type(error).__name__}: {error}"
        return ChannelAnswer(AttemptOutcome.UNKNOWN if was_sent[0] else AttemptOutcome.TEMPORARY, message)

    def close(self) -> None:
        """Let go of the threads that look names up."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _post(
        self, url: str, headers: list[tuple[str, str]], content: bytes, *, at: datetime, was_sent: list[bool]
    ) -> ChannelAnswer:
        reader, writer = await connect(
            url,
            allow_private=self._allow_private,
            look_up=self._look_up,
            context=self._context,
            threads=self._threads,
        )
        try:
            http = h11.Connection(h11.CLIENT, max_incomplete_event_size=_HEAD_BYTES_MAX)
            request = http.send(h11.Request(method="POST", target=_target(url), headers=headers)) or b""
            request += http.send(h11.Data(data=content)) or b""
            was_sent[0] = True
            writer.write(request + (http.send(h11.EndOfMessage()) or b""))
            await writer.drain()
            response = await _response(http, reader)
            message = f"{response.status_code} {response.reason.decode('ascii', 'replace')}"
            if not 200 <= response.status_code <= 299:
                message += f" {await _begin_of_body(http, reader)}"
            return answer_of_status(response.status_code, message.strip(), retry_after=_retry_after(response), at=at)
        finally:
            writer.transport.abort()  # nothing that is left to say is waited for


def answer_of_status(status: int, message: str, *, retry_after: str, at: datetime) -> ChannelAnswer:
    """Return what a status means for the message.

    Args:
        status: of HTTP, 200 or more.
        message: the answer, to be noted.
        retry_after: the header; empty: there is none.
        at: of the try, UTC.
    """
    if 200 <= status <= 299:
        return ChannelAnswer(AttemptOutcome.ACCEPTED, message)
    if status == 410:
        return ChannelAnswer(AttemptOutcome.PERMANENT, message, stops=StoppedWhy.REFUSED)
    if status in _SLOW_DOWN:
        asked = wait_of_retry_after(retry_after, at=at)
        return ChannelAnswer(AttemptOutcome.TEMPORARY, message, not_before=asked or _SLOW_DOWN_FOR)
    # A redirect too: it may lead to a third party, which would get the signatures.
    return ChannelAnswer(AttemptOutcome.TEMPORARY, message)


def wait_of_retry_after(text: str, *, at: datetime) -> timedelta | None:
    """Return how long a Retry-After asks to wait, at most RETRY_AFTER_MAX; None: it cannot be read, or is over."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        wait = timedelta(seconds=int(text[:9]))
    else:
        try:
            until = parsedate_to_datetime(text)
        except ValueError:
            return None
        wait = (until if until.tzinfo else until.replace(tzinfo=UTC)) - at
    return min(wait, RETRY_AFTER_MAX) if wait > timedelta(0) else None


def _headers(
    body: WebhookBody, *, url: str, secrets: Sequence[str], message_id: str, at: datetime
) -> list[tuple[str, str]]:
    text = body.content.decode()
    # The library takes a time for UTC whatever its zone.
    moment = at.astimezone(UTC)
    signatures = [Webhook(secret).sign(msg_id=message_id, timestamp=moment, data=text) for secret in secrets]
    return [
        ("Host", _host_header(url)),
        ("User-Agent", "Pushcart-Alerts"),
        ("Accept", "*/*"),
        ("Connection", "close"),
        ("Content-Type", "application/json"),
        ("Content-Length", str(len(body.content))),
        ("webhook-id", message_id),
        ("webhook-timestamp", str(int(moment.timestamp()))),
        ("webhook-signature", " ".join(signatures)),
    ]


def _host_header(url: str) -> str:
    host, port = host_of(url), urlsplit(url).port
    host = f"[{host}]" if ":" in host else host
    return f"{host}:{port}" if port else host


def _target(url: str) -> str:
    parts = urlsplit(url)
    path = quote(parts.path, safe=_IN_A_PATH) or "/"
    return f"{path}?{quote(parts.query, safe=_IN_A_PATH)}" if parts.query else path


async def _response(http: h11.Connection, reader: asyncio.StreamReader) -> h11.Response:
    """Return the status line and headers; raises h11.RemoteProtocolError: they are too long, or no HTTP."""
    while True:
        event = http.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA:
            http.receive_data(await reader.read(8192))
        elif not isinstance(event, h11.InformationalResponse):
            raise h11.RemoteProtocolError("the connection was closed without an answer")


async def _begin_of_body(http: h11.Connection, reader: asyncio.StreamReader) -> str:
    """Return how an answer begins; errors in the rest of it do not matter."""
    content = b""
    with suppress(TimeoutError, OSError, h11.ProtocolError):
        async with asyncio.timeout(_BODY_SECONDS_MAX):
            while len(content) < _BODY_BYTES_MAX:
                event = http.next_event()
                if event is h11.NEED_DATA:
                    http.receive_data(await reader.read(_BODY_BYTES_MAX))
                elif isinstance(event, h11.Data):
                    content += event.data
                else:
                    break
    return " ".join(content[:_BODY_BYTES_MAX].decode("utf-8", "replace").split())


def _retry_after(response: h11.Response) -> str:
    return next((value.decode("latin-1") for name, value in response.headers if name == b"retry-after"), "")
